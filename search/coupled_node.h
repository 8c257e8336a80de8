/* Private: one placement's search in search/coupled.h, and the additive problem of a node of it. */
#ifndef ASX_SEARCH_COUPLED_NODE_H
#define ASX_SEARCH_COUPLED_NODE_H

#include <stdbool.h>

#include "incumbent.h"
#include "search/coupled.h"
#include "shared.h"

enum { ASX_CERTAIN_MAX = 256 };

/* The state of one placement's search. */
typedef struct asx_coupled_search {
    const asx_coupled_problem *p;
    const asx_separable *m;
    size_t placement;
    const asx_need_set *need; /* [n_needs] */
    size_t n_needs;
    asx_incumbent *found;
    asx_incumbent *left; /* bounds that were given up; no designs */
    asx_coupled_front *out;
    double limit[2]; /* damage, objective */
    size_t n_rates;
    asx_shared_choice **choice; /* [n_groups]: workspace of a node */
    size_t *n_choices;
    asx_separable_choice **table; /* [n_groups]: choices that are worth considering */
    uint16_t **number;            /* [n_groups]: their numbers in the model */
    size_t *n_table;
    double *rise;       /* [n_rates]: what bits add to the leakage */
    double *rate, *cut; /* workspace of a node */
    bool *used;         /* [n_needs]: by choices of the tables */
    double *extra;      /* [n_needs]: leakage of the certain needs and this one beyond theirs */
    size_t cut_capacity;
    asx_shared_problem problem; /* of a node */
} asx_coupled_search;

/* What the array is certain to serve, what it may be asked for besides, and how many bits of
 * weights there may be. */
typedef struct asx_coupled_node {
    uint32_t certain[ASX_CERTAIN_MAX];
    size_t n_certain;
    asx_need_set served; /* their union */
    bool *allowed;       /* [n_needs] */
    double *leakage;     /* [n_needs]: of the certain needs and this one, at least */
    bool leakage_exact;
    double least_bits; /* certain, too: latency counts with as much off chip */
    double most_bits;
} asx_coupled_node;

/** Prepares what the other members need of `m`, `placement` and `p`; fini it in any case. */
ASX_NODISCARD asx_status asx_coupled_search_init(asx_coupled_search *s, asx_error *err);
void asx_coupled_search_fini(asx_coupled_search *s);

/** A node's additive problem, a bound for its designs.
 *  @param out  NULL if nothing keeps the limits; valid until the next call */
ASX_NODISCARD asx_status asx_coupled_begin(asx_shared **out, asx_coupled_search *s,
                                           const asx_coupled_node *x, asx_error *err);

/** Finds out the leakages of a node exactly. @param leakage [n_needs] */
ASX_NODISCARD asx_status asx_coupled_tighten(double *leakage, const asx_coupled_search *s,
                                             const asx_coupled_node *x, asx_error *err);

/** The share of the weights that is off chip. */
double asx_coupled_off(const asx_separable *m, double bits);

/** Whether `need` has all of `other`; and the union. */
static inline bool asx_need_covers(const asx_need_set *need, const asx_need_set *other)
{
    uint64_t beyond = 0;
    for (int i = 0; i < ASX_NEED_SET_WORDS; i++)
        beyond |= other->word[i] & ~need->word[i];
    return beyond == 0;
}

/** Whether an array for what is certain serves need `k`; with nothing certain there is none. */
static inline bool asx_coupled_serves(const asx_coupled_search *s, const asx_coupled_node *x,
                                      size_t k)
{
    return x->n_certain > 0 && asx_need_covers(&x->served, &s->need[k]);
}

static inline void asx_need_unite(asx_need_set *need, const asx_need_set *other)
{
    for (int i = 0; i < ASX_NEED_SET_WORDS; i++)
        need->word[i] |= other->word[i];
}

/** The choice's share of the second objective; and whether the array adds to it. */
double asx_coupled_objective(const asx_coupled_search *s, const asx_separable_choice *c);
bool asx_coupled_shares_energy(const asx_coupled_search *s);

#endif
