/* How a layer's operands are distributed, beyond their spreads: for models of what toggles. */
#ifndef ASX_EVAL_OPERAND_SHAPE_H
#define ASX_EVAL_OPERAND_SHAPE_H

#include <stddef.h>
#include <stdint.h>

#include "dse/error.h"
#include "dse/workload.h"

/** Quantiles of codes, which are sorted. @param out  [ASX_OPERAND_KNOTS]; 0 if there are no codes */
void asx_codes_quantiles(int16_t *out, int16_t *code, size_t n);

/**
 * The correlation of a Gaussian copula between codes that makes as many of their 8 bits toggle as
 * toggle between those of `pair`; 0 if as many or more toggle between independent ones.
 * @param sorted  [n], 8-bit codes, ascending
 * @param pair    [n_pairs][2]
 * @return ASX_OK; ASX_ENOMEM. Cost: some tens of milliseconds
 */
ASX_NODISCARD asx_status asx_codes_likeness(double *out, const int16_t *sorted, size_t n,
                                            const int16_t *pair, size_t n_pairs, asx_error *err);

#endif
