/* Private: the formats that are one step away from a format. */
#ifndef ASX_SEARCH_NEIGHBOURS_H
#define ASX_SEARCH_NEIGHBOURS_H

#include <stddef.h>
#include <stdint.h>

#include "dse/space.h"

/* Steps: an alphabet added, removed or replaced; the next word length of those there are; the other
 * kind or width of digits; of weights or activations. Where a list of formats has gaps, the nearest
 * there are. Found when first asked for. */
typedef struct asx_neighbours {
    const asx_format *format; /* borrowed */
    size_t n;
    uint8_t *length;    /* [2][n]: word lengths of weights and of activations, numbered upwards */
    asx_gene **nearest; /* [n]: lists, NULL as long as nobody asked */
    size_t *n_nearest;
} asx_neighbours;

/** @return ASX_OK; ASX_ENOMEM; fini it in any case */
ASX_NODISCARD asx_status asx_neighbours_init(asx_neighbours *out, const asx_space *space,
                                             asx_error *err);
void asx_neighbours_fini(asx_neighbours *set);

/** The nearest formats to `gene`, borrowed; none if it is the only one. Cost: O(n) at first. */
ASX_NODISCARD asx_status asx_neighbours_find(const asx_gene **list, size_t *n, asx_neighbours *set,
                                             asx_gene gene, asx_error *err);

#endif
