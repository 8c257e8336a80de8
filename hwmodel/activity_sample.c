/* One transition, sampled: pairs of operands that follow one another, and in every word that a unit
 * makes of them the bits that differ. Counts are kept, since they do not depend on how long weights
 * are held: that only says how often a transition comes. */
#include <stdlib.h>
#include <string.h>

#include "activity_private.h"
#include "dse/memory.h"

enum { N_MULTIPLES = (ASX_ALPHABET_MAX + 1) / 2 };

/* Toggles of all samples of a transition, but for multiples and trees' sums of more than n rows. */
typedef struct counts {
    double input, weight, product, sign, turn, cells[2], rows[2];
    asx_digit_activity digit[ASX_WORD_DIGITS_MAX];
    double level[ASX_TREE_LEVELS_MAX + 1];
} counts;

/* What they are known by: no padding. */
typedef struct counts_key {
    asx_pool_key weight, input;
    uint64_t set[2];
    double likeness;
    uint64_t shape;
    uint32_t unused, order, from, to, same_weight, same_input, stream;
} counts_key;

typedef struct multiples_key {
    asx_pool_key input;
    double likeness;
    uint32_t n, stream, all, unused;
} multiples_key;

/* Bits of a multiple m x. */
static unsigned width(const asx_word *x, uint32_t multiple)
{
    unsigned bits = x->bits;
    for (; multiple > 1; multiple = (multiple + 1) / 2)
        bits++;
    return bits;
}

static int32_t odd_part(int32_t d)
{
    while (d > 0 && d % 2 == 0)
        d /= 2;
    return d;
}

/* Unsigned digits get the word's sign when they are joined. */
static int32_t magnitude(const asx_operand_draws *s, int32_t digit)
{
    return s->weight->digits == ASX_DIGITS_SIGNED ? digit : abs(digit);
}

static void set_digit(asx_sampled *op, const asx_sampling *s, unsigned i)
{
    for (unsigned k = 0; k < s->n; k++)
        op->digit[k] = magnitude(s->draws, s->draws->digit[i][op->weight[k]]);
}

/* The digits as they are set. */
static void compare_digit(counts *out, asx_sampling *s, unsigned to)
{
    const asx_word *word = s->draws->weight;
    asx_digit_activity *digit = &out->digit[to];
    const unsigned bits = asx_word_digit_bits(word, to), x_bits = s->draws->activation->bits;
    asx_sampled *const op[] = {&s->was, &s->now};
    unsigned changes = 0;
    digit->select = (double)asx_toggles(s->was.digit, s->now.digit, s->n,
                                        bits + (word->digits == ASX_DIGITS_SIGNED));
    for (unsigned i = 0; i < s->n; i++)
        changes += s->was.digit[i] != s->now.digit[i];
    digit->change = changes;
    for (int k = 0; k < 2; k++)
        for (unsigned i = 0; i < s->n; i++)
            op[k]->row[i] = abs(op[k]->digit[i]);
    digit->product = (double)asx_toggles_of_products(s->was.row, s->was.x, s->now.row, s->now.x,
                                                     s->n, x_bits + bits);
    for (int k = 0; k < 2; k++)
        for (unsigned i = 0; i < s->n; i++)
            op[k]->row[i] = odd_part(op[k]->row[i]);
    digit->alphabet = (double)asx_toggles_of_products(s->was.row, s->was.x, s->now.row, s->now.x,
                                                      s->n, x_bits + bits);
}

static void compare_digits(counts *out, asx_sampling *s)
{
    asx_sampled *const op[] = {&s->was, &s->now};
    for (int k = 0; k < 2; k++)
        memset(op[k]->sum, 0, sizeof op[k]->sum);
    for (unsigned i = 0; i < s->draws->n_digits; i++) {
        const unsigned at = i * s->draws->weight->digit_width;
        const unsigned bits = asx_word_digit_bits(s->draws->weight, i);
        for (int k = 0; k < 2; k++) {
            set_digit(op[k], s, i);
            for (unsigned j = 0; j < s->n; j++)
                op[k]->sum[j] += (int64_t)op[k]->digit[j] * op[k]->x[j] * ((int64_t)1 << at);
        }
        compare_digit(out, s, i);
        out->digit[i].partial = (double)asx_toggles_wide(s->was.sum, s->now.sum, s->n, 0,
                                                         s->draws->activation->bits + at + bits);
    }
}

/* Partial product number i of an exact multiplier, and the sum of the first i + 1. */
static void add_row(asx_sampled *op, unsigned n, unsigned i, bool booth, bool top)
{
    const int64_t place = (int64_t)1 << i;
    for (unsigned k = 0; k < n; k++) {
        const int32_t w = op->w[k];
        int32_t d = w >> i & 1;
        if (booth)
            d += (i ? w >> (i - 1) & 1 : 0) - 2 * (w >> (i + 1) & 1);
        op->row[k] = d * op->x[k];
        op->sum[k] += (top ? -(int64_t)op->row[k] : op->row[k]) * place;
    }
}

/* The sums' low bits are already the result's. */
static void compare_rows(counts *out, asx_sampling *s)
{
    const unsigned w_bits = s->draws->weight->bits, x_bits = s->draws->activation->bits;
    for (unsigned booth = 0; booth < 2; booth++) {
        memset(s->was.sum, 0, sizeof s->was.sum);
        memset(s->now.sum, 0, sizeof s->now.sum);
        for (unsigned i = 0; i < w_bits; i += 1 + booth) {
            const bool top = !booth && i == w_bits - 1;
            add_row(&s->was, s->n, i, booth, top);
            add_row(&s->now, s->n, i, booth, top);
            out->cells[booth] +=
                (double)asx_toggles(s->was.row, s->now.row, s->n, booth ? x_bits + 2 : x_bits);
            out->rows[booth] +=
                (double)asx_toggles_wide(s->was.sum, s->now.sum, s->n, i, x_bits + 1 + 2 * booth);
        }
    }
}

static void set_magnitudes(asx_sampled *op, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        op->digit[i] = abs(op->w[i]);
        op->row[i] = abs(op->x[i]);
    }
}

static void set_input_bits(asx_sampled *op, const asx_sampling *s, unsigned pass)
{
    const unsigned shift = asx_pass_input_shift(s->draws, pass);
    const int32_t mask = asx_pass_input_mask(s->draws);
    for (unsigned i = 0; i < s->n; i++)
        op->row[i] = op->x[i] >> shift & mask;
}

static void compare_words(counts *out, asx_sampling *s)
{
    const unsigned w_bits = s->draws->weight->bits, x_bits = s->draws->activation->bits;
    unsigned signs = 0;
    set_input_bits(&s->was, s, s->t.from);
    set_input_bits(&s->now, s, s->t.to);
    out->input = (double)asx_toggles(s->was.row, s->now.row, s->n, x_bits);
    set_magnitudes(&s->was, s->n);
    set_magnitudes(&s->now, s->n);
    out->product = (double)asx_toggles_of_products(s->was.digit, s->was.row, s->now.digit,
                                                   s->now.row, s->n, w_bits + x_bits);
    out->weight = (double)asx_toggles(s->was.w, s->now.w, s->n, w_bits);
    out->turn = s->t.from != s->t.to ? s->n : 0;
    for (unsigned i = 0; i < s->n; i++) {
        const int32_t v = s->was.w[i], w = s->now.w[i];
        signs += (v > 0) - (v < 0) != (w > 0) - (w < 0);
    }
    out->sign = signs;
}

static void set_products(asx_sampled *op, const asx_sampling *s, unsigned pass)
{
    const unsigned shift = asx_pass_input_shift(s->draws, pass);
    const int32_t mask = asx_pass_input_mask(s->draws);
    for (unsigned i = 0; i < s->n; i++)
        op->sum[i] = (int64_t)asx_pass_coefficient(s->draws, op->weight[i], pass) *
                     (op->x[i] >> shift & mask);
}

/* Sums of 2^i rows that follow one another, complete ones only. */
static void compare_levels(counts *out, asx_sampling *s)
{
    set_products(&s->was, s, s->t.from);
    set_products(&s->now, s, s->t.to);
    for (unsigned i = 0; i <= ASX_TREE_LEVELS_MAX && s->n >> i > 0; i++) {
        out->level[i] =
            (double)asx_toggles_wide(s->was.sum, s->now.sum, s->n >> i, 0, s->draws->row_bits + i);
        for (unsigned k = 0; k < s->n >> (i + 1); k++) {
            s->was.sum[k] = s->was.sum[2 * k] + s->was.sum[2 * k + 1];
            s->now.sum[k] = s->now.sum[2 * k] + s->now.sum[2 * k + 1];
        }
    }
}

static void count_turn(counts *out, asx_sampling *s, unsigned turn)
{
    const bool digits = !asx_word_is_plain(s->draws->weight);
    memset(out, 0, sizeof *out);
    asx_sampling_draw(s, turn);
    compare_words(out, s);
    if (s->draws->schedule.order == ASX_PASSES_ONE && digits) {
        compare_digits(out, s);
    } else if (digits) {
        set_digit(&s->was, s, s->t.from);
        set_digit(&s->now, s, s->t.to);
        compare_digit(out, s, s->t.to);
    } else if (s->draws->schedule.order == ASX_PASSES_ONE) {
        compare_rows(out, s);
    }
    compare_levels(out, s);
}

/* Means over the turns. */
static void count(counts *out, asx_sampling *s)
{
    counts one;
    double *const sum = (double *)out, *const value = (double *)&one;
    memset(out, 0, sizeof *out);
    for (unsigned turn = 0; turn < s->draws->turns; turn++) {
        count_turn(&one, s, turn);
        for (size_t i = 0; i < sizeof one / sizeof *value; i++)
            sum[i] += value[i] / s->draws->turns;
    }
}

static double likeness_of(const asx_sampling *s)
{
    return s->t.follows ? s->draws->likeness : 0;
}

static asx_status counts_get(const counts **out, asx_activity_store *store, asx_sampling *s,
                             const asx_operands *operands, asx_error *err)
{
    const asx_word *w = s->draws->weight;
    const counts_key key = {.weight = asx_pool_key_of(w, operands, true),
                            .input = asx_pool_key_of(s->draws->activation, operands, false),
                            .set = {w->set.odd[0], w->set.odd[1]},
                            .likeness = likeness_of(s),
                            .shape = asx_word_shape(w),
                            .order = s->draws->schedule.order,
                            .from = s->t.from,
                            .to = s->t.to,
                            .same_weight = s->t.same_weight,
                            .same_input = s->t.same_input,
                            .stream = s->t.stream};
    const void *found = asx_memo_find(store->transitions, &key);
    asx_status status = ASX_OK;
    if (!found) {
        counts made;
        count(&made, s);
        status = asx_memo_keep(&found, store->transitions, &key, &made, err);
    }
    if (status == ASX_OK)
        *out = found;
    return status;
}

/* Toggles of all multiples that words with digits like these may have; they are the activations'
 * matter alone. @param out  [N_MULTIPLES] */
static asx_status multiples_get(const double **out, asx_activity_store *store, asx_sampling *s,
                                const asx_operands *operands, asx_error *err)
{
    enum { USUAL = 15 }; /* of digits of 4 bits */
    const asx_word *x = s->draws->activation;
    const unsigned beyond = asx_alphabet_set_next(s->draws->weight->set, USUAL);
    const multiples_key key = {.input = asx_pool_key_of(x, operands, false),
                               .likeness = likeness_of(s),
                               .n = s->n,
                               .stream = s->t.stream,
                               .all = beyond > 0};
    const void *found = asx_memo_find(store->multiples, &key);
    asx_status status = ASX_OK;
    if (!found) {
        double made[N_MULTIPLES] = {0};
        const unsigned turns = s->draws->turns;
        for (unsigned turn = 0; turn < turns; turn++) {
            asx_sampling_draw(s, turn);
            for (unsigned a = 1; a <= (key.all ? ASX_ALPHABET_MAX : USUAL); a += 2)
                made[(a - 1) / 2] +=
                    (double)asx_toggles_of_multiples(a, s->was.x, s->now.x, s->n, width(x, a)) /
                    turns;
        }
        status = asx_memo_keep(&found, store->multiples, &key, made, err);
    }
    if (status == ASX_OK)
        *out = found;
    return status;
}

static void add_multiples(asx_activity *sum, const asx_sampling *s, const double *multiple)
{
    asx_alphabet_set set = asx_alphabet_set_with(s->draws->weight->set, 1);
    set = asx_alphabet_set_with(asx_alphabet_set_with(set, 3), 5);
    for (unsigned a = 0; (a = asx_alphabet_set_next(set, a));)
        sum->multiple[(a - 1) / 2] += s->t.count / s->n * multiple[(a - 1) / 2];
}

static void add_digits(asx_activity *sum, const asx_sampling *s, const counts *c)
{
    const double scale = s->t.count / s->n;
    for (unsigned i = 0; i < s->draws->n_digits; i++) {
        asx_digit_activity *to = &sum->digit[i];
        to->product += scale * c->digit[i].product;
        to->alphabet += scale * c->digit[i].alphabet;
        to->partial += scale * c->digit[i].partial;
        to->select += scale * c->digit[i].select;
        to->change += scale * c->digit[i].change;
    }
}

/* Means over a transition's samples, times its count. */
static void add_counts(asx_activity *sum, const asx_sampling *s, const counts *c)
{
    const double scale = s->t.count / s->n;
    sum->input += scale * c->input;
    sum->weight += scale * c->weight;
    sum->product += scale * c->product;
    sum->sign += scale * c->sign;
    sum->turn += scale * c->turn;
    for (int booth = 0; booth < 2; booth++) {
        sum->cells[booth] += scale * c->cells[booth];
        sum->rows[booth] += scale * c->rows[booth];
    }
    add_digits(sum, s, c);
    for (unsigned i = 0; i <= s->draws->levels && s->n >> i > 0; i++)
        sum->level[i] += s->t.count * c->level[i] / (s->n >> i);
}

asx_status asx_transition_add(asx_activity *sum, asx_activity_store *store,
                              const asx_operand_draws *draws, const asx_transition *transition,
                              const asx_operands *operands, asx_error *err)
{
    const counts *c = NULL;
    const double *multiple = NULL;
    asx_sampling *s = asx_array_new(1, sizeof *s);
    if (!s)
        return asx_fail(err, ASX_ENOMEM, "no memory for the activity of a unit");
    s->draws = draws;
    s->t = *transition;
    /* many transitions average by themselves */
    s->n = ASX_OPERAND_DRAWS / (draws->passes > 2 ? draws->passes / 2 : 1);
    asx_status status = counts_get(&c, store, s, operands, err);
    if (status == ASX_OK && !s->t.same_input)
        status = multiples_get(&multiple, store, s, operands, err);
    if (status == ASX_OK)
        add_counts(sum, s, c);
    if (multiple)
        add_multiples(sum, s, multiple);
    free(s);
    return status;
}

asx_status asx_activity_store_new(asx_activity_store **out, asx_error *err)
{
    asx_activity_store *store = asx_array_new(1, sizeof *store);
    if (!store)
        return asx_fail(err, ASX_ENOMEM, "no memory for activities");
    asx_status status = asx_memo_new(&store->pools, sizeof(asx_pool_key), sizeof(asx_pool), err);
    if (status == ASX_OK)
        status = asx_memo_new(&store->multiples, sizeof(multiples_key),
                              N_MULTIPLES * sizeof(double), err);
    if (status == ASX_OK)
        status = asx_memo_new(&store->transitions, sizeof(counts_key), sizeof(counts), err);
    if (status == ASX_OK)
        *out = store;
    else
        asx_activity_store_free(store);
    return status;
}

void asx_activity_store_free(asx_activity_store *store)
{
    if (!store)
        return;
    asx_memo_free(store->pools);
    asx_memo_free(store->multiples);
    asx_memo_free(store->transitions);
    free(store);
}
