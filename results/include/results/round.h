/* Rounds of a search on two fidelities (surrogate refinement): the front is solved for on the proxy,
 * some of it is measured, and the proxy learns from that. */
#ifndef ASX_RESULTS_ROUND_H
#define ASX_RESULTS_ROUND_H

#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "dse/error.h"
#include "results/store.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct asx_round {
    size_t number;      /* from 1 */
    size_t front;       /* designs on the front, as predicted */
    double hypervolume; /* of it, as a share of the box up to the campaign's reference point */
    size_t measured;    /* designs that were new in this round */
    double mean_gap, worst_gap; /* of these, prediction against measurement, in points of drop */
    double tau;                 /* their rank correlation (Kendall); NAN below three designs */
} asx_round;

/** Keeps a round in place of what was kept under its number. */
ASX_API ASX_NODISCARD asx_status asx_round_keep(asx_store *store, int64_t campaign,
                                                const asx_round *round, asx_error *err);

/**
 * The rounds of a campaign, in their order.
 * @param out  [n] owned by the caller, free(); NULL if there were none
 * @return ASX_OK; ASX_ENOMEM; ASX_EDB
 */
ASX_API ASX_NODISCARD asx_status asx_round_read(asx_round **out, size_t *n, asx_store *store,
                                                int64_t campaign, asx_error *err);

/**
 * Keeps the proxy's table as all rounds left it.
 * @param accuracy_key  of the proxy as it was built
 * @param proxy         [n] bytes of asx_proxy_save
 */
ASX_API ASX_NODISCARD asx_status asx_refit_keep(asx_store *store, int64_t campaign,
                                                uint64_t accuracy_key, const void *proxy, size_t n,
                                                asx_error *err);

/** Reads it back. @param out  [n] owned by the caller, free(); NULL if the rounds are not over */
ASX_API ASX_NODISCARD asx_status asx_refit_read(void **out, size_t *n, asx_store *store,
                                                int64_t campaign, uint64_t accuracy_key,
                                                asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
