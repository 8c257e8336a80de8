/* Private: what the lower hull of a node's sums tells, before any labels are made. */
#ifndef ASX_SEARCH_COUPLED_HULL_H
#define ASX_SEARCH_COUPLED_HULL_H

#include "coupled_rows.h"

/* Rows of the hull are so close at best, as a share of their cost, that they prove no less. */
extern const double asx_coupled_hull_proves;

/**
 * Adds the designs on the hull to those found, and finds what of its bound they leave open.
 *
 * @param open        what is open; of `lift`, `uncertain` and `bits` those of the designs on the hull
 *                    whose cost is open: the others are for labels to close
 * @param found_more  whether designs joined those found, so that the node may be narrowed again
 * @return ASX_OK; ASX_ENOMEM; what the model says
 */
ASX_NODISCARD asx_status asx_coupled_look_at_hull(asx_coupled_rows *open, bool *found_more,
                                                  asx_coupled_search *s, asx_shared *problem,
                                                  asx_coupled_node *x, asx_error *err);

/* A range of damage that is open from one end to the other. */
typedef struct asx_coupled_stretch {
    double low, high; /* above low, up to high */
} asx_coupled_stretch;

enum { ASX_COUPLED_STRETCHES_MAX = 8 };

/** The open stretches of a bound that has ends, neighbours joined where there are too many.
 *  @param out [ASX_COUPLED_STRETCHES_MAX] @return how many */
size_t asx_coupled_find_stretches(asx_coupled_stretch *out, const asx_coupled_open *bound,
                                  const asx_coupled_node *x);

#endif
