#include "eval/measure.h"

#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "infer.h"
#include "measure_private.h"

asx_status asx_measure_check(const asx_network *network, const asx_dataset *data, asx_range images,
                             asx_error *err)
{
    asx_scoring scoring = {0};
    asx_status status = asx_infer_check(network, data, images, err);
    if (status == ASX_OK)
        status = asx_scoring_init(&scoring, network, data, images, err);
    asx_scoring_fini(&scoring);
    return status;
}

asx_status asx_measure_new(asx_measure **out, asx_calibration *calibration, const asx_dataset *data,
                           asx_range images, asx_error *err)
{
    const asx_network *network = asx_calibration_network(calibration);
    asx_status status = asx_infer_check(network, data, images, err);
    if (status != ASX_OK)
        return status;
    asx_measure *m = asx_array_new(1, sizeof *m);
    if (!m)
        return asx_fail(err, ASX_ENOMEM, "no memory for a measurement");
    m->calibration = calibration;
    m->data = data;
    m->images = images;
    status = asx_scoring_init(&m->scoring, network, data, images, err);
    if (status == ASX_OK)
        status = asx_measure_run(&m->of_float, m, NULL, err);
    if (status == ASX_OK)
        status = asx_scoring_sum(&m->float_accuracy, &m->scoring, ASX_TIER_FLOAT, m->of_float,
                                 m->of_float, err);
    if (status != ASX_OK) {
        asx_measure_free(m);
        return status;
    }
    *out = m;
    return ASX_OK;
}

void asx_measure_free(asx_measure *measure)
{
    if (!measure)
        return;
    free(measure->of_float);
    asx_scoring_fini(&measure->scoring);
    free(measure);
}

asx_calibration *asx_measure_calibration(const asx_measure *measure)
{
    return measure->calibration;
}

const asx_score *asx_measure_score(const asx_measure *measure)
{
    return &measure->scoring.score;
}

asx_status asx_measure_refer(asx_measure *measure, const asx_measure *reference, asx_error *err)
{
    const asx_range a = measure->images, b = reference->images;
    if (measure->data != reference->data || a.first != b.first || a.end != b.end)
        return asx_fail(err, ASX_EINVAL, "measures of different images: %zu:%zu and %zu:%zu",
                        a.first, a.end, b.first, b.end);
    memcpy(measure->of_float, reference->of_float, asx_measure_row(measure));
    measure->float_accuracy = reference->float_accuracy;
    return ASX_OK;
}

asx_accuracy asx_measure_float(const asx_measure *measure)
{
    asx_accuracy a = measure->float_accuracy;
    a.drop_low = a.drop_high = 0; /* against itself there is nothing to estimate */
    return a;
}

asx_status asx_measure_guess(double *out, const asx_measure *measure, asx_error *err)
{
    return asx_scoring_guess(out, &measure->scoring, err);
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
