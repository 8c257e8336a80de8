/* Private: what a node's front tells. */
#ifndef ASX_SEARCH_COUPLED_ROWS_H
#define ASX_SEARCH_COUPLED_ROWS_H

#include <math.h>

#include "coupled_node.h"

enum { ASX_COUPLED_THINGS = 64 * ASX_NEED_SET_WORDS };

/* What keeps rows of a node's front from being matched by a design. */
typedef struct asx_coupled_rows {
    asx_coupled_open bound; /* room for the front */
    double gap;             /* most of them */
    double bits;            /* fewest of those whose array is sure; INFINITY if there is none */
    double split; /* where the bits of one begin to cost more than they are priced; or INFINITY */
    double unpriced, most; /* that cost, per time: of all, and of the one for `split` */
    /* share of the time not charged for the thing, summed over rows having it */
    double lift[ASX_COUPLED_THINGS];
    bool uncertain; /* some lift is positive */
} asx_coupled_rows;

/** None at all. */
static inline asx_coupled_rows asx_coupled_no_rows(void)
{
    return (asx_coupled_rows){.bits = INFINITY, .split = INFINITY};
}

/** Whether there is what can be branched on. */
static inline bool asx_coupled_is_uncertain(const asx_coupled_rows *open)
{
    return open->uncertain || open->bits < INFINITY || open->split < INFINITY;
}

/** Adds the designs that keep the limits to those found. @return ASX_OK; ASX_ENOMEM; what the model
 * says */
ASX_NODISCARD asx_status asx_coupled_add_designs(asx_coupled_search *s, const asx_shared_front *f,
                                                 asx_error *err);

/** Notes of a row what its array has that is not sure, or the bits that it was priced too low for. */
void asx_coupled_note_row(asx_coupled_rows *open, const asx_coupled_search *s,
                          const asx_shared_front *f, size_t row, const asx_coupled_node *x);

/** Notes of a row what its bits cost more than the bound's line through all bits tells. */
void asx_coupled_note_bits(asx_coupled_rows *open, const asx_shared *problem,
                           const asx_shared_front *f, size_t row);

/** Whether a bound's row, which designs found match but for this factor, counts as open. */
bool asx_coupled_is_open(const asx_coupled_search *s, double gap);

/** Adds to `open` the rows that no design found matches. */
void asx_coupled_find_open(asx_coupled_rows *open, const asx_coupled_search *s,
                           const asx_shared_front *f, const asx_coupled_node *x);

#endif
