/* Whole designs on a few images instead of a table. */
#include <stdlib.h>

#include "divergence.h"
#include "dse/memory.h"
#include "eval/proxy.h"
#include "infer.h"
#include "proxy_scaled.h"

enum { IMAGES = 128 };

static asx_status check(const asx_network *network, const asx_dataset *data, asx_range images,
                        const asx_design *const *design, size_t n, asx_error *err)
{
    const size_t n_layers = asx_network_workload(network)->n_layers;
    for (size_t i = 0; i < n; i++)
        if (design[i]->n_layers != n_layers)
            return asx_fail(err, ASX_EINVAL, "design of %zu layers for a network of %zu",
                            design[i]->n_layers, n_layers);
    return asx_infer_check(network, data, images, err);
}

asx_status asx_proxy_whole(double *out, asx_calibration *calibration, const asx_dataset *data,
                           asx_range images, const asx_design *const *design, size_t n,
                           asx_error *err)
{
    const asx_network *network = asx_calibration_network(calibration);
    asx_design plain = {0};
    asx_design *list = asx_array_new(n, sizeof *list); /* formats are the caller's */
    asx_change *change = asx_array_new(n, sizeof *change);
    asx_status status = list && change ? check(network, data, images, design, n, err)
                                       : asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", n);
    for (size_t i = 0; status == ASX_OK && i < n; i++)
        list[i] = *design[i];
    if (status == ASX_OK)
        status = asx_plain_design(&plain, asx_network_workload(network)->n_layers, err);
    if (status == ASX_OK)
        status = asx_divergence(change, calibration, data, asx_range_first(images, IMAGES), &plain,
                                list, n, err);
    for (size_t i = 0; status == ASX_OK && i < n; i++)
        out[i] = change[i].probability;
    asx_design_fini(&plain);
    free(change);
    free(list);
    return status;
}
