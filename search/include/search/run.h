/* The search loop: asks a searcher, evaluates, books, tells, until something ends it. */
#ifndef ASX_SEARCH_RUN_H
#define ASX_SEARCH_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "dse/error.h"
#include "dse/evaluation.h"
#include "dse/evaluator.h"
#include "dse/ledger.h"
#include "dse/observer.h"
#include "dse/param.h"
#include "dse/resume.h"
#include "dse/space.h"
#include "dse/workload.h"
#include "search/archive.h"
#include "search/searcher.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Everything is borrowed for the call. */
typedef struct asx_search {
    const asx_space *space;
    const asx_workload *work; /* names the layers in design texts; needed with a ledger */
    const asx_searcher_type *searcher;
    asx_params params; /* over searcher->params; all zero = its defaults */
    uint64_t seed;
    const asx_objective *objective;
    size_t n_objectives;
    asx_limits limits;
    const asx_evaluator *evaluator;
    const asx_separable *model; /* the same, for searchers that compute; NULL if it does not
                                 * separate */
    const asx_gene *start;      /* [n_start][n_genes]: for searchers that begin with points */
    size_t n_start;
    const double *reference;      /* [n_objectives] > 0, of the hypervolume that observers are told;
                                   * NULL: they are told none */
    const asx_ledger *ledger;     /* may be NULL */
    const asx_observer *observer; /* may be NULL */
    const asx_resume *resume;     /* of searchers that compute; may be NULL */
    size_t budget;             /* distinct designs in all, recalled ones included; 0 = no limit */
    size_t threads;            /* 0 = all processors */
    size_t batch;              /* points per ask; 0 = a sensible number; never changes results */
    bool (*stop)(void *state); /* may be NULL; polled from several threads; true ends the run */
    void *stop_state;
} asx_search;

#define ASX_SEARCH_END_LIST(X)                                                                     \
    X(ASX_END_EXHAUSTED, "exhausted", "the searcher has nothing left to propose")                  \
    X(ASX_END_BUDGET, "budget", "the budget of designs is spent")                                  \
    X(ASX_END_LIMITED, "limited", "a limit of the searcher's own ended it before it was done")     \
    X(ASX_END_INTERRUPTED, "interrupted", "stopped on request; run again to go on")

typedef enum asx_search_end {
#define ASX_ENUM(name, text, help) name,
    ASX_SEARCH_END_LIST(ASX_ENUM)
#undef ASX_ENUM
        ASX_N_ENDS
} asx_search_end;

ASX_API const char *asx_search_end_text(asx_search_end end);
ASX_API const char *asx_search_end_help(asx_search_end end);

typedef struct asx_search_outcome {
    asx_search_end end;
    asx_progress progress; /* the final counts */
    asx_archive *archive;  /* owned */
    char *report;          /* what the searcher vouches for; owned, may be NULL */
} asx_search_outcome;

/**
 * Searches. Same configuration, same archive, whatever the threads and batches, and whether or not
 * earlier runs were killed: a run is resumed by starting it again with the same ledger, which
 * answers for all that was booked, so that no design is ever evaluated twice.
 *
 * Evaluations run in parallel and are booked in the order of the searcher's proposals, each as soon
 * as those before it are booked; but never is more than about a second of finished work unbooked.
 * Interrupted, the running evaluations are finished and booked, and the status is ASX_OK.
 *
 * @param out  initialised by the call, asx_search_outcome_fini it; untouched on failure
 * @return ASX_OK; ASX_EINVAL for an incomplete configuration or parameters of another searcher; or
 *         the first failure of searcher, evaluator (the message then names the design), ledger or
 *         observer; everything that was evaluated before it is booked
 */
ASX_API ASX_NODISCARD asx_status asx_search_run(asx_search_outcome *out, const asx_search *config,
                                                asx_error *err);
ASX_API void asx_search_outcome_fini(asx_search_outcome *outcome);

#ifdef __cplusplus
}
#endif

#endif
