/* The lanes and converters that a program's words need. */
#include <math.h>

#include "dse/alphabet.h"
#include "dse/codec.h"
#include "emit_c.h"
#include "machine_plan.h"

/* In memory plain words are taken bit by bit, the highest counts negative. */
static bool bit_serial(const asx_machine_plan *plan, const asx_word *word)
{
    return plan->placement == ASX_PLACEMENT_IN && asx_word_is_plain(word);
}

unsigned asx_machine_digits(const asx_machine_plan *plan, const asx_word *word)
{
    return bit_serial(plan, word) ? word->bits : asx_word_n_digits(word);
}

unsigned asx_machine_passes(const asx_machine_plan *plan, const asx_word *word)
{
    const unsigned digits = asx_machine_digits(plan, word);
    return plan->placement == ASX_PLACEMENT_VN || digits == 0 ? 1 : digits;
}

size_t asx_machine_digit_values(int32_t *values, const asx_machine_plan *plan, const asx_word *word,
                                unsigned digit)
{
    if (!bit_serial(plan, word))
        return asx_word_digit_values(values, word, digit);
    values[0] = 0;
    values[1] = digit + 1 == word->bits ? -1 : 1;
    return 2;
}

unsigned asx_machine_index_bits(const asx_machine_plan *plan, const asx_word *word, unsigned digit)
{
    int32_t values[ASX_DIGIT_VALUES_MAX];
    const size_t n = asx_machine_digit_values(values, plan, word, digit);
    unsigned bits = 0;
    while ((size_t)1 << bits < n)
        bits++;
    return bits;
}

unsigned asx_machine_digit_place(const asx_word *word, unsigned digit)
{
    return asx_word_is_plain(word) ? digit : digit * word->digit_width;
}

/* The number of a word in a list, to which it is added; -1: the list is full. */
static int32_t number_of(asx_word *list, size_t *n, const asx_word *word)
{
    for (size_t i = 0; i < *n; i++)
        if (asx_word_equal(&list[i], word))
            return (int32_t)i;
    if (*n == ASX_MACHINE_MODES_MAX)
        return -1;
    list[*n] = *word;
    return (int32_t)(*n)++;
}

static bool add_alphabet(asx_machine_plan *p, unsigned alphabet)
{
    size_t at = p->n_alphabets;
    for (size_t i = 0; i < p->n_alphabets; i++)
        if (p->alphabet[i] == alphabet)
            return true;
    if (at == ASX_MACHINE_ALPHABETS_MAX)
        return false;
    for (; at > 0 && p->alphabet[at - 1] > alphabet; at--)
        p->alphabet[at] = p->alphabet[at - 1];
    p->alphabet[at] = alphabet;
    p->n_alphabets++;
    return true;
}

static unsigned bits_of(unsigned n)
{
    unsigned bits = 0;
    for (; n; n /= 2)
        bits++;
    return bits;
}

/* Digits, indices and alphabets of one word. */
static bool take_digits(asx_machine_plan *p, const asx_word *word)
{
    int32_t values[ASX_DIGIT_VALUES_MAX];
    const unsigned n_digits = asx_machine_digits(p, word);
    asx_machine_raise(&p->passes, asx_machine_passes(p, word));
    if (p->placement == ASX_PLACEMENT_VN)
        asx_machine_raise(&p->digits, n_digits);
    for (unsigned i = 0; i < n_digits; i++) {
        const size_t n = asx_machine_digit_values(values, p, word, i);
        asx_machine_raise(&p->index_bits, asx_machine_index_bits(p, word, i));
        for (size_t k = 0; k < n; k++) {
            unsigned a = (unsigned)(values[k] < 0 ? -values[k] : values[k]);
            if (p->placement != ASX_PLACEMENT_VN)
                asx_machine_raise(&p->largest_digit, a);
            unsigned shift =
                p->placement == ASX_PLACEMENT_VN ? asx_machine_digit_place(word, i) : 0;
            for (; a && a % 2 == 0; a /= 2)
                shift++;
            asx_machine_raise(&p->shift_bits, bits_of(a ? shift : 0));
            if (a && !add_alphabet(p, a))
                return false;
        }
    }
    return true;
}

static unsigned largest_of(const asx_word *word)
{
    const int32_t low = -asx_word_min(word), high = asx_word_max(word);
    return (unsigned)(low > high ? low : high);
}

/* Whole words; digits of one pass were raised before. */
static asx_status take_sums(asx_machine_plan *p, const asx_step *s, asx_error *err)
{
    const double largest = asx_step_largest_sum(s);
    if (largest >= ldexp(1, 31))
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "layer '%s': sums of up to %.3g do not fit the machine's 32 bits", s->name,
                        largest);
    if (asx_machine_digits(p, &s->weight_word) == 0 || p->placement == ASX_PLACEMENT_VN)
        asx_machine_raise(&p->largest_digit, largest_of(&s->weight_word));
    if (asx_word_min(&s->input_word) < p->input_low)
        p->input_low = asx_word_min(&s->input_word);
    if (asx_word_max(&s->input_word) > p->input_high)
        p->input_high = asx_word_max(&s->input_word);
    while (ldexp(1, (int)p->sum_bits - 1) <= largest)
        p->sum_bits++;
    return ASX_OK;
}

void asx_machine_set_widths(asx_machine_plan *p)
{
    const unsigned is_signed = p->input_low < 0;
    const unsigned low = (unsigned)-p->input_low, high = (unsigned)p->input_high;
    const unsigned a = p->alphabet[p->n_alphabets - 1], x = low > high ? low : high;
    p->input_bits = bits_of(low > high ? low - 1 : high) + is_signed;
    p->multiple_bits = bits_of(low * a > high * a ? low * a - 1 : high * a) + is_signed;
    /* a negative product lacks the 1 that leaves the lane beside it */
    p->product_bits = bits_of(x * p->largest_digit) + 1;
    asx_machine_raise(&p->product_bits, p->multiple_bits + 1);
    p->tree_bits = p->product_bits + bits_of((unsigned)p->rows - 1);
    asx_machine_raise(&p->sum_bits, p->tree_bits + 1);
    asx_machine_raise(&p->total_bits, p->sum_bits);
}

asx_status asx_machine_take_words(asx_machine_plan *plan, const asx_step *step, int32_t *mode,
                                  int32_t *nearest, asx_error *err)
{
    if (step->input_word.bits > 8)
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "layer '%s': inputs of %u bits; the machine's have 8 at most", step->name,
                        step->input_word.bits);
    if (step->weight_word.kind)
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "layer '%s': its words are %s; the machine's lanes take digits and plain "
                        "words",
                        step->name, asx_word_family(&step->weight_word));
    *mode = number_of(plan->mode, &plan->n_modes, &step->weight_word);
    *nearest = asx_word_is_plain(&step->input_word)
                   ? -1
                   : number_of(plan->nearest, &plan->n_nearest, &step->input_word);
    if (*mode < 0 || (*nearest < 0 && !asx_word_is_plain(&step->input_word)))
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "layer '%s': the machine has room for %d different words", step->name,
                        ASX_MACHINE_MODES_MAX);
    asx_machine_raise(&plan->code_bits, asx_word_code_bits(&step->weight_word));
    if (asx_machine_digits(plan, &step->weight_word) == 0)
        plan->has_plain = true;
    else if (!take_digits(plan, &step->weight_word))
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "layer '%s': the layers' sets together have more than %d alphabets",
                        step->name, ASX_MACHINE_ALPHABETS_MAX);
    return take_sums(plan, step, err);
}
