/* What a terminal may be shown of a foreign text. */
#include "dse/tame.h"

#include <stdbool.h>
#include <stddef.h>

/* Bytes of the character at `s` that a terminal must not see; 0: it may. */
static size_t wild(const unsigned char *s)
{
    if (s[0] < ' ' || s[0] == 0x7f)
        return 1;
    if (s[0] == 0xc2 && s[1] >= 0x80 && s[1] <= 0x9f) /* C1 */
        return 2;
    if (s[0] == 0xd8 && s[1] == 0x9c) /* the Arabic letter mark */
        return 2;
    if (s[0] == 0xe2 && s[1] == 0x80 &&
        (s[2] == 0x8e || s[2] == 0x8f || (s[2] >= 0xa8 && s[2] <= 0xae)))
        return 3; /* marks, separators, embeddings and overrides */
    if (s[0] == 0xe2 && s[1] == 0x81 && s[2] >= 0xa6 && s[2] <= 0xa9)
        return 3; /* isolates */
    return 0;
}

/* Bytes of a well-formed character, 1 for a bare byte: of a longer form than needed, of half a pair of surrogates, and of
 * what lies beyond the last character too. */
static size_t length(const unsigned char *s)
{
    const size_t n = s[0] < 0xc2 ? 1 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : s[0] < 0xf5 ? 4 : 1;
    for (size_t i = 1; i < n; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 1;
    const bool is_none = (s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] >= 0xa0) ||
                         (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] >= 0x90);
    return is_none ? 1 : n;
}

void asx_text_tame(char *s)
{
    char *to = s;
    while (*s) {
        const unsigned char *c = (const unsigned char *)s;
        const size_t n = length(c), bad = wild(c);
        if (bad || (n == 1 && *c >= 0x80))
            *to++ = '?';
        else
            for (size_t i = 0; i < n; i++)
                *to++ = s[i];
        s += bad ? bad : n;
    }
    *to = '\0';
}
