/* A campaign's run: rounds that teach the proxy, the search, measuring the front, training what is
 * worth it; everything booked in a database as it comes. */
#ifndef ASX_EXPLORE_RUN_H
#define ASX_EXPLORE_RUN_H

#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "dse/error.h"
#include "explore/session.h"
#include "explore/watcher.h"
#include "search/run.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct asx_explore_options {
    const char *database;       /* a file, made if it is missing */
    size_t threads;             /* 0: all processors. Results do not depend on it */
    const asx_watcher *watcher; /* NULL: nobody watches */
} asx_explore_options;

typedef struct asx_explore_result {
    int64_t campaign; /* its id in the database */
    asx_search_end end;
    asx_progress progress;     /* of the search */
    double elapsed_s;          /* of the whole run */
    size_t measured, reported; /* designs of the front measured on select and report images */
    size_t trained;            /* designs trained and measured */
    size_t confirmed; /* limits of the drop that an answer was looked for on fresh images */
    char *reference;  /* point that the hypervolume is against; owned, may be NULL */
    char *space_size; /* number of designs in the space; owned */
    char *report;     /* what the searcher vouches for; owned, may be NULL */
} asx_explore_result;

/**
 * Runs a campaign; goes on where an earlier run on the same database stopped or was killed. Runs on
 * one database take turns, in this process or another. What was found is in the database: see
 * results/front.h.
 *
 * @param result  asx_explore_result_fini it; untouched on failure. Told to stop, `end` is
 *                ASX_END_INTERRUPTED and the status ASX_OK
 * @param s       gets what the stages need
 * @return ASX_OK; ASX_EINVAL and the like with `file:line:` for what the campaign cannot have;
 *         ASX_EINTERRUPTED if it was told to stop while another run worked; ASX_EDB; ASX_EIO;
 *         ASX_ENOMEM; what the watcher's progress says
 */
ASX_API ASX_NODISCARD asx_status asx_explore_run(asx_explore_result *result, asx_session *s,
                                                 const asx_explore_options *options,
                                                 asx_error *err);
ASX_API void asx_explore_result_fini(asx_explore_result *result);

#ifdef __cplusplus
}
#endif

#endif
