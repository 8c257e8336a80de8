/* Private: sets of things that an array can do, and what arrays cost; prices are kept, for the same
 * arrays come up again and again. */
#ifndef ASX_SEARCH_COUPLED_SHARE_H
#define ASX_SEARCH_COUPLED_SHARE_H

#include <stdbool.h>

#include "dse/separable.h"

typedef struct asx_coupled_price {
    double leakage, area; /* without weights */
} asx_coupled_price;

typedef struct asx_coupled_shares {
    const asx_separable *m;
    size_t placement;
    struct asx_coupled_share *item; /* [capacity], a power of 2 */
    size_t n, capacity;
} asx_coupled_shares;

void asx_coupled_shares_init(asx_coupled_shares *shares, const asx_separable *m, size_t placement);
void asx_coupled_shares_fini(asx_coupled_shares *shares);

/** @return ASX_OK; ASX_ENOMEM; what the model says */
ASX_NODISCARD asx_status asx_coupled_shares_get(asx_coupled_price *out, asx_coupled_shares *shares,
                                                const asx_need_set *set, asx_error *err);

/** Whether `set` has all of `other`. */
static inline bool asx_need_covers(const asx_need_set *set, const asx_need_set *other)
{
    uint64_t beyond = 0;
    for (int i = 0; i < ASX_NEED_SET_WORDS; i++)
        beyond |= other->word[i] & ~set->word[i];
    return beyond == 0;
}

/** Whether they have anything in common. */
static inline bool asx_need_meets(const asx_need_set *set, const asx_need_set *other)
{
    uint64_t both = 0;
    for (int i = 0; i < ASX_NEED_SET_WORDS; i++)
        both |= set->word[i] & other->word[i];
    return both != 0;
}

static inline void asx_need_unite(asx_need_set *set, const asx_need_set *other)
{
    for (int i = 0; i < ASX_NEED_SET_WORDS; i++)
        set->word[i] |= other->word[i];
}

static inline void asx_need_intersect(asx_need_set *set, const asx_need_set *other)
{
    for (int i = 0; i < ASX_NEED_SET_WORDS; i++)
        set->word[i] &= other->word[i];
}

static inline bool asx_need_has(const asx_need_set *set, size_t thing)
{
    return set->word[thing / 64] >> thing % 64 & 1;
}

#endif
