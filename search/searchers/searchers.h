/* Private: the searchers, one file each; registry.c lists them. */
#ifndef ASX_SEARCH_SEARCHERS_H
#define ASX_SEARCH_SEARCHERS_H

#include "search/searcher.h"

extern const asx_searcher_type asx_searcher_actor;
extern const asx_searcher_type asx_searcher_anneal;
extern const asx_searcher_type asx_searcher_enumerate;
extern const asx_searcher_type asx_searcher_exact;
extern const asx_searcher_type asx_searcher_greedy;
extern const asx_searcher_type asx_searcher_local;
extern const asx_searcher_type asx_searcher_nsga2;
extern const asx_searcher_type asx_searcher_random;
extern const asx_searcher_type asx_searcher_smsemoa;
extern const asx_searcher_type asx_searcher_sobol;
extern const asx_searcher_type asx_searcher_thompson;

#endif
