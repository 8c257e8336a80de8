/* What accuracies of a campaign are (dse/score.h), in the database. */
#ifndef ASX_RESULTS_SCORE_H
#define ASX_RESULTS_SCORE_H

#include <stdint.h>

#include "dse/api.h"
#include "dse/error.h"
#include "dse/score.h"
#include "results/store.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Keeps it; of top-k only another k than 1. @return ASX_OK; ASX_ENOMEM; ASX_EDB */
ASX_API ASX_NODISCARD asx_status asx_score_keep(asx_store *store, int64_t campaign,
                                                const asx_score *score, asx_error *err);

/** Reads it; a campaign of which nothing was kept has top1. @return ASX_OK; ASX_EINVAL for a name that is not known;
 *  ASX_EDB */
ASX_API ASX_NODISCARD asx_status asx_score_read(asx_score *out, asx_store *store, int64_t campaign,
                                                asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
