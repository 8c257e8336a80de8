/* Designs of a campaign told apart by an expression, "family" say: the front of each kind in each placement, its cheapest
 * design under a limit of the drop, and how far off the price of that may be. */
#ifndef ASX_EXPLORE_KINDS_H
#define ASX_EXPLORE_KINDS_H

#include "dse/api.h"
#include "results/front.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How far the arithmetic of words beyond the technology's rows may be off, as a share: a guess that hwmodel/README.md
 * explains. */
#define ASX_KINDS_EXTRAPOLATED 0.30

typedef struct asx_kind {
    char *value; /* of the expression */
    asx_placement placement;
    asx_front front;     /* of these designs alone */
    const asx_row *best; /* of its rows, the cheapest within the limit; NULL: none keeps it */
    bool extrapolated;   /* some figure of `best` is beyond the technology's rows */
    double error; /* by what share the cost of `best` may be off; NAN: nothing is known of it */
} asx_kind;

/* Zeroed: none. */
typedef struct asx_kinds {
    asx_kind *
        kind; /* [n] by placement, then by the cost of `best`; those without one behind, by value */
    size_t n;
    asx_front all[ASX_N_PLACEMENTS]; /* the joint fronts */
    asx_objective cost;              /* what `best` has least of */
    double stated;                   /* the share that the technology says its arithmetic is off */
} asx_kinds;

/**
 * The error of an energy is that of its arithmetic, for memories and wires are priced alike for all kinds: the mean of what
 * the technology says of units that were left out of its fits, of extrapolated words ASX_KINDS_EXTRAPOLATED. Of other costs,
 * and of rows that the machine of today prices otherwise, none is known.
 *
 * @param out       asx_kinds_fini it; untouched on failure
 * @param f         the front of the campaign
 * @param by        an SQL expression over the view `result`; rows where it is NULL are of no kind
 * @param where     consider only these rows; NULL: all
 * @param max_drop  as evaluations hold it
 * @return ASX_OK; ASX_EPARSE for an ill-formed expression; ASX_EINVAL for more than 64 kinds, placements told apart; ASX_ENOMEM; ASX_EDB
 * Cost: that of asx_front_load for each kind in each placement.
 */
ASX_API ASX_NODISCARD asx_status asx_kinds_find(asx_kinds *out, const asx_front *f,
                                                asx_store *store, const char *by, const char *where,
                                                double max_drop, asx_error *err);

/** Releases what asx_kinds_find filled in; accepts NULL. */
ASX_API void asx_kinds_fini(asx_kinds *kinds);

/** Whether what `more` costs is above what `less` does by more than both may be off. */
ASX_API bool asx_kinds_surely_less(const asx_kinds *kinds, const asx_kind *less,
                                   const asx_kind *more);

#ifdef __cplusplus
}
#endif

#endif
