/* Designs at the same throughput: each on a machine whose clock is as slow, or as fast, as that asks. */
#ifndef ASX_EXPLORE_THROUGHPUT_H
#define ASX_EXPLORE_THROUGHPUT_H

#include "dse/api.h"
#include "dse/cost.h"
#include "dse/error.h"
#include "explore/session.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct asx_clocked_cost {
    double clock_mhz;
    asx_cost cost;
} asx_clocked_cost;

/**
 * A design's cost at the slowest clock found with which it makes `per_s` inferences a second, one
 * after the other. All else in the machine stays: a slower clock leaks longer and needs fewer
 * pipeline registers; the mapping is chosen anew, and the supply is not lowered.
 *
 * @param session  with its machine opened
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL for a design that is none, or a clock beyond the machine's
 *         range, which is told
 * Cost: a machine and a pricing for each of at most 20 clocks.
 */
ASX_API ASX_NODISCARD asx_status asx_cost_at_throughput(asx_clocked_cost *out,
                                                        const asx_session *session,
                                                        const char *design, double per_s,
                                                        asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
