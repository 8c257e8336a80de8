/* A campaign's run: search, then measure the front, everything booked in the database. */
#ifndef ASX_CLI_EXPLORE_H
#define ASX_CLI_EXPLORE_H

#include <stdbool.h>

#include "dse/error.h"
#include "search/run.h"
#include "workbench.h"

typedef struct explore_options {
    const char *database;
    size_t threads;            /* 0: all processors */
    bool (*stop)(void *state); /* polled; true: finish what is running, book it, and end */
} explore_options;

typedef struct explore_result {
    int64_t campaign; /* its id in the database */
    asx_search_end end;
    asx_progress progress;
    size_t measured, reported; /* designs of the front measured on select and report images */
    size_t trained;            /* designs trained and measured */
    char *reference;           /* point that the hypervolume is against; owned, may be NULL */
    char *space_size;          /* number of designs in the space; owned */
    char *report;              /* what the searcher vouches for; owned, may be NULL */
} explore_result;

/**
 * Runs a campaign; goes on where an earlier run on the same database stopped.
 * @param result  explore_result_fini it
 */
ASX_NODISCARD asx_status explore_run(explore_result *result, workbench *w,
                                     const explore_options *options, asx_error *err);
void explore_result_fini(explore_result *result);

#endif
