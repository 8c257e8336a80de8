/* Strict numbers from text, and logarithms of whole ones. */
#include "dse/number.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

static const char *skip_digits(const char *s)
{
    while (*s >= '0' && *s <= '9')
        s++;
    return s;
}

static const char *skip_sign(const char *s)
{
    return *s == '+' || *s == '-' ? s + 1 : s;
}

static bool is_integer(const char *s)
{
    s = skip_sign(s);
    const char *end = skip_digits(s);
    return end > s && !*end;
}

/* [sign] digits ["." digits] [e [sign] digits], one side of the point may be empty. strtod alone
 * would also take blanks, hexadecimal, "inf" and "nan". */
static bool is_decimal(const char *s)
{
    s = skip_sign(s);
    const char *end = skip_digits(s);
    bool any = end > s;
    if (*end == '.') {
        s = end + 1;
        end = skip_digits(s);
        any = any || end > s;
    }
    if (any && (*end == 'e' || *end == 'E')) {
        s = skip_sign(end + 1);
        end = skip_digits(s);
        any = end > s;
    }
    return any && !*end;
}

asx_status asx_number_parse(double *out, const char *text, double low, double high,
                            const char *what, asx_error *err)
{
    char *end = NULL;
    double value = is_decimal(text) ? strtod(text, &end) : NAN;
    if (!end || *end || !isfinite(value))
        return asx_fail(err, ASX_EPARSE, "%s: '%.64s' is not a finite number", what, text);
    if (value < low || value > high)
        return asx_fail(err, ASX_EINVAL, "%s: %.64s is outside [%.15g, %.15g]", what, text, low,
                        high);
    *out = value;
    return ASX_OK;
}

asx_status asx_integer_parse(long long *out, const char *text, long long low, long long high,
                             const char *what, asx_error *err)
{
    if (!is_integer(text))
        return asx_fail(err, ASX_EPARSE, "%s: '%.64s' is not an integer", what, text);
    errno = 0;
    long long value = strtoll(text, NULL, 10);
    if (errno == ERANGE || value < low || value > high)
        return asx_fail(err, ASX_EINVAL, "%s: %.64s is outside [%lld, %lld]", what, text, low,
                        high);
    *out = value;
    return ASX_OK;
}

unsigned asx_log2_ceil(size_t n)
{
    unsigned bits = 0;
    while (bits < 63 && ((size_t)1 << bits) < n)
        bits++;
    return bits;
}
