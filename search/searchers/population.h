/* Private: the parents and children of an evolution, and who of them survives, whatever a genome
 * is. NSGA-II: Deb, Pratap, Agarwal and Meyarivan, IEEE TEVC 6 (2), 2002; constraints by its rule,
 * violation first. Or SMS-EMOA's selection: Beume, Naujoks and Emmerich, European J. of
 * Operational Research 181 (3), 2007. */
#ifndef ASX_SEARCH_POPULATION_H
#define ASX_SEARCH_POPULATION_H

#include <stdbool.h>
#include <stddef.h>

#include "dice.h"
#include "dse/error.h"

/* Rows: first the parents, then the children; 2 `size` of each array. */
typedef struct asx_population {
    size_t size, n_objectives;
    bool by_contribution; /* to hypervolume, instead of crowding, who goes of the last rank */
    size_t n_parents, n_children;
    size_t *member; /* the owner's numbers for them */
    double *objective, *violation;
    double *crowding; /* of parents: room around them within their rank; the more the better */
    size_t *rank;     /* of parents */
    size_t *order;    /* workspace */
} asx_population;

/** Room for `size` parents and as many children; fini it in any case. */
ASX_NODISCARD asx_status asx_population_init(asx_population *p, size_t size, size_t n_objectives,
                                             asx_error *err);
void asx_population_fini(asx_population *p);

/** Adds a child; there is room. */
void asx_population_add(asx_population *p, size_t member, const double *objective,
                        double violation);

/** The members of two different parents, of at least two: each the better of two drawn at random,
 * by rank, then by crowding. */
void asx_population_draw(size_t pair[2], const asx_population *p, asx_dice *dice);

/**
 * The best `size` of parents and children become the parents, in their order: whole ranks, and of
 * the rank that does not fit what remains when the most crowded row is taken out, one at a time
 * (Kukkonen and Deb, CEC 2006: better spread than by taking out all at once), or the one that
 * contributes least to the rank's hypervolume (contribution.h).
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL for objectives that are not finite
 */
ASX_NODISCARD asx_status asx_population_select(asx_population *p, asx_error *err);

#endif
