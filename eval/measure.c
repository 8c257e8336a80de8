#include "eval/measure.h"

#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "infer.h"
#include "lineage.h"

struct asx_measure {
    asx_calibration *calibration; /* borrowed */
    const asx_dataset *data;      /* borrowed */
    asx_range images;
    unsigned char *float_right; /* per image of the range: 1 if the float network is right */
    size_t n_float_right;
};

/* Where the answers of a run go: of design d, right[d n_images] and following. */
typedef struct sheet {
    const asx_dataset *data;
    size_t first, n_images, n_classes;
    unsigned char *right;
} sheet;

static void mark(void *state, size_t design, size_t first, size_t n, const float *logits)
{
    const sheet *s = state;
    unsigned char *right = s->right + design * s->n_images + (first - s->first);
    for (size_t i = 0; i < n; i++)
        right[i] = asx_infer_class(logits + i * s->n_classes, s->n_classes) ==
                   asx_dataset_label(s->data, first + i);
}

/* Runs the designs, or (NULL) the float network; *right is owned by the caller. */
static asx_status run(unsigned char **right, const asx_measure *m, const asx_lineage *designs,
                      asx_error *err)
{
    const asx_plan *plan = asx_calibration_plan(m->calibration);
    const size_t n = m->images.end - m->images.first, n_designs = designs ? designs->n_designs : 1;
    sheet s = {m->data, m->images.first, n, asx_network_n_classes(plan->network), NULL};
    if (n_designs <= SIZE_MAX / n)
        s.right = asx_array_new(n_designs * n, 1);
    if (!s.right)
        return asx_fail(err, ASX_ENOMEM, "answers for %zu images: out of memory", n);
    const asx_inference job = {.plan = plan,
                               .data = m->data,
                               .images = m->images,
                               .designs = designs,
                               .take = mark,
                               .state = &s};
    asx_status status = asx_infer(&job, err);
    if (status) {
        free(s.right);
        return status;
    }
    *right = s.right;
    return ASX_OK;
}

static asx_status check_labels(const asx_network *network, const asx_dataset *data,
                               asx_range images, asx_error *err)
{
    const size_t n_classes = asx_network_n_classes(network);
    for (size_t i = images.first; i < images.end; i++)
        if (asx_dataset_label(data, i) >= n_classes)
            return asx_fail(err, ASX_EINVAL,
                            "image %zu has label %u, but the network has classes 0 .. %zu", i,
                            asx_dataset_label(data, i), n_classes - 1);
    return ASX_OK;
}

asx_status asx_measure_new(asx_measure **out, asx_calibration *calibration, const asx_dataset *data,
                           asx_range images, asx_error *err)
{
    const asx_network *network = asx_calibration_network(calibration);
    asx_status status = asx_infer_check(network, data, images, err);
    if (!status)
        status = check_labels(network, data, images, err);
    if (status)
        return status;
    asx_measure *m = asx_array_new(1, sizeof *m);
    if (!m)
        return asx_fail(err, ASX_ENOMEM, "measurement: out of memory");
    m->calibration = calibration;
    m->data = data;
    m->images = images;
    status = run(&m->float_right, m, NULL, err);
    if (status) {
        asx_measure_free(m);
        return status;
    }
    for (size_t i = 0; i < images.end - images.first; i++)
        m->n_float_right += m->float_right[i];
    *out = m;
    return ASX_OK;
}

void asx_measure_free(asx_measure *measure)
{
    if (!measure)
        return;
    free(measure->float_right);
    free(measure);
}

asx_calibration *asx_measure_calibration(const asx_measure *measure)
{
    return measure->calibration;
}

asx_status asx_measure_refer(asx_measure *measure, const asx_measure *reference, asx_error *err)
{
    const asx_range a = measure->images, b = reference->images;
    if (measure->data != reference->data || a.first != b.first || a.end != b.end)
        return asx_fail(err, ASX_EINVAL, "measures of different images: %zu:%zu and %zu:%zu",
                        a.first, a.end, b.first, b.end);
    memcpy(measure->float_right, reference->float_right, a.end - a.first);
    measure->n_float_right = reference->n_float_right;
    return ASX_OK;
}

asx_accuracy asx_measure_float(const asx_measure *measure)
{
    asx_accuracy a = asx_accuracy_from_counts(
        ASX_TIER_FLOAT, measure->images.end - measure->images.first, measure->n_float_right, 0, 0);
    a.drop_low = a.drop_high = 0; /* against itself there is nothing to estimate */
    return a;
}

/* A design and where its result belongs. */
typedef struct entry {
    const asx_design *design;
    size_t number;
} entry;

static int compare_words(const asx_word *a, const asx_word *b)
{
    const unsigned of_a[] = {a->bits, a->digit_width, (unsigned)a->digits};
    const unsigned of_b[] = {b->bits, b->digit_width, (unsigned)b->digits};
    for (size_t i = 0; i < 3; i++)
        if (of_a[i] != of_b[i])
            return of_a[i] < of_b[i] ? -1 : 1;
    for (size_t i = 0; i < sizeof a->set.odd / sizeof *a->set.odd; i++)
        if (a->set.odd[i] != b->set.odd[i])
            return a->set.odd[i] < b->set.odd[i] ? -1 : 1;
    return 0;
}

/* By the format of the first layer, then of the second, ...: designs that begin alike are together.
 */
static int compare_entries(const void *a, const void *b)
{
    const entry *x = a, *y = b;
    for (size_t i = 0; i < x->design->n_layers && i < y->design->n_layers; i++) {
        const asx_format *f = &x->design->format[i], *g = &y->design->format[i];
        int order = compare_words(&f->weight, &g->weight);
        order = order ? order : compare_words(&f->activation, &g->activation);
        if (order)
            return order;
    }
    return x->number < y->number ? -1 : x->number > y->number;
}

static asx_accuracy accuracy_of(const asx_measure *m, const unsigned char *right)
{
    const size_t n = m->images.end - m->images.first;
    size_t both = 0, only_design = 0;
    for (size_t i = 0; i < n; i++) {
        both += right[i] & m->float_right[i];
        only_design += right[i] & !m->float_right[i];
    }
    return asx_accuracy_from_counts(ASX_TIER_MEASURED, n, both, m->n_float_right - both,
                                    only_design);
}

/* As many designs as are held ready at once. */
enum { CHUNK = 64 };

/* Projects the weights, which for words that are new takes as long as running them. */
static asx_status make_ready(asx_integer *integer, const asx_measure *m, const entry *e, size_t n,
                             asx_error *err)
{
    size_t culprit = n;
    asx_error first = {.status = ASX_OK};
    memset(integer, 0, n * sizeof *integer);
#pragma omp parallel for schedule(dynamic)
    for (size_t i = 0; i < n; i++) {
        asx_error error = {.status = ASX_OK};
        if (!asx_integer_init(&integer[i], m->calibration, e[i].design, &error))
            continue;
#pragma omp critical(asx_measure_ready)
        if (i < culprit) {
            culprit = i;
            first = error;
        }
    }
    if (first.status && err)
        *err = first;
    return first.status;
}

static asx_status measure_chunk(asx_accuracy *out, const asx_measure *m, const entry *e, size_t n,
                                asx_error *err)
{
    asx_integer integer[CHUNK];
    const asx_integer *design[CHUNK];
    asx_lineage lineage = {0};
    unsigned char *right = NULL;
    for (size_t i = 0; i < n; i++)
        design[i] = &integer[i];
    asx_status status = make_ready(integer, m, e, n, err);
    if (!status)
        status = asx_lineage_init(&lineage, design, n, asx_calibration_share(m->calibration), err);
    if (!status)
        status = run(&right, m, &lineage, err);
    for (size_t i = 0; !status && i < n; i++)
        out[e[i].number] = accuracy_of(m, right + i * (m->images.end - m->images.first));
    free(right);
    asx_lineage_fini(&lineage);
    for (size_t i = 0; i < n; i++)
        asx_integer_fini(&integer[i]);
    return status;
}

asx_status asx_measure_designs(asx_accuracy *out, const asx_measure *measure,
                               const asx_design *const *design, size_t n, asx_error *err)
{
    entry *e = asx_array_new(n, sizeof *e);
    asx_accuracy *accuracy = asx_array_new(n, sizeof *accuracy);
    asx_status status = ASX_OK;
    if (!e || !accuracy)
        status = asx_fail(err, ASX_ENOMEM, "measurement of %zu designs: out of memory", n);
    for (size_t i = 0; !status && i < n; i++)
        e[i] = (entry){design[i], i};
    if (!status)
        qsort(e, n, sizeof *e, compare_entries);
    for (size_t i = 0; !status && i < n; i += CHUNK)
        status = measure_chunk(accuracy, measure, e + i, n - i < CHUNK ? n - i : CHUNK, err);
    if (!status)
        memcpy(out, accuracy, n * sizeof *out);
    free(e);
    free(accuracy);
    return status;
}

asx_status asx_measure_design(asx_accuracy *out, const asx_measure *measure,
                              const asx_design *design, asx_error *err)
{
    return asx_measure_designs(out, measure, &design, 1, err);
}

/* An evaluator's state: no more than where to ask. */
typedef struct state {
    const asx_measure *measure;
} state;

static asx_status evaluate(void *self, const asx_design *design, asx_evaluation *inout,
                           asx_error *err)
{
    const state *s = self;
    return asx_measure_design(&inout->accuracy, s->measure, design, err);
}

static asx_status evaluate_many(void *self, const asx_design *const *design, size_t n,
                                asx_evaluation *inout, asx_error *err)
{
    const state *s = self;
    asx_accuracy *accuracy = asx_array_new(n, sizeof *accuracy);
    if (!accuracy)
        return asx_fail(err, ASX_ENOMEM, "measurement of %zu designs: out of memory", n);
    const asx_status status = asx_measure_designs(accuracy, s->measure, design, n, err);
    for (size_t i = 0; !status && i < n; i++)
        inout[i].accuracy = accuracy[i];
    free(accuracy);
    return status;
}

static const asx_evaluator_type MEASURED = {
    .name = "measured", .evaluate = evaluate, .free = free, .evaluate_many = evaluate_many};

asx_status asx_measure_evaluator(asx_evaluator *out, const asx_measure *measure, asx_error *err)
{
    state *s = asx_array_new(1, sizeof *s);
    if (!s)
        return asx_fail(err, ASX_ENOMEM, "evaluator: out of memory");
    s->measure = measure;
    *out = (asx_evaluator){&MEASURED, s};
    return ASX_OK;
}
