/* Private: the designs that a searcher asked for, what it was told of them, and what they cost along a direction. */
#ifndef ASX_SEARCH_KNOWN_H
#define ASX_SEARCH_KNOWN_H

#include <stdbool.h>
#include <stddef.h>

#include "dice.h"
#include "dse/pareto.h"
#include "point_set.h"
#include "sampler.h"
#include "search/searcher.h"

/* Designs are numbers of `seen`. */
typedef struct asx_known {
    size_t n_genes, d;
    asx_sampler sampler;
    uint64_t next_draw;
    asx_point_set seen;
    double *value; /* [seen][d + 1]: objectives, violation; that is negative until it was told */
    size_t capacity;
    size_t n_told;
    double low[ASX_PARETO_DIMS_MAX], high[ASX_PARETO_DIMS_MAX]; /* of all told */
} asx_known;

/** @param k zeroed; asx_known_fini it */
void asx_known_init(asx_known *k, const asx_searcher_setup *setup);
void asx_known_fini(asx_known *k);

const asx_gene *asx_known_point(const asx_known *k, size_t number);
bool asx_known_told(const asx_known *k, size_t number);

/** The number of a point, which is new if `*added`. */
ASX_NODISCARD asx_status asx_known_add(asx_known *k, const asx_gene *point, size_t *number,
                                       bool *added, asx_error *err);

/** A point by lot that was never seen. `*added` false: there is none left. */
ASX_NODISCARD asx_status asx_known_draw(asx_known *k, size_t *number, bool *added, asx_error *err);

void asx_known_tell(asx_known *k, size_t number, const double *objective, double violation);

/** A direction, uniform on the simplex. @param weight [d] */
void asx_known_direct(double *weight, size_t d, asx_dice *dice);

/**
 * What a design costs in a direction: the augmented Chebyshev sum of its objectives in units of the extent of all told
 * (J. Knowles, ParEGO, IEEE TEVC 10 (1), 2006), whose minimum can be any point of the front; and by how much it breaks
 * the limits.
 */
double asx_known_cost(const asx_known *k, size_t number, const double *weight);

#endif
