/* The float network's answers as the classes of images. */
#include <stdlib.h>

#include "dse/memory.h"
#include "eval/measure.h"
#include "infer.h"
#include "measure_private.h"

typedef struct answers {
    unsigned *class; /* [images] */
    size_t n_classes;
} answers;

static void take(void *state, size_t design, size_t first, size_t n, const float *logits)
{
    const answers *a = state;
    (void)design;
    for (size_t i = 0; i < n; i++) {
        const float *x = logits + i * a->n_classes;
        unsigned best = 0;
        for (unsigned c = 1; c < a->n_classes; c++)
            if (x[c] > x[best])
                best = c;
        a->class[first + i] = best;
    }
}

asx_status asx_measure_label(asx_dataset *data, const asx_calibration *calibration, asx_error *err)
{
    const asx_network *network = asx_calibration_network(calibration);
    const asx_range all = {0, asx_dataset_size(data)};
    asx_status status = asx_network_check_classes(network, err);
    if (status == ASX_OK)
        status = asx_infer_check(network, data, all, err);
    if (status != ASX_OK)
        return status;
    const asx_work_watch *watch = asx_calibration_watcher(calibration);
    answers a = {asx_array_new(all.end, sizeof *a.class), asx_network_n_classes(network)};
    const asx_inference job = {.stop = watch->stop,
                               .stop_state = watch->state,
                               .plan = asx_calibration_plan(calibration),
                               .data = data,
                               .images = all,
                               .take = take,
                               .state = &a};
    status = a.class ? asx_infer(&job, err)
                     : asx_fail(err, ASX_ENOMEM, "no memory for answers on %zu images", all.end);
    if (status == ASX_OK)
        status = asx_dataset_set_classes(data, a.class, err);
    free(a.class);
    return status;
}
