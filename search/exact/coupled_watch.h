/* Private: what search/coupled.h has proven while it is at work. */
#ifndef ASX_SEARCH_COUPLED_WATCH_H
#define ASX_SEARCH_COUPLED_WATCH_H

#include "coupled_node.h"

/* A node whose turn comes later. Lives where the search that will visit it lives. */
typedef struct asx_coupled_wait {
    const asx_coupled_node *node;
    const struct asx_coupled_wait *next;
} asx_coupled_wait;

/* The designs that were not looked at yet are those of the node at hand, of the nodes that wait,
 * what was given up, and the placements to come. All but the latter have bounds: they are not worth
 * a bound of their own, which takes most of the time that a placement takes. */
struct asx_coupled_watch {
    const asx_observer *observer;
    size_t to_come; /* placements that were not begun */
    const asx_coupled_wait *waiting;
    double factor; /* what was told last */
    double next_s; /* not before this time again */
};

/** Tells what is proven, unless that took too much of the time. @param now is about to be looked
 *  into */
ASX_NODISCARD asx_status asx_coupled_watch_tell(const asx_coupled_search *s,
                                                const asx_coupled_node *now, asx_error *err);

/** Tells what a pass over all placements has proven. */
ASX_NODISCARD asx_status asx_coupled_watch_pass(asx_coupled_watch *watch, double factor,
                                                asx_error *err);

#endif
