/* Words of at most k signed powers of two: the integers of `bits` bits whose canonical signed-digit
 * form (Reitwieser 1960: no two neighbours are both not 0) has at most k digits that are not 0.
 *
 *   text := bits "c" k          8c2: -128 .. 127 as far as two shifts reach
 *
 * Term i of k, the lowest first, is 0 or +-2^s at the place 2 i, s = 0 .. bits - 2 k: of k powers in
 * canonical form the term's power has 2 i places below it for the terms before and 2 (k - 1 - i)
 * above it for those behind. So where 2 k = bits the terms are the signed digits of two bits of
 * {1}, and 4c2 has the values, the codes and the circuit of 4sq2{1}. */
#include "word_type.h"

enum { TERMS }; /* the parameter */

static unsigned terms(const asx_word *w)
{
    return w->parameter[TERMS];
}

static asx_word make(unsigned bits, unsigned k)
{
    return (asx_word){.bits = bits,
                      .digit_width = 2,
                      .digits = ASX_DIGITS_SIGNED,
                      .set = asx_alphabet_set_from_index(1),
                      .kind = ASX_WORD_CSD,
                      .parameter = {(uint8_t)k}};
}

static asx_word of_parameters(unsigned bits, const uint8_t *parameter)
{
    return make(bits, parameter[TERMS]);
}

static void print(asx_text *text, const asx_word *w)
{
    asx_text_add(text, "%uc%u", w->bits, terms(w));
}

static asx_status check_numbers(unsigned bits, unsigned k, asx_error *err)
{
    if (bits < ASX_WORD_BITS_MIN || bits > ASX_WORD_BITS_MAX)
        return asx_fail(err, ASX_EINVAL, "a word of %u bits is outside %d .. %d bits", bits,
                        ASX_WORD_BITS_MIN, ASX_WORD_BITS_MAX);
    if (k < 1 || k > ASX_CSD_TERMS_MAX)
        return asx_fail(err, ASX_EINVAL, "%uc%u: %u powers of two are outside 1 .. %d", bits, k, k,
                        ASX_CSD_TERMS_MAX);
    if (2 * k > bits) /* a power takes a digit of two bits or more */
        return asx_fail(err, ASX_EINVAL, "%uc%u: words of %u bits hold at most %u power%s of two",
                        bits, k, bits, bits / 2, bits < 4 ? "" : "s");
    return ASX_OK;
}

static asx_status check(const asx_word *w, asx_error *err)
{
    const asx_status status = check_numbers(w->bits, terms(w), err);
    if (status == ASX_OK &&
        (w->non_negative || w->digit_width != 2 || w->digits != ASX_DIGITS_SIGNED ||
         !asx_alphabet_set_equal(w->set, asx_alphabet_set_from_index(1))))
        return asx_fail(err, ASX_EINVAL, "%uc%u: sums of signed powers are for weights", w->bits,
                        terms(w));
    return status;
}

static bool starts(const char *s)
{
    return asx_word_starts_with_count(s, 'c');
}

static asx_status parse(asx_word *out, const char **s, asx_error *err)
{
    const char *end = *s;
    unsigned bits = 0, k = 0;
    asx_status status = asx_word_parse_count(&bits, &end, "the number of bits", err);
    end += status == ASX_OK; /* the 'c' */
    if (status == ASX_OK)
        status = asx_word_parse_count(&k, &end, "the number of powers of two", err);
    if (status == ASX_OK)
        status = check_numbers(bits, k, err);
    if (status != ASX_OK)
        return status;
    *s = end;
    *out = make(bits, k);
    return ASX_OK;
}

static const char *family(const asx_word *w)
{
    static const char *const name[ASX_CSD_TERMS_MAX + 1] = {NULL, "csd1", "csd2", "csd3", "csd4"};
    return name[terms(w)];
}

static unsigned n_digits(const asx_word *w)
{
    return terms(w);
}

/* Powers 2^0 .. 2^(bits - 2 k), the largest magnitude of that many signed bits and one. */
static unsigned digit_bits(const asx_word *w, unsigned i)
{
    (void)i;
    return w->bits - 2 * terms(w) + 2;
}

/* Powers from the highest down, each to the highest term that is free and reaches it. */
static bool split(int32_t *digit, const asx_word *w, int32_t value)
{
    int32_t sign[ASX_WORD_BITS_MAX + 1];
    unsigned place[ASX_WORD_BITS_MAX + 1], n = 0, free_terms = terms(w);
    for (unsigned at = 0; value; at++, value /= 2) {
        if (value % 2 == 0)
            continue;
        sign[n] = (value & 3) == 1 ? 1 : -1; /* which leaves an even rest */
        place[n] = at;
        value -= sign[n++];
    }
    if (n > terms(w))
        return false;
    for (unsigned i = 0; i < terms(w); i++)
        digit[i] = 0;
    while (n-- > 0) {
        const unsigned term = place[n] / 2 < free_terms ? place[n] / 2 : free_terms - 1;
        digit[term] = sign[n] * ((int32_t)1 << (place[n] - 2 * term));
        free_terms = term;
    }
    return true;
}

static asx_word circuit(const asx_word *w)
{
    asx_word word = *w;
    if (2 * terms(w) == w->bits) {
        word.kind = ASX_WORD_DIGITS;
        word.parameter[TERMS] = 0;
    }
    return word;
}

static bool of_bits(asx_word *out, unsigned bits, unsigned i)
{
    if (i >= ASX_CSD_TERMS_MAX || check_numbers(bits, i + 1, NULL) != ASX_OK)
        return false;
    *out = make(bits, i + 1);
    return true;
}

const asx_word_type asx_word_csd = {.starts = starts,
                                    .parse = parse,
                                    .print = print,
                                    .check = check,
                                    .family = family,
                                    .of_parameters = of_parameters,
                                    .n_digits = n_digits,
                                    .digit_bits = digit_bits,
                                    .split = split,
                                    .circuit = circuit,
                                    .of_bits = of_bits};
