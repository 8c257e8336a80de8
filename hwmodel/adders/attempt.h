/* One graph for a matrix, by one way to make it. */
#ifndef ASX_HWMODEL_ATTEMPT_H
#define ASX_HWMODEL_ATTEMPT_H

#include "hwmodel/adders.h"
#include "sharing.h"

typedef struct attempt {
    const int32_t *matrix; /* [rows][columns] */
    size_t rows, columns;
    unsigned depth;  /* adders in a row at most; 0: any */
    unsigned levels; /* of the tree of rows */
    share_rule rule;
} attempt;

/**
 * @param out      NULL where the tree of rows leaves no room within the depth
 * @param changes  grows by the counts that were changed
 * @return whether there was memory
 */
bool attempt_make(asx_adder_graph **out, size_t *changes, const attempt *a);

#endif
