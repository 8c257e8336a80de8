/* Evaluations as they lie in the database, as a table: one routine for asx query, export and show.
 */
#ifndef ASX_VIEW_ROWS_TABLE_H
#define ASX_VIEW_ROWS_TABLE_H

#include "dse/score.h"
#include "results/query.h"
#include "table.h"

typedef enum rows_columns {
    ROWS_BRIEF, /* what fits a terminal */
    ROWS_FULL,  /* every field: intervals, cycles, counts */
    ROWS_PARTS  /* the same, and energy and area by part; the rows must have been read with parts */
} rows_columns;

/** @param limits  of the campaign: column `feasible` says 1 of rows that keep them
 *  @param score   its measure, whose decimals accuracies and drops have */
ASX_NODISCARD asx_status rows_table(table **out, const char *title, const asx_rows *rows,
                                    rows_columns columns, const asx_limits *limits,
                                    const asx_score *score, asx_error *err);

#endif
