/* Evaluations held in memory: rows with their design's text, their tier and their numbers. */
#ifndef ASX_RESULTS_ROWS_H
#define ASX_RESULTS_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "dse/design.h"
#include "dse/error.h"
#include "dse/evaluation.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct asx_row {
    int64_t id; /* of the evaluation */
    const char *design;
    const char *subset;
    asx_placement placement;
    asx_evaluation evaluation;
} asx_row;

/* Zeroed: no rows. The rows' texts are theirs. */
typedef struct asx_rows {
    asx_row *row; /* [n] */
    size_t n, capacity;
} asx_rows;

/** Releases rows and texts; accepts NULL. */
ASX_API void asx_rows_fini(asx_rows *rows);

/**
 * Adds a copy of a row behind the others.
 * @return ASX_OK; ASX_ENOMEM, the rows are then as they were
 */
ASX_API ASX_NODISCARD asx_status asx_rows_add(asx_rows *rows, const asx_row *row, asx_error *err);

/** Moves rows behind others. @param from  empty afterwards, whether it succeeds or not */
ASX_API ASX_NODISCARD asx_status asx_rows_append(asx_rows *rows, asx_rows *from, asx_error *err);

/** Orders rows by the text of their design, as asx_rows_find wants them. */
ASX_API void asx_rows_sort(asx_rows *rows);

/**
 * A design's row among sorted ones; NULL if it is not there.
 * Cost: O(log n).
 */
ASX_API const asx_row *asx_rows_find(const asx_rows *rows, const char *design);

/** Leaves only rows whose designs are in `among`, which is sorted; the order stays. */
ASX_API void asx_rows_restrict(asx_rows *rows, const asx_rows *among);

/**
 * Lays rows over others: the evaluation of a design that is there is replaced, any other row is
 * added. Both are sorted by design, and `into` is again afterwards; of several rows of one design
 * in `over` the last counts.
 * @return ASX_OK; ASX_ENOMEM, some rows may then have been laid over
 */
ASX_API ASX_NODISCARD asx_status asx_rows_lay_over(asx_rows *into, const asx_rows *over,
                                                   asx_error *err);

/**
 * Which rows no other dominates: less violation of the limits first, then no more of any objective
 * and less of one (Deb's rule). Of rows with equal values all are on the front.
 *
 * @param index     [*n_index] ascending, owned by the caller, free(); written on success
 * @param feasible  whether the front keeps the limits; if not, its rows violate them least
 * @param objective [n_objectives] what is minimised
 * @return ASX_OK; ASX_ENOMEM
 * Cost: that of asx_pareto_front.
 */
ASX_API ASX_NODISCARD asx_status asx_rows_front(size_t **index, size_t *n_index, bool *feasible,
                                                const asx_rows *rows,
                                                const asx_objective *objective, size_t n_objectives,
                                                const asx_limits *limits, asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
