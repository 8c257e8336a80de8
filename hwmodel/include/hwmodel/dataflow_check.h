/* How often operands move and how long layers take, held against other simulators of arrays: these
 * are integers that do not depend on any technology, so they must be equal. */
#ifndef ASX_HWMODEL_DATAFLOW_CHECK_H
#define ASX_HWMODEL_DATAFLOW_CHECK_H

#include <stddef.h>

#include "dse/api.h"
#include "dse/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Rows of one tool, case and dataflow that say the same. */
typedef struct asx_dataflow_check {
    char what[80];        /* "SCALE-Sim 16x16 64 kB ws" */
    const char *quantity; /* "cycles", "input reads", "weight reads", "output writes" */
    size_t n, n_equal;
    double worst; /* largest |counted / reference - 1|, in percent */
    size_t line;  /* of the worst row; 0: all are equal */
} asx_dataflow_check;

/**
 * The table has the columns tool, case, k, c, r, s, p, q, groups, array_rows, array_cols, dataflow,
 * level, operand, reads, writes, cycles, note, in any order. Rows of level SRAM under dataflow ws,
 * os or is (one operand stationary in a systolic array) are compared. Layers with groups: one group
 * is counted. A note "include N stall cycles" is taken off the cycles.
 *
 * @param out       asx_dataflow_checks_free; written on success
 * @param n_others  rows of other dataflows and levels, which are not compared
 * @return ASX_OK; ASX_EIO; ASX_ENOMEM; ASX_ENOTFOUND if no row can be compared; ASX_EPARSE,
 *         ASX_EINVAL with file, line and column
 */
ASX_API ASX_NODISCARD asx_status asx_dataflow_check_file(asx_dataflow_check **out, size_t *n,
                                                         size_t *n_others, const char *path,
                                                         asx_error *err);
ASX_API void asx_dataflow_checks_free(asx_dataflow_check *check);

#ifdef __cplusplus
}
#endif

#endif
