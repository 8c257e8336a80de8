/* An alphabet set multiplier is exact for represented operands: the product it forms by select,
 * shift and add *is* w x, and sums of products are sums. So the network of such multipliers is the
 * network whose weights and layer inputs have been projected onto their words' representable sets,
 * and any convolution that is exact enough evaluates it. What is left of a difference to the
 * integers of the hardware is the rounding of float sums, far below one step of any word. */
#include "setting.h"

#include <stdlib.h>

#include "dse/memory.h"

static asx_status set_layer(asx_settings *s, size_t layer, const asx_format *format, asx_error *err)
{
    const asx_plan *plan = asx_calibration_plan(s->calibration);
    const asx_layer *shape = &plan->network->work.layer[layer];
    const asx_word input = asx_format_activation(format, shape->input_non_negative);
    asx_status status = asx_calibration_input(&s->layer[layer], s->calibration, layer, &input, err);
    if (!status)
        status =
            asx_projections_get(&s->projection[layer], asx_calibration_projections(s->calibration),
                                layer, &format->weight, ASX_PACKED_FLOAT, err);
    if (status)
        return asx_fail_context(err, status, "layer '%s'", shape->name);
    s->layer[layer].weights = asx_projection_weights(s->projection[layer]);
    return ASX_OK;
}

asx_status asx_settings_init(asx_settings *out, asx_calibration *calibration,
                             const asx_format *const *format, asx_error *err)
{
    const size_t n = asx_calibration_plan(calibration)->network->work.n_layers;
    asx_settings s = {.calibration = calibration,
                      .layer = asx_array_new(n, sizeof *s.layer),
                      .projection = asx_array_new(n, sizeof(asx_projection *))};
    asx_status status = ASX_OK;
    size_t failed = n;
    if (!s.layer || !s.projection)
        status = asx_fail(err, ASX_ENOMEM, "settings of the layers: out of memory");
    if (!status) {
#pragma omp parallel for schedule(dynamic)
        for (size_t i = 0; i < n; i++) {
            asx_error local;
            asx_status st = format[i] ? set_layer(&s, i, format[i], &local) : ASX_OK;
            if (st) {
#pragma omp critical(asx_settings_failure)
                {
                    if (i < failed) { /* the lowest layer's, whichever thread saw it */
                        failed = i;
                        status = st;
                        if (err)
                            *err = local;
                    }
                }
            }
        }
    }
    if (status) {
        asx_settings_fini(&s);
        return status;
    }
    *out = s;
    return ASX_OK;
}

void asx_settings_fini(asx_settings *settings)
{
    if (settings->projection)
        for (size_t i = 0; i < asx_calibration_plan(settings->calibration)->network->work.n_layers;
             i++)
            asx_projections_release(asx_calibration_projections(settings->calibration),
                                    settings->projection[i]);
    free(settings->projection);
    free(settings->layer);
    settings->projection = NULL;
    settings->layer = NULL;
}
