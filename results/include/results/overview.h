/* What a database holds: its campaigns, with how much was evaluated and the latest run of each. */
#ifndef ASX_RESULTS_OVERVIEW_H
#define ASX_RESULTS_OVERVIEW_H

#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "dse/error.h"
#include "results/run.h"
#include "results/store.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct asx_overview {
    int64_t campaign;
    char *name, *objectives;
    /* evaluations that are committed, booked by the campaign or recalled from another */
    size_t n_proxy, n_measured, n_trained; /* on the select images; of trained ones on both */
    size_t n_report;                       /* measured on the report images */
    size_t n_costs;                        /* priced and no more */
    asx_run_entry run; /* its latest; `id` 0: none. `elapsed_s` up to now if it has not ended */
} asx_overview;

/**
 * All campaigns of a database, oldest first.
 * @param out  [n] asx_overview_free it; NULL if there are none
 * @return ASX_OK; ASX_ENOMEM; ASX_EDB
 * Cost: O(evaluations): they are counted.
 */
ASX_API ASX_NODISCARD asx_status asx_overview_read(asx_overview **out, size_t *n, asx_store *store,
                                                   asx_error *err);
ASX_API void asx_overview_free(asx_overview *overview, size_t n);

#ifdef __cplusplus
}
#endif

#endif
