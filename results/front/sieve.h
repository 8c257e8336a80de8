/* Private to the part: a front of rows that come one by one, without holding those that others beat. */
#ifndef ASX_RESULTS_SIEVE_H
#define ASX_RESULTS_SIEVE_H

#include "results/front.h"

typedef struct asx_sieve {
    const asx_objective *objective; /* [n_objectives] borrowed */
    size_t n_objectives;
    const asx_limits *limits; /* borrowed */
    int64_t *id;       /* [n] rows that none seen so far beats, and those since they were sifted */
    double *value;     /* [n][n_objectives] */
    double *violation; /* [n] */
    size_t n, n_kept, capacity;
    size_t seen;   /* rows put in */
    bool feasible; /* of the kept ones */
} asx_sieve;

/** @param f  of it objectives and limits are borrowed; asx_sieve_fini the sieve */
asx_sieve asx_sieve_of(const asx_front *f);
void asx_sieve_fini(asx_sieve *s);

/** Puts a row in. @return ASX_OK; ASX_ENOMEM. Cost: O(log n) in the rows kept, on average */
ASX_NODISCARD asx_status asx_sieve_put(asx_sieve *s, const asx_row *row, asx_error *err);

/** Leaves only rows that no other beats: `id`, `value` and `violation` of the first `n_kept`. */
ASX_NODISCARD asx_status asx_sieve_settle(asx_sieve *s, asx_error *err);

#endif
