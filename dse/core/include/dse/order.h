/* Private: checking and sorting rows, and sets of ranks with quick neighbours, for the sweeps of
 * pareto. */
#ifndef ASX_SEARCH_ORDER_H
#define ASX_SEARCH_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "dse/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What asx_pareto_front says about its arguments. */
ASX_API ASX_NODISCARD asx_status asx_pareto_check(const double *row, const double *violation,
                                                  size_t n, size_t n_dims, asx_error *err);

ASX_API bool asx_pareto_equal(const double *a, const double *b, size_t n_dims);

/**
 * Sorts the row numbers `index` [n] by the rows' first `n_keys` values, lexicographically, stably.
 * Rows are `stride` doubles apart; the values are finite. @return false without memory
 */
ASX_API bool asx_order_rows(size_t *index, size_t n, const double *row, size_t stride,
                            size_t n_keys);

/** Dense ranks of `n` values that are `stride` doubles apart: equal values share one. @return false
 *  without memory */
ASX_API bool asx_order_ranks(size_t *rank, const double *value, size_t n, size_t stride);

/* A set of numbers below a fixed bound: bitmaps over bitmaps, 64-fold each level. */
enum { ASX_RANK_LEVELS = 11 };

typedef struct asx_rank_set {
    uint64_t *level[ASX_RANK_LEVELS]; /* level 0: a bit per number; others: a bit per word below */
    size_t n_levels;
} asx_rank_set;

#define ASX_RANK_NONE SIZE_MAX

/** An empty set of numbers below `bound` (> 0). @return false without memory */
ASX_API bool asx_rank_set_init(asx_rank_set *set, size_t bound);
ASX_API void asx_rank_set_fini(asx_rank_set *set);
ASX_API void asx_rank_set_add(asx_rank_set *set, size_t rank);
ASX_API void asx_rank_set_remove(asx_rank_set *set, size_t rank);

/** The largest member <= rank, or the smallest member >= rank; ASX_RANK_NONE if there is none. */
ASX_API size_t asx_rank_set_floor(const asx_rank_set *set, size_t rank);
ASX_API size_t asx_rank_set_ceil(const asx_rank_set *set, size_t rank);

#ifdef __cplusplus
}
#endif

#endif
