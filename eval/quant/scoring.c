#include "scoring.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "graph.h"
#include "infer.h"

/* ---- what fits what ---- */

/* A network of one number has a zero in front of it (asx_network_load). */
static size_t n_numbers(const asx_network *network)
{
    return network->one_logit ? 1 : asx_network_n_classes(network);
}

static asx_status check_classes(asx_scoring *s, const asx_network *network, asx_error *err)
{
    size_t n[2] = {0};
    const asx_status status = asx_infer_check_labels(network, s->data, s->images, err);
    s->n_classes = s->n_out;
    if (status != ASX_OK || s->score.kind != ASX_SCORE_AUC)
        return status;
    if (s->n_classes != 2)
        return asx_fail(err, ASX_EUNSUPPORTED, "auc is of two classes, network '%s' has %zu",
                        network->name, s->n_classes);
    for (size_t i = s->images.first; i < s->images.end; i++)
        n[asx_dataset_label(s->data, i)]++;
    if (n[0] < 2 || n[1] < 2)
        return asx_fail(
            err, ASX_EINVAL,
            "auc wants two images of each class at least: images %zu:%zu have %zu of class 0 "
            "and %zu of class 1",
            s->images.first, s->images.end, n[0], n[1]);
    return ASX_OK;
}

static asx_status check_numbers(const asx_scoring *s, const asx_network *network, asx_error *err)
{
    if (s->n_targets != n_numbers(network))
        return asx_fail(err, ASX_EINVAL, "labels are %zu number%s an image, network '%s' gives %zu",
                        s->n_targets, s->n_targets > 1 ? "s" : "", network->name,
                        n_numbers(network));
    return ASX_OK;
}

static asx_status check_pixels(const asx_scoring *s, asx_error *err)
{
    for (size_t i = s->images.first; i < s->images.end; i++) {
        size_t judged = 0;
        for (size_t p = 0; p < s->n_targets; p++) {
            const size_t class = (size_t)asx_dataset_target(s->data, i, p);
            if (class >= s->n_classes && class != ASX_LABEL_UNJUDGED)
                return asx_fail(
                    err, ASX_EINVAL,
                    "image %zu has label %zu at pixel %zu, but the network has classes 0 .. %zu "
                    "(255: not judged)",
                    i, class, p, s->n_classes - 1);
            judged += class < s->n_classes;
            if (class < s->n_classes && s->score.kind == ASX_SCORE_MIOU)
                s->use[class] = true;
        }
        if (judged == 0)
            return asx_fail(err, ASX_EINVAL, "image %zu has no pixel with a class", i);
    }
    return ASX_OK;
}

/* [classes, rows, columns], or classes last, or one number a pixel. */
asx_status asx_scoring_find_map(asx_scoring *s, const asx_network *network, asx_error *err)
{
    const asx_value *y = &network->value[network->output];
    const size_t first = y->dim[0], last = y->dim[y->rank - 1];
    if (y->rank > 1 && s->n_targets * first == s->n_out) {
        s->n_classes = first;
        s->class_step = s->n_targets;
        s->pixel_step = 1;
    } else if (y->rank > 1 && s->n_targets * last == s->n_out) {
        s->n_classes = last;
        s->class_step = 1;
        s->pixel_step = last;
    } else {
        return asx_fail(
            err, ASX_EINVAL,
            "labels are maps of %zu pixels, which output '%s' of network '%s', %zu numbers, is no "
            "multiple of",
            s->n_targets, asx_network_output_name(network), network->name, s->n_out);
    }
    if (s->n_classes == 1)
        s->n_classes = 2;
    else
        s->middle = NAN;
    for (size_t i = 0; i < network->n_nodes; i++)
        if (network->node[i].output == network->output && network->node[i].op == ASX_OP_SIGMOID &&
            !isnan(s->middle))
            s->middle = 0.5;
    return ASX_OK;
}

static asx_status prepare_map(asx_scoring *s, const asx_network *network, asx_error *err)
{
    asx_status status = asx_scoring_find_map(s, network, err);
    if (status != ASX_OK)
        return status;
    s->n_sums = s->score.kind == ASX_SCORE_MIOU ? s->n_classes : 1;
    s->width = 2 * s->n_sums;
    s->use = asx_array_new(s->n_sums, sizeof *s->use);
    if (!s->use)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu classes", s->n_sums);
    s->use[0] = s->score.kind == ASX_SCORE_PIXEL;
    return check_pixels(s, err);
}

/* How far labels are from the mean of these images: what r2 is told against. */
static asx_status prepare_r2(asx_scoring *s, asx_error *err)
{
    const size_t n = s->images.end - s->images.first, k = s->n_targets;
    bool any = false;
    double *mean = asx_array_new(k, sizeof *mean);
    s->n_sums = s->width = k;
    s->use = asx_array_new(k, sizeof *s->use);
    s->spread = k <= SIZE_MAX / n ? asx_array_new(n * k, sizeof *s->spread) : NULL;
    asx_status status = mean && s->use && s->spread
                            ? ASX_OK
                            : asx_fail(err, ASX_ENOMEM, "no memory for labels of %zu images", n);
    for (size_t i = 0; status == ASX_OK && i < n; i++)
        for (size_t j = 0; j < k; j++)
            mean[j] += asx_dataset_target(s->data, s->images.first + i, j) / (double)n;
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
        for (size_t j = 0; j < k; j++) {
            const double d = asx_dataset_target(s->data, s->images.first + i, j) - mean[j];
            s->spread[i * k + j] = d * d;
            s->use[j] = s->use[j] || d * d > 0;
            any = any || s->use[j];
        }
    }
    free(mean);
    if (status == ASX_OK && !any)
        status = asx_fail(err, ASX_EINVAL, "r2 of labels that are all the same in images %zu:%zu",
                          s->images.first, s->images.end);
    return status;
}

static asx_status prepare(asx_scoring *s, const asx_network *network, asx_error *err)
{
    asx_status status = ASX_OK;
    switch (asx_score_labels(&s->score)) {
    case ASX_LABEL_CLASS:
        return check_classes(s, network, err);
    case ASX_LABEL_MAP:
        return prepare_map(s, network, err);
    case ASX_LABEL_NUMBERS:
        status = check_numbers(s, network, err);
    }
    return status == ASX_OK && s->score.kind == ASX_SCORE_R2 ? prepare_r2(s, err) : status;
}

asx_status asx_scoring_init(asx_scoring *out, const asx_network *network, const asx_dataset *data,
                            asx_range images, asx_error *err)
{
    asx_scoring s = {.data = data,
                     .images = images,
                     .score = *asx_dataset_score(data),
                     .n_out = asx_network_n_classes(network),
                     .n_targets = asx_dataset_target_size(data),
                     .width = 1,
                     .squash = network->sigmoid_cut};
    asx_status status = ASX_OK;
    if (!asx_score_counts(&s.score) && images.end - images.first < 2)
        status =
            asx_fail(err, ASX_EINVAL, "one image is too few for an interval: give it two or more");
    if (status == ASX_OK)
        status = prepare(&s, network, err);
    s.size = asx_score_counts(&s.score) ? 1 : s.width * sizeof(double);
    if (status == ASX_OK)
        *out = s;
    else
        asx_scoring_fini(&s);
    return status;
}

void asx_scoring_fini(asx_scoring *scoring)
{
    free(scoring->spread);
    free(scoring->use);
    *scoring = (asx_scoring){.data = NULL};
}

/* ---- notes ---- */

/* Answers as the file of the network gives them: its last n_targets numbers. */
static double answer_of(const asx_scoring *s, const float *out, size_t i)
{
    const double x = (double)out[s->n_out - s->n_targets + i];
    return s->squash ? 1 / (1 + exp(-x)) : x;
}

/* What the sums of errors of an image come to. */
static void conclude(double *note, const asx_scoring *s, double square, double absolute)
{
    const double n = (double)s->n_targets, peak = asx_dataset_peak(s->data);
    if (s->score.kind == ASX_SCORE_MSE)
        *note = square / n;
    if (s->score.kind == ASX_SCORE_MAE)
        *note = absolute / n;
    if (s->score.kind == ASX_SCORE_PSNR) /* no more than 100 dB, where nothing is off */
        *note = 10 * log10(peak * peak / fmax(square / n, 1e-10 * peak * peak));
}

static void note_numbers(double *note, const asx_scoring *s, size_t image, const float *out,
                         const double *answer)
{
    double square = 0, absolute = 0;
    for (size_t i = 0; i < s->n_targets; i++) {
        const double d =
            (answer ? answer[i] : answer_of(s, out, i)) - asx_dataset_target(s->data, image, i);
        if (s->score.kind == ASX_SCORE_R2)
            note[i] = d * d;
        square += d * d;
        absolute += fabs(d);
    }
    conclude(note, s, square, absolute);
}

void asx_scoring_note_numbers(double *note, const asx_scoring *scoring, size_t image,
                              const double *answer)
{
    note_numbers(note, scoring, image, NULL, answer);
}

static size_t class_at(const asx_scoring *s, const float *out, size_t pixel)
{
    const float *x = out + pixel * s->pixel_step;
    size_t best = 0;
    if (!isnan(s->middle))
        return (double)*x > s->middle;
    for (size_t c = 1; c < s->n_classes; c++)
        if (x[c * s->class_step] > x[best * s->class_step])
            best = c;
    return best;
}

static void note_map(double *note, const asx_scoring *s, size_t image, const float *out)
{
    double *either = note + s->n_sums;
    memset(note, 0, s->size);
    for (size_t p = 0; p < s->n_targets; p++) {
        const size_t label = (size_t)asx_dataset_target(s->data, image, p);
        if (label >= s->n_classes)
            continue;
        const size_t class = class_at(s, out, p);
        if (s->score.kind == ASX_SCORE_PIXEL) {
            note[0] += class == label;
            either[0] += 1;
            continue;
        }
        note[label] += class == label;
        either[label] += 1;
        if (class != label)
            either[class] += 1;
    }
}

void asx_scoring_note(void *note, const asx_scoring *s, size_t image, const float *out)
{
    if (s->score.kind == ASX_SCORE_TOP)
        *(unsigned char *)note =
            asx_infer_right(out, s->n_out, asx_dataset_label(s->data, image), s->score.top);
    else if (s->score.kind == ASX_SCORE_AUC)
        *(double *)note = (double)out[1] - (double)out[0];
    else if (asx_score_labels(&s->score) == ASX_LABEL_MAP)
        note_map(note, s, image, out);
    else
        note_numbers(note, s, image, out, NULL);
}

/* ---- sums ---- */

static void scale(asx_estimate *e, size_t n, double by, double from)
{
    e->value = from + by * e->value;
    for (size_t i = 0; i < n; i++)
        e->share[i] *= by;
}

static asx_status sum_auc(asx_estimate *e, const asx_scoring *s, const double *note, size_t n,
                          asx_error *err)
{
    bool *positive = asx_array_new(n, sizeof *positive);
    if (!positive)
        return asx_fail(err, ASX_ENOMEM, "no memory for labels of %zu images", n);
    for (size_t i = 0; i < n; i++)
        positive[i] = asx_dataset_label(s->data, s->images.first + i) == 1;
    const asx_status status = asx_estimate_auc(e, note, positive, n, err);
    free(positive);
    return status;
}

/* Of notes [n][2][n_sums]: the sums above and below. */
static asx_status sum_map(asx_estimate *e, const asx_scoring *s, const double *note, size_t n,
                          asx_error *err)
{
    const size_t k = s->n_sums;
    double *part = asx_array_new(2 * n * k, sizeof *part);
    if (!part)
        return asx_fail(err, ASX_ENOMEM, "no memory for sums over %zu images", n);
    for (size_t i = 0; i < n; i++) {
        memcpy(part + i * k, note + 2 * i * k, k * sizeof *part);
        memcpy(part + (n + i) * k, note + (2 * i + 1) * k, k * sizeof *part);
    }
    asx_estimate_ratios(e, part, part + n * k, s->use, n, k);
    free(part);
    return ASX_OK;
}

static asx_status estimate(asx_estimate *e, const asx_scoring *s, const double *note,
                           asx_error *err)
{
    const size_t n = s->images.end - s->images.first;
    asx_status status = ASX_OK;
    for (size_t i = 0; i < n * s->width; i++)
        if (!isfinite(note[i]))
            return asx_fail(err, ASX_EINVAL, "what the network gives for image %zu is not finite",
                            s->images.first + i / s->width);
    switch (s->score.kind) {
    case ASX_SCORE_AUC:
        status = sum_auc(e, s, note, n, err);
        break;
    case ASX_SCORE_PIXEL:
    case ASX_SCORE_MIOU:
        status = sum_map(e, s, note, n, err);
        break;
    case ASX_SCORE_R2:
        asx_estimate_ratios(e, note, s->spread, s->use, n, s->n_sums);
        scale(e, n, -1, 1);
        break;
    default:
        asx_estimate_mean(e, note, n);
    }
    if (status == ASX_OK && strcmp(asx_score_unit(&s->score), "%") == 0)
        scale(e, n, 100, 0);
    return status;
}

static asx_accuracy count(const asx_scoring *s, asx_tier tier, const unsigned char *of_float,
                          const unsigned char *right)
{
    const size_t n = s->images.end - s->images.first;
    size_t both = 0, only_float = 0, only_design = 0;
    for (size_t i = 0; i < n; i++) {
        both += right[i] & of_float[i];
        only_float += of_float[i] & !right[i];
        only_design += right[i] & !of_float[i];
    }
    return asx_accuracy_from_counts(tier, n, both, only_float, only_design);
}

asx_status asx_scoring_sum(asx_accuracy *out, const asx_scoring *s, asx_tier tier,
                           const void *of_float, const void *notes, asx_error *err)
{
    const size_t n = s->images.end - s->images.first;
    if (asx_score_counts(&s->score)) {
        *out = count(s, tier, of_float, notes);
        return ASX_OK;
    }
    double *share = asx_array_new(2 * n, sizeof *share);
    asx_estimate before = {.share = share}, e = {.share = share + n};
    asx_status status = share ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for %zu images", n);
    if (status == ASX_OK)
        status = estimate(&before, s, of_float, err);
    if (status == ASX_OK)
        status = estimate(&e, s, notes, err);
    if (status == ASX_OK)
        *out = asx_accuracy_from_estimates(tier, &s->score, n, &before, &e);
    free(share);
    return status;
}
