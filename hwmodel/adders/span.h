/* Rows computed from other rows: the tree of least differences. */
#ifndef ASX_HWMODEL_SPAN_H
#define ASX_HWMODEL_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "patience.h"

/* A row is its parent's, shifted and perhaps negated, and a difference. */
typedef struct span_parent {
    size_t row; /* ASX_NO_NODE: none, the row is its own difference */
    unsigned shift;
    bool negative;
    unsigned level; /* rows above it */
} span_parent;

/**
 * A spanning tree of the rows and of zero, of few canonical digits in all differences (Prim's algorithm).
 *
 * @param parent  [rows]
 * @param order   [rows]: parents before their children
 * @param levels  rows above a row at most; 0: no row has a parent
 * @param until  once it is over, rows keep the parents that they have
 * @return whether there was memory. Cost: rows^2 columns
 */
bool span_rows(span_parent *parent, size_t *order, const int32_t *matrix, size_t rows,
               size_t columns, unsigned levels, patience *until);

#endif
