/* Which evaluations of a campaign can be on its front, without reading all of them: the front as it
 * was when last kept, and what was booked since. A row that another beats stays beaten whatever
 * comes later, so nothing else can be. This module does not know what a front is: whoever does
 * reads the candidates, picks, and keeps the pick. */
#ifndef ASX_RESULTS_CANDIDATES_H
#define ASX_RESULTS_CANDIDATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dse/error.h"
#include "dse/evaluation.h"
#include "results/query.h"
#include "results/store.h"

/* Candidates of one campaign under one set of inputs. */
typedef struct asx_candidates {
    int64_t campaign, inputs;
    asx_rows rows;
    int64_t evaluation_upto, recalled_upto; /* all rows up to these ids are accounted for */
    bool complete;                          /* there are no others; false only with a `max` */
} asx_candidates;

/**
 * The sets of inputs that a campaign has a ledger for.
 * @param out   [n] ids, ascending; owned by the caller, free(); NULL if there are none
 * @param tier, subset  only of these; NULL: any
 * @return ASX_OK; ASX_ENOMEM; ASX_EDB
 */
ASX_NODISCARD asx_status asx_candidates_inputs(int64_t **out, size_t *n, asx_store *store,
                                               int64_t campaign, const char *tier,
                                               const char *subset, asx_error *err);

/**
 * Reads candidates, ordered by id; bookings that the store holds back are flushed first.
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
 * @param index  [n] rows of `from` that no other row of it beats
 * @return ASX_OK; ASX_EDB, nothing is then changed
 */
ASX_NODISCARD asx_status asx_candidates_keep(asx_store *store, const asx_candidates *from,
                                             const size_t *index, size_t n, asx_error *err);

/** Called when enough was booked since the last call; behind a commit, never in a transaction. */
typedef asx_status asx_booked_call(void *state, asx_store *store, asx_error *err);

/**
 * Has `call` called whenever `every` evaluations more were booked, with `state`, which is borrowed.
 * A failure becomes that of the booking or flush, whose evaluations are stored all the same.
 * @param call  NULL: no more calls
 */
void asx_store_on_booked(asx_store *store, size_t every, asx_booked_call *call, void *state);

#endif
