#include "bench_chain.h"

#include <stdio.h>

/* A 3x3 convolution of 16 to 64 channels, as in stages of a residual network. */
static asx_status add_layer(asx_workload *work, size_t i, size_t n, asx_error *err)
{
    char name[24];
    const size_t stage = 20 * i < 7 * n    ? 0
                         : 20 * i < 13 * n ? 1
                                           : 2,
                 c = (size_t)16 << stage, size = (size_t)32 >> stage;
    const asx_layer layer = {.name = name,
                             .kind = ASX_LAYER_CONV,
                             .in_c = i == 0 ? 3 : c,
                             .in_h = size,
                             .in_w = size,
                             .out_c = c,
                             .out_h = size,
                             .out_w = size,
                             .kernel_h = 3,
                             .kernel_w = 3,
                             .stride_h = 1,
                             .stride_w = 1,
                             .groups = 1,
                             .input_non_negative = i > 0};
    snprintf(name, sizeof name, "l%zu", i);
    return asx_workload_add(work, &layer, err);
}

asx_status bench_chain_init(asx_workload *out, const char *name, size_t n_layers, asx_error *err)
{
    asx_status status = asx_workload_init(out, name, err);
    for (size_t i = 0; status == ASX_OK && i < n_layers; i++)
        status = add_layer(out, i, n_layers, err);
    return status;
}
