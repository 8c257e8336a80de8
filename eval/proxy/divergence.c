#include "divergence.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "infer.h"
#include "integer.h"
#include "outcome.h"
#include "scoring.h"

/* The base, which is filled in first, and the change of every design on every image. */
typedef struct table {
    asx_answers base;
    size_t n_images;
    asx_change *of; /* [n designs][n_images] */
    float *shift;   /* [n designs][n_images][n_out] */
} table;

/* Numbers that are n apart by `step`. */
static void log_softmax(float *out, const float *x, size_t n, size_t step)
{
    double top = (double)x[0], sum = 0;
    for (size_t i = 1; i < n; i++)
        top = fmax(top, (double)x[i * step]);
    for (size_t i = 0; i < n; i++)
        sum += exp((double)x[i * step] - top);
    for (size_t i = 0; i < n; i++)
        out[i * step] = (float)((double)x[i * step] - top - log(sum));
}

static void keep_base(void *state, size_t design, size_t first, size_t n, const float *logits)
{
    const asx_answers *b = &((const table *)state)->base;
    (void)design;
    for (size_t i = 0; i < n; i++, logits += b->n_out) {
        const size_t at = (first - b->images.first + i) * b->n_out;
        memcpy(b->logit + at, logits, b->n_out * sizeof *logits);
        for (size_t p = 0; p < b->n_groups; p++)
            log_softmax(b->log_p + at + p * b->group_step, logits + p * b->group_step, b->n_classes,
                        b->class_step);
    }
}

static asx_change change_of(const float *base, const float *log_p, const float *x, size_t n,
                            size_t step)
{
    double top = (double)x[0], sum = 0, mean = 0;
    asx_change change = {0};
    for (size_t c = 0; c < n * step; c += step) {
        top = fmax(top, (double)x[c]);
        mean += ((double)x[c] - (double)base[c]) / (double)n;
    }
    for (size_t c = 0; c < n * step; c += step)
        sum += exp((double)x[c] - top);
    for (size_t c = 0; c < n * step; c += step) {
        const double d = (double)x[c] - (double)base[c] - mean;
        const double now = (double)x[c] - top - log(sum), p = exp((double)log_p[c]);
        change.square += d * d;
        change.divergence += p * ((double)log_p[c] - now);
        change.probability += (p - exp(now)) * (p - exp(now));
    }
    change.divergence = fmax(change.divergence, 0);
    return change;
}

/* Of numbers that are no classes: what they are off by is all there is. */
static asx_change change_of_numbers(const float *base, const float *x, size_t n)
{
    double square = 0;
    for (size_t i = 0; i < n; i++)
        square += ((double)x[i] - (double)base[i]) * ((double)x[i] - (double)base[i]);
    return (asx_change){square, square, square};
}

asx_change asx_answers_change(const asx_answers *b, size_t image, const float *x)
{
    const float *base = b->logit + image * b->n_out, *log_p = b->log_p + image * b->n_out;
    asx_change sum = {0};
    if (b->n_groups == 0)
        return change_of_numbers(base, x, b->n_out);
    for (size_t p = 0; p < b->n_groups; p++) {
        const size_t at = p * b->group_step;
        const asx_change c = change_of(base + at, log_p + at, x + at, b->n_classes, b->class_step);
        sum.divergence += c.divergence / (double)b->n_groups;
        sum.square += c.square / (double)b->n_groups;
        sum.probability += c.probability / (double)b->n_groups;
    }
    return sum;
}

static void compare(void *state, size_t design, size_t first, size_t n, const float *logits)
{
    const table *t = state;
    const asx_answers *b = &t->base;
    for (size_t i = 0; i < n; i++) {
        const size_t image = first - b->images.first + i;
        t->of[design * t->n_images + image] = asx_answers_change(b, image, logits + i * b->n_out);
    }
}

/* Of each group of classes the mean is taken out: it changes no probability. */
static void centre(float *x, const asx_answers *b)
{
    for (size_t p = 0; p < b->n_groups; p++) {
        float *group = x + p * b->group_step;
        double mean = 0;
        for (size_t c = 0; c < b->n_classes; c++)
            mean += (double)group[c * b->class_step] / (double)b->n_classes;
        for (size_t c = 0; c < b->n_classes; c++)
            group[c * b->class_step] -= (float)mean;
    }
}

static void keep_shift(void *state, size_t design, size_t first, size_t n, const float *logits)
{
    const table *t = state;
    const asx_answers *b = &t->base;
    for (size_t i = 0; i < n; i++, logits += b->n_out) {
        const size_t image = first - b->images.first + i;
        float *out = t->shift + (design * t->n_images + image) * b->n_out;
        for (size_t k = 0; k < b->n_out; k++)
            out[k] = logits[k] - b->logit[image * b->n_out + k];
        centre(out, b);
    }
}

/* As many designs as are held ready at once by a thread, fewer where their weights are many. */
enum { CHUNK = 32 };
static const size_t CHUNK_BYTES = (size_t)256 << 20,
                    WEIGHT_BYTES = 5; /* a word and what it is packed to */

/* What a design's weights take that are not those of its neighbour. */
static size_t own_bytes(const asx_plan *plan, const asx_design *design, const asx_design *neighbour)
{
    size_t n = 0;
    for (size_t i = 0; i < design->n_layers; i++)
        if (!asx_word_equal(&design->format[i].weight, &neighbour->format[i].weight))
            n += plan->node[i]->n_weights;
    return n * WEIGHT_BYTES;
}

/* Where chunks begin, and last where they end. @param first [n + 1] @return number of chunks */
static size_t cut_chunks(size_t *first, const asx_plan *plan, const asx_design *design, size_t n)
{
    size_t n_chunks = 0, bytes = 0;
    for (size_t i = 0; i < n; i++) {
        const size_t own = i ? own_bytes(plan, &design[i], &design[i - 1]) : 0;
        bytes += own;
        if (i == 0 || i - first[n_chunks - 1] == CHUNK || bytes > CHUNK_BYTES) {
            first[n_chunks++] = i;
            bytes = own;
        }
    }
    first[n_chunks] = n;
    return n_chunks;
}

typedef struct job {
    asx_calibration *calibration;
    const asx_dataset *data;
    asx_range images;
} job;

typedef void taker(void *state, size_t design, size_t first, size_t n, const float *logits);

static asx_status run_chunk(const job *j, const asx_design *design, size_t n, table *t, taker *take,
                            asx_error *err)
{
    asx_integer integer[CHUNK];
    const void *list[CHUNK];
    asx_lineage lineage = {0};
    size_t n_ready = 0;
    asx_status status = ASX_OK;
    for (; status == ASX_OK && n_ready < n; n_ready += status == ASX_OK) {
        status = asx_calibration_go_on(j->calibration, err);
        if (status != ASX_OK)
            break;
        status = asx_integer_init_shared(&integer[n_ready], j->calibration, &design[n_ready], err);
        list[n_ready] = &integer[n_ready];
    }
    if (status == ASX_OK)
        status = asx_lineage_init(&lineage, &asx_integers, list, n,
                                  asx_calibration_share(j->calibration), err);
    if (status == ASX_OK) {
        const asx_work_watch *watch = asx_calibration_watcher(j->calibration);
        const asx_inference run = {.stop = watch->stop,
                                   .stop_state = watch->state,
                                   .plan = asx_calibration_plan(j->calibration),
                                   .data = j->data,
                                   .images = j->images,
                                   .designs = &lineage,
                                   .take = take,
                                   .state = t};
        status = asx_infer(&run, err);
    }
    asx_lineage_fini(&lineage);
    while (n_ready)
        asx_integer_fini(&integer[--n_ready]);
    return status;
}

/* A chunk on a sheet of its own; the means are added up in the order of images. */
static asx_status measure_chunk(asx_change *out, const job *j, const asx_design *design, size_t n,
                                const table *base, asx_error *err)
{
    table t = *base;
    t.of = asx_array_new(n * t.n_images, sizeof *t.of);
    if (!t.of)
        return asx_fail(err, ASX_ENOMEM, "no memory for answers on %zu images", t.n_images);
    asx_status status = run_chunk(j, design, n, &t, compare, err);
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
        asx_change sum = {0};
        for (size_t k = 0; k < t.n_images; k++) {
            sum.divergence += t.of[i * t.n_images + k].divergence;
            sum.square += t.of[i * t.n_images + k].square;
            sum.probability += t.of[i * t.n_images + k].probability;
        }
        const double n_images = (double)t.n_images;
        out[i] = (asx_change){sum.divergence / n_images, sum.square / n_images,
                              sum.probability / n_images};
    }
    free(t.of);
    return status;
}

/* What of the outputs are classes: all, those of each pixel, or none. */
static asx_status lay_out(asx_answers *b, const asx_network *network, const asx_dataset *data,
                          asx_error *err)
{
    const asx_label_kind kind = asx_score_labels(asx_dataset_score(data));
    asx_scoring map = {.n_out = b->n_out, .n_targets = asx_dataset_target_size(data)};
    if (kind == ASX_LABEL_CLASS) {
        b->n_classes = b->n_out;
        b->n_groups = b->class_step = 1;
    }
    const asx_status status =
        kind == ASX_LABEL_MAP ? asx_scoring_find_map(&map, network, err) : ASX_OK;
    if (status == ASX_OK && kind == ASX_LABEL_MAP && isnan(map.middle)) {
        b->n_classes = map.n_classes;
        b->n_groups = map.n_targets;
        b->class_step = map.class_step;
        b->group_step = map.pixel_step;
    }
    return status;
}

asx_status asx_answers_init(asx_answers *out, asx_calibration *calibration, const asx_dataset *data,
                            asx_range images, const asx_design *base, asx_error *err)
{
    const job j = {calibration, data, images};
    const size_t n_images = images.end - images.first;
    const asx_network *network = asx_calibration_network(calibration);
    const size_t n_out = asx_network_n_classes(network);
    table t = {.base = {.images = images, .n_out = n_out}, .n_images = n_images};
    asx_status status = lay_out(&t.base, network, data, err);
    if (status != ASX_OK)
        return status;
    t.base.logit = asx_array_new(n_images * n_out, sizeof *t.base.logit);
    t.base.log_p = asx_array_new(n_images * n_out, sizeof *t.base.log_p);
    status = t.base.logit && t.base.log_p
                 ? run_chunk(&j, base, 1, &t, keep_base, err)
                 : asx_fail(err, ASX_ENOMEM, "no memory for answers on %zu images", n_images);
    if (status != ASX_OK)
        asx_answers_fini(&t.base);
    else
        *out = t.base;
    return status;
}

void asx_answers_fini(asx_answers *answers)
{
    free(answers->logit);
    free(answers->log_p);
    *answers = (asx_answers){.n_out = 0};
}

asx_status asx_divergence_from(asx_change *out, asx_calibration *calibration,
                               const asx_dataset *data, const asx_answers *base,
                               const asx_design *design, size_t n, asx_error *err)
{
    const job j = {calibration, data, base->images};
    const table t = {.base = *base, .n_images = base->images.end - base->images.first};
    asx_outcome failed = {.status = ASX_OK};
    size_t *cut = asx_array_new(n + 1, sizeof *cut);
    if (!cut)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", n);
    const size_t n_chunks = cut_chunks(cut, asx_calibration_plan(calibration), design, n);
#pragma omp parallel for schedule(dynamic)
    for (size_t i = 0; i < n_chunks; i++) {
        const size_t first = cut[i], count = cut[i + 1] - first;
        asx_error local;
        asx_outcome_note(&failed, i,
                         measure_chunk(out + first, &j, design + first, count, &t, &local), &local);
    }
    free(cut);
    return asx_outcome_end(&failed, err);
}

asx_status asx_answers_shifts(float *out, asx_calibration *calibration, const asx_dataset *data,
                              const asx_answers *base, const asx_design *design, size_t n,
                              asx_error *err)
{
    const job j = {calibration, data, base->images};
    const size_t n_images = base->images.end - base->images.first,
                 per_design = n_images * base->n_out;
    asx_outcome failed = {.status = ASX_OK};
    size_t *cut = asx_array_new(n + 1, sizeof *cut);
    if (!cut)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", n);
    const size_t n_chunks = cut_chunks(cut, asx_calibration_plan(calibration), design, n);
#pragma omp parallel for schedule(dynamic) if (n_chunks > 1) /* of one the images are shared */
    for (size_t i = 0; i < n_chunks; i++) {
        const size_t first = cut[i], count = cut[i + 1] - first;
        table t = {.base = *base, .n_images = n_images, .shift = out + first * per_design};
        asx_error local;
        asx_outcome_note(&failed, i, run_chunk(&j, design + first, count, &t, keep_shift, &local),
                         &local);
    }
    free(cut);
    return asx_outcome_end(&failed, err);
}

/* The base is held ready meanwhile: most of its weights are those of the designs, and of a large network they would leave
 * the cache between any two of them. */
asx_status asx_divergence(asx_change *out, asx_calibration *calibration, const asx_dataset *data,
                          asx_range images, const asx_design *base, const asx_design *design,
                          size_t n, asx_error *err)
{
    asx_answers answers = {.n_out = 0};
    asx_integer held = {0};
    asx_status status = asx_integer_init_shared(&held, calibration, base, err);
    if (status == ASX_OK)
        status = asx_answers_init(&answers, calibration, data, images, base, err);
    if (status == ASX_OK)
        status = asx_divergence_from(out, calibration, data, &answers, design, n, err);
    asx_answers_fini(&answers);
    asx_integer_fini(&held);
    return status;
}
