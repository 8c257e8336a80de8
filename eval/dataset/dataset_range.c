/* Ranges of images, "A:B". */
#include <string.h>

#include "dse/number.h"
#include "eval/dataset.h"

/* One end of the range: the number in text .. text + n - 1, or `absent` if there is none. */
static asx_status parse_end(size_t *out, const char *text, size_t n, size_t absent, size_t size,
                            const char *what, asx_error *err)
{
    char digits[32];
    long long value;
    if (n == 0) {
        *out = absent;
        return ASX_OK;
    }
    if (n >= sizeof digits)
        return asx_fail(err, ASX_EPARSE, "%s: '%.*s...' is too long a number", what, 20, text);
    memcpy(digits, text, n);
    digits[n] = '\0';
    asx_status status = asx_integer_parse(&value, digits, 0, (long long)size, what, err);
    if (status != ASX_OK)
        return status;
    *out = (size_t)value;
    return ASX_OK;
}

asx_status asx_range_parse(asx_range *out, const char *text, size_t size, asx_error *err)
{
    const char *colon = strchr(text, ':');
    if (!colon)
        return asx_fail(err, ASX_EPARSE, "range '%s' is not of the form first:end", text);
    asx_range range;
    asx_status status = parse_end(&range.first, text, (size_t)(colon - text), 0, size,
                                  "start of the image range", err);
    if (status == ASX_OK)
        status = parse_end(&range.end, colon + 1, strlen(colon + 1), size, size,
                           "end of the image range", err);
    if (status != ASX_OK)
        return status;
    if (range.first >= range.end)
        return asx_fail(err, ASX_EINVAL, "range '%s' has no image", text);
    *out = range;
    return ASX_OK;
}
