#include "coupled_share.h"

#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"

enum { CAPACITY_MIN = 1024 };

typedef struct asx_coupled_share {
    asx_need_set set;
    asx_coupled_price price;
    bool used;
} item;

void asx_coupled_shares_init(asx_coupled_shares *shares, const asx_separable *m, size_t placement)
{
    *shares = (asx_coupled_shares){m, placement, NULL, 0, 0};
}

void asx_coupled_shares_fini(asx_coupled_shares *shares)
{
    if (!shares)
        return;
    free(shares->item);
    shares->item = NULL;
}

/* Where it is, or is to be. */
static item *find(item *all, size_t capacity, const asx_need_set *set)
{
    uint64_t h = 0;
    for (size_t i = 0; i < ASX_NEED_SET_WORDS; i++) {
        h = (h ^ set->word[i]) * 0x9e3779b97f4a7c15u;
        h ^= h >> 32;
    }
    size_t i = (size_t)h & (capacity - 1);
    while (all[i].used && memcmp(&all[i].set, set, sizeof *set) != 0)
        i = (i + 1) & (capacity - 1);
    return &all[i];
}

static bool grow(asx_coupled_shares *s)
{
    const size_t capacity = s->capacity ? 2 * s->capacity : CAPACITY_MIN;
    item *all = asx_array_new(capacity, sizeof *all);
    if (!all)
        return false;
    for (size_t i = 0; i < s->capacity; i++)
        if (s->item[i].used)
            *find(all, capacity, &s->item[i].set) = s->item[i];
    free(s->item);
    s->item = all;
    s->capacity = capacity;
    return true;
}

asx_status asx_coupled_shares_get(asx_coupled_price *out, asx_coupled_shares *s,
                                  const asx_need_set *set, asx_error *err)
{
    if (2 * s->n >= s->capacity && !grow(s))
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu arrays", s->n);
    item *at = find(s->item, s->capacity, set);
    if (!at->used) {
        asx_coupled_price price = {0, 0};
        const asx_status status =
            s->m->share(&price.leakage, &price.area, s->m->state, s->placement, set, 0, err);
        if (status != ASX_OK)
            return status;
        *at = (item){*set, price, true};
        s->n++;
    }
    *out = at->price;
    return ASX_OK;
}
