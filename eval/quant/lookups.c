#include "lookups.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "ops.h"
#include "reals.h"

typedef struct entry {
    asx_lookup_of of;
    float *table; /* from -limit_in on */
} entry;

struct asx_lookups {
    omp_lock_t lock;
    entry *entry; /* tables stay where they are */
    size_t n, capacity, bytes, max_bytes;
};

asx_status asx_lookups_new(asx_lookups **out, size_t max_bytes, asx_error *err)
{
    asx_lookups *l = asx_array_new(1, sizeof *l);
    if (!l)
        return asx_fail(err, ASX_ENOMEM, "no memory for tables of functions");
    l->max_bytes = max_bytes;
    omp_init_lock(&l->lock);
    *out = l;
    return ASX_OK;
}

void asx_lookups_free(asx_lookups *lookups)
{
    if (!lookups)
        return;
    for (size_t i = 0; i < lookups->n; i++)
        free(lookups->entry[i].table);
    free(lookups->entry);
    omp_destroy_lock(&lookups->lock);
    free(lookups);
}

void asx_lookups_compute(float *out, const float *in, size_t n, const asx_lookup_of *of)
{
    asx_reals_of(out, in, n, of->scale_in);
    asx_op_types[of->node->op].point(out, out, n, of->node);
    asx_integers_of(out, out, n, of->scale_out, of->limit_out);
}

static bool same(const asx_lookup_of *a, const asx_lookup_of *b)
{
    return a->node == b->node && a->scale_in == b->scale_in && a->scale_out == b->scale_out &&
           a->limit_in == b->limit_in && a->limit_out == b->limit_out;
}

/* Under the lock. */
static const float *add_entry(asx_lookups *l, const asx_lookup_of *of)
{
    const size_t limit = (size_t)of->limit_in, n = 2 * limit + 1, bytes = n * sizeof(float);
    if (bytes > l->max_bytes || l->bytes > l->max_bytes - bytes)
        return NULL;
    entry *list = asx_array_grow(l->entry, &l->capacity, l->n + 1, sizeof *list);
    if (list)
        l->entry = list;
    float *table = list ? asx_array_new(n, sizeof *table) : NULL;
    if (!table)
        return NULL;
    for (size_t i = 0; i < n; i++)
        table[i] = (float)i - of->limit_in;
    asx_lookups_compute(table, table, n, of);
    l->entry[l->n++] = (entry){*of, table};
    l->bytes += bytes;
    return table + limit;
}

const float *asx_lookups_find(asx_lookups *lookups, const asx_lookup_of *of)
{
    const float *found = NULL;
    omp_set_lock(&lookups->lock);
    for (size_t i = 0; !found && i < lookups->n; i++)
        if (same(&lookups->entry[i].of, of))
            found = lookups->entry[i].table + (size_t)of->limit_in;
    if (!found)
        found = add_entry(lookups, of);
    omp_unset_lock(&lookups->lock);
    return found;
}
