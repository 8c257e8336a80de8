/* Which evaluations of a campaign can be on its front, without reading all of them: the front as it
 * was when last kept, and what was booked since. A row that another dominates stays dominated
 * whatever comes later, so nothing else can be. The store keeps fronts by itself, every so many
 * bookings, when a run ends, and after merges and repairs. */
#ifndef ASX_RESULTS_CANDIDATES_H
#define ASX_RESULTS_CANDIDATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "results/rows.h"
#include "results/store.h"

/* Candidates of one campaign under one set of inputs. */
typedef struct asx_candidates {
    int64_t campaign, inputs;
    asx_rows rows;
    int64_t evaluation_upto, recalled_upto; /* all rows up to these ids are accounted for */
    bool complete;                          /* there are no others; false only with a `max` */
} asx_candidates;

/**
 * booked.c: the sets of inputs that a campaign has a ledger for.
 * @param out   [n] ids, ascending; owned by the caller, free(); NULL if there are none
 * @param tier, subset  only of these; NULL: any
 * @return ASX_OK; ASX_ENOMEM; ASX_EDB
 */
ASX_NODISCARD asx_status asx_booked_inputs(int64_t **out, size_t *n, asx_store *store,
                                           int64_t campaign, const char *tier, const char *subset,
                                           asx_error *err);

/**
 * Reads candidates among what is committed, ordered by id.
 * @param out  asx_rows_fini its rows
 * @param max  look at about so many of the bookings since; 0: at all
 * @return ASX_OK; ASX_ENOMEM; ASX_EDB
 * Cost: O(rows kept + rows booked since by anyone), whatever the size of the database.
 */
ASX_NODISCARD asx_status asx_candidates_read(asx_candidates *out, asx_store *store,
                                             int64_t campaign, int64_t inputs, size_t max,
                                             asx_error *err);

/**
 * Keeps a pick of candidates: from now on the others are not read again. If another process has
 * kept a pick of more rows meanwhile, that one stands.
 * @param index  [n] rows of `from` that no other row of it dominates
 * @return ASX_OK; ASX_EDB, nothing is then changed
 */
ASX_NODISCARD asx_status asx_candidates_keep(asx_store *store, const asx_candidates *from,
                                             const size_t *index, size_t n, asx_error *err);

/**
 * Keeps a campaign's fronts, one for each set of inputs, among what is committed.
 * @return ASX_OK; ASX_ENOTFOUND; ASX_ENOMEM; ASX_EDB
 * Cost: O(m log m) in rows m booked since they were last kept.
 */
ASX_NODISCARD asx_status asx_candidates_settle(asx_store *store, int64_t campaign, asx_error *err);

/**
 * Looks for every front anew, among all evaluations, in steps, and compares.
 * @param n        how many are not what is kept and booked since makes them
 * @param example  "campaign 1" of one that is not; untouched if all are
 */
ASX_NODISCARD asx_status asx_candidates_check(int64_t *n, char *example, size_t size,
                                              asx_store *store, asx_error *err);

/** The same of every campaign. */
ASX_NODISCARD asx_status asx_candidates_settle_all(asx_store *store, asx_error *err);

#endif
