/* Private: the incumbents of branch and bound: a growing front of two values with the designs behind it. */
#ifndef ASX_SEARCH_INCUMBENT_H
#define ASX_SEARCH_INCUMBENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct asx_incumbent {
    double *value; /* [n][2], ascending in 0, descending in 1 */
    size_t *row;   /* [n], of `gene` */
    size_t n, value_capacity, row_capacity;
    size_t n_genes, n_rows, gene_capacity;
    size_t n_added; /* designs that joined, whether they are still there or not */
    uint16_t *gene; /* [n_rows][n_genes], some of them superseded */
} asx_incumbent;

void asx_incumbent_init(asx_incumbent *set, size_t n_genes);
void asx_incumbent_fini(asx_incumbent *set);

/** Position of the last value with [0] <= x, plus one. */
size_t asx_incumbent_find(const asx_incumbent *set, double x);

/** Adds a design unless one there is at least as good in both. @return false without memory */
bool asx_incumbent_add(asx_incumbent *set, const double value[2], const uint16_t *gene);

#endif
