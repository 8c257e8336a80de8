/* Bespoke classifiers in memory. */
#include "dse/bespoke.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "bespoke_copies.h"
#include "dse/memory.h"

enum { INPUT_BITS = 4 };

const char *const bespoke_activations[] = {
#define ASX_TEXT(name, text) text,
    ASX_BESPOKE_ACTIVATION_LIST(ASX_TEXT)
#undef ASX_TEXT
        NULL};

static void layer_fini(asx_bespoke_layer *l)
{
    free(l->weight);
    free(l->mask);
    free(l->bias);
    free(l->cut);
}

void asx_bespoke_free(asx_bespoke *b)
{
    if (!b)
        return;
    for (size_t i = 0; b->layer && i < b->n_layers; i++)
        layer_fini(&b->layer[i]);
    free(b->layer);
    free(b->input_bits);
    free(b->compare);
    free(b);
}

static bool layer_init(asx_bespoke_layer *l, size_t inputs, size_t outputs)
{
    const size_t n = inputs * outputs;
    l->inputs = inputs;
    l->outputs = outputs;
    l->activation = ASX_BESPOKE_RELU;
    l->weight = asx_array_new(n, sizeof *l->weight);
    l->mask = asx_array_new(n, sizeof *l->mask);
    l->bias = asx_array_new(outputs, sizeof *l->bias);
    l->cut = asx_array_new(outputs, sizeof *l->cut);
    for (size_t i = 0; l->mask && i < n; i++)
        l->mask[i] = UINT32_MAX;
    return l->weight && l->mask && l->bias && l->cut;
}

/* Winners of pairs of neighbours, and of pairs of these: the left one of a pair is always of smaller indices. A value that
 * finds no partner waits for the next round. */
static void balance(asx_bespoke_compare *compare, size_t n, size_t *round)
{
    size_t made = 0, left = n;
    for (size_t i = 0; i < n; i++)
        round[i] = i;
    while (left > 1) {
        size_t kept = 0;
        for (size_t i = 0; i + 1 < left; i += 2) {
            compare[made] = (asx_bespoke_compare){.left = round[i], .right = round[i + 1]};
            round[kept++] = n + made++;
        }
        if (left % 2 != 0)
            round[kept++] = round[left - 1];
        left = kept;
    }
}

static bool make_tree(asx_bespoke *b)
{
    const size_t n = b->layer[b->n_layers - 1].outputs;
    size_t *round = asx_array_new(n, sizeof *round);
    b->compare = asx_array_new(n, sizeof *b->compare);
    if (round && b->compare)
        balance(b->compare, n, round);
    free(round);
    return round && b->compare;
}

static bool fill(asx_bespoke *b, const size_t *width, size_t n_layers)
{
    b->layer = asx_array_new(n_layers, sizeof *b->layer);
    b->input_bits = asx_array_new(width[0], sizeof *b->input_bits);
    if (!b->layer || !b->input_bits)
        return false;
    b->n_layers = n_layers;
    memset(b->input_bits, INPUT_BITS, width[0]);
    for (size_t i = 0; i < n_layers; i++)
        if (!layer_init(&b->layer[i], width[i], width[i + 1]))
            return false;
    b->layer[n_layers - 1].activation = ASX_BESPOKE_LINEAR;
    return make_tree(b);
}

asx_status asx_bespoke_new(asx_bespoke **out, const size_t *width, size_t n_layers, asx_error *err)
{
    if (n_layers < 1 || n_layers > ASX_BESPOKE_LAYERS_MAX)
        return asx_fail(err, ASX_EINVAL, "%zu layers are outside [1, %d]", n_layers,
                        ASX_BESPOKE_LAYERS_MAX);
    for (size_t i = 0; i <= n_layers; i++)
        if (width[i] < 1 || width[i] > ASX_BESPOKE_WIDTH_MAX)
            return asx_fail(err, ASX_EINVAL, "%zu %s%zu are outside [1, %d]", width[i],
                            i == 0 ? "inputs of layer " : "outputs of layer ", i == 0 ? 0 : i - 1,
                            ASX_BESPOKE_WIDTH_MAX);
    asx_bespoke *b = asx_array_new(1, sizeof *b);
    if (!b || !fill(b, width, n_layers)) {
        asx_bespoke_free(b);
        return asx_fail(err, ASX_ENOMEM, "no memory for a bespoke network");
    }
    *out = b;
    return ASX_OK;
}

static void layer_copy(asx_bespoke_layer *to, const asx_bespoke_layer *from)
{
    const size_t n = from->inputs * from->outputs;
    memcpy(to->weight, from->weight, n * sizeof *to->weight);
    memcpy(to->mask, from->mask, n * sizeof *to->mask);
    memcpy(to->bias, from->bias, from->outputs * sizeof *to->bias);
    memcpy(to->cut, from->cut, from->outputs * sizeof *to->cut);
    to->activation = from->activation;
    to->drop = from->drop;
    to->max = from->max;
}

asx_status asx_bespoke_copy(asx_bespoke **out, const asx_bespoke *from, asx_error *err)
{
    size_t width[ASX_BESPOKE_LAYERS_MAX + 1] = {from->layer[0].inputs};
    for (size_t i = 0; i < from->n_layers; i++)
        width[i + 1] = from->layer[i].outputs;
    asx_bespoke *b = NULL;
    const asx_status status = asx_bespoke_new(&b, width, from->n_layers, err);
    if (status != ASX_OK)
        return status;
    memcpy(b->input_bits, from->input_bits, width[0]);
    for (size_t i = 0; i < from->n_layers; i++)
        layer_copy(&b->layer[i], &from->layer[i]);
    memcpy(b->compare, from->compare, (width[b->n_layers] - 1) * sizeof *b->compare);
    *out = b;
    return ASX_OK;
}
