/* Sensitivity one layer at a time: damage as what a format does when one layer alone has it,
 *
 *   damage[l][f] = s[l] (c_w(l, f) + c_x(l, f))
 *
 * c: mean squared change of the logits (divergence.h) on a few images when this layer of the plain
 * 8-bit network has the format's word for its weights, or for its input. That tells apart formats
 * of the same error whose errors have different directions, and few images are enough for it.
 * s[l]: how far answers diverge per unit of change, from several formats of the layer on all the
 * images: changes made early and late reach the logits in different shapes.
 *
 * Words of hardly any error are not run: their change is taken in proportion to it. */
#include <math.h>
#include <stdlib.h>

#include "dse/memory.h"
#include "parts.h"
#include "proxy_away.h"
#include "proxy_scaled.h"

enum {
    IMAGES = 64, /* per word, of few words */
    FEW = 5000,
    IMAGES_OF_MANY = 16,
    IMAGES_LEAST = 8, /* where all would be too much work */
    PROBE_IMAGES = 256,
    PROBE_LEAST = 32,
    N_PROBES = 6, /* formats per layer that s is from */
    BLOCK = 512   /* designs made at a time, by each who works; fewer of large networks */
};
static const double NEGLIGIBLE = 0.01;              /* of the layer's largest error */
static const double WORK = 1e14, PROBE_WORK = 5e12; /* multiplications, of all of the network */

/* A word in a layer: index of both, layer * n + word. */
typedef struct alone {
    const asx_damage_job *job;
    const asx_words *words;
    size_t n_layers;
    double *error, *change; /* [n_layers][words->n] */
    size_t *finder;         /* [n_layers][words->n] who in a crew knows the word as projected */
    size_t *run;            /* [n_runs] */
    size_t n_runs;
} alone;

/* The word in its layer, everything else in plain words. */
static asx_status make_design(asx_design *out, const alone *a, size_t number, asx_error *err)
{
    asx_status status = asx_plain_design(out, a->n_layers, err);
    if (status == ASX_OK) {
        asx_format *f = &out->format[number / a->words->n];
        *(a->words->weights ? &f->weight : &f->activation) = a->words->word[number % a->words->n];
    }
    return status;
}

/* Runs of numbers, on some images. */
typedef struct runs {
    const alone *of;
    const size_t *number; /* [n] */
    asx_change *out;      /* [n] */
    asx_range images;
    asx_design base;
} runs;

static asx_status run_some(void *state, size_t first, size_t n, asx_error *err)
{
    const runs *r = state;
    asx_design *design = asx_array_new(n, sizeof *design);
    size_t *owner = asx_array_new(n, sizeof *owner);
    asx_status status =
        design && owner ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for designs");
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
        owner[i] = r->of->finder[r->number[first + i]];
        status = make_design(&design[i], r->of, r->number[first + i], err);
    }
    if (status == ASX_OK)
        status = asx_table_changes(r->out + first, r->of->job, r->images, &r->base, design, owner,
                                   n, err);
    for (size_t i = 0; design && i < n; i++)
        asx_design_fini(&design[i]);
    free(owner);
    free(design);
    return status;
}

/* @param number [n] what to run; @param out [n] */
static asx_status run_numbers(asx_change *out, const alone *a, const char *what,
                              const size_t *number, size_t n, size_t n_images, asx_error *err)
{
    const asx_crew *crew = asx_calibration_crew(a->job->calibration, a->job->data);
    runs r = {
        .of = a, .number = number, .out = out, .images = asx_range_first(a->job->images, n_images)};
    const asx_parts parts = {.calibration = a->job->calibration,
                             .what = what,
                             .of = n_images,
                             .out = (char *)out,
                             .size = sizeof *out,
                             .n = n,
                             .block = asx_parts_block(a->job->calibration, n_images, BLOCK) *
                                      (crew ? crew->n : 1),
                             .make = run_some,
                             .state = &r};
    asx_status status = asx_plain_design(&r.base, a->n_layers, err);
    if (status == ASX_OK)
        status = asx_parts_make(&parts, err);
    asx_design_fini(&r.base);
    return status;
}

static double largest(const double *x, size_t n)
{
    double top = 0;
    for (size_t i = 0; i < n; i++)
        top = fmax(top, x[i]);
    return top;
}

static asx_status run_words(alone *a, asx_error *err)
{
    const size_t n = a->words->n;
    for (size_t l = 0; l < a->n_layers; l++) {
        const double *error = a->error + l * n, least = NEGLIGIBLE * largest(error, n);
        for (size_t w = 0; w < n; w++)
            if (error[w] > least)
                a->run[a->n_runs++] = l * n + w;
    }
    if (!a->n_runs)
        return ASX_OK;
    asx_change *change = asx_array_new(a->n_runs, sizeof *change);
    if (!change)
        return asx_fail(err, ASX_ENOMEM, "no memory for changes by %zu words", a->n_runs);
    const size_t most = a->n_runs > FEW ? IMAGES_OF_MANY : IMAGES;
    const size_t n_images =
        asx_parts_images(a->job->calibration, WORK, a->n_runs, IMAGES_LEAST, most);
    asx_status status = run_numbers(
        change, a, a->words->weights ? "runs of weights' words" : "runs of inputs' words", a->run,
        a->n_runs, n_images, err);
    for (size_t i = 0; status == ASX_OK && i < a->n_runs; i++)
        a->change[a->run[i]] = change[i].square;
    free(change);
    return status;
}

/* In proportion to the error where there was no run. */
static void fill_in(const alone *a)
{
    const size_t n = a->words->n;
    for (size_t l = 0, i = 0; l < a->n_layers; l++) {
        double logs = 0, count = 0;
        const size_t first = i;
        for (; i < a->n_runs && a->run[i] / n == l; i++)
            if (a->change[a->run[i]] > 0) {
                logs += log(a->change[a->run[i]] / a->error[a->run[i]]);
                count++;
            }
        const double ratio = count > 0 ? exp(logs / count) : 0;
        size_t next = first;
        for (size_t w = 0; w < n; w++)
            if (next < i && a->run[next] == l * n + w)
                next++;
            else
                a->change[l * n + w] = ratio * a->error[l * n + w];
    }
}

/* The run words of a layer nearest to errors that fall from the largest by factors of 1.6. */
static size_t pick_probes(size_t *out, const alone *a, size_t layer)
{
    const size_t n = a->words->n;
    const double *error = a->error + layer * n, top = largest(error, n);
    size_t count = 0;
    for (int k = 0; k < N_PROBES && top > 0; k++) {
        const double want = log(top) - k * log(1.6);
        size_t best = 0;
        for (size_t w = 0; w < n; w++)
            if (error[w] > 0 &&
                (!(error[best] > 0) || fabs(log(error[w]) - want) < fabs(log(error[best]) - want)))
                best = w;
        if (error[best] > 0 && (!count || out[count - 1] != layer * n + best))
            out[count++] = layer * n + best;
    }
    return count;
}

/* @param share [n_layers] */
static asx_status find_shares(double *share, const alone *a, asx_error *err)
{
    size_t *probe = asx_array_new(a->n_layers * N_PROBES, sizeof *probe), n = 0;
    asx_change *change = asx_array_new(a->n_layers * N_PROBES, sizeof *change);
    asx_status status = ASX_OK;
    if (!probe || !change)
        status = asx_fail(err, ASX_ENOMEM, "no memory for probes of %zu layers", a->n_layers);
    for (size_t l = 0; status == ASX_OK && l < a->n_layers; l++)
        n += pick_probes(probe + n, a, l);
    if (status == ASX_OK && n)
        status = run_numbers(
            change, a, "runs of probes", probe, n,
            asx_parts_images(a->job->calibration, PROBE_WORK, n, PROBE_LEAST, PROBE_IMAGES), err);
    for (size_t l = 0, i = 0; status == ASX_OK && l < a->n_layers; l++) {
        double logs = 0, count = 0;
        for (; i < n && probe[i] / a->words->n == l; i++)
            if (change[i].divergence > 0 && change[i].square > 0) {
                logs += log(change[i].divergence / change[i].square);
                count++;
            }
        share[l] = count > 0 ? exp(logs / count) : 0;
    }
    free(probe);
    free(change);
    return status;
}

/* Weights or inputs. @param share [n_layers]: found from the weights, used for both */
static asx_status add_words(double *share, const asx_damage_job *job, const asx_gram *gram,
                            bool weights, asx_error *err)
{
    asx_words words = {0};
    asx_status status = asx_words_init(&words, job->format, job->n_formats, weights, err);
    if (status != ASX_OK)
        return status;
    const size_t n_layers = asx_calibration_network(job->calibration)->work.n_layers;
    alone a = {.job = job,
               .words = &words,
               .n_layers = n_layers,
               .error = asx_array_new(n_layers * words.n, sizeof *a.error),
               .change = asx_array_new(n_layers * words.n, sizeof *a.change),
               .finder = asx_array_new(n_layers * words.n, sizeof *a.finder),
               .run = asx_array_new(n_layers * words.n, sizeof *a.run)};
    if (!a.error || !a.change || !a.finder || !a.run)
        status = asx_fail(err, ASX_ENOMEM, "no memory for damage of %zu words", words.n);
    if (status == ASX_OK)
        status = asx_table_errors(a.error, a.finder, job, gram, weights, &words, err);
    if (status == ASX_OK)
        status = run_words(&a, err);
    if (status == ASX_OK && weights)
        status = find_shares(share, &a, err);
    if (status == ASX_OK) {
        fill_in(&a);
        asx_damage_add(job, &words, a.change, share);
    }
    free(a.error);
    free(a.change);
    free(a.finder);
    free(a.run);
    asx_words_fini(&words);
    return status;
}

static asx_status fill(const asx_damage_job *job, asx_error *err)
{
    const size_t n_layers = asx_calibration_network(job->calibration)->work.n_layers;
    double *share = asx_array_new(n_layers, sizeof *share);
    asx_gram *gram = NULL;
    asx_status status = share ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for shares");
    if (status == ASX_OK)
        status = asx_table_grams(&gram, job, err);
    if (status == ASX_OK)
        status = add_words(share, job, gram, true, err);
    if (status == ASX_OK)
        status = add_words(share, job, NULL, false, err);
    asx_grams_free(gram, n_layers);
    free(share);
    return status;
}

const asx_proxy_type asx_proxy_alone = {
    "alone", "change of the answers when a layer alone has the format, scaled by divergence", fill,
    false};
