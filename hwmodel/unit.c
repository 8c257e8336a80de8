/* Lanes and columns in terms of components.
 *
 * ASM lane (Sarwar et al., arXiv 1602.08557), per digit: select one of the multiples (a multiplexer
 * of n inputs is n - 1 of two), force to zero, shift by 0 .. s (ceil(log2(s + 1)) stages); then
 * join the digits at their places and, for sign and magnitude, negate. Plain lane: an exact
 * multiplier. Products of the lanes of a column are added by a tree; its root adds to the column's
 * sum. */
#include "unit.h"

#include <string.h>

#include "circuit.h"
#include "dse/number.h"

static unsigned max_u(unsigned a, unsigned b)
{
    return a > b ? a : b;
}

/* What a digit needs follows from the values it may take: each is an alphabet, shifted. */
static void digit_init(asx_digit_unit *out, const asx_word *word, unsigned i)
{
    int32_t value[ASX_DIGIT_VALUES_MAX];
    size_t n = asx_word_digit_values(value, word, i);
    memset(out, 0, sizeof *out);
    out->n_values = (unsigned)n;
    out->offset = i * word->digit_width;
    out->sign = word->digits == ASX_DIGITS_SIGNED;
    for (size_t k = 0; k < n; k++) {
        unsigned v = (unsigned)(value[k] < 0 ? -value[k] : value[k]), shift = 0;
        if (v == 0)
            continue;
        out->value_bits = max_u(out->value_bits, asx_log2_ceil(v));
        for (; v % 2 == 0; v /= 2)
            shift++;
        out->shift_max = max_u(out->shift_max, shift);
        out->multiple_bits = max_u(out->multiple_bits, asx_log2_ceil(v));
        out->set = asx_alphabet_set_with(out->set, v);
    }
}

void asx_unit_init(asx_unit *out, const asx_word *weight, const asx_word *activation)
{
    memset(out, 0, sizeof *out);
    out->x_bits = activation->bits;
    out->product_bits = weight->bits + activation->bits;
    out->positions = 1;
    out->hold = 1;
    if (asx_word_is_plain(weight)) {
        out->multiply_w = weight->bits;
        out->multiply_x = activation->bits;
        return;
    }
    out->n_digits = asx_word_n_digits(weight);
    out->sign = weight->digits == ASX_DIGITS_UNSIGNED && !weight->non_negative;
    for (unsigned i = 0; i < out->n_digits; i++) {
        digit_init(&out->digit[i], weight, i);
        out->bank = asx_alphabet_set_union(out->bank, out->digit[i].set);
    }
}

void asx_digit_merge(asx_digit_unit *digit, const asx_digit_unit *other)
{
    digit->set = asx_alphabet_set_union(digit->set, other->set);
    digit->n_values = max_u(digit->n_values, other->n_values);
    digit->shift_max = max_u(digit->shift_max, other->shift_max);
    digit->multiple_bits = max_u(digit->multiple_bits, other->multiple_bits);
    digit->value_bits = max_u(digit->value_bits, other->value_bits);
    digit->offset = max_u(digit->offset, other->offset);
    digit->sign = digit->sign || other->sign;
}

void asx_unit_merge(asx_unit *unit, const asx_unit *other)
{
    for (unsigned i = 0; i < other->n_digits; i++)
        asx_digit_merge(&unit->digit[i], &other->digit[i]);
    unit->n_digits = max_u(unit->n_digits, other->n_digits);
    unit->bank = asx_alphabet_set_union(unit->bank, other->bank);
    unit->serial = unit->serial || other->serial;
    unit->sign = unit->sign || other->sign;
    unit->multiply_w = max_u(unit->multiply_w, other->multiply_w);
    unit->multiply_x = max_u(unit->multiply_x, other->multiply_x);
    unit->segment = max_u(unit->segment, other->segment);
    unit->bit_serial = max_u(unit->bit_serial, other->bit_serial);
    unit->x_bits = max_u(unit->x_bits, other->x_bits);
    unit->product_bits = max_u(unit->product_bits, other->product_bits);
    unit->tree_bits = max_u(unit->tree_bits, other->tree_bits);
    unit->sum_bits = max_u(unit->sum_bits, other->sum_bits);
    unit->positions = max_u(unit->positions, other->positions);
    unit->latch_bits = max_u(unit->latch_bits, other->latch_bits);
    unit->w_codes = max_u(unit->w_codes, other->w_codes);
    unit->x_values = max_u(unit->x_values, other->x_values);
    unit->hold = max_u(unit->hold, other->hold);
    unit->weight_buffer = max_u(unit->weight_buffer, other->weight_buffer);
    unit->line_buffer = max_u(unit->line_buffer, other->line_buffer);
    unit->sum_memory = max_u(unit->sum_memory, other->sum_memory);
    unit->pipeline_bits = max_u(unit->pipeline_bits, other->pipeline_bits);
    unit->gate_bits = max_u(unit->gate_bits, other->gate_bits);
    asx_lane_union_merge(&unit->lanes, &other->lanes);
    asx_column_union_merge(&unit->columns, &other->columns);
}

void asx_unit_keep_widest(asx_unit *unit)
{
    for (unsigned i = 1; i < unit->n_digits; i++)
        asx_digit_merge(&unit->digit[0], &unit->digit[i]);
    for (unsigned i = 1; i < ASX_WORD_DIGITS_MAX; i++)
        unit->digit[i] = (asx_digit_unit){0};
    unit->digit[0].offset = 0;
    unit->n_digits = unit->n_digits > 0;
}

/* Select, zero, shift, and the digit's own sign. */
static void add_digit(double *part, double count, const asx_unit *unit, const asx_digit_unit *digit,
                      const asx_price *price)
{
    unsigned n = asx_alphabet_set_count(digit->set);
    double in = (double)unit->x_bits + digit->multiple_bits;
    double out = (double)unit->x_bits + digit->value_bits;
    if (n == 0)
        return;
    if (unit->segment > 0) /* the stored digit lets one multiple onto the bit-lines */
        part[ASX_PART_SELECT] +=
            count * asx_price_of(price, ASX_COMPONENT_BITLINE, unit->segment * in, 0);
    else
        part[ASX_PART_SELECT] += count * (asx_price_of(price, ASX_COMPONENT_MUX, (n - 1) * in, 0) +
                                          asx_price_of(price, ASX_COMPONENT_GATE, out, 0));
    unsigned stages = asx_log2_ceil((size_t)digit->shift_max + 1);
    part[ASX_PART_SHIFT] += count * asx_price_of(price, ASX_COMPONENT_MUX, stages * out, 0);
    if (digit->sign)
        part[ASX_PART_ADD] += count * asx_price_of(price, ASX_COMPONENT_GATE, out, 0);
}

static void add_digits(double *part, double count, const asx_unit *unit, const asx_price *price)
{
    bool energy = price->quantity == ASX_QUANTITY_ENERGY;
    if (unit->serial && !energy) { /* one circuit for all digits */
        asx_digit_unit widest = unit->digit[0];
        for (unsigned i = 1; i < unit->n_digits; i++)
            asx_digit_merge(&widest, &unit->digit[i]);
        add_digit(part, count, unit, &widest, price);
    } else {
        for (unsigned i = 0; i < unit->n_digits; i++)
            add_digit(part, count, unit, &unit->digit[i], price);
    }
    for (unsigned i = 1; !unit->serial && i < unit->n_digits; i++) {
        double bits = (double)unit->x_bits + unit->digit[i].offset + unit->digit[i].value_bits;
        part[ASX_PART_ADD] += count * asx_price_of(price, ASX_COMPONENT_ADD, bits, 0);
    }
}

void asx_unit_add_lane(double *part, double count, const asx_unit *unit, const asx_price *price)
{
    if (unit->bit_serial > 0)
        part[ASX_PART_MULTIPLY] +=
            count * asx_price_of(price, ASX_COMPONENT_BITLINE,
                                 (double)unit->bit_serial * unit->segment * unit->x_bits, 0);
    else if (unit->multiply_w > 0)
        part[ASX_PART_MULTIPLY] +=
            count * asx_price_of(price, ASX_COMPONENT_MULTIPLY, unit->multiply_w, unit->multiply_x);
    if (unit->n_digits > 0)
        add_digits(part, count, unit, price);
    if (unit->sign)
        part[ASX_PART_ADD] +=
            count * asx_price_of(price, ASX_COMPONENT_GATE, unit->product_bits, 0);
}

void asx_unit_add_tree(double *part, double count, const asx_unit *unit, const asx_price *price)
{
    part[ASX_PART_ACCUMULATE] += count * asx_price_of(price, ASX_COMPONENT_ADD, unit->tree_bits, 0);
}

/* The register of the sum; choosing one of `hold` sums, and the place to add at. */
void asx_unit_add_registers(double *part, double count, const asx_unit *unit,
                            const asx_price *price)
{
    double bits = unit->sum_bits;
    double registers = price->quantity == ASX_QUANTITY_ENERGY ? bits : bits * unit->hold;
    part[ASX_PART_ACCUMULATE] +=
        count * (asx_price_of(price, ASX_COMPONENT_REGISTER, registers, 0) +
                 asx_price_of(price, ASX_COMPONENT_MUX, bits * (unit->hold - 1), 0));
    unsigned stages = asx_log2_ceil(unit->positions);
    part[ASX_PART_SHIFT] += count * asx_price_of(price, ASX_COMPONENT_MUX, bits * stages, 0);
}

void asx_unit_add_column(double *part, double count, const asx_unit *unit, const asx_price *price)
{
    part[ASX_PART_ACCUMULATE] += count * asx_price_of(price, ASX_COMPONENT_ADD, unit->sum_bits, 0);
    asx_unit_add_registers(part, count, unit, price);
}
