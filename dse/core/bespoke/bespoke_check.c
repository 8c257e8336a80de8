/* What a bespoke classifier must be to be built. */
#include "dse/bespoke.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "bespoke_copies.h"
#include "dse/bits.h"
#include "dse/memory.h"

#define SUM_MAX ((int64_t)1 << 60)

/* With a cut, a greater input gives no smaller a copy, so that each side is greatest at the greatest input; without one
 * the product is as great as the input. */
static void add_product(int64_t *low, int64_t *high, int64_t weight, uint64_t v, unsigned cut)
{
    uint64_t plus, minus;
    asx_signed_digits(&plus, &minus, weight);
    if (cut == 0) {
        *(weight < 0 ? low : high) += weight * (int64_t)v;
        return;
    }
    *high += bespoke_copies(plus, v, cut);
    *low -= bespoke_copies(minus, v, cut);
}

void asx_bespoke_sum_bounds(int64_t *low, int64_t *high, const asx_bespoke_layer *l, size_t j,
                            const uint64_t *v_max)
{
    *low = *high = l->bias[j];
    for (size_t i = 0; i < l->inputs; i++) {
        const uint64_t wired = asx_low_bits(asx_bit_length(v_max[i])) & l->mask[j * l->inputs + i];
        add_product(low, high, l->weight[j * l->inputs + i], wired < v_max[i] ? wired : v_max[i],
                    l->cut[j]);
    }
}

void asx_bespoke_outputs_max(uint64_t *most, const asx_bespoke_layer *l, const uint64_t *v_max)
{
    for (size_t j = 0; j < l->outputs; j++) {
        int64_t low = 0, high = 0;
        asx_bespoke_sum_bounds(&low, &high, l, j, v_max);
        high = asx_bespoke_activate(l, high);
        most[j] = high > 0 ? (uint64_t)high : 0;
    }
}

static asx_status check_values(const asx_bespoke_layer *l, size_t at, asx_error *err)
{
    for (size_t k = 0; k < l->inputs * l->outputs; k++)
        if (l->weight[k] < -ASX_BESPOKE_WEIGHT_MAX || l->weight[k] > ASX_BESPOKE_WEIGHT_MAX)
            return asx_fail(err, ASX_EINVAL,
                            "layer %zu, neuron %zu, input %zu: weight %" PRId32
                            " is outside [-%d, %d]",
                            at, k / l->inputs, k % l->inputs, l->weight[k], ASX_BESPOKE_WEIGHT_MAX,
                            ASX_BESPOKE_WEIGHT_MAX);
    for (size_t j = 0; j < l->outputs; j++) {
        if (l->bias[j] < -ASX_BESPOKE_BIAS_MAX || l->bias[j] > ASX_BESPOKE_BIAS_MAX)
            return asx_fail(err, ASX_EINVAL,
                            "layer %zu, neuron %zu: bias %" PRId64 " is outside [-2^48, 2^48]", at,
                            j, l->bias[j]);
        if (l->cut[j] > ASX_BESPOKE_SHIFT_MAX)
            return asx_fail(err, ASX_EINVAL, "layer %zu, neuron %zu: cut %d is outside [0, %d]", at,
                            j, l->cut[j], ASX_BESPOKE_SHIFT_MAX);
    }
    return ASX_OK;
}

static asx_status check_activation(const asx_bespoke_layer *l, size_t at, bool last, asx_error *err)
{
    if (l->activation == ASX_BESPOKE_LINEAR && !last)
        return asx_fail(err, ASX_EINVAL,
                        "layer %zu: activation 'linear' is for the last layer only", at);
    if (l->activation != ASX_BESPOKE_SATURATING)
        return ASX_OK;
    if (l->drop > ASX_BESPOKE_SHIFT_MAX)
        return asx_fail(err, ASX_EINVAL, "layer %zu: %u dropped bits are outside [0, %d]", at,
                        l->drop, ASX_BESPOKE_SHIFT_MAX);
    if (l->max < 1 || l->max > UINT32_MAX || (l->max & (l->max + 1)) != 0)
        return asx_fail(err, ASX_EINVAL,
                        "layer %zu: largest output %" PRId64 " is not 2^n - 1 with n in [1, 32]",
                        at, l->max);
    return ASX_OK;
}

static asx_status check_sums(const asx_bespoke_layer *l, size_t at, bool last,
                             const uint64_t *v_max, asx_error *err)
{
    for (size_t j = 0; j < l->outputs; j++) {
        int64_t low = 0, high = 0;
        asx_bespoke_sum_bounds(&low, &high, l, j, v_max);
        if (low < -SUM_MAX || high > SUM_MAX)
            return asx_fail(err, ASX_EINVAL,
                            "layer %zu, neuron %zu: its sum needs more than 60 bits", at, j);
        high = asx_bespoke_activate(l, high);
        if (!last && high > UINT32_MAX)
            return asx_fail(err, ASX_EINVAL,
                            "layer %zu, neuron %zu: its output, up to %" PRId64
                            ", needs more than 32 bits",
                            at, j, high);
    }
    return ASX_OK;
}

static asx_status check_tree(const asx_bespoke *b, asx_error *err)
{
    const size_t n = b->layer[b->n_layers - 1].outputs;
    bool *used = asx_array_new(2 * n, sizeof *used);
    if (!used)
        return asx_fail(err, ASX_ENOMEM, "no memory for a bespoke network");
    asx_status status = ASX_OK;
    for (size_t i = 0; i + 1 < n && status == ASX_OK; i++) {
        const size_t side[2] = {b->compare[i].left, b->compare[i].right};
        for (int s = 0; s < 2 && status == ASX_OK; s++) {
            if (side[s] >= n + i)
                status = asx_fail(err, ASX_EINVAL,
                                  "comparison %zu takes value %zu, which is not made before it", i,
                                  side[s]);
            else if (used[side[s]])
                status =
                    asx_fail(err, ASX_EINVAL,
                             "comparison %zu takes value %zu, which is taken already", i, side[s]);
            else
                used[side[s]] = true;
        }
    }
    free(used);
    return status;
}

/* Layer after layer, as each is what the next one sees. */
static asx_status check_layers(const asx_bespoke *b, uint64_t *v_max, uint64_t *most,
                               asx_error *err)
{
    asx_status status = ASX_OK;
    for (size_t i = 0; i < b->layer[0].inputs; i++)
        v_max[i] = ((uint64_t)1 << b->input_bits[i]) - 1;
    for (size_t at = 0; at < b->n_layers && status == ASX_OK; at++) {
        const asx_bespoke_layer *l = &b->layer[at];
        const bool last = at + 1 == b->n_layers;
        status = check_values(l, at, err);
        if (status == ASX_OK)
            status = check_activation(l, at, last, err);
        if (status == ASX_OK)
            status = check_sums(l, at, last, v_max, err);
        if (status == ASX_OK)
            asx_bespoke_outputs_max(most, l, v_max);
        memcpy(v_max, most, l->outputs * sizeof *v_max);
    }
    return status;
}

static asx_status check_shape(const asx_bespoke *b, asx_error *err)
{
    for (size_t i = 0; i < b->layer[0].inputs; i++)
        if (b->input_bits[i] > ASX_BESPOKE_INPUT_BITS_MAX)
            return asx_fail(err, ASX_EINVAL, "input %zu: %d bits are outside [0, %d]", i,
                            b->input_bits[i], ASX_BESPOKE_INPUT_BITS_MAX);
    for (size_t at = 1; at < b->n_layers; at++)
        if (b->layer[at].inputs != b->layer[at - 1].outputs)
            return asx_fail(err, ASX_EINVAL, "layer %zu has %zu inputs, but %zu come", at,
                            b->layer[at].inputs, b->layer[at - 1].outputs);
    return ASX_OK;
}

asx_status asx_bespoke_check(const asx_bespoke *b, asx_error *err)
{
    asx_status status = check_shape(b, err);
    if (status != ASX_OK)
        return status;
    uint64_t *v_max = asx_array_new((size_t)2 * ASX_BESPOKE_WIDTH_MAX, sizeof *v_max);
    status = v_max ? check_layers(b, v_max, v_max + ASX_BESPOKE_WIDTH_MAX, err)
                   : asx_fail(err, ASX_ENOMEM, "no memory for a bespoke network");
    free(v_max);
    return status == ASX_OK ? check_tree(b, err) : status;
}
