/* Search agents compared at equal budgets: what each finds of a campaign's front, evaluation by evaluation. */
#ifndef ASX_EXPLORE_AGENTS_H
#define ASX_EXPLORE_AGENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "dse/accuracy.h"
#include "dse/api.h"
#include "explore/session.h"
#include "results/reference_point.h"
#include "search/searcher.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct asx_agents_options {
    /* [n_agents] "nsga2", "nsga2:population=200:near=0.5": searchers with the parameters that are not the defaults. Any
     * but 'exact', which asks for one front and not for the best of a budget. NULL: all of those that need not enumerate,
     * by their defaults */
    const char *const *agent;
    size_t n_agents;
    asx_tier tier; /* proxy or measured, on the images 'select' */
    size_t budget; /* distinct designs that each may evaluate */
    size_t n_seeds;
    const char *
        database; /* measured: what it has is not measured again, and what is measured is booked, seen by no
                           * front; made if it is missing. NULL: nothing is kept */
    size_t threads;            /* 0: all processors; results do not depend on it */
    bool (*stop)(void *state); /* may be NULL */
    void *stop_state;
} asx_agents_options;

/* One agent with one seed. */
typedef struct asx_agent_run {
    char *agent; /* as it was asked for */
    uint64_t seed;
    size_t n;          /* designs evaluated; below the budget where it had nothing left to ask */
    double *objective; /* [n][n_objectives] in the order of asking */
    bool *feasible;    /* [n] */
    double *
        hypervolume; /* [n] of the feasible designs so far, as a share of the box up to the reference point */
} asx_agent_run;

typedef struct asx_agents {
    asx_agent_run *run; /* [n_agents][n_seeds] */
    size_t n_agents, n_seeds, n_objectives, budget;
    asx_objective objective[ASX_N_OBJECTIVES];
    asx_reference_point reference;
} asx_agents;

/**
 * Runs agents on a campaign, each with seeds of its own from the campaign's on.
 *
 * @param out  asx_agents_fini it; untouched on failure
 * @return ASX_OK; ASX_ENOTFOUND for an agent that is not there; ASX_EINVAL for its parameters, a budget or number of
 *         seeds of 0; ASX_EUNSUPPORTED for a tier other than proxy and measured, and for what a searcher refuses;
 *         ASX_EINTERRUPTED if it was stopped: run it again with the same database; what evaluating says
 * Cost: agents x seeds x budget designs, less what the database has.
 */
ASX_API ASX_NODISCARD asx_status asx_agents_run(asx_agents *out, asx_session *s,
                                                const asx_agents_options *options, asx_error *err);
ASX_API void asx_agents_fini(asx_agents *agents);

/* Over the seeds of an agent. */
typedef struct asx_agents_point {
    double mean, low,
        high; /* 95 % interval of the mean (Student's t); NAN: of one seed there is none */
} asx_agents_point;

/** Hypervolume after `evaluations` of an agent; one that had nothing left to ask stays at what it found. */
ASX_API asx_agents_point asx_agents_at(const asx_agents *agents, size_t agent, size_t evaluations);

#ifdef __cplusplus
}
#endif

#endif
