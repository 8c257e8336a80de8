/* The true Pareto front of a separable model (dse/separable.h): drop against energy, or against
 * latency or storage, of every design there is, proven. */
#ifndef ASX_SEARCH_COUPLED_H
#define ASX_SEARCH_COUPLED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "dse/error.h"
#include "dse/evaluation.h"
#include "dse/observer.h"
#include "dse/resume.h"
#include "dse/separable.h"
#include "dse/space.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct asx_coupled_front {
    size_t n, n_groups;
    double *value;       /* [n][2]: damage and objective, ascending and descending */
    double *third;       /* [n]: of three objectives the last, or NULL */
    uint16_t *choice;    /* [n][n_groups] */
    uint16_t *placement; /* [n] */
    double factor;       /* certificate: every feasible design is matched by a row with at most its
                          * drop and at most `factor` times its other objective; 1 = the true front */
    bool interrupted;
    size_t n_nodes, n_labels; /* additive problems solved; most labels of one of them */
} asx_coupled_front;

typedef struct asx_coupled_problem {
    const asx_separable *model;
    asx_objective objective; /* minimised beside the drop: energy, latency or storage */
    asx_limits limits;
    bool costs; /* the drop is limited but not minimised: the front is the one best design, whose
                 * damage it tells as 0 */
    double epsilon;    /* 0 = exact; else the second objective may be worse by 1 + epsilon */
    size_t max_nodes;  /* of the search over arrays; 0 = no limit */
    size_t most_bytes; /* of the labels of one additive problem; 0 = no limit */
    const asx_coupled_front *known; /* designs to begin with, which keep the limits, at the values
                                     * that an earlier solution gave; in any order; may be NULL */
    bool (*stop)(void *state);      /* may be NULL */
    void *stop_state;
    const asx_observer *observer; /* is told what is proven so far; may be NULL */
    const asx_resume *resume; /* what was worked out outlives the solution: of sweeps behind a step,
                               * else behind a pass; may be NULL */
} asx_coupled_problem;

/**
 * Branch and bound over what the array has. A node knows things that its designs' arrays have and
 * things that they have not, a range of damage, and the choices that can still matter. With the
 * shared cost of what is sure, and for each layer of its own need, it is an additive problem,
 * solved by dynamic programming; its front bounds the node's designs from below. The designs found,
 * at their true cost, join those that are known. A node is closed when these match its bound; else
 * its range of damage is cut, or a thing that the bound's designs have is made sure in one child
 * and barred in the other.
 *
 * @param out  initialised by the call, asx_coupled_front_fini it; n = 0: nothing keeps the limits
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL for an empty model, a number that is negative or not
 *         finite, or epsilon outside [0, 1]; ASX_EUNSUPPORTED for another objective; what the
 *         model's functions say
 */
ASX_API ASX_NODISCARD asx_status asx_coupled_solve(asx_coupled_front *out,
                                                   const asx_coupled_problem *problem,
                                                   asx_error *err);
ASX_API void asx_coupled_front_fini(asx_coupled_front *front);

#ifdef __cplusplus
}
#endif

#endif
