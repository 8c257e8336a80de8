#include "need.h"

#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"

enum { NUMBERS_MAX = 128, SETS_MAX = 64 };

/* A unit, flat. */
typedef struct flat {
    uint32_t number[NUMBERS_MAX]; /* a union has the largest */
    uint64_t set[SETS_MAX];       /* a union has the OR */
    size_t n_numbers, n_sets;
} flat;

static void number(flat *out, uint32_t value)
{
    out->number[out->n_numbers++] = value;
}

static void set(flat *out, asx_alphabet_set value)
{
    out->set[out->n_sets++] = value.odd[0];
    out->set[out->n_sets++] = value.odd[1];
}

static void flatten_word(flat *out, const asx_word *word)
{
    number(out, word->bits);
    number(out, word->bits > 0 && !word->non_negative);
    set(out, word->set);
}

static void flatten_digit(flat *out, const asx_digit_unit *digit)
{
    number(out, digit->n_values);
    number(out, digit->shift_max);
    number(out, digit->multiple_bits);
    number(out, digit->value_bits);
    number(out, digit->offset);
    number(out, digit->sign);
    set(out, digit->set);
}

/* The fields that asx_unit_merge knows. */
static void flatten(flat *out, const asx_unit *unit)
{
    const unsigned plain[] = {
        unit->multiply_w, unit->multiply_x,  unit->n_digits,   unit->serial,       unit->sign,
        unit->segment,    unit->bit_serial,  unit->x_bits,     unit->product_bits, unit->tree_bits,
        unit->sum_bits,   unit->positions,   unit->latch_bits, unit->w_codes,      unit->x_values,
        unit->hold,       unit->lanes.serial};
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
        number(out, plain[i]);
    set(out, unit->bank);
    for (size_t i = 0; i < ASX_WORD_DIGITS_MAX; i++)
        flatten_digit(out, &unit->digit[i]);
    for (size_t q = ASX_DIGIT_WIDTH_MIN; q <= ASX_DIGIT_WIDTH_MAX; q++)
        for (size_t d = 0; d < 2; d++)
            flatten_word(out, &unit->lanes.asm_weight[q][d]);
    flatten_word(out, &unit->lanes.exact_weight);
    flatten_word(out, &unit->lanes.activation);
}

bool asx_unit_equal(const asx_unit *a, const asx_unit *b)
{
    flat x, y;
    flatten(&x, a);
    flatten(&y, b);
    return memcmp(x.number, y.number, sizeof x.number) == 0 &&
           memcmp(x.set, y.set, sizeof x.set) == 0;
}

/* FNV-1a, a word at a time, its high half folded in. */
uint64_t asx_unit_hash(const asx_unit *unit)
{
    flat x;
    uint64_t h = UINT64_C(14695981039346656037);
    flatten(&x, unit);
    for (size_t i = 0; i < x.n_numbers; i++)
        h = (h ^ x.number[i]) * UINT64_C(1099511628211);
    for (size_t i = 0; i < x.n_sets; i++)
        h = (h ^ x.set[i] ^ x.set[i] >> 32) * UINT64_C(1099511628211);
    return h ^ h >> 32;
}

/* Gives out the bits of the masks. */
typedef struct encoder {
    asx_need *need; /* [n] */
    const flat *unit;
    size_t n, n_bits;
} encoder;

static void give(encoder *e, bool (*has)(const flat *, size_t, uint64_t), size_t field,
                 uint64_t value)
{
    size_t bit = e->n_bits++, with = 0;
    for (size_t i = 0; i < e->n; i++)
        with += has(&e->unit[i], field, value);
    if (with == 0 || with == e->n) { /* all the same: no bit is needed */
        e->n_bits--;
        return;
    }
    for (size_t i = 0; bit < (size_t)64 * ASX_NEED_WORDS && i < e->n; i++)
        if (has(&e->unit[i], field, value))
            e->need[i].word[bit / 64] |= (uint64_t)1 << bit % 64;
}

static bool has_bit(const flat *unit, size_t field, uint64_t bit)
{
    return unit->set[field] >> bit & 1;
}

static bool reaches(const flat *unit, size_t field, uint64_t value)
{
    return unit->number[field] >= value;
}

static void give_all(encoder *e)
{
    for (size_t f = 0; f < e->unit[0].n_sets; f++)
        for (uint64_t bit = 0; bit < 64; bit++)
            give(e, has_bit, f, bit);
    for (size_t f = 0; f < e->unit[0].n_numbers; f++) {
        for (uint64_t least = 0, next; least < UINT32_MAX; least = next) {
            next = UINT32_MAX; /* the next larger value that occurs */
            for (size_t i = 0; i < e->n; i++)
                if (e->unit[i].number[f] > least && e->unit[i].number[f] < next)
                    next = e->unit[i].number[f];
            if (next < UINT32_MAX)
                give(e, reaches, f, next);
        }
    }
}

asx_status asx_need_encode(asx_need *out, const asx_unit *unit, size_t n, asx_error *err)
{
    flat *all = asx_array_new(n, sizeof *all);
    if (!all)
        return asx_fail(err, ASX_ENOMEM, "no memory for the needs of layers");
    for (size_t i = 0; i < n; i++)
        flatten(&all[i], &unit[i]);
    memset(out, 0, n * sizeof *out);
    encoder e = {out, all, n, 0};
    give_all(&e);
    free(all);
    return e.n_bits <= (size_t)64 * ASX_NEED_WORDS
               ? ASX_OK
               : asx_fail(err, ASX_EUNSUPPORTED,
                          "formats differ in %zu ways, a table of costs tells %d apart", e.n_bits,
                          64 * ASX_NEED_WORDS);
}
