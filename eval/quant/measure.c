#include "eval/measure.h"

#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "infer.h"
#include "measure_private.h"

asx_status asx_measure_new(asx_measure **out, asx_calibration *calibration, const asx_dataset *data,
                           asx_range images, asx_error *err)
{
    const asx_network *network = asx_calibration_network(calibration);
    asx_status status = asx_infer_check(network, data, images, err);
    if (status == ASX_OK)
        status = asx_infer_check_labels(network, data, images, err);
    if (status != ASX_OK)
        return status;
    asx_measure *m = asx_array_new(1, sizeof *m);
    if (!m)
        return asx_fail(err, ASX_ENOMEM, "no memory for a measurement");
    m->calibration = calibration;
    m->data = data;
    m->images = images;
    status = asx_measure_run(&m->float_right, m, NULL, err);
    if (status != ASX_OK) {
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

/* Whether others measure, too; devices with faults are measured here alone. */
static bool is_away(const asx_measure *m)
{
    return asx_calibration_crew(m->calibration, m->data) && !asx_calibration_faults(m->calibration);
}

asx_status asx_measure_designs(asx_accuracy *out, const asx_measure *measure,
                               const asx_design *const *design, size_t n, asx_error *err)
{
    asx_accuracy *accuracy = asx_array_new(n, sizeof *accuracy);
    if (!accuracy)
        return asx_fail(err, ASX_ENOMEM, "no memory to measure %zu designs", n);
    const asx_status status = asx_calibration_faults(measure->calibration)
                                  ? asx_measure_devices(accuracy, measure, design, n, err)
                              : is_away(measure)
                                  ? asx_measure_designs_away(accuracy, measure, design, n, err)
                                  : asx_measure_here(accuracy, measure, design, n, err);
    if (status == ASX_OK)
        memcpy(out, accuracy, n * sizeof *out);
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
        return asx_fail(err, ASX_ENOMEM, "no memory to measure %zu designs", n);
    const asx_status status = asx_measure_designs(accuracy, s->measure, design, n, err);
    for (size_t i = 0; status == ASX_OK && i < n; i++)
        inout[i].accuracy = accuracy[i];
    free(accuracy);
    return status;
}

static asx_status evaluate_each(void *self, const asx_design *const *design, size_t n,
                                const asx_evaluation *known, const asx_evaluator_sink *sink,
                                size_t *culprit, asx_error *err)
{
    const state *s = self;
    return asx_measure_each_away(s->measure, design, n, known, sink, culprit, err);
}

static const asx_evaluator_type MEASURED = {
    .name = "measured", .evaluate = evaluate, .free = free, .evaluate_many = evaluate_many};
static const asx_evaluator_type MEASURED_AWAY = {.name = "measured",
                                                 .evaluate = evaluate,
                                                 .free = free,
                                                 .evaluate_many = evaluate_many,
                                                 .evaluate_each = evaluate_each};

asx_status asx_measure_evaluator(asx_evaluator *out, const asx_measure *measure, asx_error *err)
{
    state *s = asx_array_new(1, sizeof *s);
    if (!s)
        return asx_fail(err, ASX_ENOMEM, "no memory for an evaluator");
    s->measure = measure;
    *out = (asx_evaluator){is_away(measure) ? &MEASURED_AWAY : &MEASURED, s};
    return ASX_OK;
}
