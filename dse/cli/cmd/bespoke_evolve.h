/* Evolutions of bespoke classifiers, run and shown: what 'asx bespoke train' and 'asx run' have in common. */
#ifndef ASX_CLI_BESPOKE_EVOLVE_H
#define ASX_CLI_BESPOKE_EVOLVE_H

#include "explore/bespoke.h"
#include "look.h"
#include "results/plot.h"

typedef struct bespoke_outputs {
    const char *database, *folder; /* NULL: none; of several seeds FOLDER-seedN */
    asx_plot_options plot; /* of it format, path and size; no path: no picture. For one seed */
    look look;
    bool seeds; /* tables tell the seed of each row */
} bespoke_outputs;

/** Runs the seeds of a request one after the other, writes and prints what was found. @param threads  0: all there are
 *  @return as asx_bespoke_run_plan, asx_bespoke_check_chosen; what writing says */
ASX_NODISCARD asx_status bespoke_evolve(const asx_bespoke_request *request,
                                        const bespoke_outputs *to, size_t threads, asx_error *err);

#endif
