/* A set of points as a hash table of numbers into one array of genes. */
#include "point_set.h"

#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"

void asx_point_set_init(asx_point_set *set, size_t n_genes)
{
    *set = (asx_point_set){.n_genes = n_genes};
}

void asx_point_set_fini(asx_point_set *set)
{
    if (!set)
        return;
    free(set->point);
    free(set->slot);
    *set = (asx_point_set){.n_genes = set->n_genes};
}

void asx_point_set_clear(asx_point_set *set)
{
    set->n = 0;
    if (set->slot)
        memset(set->slot, 0, set->n_slots * sizeof *set->slot);
}

static uint64_t hash_point(const asx_gene *point, size_t n_genes)
{
    uint64_t h = n_genes;
    for (size_t i = 0; i < n_genes; i++) {
        h = (h ^ point[i]) * UINT64_C(0x9e3779b97f4a7c15);
        h ^= h >> 32;
    }
    return h;
}

/* The slot of the point, or the free one where it belongs. */
static size_t probe(const asx_point_set *set, const asx_gene *point)
{
    size_t mask = set->n_slots - 1;
    size_t i = (size_t)hash_point(point, set->n_genes) & mask;
    for (; set->slot[i] > 0; i = (i + 1) & mask) {
        const asx_gene *other = set->point + (set->slot[i] - 1) * set->n_genes;
        if (memcmp(other, point, set->n_genes * sizeof *point) == 0)
            break;
    }
    return i;
}

bool asx_point_set_find(size_t *number, const asx_point_set *set, const asx_gene *point)
{
    if (set->n == 0)
        return false;
    size_t i = probe(set, point);
    if (set->slot[i] == 0)
        return false;
    *number = set->slot[i] - 1;
    return true;
}

static bool grow_slots(asx_point_set *set)
{
    size_t n_slots = set->n_slots ? 2 * set->n_slots : 64;
    uint32_t *slot = asx_array_new(n_slots, sizeof *slot);
    if (!slot)
        return false;
    free(set->slot);
    set->slot = slot;
    set->n_slots = n_slots;
    for (size_t k = 0; k < set->n; k++)
        slot[probe(set, set->point + k * set->n_genes)] = (uint32_t)(k + 1);
    return true;
}

bool asx_point_set_add(asx_point_set *set, const asx_gene *point, bool *added)
{
    if (set->n >= UINT32_MAX - 1)
        return false;
    if (2 * (set->n + 1) > set->n_slots && !grow_slots(set))
        return false;
    size_t i = probe(set, point);
    if (set->slot[i] > 0) {
        *added = false;
        return true;
    }
    size_t need = (set->n + 1) * set->n_genes;
    asx_gene *grown = asx_array_grow(set->point, &set->capacity, need, sizeof *grown);
    if (!grown)
        return false;
    set->point = grown;
    memcpy(grown + set->n * set->n_genes, point, set->n_genes * sizeof *point);
    set->slot[i] = (uint32_t)++set->n;
    *added = true;
    return true;
}
