#include "hwmodel/cost_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "machine_private.h"
#include "need.h"

/* One layer in one format: a cache line. */
typedef struct entry {
    double energy_pj, cycles, latency_ns, weight_bits;
    asx_need need;
} entry;

struct asx_cost_table {
    const asx_machine *machine; /* borrowed */
    asx_placement placement;
    size_t n_layers, n_formats;
    asx_format *format; /* [n_formats] */
    entry *entry;       /* [n_layers][n_formats] */
};

/* Leakage and area of an array for a union of needs, with some number of sub-arrays. */
typedef struct shared {
    asx_need need;
    double subarrays; /* 0: none here */
    double leakage_nw, area_um2;
} shared;

enum { SHARED_MIN = 1024 };

struct asx_pricer {
    const asx_cost_table *table;
    shared *shared; /* [capacity], open addressing; capacity is a power of 2 */
    size_t n, capacity;
    asx_design design; /* for designs that do not fit on chip */
};

static void unit_of(asx_unit *out, const asx_cost_table *t, size_t layer, size_t format)
{
    asx_job job;
    asx_job_init(&job, t->machine, &t->machine->work.layer[layer], &t->format[format]);
    asx_placements[t->placement]->unit(&job.unit, t->machine, &job);
    *out = job.unit;
}

static asx_status fill(asx_cost_table *t, asx_unit *unit, asx_need *need, asx_error *err)
{
    asx_status status = ASX_OK;
    size_t n = t->n_layers * t->n_formats;
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
        asx_cost cost;
        size_t layer = i / t->n_formats, format = i % t->n_formats;
        status =
            asx_machine_layer_cost(&cost, t->machine, t->placement, layer, &t->format[format], err);
        unit_of(&unit[i], t, layer, format);
        if (status == ASX_OK)
            t->entry[i] =
                (entry){cost.energy_pj, cost.cycles, cost.latency_ns, cost.weight_bits, {{0}}};
    }
    if (status == ASX_OK)
        status = asx_need_encode(need, NULL, unit, n, err);
    for (size_t i = 0; status == ASX_OK && i < n; i++)
        t->entry[i].need = need[i];
    return status;
}

asx_status asx_cost_table_new(asx_cost_table **out, const asx_machine *machine,
                              asx_placement placement, const asx_format *format, size_t n_formats,
                              asx_error *err)
{
    size_t n = machine->work.n_layers * n_formats;
    if (n_formats == 0 || n_formats > UINT16_MAX)
        return asx_fail(err, ASX_EINVAL, "a table of %zu formats, from 1 to %d are allowed",
                        n_formats, UINT16_MAX);
    asx_cost_table *t = asx_array_new(1, sizeof *t);
    asx_unit *unit = asx_array_new(n, sizeof *unit);
    asx_need *need = asx_array_new(n, sizeof *need);
    if (t) {
        t->machine = machine;
        t->placement = placement;
        t->n_layers = machine->work.n_layers;
        t->n_formats = n_formats;
        t->format = asx_array_copy(format, n_formats, sizeof *format);
        t->entry = asx_array_new(n, sizeof *t->entry);
    }
    asx_status status = t && unit && need && t->format && t->entry
                            ? fill(t, unit, need, err)
                            : asx_fail(err, ASX_ENOMEM, "no memory for a table of costs");
    if (status == ASX_OK) {
        *out = t;
        t = NULL;
    }
    asx_cost_table_free(t);
    free(need);
    free(unit);
    return status;
}

void asx_cost_table_free(asx_cost_table *table)
{
    if (!table)
        return;
    free(table->format);
    free(table->entry);
    free(table);
}

asx_status asx_pricer_new(asx_pricer **out, const asx_cost_table *table, asx_error *err)
{
    asx_pricer *p = asx_array_new(1, sizeof *p);
    if (!p)
        return asx_fail(err, ASX_ENOMEM, "no memory for a pricer");
    p->table = table;
    p->capacity = SHARED_MIN;
    p->shared = asx_array_new(p->capacity, sizeof *p->shared);
    asx_status status = p->shared ? asx_design_init(&p->design, table->n_layers, err)
                                  : asx_fail(err, ASX_ENOMEM, "no memory for a pricer");
    p->design.placement = table->placement;
    if (status == ASX_OK)
        *out = p;
    else
        asx_pricer_free(p);
    return status;
}

void asx_pricer_free(asx_pricer *pricer)
{
    if (!pricer)
        return;
    asx_design_fini(&pricer->design);
    free(pricer->shared);
    free(pricer);
}

/* Where it is, or is to be. */
static shared *find(shared *all, size_t capacity, const asx_need *need, double subarrays)
{
    uint64_t h = (uint64_t)subarrays;
    for (size_t i = 0; i < ASX_NEED_WORDS; i++) {
        h = (h ^ need->word[i]) * 0x9e3779b97f4a7c15u;
        h ^= h >> 32;
    }
    size_t i = (size_t)h & (capacity - 1);
    while (all[i].subarrays > 0 &&
           (all[i].subarrays != subarrays || memcmp(&all[i].need, need, sizeof *need) != 0))
        i = (i + 1) & (capacity - 1);
    return &all[i];
}

static asx_status grow(asx_pricer *p, asx_error *err)
{
    shared *all = asx_array_new(2 * p->capacity, sizeof *all);
    if (!all)
        return asx_fail(err, ASX_ENOMEM, "no memory for a pricer");
    for (size_t i = 0; i < p->capacity; i++)
        if (p->shared[i].subarrays > 0)
            *find(all, 2 * p->capacity, &p->shared[i].need, p->shared[i].subarrays) = p->shared[i];
    free(p->shared);
    p->shared = all;
    p->capacity *= 2;
    return ASX_OK;
}

/* A union that was not met before. */
static asx_status meet(shared **out, asx_pricer *p, const asx_need *need, double subarrays,
                       double weight_bits, const uint16_t *choice, asx_error *err)
{
    const asx_cost_table *t = p->table;
    asx_unit all;
    asx_status status = 2 * p->n >= p->capacity ? grow(p, err) : ASX_OK;
    memset(&all, 0, sizeof all);
    for (size_t i = 0; status == ASX_OK && i < t->n_layers; i++) {
        asx_unit unit;
        unit_of(&unit, t, i, choice[i]);
        asx_unit_merge(&all, &unit);
    }
    shared made = {.need = *need, .subarrays = subarrays};
    if (status == ASX_OK)
        status = asx_machine_shared(&made.leakage_nw, &made.area_um2, t->machine, t->placement,
                                    &all, weight_bits, err);
    if (status != ASX_OK)
        return status;
    *out = find(p->shared, p->capacity, need, subarrays);
    **out = made;
    p->n++;
    return ASX_OK;
}

/* Designs with traffic off chip do not add up over layers. */
static asx_status price_in_full(asx_cost_total *out, asx_pricer *p, const uint16_t *choice,
                                asx_error *err)
{
    asx_cost cost;
    for (size_t i = 0; i < p->table->n_layers; i++)
        p->design.format[i] = p->table->format[choice[i]];
    asx_status status = asx_machine_cost(&cost, NULL, p->table->machine, &p->design, err);
    if (status == ASX_OK)
        *out = (asx_cost_total){cost.energy_pj, cost.latency_ns, cost.cycles, cost.area_um2,
                                cost.weight_bits};
    return status;
}

asx_status asx_pricer_cost(asx_cost_total *out, asx_pricer *pricer, const uint16_t *choice,
                           asx_error *err)
{
    const asx_cost_table *t = pricer->table;
    asx_cost_total sum = {0};
    asx_need need = {{0}};
    for (size_t i = 0; i < t->n_layers; i++) {
        if (choice[i] >= t->n_formats)
            return asx_fail(err, ASX_EINVAL, "format %u of layer %zu: the table has %zu", choice[i],
                            i, t->n_formats);
        const entry *e = &t->entry[i * t->n_formats + choice[i]];
        sum.energy_pj += e->energy_pj;
        sum.cycles += e->cycles;
        sum.latency_ns += e->latency_ns;
        sum.weight_bits += e->weight_bits;
        for (size_t k = 0; k < ASX_NEED_WORDS; k++)
            need.word[k] |= e->need.word[k];
    }
    if (sum.weight_bits > 8192 * t->machine->weight_kb)
        return price_in_full(out, pricer, choice, err);
    double subarrays = asx_subarrays(t->machine, sum.weight_bits);
    shared *s = find(pricer->shared, pricer->capacity, &need, subarrays);
    if (s->subarrays == 0) {
        asx_status status = meet(&s, pricer, &need, subarrays, sum.weight_bits, choice, err);
        if (status != ASX_OK)
            return status;
    }
    sum.area_um2 = s->area_um2;
    sum.energy_pj += 1e-6 * s->leakage_nw * sum.latency_ns; /* nW ns = 1e-6 pJ */
    *out = sum;
    return ASX_OK;
}
