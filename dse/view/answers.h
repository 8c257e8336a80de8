/* The best answers of a campaign, in words: the design of least cost under each limit of the drop, and
 * what to do next. */
#ifndef ASX_VIEW_ANSWERS_H
#define ASX_VIEW_ANSWERS_H

#include "results/front.h"

/**
 * Says them on stderr.
 * @param f      with all its rows
 * @param limit  [n] of the drop, points
 */
ASX_NODISCARD asx_status answers_say(const asx_front *f, asx_store *store, const double *limit,
                                     size_t n, const char *database, asx_error *err);

#endif
