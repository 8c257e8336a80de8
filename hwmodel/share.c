#include "hwmodel/share.h"

#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "machine_private.h"
#include "need.h"

_Static_assert((int)ASX_NEED_SET_WORDS == (int)ASX_NEED_WORDS, "sets are masks of needs");

struct asx_shares {
    const asx_machine *machine;
    asx_placement placement;
    asx_unit *need; /* [n] */
    size_t n, capacity;
    uint32_t *slot; /* [n_slots], a power of 2: number of a need + 1, by its hash; 0: empty */
    size_t n_slots;
    asx_need_code *code; /* of the sets given out */
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
    free(shares->slot);
    asx_need_code_free(shares->code);
    free(shares);
}

/* The slot of a need that is there, or the empty one where it belongs. */
static uint32_t *slot_of(const asx_shares *s, const asx_unit *unit)
{
    size_t i = (size_t)asx_unit_hash(unit) & (s->n_slots - 1);
    while (s->slot[i] > 0 && !asx_unit_equal(&s->need[s->slot[i] - 1], unit))
        i = (i + 1) & (s->n_slots - 1);
    return &s->slot[i];
}

static bool grow_slots(asx_shares *s)
{
    if (2 * (s->n + 1) < s->n_slots)
        return true;
    const size_t n = s->n_slots ? 2 * s->n_slots : 64;
    uint32_t *slot = asx_array_new(n, sizeof *slot);
    if (!slot)
        return false;
    free(s->slot);
    s->slot = slot;
    s->n_slots = n;
    for (size_t k = 0; k < s->n; k++)
        *slot_of(s, &s->need[k]) = (uint32_t)k + 1;
    return true;
}

asx_status asx_shares_add(uint32_t *need, asx_shares *shares, const size_t *layer, size_t n_layers,
                          const asx_format *format, asx_error *err)
{
    const asx_machine *m = shares->machine;
    asx_unit *grown = asx_array_grow(shares->need, &shares->capacity, shares->n + 1, sizeof *grown);
    if (grown)
        shares->need = grown;
    if (!grown || shares->n >= UINT32_MAX - 1 || !grow_slots(shares))
        return asx_fail(err, ASX_ENOMEM, "no memory for the needs of an array");
    asx_unit *all = &grown[shares->n];
    memset(all, 0, sizeof *all);
    for (size_t i = 0; i < n_layers; i++) {
        asx_unit unit;
        const asx_status status =
            asx_machine_unit(&unit, m, shares->placement, layer[i], &format[layer[i]], err);
        if (status != ASX_OK)
            return status;
        asx_machine_strip_unit(&unit, m, shares->placement);
        asx_unit_merge(all, &unit);
    }
    uint32_t *slot = slot_of(shares, all);
    if (*slot == 0)
        *slot = (uint32_t)++shares->n;
    *need = *slot - 1;
    return ASX_OK;
}

size_t asx_shares_count(const asx_shares *shares)
{
    return shares->n;
}

asx_status asx_shares_sets(asx_need_set *set, asx_shares *shares, asx_error *err)
{
    const size_t n = shares->n;
    if (n == 0)
        return ASX_OK;
    asx_need *need = asx_array_new(n, sizeof *need);
    if (!need)
        return asx_fail(err, ASX_ENOMEM, "no memory for the needs of an array");
    asx_need_code *code = NULL;
    const asx_status status = asx_need_encode(need, &code, shares->need, n, err);
    if (status == ASX_OK) {
        asx_need_code_free(shares->code);
        shares->code = code;
    }
    for (size_t i = 0; status == ASX_OK && i < n; i++)
        for (size_t w = 0; w < ASX_NEED_SET_WORDS; w++)
            set[i].word[w] = need[i].word[w];
    free(need);
    return status;
}

asx_status asx_shares_price(double *leakage_nw, double *area_um2, const asx_shares *shares,
                            const asx_need_set *set, double weight_bits, asx_error *err)
{
    asx_unit all;
    asx_need need;
    for (size_t w = 0; w < ASX_NEED_SET_WORDS; w++)
        need.word[w] = set->word[w];
    asx_need_decode(&all, shares->code, &need);
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

asx_status asx_shares_excess_pj(double *out, const asx_shares *shares, asx_error *err)
{
    return asx_machine_off_chip_pj(out, shares->machine, err);
}

asx_status asx_shares_latency(double *out_ns, const asx_shares *shares, size_t layer,
                              const asx_format *format, double off_chip, asx_error *err)
{
    asx_cost cost;
    const asx_status status = asx_machine_layer_off_chip(&cost, shares->machine, shares->placement,
                                                         layer, format, off_chip, err);
    if (status == ASX_OK)
        *out_ns = cost.latency_ns;
    return status;
}
