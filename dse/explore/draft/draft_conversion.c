/* How images were converted for training is in no file. Under the wrong conversion a network is worse, mostly by far: so
 * the usual ones are tried. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draft_private.h"
#include "dse/memory.h"
#include "dse/number.h"
#include "eval/measure.h"
#include "explore/floating.h"

enum { TRIED_IMAGES = 500, CALIBRATION = 64, CONVERSIONS_MAX = 12, CHANNELS_MAX = 4096 };

void asx_draft_conversion_fini(asx_draft_conversion *c)
{
    free(c->mean);
    free(c->std);
    *c = (asx_draft_conversion){0};
}

/* ---- what there is to try ---- */

typedef struct list {
    asx_draft_conversion c[CONVERSIONS_MAX];
    size_t n;
    bool failed;
} list;

/* @param mean, std  [n], copied */
static void add(list *l, const char *name, double offset, double scale, const double *mean,
                const double *std, size_t n)
{
    asx_draft_conversion *c = &l->c[l->n++];
    *c = (asx_draft_conversion){.name = name, .offset = offset, .scale = scale, .n = n};
    if (n == 0)
        return;
    c->mean = asx_array_new(n, sizeof *c->mean);
    c->std = asx_array_new(n, sizeof *c->std);
    l->failed = l->failed || !c->mean || !c->std;
    for (size_t i = 0; i < n && !l->failed; i++) {
        c->mean[i] = mean[i];
        c->std[i] = std[i];
    }
}

/* What the data are like, per channel. */
typedef struct survey {
    double *low, *high, *mean, *std; /* [channels] */
    double least, most;
} survey;

static void survey_fini(survey *s)
{
    free(s->low);
    free(s->high);
    free(s->mean);
    free(s->std);
}

static void add_channel(survey *s, const float *image, size_t channel, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        const double x = image[channel * size + i];
        s->low[channel] = fmin(s->low[channel], x);
        s->high[channel] = fmax(s->high[channel], x);
        s->mean[channel] += x;
        s->std[channel] += x * x;
    }
}

/* @return ASX_OK; ASX_ENOMEM */
static asx_status look(survey *s, const asx_dataset *data, size_t n_images, asx_error *err)
{
    const size_t *shape = asx_dataset_shape(data);
    const size_t channels = shape[0], size = shape[1] * shape[2];
    const double n = (double)n_images * (double)size;
    float *image = asx_array_new(channels * size, sizeof *image);
    *s = (survey){.low = asx_array_new(channels, sizeof(double)),
                  .high = asx_array_new(channels, sizeof(double)),
                  .mean = asx_array_new(channels, sizeof(double)),
                  .std = asx_array_new(channels, sizeof(double)),
                  .least = INFINITY,
                  .most = -INFINITY};
    if (!image || !s->low || !s->high || !s->mean || !s->std) {
        free(image);
        return asx_fail(err, ASX_ENOMEM, "no memory for statistics of images");
    }
    for (size_t c = 0; c < channels; c++) {
        s->low[c] = INFINITY;
        s->high[c] = -INFINITY;
    }
    for (size_t i = 0; i < n_images; i++) {
        asx_dataset_images(image, data, i, 1);
        for (size_t c = 0; c < channels; c++)
            add_channel(s, image, c, size);
    }
    for (size_t c = 0; c < channels; c++) {
        s->mean[c] /= n;
        s->std[c] = sqrt(fmax(s->std[c] / n - s->mean[c] * s->mean[c], 0));
        s->std[c] = s->std[c] > 0 ? s->std[c] : 1; /* a channel that is the same everywhere */
        s->least = fmin(s->least, s->low[c]);
        s->most = fmax(s->most, s->high[c]);
    }
    free(image);
    return ASX_OK;
}

/* Bytes of images, and what frameworks' examples make of them. */
static void add_bytes(list *l, size_t channels)
{
    static const double half[] = {0.5}, mnist_mean[] = {0.1307}, mnist_std[] = {0.3081};
    static const double imagenet_mean[] = {0.485, 0.456, 0.406},
                        imagenet_std[] = {0.229, 0.224, 0.225};
    static const double cifar_mean[] = {0.4914, 0.4822, 0.4465},
                        cifar_std[] = {0.2470, 0.2435, 0.2616};
    add(l, "0 to 1", 0, 1.0 / 255, NULL, NULL, 0);
    add(l, "-1 to 1", 0, 1.0 / 255, half, half, 1);
    if (channels == 1)
        add(l, "mean and deviation of MNIST", 0, 1.0 / 255, mnist_mean, mnist_std, 1);
    if (channels == 3)
        add(l, "means and deviations of ImageNet", 0, 1.0 / 255, imagenet_mean, imagenet_std, 3);
    if (channels == 3)
        add(l, "means and deviations of CIFAR-10", 0, 1.0 / 255, cifar_mean, cifar_std, 3);
}

static void add_all(list *l, const survey *s, size_t channels)
{
    const bool bytes = s->least >= 0 && s->most <= 255 && s->most > 16;
    add(l, "as stored", 0, 1, NULL, NULL, 0);
    if (bytes)
        add_bytes(l, channels);
    if (s->least < 0 && s->least >= -128 && s->most <= 127 && s->most > 16) {
        add(l, "signed bytes from 0 to 1", -128, 1.0 / 255, NULL, NULL, 0);
        add(l, "signed bytes from -1 to 1", 0, 1.0 / 128, NULL, NULL, 0);
    }
    const double most = fmax(fabs(s->least), fabs(s->most));
    if (most > 1 && !(bytes && most >= 255)) /* else that is "0 to 1" */
        add(l, "by the largest value", 0, 1 / most, NULL, NULL, 0);
    if (channels > CHANNELS_MAX)
        return;
    add(l, channels > 1 ? "every channel to mean 0 and deviation 1" : "to mean 0 and deviation 1",
        0, 1, s->mean, s->std, channels);
    double *span = asx_array_new(channels, sizeof *span);
    l->failed = l->failed || !span;
    for (size_t c = 0; span && c < channels; c++)
        span[c] = s->high[c] > s->low[c] ? s->high[c] - s->low[c] : 1;
    if (span && channels > 3) /* a table: columns of different kinds */
        add(l, "every column from 0 to 1", 0, 1, s->low, span, channels);
    free(span);
}

/* ---- what was told ---- */

static asx_status take_list(double **out, size_t *n, const char *text, const char *option,
                            double low, asx_error *err)
{
    char number[64];
    asx_status status = ASX_OK;
    *n = 0;
    *out = asx_array_new(strlen(text) / 2 + 1, sizeof **out);
    if (!*out)
        return asx_fail(err, ASX_ENOMEM, "no memory for a list");
    for (const char *p = text; status == ASX_OK;) {
        const size_t length = strcspn(p, ",");
        snprintf(number, sizeof number, "%.*s", (int)length, p);
        status = asx_number_parse(&(*out)[*n], number, low, 1e30, option, err);
        *n += 1;
        p += length;
        if (!*p++)
            break;
    }
    return status;
}

static asx_status take_told(asx_draft_conversion *c, const asx_draft_options *o, asx_error *err)
{
    size_t n_mean = 0, n_std = 0;
    *c = (asx_draft_conversion){.name = "as told", .scale = 1};
    asx_status status = ASX_OK;
    if (o->offset)
        status = asx_number_parse(&c->offset, o->offset, -1e30, 1e30, "option '--offset'", err);
    if (status == ASX_OK && o->scale)
        status = asx_number_parse(&c->scale, o->scale, 1e-30, 1e30, "option '--scale'", err);
    if (status == ASX_OK && (o->mean || o->std))
        status =
            take_list(&c->mean, &n_mean, o->mean ? o->mean : "0", "option '--mean'", -1e30, err);
    if (status == ASX_OK && (o->mean || o->std))
        status = take_list(&c->std, &n_std, o->std ? o->std : "1", "option '--std'", 1e-30, err);
    c->n = n_mean;
    if (status == ASX_OK && n_mean != n_std)
        status =
            asx_fail(err, ASX_EINVAL,
                     "options '--mean' and '--std' have %zu and %zu numbers: give as many of both",
                     n_mean, n_std);
    return status;
}

/* ---- trying ---- */

/* Accuracy of the float network under a conversion. */
static asx_status try_one(asx_floating *out, asx_draft_state *d, const asx_draft_conversion *c,
                          asx_range images, asx_error *err)
{
    const asx_dataset_spec spec = {.offset = c->offset,
                                   .scale = c->scale,
                                   .mean = c->mean,
                                   .std = c->std,
                                   .n_mean = c->n,
                                   .n_std = c->n};
    asx_calibration *calibration = NULL;
    asx_measure *measure = NULL;
    const asx_range few = {0, images.end < CALIBRATION ? images.end : CALIBRATION};
    asx_status status = asx_dataset_convert(d->data, &spec, err);
    if (status == ASX_OK)
        status = asx_calibration_new(&calibration, d->network, d->data, few, NULL, err);
    if (status == ASX_OK)
        status = asx_measure_new(&measure, calibration, d->data, images, err);
    if (status == ASX_OK) {
        const asx_accuracy accuracy = asx_measure_float(measure);
        double guessing = NAN;
        if (!asx_score_counts(&d->score))
            status = asx_measure_guess(&guessing, measure, err);
        *out = asx_floating_of(&accuracy, d->data, images, asx_network_n_classes(d->network),
                               guessing, NAN);
    }
    asx_measure_free(measure);
    asx_calibration_free(calibration);
    return status;
}

/* "91.7 %", "mse 0.0123" */
static void add_value(asx_text *out, const asx_score *score, double value)
{
    if (!asx_score_counts(score)) {
        asx_score_print(out, score);
        asx_text_add(out, " ");
    }
    asx_score_print_number(out, score, value);
}

static bool is_better(const asx_score *score, double a, double b)
{
    return asx_score_grows(score) ? a > b : a < b;
}

static asx_status refuse(const asx_draft_state *d, const list *l, const asx_floating *best,
                         asx_error *err)
{
    asx_text names = {0}, value = {0}, guessing = {0};
    for (size_t i = 0; i < l->n; i++)
        asx_text_add(&names, "%s%s", i > 0 ? "; " : "", l->c[i].name);
    add_value(&value, &d->score, best->accuracy.accuracy);
    add_value(&guessing, &d->score, best->guessing);
    const asx_status status = asx_fail(
        err, ASX_EINVAL,
        "network '%s' has %s%s %zu images%s at best, guessing %s, under each of these conversions: %s. Are they "
        "other data? Else tell the conversion of its training: --scale X --offset X --mean A,B,C --std A,B,C; or "
        "'--expect any' takes images as they are stored",
        d->options->network, value.s ? value.s : "", asx_score_counts(&d->score) ? " of" : " on",
        best->accuracy.images, asx_score_counts(&d->score) ? " right" : "",
        guessing.s ? guessing.s : "", names.s ? names.s : "");
    asx_text_fini(&names);
    asx_text_fini(&value);
    asx_text_fini(&guessing);
    return status;
}

static void say(const asx_draft_state *d, const char *name)
{
    char line[100];
    const asx_watcher *w = d->options->watcher;
    snprintf(line, sizeof line, "trying images %s", name);
    if (w && w->say)
        w->say(w->state, ASX_SAY_STAGE, line);
}

/* A second that is as good within the noise is told: which of them it was, the user may know. */
static void remark(asx_draft_state *d, const list *l, const asx_floating *f, size_t chosen)
{
    const asx_accuracy *best = &f[chosen].accuracy;
    const bool grows = asx_score_grows(&d->score);
    for (size_t i = 0; i < l->n; i++) {
        const double value = f[i].accuracy.accuracy;
        if (i == chosen || f[i].accuracy.images == 0 ||
            (grows ? value < best->accuracy_low : value > best->accuracy_high))
            continue;
        asx_text_add(&d->close, "%s%s (", d->close.n > 0 ? "; " : "", l->c[i].name);
        add_value(&d->close, &d->score, value);
        asx_text_add(&d->close, ")");
    }
}

static asx_status choose(asx_draft_state *d, list *l, const asx_floating *f, asx_error *err)
{
    size_t chosen = 0;
    for (size_t i = 1; i < l->n; i++)
        if (f[i].accuracy.images > 0 &&
            (f[chosen].accuracy.images == 0 ||
             is_better(&d->score, f[i].accuracy.accuracy, f[chosen].accuracy.accuracy)))
            chosen = i;
    const bool guesses = f[chosen].guesses || f[chosen].accuracy.images == 0;
    if (guesses && !(d->options->expect && strcmp(d->options->expect, "any") == 0))
        return refuse(d, l, &f[chosen], err);
    if (guesses) /* as they are stored, or were told to be */
        chosen = 0;
    else
        remark(d, l, f, chosen);
    d->conversion = l->c[chosen];
    l->c[chosen] = (asx_draft_conversion){0};
    return ASX_OK;
}

static void add_tried(asx_draft_state *d, const asx_floating *f, const char *name)
{
    asx_text value = {0};
    add_value(&value, &d->score, f->accuracy.accuracy);
    asx_text_add(&d->tried, "  #  %7s  %s\n", value.s ? value.s : "", name);
    asx_text_fini(&value);
}

static asx_status try_all(asx_draft_state *d, list *l, asx_error *err)
{
    asx_range images = {0, d->parts.select < TRIED_IMAGES ? d->parts.select : TRIED_IMAGES};
    asx_floating f[CONVERSIONS_MAX] = {0};
    asx_error inner = {0};
    size_t n_tried = 0;
    asx_text_add(
        &d->tried,
        "  # which conversion the network was trained with is in no file; on images 0:%zu it "
        "%s\n",
        images.end, asx_score_counts(&d->score) ? "has right" : "has");
    for (size_t i = 0; i < l->n; i++) {
        say(d, l->c[i].name);
        const asx_status status = try_one(&f[i], d, &l->c[i], images, &inner);
        n_tried += status == ASX_OK;
        if (status == ASX_ENOMEM)
            break;
        if (status != ASX_OK) /* numbers that are not finite, say: another may do */
            asx_text_add(&d->tried, "  #    none   %s\n", l->c[i].name);
        else
            add_tried(d, &f[i], l->c[i].name);
    }
    if (n_tried == 0 || inner.status == ASX_ENOMEM)
        return asx_fail(err, inner.status, "'%s': %s", d->options->data[0], inner.message);
    return choose(d, l, f, err);
}

asx_status asx_draft_convert(asx_draft_state *d, asx_error *err)
{
    const asx_draft_options *o = d->options;
    list l = {0};
    survey s = {0};
    asx_status status;
    if (o->offset || o->scale || o->mean || o->std) {
        l.n = 1;
        status = take_told(&l.c[0], o, err);
    } else {
        status = look(&s, d->data, d->parts.select, err);
        if (status == ASX_OK)
            add_all(&l, &s, asx_dataset_shape(d->data)[0]);
        if (status == ASX_OK && l.failed)
            status = asx_fail(err, ASX_ENOMEM, "no memory for conversions");
    }
    if (status == ASX_OK)
        status = try_all(d, &l, err);
    for (size_t i = 0; i < l.n; i++)
        asx_draft_conversion_fini(&l.c[i]);
    survey_fini(&s);
    return status;
}
