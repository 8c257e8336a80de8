#include "eval/draw.h"

#include <math.h>
#include <stdlib.h>

#include "dse/memory.h"
#include "dse/seed.h"
#include "proxy_words.h"

struct asx_draws {
    size_t n_layers, n_formats;
    asx_format *format; /* by level, least first */
    double *level;      /* geometric mean over layers of their errors */
};

/* A format and its level, in logarithms. */
typedef struct ranked {
    double level;
    size_t format;
} ranked;

static int compare(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (x->level < y->level || x->level > y->level)
        return x->level < y->level ? -1 : 1;
    return x->format < y->format ? -1 : x->format > y->format;
}

/* Words of weights or inputs: adds their errors to [layers][formats]. */
static asx_status add_errors(double *sum, asx_calibration *calibration, const asx_format *format,
                             size_t n_formats, bool weights, asx_error *err)
{
    const size_t n_layers = asx_calibration_network(calibration)->work.n_layers;
    asx_words words = {0};
    asx_status status = asx_words_init(&words, format, n_formats, weights, err);
    if (status != ASX_OK)
        return status;
    double *error = asx_array_new(n_layers * words.n, sizeof *error);
    status = error ? asx_words_errors(error, calibration, NULL, &words, err)
                   : asx_fail(err, ASX_ENOMEM, "no memory for errors of %zu words", words.n);
    for (size_t l = 0; status == ASX_OK && l < n_layers; l++)
        for (size_t f = 0; f < n_formats; f++)
            sum[l * n_formats + f] += error[l * words.n + words.of_format[f]];
    free(error);
    asx_words_fini(&words);
    return status;
}

/* The mean is geometric, so that the most sensitive layer does not decide alone. */
static asx_status rank_formats(ranked *out, asx_calibration *calibration, const asx_format *format,
                               size_t n, asx_error *err)
{
    const size_t n_layers = asx_calibration_network(calibration)->work.n_layers;
    double *error = asx_array_new(n_layers * n, sizeof *error);
    asx_status status =
        error ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for errors of %zu formats", n);
    for (int weights = 1; status == ASX_OK && weights >= 0; weights--)
        status = add_errors(error, calibration, format, n, weights != 0, err);
    for (size_t f = 0; status == ASX_OK && f < n; f++) {
        out[f] = (ranked){0, f};
        for (size_t l = 0; l < n_layers; l++)
            out[f].level += log(fmax(error[l * n + f], 1e-12)) / (double)n_layers;
    }
    free(error);
    if (status == ASX_OK)
        qsort(out, n, sizeof *out, compare);
    return status;
}

asx_status asx_draws_new(asx_draws **out, asx_calibration *calibration, const asx_format *format,
                         size_t n_formats, asx_error *err)
{
    if (n_formats < 1)
        return asx_fail(err, ASX_EINVAL, "designs want at least one format");
    ranked *r = asx_array_new(n_formats, sizeof *r);
    asx_draws *d = asx_array_new(1, sizeof *d);
    asx_status status = ASX_OK;
    if (d)
        *d = (asx_draws){.n_layers = asx_calibration_network(calibration)->work.n_layers,
                         .n_formats = n_formats,
                         .format = asx_array_new(n_formats, sizeof *d->format),
                         .level = asx_array_new(n_formats, sizeof *d->level)};
    if (!r || !d || !d->format || !d->level)
        status = asx_fail(err, ASX_ENOMEM, "no memory for the order of %zu formats", n_formats);
    if (status == ASX_OK)
        status = rank_formats(r, calibration, format, n_formats, err);
    for (size_t i = 0; status == ASX_OK && i < n_formats; i++) {
        d->format[i] = format[r[i].format];
        d->level[i] = exp(r[i].level);
    }
    free(r);
    if (status != ASX_OK) {
        asx_draws_free(d);
        return status;
    }
    *out = d;
    return ASX_OK;
}

void asx_draws_free(asx_draws *draws)
{
    if (!draws)
        return;
    free(draws->format);
    free(draws->level);
    free(draws);
}

/* How many formats are below a level. */
static size_t n_below(const asx_draws *d, double level)
{
    size_t low = 0, high = d->n_formats;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (d->level[middle] < level)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* A format of about that level, by lot; the one next to it if there are none. */
static size_t near(const asx_draws *d, double level, double lot)
{
    const size_t first = n_below(d, 0.7 * level), n = n_below(d, 1.4 * level) - first;
    const size_t last = d->n_formats - 1;
    return n ? first + (size_t)(lot * (double)n) : first < last ? first : last;
}

asx_status asx_draws_design(asx_design *out, const asx_draws *draws, asx_draw_kind kind,
                            uint64_t seed, size_t number, asx_error *err)
{
    enum { LEVEL = 0, COUNT = 1, LAYER = 2 };      /* streams of the lot */
    static const double WORST = 0.086, BAD = 0.03; /* in all layers some 30 points; in a few bad */
    const size_t n_layers = draws->n_layers;
    const double level = WORST * asx_seed_uniform(seed, number, LEVEL);
    const double worst = fmax(BAD, draws->level[draws->n_formats - 1]);
    const size_t n_bad = 1 + (size_t)asx_seed_below(seed, number, COUNT, (n_layers + 2) / 3);
    if (out->n_layers != n_layers)
        return asx_fail(err, ASX_EINVAL, "design of %zu layers for a network of %zu", out->n_layers,
                        n_layers);
    for (size_t l = 0; l < n_layers; l++) {
        const double lot = asx_seed_uniform(seed, number, LAYER + 2 * l);
        const double how_bad = asx_seed_uniform(seed, number, LAYER + 2 * n_layers + l);
        size_t i = 0;
        if (kind == ASX_DRAW_SPREAD)
            i = near(draws, level, lot);
        else if (asx_seed_below(seed, number, LAYER + 2 * l + 1, n_layers) < n_bad)
            i = near(draws, BAD + (worst - BAD) * how_bad, lot);
        out->format[l] = draws->format[i];
    }
    return ASX_OK;
}
