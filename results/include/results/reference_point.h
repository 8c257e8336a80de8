/* The point that hypervolumes of a campaign are measured against. It does not depend on what a
 * search found, so that numbers of one campaign can be compared over time. */
#ifndef ASX_RESULTS_REFERENCE_POINT_H
#define ASX_RESULTS_REFERENCE_POINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "dse/error.h"
#include "dse/evaluation.h"
#include "dse/text.h"
#include "results/store.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct asx_reference_point {
    asx_objective objective[ASX_N_OBJECTIVES];
    double value[ASX_N_OBJECTIVES]; /* per objective of the campaign, > 0 */
    size_t n;
} asx_reference_point;

/**
 * An objective's limit where the campaign has one (and it is positive); else what the baseline
 * costs, or twice that where nothing but costs is known, and 20 points of drop: nobody builds what
 * loses more.
 * @param objective  [n] of the campaign
 * @param point      of its measure (asx_score)
 */
ASX_API asx_reference_point asx_reference_point_of(const asx_objective *objective, size_t n,
                                                   const asx_limits *limits, double point,
                                                   const asx_evaluation *baseline);

/** Appends "drop=20 energy_pj=663816". */
ASX_API void asx_reference_point_print(asx_text *out, const asx_reference_point *r);

/**
 * Hypervolume of rows as a share of the box between the origin and the point.
 * @param row  [n][r->n]
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL for values that are not finite
 * Cost: that of asx_pareto_hypervolume.
 */
ASX_API ASX_NODISCARD asx_status asx_reference_point_hypervolume(double *out,
                                                                 const asx_reference_point *r,
                                                                 const double *row, size_t n,
                                                                 asx_error *err);

/**
 * Keeps the point that a run of a campaign measured by.
 * @param r  of at least one objective
 */
ASX_API ASX_NODISCARD asx_status asx_reference_point_keep(asx_store *store, int64_t campaign,
                                                          const asx_reference_point *r,
                                                          asx_error *err);

/** Reads it back. @param found  false: no run has kept one yet */
ASX_API ASX_NODISCARD asx_status asx_reference_point_read(asx_reference_point *out, bool *found,
                                                          asx_store *store, int64_t campaign,
                                                          asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
