#include "incumbent.h"

#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"

void asx_incumbent_init(asx_incumbent *set, size_t n_genes)
{
    *set = (asx_incumbent){.n_genes = n_genes};
}

void asx_incumbent_fini(asx_incumbent *set)
{
    if (!set)
        return;
    free(set->value);
    free(set->row);
    free(set->gene);
    *set = (asx_incumbent){.n_genes = set->n_genes};
}

size_t asx_incumbent_find(const asx_incumbent *set, double x)
{
    size_t low = 0, high = set->n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (set->value[2 * mid] <= x)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static bool grow(asx_incumbent *set)
{
    double *value =
        asx_array_grow(set->value, &set->value_capacity, 2 * (set->n + 1), sizeof *value);
    if (value)
        set->value = value;
    size_t *row = asx_array_grow(set->row, &set->row_capacity, set->n + 1, sizeof *row);
    if (row)
        set->row = row;
    uint16_t *gene = asx_array_grow(set->gene, &set->gene_capacity,
                                    (set->n_rows + 1) * set->n_genes, sizeof *gene);
    if (gene)
        set->gene = gene;
    return value && row && gene;
}

/* Forgets superseded rows once they are the majority. */
static bool compact(asx_incumbent *set)
{
    if (set->n_rows < 1024 || set->n_rows < 4 * set->n)
        return true;
    uint16_t *gene = asx_array_new(set->n * set->n_genes, sizeof *gene);
    if (!gene)
        return false;
    for (size_t i = 0; i < set->n; i++) {
        memcpy(gene + i * set->n_genes, set->gene + set->row[i] * set->n_genes,
               set->n_genes * sizeof *gene);
        set->row[i] = i;
    }
    free(set->gene);
    set->gene = gene;
    set->gene_capacity = set->n * set->n_genes;
    set->n_rows = set->n;
    return true;
}

bool asx_incumbent_add(asx_incumbent *set, const double value[2], const uint16_t *gene)
{
    size_t begin = asx_incumbent_find(set, value[0]);
    if (begin > 0 && set->value[2 * begin - 1] <= value[1])
        return true;
    if (!compact(set) || !grow(set))
        return false;
    if (begin > 0 && set->value[2 * begin - 2] >= value[0])
        begin--;
    size_t end = begin;
    while (end < set->n && set->value[2 * end + 1] >= value[1])
        end++;
    memmove(set->value + 2 * (begin + 1), set->value + 2 * end,
            2 * (set->n - end) * sizeof *set->value);
    memmove(set->row + begin + 1, set->row + end, (set->n - end) * sizeof *set->row);
    set->n = begin + 1 + (set->n - end);
    set->value[2 * begin] = value[0];
    set->value[2 * begin + 1] = value[1];
    set->n_added++;
    set->row[begin] = set->n_rows;
    memcpy(set->gene + set->n_rows++ * set->n_genes, gene, set->n_genes * sizeof *gene);
    return true;
}
