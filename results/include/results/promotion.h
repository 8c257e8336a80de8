/* What the database keeps of training designs, so that it can be broken off at any moment: how each
 * is trained, which is decided once, and the time that was spent. */
#ifndef ASX_RESULTS_PROMOTION_H
#define ASX_RESULTS_PROMOTION_H

#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "dse/error.h"
#include "results/store.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct asx_promotion_plan {
    size_t epochs;        /* that the design gets; 0: nothing was decided */
    size_t asked;         /* that the campaign asks for */
    size_t stopped_after; /* 0: all of them; else the time was up after so many */
    char *start; /* text of the design whose network it begins with; NULL: the campaign's own */
} asx_promotion_plan;

/**
 * How a design of a campaign is trained.
 * @param out       asx_promotion_plan_fini it; all zero if nothing was decided
 * @param training  hash of images and options
 * @param design    its text
 * @return ASX_OK; ASX_ENOMEM; ASX_EDB
 */
ASX_API ASX_NODISCARD asx_status asx_promotion_plan_read(asx_promotion_plan *out, asx_store *store,
                                                         int64_t campaign, uint64_t training,
                                                         const char *design, asx_error *err);

/** Keeps it, in place of an earlier one. */
ASX_API ASX_NODISCARD asx_status asx_promotion_plan_keep(asx_store *store, int64_t campaign,
                                                         uint64_t training, const char *design,
                                                         const asx_promotion_plan *plan,
                                                         asx_error *err);
ASX_API void asx_promotion_plan_fini(asx_promotion_plan *plan);

/** Seconds that all runs of a campaign have spent on training; 0 if none was. */
ASX_API ASX_NODISCARD asx_status asx_promotion_spent_read(double *seconds, asx_store *store,
                                                          int64_t campaign, asx_error *err);

/** Adds to them. @param seconds  >= 0 */
ASX_API ASX_NODISCARD asx_status asx_promotion_spent_add(asx_store *store, int64_t campaign,
                                                         double seconds, asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
