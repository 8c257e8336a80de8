/* Private: the exact front of two sums, one of which carries a cost that all stages share. */
#ifndef ASX_SEARCH_SHARED_H
#define ASX_SEARCH_SHARED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dse/error.h"

typedef struct asx_shared_choice {
    double v[2];       /* v[1] without the shared cost */
    double size, time; /* >= 0 */
    uint16_t number;   /* reported in the front */
} asx_shared_choice;

/* Minimises (sum of v[0], sum of v[1] + rate(sum of size) x sum of time + toll x excess), where
 * rate(s) is rate[k] for s in ((k - 1) step, k step], never falling with k, and the excess is what
 * the sum of sizes is above `free_size`. */
typedef struct asx_shared_problem {
    size_t n_stages;
    const asx_shared_choice *const *choice; /* [n_stages][n_choices] */
    const size_t *n_choices;
    double step;
    const double *rate; /* [n_rates]; larger sums of sizes have the last */
    size_t n_rates;
    double toll, free_size;
    double limit[2], size_limit, time_limit; /* INFINITY: none */
    const double *cut; /* [n_cut][2], ascending in 0, descending in 1: what these dominate or
                        * equal need not be found; may be NULL */
    size_t n_cut;
} asx_shared_problem;

typedef struct asx_shared_front {
    size_t n, n_stages;
    double *value;       /* [n][2], with the shared cost; ascending in 0, descending in 1 */
    double *size, *time; /* [n] */
    uint16_t *choice;    /* [n][n_stages] numbers */
    size_t peak;         /* most labels after a stage */
} asx_shared_front;

typedef struct asx_shared asx_shared;

/** Prepares a problem. @param problem  borrowed for the life of `out`, and all that it points to */
ASX_NODISCARD asx_status asx_shared_new(asx_shared **out, const asx_shared_problem *problem,
                                        asx_error *err);
void asx_shared_free(asx_shared *shared);

/** Whether the hull of the sums tells that no point of the front is beyond the cut. */
bool asx_shared_is_closed(const asx_shared *shared);

/** Whether a point of the front that is beyond the cut may have the stage's choice number `i`. */
bool asx_shared_reaches(const asx_shared *shared, size_t stage, size_t i);

/**
 * The front, once: dynamic programming over stages with dominated labels pruned, as in
 * search/exact.h; a label is dominated by one that stays better however its larger size and time
 * are priced in the end.
 *
 * @return ASX_OK, with n = 0 if nothing keeps the limits or all is cut; ASX_ENOMEM
 */
ASX_NODISCARD asx_status asx_shared_solve(asx_shared_front *out, asx_shared *shared,
                                          asx_error *err);
void asx_shared_front_fini(asx_shared_front *front);

#endif
