/* A bespoke classifier computed by its definition. */
#include "bespoke_copies.h"
#include "dse/bespoke.h"

#include <stdbool.h>

#include "dse/bits.h"

int64_t asx_bespoke_activate(const asx_bespoke_layer *layer, int64_t sum)
{
    if (layer->activation == ASX_BESPOKE_LINEAR)
        return sum;
    const int64_t positive = sum < 0 ? 0 : sum;
    if (layer->activation == ASX_BESPOKE_RELU)
        return positive;
    return (positive >> layer->drop) < layer->max ? positive >> layer->drop : layer->max;
}

static int64_t neuron(const asx_bespoke_layer *l, size_t j, const int64_t *v)
{
    int64_t sum = l->bias[j];
    for (size_t i = 0; i < l->inputs; i++) {
        const uint64_t wired = (uint64_t)v[i] & l->mask[j * l->inputs + i];
        uint64_t plus, minus;
        asx_signed_digits(&plus, &minus, l->weight[j * l->inputs + i]);
        sum += bespoke_copies(plus, wired, l->cut[j]) - bespoke_copies(minus, wired, l->cut[j]);
    }
    return sum;
}

static size_t greatest(const asx_bespoke_compare *compare, size_t n, const int64_t *output,
                       int64_t *winner)
{
    for (size_t i = 0; i < n; i++)
        winner[i] = (int64_t)i;
    for (size_t i = 0; i + 1 < n; i++) {
        const asx_bespoke_compare *c = &compare[i];
        const int64_t left = output[winner[c->left]], right = output[winner[c->right]];
        const bool wins =
            c->bits ? ((uint64_t)left & c->bits) >= ((uint64_t)right & c->bits) : left >= right;
        winner[n + i] = winner[wins ? c->left : c->right];
    }
    return (size_t)winner[2 * n - 2];
}

size_t asx_bespoke_widest(const asx_bespoke *b)
{
    size_t most = b->layer[0].inputs;
    for (size_t i = 0; i < b->n_layers; i++)
        most = b->layer[i].outputs > most ? b->layer[i].outputs : most;
    return most;
}

size_t asx_bespoke_work(const asx_bespoke *b)
{
    return 3 * asx_bespoke_widest(b);
}

size_t asx_bespoke_run(const asx_bespoke *b, const uint32_t *row, int64_t *work)
{
    const size_t n = asx_bespoke_widest(b), last = b->n_layers - 1;
    int64_t *v = work + n, *out = work;
    if (last % 2 != 0) { /* so that the last layer's outputs come to the front */
        v = work;
        out = work + n;
    }
    for (size_t i = 0; i < b->layer[0].inputs; i++)
        v[i] = row[i] & ((1u << b->input_bits[i]) - 1);
    for (size_t at = 0; at <= last; at++) {
        for (size_t j = 0; j < b->layer[at].outputs; j++)
            out[j] = asx_bespoke_activate(&b->layer[at], neuron(&b->layer[at], j, v));
        int64_t *swap = v;
        v = out;
        out = swap;
    }
    return greatest(b->compare, b->layer[last].outputs, work, work + n);
}
