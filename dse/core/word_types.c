/* Which kinds of words there are, and the one digit of any width that circuits see of some. */
#include <string.h>

#include "word_type.h"

static asx_status check_wide(const asx_word *w, asx_error *err)
{
    if (w->digits != ASX_DIGITS_UNSIGNED || w->bits != w->digit_width + !w->non_negative ||
        w->bits > ASX_VALUE_BITS_MAX || w->bits < ASX_WORD_BITS_MIN)
        return asx_fail(err, ASX_EINVAL, "a wide digit of %u bits in a word of %u", w->digit_width,
                        w->bits);
    return ASX_OK;
}

const asx_word_type asx_word_wide = {.check = check_wide};

static const asx_word_type *const types[ASX_N_WORD_KINDS] = {[ASX_WORD_MINIFLOAT] =
                                                                 &asx_word_minifloat,
                                                             [ASX_WORD_CSD] = &asx_word_csd,
                                                             [ASX_WORD_APOT] = &asx_word_apot,
                                                             [ASX_WORD_VALUES] = &asx_word_values,
                                                             [ASX_WORD_WIDE] = &asx_word_wide};

const asx_word_type *asx_word_type_of(const asx_word *word)
{
    return word->kind < ASX_N_WORD_KINDS ? types[word->kind] : NULL;
}

const asx_word_type *asx_word_type_at(const char *s)
{
    for (size_t i = 0; i < ASX_N_WORD_KINDS; i++)
        if (types[i] && types[i]->starts && types[i]->starts(s))
            return types[i];
    return NULL;
}

bool asx_family_word(asx_word *out, const char *family, unsigned bits, unsigned i)
{
    for (size_t t = 0; t < ASX_N_WORD_KINDS; t++) {
        asx_word word;
        for (unsigned k = 0; types[t] && types[t]->of_bits && types[t]->of_bits(&word, bits, k);
             k++) {
            if (strcmp(types[t]->family(&word), family) != 0 || i-- > 0)
                continue;
            *out = word;
            return true;
        }
    }
    return false;
}

const char *asx_family_name(size_t i)
{
    static const char *const names[] = {"integers", "alphabets", "minifloats", "shifts",
                                        "csd1",     "csd2",      "csd3",       "csd4",
                                        "apot",     "values",    "menus"};
    return i < sizeof names / sizeof *names ? names[i] : NULL;
}
