/* Additive powers of two (Y. Li et al., arXiv 1909.13144): a magnitude of B bits is a sum of terms, each of which is 0 or
 * one of at most three powers of two, and no two terms have the same.
 *
 *   text := bits "p"     5p: a sign and 4 bits, 0, 1, 2, 4, ... 48; behind a rectifier 5 bits
 *
 * Of B = 2 n bits the terms are n, and power j of term i is 2^-(i + j n); of 3 and 5 bits the last term has one power, as in
 * the networks that the authors published: 3 bits are 0, 1, 2, 3, 4, 6, 8, 10. All powers of a word together are those
 * below its largest value, each once.
 *
 * A circuit selects and adds terms as it does digits of three bits of {1}: as many selections among as many powers, for as
 * many bits of the sum. So it is priced as w7q3{1} is that of 5p; only which powers a selection is among differs. */
#include "word_type.h"

enum { STORED }; /* the parameter */
enum { STORED_MIN = 3, STORED_MAX = 6, BITS_MAX = 6, TERMS_MAX = 3, POWERS_MAX = 3 };

/* Per bits of the magnitude the logarithms of every term's powers, and how many powers there are. */
typedef struct terms {
    unsigned n, n_powers;
    unsigned power[TERMS_MAX][POWERS_MAX], powers_of[TERMS_MAX];
} terms;

static const terms of_magnitude[BITS_MAX + 1] = {
    [2] = {1, 3, {{2, 1, 0}}, {3}},
    [3] = {2, 4, {{3, 2, 0}, {1}}, {3, 1}},
    [4] = {2, 6, {{5, 3, 1}, {4, 2, 0}}, {3, 3}},
    [5] = {3, 7, {{6, 4, 1}, {5, 3, 0}, {2}}, {3, 3, 1}},
    [6] = {3, 9, {{8, 5, 2}, {7, 4, 1}, {6, 3, 0}}, {3, 3, 3}},
};

static unsigned magnitude_bits(const asx_word *w)
{
    return w->parameter[STORED] - !w->non_negative;
}

static const terms *terms_of(const asx_word *w)
{
    return &of_magnitude[magnitude_bits(w)];
}

static asx_word make(unsigned stored, bool non_negative)
{
    asx_word word = {.digit_width = 3,
                     .digits = ASX_DIGITS_UNSIGNED,
                     .non_negative = non_negative,
                     .set = asx_alphabet_set_from_index(1),
                     .kind = ASX_WORD_APOT,
                     .parameter = {(uint8_t)stored}};
    word.bits = terms_of(&word)->n_powers + !non_negative;
    return word;
}

static asx_word of_parameters(unsigned bits, const uint8_t *parameter)
{
    (void)bits;
    return make(parameter[STORED], false);
}

static void print(asx_text *text, const asx_word *w)
{
    asx_text_add(text, "%up", w->parameter[STORED]);
}

static asx_status check_stored(unsigned stored, asx_error *err)
{
    if (stored < STORED_MIN || stored > STORED_MAX)
        return asx_fail(err, ASX_EINVAL,
                        "%up: additive powers of two of %u bits are outside %d .. %d", stored,
                        stored, STORED_MIN, STORED_MAX);
    return ASX_OK;
}

static asx_status check(const asx_word *w, asx_error *err)
{
    const asx_status status = check_stored(w->parameter[STORED], err);
    if (status != ASX_OK)
        return status;
    const asx_word made = make(w->parameter[STORED], w->non_negative);
    if (w->bits != made.bits || w->digit_width != made.digit_width || w->digits != made.digits ||
        !asx_alphabet_set_equal(w->set, made.set))
        return asx_fail(err, ASX_EINVAL, "%up: the word's fields are not those of additive powers",
                        w->parameter[STORED]);
    return ASX_OK;
}

static bool starts(const char *s)
{
    return asx_word_starts_with_count(s, 'p');
}

static asx_status parse(asx_word *out, const char **s, asx_error *err)
{
    const char *end = *s;
    unsigned stored = 0;
    asx_status status = asx_word_parse_count(&stored, &end, "the number of bits", err);
    if (status == ASX_OK)
        status = check_stored(stored, err);
    if (status != ASX_OK)
        return status;
    *s = end + 1; /* the 'p' */
    *out = make(stored, false);
    return ASX_OK;
}

static asx_word with_sign(const asx_word *w, bool non_negative)
{
    return make(w->parameter[STORED], non_negative);
}

static const char *family(const asx_word *w)
{
    (void)w;
    return "apot";
}

static unsigned code_bits(const asx_word *w)
{
    return w->parameter[STORED];
}

/* The sign above, then the terms, the first the highest: which of its powers, from 1, or 0 for none. */
static bool decode(int64_t *value, const asx_word *w, uint32_t code)
{
    const terms *t = terms_of(w);
    int64_t sum = 0;
    uint32_t rest = code;
    for (unsigned i = t->n; i-- > 0;) {
        const unsigned bits = t->powers_of[i] > 1 ? 2 : 1, which = rest & ((1u << bits) - 1);
        if (which)
            sum += (int64_t)1 << t->power[i][which - 1];
        rest >>= bits;
    }
    const bool negative = rest & 1;
    if (rest > !w->non_negative || (negative && sum == 0))
        return false;
    *value = negative ? -sum : sum;
    return true;
}

/* Powers are each of one term, so a magnitude's bits say which. */
static bool encode(uint32_t *code, const asx_word *w, int64_t value)
{
    const terms *t = terms_of(w);
    const uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    uint32_t made = value < 0;
    if ((value < 0 && w->non_negative) || magnitude >> t->n_powers)
        return false;
    for (unsigned i = 0; i < t->n; i++) {
        unsigned which = 0, found = 0;
        for (unsigned j = 0; j < t->powers_of[i]; j++)
            if (magnitude >> t->power[i][j] & 1) {
                which = j + 1;
                found++;
            }
        if (found > 1)
            return false;
        made = made << (t->powers_of[i] > 1 ? 2 : 1) | which;
    }
    *code = made;
    return true;
}

static int32_t max(const asx_word *w)
{
    const terms *t = terms_of(w);
    int32_t sum = 0;
    for (unsigned i = 0; i < t->n; i++)
        sum += (int32_t)1 << t->power[i][0];
    return sum;
}

static asx_word circuit(const asx_word *w)
{
    asx_word word = *w;
    word.kind = ASX_WORD_DIGITS;
    word.parameter[STORED] = 0;
    return word;
}

static bool of_bits(asx_word *out, unsigned bits, unsigned i)
{
    if (i > 0 || check_stored(bits, NULL) != ASX_OK)
        return false;
    *out = make(bits, false);
    return true;
}

const asx_word_type asx_word_apot = {ASX_WORD_STORED_WHOLE, .with_sign = with_sign,
                                     .of_parameters = of_parameters, .of_bits = of_bits};
