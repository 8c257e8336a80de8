/* Blocks of rows go through the network layer by layer, so that what a layer reads is in the nearest cache. */
#include "eval/bespoke_runner.h"

#include <stdlib.h>
#include <string.h>

#include "bespoke_terms.h"
#include "dse/memory.h"

typedef struct shape {
    size_t outputs;
    asx_bespoke_activation activation;
    unsigned drop;
    int64_t max;
} shape;

struct asx_bespoke_runner {
    asx_bespoke_terms terms;
    const asx_bespoke_kernels *kernels;
    shape layer[ASX_BESPOKE_LAYERS_MAX];
    size_t n_layers;
    int64_t *bias;                /* of all neurons */
    asx_bespoke_compare *compare; /* [outputs of the last - 1] */
    size_t bias_capacity, compare_capacity, room_capacity;
    unsigned char *room; /* two layers' outputs, then values and indices of the comparisons */
    size_t widest;
};

asx_status asx_bespoke_runner_new(asx_bespoke_runner **out, asx_error *err)
{
    asx_bespoke_runner *r = asx_array_new(1, sizeof *r);
    if (!r)
        return asx_fail(err, ASX_ENOMEM, "no memory to run bespoke networks");
    *out = r;
    return ASX_OK;
}

void asx_bespoke_runner_free(asx_bespoke_runner *r)
{
    if (!r)
        return;
    asx_bespoke_terms_fini(&r->terms);
    free(r->bias);
    free(r->compare);
    free(r->room);
    free(r);
}

/* An activation of no use is left out: a rectifier with a limit that nothing reaches is one without. */
static void take_layer(shape *to, const asx_bespoke_layer *l, bool narrow)
{
    const int64_t most = narrow ? INT32_MAX : INT64_MAX;
    *to = (shape){l->outputs, l->activation, 0, most};
    if (l->activation != ASX_BESPOKE_SATURATING)
        return;
    to->drop = l->drop;
    to->max = l->max < most ? l->max : most;
    if (narrow && to->drop > 31) { /* nothing is left of a sum of 32 bits */
        to->drop = 31;
        to->max = 0;
    }
}

static bool reserve(asx_bespoke_runner *r, size_t n_outputs)
{
    int64_t *bias = asx_array_grow(r->bias, &r->bias_capacity, r->terms.n_neurons, sizeof *r->bias);
    r->bias = bias ? bias : r->bias;
    asx_bespoke_compare *compare =
        asx_array_grow(r->compare, &r->compare_capacity, n_outputs, sizeof *r->compare);
    r->compare = compare ? compare : r->compare;
    const size_t bytes = (2 * r->widest + 4 * n_outputs) * ASX_BESPOKE_BLOCK * r->kernels->size;
    unsigned char *room = asx_array_grow(r->room, &r->room_capacity, bytes, 1);
    r->room = room ? room : r->room;
    return bias && compare && room;
}

asx_status asx_bespoke_runner_load(asx_bespoke_runner *r, const asx_bespoke *b, asx_error *err)
{
    const asx_bespoke_layer *last = &b->layer[b->n_layers - 1];
    r->n_layers = 0;
    const asx_status status = asx_bespoke_terms_make(&r->terms, b, err);
    if (status != ASX_OK)
        return status;
    r->kernels = r->terms.fits_in_32 ? &asx_bespoke_kernels_32 : &asx_bespoke_kernels_64;
    r->widest = 0;
    for (size_t at = 0; at < b->n_layers; at++) {
        take_layer(&r->layer[at], &b->layer[at], r->terms.fits_in_32);
        r->widest = b->layer[at].outputs > r->widest ? b->layer[at].outputs : r->widest;
    }
    if (!reserve(r, last->outputs))
        return asx_fail(err, ASX_ENOMEM, "no memory to run a bespoke network");
    int64_t *bias = r->bias;
    for (size_t at = 0; at < b->n_layers; bias += b->layer[at++].outputs)
        memcpy(bias, b->layer[at].bias, b->layer[at].outputs * sizeof *bias);
    if (last->outputs > 1)
        memcpy(r->compare, b->compare, (last->outputs - 1) * sizeof *r->compare);
    r->n_layers = b->n_layers;
    return ASX_OK;
}

unsigned asx_bespoke_runner_width(const asx_bespoke_runner *r)
{
    return r->terms.fits_in_32 ? 32 : 64;
}

static unsigned char *lane(const asx_bespoke_runner *r, unsigned char *from, size_t i)
{
    return from + i * ASX_BESPOKE_BLOCK * r->kernels->size;
}

/* One neuron over a block. @param input  of the table if NULL, else the outputs of the layer before */
static void sum_up(const asx_bespoke_runner *r, unsigned char *sum, size_t neuron,
                   unsigned char *input, const asx_bespoke_rows *rows, size_t row, size_t n)
{
    const asx_bespoke_term *t = r->terms.term + r->terms.start[neuron];
    const asx_bespoke_term *end = r->terms.term + r->terms.start[neuron + 1];
    r->kernels->fill(sum, r->bias[neuron], n);
    for (; t < end; t += ASX_BESPOKE_TERMS) {
        const uint16_t *first[ASX_BESPOKE_TERMS];
        const void *v[ASX_BESPOKE_TERMS];
        for (size_t i = 0; i < ASX_BESPOKE_TERMS; i++)
            if (input)
                v[i] = lane(r, input, t[i].input);
            else
                first[i] = rows->value + t[i].input * rows->rows + row;
        if (input)
            r->kernels->add(sum, v, t, n);
        else
            r->kernels->add_first(sum, first, t, n);
    }
}

/* @return the index of the greatest output, per row */
static const unsigned char *compare(const asx_bespoke_runner *r, unsigned char *output,
                                    unsigned char *free_room, size_t n)
{
    const size_t k = r->layer[r->n_layers - 1].outputs;
    unsigned char *value = free_room, *index = lane(r, free_room, 2 * k);
    for (size_t i = 0; i < k; i++)
        r->kernels->fill(lane(r, index, i), (int64_t)i, n);
    for (size_t i = 0; i + 1 < k; i++) {
        const asx_bespoke_compare *c = &r->compare[i];
        const size_t side[2] = {c->left, c->right};
        const void *values[2], *indices[2];
        for (int s = 0; s < 2; s++) {
            values[s] = side[s] < k ? lane(r, output, side[s]) : lane(r, value, side[s] - k);
            indices[s] = lane(r, index, side[s]);
        }
        r->kernels->choose(lane(r, value, i), lane(r, index, k + i), values, indices, c->bits, n);
    }
    return lane(r, index, 2 * k - 2);
}

static void run_block(uint16_t *out, const asx_bespoke_runner *r, const asx_bespoke_rows *rows,
                      size_t row, size_t n)
{
    unsigned char *input = NULL, *output = r->room, *other = lane(r, r->room, r->widest);
    size_t neuron = 0;
    for (size_t at = 0; at < r->n_layers; at++) {
        const shape *l = &r->layer[at];
        for (size_t j = 0; j < l->outputs; j++) {
            unsigned char *sum = lane(r, output, j);
            sum_up(r, sum, neuron++, input, rows, row, n);
            if (l->activation != ASX_BESPOKE_LINEAR)
                r->kernels->rectify(sum, l->drop, l->max, n);
        }
        input = output;
        output = other;
        other = input;
    }
    r->kernels->to_classes(out, compare(r, input, lane(r, r->room, 2 * r->widest), n), n);
}

void asx_bespoke_runner_classes(uint16_t *out, asx_bespoke_runner *r, const asx_bespoke_rows *rows,
                                asx_bespoke_span part)
{
    for (size_t row = part.first; row < part.end; row += ASX_BESPOKE_BLOCK) {
        const size_t left = part.end - row;
        run_block(out + (row - part.first), r, rows, row,
                  left < ASX_BESPOKE_BLOCK ? left : ASX_BESPOKE_BLOCK);
    }
}

size_t asx_bespoke_runner_correct(asx_bespoke_runner *r, const asx_bespoke_rows *rows,
                                  asx_bespoke_span part, const uint16_t *label)
{
    uint16_t class[ASX_BESPOKE_BLOCK];
    size_t correct = 0;
    for (size_t row = part.first; row < part.end; row += ASX_BESPOKE_BLOCK) {
        const size_t left = part.end - row;
        const size_t n = left < ASX_BESPOKE_BLOCK ? left : ASX_BESPOKE_BLOCK;
        run_block(class, r, rows, row, n);
        for (size_t i = 0; i < n; i++)
            correct += class[i] == label[row + i];
    }
    return correct;
}
