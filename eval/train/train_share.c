#include "train_share.h"

#include <stdlib.h>
#include <string.h>

#include "dse/grid.h"
#include "dse/memory.h"
#include "dse/seed.h"
#include "eval/calibration.h"

enum { STREAM_SHARE = 1 << 18 }; /* + pass */

void asx_train_share_free(asx_train_share *share)
{
    if (!share)
        return;
    free(share->point);
    free(share->smallest);
    free(share->largest);
    free(share->scale);
    free(share->input);
    free(share);
}

static asx_status count_values(double *inout, const asx_word *word, asx_error *err)
{
    asx_grid *grid = NULL;
    const asx_status status = asx_grid_new(&grid, word, err);
    if (status == ASX_OK)
        *inout *= (double)asx_grid_size(grid);
    asx_grid_free(grid);
    return status;
}

/* Which formats of the list have most and fewest values. */
static asx_status find_ends(asx_gene *least, asx_gene *most, const asx_space *space, asx_error *err)
{
    size_t n;
    double low = 0, high = 0;
    const asx_format *format = asx_space_formats(space, &n);
    for (size_t i = 0; i < n; i++) {
        double values = 1;
        asx_status status = count_values(&values, &format[i].weight, err);
        if (status == ASX_OK)
            status = count_values(&values, &format[i].activation, err);
        if (status != ASX_OK)
            return status;
        if (i == 0 || values < low) {
            low = values;
            *least = (asx_gene)i;
        }
        if (i == 0 || values > high) {
            high = values;
            *most = (asx_gene)i;
        }
    }
    return ASX_OK;
}

asx_status asx_train_share_new(asx_train_share **out, const asx_space *space, size_t n_passes,
                               asx_error *err)
{
    const size_t n = asx_space_n_genes(space);
    asx_gene least = 0, most = 0;
    asx_train_share *s = asx_array_new(1, sizeof *s);
    if (!s)
        return asx_fail(err, ASX_ENOMEM, "no memory for a shared training");
    *s = (asx_train_share){
        .space = space, .n_layers = asx_space_n_layers(space), .n_passes = n_passes};
    (void)asx_space_formats(space, &s->n_formats);
    s->point = asx_array_new(n, sizeof *s->point);
    s->smallest = asx_array_new(n, sizeof *s->smallest);
    s->largest = asx_array_new(n, sizeof *s->largest);
    asx_status status = s->point && s->smallest && s->largest
                            ? find_ends(&least, &most, space, err)
                            : asx_fail(err, ASX_ENOMEM, "no memory for a shared training");
    for (size_t g = 1; g < n && status == ASX_OK; g++) { /* gene 0 is the placement */
        s->smallest[g] = least;
        s->largest[g] = most;
    }
    if (status == ASX_OK)
        *out = s;
    else
        asx_train_share_free(s);
    return status;
}

void asx_train_share_print(asx_text *out, const asx_train_share *share)
{
    size_t n;
    const asx_format *format = asx_space_formats(share->space, &n);
    asx_text_add(out, " shared by %zu", share->n_passes);
    for (size_t i = 0; i < n; i++) {
        asx_text_add(out, " ");
        asx_format_print(out, &format[i]);
    }
    for (size_t i = 0; i < share->n_layers; i++) {
        const asx_format *pinned = asx_space_pinned(share->space, i);
        asx_text_add(out, " %zu", asx_space_layer_gene(share->space, i));
        if (pinned)
            asx_format_print(out, pinned);
    }
}

static size_t n_scales(const asx_trainer *t)
{
    return asx_train_weights_n(t->weights) - t->tape->n_gradients;
}

asx_status asx_train_share_settle(asx_trainer *t, asx_error *err)
{
    enum { FITS_PER_EPOCH = 4 };
    asx_train_share *s = t->share;
    s->interval = t->steps_per_epoch / FITS_PER_EPOCH + 1;
    s->n_scales = n_scales(t);
    s->scale = asx_array_new(s->n_formats * s->n_scales, sizeof *s->scale);
    s->input = asx_array_new(s->n_formats * s->n_layers, sizeof *s->input);
    return s->scale && s->input
               ? ASX_OK
               : asx_fail(err, ASX_ENOMEM, "no memory for the scales of %zu formats", s->n_formats);
}

/* The design that has one format wherever it may. */
static asx_status take_format(asx_trainer *t, size_t format, asx_error *err)
{
    asx_train_share *s = t->share;
    for (size_t g = 1; g < asx_space_n_genes(s->space); g++)
        s->point[g] = (asx_gene)format;
    asx_design_fini(&t->design);
    return asx_space_decode(&t->design, s->space, s->point, err);
}

static asx_status fit_format(asx_trainer *t, size_t format, asx_calibration *calibration,
                             asx_error *err)
{
    asx_train_share *s = t->share;
    asx_status status = take_format(t, format, err);
    if (status == ASX_OK)
        status = asx_trainer_enter(t, t->step, err);
    if (status != ASX_OK)
        return status;
    asx_train_weights_fit(t->x, t->weights);
    memcpy(s->scale + format * s->n_scales, t->x + t->tape->n_gradients,
           s->n_scales * sizeof *s->scale);
    for (size_t i = 0; i < s->n_layers && status == ASX_OK; i++) {
        const asx_word word = asx_format_activation(&t->design.format[i],
                                                    t->network->work.layer[i].input_non_negative);
        status =
            asx_calibration_scale(&s->input[format * s->n_layers + i], calibration, i, &word, err);
    }
    return status;
}

asx_status asx_train_share_fit(asx_trainer *t, asx_error *err)
{
    asx_calibration *calibration = NULL;
    asx_status status = asx_trainer_ranges(&calibration, t, err);
    for (size_t f = 0; f < t->share->n_formats && status == ASX_OK; f++)
        status = fit_format(t, f, calibration, err);
    asx_calibration_free(calibration);
    return status;
}

static void choose(asx_train_share *s, const asx_trainer *t, size_t pass)
{
    const size_t n = asx_space_n_genes(s->space);
    const asx_gene *end = pass == 0 ? s->largest : pass == 1 ? s->smallest : NULL;
    for (size_t g = 1; g < n; g++)
        s->point[g] =
            end ? end[g]
                : (asx_gene)asx_seed_below(t->options.seed, STREAM_SHARE + pass, t->step * n + g,
                                           asx_space_choices(s->space, g));
}

/* The scales of every layer in its format; pinned layers have the same in all. */
static void take_scales(asx_trainer *t)
{
    const asx_train_share *s = t->share;
    float *to = t->x + t->tape->n_gradients;
    size_t at = 0;
    for (size_t i = 0; i < t->tape->n_parts; i++) {
        const asx_node *node = t->tape->part[i].node;
        if (!asx_node_has_weights(node))
            continue;
        const size_t layer = (size_t)node->layer, gene = asx_space_layer_gene(s->space, layer);
        const size_t format = gene == ASX_GENE_PINNED ? 0 : s->point[gene];
        memcpy(to + at, s->scale + format * s->n_scales + at, node->n_biases * sizeof *to);
        at += node->n_biases;
        t->scale[layer] = s->input[format * s->n_layers + layer];
    }
}

asx_status asx_train_share_enter(asx_trainer *t, size_t pass, asx_error *err)
{
    asx_train_share *s = t->share;
    choose(s, t, pass);
    asx_design_fini(&t->design);
    asx_status status = asx_space_decode(&t->design, s->space, s->point, err);
    if (status == ASX_OK)
        status = asx_trainer_enter(t, t->step, err);
    if (status == ASX_OK) {
        take_scales(t);
        asx_train_weights_use(t->used, t->weights, t->x);
    }
    return status;
}

size_t asx_train_share_bytes(const asx_train_share *share)
{
    return share ? share->n_formats * (share->n_scales * sizeof *share->scale +
                                       share->n_layers * sizeof *share->input)
                 : 0;
}

void asx_train_share_keep(asx_text *out, const asx_train_share *share)
{
    asx_text_add_bytes(out, (const char *)share->scale,
                       share->n_formats * share->n_scales * sizeof *share->scale);
    asx_text_add_bytes(out, (const char *)share->input,
                       share->n_formats * share->n_layers * sizeof *share->input);
}

void asx_train_share_take(asx_train_share *share, const char *bytes)
{
    const size_t n = share->n_formats * share->n_scales * sizeof *share->scale;
    memcpy(share->scale, bytes, n);
    memcpy(share->input, bytes + n, share->n_formats * share->n_layers * sizeof *share->input);
}

asx_status asx_train_space_ends(asx_design *smallest, asx_design *largest, const asx_space *space,
                                asx_error *err)
{
    asx_train_share *s = NULL;
    asx_status status = asx_train_share_new(&s, space, 1, err);
    if (status == ASX_OK)
        status = asx_space_decode(smallest, space, s->smallest, err);
    if (status == ASX_OK)
        status = asx_space_decode(largest, space, s->largest, err);
    asx_train_share_free(s);
    return status;
}
