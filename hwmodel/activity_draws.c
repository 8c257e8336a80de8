/* Operands of a simulation of activity: stratified samples of their distributions, in fixed
 * pseudo-random orders, and what a pass makes of them. */
#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>

#include "activity_private.h"
#include "dse/grid.h"
#include "dse/memory.h"
#include "dse/number.h"
#include "dse/seed.h"
#include "dse/vectorised.h"

/* TURNS: sampled as often where distributions are a network's own. */
enum { SEED = 1, POSITIONS_MAX = 64, TURNS = 8 };

/* Sigmas as the reference data's source states them. */
const asx_operands asx_operands_uniform = {.uniform = true, .hold = 1};
const asx_operands asx_operands_nn = {
    .weight_sigma = 1. / 3, .activation_sigma = 1. / 3, .truncate = true, .hold = 1};
const asx_operands asx_operands_nn_ws = {
    .weight_sigma = 1. / 3, .activation_sigma = 1. / 3, .truncate = true, .hold = 64};

/* A quantile of 8-bit codes as a word of any length. */
static int32_t quantile_at(double u, const asx_word *word, const int16_t *quantile)
{
    const double at = u * (ASX_OPERAND_KNOTS - 1);
    const unsigned k = at < ASX_OPERAND_KNOTS - 1 ? (unsigned)at : ASX_OPERAND_KNOTS - 2;
    const double code = quantile[k] + (at - k) * (quantile[k + 1] - quantile[k]);
    return (int32_t)round(code / (word->non_negative ? 255 : 127) * (double)asx_word_max(word));
}

static int32_t value_at(double u, const asx_word *word, const asx_operands *o, double sigma)
{
    double low = word->non_negative ? 0 : -(double)asx_word_max(word);
    double high = (double)asx_word_max(word);
    if (o->uniform)
        return (int32_t)(low + floor(u * (high - low + 1)));
    /* half-normal where the word has no sign */
    double z = word->non_negative ? gsl_cdf_ugaussian_Pinv(.5 + u / 2) : gsl_cdf_ugaussian_Pinv(u);
    double value = sigma * (o->truncate ? high + 1 : high) * z;
    return (int32_t)(o->truncate ? fmax(low, fmin(high, trunc(value)))
                                 : round(fmax(low, fmin(high, value))));
}

asx_pool_key asx_pool_key_of(const asx_word *word, const asx_operands *o, bool weight)
{
    asx_pool_key key = {.bits = word->bits,
                        .non_negative = word->non_negative,
                        .uniform = o->uniform,
                        .stream = !weight,
                        .without_zeros = !weight && o->gated};
    if (o->uniform)
        return key;
    key.truncate = o->truncate;
    if (o->weight_quantile)
        key.number = weight ? o->weight_number : o->activation_number;
    else
        key.sigma = weight ? o->weight_sigma : o->activation_sigma;
    key.zero = weight || o->gated ? 0 : o->zero;
    return key;
}

/* What is not 0 stands for as many draws as before, in order. */
static void spread_nonzero(asx_pool *pool)
{
    const asx_pool all = *pool;
    uint32_t n = 0;
    for (unsigned i = 0; i < ASX_OPERAND_DRAWS; i++)
        if (all.value[i] != 0)
            pool->value[n++] = all.value[i];
    const asx_pool some = *pool;
    for (unsigned i = 0; n > 0 && i < ASX_OPERAND_DRAWS; i++)
        pool->value[i] = some.value[i * n / ASX_OPERAND_DRAWS];
}

static asx_status pool_get(const int32_t **out, asx_activity_store *store, const asx_word *word,
                           const asx_operands *o, bool weight, asx_error *err)
{
    const int16_t *quantile = weight ? o->weight_quantile : o->activation_quantile;
    const asx_pool_key key = asx_pool_key_of(word, o, weight);
    const void *found = asx_memo_find(store->pools, &key);
    asx_status status = ASX_OK;
    if (!found) {
        asx_pool made;
        for (unsigned i = 0; i < ASX_OPERAND_DRAWS; i++) {
            const double u = (i + asx_seed_uniform(SEED, key.stream, i)) / ASX_OPERAND_DRAWS;
            const double v = (u - key.zero) / (1 - key.zero);
            if (v > 0 && quantile && !o->uniform)
                made.value[i] = quantile_at(v, word, quantile);
            else
                made.value[i] = v <= 0 ? 0 : value_at(v, word, o, key.sigma);
        }
        if (key.without_zeros)
            spread_nonzero(&made);
        status = asx_memo_keep(&found, store->pools, &key, &made, err);
    }
    if (status == ASX_OK)
        *out = ((const asx_pool *)found)->value;
    return status;
}

/* Strata ascend, so equal weights stand in a row. */
static void set_digits(asx_operand_draws *s)
{
    for (unsigned at = 0; at < ASX_OPERAND_DRAWS; at++) {
        const bool again = at > 0 && s->w[at] == s->w[at - 1];
        int32_t digit[ASX_WORD_DIGITS_MAX];
        for (unsigned i = 0; again && i < s->n_digits; i++)
            s->digit[i][at] = s->digit[i][at - 1];
        if (again || !asx_word_split(digit, s->weight, s->w[at]))
            continue;
        for (unsigned i = 0; i < s->n_digits; i++)
            s->digit[i][at] = digit[i];
    }
}

/* Weights as they are represented, and their digits. */
static asx_status set_weights(asx_operand_draws *s, const int32_t *drawn, asx_error *err)
{
    asx_grid *grid = NULL;
    const asx_status status = asx_grid_new(&grid, s->weight, err);
    for (unsigned i = 0; status == ASX_OK && i < ASX_OPERAND_DRAWS; i++)
        s->w[i] = asx_grid_nearest(grid, drawn[i]);
    if (status == ASX_OK && !asx_word_is_plain(s->weight))
        set_digits(s);
    asx_grid_free(grid);
    return status;
}

static unsigned passes_of(const asx_operand_draws *s)
{
    switch (s->schedule.order) {
    case ASX_PASSES_INNER:
    case ASX_PASSES_OUTER:
        return s->n_digits;
    case ASX_PASSES_WEIGHT_BITS:
        return s->weight->bits;
    case ASX_PASSES_ACTIVATION_BITS:
        return s->activation->bits;
    default:
        return 1;
    }
}

/* Bits of a pass's product with its sign. */
static unsigned row_bits_of(const asx_operand_draws *s)
{
    const unsigned w = s->weight->bits, x = s->activation->bits;
    switch (s->schedule.order) {
    case ASX_PASSES_INNER:
    case ASX_PASSES_OUTER:
        return asx_word_digit_bits(s->weight, 0) + x + 1;
    case ASX_PASSES_WEIGHT_BITS:
        return x;
    case ASX_PASSES_ACTIVATION_BITS:
        return w;
    default:
        return w + x;
    }
}

/* Words that are 0, by themselves or by rounding. */
static asx_status find_idle(asx_operand_draws *s, asx_activity_store *store,
                            const asx_operands *operands, asx_error *err)
{
    asx_operands ungated = *operands;
    const int32_t *input = NULL;
    unsigned zeros = 0;
    ungated.gated = false;
    const asx_status status = pool_get(&input, store, s->activation, &ungated, false, err);
    for (unsigned i = 0; status == ASX_OK && i < ASX_OPERAND_DRAWS; i++)
        zeros += input[i] == 0;
    s->idle = (double)zeros / ASX_OPERAND_DRAWS;
    return status;
}

static asx_status set_likeness(asx_operand_draws *s, double likeness, asx_error *err)
{
    s->normal = asx_array_new(ASX_OPERAND_DRAWS, sizeof *s->normal);
    if (!s->normal)
        return asx_fail(err, ASX_ENOMEM, "no memory for the activity of a unit");
    s->likeness = likeness;
    for (unsigned i = 0; i < ASX_OPERAND_DRAWS; i++)
        s->normal[i] = gsl_cdf_ugaussian_Pinv((i + .5) / ASX_OPERAND_DRAWS);
    return ASX_OK;
}

static asx_status prepare(asx_operand_draws *s, asx_activity_store *store,
                          const asx_operands *operands, asx_error *err)
{
    asx_status status = asx_word_check(s->activation, err);
    if (status == ASX_OK)
        status = asx_word_check(s->weight, err);
    if (status != ASX_OK)
        return status;
    const bool digits = !asx_word_is_plain(s->weight);
    const bool bits = s->schedule.order >= ASX_PASSES_WEIGHT_BITS;
    if (s->schedule.order != ASX_PASSES_ONE && digits == bits)
        return asx_fail(err, ASX_EINVAL, "%s words cannot be worked %s at a time",
                        digits ? "alphabet set" : "plain", bits ? "a bit" : "a digit");
    s->n_digits = asx_word_n_digits(s->weight);
    s->passes = passes_of(s);
    s->row_bits = row_bits_of(s);
    s->sum_bits = s->weight->bits + s->activation->bits + 4;
    s->levels = s->schedule.rows > 1 ? asx_log2_ceil(s->schedule.rows) : 0;
    if (s->levels > ASX_TREE_LEVELS_MAX)
        return asx_fail(err, ASX_EINVAL, "a column of %u rows, at most %d are allowed",
                        s->schedule.rows, ASX_COLUMN_ROWS_MAX);
    s->hold = operands->hold > 0 ? operands->hold : 1;
    s->turns = operands->weight_quantile ? TURNS : 1;
    s->positions = s->hold < POSITIONS_MAX ? s->hold : POSITIONS_MAX;
    const int32_t *drawn = NULL;
    status = pool_get(&drawn, store, s->weight, operands, true, err);
    if (status == ASX_OK)
        status = pool_get(&s->input, store, s->activation, operands, false, err);
    if (status == ASX_OK && operands->gated)
        status = find_idle(s, store, operands, err);
    if (status == ASX_OK && operands->likeness > 0 && !operands->uniform)
        status = set_likeness(s, operands->likeness, err);
    return status == ASX_OK ? set_weights(s, drawn, err) : status;
}

asx_status asx_operand_draws_new(asx_operand_draws **out, asx_activity_store *store,
                                 const asx_word *weight, const asx_word *activation,
                                 const asx_operands *operands, const asx_schedule *schedule,
                                 asx_error *err)
{
    asx_operand_draws *s = asx_array_new(1, sizeof *s);
    if (!s)
        return asx_fail(err, ASX_ENOMEM, "no memory for the activity of a unit");
    s->weight = weight;
    s->activation = activation;
    s->schedule = schedule ? *schedule : (asx_schedule){.order = ASX_PASSES_ONE};
    asx_status status = prepare(s, store, operands, err);
    if (status == ASX_OK)
        *out = s;
    else
        asx_operand_draws_free(s);
    return status;
}

void asx_operand_draws_free(asx_operand_draws *draws)
{
    if (draws)
        free(draws->normal);
    free(draws);
}

/* A permutation of 0 .. ASX_OPERAND_DRAWS - 1 per stream and turn through it: additions, odd
 * multipliers and xor-shifts are bijective. Mixing as splitmix64 (Steele et al., OOPSLA 2014). */
ASX_VECTORISED static void permute(uint16_t *out, uint64_t stream, uint64_t through)
{
    const uint32_t mask = ASX_OPERAND_DRAWS - 1;
    uint64_t turn = (stream << 32 | through) + UINT64_C(0x9e3779b97f4a7c15);
    turn = (turn ^ turn >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    turn = (turn ^ turn >> 27) * UINT64_C(0x94d049bb133111eb);
    turn ^= turn >> 31;
    for (uint32_t i = 0; i < ASX_OPERAND_DRAWS; i++) {
        uint32_t v = i;
        for (int round = 0; round < 3; round++) {
            v = (v + (uint32_t)(turn >> (11 * round))) & mask;
            v = v * ((uint32_t)(turn >> (8 * round + 16)) | 1) & mask;
            v ^= v >> 5;
        }
        out[i] = (uint16_t)v;
    }
}

void asx_draw_weights(uint16_t *out, uint64_t stream, uint64_t turn)
{
    permute(out, 2 * stream, turn);
}

void asx_draw_inputs(uint16_t *out, uint64_t stream, uint64_t turn)
{
    permute(out, 2 * stream + 1, turn);
}

bool asx_passes_hold(const asx_operand_draws *s)
{
    return s->schedule.order == ASX_PASSES_OUTER || s->schedule.order == ASX_PASSES_WEIGHT_BITS;
}

int32_t asx_pass_coefficient(const asx_operand_draws *s, unsigned at, unsigned pass)
{
    switch (s->schedule.order) {
    case ASX_PASSES_INNER:
    case ASX_PASSES_OUTER:
        return s->digit[pass][at];
    case ASX_PASSES_WEIGHT_BITS:
        return s->w[at] >> (s->weight->bits - 1 - pass) & 1;
    default:
        return s->w[at];
    }
}

unsigned asx_pass_input_shift(const asx_operand_draws *s, unsigned pass)
{
    return s->schedule.order == ASX_PASSES_ACTIVATION_BITS ? s->activation->bits - 1 - pass : 0;
}

int32_t asx_pass_input_mask(const asx_operand_draws *s)
{
    return s->schedule.order == ASX_PASSES_ACTIVATION_BITS ? 1 : -1;
}

unsigned asx_pass_place(const asx_operand_draws *s, unsigned pass)
{
    switch (s->schedule.order) {
    case ASX_PASSES_INNER:
    case ASX_PASSES_OUTER:
        return pass * s->weight->digit_width;
    case ASX_PASSES_WEIGHT_BITS:
        return s->weight->bits - 1 - pass;
    case ASX_PASSES_ACTIVATION_BITS:
        return s->activation->bits - 1 - pass;
    default:
        return 0;
    }
}

bool asx_pass_subtracts(const asx_operand_draws *s, unsigned pass)
{
    return s->schedule.order == ASX_PASSES_WEIGHT_BITS && pass == 0;
}
