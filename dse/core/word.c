/* The number format of one operand. The definitions are Sarwar et al.'s (arXiv 1602.08557) for
 * unsigned digits; signed digits balance the radix. */
#include "dse/word.h"

#include <stdlib.h>
#include <string.h>

#include "dse/number.h"
#include "word_menu.h"
#include "word_type.h"

/* Bits that are cut into digits. */
static unsigned digit_area_bits(const asx_word *word)
{
    bool separate_sign = word->digits == ASX_DIGITS_UNSIGNED && !word->non_negative;
    return word->bits - (separate_sign ? 1 : 0);
}

/* The largest magnitude that a digit of `bits` bits has room for. */
static unsigned digit_limit(const asx_word *word, unsigned bits)
{
    return word->digits == ASX_DIGITS_SIGNED ? 1u << (bits - 1) : (1u << bits) - 1;
}

/* Digit 0 is never narrower than another. */
static unsigned widest_limit(const asx_word *word)
{
    return digit_limit(word, asx_word_digit_bits(word, 0));
}

static asx_status check_set(const asx_word *word, asx_error *err)
{
    const unsigned q = word->digit_width;
    for (unsigned a = 0; (a = asx_alphabet_set_next(word->set, a)) != 0;) {
        if (a >> q)
            return asx_fail(err, ASX_EINVAL, "alphabet %u does not fit a digit of %u bits (< %u)",
                            a, q, 1u << q);
    }
    const unsigned smallest = asx_alphabet_set_next(word->set, 0);
    if (smallest > widest_limit(word))
        return asx_fail(err, ASX_EINVAL,
                        "no alphabet can be used: the smallest is %u, but %s digits of a %u-bit "
                        "word are at most %u",
                        smallest, word->digits == ASX_DIGITS_SIGNED ? "signed" : "unsigned",
                        word->bits, widest_limit(word));
    return ASX_OK;
}

static bool same_digits(const asx_word *a, const asx_word *b)
{
    return a->kind == b->kind && a->digits == b->digits && a->digit_width == b->digit_width &&
           memcmp(a->parameter, b->parameter, sizeof a->parameter) == 0;
}

static bool is_one_digit(const asx_word *w)
{
    return w->digits == ASX_DIGITS_UNSIGNED && asx_word_n_digits(w) == 1;
}

/* A circuit that does the words of two, where their digits go together. */
static bool join_circuits(asx_word *inout, const asx_word *other)
{
    const bool same = same_digits(inout, other);
    if (asx_word_is_plain(inout) || asx_word_is_plain(other) ||
        !(same || (is_one_digit(inout) && is_one_digit(other))))
        return false;
    inout->set = asx_alphabet_set_union(inout->set, other->set);
    inout->bits = other->bits > inout->bits ? other->bits : inout->bits;
    if (!same || inout->kind == ASX_WORD_WIDE) {
        inout->digit_width = inout->bits - 1;
        inout->kind =
            inout->digit_width <= ASX_DIGIT_WIDTH_DEFAULT ? ASX_WORD_DIGITS : ASX_WORD_WIDE;
    }
    return true;
}

/* Words of digits of one width and kind, of one digit, or sums of as many signed powers have the circuit of the union of
 * their alphabets. Others are looked up, as lists of values are: an exact multiplier takes integers of the longest. */
static asx_word menu_circuit(const asx_word *menu)
{
    asx_word word[ASX_MENU_WORDS_MAX];
    const size_t n = asx_menu_words(word, menu);
    asx_word all = asx_word_circuit(&word[0]);
    for (size_t i = 1; i < n; i++) {
        const asx_word one = asx_word_circuit(&word[i]);
        if (!join_circuits(&all, &one))
            return (asx_word){.bits = menu->bits, .digit_width = ASX_DIGIT_WIDTH_DEFAULT};
    }
    return all;
}

static asx_status check_menu(const asx_word *menu, asx_error *err)
{
    asx_word word[ASX_MENU_WORDS_MAX] = {{0}}, made;
    const size_t n = asx_menu_words(word, menu);
    asx_status status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < n; i++)
        status = asx_word_check(&word[i], err);
    if (status == ASX_OK)
        status = asx_menu_build(&made, word, n, asx_menu_group(menu), err);
    if (status != ASX_OK)
        return status;
    if (menu->digits != made.digits || menu->digit_width != made.digit_width ||
        !asx_word_equal(menu, &made))
        return asx_fail(err, ASX_EINVAL, "menus of words are for weights");
    const asx_word circuit = menu_circuit(menu);
    if (asx_word_is_plain(&circuit) && circuit.bits > ASX_WORD_BITS_MAX)
        return asx_fail(err, ASX_EINVAL,
                        "a menu's words have no circuit in common but a multiplier by integers "
                        "of %u bits; %d are the most",
                        circuit.bits, ASX_WORD_BITS_MAX);
    return asx_word_check(&circuit, err);
}

asx_status asx_word_check(const asx_word *word, asx_error *err)
{
    if (asx_word_is_menu(word))
        return check_menu(word, err);
    const asx_word_type *type = asx_word_type_of(word);
    if (type || word->kind != ASX_WORD_DIGITS)
        return type ? type->check(word, err)
                    : asx_fail(err, ASX_EINVAL, "unknown kind of words %d", (int)word->kind);
    if (word->bits < ASX_WORD_BITS_MIN || word->bits > ASX_WORD_BITS_MAX)
        return asx_fail(err, ASX_EINVAL, "a word of %u bits is outside %d .. %d bits", word->bits,
                        ASX_WORD_BITS_MIN, ASX_WORD_BITS_MAX);
    if (asx_word_is_plain(word))
        return ASX_OK;
    if (word->digit_width < ASX_DIGIT_WIDTH_MIN || word->digit_width > ASX_DIGIT_WIDTH_MAX)
        return asx_fail(err, ASX_EINVAL, "a digit of %u bits is outside %d .. %d bits",
                        word->digit_width, ASX_DIGIT_WIDTH_MIN, ASX_DIGIT_WIDTH_MAX);
    if (word->digits != ASX_DIGITS_UNSIGNED && word->digits != ASX_DIGITS_SIGNED)
        return asx_fail(err, ASX_EINVAL, "unknown kind of digits %d", (int)word->digits);
    if (word->digits == ASX_DIGITS_SIGNED && word->non_negative)
        return asx_fail(err, ASX_EINVAL, "signed digits in a non-negative word of %u bits",
                        word->bits);
    return check_set(word, err);
}

bool asx_word_is_plain(const asx_word *word)
{
    return word->kind == ASX_WORD_DIGITS && asx_alphabet_set_is_empty(word->set);
}

bool asx_word_equal(const asx_word *a, const asx_word *b)
{
    if (a->bits != b->bits || a->non_negative != b->non_negative ||
        !asx_alphabet_set_equal(a->set, b->set) || memcmp(a->list, b->list, sizeof a->list) != 0)
        return false;
    return asx_word_is_plain(a) || asx_word_shape(a) == asx_word_shape(b);
}

asx_word asx_word_with_sign(const asx_word *word, bool non_negative)
{
    const asx_word_type *type = asx_word_type_of(word);
    asx_word out = *word;
    if (type && type->with_sign)
        return type->with_sign(word, non_negative);
    out.non_negative = non_negative;
    return out;
}

const char *asx_word_family(const asx_word *word)
{
    const asx_word_type *type = asx_word_type_of(word);
    if (type && type->family)
        return type->family(word);
    if (asx_word_is_menu(word))
        return "menus";
    return asx_word_is_plain(word) ? "integers" : "alphabets";
}

/* Of a menu's words. */
static unsigned most(const asx_word *menu, unsigned (*bits)(const asx_word *))
{
    asx_word word[ASX_MENU_WORDS_MAX];
    const size_t n = asx_menu_words(word, menu);
    unsigned longest = 0;
    for (size_t i = 0; i < n; i++)
        longest = bits(&word[i]) > longest ? bits(&word[i]) : longest;
    return longest;
}

unsigned asx_word_length(const asx_word *word)
{
    if (asx_word_is_menu(word))
        return most(word, asx_word_length);
    const asx_word_type *type = asx_word_type_of(word);
    return type && type->code_bits ? type->code_bits(word) : word->bits;
}

asx_word asx_word_exact(const asx_word *word)
{
    return (asx_word){.bits = asx_word_length(word), .digit_width = ASX_DIGIT_WIDTH_DEFAULT};
}

asx_word asx_word_circuit(const asx_word *word)
{
    if (asx_word_is_menu(word))
        return menu_circuit(word);
    const asx_word_type *type = asx_word_type_of(word);
    return type && type->circuit ? type->circuit(word) : *word;
}

uint64_t asx_word_shape(const asx_word *word)
{
    uint64_t shape = asx_word_is_plain(word) ? 0
                                             : word->digit_width | (uint64_t)word->digits << 8 |
                                                   (uint64_t)word->kind << 16;
    for (size_t i = 0; i < ASX_WORD_PARAMETERS; i++)
        shape |= (uint64_t)word->parameter[i] << (32 + 8 * i);
    return shape;
}

/* Of magnitudes: a menu's range is as wide on both sides. */
static int32_t menu_max(const asx_word *menu)
{
    asx_word word[ASX_MENU_WORDS_MAX];
    const size_t n = asx_menu_words(word, menu);
    int32_t largest = 0;
    for (size_t i = 0; i < n; i++) {
        const int32_t low = -asx_word_min(&word[i]), high = asx_word_max(&word[i]);
        largest = low > largest ? low : largest;
        largest = high > largest ? high : largest;
    }
    return largest;
}

int32_t asx_word_min(const asx_word *word)
{
    if (asx_word_is_menu(word))
        return -menu_max(word);
    const asx_word_type *type = asx_word_type_of(word);
    if (word->non_negative)
        return 0;
    if (type && type->max)
        return -type->max(word);
    const int32_t half = (int32_t)1 << (word->bits - 1);
    bool symmetric = !asx_word_is_plain(word) && word->digits == ASX_DIGITS_UNSIGNED;
    return symmetric ? 1 - half : -half;
}

int32_t asx_word_max(const asx_word *word)
{
    if (asx_word_is_menu(word))
        return menu_max(word);
    const asx_word_type *type = asx_word_type_of(word);
    if (type && type->max)
        return type->max(word);
    const unsigned magnitude_bits = word->non_negative ? word->bits : word->bits - 1;
    return ((int32_t)1 << magnitude_bits) - 1;
}

unsigned asx_word_n_digits(const asx_word *word)
{
    const asx_word_type *type = asx_word_type_of(word);
    if (type && type->n_digits)
        return type->n_digits(word);
    if (asx_word_is_plain(word))
        return 0;
    return (digit_area_bits(word) + word->digit_width - 1) / word->digit_width;
}

unsigned asx_word_digit_bits(const asx_word *word, unsigned i)
{
    const asx_word_type *type = asx_word_type_of(word);
    if (type && type->digit_bits)
        return type->digit_bits(word, i);
    const unsigned rest = digit_area_bits(word) - i * word->digit_width;
    return rest < word->digit_width ? rest : word->digit_width;
}

/* Whether digit i may be v: an alphabet times a power of two within its limit, or 0. */
static bool is_digit(const asx_word *word, unsigned i, int32_t v)
{
    unsigned odd = (unsigned)abs(v);
    if (odd > digit_limit(word, asx_word_digit_bits(word, i)) ||
        (v < 0 && word->digits == ASX_DIGITS_UNSIGNED))
        return false;
    while (odd && odd % 2 == 0)
        odd /= 2;
    return odd == 0 || (odd <= ASX_ALPHABET_MAX && asx_alphabet_set_has(word->set, odd));
}

static int compare_values(const void *a, const void *b)
{
    const int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

size_t asx_word_digit_values(int32_t *values, const asx_word *word, unsigned i)
{
    const unsigned limit = digit_limit(word, asx_word_digit_bits(word, i));
    size_t n = 0;
    values[n++] = 0;
    for (unsigned a = 0; (a = asx_alphabet_set_next(word->set, a)) != 0;) {
        for (unsigned v = a; v <= limit; v *= 2) {
            values[n++] = (int32_t)v;
            if (word->digits == ASX_DIGITS_SIGNED)
                values[n++] = -(int32_t)v;
        }
    }
    qsort(values, n, sizeof *values, compare_values);
    return n;
}

unsigned asx_word_code_bits(const asx_word *word)
{
    if (asx_word_is_menu(word))
        return most(word, asx_word_code_bits);
    const asx_word_type *type = asx_word_type_of(word);
    if (type && type->code_bits)
        return type->code_bits(word);
    if (asx_word_is_plain(word))
        return word->bits;
    int32_t values[ASX_DIGIT_VALUES_MAX];
    const unsigned n = asx_word_n_digits(word);
    bool sign = word->digits == ASX_DIGITS_UNSIGNED && !word->non_negative;
    unsigned bits = sign ? 1 : 0;
    for (unsigned i = 0; i < n; i++)
        bits += asx_log2_ceil(asx_word_digit_values(values, word, i));
    return bits;
}

unsigned asx_word_joint_bits(const asx_word *word)
{
    if (asx_word_is_menu(word))
        return most(word, asx_word_joint_bits);
    const asx_word_type *type = asx_word_type_of(word);
    if (type && type->code_bits)
        return type->code_bits(word);
    if (asx_word_is_plain(word))
        return word->bits;
    int32_t values[ASX_DIGIT_VALUES_MAX];
    size_t together = 1;
    bool sign = word->digits == ASX_DIGITS_UNSIGNED && !word->non_negative;
    for (unsigned i = 0; i < asx_word_n_digits(word); i++)
        together *= asx_word_digit_values(values, word, i);
    return asx_log2_ceil(together) + sign;
}

asx_word asx_word_reduce(const asx_word *word)
{
    asx_word reduced = *word;
    if (asx_word_is_plain(word) || word->kind != ASX_WORD_DIGITS)
        return reduced;
    memset(&reduced.set, 0, sizeof reduced.set);
    for (unsigned a = 0; (a = asx_alphabet_set_next(word->set, a)) != 0;) {
        if (a <= widest_limit(word))
            reduced.set = asx_alphabet_set_with(reduced.set, a);
    }
    return reduced;
}

/* Writes `rest`, a multiple of digit i's place counted in places, with the digits from i up. Only
 * one residue, 2^(q-1) of signed digits, leaves a choice: the positive digit is tried first. */
static bool split_from(int32_t *digit, const asx_word *word, unsigned i, int32_t rest)
{
    const int32_t radix = (int32_t)1 << word->digit_width;
    if (i == asx_word_n_digits(word))
        return rest == 0;
    const int32_t residue = ((rest % radix) + radix) % radix;
    const int32_t last = residue - (word->digits == ASX_DIGITS_SIGNED ? radix : 0);
    for (int32_t v = residue; v >= last; v -= radix) {
        if (!is_digit(word, i, v) || !split_from(digit, word, i + 1, (rest - v) / radix))
            continue;
        digit[i] = v;
        return true;
    }
    return false;
}

bool asx_word_split(int32_t *digit, const asx_word *word, int32_t value)
{
    const asx_word_type *type = asx_word_type_of(word);
    const bool magnitude = word->digits == ASX_DIGITS_UNSIGNED;
    if (value < asx_word_min(word) || value > asx_word_max(word))
        return false;
    if (type && type->split)
        return type->split(digit, word, value);
    if (!split_from(digit, word, 0, magnitude ? abs(value) : value))
        return false;
    for (unsigned i = 0; magnitude && value < 0 && i < asx_word_n_digits(word); i++)
        digit[i] = -digit[i];
    return true;
}
