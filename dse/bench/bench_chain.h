/* Chains of convolutions, as many layers as asked for, and the formats that benchmarks put into them. */
#ifndef ASX_BENCH_BENCH_CHAIN_H
#define ASX_BENCH_BENCH_CHAIN_H

#include "dse/error.h"
#include "dse/format.h"
#include "dse/workload.h"

/** Layers of ResNet-20's shapes: 3x3, in three stages of 16, 32 and 64 channels.
 *  @param out  asx_workload_fini it, whatever is returned */
ASX_NODISCARD asx_status bench_chain_init(asx_workload *out, const char *name, size_t n_layers,
                                          asx_error *err);

#endif
