/* What a run tells while it works: a line on the terminal, and moments in the database, from which
 * `asx status` knows as much from another terminal, and `asx plot history` afterwards. */
#ifndef ASX_CLI_WATCH_H
#define ASX_CLI_WATCH_H

#include "progress.h"
#include "results/campaign.h"

typedef struct watch {
    progress_line line;
    asx_store *store; /* NULL: no run was booked yet */
    int64_t run;
    double start_s;      /* by a clock that only runs */
    double noted_s;      /* when the last moment was booked, since start_s */
    double noted_factor; /* in it */
    char stage[64];      /* "" before the first */
    asx_moment last;     /* of the stage; `stage` in it is unset */
    bool unsaid;         /* `last` is not booked */
} watch;

/** @param out  borrows `w` */
void watch_init(watch *w, asx_observer *out);

/** From now on moments are booked for a run. */
void watch_begin(watch *w, asx_store *store, int64_t run);

/** What the run is at, before designs come: "building the proxy's table". */
ASX_NODISCARD asx_status watch_say(watch *w, const char *what, asx_error *err);

/** A search begins. @param label NULL: the search itself @param total designs; 0: not known */
ASX_NODISCARD asx_status watch_stage(watch *w, const char *label, uint64_t total, asx_error *err);

/** Books what was not booked yet. */
ASX_NODISCARD asx_status watch_flush(watch *w, asx_error *err);

#endif
