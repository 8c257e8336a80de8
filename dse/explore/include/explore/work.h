/* A worker that comes and goes: evaluates what a campaign's search wants to know, beside any number of
 * others on the same database, until the search is over. */
#ifndef ASX_EXPLORE_WORK_H
#define ASX_EXPLORE_WORK_H

#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "explore/campaign.h"
#include "explore/watcher.h"
#include "search/run.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct asx_work_options {
    const char *database;       /* a file, made if it is missing */
    int64_t lease_s;            /* how long a design is held that nothing is heard of; it is renewed
                                 * while its worker lives */
    size_t threads;             /* 0: all processors */
    const asx_watcher *watcher; /* NULL: nobody watches */
} asx_work_options;

typedef struct asx_work_result {
    size_t evaluated, late; /* by this worker; of these, others had told before */
    size_t known;           /* in all, when the search was last looked at */
    asx_search_end end;     /* ASX_END_INTERRUPTED if it was told to stop */
} asx_work_result;

/**
 * Opens the campaign once, then takes designs, measures and books them as asx_explore_run would, under
 * the same keys. Results do not depend on how many work, or on which of them die: what such a one held
 * is lent again when its lease is over.
 *
 * @param campaign  taken over, on failure too
 * @return ASX_OK; as asx_session_open; ASX_EUNSUPPORTED if the campaign's search is not on measured
 *         accuracies; ASX_EDB; ASX_ENOMEM
 */
ASX_API ASX_NODISCARD asx_status asx_work_run(asx_work_result *out, asx_campaign *campaign,
                                              const asx_work_options *options, asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
