/* Networks of dense layers, for tests that need no more of one than its layers. */
#ifndef ASX_TESTS_DENSE_H
#define ASX_TESTS_DENSE_H

#include <stdio.h>

#include "check.h"
#include "dse/workload.h"

static inline void dense_add(asx_workload *work, const char *name, size_t n_in, size_t n_out)
{
    asx_error err;
    char copy[32];
    snprintf(copy, sizeof copy, "%s", name);
    const asx_layer layer = {.name = copy,
                             .kind = ASX_LAYER_DENSE,
                             .in_c = n_in,
                             .in_h = 1,
                             .in_w = 1,
                             .out_c = n_out,
                             .out_h = 1,
                             .out_w = 1,
                             .kernel_h = 1,
                             .kernel_w = 1,
                             .stride_h = 1,
                             .stride_w = 1,
                             .groups = 1};
    CHECK_OK(asx_workload_add(work, &layer, &err), err);
}

/* "l0", "l1", ...: all alike. */
static inline asx_workload dense_network(size_t n_layers, size_t n_in, size_t n_out)
{
    asx_error err;
    asx_workload work;
    CHECK_OK(asx_workload_init(&work, "net", &err), err);
    for (size_t i = 0; i < n_layers; i++) {
        char name[32];
        snprintf(name, sizeof name, "l%zu", i);
        dense_add(&work, name, n_in, n_out);
    }
    return work;
}

#endif
