/* Private: one evolution from its first generation to its last, with what it keeps. */
#ifndef ASX_EXPLORE_BESPOKE_HUNT_H
#define ASX_EXPLORE_BESPOKE_HUNT_H

#include "archive.h"
#include "explore/bespoke.h"
#include "fitness.h"
#include "results/store.h"

typedef struct hunt {
    const asx_bespoke_plan *plan;
    const asx_bespoke_mlp *mlp;
    asx_store *store; /* NULL: nothing is kept */
    asx_bespoke_result
        *result;  /* with its baseline; what was looked at, and in which time, is told here */
    uint64_t key; /* of what the outcome depends on */
    size_t most_errors;
    genome genome;
    fitness fitness;
    archive archive;
    asx_gene *start;
    asx_evolution *evolution;
    double *objective, *violation; /* of a generation */
} hunt;

/** Begins, or goes on with what the store has. `plan`, `mlp`, `store`, `result`, `key` and `most_errors` are set, the rest is zeroed.
 *  hunt_close it in any case */
ASX_NODISCARD asx_status hunt_open(hunt *h, asx_error *err);
void hunt_close(hunt *h);

/** Goes on to the end. @return ASX_OK; ASX_EINTERRUPTED, with everything kept; ASX_ENOMEM; ASX_EDB */
ASX_NODISCARD asx_status hunt_run(hunt *h, asx_error *err);

#endif
