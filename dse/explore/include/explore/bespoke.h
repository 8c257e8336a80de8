/* Bespoke classifiers from a table: a perceptron is trained, put into integers and evolved together with what is left out
 * of its circuit; designs are chosen and reported on rows that nothing was learnt from. */
#ifndef ASX_EXPLORE_BESPOKE_H
#define ASX_EXPLORE_BESPOKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dse/accuracy.h"
#include "dse/api.h"
#include "dse/bespoke.h"
#include "dse/error.h"
#include "dse/param.h"
#include "eval/bespoke_mlp.h"
#include "eval/bespoke_table.h"
#include "explore/bespoke_request.h"
#include "explore/watcher.h"
#include "hwmodel/bespoke.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ASX_BESPOKE_LOSSES = 3 };

/* Points of accuracy that designs are chosen for, as the literature has them: 1, 2 and 5. */
ASX_API extern const double asx_bespoke_loss[ASX_BESPOKE_LOSSES];

/* Everything is borrowed for the call. */
typedef struct asx_bespoke_plan {
    const asx_bespoke_table *table;
    asx_bespoke_training training; /* its stop is the watcher's */
    unsigned weight_bits;          /* of the exact baseline: 2 .. 16 */
    unsigned digits;               /* signed digits of an evolved weight, at most: 1 .. 4 */
    size_t population, children;   /* as in search/evolution.h */
    uint64_t evaluations;          /* designs to look at, in all */
    double worst;   /* points lost of the rows to learn from, beyond which designs are of no use */
    uint64_t seed;  /* of the evolution */
    size_t threads; /* 0: as many as OpenMP says */
    const asx_cell_library *library; /* that circuits are built of */
    asx_bespoke_build build;         /* how: the same way for all */
    asx_bespoke_aim aim;             /* what the front has beside points lost */
    double power_max_mw;             /* of the designs that are chosen; 0: any */
    const char *database;            /* where state is kept, and what was found; NULL: nowhere */
    const char *about;          /* of the database: files and settings, for people; may be NULL */
    const asx_watcher *watcher; /* may be NULL */
} asx_bespoke_plan;

/** Takes the values of asx_bespoke_params. */
ASX_API void asx_bespoke_plan_set(asx_bespoke_plan *plan, const asx_params *params);

/* A network and what it is worth. */
typedef struct asx_bespoke_found {
    asx_bespoke *network; /* owned */
    asx_bespoke_price price;
    size_t correct[ASX_BESPOKE_N_PARTS]; /* rows */
    double
        lost; /* points against the baseline: the more of the parts to learn from and to choose by */
    asx_accuracy test; /* and drop, against the baseline row by row */
} asx_bespoke_found;

enum { ASX_BESPOKE_NONE = -1 };

typedef struct asx_bespoke_result {
    size_t rows[ASX_BESPOKE_N_PARTS];
    size_t in_float
        [ASX_BESPOKE_N_PARTS]; /* rows that the trained network has right, in real numbers */
    asx_bespoke_found baseline;
    asx_bespoke_found
        *front; /* [n]: no other loses less and is smaller; by the aim, the smallest first */
    size_t n;
    int chosen
        [ASX_BESPOKE_LOSSES]; /* of the front: the smallest that loses no more; ASX_BESPOKE_NONE */
    uint64_t evaluated, resumed;    /* designs looked at, of them before this process */
    double training_s, evolution_s; /* of processor time, all processes together */
} asx_bespoke_result;

/**
 * Runs a plan. What a database keeps of the same plan, and of the same table, is gone on with; the outcome is that of a run
 * that was never stopped, whatever the number of threads.
 *
 * A design loses at most X points if it does of the rows to learn from and of the rows to choose by, both: the first are many,
 * the second were not learnt from.
 *
 * @param out  asx_bespoke_result_fini it
 * @return ASX_OK; ASX_EINTERRUPTED if told to stop, with everything kept; ASX_ENOMEM; ASX_EINVAL for a plan out of range;
 *         what circuits or the database say
 */
ASX_API ASX_NODISCARD asx_status asx_bespoke_run_plan(asx_bespoke_result *out,
                                                      const asx_bespoke_plan *plan, asx_error *err);
ASX_API void asx_bespoke_result_fini(asx_bespoke_result *result);

/* What a request names, opened, and the plan of one of its seeds, which borrows from it. */
typedef struct asx_bespoke_opened {
    asx_dataset *data; /* of files or drawn */
    asx_bespoke_table *table;
    asx_cell_library *library;
    char *about;           /* asx_bespoke_request_print */
    asx_bespoke_plan plan; /* but for threads, database and watcher */
} asx_bespoke_opened;

/**
 * @param out  asx_bespoke_close it; untouched on failure
 * @param seed one of the request's
 * @return ASX_OK; what the request's files, table or technology say
 */
ASX_API ASX_NODISCARD asx_status asx_bespoke_open(asx_bespoke_opened *out,
                                                  const asx_bespoke_request *request, uint64_t seed,
                                                  asx_error *err);
ASX_API void asx_bespoke_close(asx_bespoke_opened *opened);

/** Whether the limits leave a design of a front. @return ASX_OK; ASX_ENOTFOUND with the least power there is */
ASX_API ASX_NODISCARD asx_status asx_bespoke_check_chosen(const asx_bespoke_result *result,
                                                          double power_max_mw, asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
