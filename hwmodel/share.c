#include "hwmodel/share.h"

#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "machine_private.h"
#include "need.h"

struct asx_shares {
    const asx_machine *machine;
    asx_placement placement;
    asx_unit *need; /* [n] */
    size_t n, capacity;
};

asx_status asx_shares_new(asx_shares **out, const asx_machine *machine, asx_placement placement,
                          asx_error *err)
{
    asx_shares *s = asx_array_new(1, sizeof *s);
    if (!s)
        return asx_fail(err, ASX_ENOMEM, "no memory for the needs of an array");
    s->machine = machine;
    s->placement = placement;
    *out = s;
    return ASX_OK;
}

void asx_shares_free(asx_shares *shares)
{
    if (!shares)
        return;
    free(shares->need);
    free(shares);
}

asx_status asx_shares_add(uint32_t *need, asx_shares *shares, const size_t *layer, size_t n_layers,
                          const asx_format *format, asx_error *err)
{
    const asx_machine *m = shares->machine;
    asx_unit *grown = asx_array_grow(shares->need, &shares->capacity, shares->n + 1, sizeof *grown);
    if (!grown || shares->n >= UINT32_MAX)
        return asx_fail(err, ASX_ENOMEM, "no memory for the needs of an array");
    shares->need = grown;
    asx_unit *all = &grown[shares->n];
    memset(all, 0, sizeof *all);
    for (size_t i = 0; i < n_layers; i++) {
        asx_job job;
        asx_job_init(&job, m, &m->work.layer[layer[i]], &format[layer[i]]);
        asx_placements[shares->placement]->unit(&job.unit, m, &job);
        asx_unit_merge(all, &job.unit);
    }
    size_t k = 0;
    while (!asx_unit_equal(&grown[k], all))
        k++;
    shares->n += k == shares->n;
    *need = (uint32_t)k;
    return ASX_OK;
}

size_t asx_shares_count(const asx_shares *shares)
{
    return shares->n;
}

static void merge_all(asx_unit *out, const asx_shares *shares, const uint32_t *need, size_t n)
{
    *out = shares->need[need[0]];
    for (size_t i = 1; i < n; i++)
        asx_unit_merge(out, &shares->need[need[i]]);
}

bool asx_shares_cover(const asx_shares *shares, const uint32_t *need, size_t n, uint32_t other)
{
    asx_unit all, with;
    if (n == 0)
        return false;
    merge_all(&all, shares, need, n);
    with = all;
    asx_unit_merge(&with, &shares->need[other]);
    return asx_unit_equal(&all, &with);
}

asx_status asx_shares_price(double *leakage_nw, double *area_um2, const asx_shares *shares,
                            const uint32_t *need, size_t n, double weight_bits, asx_error *err)
{
    asx_unit all;
    merge_all(&all, shares, need, n);
    return asx_machine_shared(leakage_nw, area_um2, shares->machine, shares->placement, &all,
                              weight_bits, err);
}

double asx_shares_step_bits(const asx_shares *shares)
{
    return 8192 * shares->machine->subarray_kb;
}

double asx_shares_most_bits(const asx_shares *shares)
{
    return 8192 * shares->machine->weight_kb;
}
