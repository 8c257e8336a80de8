/* Alphabets and alphabet sets (Sarwar et al., arXiv 1602.08557). */
#include "dse/alphabet.h"

#include <assert.h>

enum { WORDS = 2, WORD_BITS = 64, N_ALPHABETS = WORDS * WORD_BITS };

bool asx_alphabet_set_is_empty(asx_alphabet_set set)
{
    return !set.odd[0] && !set.odd[1];
}

bool asx_alphabet_set_has(asx_alphabet_set set, unsigned alphabet)
{
    if (alphabet % 2 == 0 || alphabet > ASX_ALPHABET_MAX)
        return false;
    unsigned i = alphabet / 2;
    return set.odd[i / WORD_BITS] >> (i % WORD_BITS) & 1;
}

bool asx_alphabet_set_equal(asx_alphabet_set a, asx_alphabet_set b)
{
    return a.odd[0] == b.odd[0] && a.odd[1] == b.odd[1];
}

asx_alphabet_set asx_alphabet_set_with(asx_alphabet_set set, unsigned alphabet)
{
    assert(alphabet % 2 == 1 && alphabet <= ASX_ALPHABET_MAX);
    unsigned i = alphabet / 2;
    set.odd[i / WORD_BITS] |= (uint64_t)1 << (i % WORD_BITS);
    return set;
}

asx_alphabet_set asx_alphabet_set_union(asx_alphabet_set a, asx_alphabet_set b)
{
    a.odd[0] |= b.odd[0];
    a.odd[1] |= b.odd[1];
    return a;
}

unsigned asx_alphabet_set_count(asx_alphabet_set set)
{
    unsigned n = 0;
    for (int j = 0; j < WORDS; j++) {
        for (uint64_t rest = set.odd[j]; rest; rest &= rest - 1)
            n++;
    }
    return n;
}

unsigned asx_alphabet_set_next(asx_alphabet_set set, unsigned after)
{
    for (unsigned i = (after + 1) / 2; i < N_ALPHABETS; i++) {
        uint64_t rest = set.odd[i / WORD_BITS] >> (i % WORD_BITS);
        if (rest & 1)
            return 2 * i + 1;
        if (!rest)
            i |= WORD_BITS - 1; /* nothing more in this word */
    }
    return 0;
}

asx_alphabet_set asx_alphabet_set_from_index(uint64_t index)
{
    return (asx_alphabet_set){{index, 0}};
}

/* Reads one alphabet at `s`: no sign, no leading zero. Returns its end, NULL on error. */
static const char *parse_alphabet(unsigned *out, const char *s, asx_alphabet_set so_far,
                                  asx_error *err)
{
    const char *end = s;
    unsigned a = 0;
    while (*end >= '0' && *end <= '9') {
        a = a > ASX_ALPHABET_MAX ? a : 10 * a + (unsigned)(*end - '0');
        end++;
    }
    const int n = end - s > 32 ? 32 : (int)(end - s);
    const char *fault = NULL;
    if (n == 0)
        (void)asx_fail(err, ASX_EPARSE, "alphabet set: a number must stand at '%.32s'", s);
    else if (*s == '0')
        fault = "starts with 0";
    else if (a > ASX_ALPHABET_MAX)
        fault = "is larger than 255";
    else if (a % 2 == 0)
        fault = "is not odd";
    else if (asx_alphabet_set_has(so_far, a))
        fault = "stands twice";
    if (fault)
        (void)asx_fail(err, ASX_EPARSE, "alphabet set: '%.*s' %s", n, s, fault);
    if (fault || n == 0)
        return NULL;
    *out = a;
    return end;
}

asx_status asx_alphabet_set_parse(asx_alphabet_set *out, const char **cursor, asx_error *err)
{
    const char *s = *cursor;
    asx_alphabet_set set = {{0, 0}};
    if (*s != '{')
        return asx_fail(err, ASX_EPARSE, "alphabet set: '{' must stand at '%.32s'", s);
    do {
        unsigned alphabet;
        s = parse_alphabet(&alphabet, s + 1, set, err);
        if (!s)
            return ASX_EPARSE;
        set = asx_alphabet_set_with(set, alphabet);
    } while (*s == ',');
    if (*s != '}')
        return asx_fail(err, ASX_EPARSE, "alphabet set: ',' or '}' must stand at '%.32s'", s);
    *cursor = s + 1;
    *out = set;
    return ASX_OK;
}

void asx_alphabet_set_print(asx_text *text, asx_alphabet_set set)
{
    const char *separator = "{";
    for (unsigned a = 0; (a = asx_alphabet_set_next(set, a)) != 0; separator = ",")
        asx_text_add(text, "%s%u", separator, a);
    if (!asx_alphabet_set_is_empty(set))
        asx_text_add(text, "}");
}
