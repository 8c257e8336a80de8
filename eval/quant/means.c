#include "means.h"

#include <stdlib.h>

#include "dse/memory.h"
#include "dse/seed.h"
#include "patch.h"

enum { PLACES_MAX = 32 };
static const uint64_t PLACE_SEED = 0x6d65616e; /* any constant will do */

static asx_status no_memory(asx_error *err)
{
    return asx_fail(err, ASX_ENOMEM, "no memory for means of activations");
}

asx_status asx_means_init(asx_means *out, const asx_plan *plan, size_t n_images, asx_error *err)
{
    const size_t n_layers = plan->network->work.n_layers;
    asx_means m = {.plan = plan,
                   .n_images = n_images,
                   .block = asx_plan_block(plan),
                   .sum = asx_array_new(n_layers, sizeof(double *)),
                   .mean = asx_array_new(n_layers, sizeof(double *))};
    m.n_blocks = (n_images + m.block - 1) / m.block;
    bool made = m.sum && m.mean;
    for (size_t l = 0; made && l < n_layers; l++) {
        if (!asx_node_has_weights(plan->node[l]))
            continue;
        const size_t size = asx_patch_size(plan->node[l]);
        m.sum[l] = asx_array_new(m.n_blocks, size * sizeof *m.sum[l]);
        m.mean[l] = asx_array_new(size, sizeof *m.mean[l]);
        made = m.sum[l] && m.mean[l];
    }
    *out = m;
    if (made)
        return ASX_OK;
    asx_means_fini(out);
    return no_memory(err);
}

static void free_list(double **list, size_t n)
{
    for (size_t i = 0; list && i < n; i++)
        free(list[i]);
    free(list);
}

void asx_means_fini(asx_means *means)
{
    if (!means)
        return;
    if (means->plan) {
        free_list(means->sum, means->plan->network->work.n_layers);
        free_list(means->mean, means->plan->network->work.n_layers);
    }
    *means = (asx_means){0};
}

static size_t n_taken(size_t n_places)
{
    return n_places < PLACES_MAX ? n_places : PLACES_MAX;
}

asx_status asx_means_add(asx_means *means, size_t layer, size_t first, const float *x,
                         size_t n_images, asx_error *err)
{
    const asx_node *node = means->plan->node[layer];
    const size_t n = asx_plan_layer_inputs(means->plan, layer), size = asx_patch_size(node);
    const size_t n_places = asx_patch_n_places(means->plan, node), taken = n_taken(n_places);
    double *sum = means->sum[layer] + first / means->block * size;
    float *patch = asx_array_new(size, sizeof *patch);
    if (!patch)
        return no_memory(err);
    for (size_t i = 0; i < n_images; i++)
        for (size_t k = 0; k < taken; k++) {
            const uint64_t number = (first + i) * PLACES_MAX + k;
            const size_t place =
                taken == n_places ? k : (size_t)asx_seed_below(PLACE_SEED, layer, number, n_places);
            asx_patch_cut(patch, means->plan, node, x + i * n, place);
            for (size_t j = 0; j < size; j++)
                sum[j] += (double)patch[j];
        }
    free(patch);
    return ASX_OK;
}

void asx_means_end(asx_means *means)
{
    const size_t n_layers = means->plan->network->work.n_layers;
    for (size_t l = 0; l < n_layers; l++) {
        const asx_node *node = means->plan->node[l];
        if (!asx_node_has_weights(node))
            continue;
        const size_t size = asx_patch_size(node);
        const double n = (double)(means->n_images * means->plan->n_steps[l] *
                                  n_taken(asx_patch_n_places(means->plan, node)));
        for (size_t b = 0; b < means->n_blocks; b++)
            for (size_t j = 0; j < size; j++)
                means->mean[l][j] += means->sum[l][b * size + j] / n;
    }
    free_list(means->sum, n_layers);
    means->sum = NULL;
}
