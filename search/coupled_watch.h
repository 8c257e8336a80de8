/* Private: what search/coupled.h has proven while it is at work. */
#ifndef ASX_SEARCH_COUPLED_WATCH_H
#define ASX_SEARCH_COUPLED_WATCH_H

#include "coupled_node.h"

/* A node whose turn comes later. Lives where the search that will visit it lives. */
typedef struct asx_coupled_wait {
    const asx_coupled_node *node;
    const struct asx_coupled_wait *next;
} asx_coupled_wait;

/* The designs that were not looked at yet are those of the node at hand, of the nodes that wait, of
 * the placements that were not begun, and what was given up; each has a bound. */
struct asx_coupled_watch {
    const asx_observer *observer;
    double epsilon;
    asx_coupled_open *root; /* [n_placements] bounds of those not begun; value NULL: begun */
    size_t n_placements;
    const asx_coupled_wait *waiting;
    double factor; /* what was told last */
    double next_s; /* not before this time again */
};

/** Bounds all placements. @param s of none of them; what the members before `placement` say counts
 *  @param out asx_coupled_watch_free it; NULL where nobody watches */
ASX_NODISCARD asx_status asx_coupled_watch_new(asx_coupled_watch **out, const asx_coupled_search *s,
                                               asx_error *err);
void asx_coupled_watch_free(asx_coupled_watch *w);

/** The search of a placement begins. */
void asx_coupled_watch_begin(asx_coupled_watch *w, size_t placement);

/** Tells what is proven, unless that took too much of the time. @param now is about to be looked
 *  into */
ASX_NODISCARD asx_status asx_coupled_watch_tell(const asx_coupled_search *s,
                                                const asx_coupled_node *now, asx_error *err);

#endif
