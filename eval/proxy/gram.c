#include "gram.h"

#include <math.h>
#include <stdlib.h>

#include "dse/memory.h"
#include "dse/seed.h"
#include "infer.h"
#include "patch.h"
#include "vector.h"

enum { N_PATCHES = 2048, DEPTH_MAX = 2304 };
static const uint64_t PATCH_SEED = 0x6772616d; /* any constant will do */

/* Patches of all layers: [layer][patch][groups x depth], at places that depend on layer, image and
 * number alone. */
typedef struct patches {
    const asx_plan *plan;
    size_t first_image, per_image;
    float **of_layer;
} patches;

static asx_status cut(void *state, const asx_node *node, size_t first_image, const float *x,
                      size_t n_images, asx_error *err)
{
    const patches *p = state;
    const size_t layer = (size_t)node->layer;
    (void)err;
    if (!asx_node_has_weights(node))
        return ASX_OK;
    const size_t n = asx_plan_layer_inputs(p->plan, layer), size = asx_patch_size(node);
    const size_t n_places = asx_patch_n_places(p->plan, node);
    for (size_t i = 0; i < n_images; i++)
        for (size_t k = 0; k < p->per_image; k++) {
            const size_t number = (first_image - p->first_image + i) * p->per_image + k;
            if (number % p->plan->n_steps[layer] != node->repeat)
                continue;
            const size_t place = (size_t)asx_seed_below(PATCH_SEED, layer, number, n_places);
            asx_patch_cut(p->of_layer[layer] + number * size, p->plan, node, x + i * n, place);
        }
    return ASX_OK;
}

/* sum += a x, the inner loop of everything here. */
ASX_VECTORISED static void add_scaled(float *restrict sum, const float *restrict x, float a,
                                      size_t n)
{
    for (size_t i = 0; i < n; i++)
        sum[i] += a * x[i];
}

/* Channels and rows of G that are worked on at a time: what is read of either serves all of the
 * other. The sums have the order of rows, whatever their number. */
enum { CHANNELS = 4, ROWS = 4 };

/* sum[c] += a[c][0] x[0] + a[c][1] x[1] ..., one after the other. */
ASX_VECTORISED static void add_rows(float *restrict sum, const float *restrict x, float (*a)[ROWS],
                                    size_t n)
{
    for (size_t c = 0; c < CHANNELS; c++) {
        float *restrict s = sum + c * n;
        const float a0 = a[c][0], a1 = a[c][1], a2 = a[c][2], a3 = a[c][3];
        for (size_t i = 0; i < n; i++)
            s[i] = s[i] + a0 * x[i] + a1 * x[n + i] + a2 * x[2 * n + i] + a3 * x[3 * n + i];
    }
}

/* d G of some channels. @param d, out [CHANNELS][depth] */
static void multiply(float *out, const asx_gram *g, size_t group, const float *d)
{
    const size_t depth = g->depth, whole = depth - depth % ROWS;
    const float *m = g->matrix + group * depth * (g->diagonal ? 1 : depth);
    for (size_t i = 0; i < CHANNELS * depth; i++)
        out[i] = g->diagonal ? m[i % depth] * d[i] : 0;
    if (g->diagonal)
        return;
    for (size_t i = 0; i < whole; i += ROWS) {
        float a[CHANNELS][ROWS];
        for (size_t c = 0; c < CHANNELS; c++)
            for (size_t r = 0; r < ROWS; r++)
                a[c][r] = d[c * depth + i + r];
        add_rows(out, m + i * depth, a, depth);
    }
    for (size_t i = whole; i < depth; i++)
        for (size_t c = 0; c < CHANNELS; c++)
            add_scaled(out + c * depth, m + i * depth, d[c * depth + i], depth);
}

/* Sum over the layer's channels of d G d^T, d = weight - minus. @param minus NULL: nothing;
 * @return -1 for lack of memory */
static double sum_of_forms(const asx_gram *g, const asx_node *node, const float *weight,
                           const float *minus)
{
    const size_t depth = g->depth, per_group = node->n_biases / g->groups;
    float *d = asx_array_new(2 * CHANNELS * depth, sizeof *d);
    double total = 0;
    if (!d)
        return -1;
    float *row = d + CHANNELS * depth;
    for (size_t first = 0, n; first < node->n_biases; first += n) {
        n = per_group - first % per_group < CHANNELS ? per_group - first % per_group : CHANNELS;
        const float *w = weight + first * depth, *e = minus ? minus + first * depth : NULL;
        for (size_t i = 0; i < CHANNELS * depth; i++)
            d[i] = i >= n * depth ? 0 : e ? w[i] - e[i] : w[i];
        multiply(row, g, first / per_group, d);
        for (size_t c = 0; c < n; c++) {
            double sum = 0;
            for (size_t i = c * depth; i < (c + 1) * depth; i++)
                sum += (double)row[i] * (double)d[i];
            total += sum;
        }
    }
    free(d);
    return fmax(total, 0); /* rounding alone makes less of it */
}

static asx_status gram_init(asx_gram *g, const asx_node *node, const float *patch, size_t n,
                            asx_error *err)
{
    g->depth = node->n_weights / node->n_biases;
    g->groups = node->groups ? node->groups : 1;
    g->diagonal = g->depth > DEPTH_MAX;
    const size_t rows = g->diagonal ? 1 : g->depth;
    g->matrix = asx_array_new(g->groups * g->depth * rows, sizeof *g->matrix);
    if (!g->matrix)
        return asx_fail(err, ASX_ENOMEM, "no memory for inputs of layer '%s'", node->name);
    for (size_t k = 0; k < n; k++)
        for (size_t group = 0; group < g->groups; group++) {
            const float *x = patch + (k * g->groups + group) * g->depth;
            float *m = g->matrix + group * g->depth * rows;
            for (size_t i = 0; i < g->depth; i++)
                if (g->diagonal)
                    m[i] += x[i] * x[i];
                else if (x[i] != 0)
                    add_scaled(m + i * g->depth, x, x[i], g->depth);
        }
    g->square = sum_of_forms(g, node, node->weight, NULL);
    return g->square >= 0
               ? ASX_OK
               : asx_fail(err, ASX_ENOMEM, "no memory for inputs of layer '%s'", node->name);
}

static asx_status make_grams(asx_gram *gram, const asx_plan *plan, float **patch, size_t n,
                             asx_error *err)
{
    const size_t n_layers = plan->network->work.n_layers;
    asx_status status = ASX_OK;
#pragma omp parallel for schedule(dynamic)
    for (size_t l = 0; l < n_layers; l++) {
        asx_error local;
        if (!asx_node_has_weights(plan->node[l]))
            continue;
        const asx_status got = gram_init(&gram[l], plan->node[l], patch[l], n, &local);
        if (got != ASX_OK) {
#pragma omp critical(asx_gram_failure)
            {
                status = got; /* lack of memory, whichever layer */
                if (err)
                    *err = local;
            }
        }
    }
    return status;
}

static asx_status patches_init(patches *p, const asx_plan *plan, size_t n, asx_error *err)
{
    const size_t n_layers = plan->network->work.n_layers;
    p->of_layer = asx_array_new(n_layers, sizeof *p->of_layer);
    if (!p->of_layer)
        return asx_fail(err, ASX_ENOMEM, "no memory for patches of inputs");
    for (size_t l = 0; l < n_layers; l++) {
        if (!asx_node_has_weights(plan->node[l]))
            continue;
        p->of_layer[l] = asx_array_new(n, asx_patch_size(plan->node[l]) * sizeof *p->of_layer[l]);
        if (!p->of_layer[l])
            return asx_fail(err, ASX_ENOMEM, "no memory for patches of inputs");
    }
    return ASX_OK;
}

asx_status asx_grams_new(asx_gram **out, asx_calibration *calibration, const asx_dataset *data,
                         asx_range images, asx_error *err)
{
    const asx_plan *plan = asx_calibration_plan(calibration);
    const size_t n_layers = plan->network->work.n_layers;
    const size_t available = images.end - images.first;
    const size_t n_images = available < 128 ? available : 128;
    patches p = {.plan = plan,
                 .first_image = images.first,
                 .per_image = (N_PATCHES + n_images - 1) / n_images};
    asx_gram *gram = asx_array_new(n_layers, sizeof *gram);
    asx_status status = gram ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for inputs");
    if (status == ASX_OK)
        status = patches_init(&p, plan, n_images * p.per_image, err);
    if (status == ASX_OK) {
        const asx_work_watch *watch = asx_calibration_watcher(calibration);
        const asx_inference job = {.stop = watch->stop,
                                   .stop_state = watch->state,
                                   .plan = plan,
                                   .data = data,
                                   .images = {images.first, images.first + n_images},
                                   .run = {.observe = cut, .watcher = &p}};
        status = asx_infer(&job, err);
    }
    if (status == ASX_OK)
        status = make_grams(gram, plan, p.of_layer, n_images * p.per_image, err);
    for (size_t l = 0; p.of_layer && l < n_layers; l++)
        free(p.of_layer[l]);
    free(p.of_layer);
    if (status != ASX_OK) {
        asx_grams_free(gram, n_layers);
        return status;
    }
    *out = gram;
    return ASX_OK;
}

void asx_grams_free(asx_gram *gram, size_t n_layers)
{
    for (size_t l = 0; gram && l < n_layers; l++)
        free(gram[l].matrix);
    free(gram);
}

double asx_gram_error(const asx_gram *gram, const asx_node *node, const float *weight)
{
    const double error = sum_of_forms(gram, node, weight, node->weight);
    return error < 0 ? error : gram->square > 0 ? error / gram->square : 0;
}
