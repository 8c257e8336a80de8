/* A design's words in memories with faults. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/file.h"
#include "dse/grid.h"
#include "dse/memory.h"
#include "integer_private.h"

/* Streams of a device's seed: three for every layer. */
enum { STREAM_WEIGHTS, STREAM_SPREAD, STREAM_INPUTS, N_STREAMS };

static uint64_t stream_of(size_t layer, int which)
{
    return (uint64_t)layer * N_STREAMS + (uint64_t)which;
}

/* What makes the words of a layer as its memory gives them back. */
typedef struct memory {
    const asx_node *node;
    const asx_rounded *written;
    const asx_faults *faults;
    uint64_t seed;
} memory;

/* How often each representable value is written. @param out [n] free() */
static asx_status count_values(double **out, const asx_word *word, const memory *m, asx_error *err)
{
    asx_grid *grid = NULL;
    const asx_status status = asx_grid_new(&grid, word, err);
    if (status != ASX_OK)
        return status;
    const int32_t *value = asx_grid_values(grid), low = value[0];
    const size_t n = asx_grid_size(grid), span = (size_t)(value[n - 1] - low) + 1;
    double *count = asx_array_new(n, sizeof *count), *of = asx_array_new(span, sizeof *of);
    for (size_t i = 0; count && of && i < m->node->n_weights; i++)
        of[m->written->word[i] - low]++;
    for (size_t i = 0; count && of && i < n; i++) /* a value that is not written could have been */
        count[i] = of[value[i] - low] + 1.0 / (double)n;
    free(of);
    asx_grid_free(grid);
    if (!count || !of) {
        free(count);
        return asx_fail(err, ASX_ENOMEM, "no memory to count words");
    }
    *out = count;
    return ASX_OK;
}

static asx_status read_words(int32_t *out, const memory *m, size_t layer, const asx_word *word,
                             asx_error *err)
{
    asx_reading *reading = NULL;
    double *often = NULL;
    asx_status status =
        m->faults->code == ASX_CODE_ROBUST ? count_values(&often, word, m, err) : ASX_OK;
    if (status == ASX_OK)
        status = asx_reading_new(&reading, word, m->faults->code, often, err);
    if (status == ASX_OK)
        asx_faults_words(out, m->node->n_weights, reading, m->faults, m->seed,
                         stream_of(layer, STREAM_WEIGHTS));
    asx_reading_free(reading);
    free(often);
    return status;
}

static asx_status make(asx_rounded *out, void *state, size_t layer, const asx_word *word,
                       asx_error *err)
{
    const memory *m = state;
    const asx_node *node = m->node;
    asx_rounded r = {0};
    asx_status status = asx_rounded_init(&r, node, err);
    if (status != ASX_OK)
        return status;
    memcpy(r.word, m->written->word, node->n_weights * sizeof *r.word);
    memcpy(r.scale, m->written->scale, node->n_biases * sizeof *r.scale);
    memcpy(r.shift, m->written->shift, node->n_biases * sizeof *r.shift);
    if (asx_cell_faults_any(&m->faults->weights))
        status = read_words(r.word, m, layer, word, err);
    if (status == ASX_OK && m->faults->spread > 0) {
        const unsigned shift = asx_faults_spread(r.word, node->n_weights, m->faults->spread,
                                                 m->seed, stream_of(layer, STREAM_SPREAD));
        for (size_t c = 0; c < node->n_biases; c++)
            r.scale[c] = ldexp(r.scale[c], -(int)shift);
    }
    if (status != ASX_OK)
        asx_rounded_fini(&r);
    else
        *out = r;
    return status;
}

/* Hash of what the words of a memory depend on, beside layer and word; never 0. */
static asx_status hash_memory(uint64_t *out, const memory *m, asx_error *err)
{
    asx_text text = {0};
    asx_faults of_weights = *m->faults;
    of_weights.seeds = 1;
    of_weights.seed = m->seed;
    of_weights.activations = (asx_cell_faults){0, 0, 0};
    asx_faults_print(&text, &of_weights);
    if (text.failed || !text.s) {
        asx_text_fini(&text);
        return asx_fail(err, ASX_ENOMEM, "no memory for faults");
    }
    uint64_t hash = asx_hash(text.s, text.n, 0);
    hash = asx_hash(m->written->word, m->node->n_weights * sizeof *m->written->word, hash);
    hash = asx_hash(m->written->scale, m->node->n_biases * sizeof *m->written->scale, hash);
    *out = asx_hash(m->written->shift, m->node->n_biases * sizeof *m->written->shift, hash) | 1;
    asx_text_fini(&text);
    return ASX_OK;
}

/* Constants are those of the words that were written; where the unit became finer, in that unit. */
static void settle_constants(asx_integer_layer *l, unsigned shift)
{
    const bool narrow = asx_projection_integers(l->projection)->narrow;
    for (size_t i = 0; i < l->width; i++) {
        l->multiplier[i] = ldexp(l->multiplier[i], -(int)shift);
        l->wide_bias[i] = fmax(fmin(ldexp(l->wide_bias[i], (int)shift), 0x1p52), -0x1p52);
        l->bias[i] = narrow ? (int32_t)fmax(fmin(l->wide_bias[i], 0x1p28), -0x1p28) : 0;
    }
}

static asx_status suffer_weights(asx_integer *s, size_t layer, const asx_faults *faults,
                                 uint64_t seed, asx_error *err)
{
    asx_projections *cache = asx_calibration_projections(s->calibration);
    asx_integer_layer *l = &s->layer[layer];
    asx_projection *written = l->projection, *read = NULL;
    const asx_rounded *rounded = &asx_projection_integers(written)->rounded;
    asx_projection_key key = asx_integer_key(l, layer);
    memory m = {.node = asx_calibration_plan(s->calibration)->node[layer],
                .written = rounded,
                .faults = faults,
                .seed = seed};
    asx_status status = hash_memory(&key.past, &m, err);
    if (status == ASX_OK)
        status = asx_projections_get_made(&read, cache, &key, make, &m, err);
    if (status != ASX_OK)
        return status;
    /* the unit says how much finer it is, whoever made the words */
    const double unit = rounded->scale[0] / asx_projection_integers(read)->rounded.scale[0];
    l->projection = read;
    settle_constants(l, (unsigned)lrint(log2(unit)));
    asx_projections_release(cache, written);
    return ASX_OK;
}

static asx_status suffer(asx_integer *s, size_t layer, const asx_faults *faults, uint64_t seed,
                         asx_error *err)
{
    asx_integer_layer *l = &s->layer[layer];
    const asx_plan *plan = asx_calibration_plan(s->calibration);
    asx_status status = ASX_OK;
    if (asx_cell_faults_any(&faults->weights) || faults->spread > 0)
        status = suffer_weights(s, layer, faults, seed, err);
    if (status == ASX_OK && asx_cell_faults_any(&faults->activations))
        status =
            asx_input_faults_new(&l->faults, &l->input_word, asx_plan_layer_inputs(plan, layer),
                                 &faults->activations, seed, stream_of(layer, STREAM_INPUTS), err);
    return status ? asx_fail_context(err, status, "layer '%s'", plan->node[layer]->name) : ASX_OK;
}

asx_status asx_integer_suffer(asx_integer *s, const asx_faults *faults, uint64_t seed,
                              asx_error *err)
{
    const asx_plan *plan = asx_calibration_plan(s->calibration);
    asx_status status = ASX_OK;
    for (size_t i = 0; i < plan->network->work.n_layers && status == ASX_OK; i++)
        if (asx_node_has_weights(plan->node[i]))
            status = suffer(s, i, faults, seed, err);
    return status;
}
