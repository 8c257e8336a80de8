#include "eval/measure.h"

#include <stdlib.h>

#include "dse/memory.h"
#include "infer.h"
#include "integer.h"

struct asx_measure {
    asx_calibration *calibration; /* borrowed */
    const asx_dataset *data;      /* borrowed */
    asx_range images;
    unsigned char *float_right; /* per image of the range: 1 if the float network is right */
    size_t n_float_right;
};

/* Where the answers of one run go. */
typedef struct sheet {
    const asx_dataset *data;
    size_t first, n_classes;
    unsigned char *right;
} sheet;

static void mark(void *state, size_t first, size_t n, const float *logits)
{
    const sheet *s = state;
    for (size_t i = 0; i < n; i++)
        s->right[first - s->first + i] = asx_infer_class(logits + i * s->n_classes, s->n_classes) ==
                                         asx_dataset_label(s->data, first + i);
}

/* Runs the network; *right is owned by the caller. */
static asx_status run(unsigned char **right, const asx_measure *m, const asx_integer *integer,
                      asx_error *err)
{
    const asx_plan *plan = asx_calibration_plan(m->calibration);
    const size_t n = m->images.end - m->images.first;
    sheet s = {m->data, m->images.first, asx_network_n_classes(plan->network), asx_array_new(n, 1)};
    if (!s.right)
        return asx_fail(err, ASX_ENOMEM, "answers for %zu images: out of memory", n);
    const asx_inference job = {.plan = plan,
                               .data = m->data,
                               .images = m->images,
                               .run = {.integer = integer},
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

asx_accuracy asx_measure_float(const asx_measure *measure)
{
    asx_accuracy a = asx_accuracy_from_counts(
        ASX_TIER_FLOAT, measure->images.end - measure->images.first, measure->n_float_right, 0, 0);
    a.drop_low = a.drop_high = 0; /* against itself there is nothing to estimate */
    return a;
}

asx_status asx_measure_design(asx_accuracy *out, const asx_measure *measure,
                              const asx_design *design, asx_error *err)
{
    asx_integer integer;
    asx_status status = asx_integer_init(&integer, measure->calibration, design, err);
    if (status)
        return status;
    unsigned char *right = NULL;
    status = run(&right, measure, &integer, err);
    asx_integer_fini(&integer);
    if (status)
        return status;

    const size_t n = measure->images.end - measure->images.first;
    size_t both = 0, only_design = 0;
    for (size_t i = 0; i < n; i++) {
        both += right[i] & measure->float_right[i];
        only_design += right[i] & !measure->float_right[i];
    }
    free(right);
    *out = asx_accuracy_from_counts(ASX_TIER_MEASURED, n, both, measure->n_float_right - both,
                                    only_design);
    return ASX_OK;
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

static const asx_evaluator_type MEASURED = {"measured", evaluate, free};

asx_status asx_measure_evaluator(asx_evaluator *out, const asx_measure *measure, asx_error *err)
{
    state *s = asx_array_new(1, sizeof *s);
    if (!s)
        return asx_fail(err, ASX_ENOMEM, "evaluator: out of memory");
    s->measure = measure;
    *out = (asx_evaluator){&MEASURED, s};
    return ASX_OK;
}
