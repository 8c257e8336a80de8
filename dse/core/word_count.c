/* Numbers in the texts of words. */
#include "word_type.h"

bool asx_word_starts_with_count(const char *s, char letter)
{
    while (*s >= '0' && *s <= '9')
        s++;
    return *s == letter;
}

asx_status asx_word_parse_count(unsigned *out, const char **s, const char *what, asx_error *err)
{
    const char *end = *s;
    unsigned n = 0;
    while (*end >= '0' && *end <= '9' && end - *s < 4)
        n = 10 * n + (unsigned)(*end++ - '0');
    if (end == *s || end - *s > 3 || (**s == '0' && end - *s > 1))
        return asx_fail(err, ASX_EPARSE, "%s must stand at '%.32s'", what, *s);
    *s = end;
    *out = n;
    return ASX_OK;
}
