#include "bespoke_terms.h"

#include <stdlib.h>
#include <string.h>

#include "dse/bits.h"
#include "dse/memory.h"

static bool push(asx_bespoke_terms *t, const asx_bespoke_term *term)
{
    asx_bespoke_term *grown = asx_array_grow(t->term, &t->capacity, t->n + 1, sizeof *grown);
    if (!grown)
        return false;
    t->term = grown;
    t->term[t->n++] = *term;
    return true;
}

/* All bits that a number up to `max` can have set. */
static uint64_t bits_up_to(uint64_t max)
{
    uint64_t bits = max;
    for (unsigned shift = 1; shift < 64; shift *= 2)
        bits |= bits >> shift;
    return bits;
}

/* The copies of a product: those that see the same bits are one term. */
static bool add_product(asx_bespoke_terms *t, double *reach, const asx_bespoke_layer *l, size_t j,
                        size_t i, uint64_t reachable)
{
    const size_t at = j * l->inputs + i, first = t->n;
    uint64_t plus, minus;
    asx_signed_digits(&plus, &minus, l->weight[at]);
    for (unsigned k = 0; (plus | minus) >> k != 0; k++) {
        const unsigned lost = l->cut[j] > k ? l->cut[j] - k : 0;
        const uint64_t below = lost < 64 ? ((uint64_t)1 << lost) - 1 : UINT64_MAX;
        const uint32_t mask = (uint32_t)(l->mask[at] & reachable & ~below);
        const int64_t weight = (int64_t)(plus >> k & 1) - (int64_t)(minus >> k & 1);
        if (weight == 0 || mask == 0)
            continue;
        *reach += (double)mask * (double)((uint64_t)1 << k);
        const asx_bespoke_term term = {i, mask, weight * ((int64_t)1 << k)};
        if (t->n > first && t->term[t->n - 1].mask == mask)
            t->term[t->n - 1].weight += term.weight;
        else if (!push(t, &term))
            return false;
    }
    return true;
}

static bool add_neuron(asx_bespoke_terms *t, double *reach, const asx_bespoke_layer *l, size_t j,
                       const uint64_t *v_max)
{
    const size_t first = t->n;
    bool ok = true;
    for (size_t i = 0; ok && i < l->inputs; i++)
        ok = add_product(t, reach, l, j, i, bits_up_to(v_max[i]));
    while (ok && t->n % ASX_BESPOKE_TERMS != 0)
        ok = push(t, &(asx_bespoke_term){0});
    size_t *grown =
        ok ? asx_array_grow(t->start, &t->start_capacity, t->n_neurons + 2, sizeof *grown) : NULL;
    if (!grown)
        return false;
    t->start = grown;
    t->start[t->n_neurons++] = first;
    t->start[t->n_neurons] = t->n;
    return true;
}

/* Partial sums stay below the sum of all magnitudes. It is computed in double, which cannot overflow, is exact up to 2^53,
 * and far above 2^31 where it is not. @param v_max  of the layer's inputs, then of its outputs */
static bool add_layer(asx_bespoke_terms *t, const asx_bespoke_layer *l, uint64_t *v_max,
                      uint64_t *most)
{
    bool ok = true;
    for (size_t i = 0; i < l->inputs; i++)
        t->fits_in_32 = t->fits_in_32 && v_max[i] <= INT32_MAX;
    for (size_t j = 0; ok && j < l->outputs; j++) {
        double reach = l->bias[j] < 0 ? -(double)l->bias[j] : (double)l->bias[j];
        ok = add_neuron(t, &reach, l, j, v_max);
        t->fits_in_32 = t->fits_in_32 && reach <= INT32_MAX;
    }
    asx_bespoke_outputs_max(most, l, v_max);
    memcpy(v_max, most, l->outputs * sizeof *most);
    return ok;
}

asx_status asx_bespoke_terms_make(asx_bespoke_terms *t, const asx_bespoke *b, asx_error *err)
{
    const size_t n = asx_bespoke_widest(b);
    uint64_t *v_max = asx_array_new(2 * n, sizeof *v_max);
    bool ok = v_max != NULL;
    t->n = t->n_neurons = 0;
    t->fits_in_32 = true;
    for (size_t i = 0; ok && i < b->layer[0].inputs; i++)
        v_max[i] = ((uint64_t)1 << b->input_bits[i]) - 1;
    for (size_t at = 0; ok && at < b->n_layers; at++)
        ok = add_layer(t, &b->layer[at], v_max, v_max + n);
    /* negative outputs are compared as unsigned numbers of 64 bits: of 32 they would lose what is above */
    for (size_t i = 0; i + 1 < b->layer[b->n_layers - 1].outputs; i++)
        t->fits_in_32 = t->fits_in_32 && b->compare[i].bits <= UINT32_MAX;
    free(v_max);
    return ok ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for a bespoke network's products");
}

void asx_bespoke_terms_fini(asx_bespoke_terms *t)
{
    free(t->term);
    free(t->start);
    *t = (asx_bespoke_terms){0};
}
