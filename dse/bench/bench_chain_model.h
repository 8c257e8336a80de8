/* A chain of convolutions as a separable model: every set of a list in four word lengths and both kinds of digits in every
 * layer, three placements. Costs are the machine's; the damage of a format in a layer is the layer's sensitivity, drawn, times
 * the error of rounding normally distributed weights. */
#ifndef ASX_BENCH_BENCH_CHAIN_MODEL_H
#define ASX_BENCH_BENCH_CHAIN_MODEL_H

#include "dse/separable.h"
#include "hwmodel/technology.h"

typedef struct bench_chain bench_chain;

/**
 * @param out         bench_chain_free it; untouched on failure
 * @param sets        of asx_format_list: "all", "max 2"
 * @param technology  borrowed for as long as the chain lives
 */
ASX_NODISCARD asx_status bench_chain_open(bench_chain **out, size_t n_layers, const char *sets,
                                          const asx_technology *technology, asx_error *err);
void bench_chain_free(bench_chain *c);

const asx_separable *bench_chain_model(const bench_chain *c);

/** How many formats each layer may have. */
size_t bench_chain_formats(const bench_chain *c);

#endif
