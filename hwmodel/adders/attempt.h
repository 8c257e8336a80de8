/* One graph for a matrix, by one way to make it. */
#ifndef ASX_HWMODEL_ATTEMPT_H
#define ASX_HWMODEL_ATTEMPT_H

#include "hwmodel/adders.h"
#include "patience.h"
#include "sharing.h"

typedef struct attempt {
    const int32_t *matrix; /* [rows][columns] */
    size_t rows, columns;
    unsigned depth;  /* adders in a row at most; 0: any */
    unsigned levels; /* of the tree of rows */
    share_rule rule;
} attempt;

/**
 * @param out    NULL where the tree of rows leaves no room within the depth
 * @param until  of this attempt; where it is over, what is not shared yet is not; where it stopped, there is no graph
 * @return whether there was memory
 */
bool attempt_make(asx_adder_graph **out, const attempt *a, patience *until);

#endif
