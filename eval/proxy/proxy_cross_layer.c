/* Sensitivity of layers together: cross terms (crossing.h) from runs of the network on unlabelled images, in three steps:
 *
 *   directions   some words of a layer, alone in the plain network, on all images of the table
 *   coordinates  every word of the layer, alone, on a few of these images
 *   correction   designs as a whole, by lot: in the company of other errors a layer shifts the answers less than alone
 *
 * So a word costs a few images, as in `alone`, and pairs of layers cost nothing. What makes both possible is that directions
 * are few: 24 of a layer hold 97 % of the squared shifts of its formats, in DS-CNN, ResNet-8 and ResNet-20 alike. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "crossing.h"
#include "dse/memory.h"
#include "eval/draw.h"
#include "parts.h"
#include "proxy_away.h"
#include "proxy_scaled.h"

enum {
    IMAGES = 256,
    IMAGES_LEAST = 8,
    FEW = 32, /* images per word */
    FEW_LEAST = 8,
    N_PROBES = 48, /* words of a layer for its directions */
    RANK = 24,
    N_DESIGNS = 240, /* for the correction */
    BLOCK = 512      /* runs made at a time */
};
static const double WORK = 2e13, PROBE_WORK = 2e13; /* multiplications, of all of the network */
static const uint64_t SEED = 0x63726f7373;          /* of the designs: no study's or campaign's */

/* The words of weights and of inputs, in one list of a layer. */
typedef struct crosser {
    const asx_damage_job *job;
    asx_words words[2]; /* weights, inputs */
    double *error[2];   /* [n_layers][words.n] */
    size_t n_layers, n; /* words of both */
    asx_crossing c;
    asx_answers few; /* of the first images of c.base, borrowed from it */
    /* of the layer that is worked on */
    size_t layer;
    size_t *order;     /* [n] words by error, largest first */
    float *coordinate; /* [n][RANK] */
} crosser;

static double error_of(const crosser *x, size_t layer, size_t word)
{
    const asx_words *w = x->words;
    return word < w[0].n ? x->error[0][layer * w[0].n + word]
                         : x->error[1][layer * w[1].n + word - w[0].n];
}

/* The word in its layer, everything else plain. */
static asx_status make_design(asx_design *out, const crosser *x, size_t word, asx_error *err)
{
    const asx_status status = asx_plain_design(out, x->n_layers, err);
    if (status != ASX_OK)
        return status;
    asx_format *f = &out->format[x->layer];
    if (word < x->words[0].n)
        f->weight = x->words[0].word[word];
    else
        f->activation = x->words[1].word[word - x->words[0].n];
    return ASX_OK;
}

/* Runs on the images of some answers: of words of the layer, or of designs. */
typedef struct runs {
    const crosser *x;
    const asx_answers *base;
    const size_t *word;       /* [n] or NULL */
    const asx_design *design; /* [n] if there are no words */
    float *out;               /* [n][images][n_out] */
} runs;

static asx_status run_designs(const runs *r, const asx_design *design, size_t first, size_t n,
                              asx_error *err)
{
    return asx_answers_shifts(r->out + first * asx_crossing_size(r->base), r->x->job->calibration,
                              r->x->job->data, r->base, design, n, err);
}

static asx_status run_some(void *state, size_t first, size_t n, asx_error *err)
{
    const runs *r = state;
    if (!r->word)
        return run_designs(r, r->design + first, first, n, err);
    asx_design *design = asx_array_new(n, sizeof *design);
    asx_status status = design ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for designs");
    for (size_t i = 0; status == ASX_OK && i < n; i++)
        status = make_design(&design[i], r->x, r->word[first + i], err);
    if (status == ASX_OK)
        status = run_designs(r, design, first, n, err);
    for (size_t i = 0; design && i < n; i++)
        asx_design_fini(&design[i]);
    free(design);
    return status;
}

static asx_status run_all(runs *r, const char *what, size_t of, size_t n, asx_error *err)
{
    const asx_parts parts = {.calibration = r->x->job->calibration,
                             .what = what,
                             .of = of,
                             .out = (char *)r->out,
                             .size = asx_crossing_size(r->base) * sizeof *r->out,
                             .n = n,
                             .block = BLOCK,
                             .make = run_some,
                             .state = r};
    return asx_parts_make(&parts, err);
}

/* ---- a layer ---- */

static void sort_words(crosser *x)
{
    for (size_t i = 0; i < x->n; i++) {
        size_t at = i;
        const double error = error_of(x, x->layer, i);
        for (; at > 0 && error_of(x, x->layer, x->order[at - 1]) < error; at--)
            x->order[at] = x->order[at - 1];
        x->order[at] = i;
    }
}

/* Those of the larger errors, evenly, to the front of the order; the rest keep theirs. @return how many */
static size_t pick_probes(crosser *x)
{
    const size_t last = (x->n - 1) - (x->n - 1) / 3;
    if (x->n <= N_PROBES)
        return x->n;
    for (size_t k = 0; k < N_PROBES; k++) {
        const size_t even = k * last / (N_PROBES - 1), from = even > k ? even : k;
        const size_t word = x->order[from];
        memmove(x->order + k + 1, x->order + k, (from - k) * sizeof *x->order);
        x->order[k] = word;
    }
    return N_PROBES;
}

/* Coordinates of words whose shifts are known on the images of `base`. @param shift room for them */
static asx_status find_coordinates(crosser *x, const asx_answers *base, size_t first, size_t n,
                                   const float *shift, asx_error *err)
{
    const size_t size = asx_crossing_size(&x->c.base);
    float *found = asx_array_new(n, RANK * sizeof *found);
    asx_status status =
        found ? asx_crossing_coordinates(found, x->c.direction + x->layer * RANK * size, RANK, size,
                                         shift, n, asx_crossing_size(base), err)
              : asx_fail(err, ASX_ENOMEM, "no memory for cross terms");
    for (size_t i = 0; status == ASX_OK && i < n; i++)
        memcpy(x->coordinate + x->order[first + i] * RANK, found + i * RANK, RANK * sizeof *found);
    free(found);
    return status;
}

static void set_formats(crosser *x)
{
    for (size_t f = 0; f < x->job->n_formats; f++) {
        const float *w = x->coordinate + x->words[0].of_format[f] * RANK;
        const float *in = x->coordinate + (x->words[0].n + x->words[1].of_format[f]) * RANK;
        float *out = x->c.coordinate + (x->layer * x->job->n_formats + f) * RANK;
        for (size_t k = 0; k < RANK; k++)
            out[k] = w[k] + in[k];
    }
}

static asx_status cross_layer(crosser *x, asx_error *err)
{
    sort_words(x);
    const size_t size = asx_crossing_size(&x->c.base), n_probes = pick_probes(x);
    const size_t most = x->n > n_probes ? x->n - n_probes : 0;
    float *shift = asx_array_new(n_probes, size * sizeof *shift);
    float *few = asx_array_new(most, asx_crossing_size(&x->few) * sizeof *few);
    runs probes = {.x = x, .base = &x->c.base, .word = x->order, .out = shift};
    runs rest = {.x = x, .base = &x->few, .word = x->order + n_probes, .out = few};
    asx_status status =
        shift && few ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for runs of %zu words", x->n);
    if (status == ASX_OK)
        status = run_all(&probes, "runs of a layer's probes", x->layer, n_probes, err);
    if (status == ASX_OK)
        status = asx_crossing_directions(x->c.direction + x->layer * RANK * size, RANK, shift,
                                         n_probes, size, err);
    if (status == ASX_OK)
        status = find_coordinates(x, &x->c.base, 0, n_probes, shift, err);
    if (status == ASX_OK && most)
        status = run_all(&rest, "runs of a layer's words", x->layer, most, err);
    if (status == ASX_OK && most)
        status = find_coordinates(x, &x->few, n_probes, most, few, err);
    free(shift);
    free(few);
    if (status == ASX_OK)
        set_formats(x);
    return status;
}

/* ---- whole designs ---- */

static size_t number_of(const crosser *x, const asx_format *format)
{
    size_t f = 0;
    while (!asx_format_equal(&x->job->format[f], format))
        f++;
    return f;
}

/* Half of each kind. @param number [N_DESIGNS][n_layers] */
static asx_status draw_designs(asx_design *out, uint16_t *number, const crosser *x, asx_error *err)
{
    const asx_damage_job *j = x->job;
    asx_draws *draws = NULL;
    asx_status status = asx_draws_new(&draws, j->calibration, j->format, j->n_formats, err);
    for (size_t i = 0; status == ASX_OK && i < N_DESIGNS; i++) {
        status = asx_design_init(&out[i], x->n_layers, err);
        if (status == ASX_OK)
            status = asx_draws_design(&out[i], draws, i % 2 ? ASX_DRAW_MIXED : ASX_DRAW_SPREAD,
                                      SEED, i, err);
        for (size_t l = 0; status == ASX_OK && l < x->n_layers; l++)
            number[i * x->n_layers + l] = (uint16_t)number_of(x, &out[i].format[l]);
    }
    asx_draws_free(draws);
    return status;
}

static asx_status correct(crosser *x, asx_error *err)
{
    asx_design design[N_DESIGNS] = {{0}};
    uint16_t *number = asx_array_new(N_DESIGNS * x->n_layers, sizeof *number);
    float *shift = asx_array_new(N_DESIGNS, asx_crossing_size(&x->c.base) * sizeof *shift);
    runs r = {.x = x, .base = &x->c.base, .design = design, .out = shift};
    asx_status status = number && shift ? draw_designs(design, number, x, err)
                                        : asx_fail(err, ASX_ENOMEM, "no memory for designs");
    if (status == ASX_OK)
        status = run_all(&r, "runs of whole designs", 0, N_DESIGNS, err);
    if (status == ASX_OK)
        status = asx_crossing_correct(&x->c, number, shift, N_DESIGNS, err);
    for (size_t i = 0; i < N_DESIGNS; i++)
        asx_design_fini(&design[i]);
    free(number);
    free(shift);
    return status;
}

/* ---- all of it ---- */

static asx_status find_errors(crosser *x, asx_error *err)
{
    asx_status status = ASX_OK;
    for (int i = 0; status == ASX_OK && i < 2; i++) {
        status = asx_words_init(&x->words[i], x->job->format, x->job->n_formats, i == 0, err);
        if (status != ASX_OK)
            break;
        x->n += x->words[i].n;
        x->error[i] = asx_array_new(x->n_layers * x->words[i].n, sizeof(double));
        status = x->error[i]
                     ? asx_table_errors(x->error[i], NULL, x->job, NULL, false, &x->words[i], err)
                     : asx_fail(err, ASX_ENOMEM, "no memory for errors of words");
    }
    return status;
}

/* The answers of the plain network on as many images as work and room allow. */
static asx_status find_base(crosser *x, asx_error *err)
{
    const asx_damage_job *j = x->job;
    const size_t n_out = asx_network_n_classes(asx_calibration_network(j->calibration));
    asx_design plain = {0};
    asx_answers base = {.n_out = 0};
    if (n_out > ASX_CROSSING_OUTPUTS)
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "proxy 'cross-layer': the network has %zu outputs an image, at most %d are "
                        "added up; proxy 'alone' takes any number",
                        n_out, (int)ASX_CROSSING_OUTPUTS);
    size_t n = asx_parts_images(j->calibration, PROBE_WORK, x->n_layers * N_PROBES + N_DESIGNS,
                                IMAGES_LEAST, IMAGES);
    n = n > ASX_CROSSING_OUTPUTS / n_out ? ASX_CROSSING_OUTPUTS / n_out : n;
    asx_status status = asx_plain_design(&plain, x->n_layers, err);
    if (status == ASX_OK)
        status = asx_answers_init(&base, j->calibration, j->data, asx_range_first(j->images, n),
                                  &plain, err);
    if (status == ASX_OK)
        status = asx_crossing_init(&x->c, &base, x->n_layers, j->n_formats, RANK, err);
    asx_design_fini(&plain);
    x->few = x->c.base;
    x->few.images = asx_range_first(
        x->few.images, asx_parts_images(j->calibration, WORK, x->n_layers * x->n, FEW_LEAST, FEW));
    return status;
}

static asx_status cross(crosser *x, asx_error *err)
{
    asx_status status = find_errors(x, err);
    if (status == ASX_OK)
        status = find_base(x, err);
    x->order = asx_array_new(x->n, sizeof *x->order);
    x->coordinate = asx_array_new(x->n, RANK * sizeof *x->coordinate);
    if (status == ASX_OK && (!x->order || !x->coordinate))
        status = asx_fail(err, ASX_ENOMEM, "no memory for cross terms of %zu words", x->n);
    for (; status == ASX_OK && x->layer < x->n_layers; x->layer++)
        status = cross_layer(x, err);
    if (status == ASX_OK)
        status = correct(x, err);
    for (size_t i = 0; status == ASX_OK && i < x->n_layers * x->job->n_formats; i++)
        x->job->damage[i] = asx_crossing_alone(&x->c, i / x->job->n_formats, i % x->job->n_formats);
    return status;
}

static asx_status fill(const asx_damage_job *job, asx_error *err)
{
    crosser x = {.job = job, .n_layers = asx_calibration_network(job->calibration)->work.n_layers};
    const asx_status status = cross(&x, err);
    if (status == ASX_OK)
        *job->crossing = x.c;
    else
        asx_crossing_fini(&x.c);
    for (int i = 0; i < 2; i++) {
        asx_words_fini(&x.words[i]);
        free(x.error[i]);
    }
    free(x.order);
    free(x.coordinate);
    return status;
}

const asx_proxy_type asx_proxy_cross_layer = {
    "cross-layer", "divergence of the answers by the sum of what all layers do to them", fill,
    true};
