#include "train_weights.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/grid.h"
#include "dse/memory.h"
#include "dse/menu.h"

/* The format of one part's weights; rounder NULL: none. */
typedef struct form {
    asx_rounder *rounder;
    asx_grid *grid;
    asx_word word;
    asx_reading *reading; /* NULL: no faults so far */
    size_t scale;         /* where its scales begin in the vector */
} form;

struct asx_train_weights {
    const asx_tape *tape;
    form *form; /* per part */
    size_t n;
    asx_surrogate surrogate;
    double delta;
};

static size_t depth_of(const asx_node *node)
{
    return node->n_weights / node->n_biases;
}

asx_status asx_train_weights_new(asx_train_weights **out, const asx_tape *tape,
                                 const asx_design *design, asx_surrogate surrogate, double delta,
                                 asx_error *err)
{
    asx_train_weights *w = asx_array_new(1, sizeof *w);
    form *forms = asx_array_new(tape->n_parts, sizeof *forms);
    asx_status status = ASX_OK;
    if (!w || !forms) {
        free(w);
        free(forms);
        return asx_fail(err, ASX_ENOMEM, "no memory for weights to train");
    }
    *w = (asx_train_weights){tape, forms, tape->n_gradients, surrogate, delta};
    for (size_t i = 0; i < tape->n_parts && design && status == ASX_OK; i++) {
        const asx_node *node = tape->part[i].node;
        if (!asx_node_has_weights(node))
            continue;
        const asx_word *word = &design->format[node->layer].weight;
        if (asx_word_is_menu(word)) {
            status = asx_fail(err, ASX_EUNSUPPORTED,
                              "layer '%s': groups of its weights choose from a menu, which cannot "
                              "be trained",
                              node->name);
            break;
        }
        status = asx_rounder_new(&forms[i].rounder, word, err);
        if (status == ASX_OK)
            status = asx_grid_new(&forms[i].grid, word, err);
        forms[i].word = *word;
        forms[i].scale = w->n;
        w->n += node->n_biases;
    }
    if (status != ASX_OK) {
        asx_train_weights_free(w);
        return status;
    }
    *out = w;
    return ASX_OK;
}

void asx_train_weights_free(asx_train_weights *weights)
{
    if (!weights)
        return;
    for (size_t i = 0; i < weights->tape->n_parts; i++) {
        asx_rounder_free(weights->form[i].rounder);
        asx_grid_free(weights->form[i].grid);
        asx_reading_free(weights->form[i].reading);
    }
    free(weights->form);
    free(weights);
}

size_t asx_train_weights_n(const asx_train_weights *weights)
{
    return weights->n;
}

void asx_train_weights_start(float *x, const asx_train_weights *weights)
{
    for (size_t i = 0; i < weights->tape->n_parts; i++) {
        const asx_tape_part *p = &weights->tape->part[i];
        const asx_node *node = p->node;
        memcpy(x + p->weight, node->weight, node->n_weights * sizeof *x);
        memcpy(x + p->bias, node->bias, node->n_biases * sizeof *x);
        for (size_t c = 0; p->normalised && c < node->n_biases; c++)
            x[p->gamma + c] = 1;
    }
    asx_train_weights_fit(x, weights);
}

void asx_train_weights_fit(float *x, const asx_train_weights *weights)
{
    for (size_t i = 0; i < weights->tape->n_parts; i++) {
        const asx_tape_part *p = &weights->tape->part[i];
        const form *f = &weights->form[i];
        const size_t depth = depth_of(p->node);
        for (size_t c = 0; f->rounder && c < p->node->n_biases; c++)
            x[f->scale + c] =
                (float)asx_rounder_best_scale(x + p->weight + c * depth, depth, f->rounder).scale;
    }
}

static float typical(const float *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (double)x[i] * (double)x[i];
    return (float)sqrt(sum / (double)n);
}

void asx_train_weights_units(float *unit, float *rate, unsigned char *decays,
                             const asx_train_weights *weights, const float *x, double scale_rate)
{
    memset(decays, 0, weights->n);
    for (size_t i = 0; i < weights->n; i++)
        rate[i] = 1;
    for (size_t i = 0; i < weights->tape->n_parts; i++) {
        const asx_tape_part *p = &weights->tape->part[i];
        const form *f = &weights->form[i];
        const size_t channels = p->node->n_biases, depth = depth_of(p->node);
        /* a channel that is (almost) nothing moves as fast as a tenth of its layer */
        const float floor = fmaxf(0.1f * typical(x + p->weight, p->node->n_weights), 1e-6f);
        const float bias = fmaxf(typical(x + p->bias, channels), floor);
        for (size_t c = 0; c < channels; c++) {
            const float size = fmaxf(typical(x + p->weight + c * depth, depth), floor);
            for (size_t j = 0; j < depth; j++)
                unit[p->weight + c * depth + j] = size;
            unit[p->bias + c] = p->normalised ? 1 : bias;
            if (p->normalised)
                unit[p->gamma + c] = 1;
            if (f->rounder) {
                unit[f->scale + c] = x[f->scale + c];
                rate[f->scale + c] = (float)scale_rate;
            }
        }
        memset(decays + p->weight, p->kernel != NULL, p->node->n_weights);
    }
}

void asx_train_weights_use(float *used, const asx_train_weights *weights, const float *x)
{
    for (size_t i = 0; i < weights->tape->n_parts; i++) {
        const asx_tape_part *p = &weights->tape->part[i];
        const form *f = &weights->form[i];
        const size_t depth = depth_of(p->node);
        memcpy(used + p->bias, x + p->bias, p->node->n_biases * sizeof *x);
        if (p->normalised)
            memcpy(used + p->gamma, x + p->gamma, p->node->n_biases * sizeof *x);
        if (!f->rounder)
            memcpy(used + p->weight, x + p->weight, p->node->n_weights * sizeof *x);
        else
            for (size_t c = 0; c < p->node->n_biases; c++)
                asx_rounder_apply(used + p->weight + c * depth, x + p->weight + c * depth, depth,
                                  f->rounder, (double)x[f->scale + c]);
    }
}

/* Faults of one part's words. */
static asx_status read_part(float *used, const asx_tape_part *p, const form *f, const float *x,
                            const asx_faults *faults, uint64_t device, uint64_t part,
                            asx_error *err)
{
    const size_t n = p->node->n_weights, depth = depth_of(p->node);
    int32_t *word = asx_array_new(n, sizeof *word);
    unsigned shift = 0;
    if (!word)
        return asx_fail(err, ASX_ENOMEM, "no memory for words of weights");
    for (size_t c = 0; c < p->node->n_biases; c++)
        asx_rounder_words(word + c * depth, x + p->weight + c * depth, depth, f->rounder,
                          (double)x[f->scale + c]);
    if (f->reading)
        asx_faults_words(word, n, f->reading, faults, device, 2 * part);
    if (faults->spread > 0)
        shift = asx_faults_spread(word, n, faults->spread, device, 2 * part + 1);
    for (size_t i = 0; i < n; i++)
        used[p->weight + i] = x[f->scale + i / depth] * ldexpf((float)word[i], -(int)shift);
    free(word);
    return ASX_OK;
}

asx_status asx_train_weights_read(float *used, const asx_train_weights *weights, const float *x,
                                  const asx_faults *faults, uint64_t device, asx_error *err)
{
    asx_status status = ASX_OK;
    for (size_t i = 0; i < weights->tape->n_parts && status == ASX_OK; i++) {
        form *f = &weights->form[i];
        const asx_tape_part *p = &weights->tape->part[i];
        if (!f->rounder)
            continue;
        if (!f->reading && asx_cell_faults_any(&faults->weights))
            status = asx_reading_new(&f->reading, &f->word, ASX_CODE_INDEX, NULL, err);
        if (status == ASX_OK)
            status = read_part(used, p, f, x, faults, device, i, err);
        else
            status = asx_fail_context(err, status, "layer '%s'", p->node->name);
    }
    return status;
}

/* Where u lies between q and the middle between q and its neighbour: -1 .. 1. */
static float place_in_cell(const asx_grid *grid, float u, int32_t q)
{
    const int32_t *value = asx_grid_values(grid);
    size_t low = 0, high = asx_grid_size(grid) - 1;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (value[middle] < q)
            low = middle + 1;
        else
            high = middle;
    }
    const float off = u - (float)q;
    const bool up = off >= 0;
    if (up ? low + 1 >= asx_grid_size(grid) : low == 0)
        return 0;
    const int32_t next = value[up ? low + 1 : low - 1];
    return 2 * off / fabsf((float)(next - q));
}

/* p(u), for a gradient g by w^. */
static float slope(const asx_train_weights *weights, const form *f, float g, float u, float q)
{
    if (u < (float)asx_rounder_low(f->rounder) || u > (float)asx_rounder_high(f->rounder))
        return 0;
    if (weights->surrogate == ASX_SURROGATE_STE)
        return 1;
    const float side = g > 0 ? 1.0f : g < 0 ? -1.0f : 0.0f;
    return 1 + (float)weights->delta * side * place_in_cell(f->grid, u, (int32_t)q);
}

static void back_channel(float *g, float *g_scale, const float *w, size_t depth,
                         const asx_train_weights *weights, const form *f, float scale)
{
    double sum = 0;
    for (size_t i = 0; i < depth; i++) {
        const float u = w[i] / scale;
        float q;
        asx_rounder_apply(&q, &u, 1, f->rounder, 1);
        const float p = slope(weights, f, g[i], u, q);
        sum += (double)(g[i] * (q - u * p));
        g[i] *= p;
    }
    *g_scale = (float)(sum / sqrt((double)depth));
}

void asx_train_weights_back(float *gradient, const asx_train_weights *weights, const float *x)
{
    for (size_t i = 0; i < weights->tape->n_parts; i++) {
        const asx_tape_part *p = &weights->tape->part[i];
        const form *f = &weights->form[i];
        const size_t depth = depth_of(p->node);
        for (size_t c = 0; f->rounder && c < p->node->n_biases; c++)
            back_channel(gradient + p->weight + c * depth, &gradient[f->scale + c],
                         x + p->weight + c * depth, depth, weights, f, x[f->scale + c]);
    }
}
