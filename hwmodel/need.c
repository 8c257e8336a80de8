#include "need.h"

#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"

enum { NUMBERS_MAX = 256, SETS_MAX = 192 };

/* A unit, flat. */
typedef struct flat {
    uint32_t number[NUMBERS_MAX]; /* a union has the largest */
    uint64_t set[SETS_MAX];       /* a union has the OR */
    size_t n_numbers, n_sets;
} flat;

/* Carries a unit's fields into a flat one, or back: one list of them serves both. */
typedef struct carrier {
    flat *flat;
    bool back;
} carrier;

static void carry_number(carrier *c, unsigned *value)
{
    uint32_t *at = &c->flat->number[c->flat->n_numbers++];
    if (c->back)
        *value = *at;
    else
        *at = *value;
}

static void carry_flag(carrier *c, bool *value)
{
    unsigned number = *value;
    carry_number(c, &number);
    *value = number > 0;
}

static void carry_set(carrier *c, asx_alphabet_set *value)
{
    for (int i = 0; i < 2; i++) {
        uint64_t *at = &c->flat->set[c->flat->n_sets++];
        if (c->back)
            value->odd[i] = *at;
        else
            *at = value->odd[i];
    }
}

static void carry_word(carrier *c, asx_word *word)
{
    bool sign = word->bits > 0 && !word->non_negative;
    carry_number(c, &word->bits);
    carry_flag(c, &sign);
    carry_set(c, &word->set);
    word->non_negative = word->bits > 0 && !sign;
}

static void carry_slot(carrier *c, asx_word *word, unsigned slot)
{
    carry_word(c, word);
    if (word->bits > 0)
        asx_slot_fill(word, slot);
}

static void carry_digit(carrier *c, asx_digit_unit *digit)
{
    carry_number(c, &digit->n_values);
    carry_number(c, &digit->shift_max);
    carry_number(c, &digit->multiple_bits);
    carry_number(c, &digit->value_bits);
    carry_number(c, &digit->offset);
    carry_flag(c, &digit->sign);
    carry_set(c, &digit->set);
}

static void carry_lanes(carrier *c, asx_lane_union *lanes)
{
    carry_flag(c, &lanes->serial);
    for (unsigned slot = 0; slot < ASX_N_SLOTS; slot++)
        carry_slot(c, &lanes->asm_weight[slot], slot);
    carry_word(c, &lanes->exact_weight);
    carry_word(c, &lanes->activation);
}

static void carry_columns(carrier *c, asx_column_union *columns)
{
    for (unsigned s = 0; s < 2; s++)
        for (unsigned slot = 0; slot < ASX_N_SLOTS; slot++)
            carry_slot(c, &columns->asm_weight[s][slot], slot);
    for (unsigned k = 0; k < ASX_N_CIRCUIT_KINDS; k++)
        carry_word(c, &columns->exact_weight[k]);
    carry_word(c, &columns->activation);
    uint64_t *at = &c->flat->set[c->flat->n_sets++];
    if (c->back)
        columns->trees = *at;
    else
        *at = columns->trees;
}

/* The fields that asx_unit_merge knows. */
static void carry(carrier *c, asx_unit *unit)
{
    unsigned *const number[] = {
        &unit->multiply_w, &unit->multiply_x,    &unit->n_digits,      &unit->segment,
        &unit->bit_serial, &unit->x_bits,        &unit->product_bits,  &unit->tree_bits,
        &unit->sum_bits,   &unit->positions,     &unit->latch_bits,    &unit->w_codes,
        &unit->x_values,   &unit->hold,          &unit->weight_buffer, &unit->line_buffer,
        &unit->sum_memory, &unit->pipeline_bits, &unit->gate_bits};
    for (size_t i = 0; i < sizeof number / sizeof number[0]; i++)
        carry_number(c, number[i]);
    carry_flag(c, &unit->serial);
    carry_flag(c, &unit->sign);
    carry_set(c, &unit->bank);
    for (size_t i = 0; i < ASX_WORD_DIGITS_MAX; i++)
        carry_digit(c, &unit->digit[i]);
    carry_lanes(c, &unit->lanes);
    carry_columns(c, &unit->columns);
}

static void flatten(flat *out, const asx_unit *unit)
{
    asx_unit copy = *unit;
    carrier c = {out, false};
    memset(out, 0, sizeof *out);
    carry(&c, &copy);
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

struct asx_need_code {
    flat least; /* what all units have */
    size_t n_bits;
    struct {
        bool of_set;
        size_t field;
        uint64_t value; /* the number reached, or a bit of the set */
    } bit[64 * ASX_NEED_WORDS];
};

/* Gives out the bits of the masks. */
typedef struct encoder {
    asx_need *need; /* [n] */
    const flat *unit;
    size_t n, n_bits; /* n_bits: also those beyond what masks and code hold */
    asx_need_code *code;
} encoder;

static bool has(const flat *unit, bool of_set, size_t field, uint64_t value)
{
    return of_set ? unit->set[field] & value : unit->number[field] >= value;
}

static void give(encoder *e, bool of_set, size_t field, uint64_t value)
{
    size_t with = 0;
    for (size_t i = 0; i < e->n; i++)
        with += has(&e->unit[i], of_set, field, value);
    if (with == 0 || with == e->n) /* all the same: no bit is needed */
        return;
    const size_t bit = e->n_bits++;
    if (bit >= (size_t)64 * ASX_NEED_WORDS)
        return;
    e->code->bit[bit].of_set = of_set;
    e->code->bit[bit].field = field;
    e->code->bit[bit].value = value;
    for (size_t i = 0; i < e->n; i++)
        if (has(&e->unit[i], of_set, field, value))
            e->need[i].word[bit / 64] |= (uint64_t)1 << bit % 64;
}

static void find_least(encoder *e)
{
    flat *least = &e->code->least;
    *least = e->unit[0];
    for (size_t i = 1; i < e->n; i++) {
        for (size_t f = 0; f < least->n_sets; f++)
            least->set[f] &= e->unit[i].set[f];
        for (size_t f = 0; f < least->n_numbers; f++)
            if (e->unit[i].number[f] < least->number[f])
                least->number[f] = e->unit[i].number[f];
    }
}

static void give_all(encoder *e)
{
    for (size_t f = 0; f < e->unit[0].n_sets; f++)
        for (unsigned bit = 0; bit < 64; bit++)
            give(e, true, f, (uint64_t)1 << bit);
    for (size_t f = 0; f < e->unit[0].n_numbers; f++) {
        for (uint64_t least = 0, next; least < UINT32_MAX; least = next) {
            next = UINT32_MAX; /* the next larger value that occurs */
            for (size_t i = 0; i < e->n; i++)
                if (e->unit[i].number[f] > least && e->unit[i].number[f] < next)
                    next = e->unit[i].number[f];
            if (next < UINT32_MAX)
                give(e, false, f, next);
        }
    }
}

asx_status asx_need_encode(asx_need *out, asx_need_code **code, const asx_unit *unit, size_t n,
                           asx_error *err)
{
    flat *all = asx_array_new(n, sizeof *all);
    encoder e = {out, all, n, 0, asx_array_new(1, sizeof *e.code)};
    asx_status status = ASX_OK;
    if (!all || !e.code) {
        status = asx_fail(err, ASX_ENOMEM, "no memory for the needs of layers");
    } else {
        for (size_t i = 0; i < n; i++)
            flatten(&all[i], &unit[i]);
        memset(out, 0, n * sizeof *out);
        find_least(&e);
        give_all(&e);
        e.code->n_bits = e.n_bits;
        if (e.n_bits > (size_t)64 * ASX_NEED_WORDS)
            status = asx_fail(err, ASX_EUNSUPPORTED,
                              "formats differ in %zu ways, a table of costs tells %d apart",
                              e.n_bits, 64 * ASX_NEED_WORDS);
    }
    free(all);
    if (status == ASX_OK && code)
        *code = e.code;
    else
        asx_need_code_free(e.code);
    return status;
}

void asx_need_decode(asx_unit *out, const asx_need_code *code, const asx_need *need)
{
    flat all = code->least;
    for (size_t i = 0; i < code->n_bits; i++) {
        if (!(need->word[i / 64] >> i % 64 & 1))
            continue;
        const size_t f = code->bit[i].field;
        if (code->bit[i].of_set)
            all.set[f] |= code->bit[i].value;
        else if (code->bit[i].value > all.number[f])
            all.number[f] = (uint32_t)code->bit[i].value;
    }
    carrier c = {&all, true};
    all.n_numbers = all.n_sets = 0;
    memset(out, 0, sizeof *out);
    carry(&c, out);
}

void asx_need_code_free(asx_need_code *code)
{
    free(code);
}
