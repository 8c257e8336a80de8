/* The bare kernels of a design, to compare the engine with. */
#include <stdint.h>
#include <stdlib.h>

#include "dnn.h"
#include "dse/memory.h"
#include "eval/measure.h"
#include "integer.h"

static asx_status run_layers(const asx_integer *design, float *workspace, asx_error *err)
{
    const asx_plan *plan = asx_calibration_plan(design->calibration);
    for (size_t i = 0; i < plan->network->work.n_layers; i++) {
        if (!asx_node_has_weights(plan->node[i]))
            continue; /* a product of two values has no kernel of its own */
        const asx_integer_weights *w = asx_projection_integers(design->layer[i].projection);
        if (!w->narrow)
            return asx_fail(err, ASX_EUNSUPPORTED, "layer '%s' does not fit one kernel",
                            plan->node[i]->name);
        asx_status status =
            asx_dnn_run(w->bytes ? plan->integer_op[i] : plan->op[i],
                        workspace + plan->offset[plan->node[i]->output], workspace + plan->rounded,
                        w->piece[0], plan->no_bias, workspace + plan->scratch, err);
        if (status != ASX_OK)
            return status;
    }
    return ASX_OK;
}

asx_status asx_measure_kernels(const asx_measure *measure, const asx_design *design,
                               size_t n_images, asx_error *err)
{
    asx_calibration *calibration = asx_measure_calibration(measure);
    const asx_plan *plan = asx_calibration_plan(calibration);
    asx_integer integer;
    asx_status status = asx_integer_init(&integer, calibration, design, err);
    if (status != ASX_OK)
        return status;
    float *workspace = asx_plan_workspace(plan);
    if (!workspace)
        status = asx_fail(err, ASX_ENOMEM, "no memory for buffers for %zu images", plan->batch);
    for (size_t i = 0; status == ASX_OK && i < plan->size; i++)
        workspace[i] = 0;
    for (size_t i = 0; status == ASX_OK && i < n_images; i += plan->batch)
        status = run_layers(&integer, workspace, err);
    free(workspace);
    asx_integer_fini(&integer);
    return status;
}

asx_status asx_measure_product(size_t n, size_t repeats, asx_error *err)
{
    asx_dnn_op *op = NULL;
    asx_dnn_weights *weights = NULL;
    asx_status status = asx_dnn_dense_new(&op, ASX_DNN_UNSIGNED, n, n, n, err);
    if (status != ASX_OK)
        return status;
    int8_t *weight = asx_array_new(n * n, 1);
    uint8_t *x = asx_array_new(n * n, 1);
    int32_t *y = asx_array_new(n * n, sizeof *y);
    const size_t bytes = asx_dnn_scratch_bytes(op);
    void *scratch = bytes ? aligned_alloc(64, (bytes + 63) / 64 * 64) : NULL;
    if (!weight || !x || !y || (bytes && !scratch))
        status = asx_fail(err, ASX_ENOMEM, "no memory for buffers of a product of %zu rows", n);
    if (status == ASX_OK)
        status = asx_dnn_weights_new(&weights, op, weight, err);
    for (size_t i = 0; i < repeats && status == ASX_OK; i++)
        status = asx_dnn_run(op, y, x, weights, NULL, scratch, err);
    free(scratch);
    free(y);
    free(x);
    free(weight);
    asx_dnn_weights_free(weights);
    asx_dnn_op_free(op);
    return status;
}
