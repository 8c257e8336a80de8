/* Private: a set of points, numbered in the order they came. */
#ifndef ASX_SEARCH_POINT_SET_H
#define ASX_SEARCH_POINT_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dse/space.h"

/* Open addressing over the points' numbers. The points of a space and its designs correspond one to
 * one (dse/space.h), so equal points are equal designs. */
typedef struct asx_point_set {
    size_t n_genes;
    size_t n;
    asx_gene *point; /* [n][n_genes] */
    size_t capacity; /* in genes */
    uint32_t *slot;  /* number + 1, 0 = free */
    size_t n_slots;  /* a power of two, or 0 */
} asx_point_set;

void asx_point_set_init(asx_point_set *set, size_t n_genes);
void asx_point_set_fini(asx_point_set *set);

/** Forgets the points, keeps the memory. */
void asx_point_set_clear(asx_point_set *set);

bool asx_point_set_find(size_t *number, const asx_point_set *set, const asx_gene *point);

/** Adds a point unless it is there; `*added` says which. @return false without memory: unchanged */
bool asx_point_set_add(asx_point_set *set, const asx_gene *point, bool *added);

#endif
