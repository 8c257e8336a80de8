/* The point that hypervolumes of a campaign are measured against. It does not depend on what a
 * search found, so that numbers of one campaign can be compared over time. */
#ifndef ASX_CLI_REFERENCE_H
#define ASX_CLI_REFERENCE_H

#include "dse/error.h"
#include "dse/evaluation.h"
#include "dse/text.h"

typedef struct reference {
    asx_objective objective[ASX_N_OBJECTIVES];
    double value[ASX_N_OBJECTIVES]; /* per objective of the campaign, > 0 */
    size_t n;
} reference;

/** An objective's limit where the campaign has one (and it is positive); else what the baseline
 *  costs, and 20 points of drop. */
reference reference_of(const asx_objective *objective, size_t n, const asx_limits *limits,
                       const asx_evaluation *baseline);

/** Appends "drop=20 energy_pj=663816". */
void reference_print(asx_text *out, const reference *r);

/** Hypervolume of rows [n][r->n] as a share of the box between the origin and the point. */
ASX_NODISCARD asx_status reference_hypervolume(double *out, const reference *r, const double *row,
                                               size_t n, asx_error *err);

#endif
