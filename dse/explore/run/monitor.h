/* Private to the run: what it tells while it works, to its watcher at once, and as moments to the
 * database, from which `asx status` knows as much from another terminal, and plots of its history
 * afterwards. */
#ifndef ASX_EXPLORE_MONITOR_H
#define ASX_EXPLORE_MONITOR_H

#include "dse/crew.h"
#include "eval/calibration.h"
#include "results/run.h"
#include "watcher_private.h"

typedef struct asx_monitor {
    const asx_crew *crew;       /* NULL: nobody else works */
    asx_crew_figures before;    /* when the stage began */
    const asx_watcher *watcher; /* may be NULL */
    asx_store *store;           /* NULL: no run was booked yet */
    int64_t run;
    double start_s;      /* by asx_seconds */
    double noted_s;      /* when the last moment was booked, since start_s */
    double noted_factor; /* in it */
    double said_s;       /* when the last status was said, since start_s */
    char stage[64];      /* "" before the first */
    uint64_t expected;   /* designs of the stage, where no budget says it; 0: not known */
    asx_moment last;     /* of the stage; `stage` in it is unset */
    bool unsaid;         /* `last` is not booked */
} asx_monitor;

/** @param out  borrows `m` */
void asx_monitor_init(asx_monitor *m, const asx_watcher *watcher, asx_observer *out);

/** What takes long before a search, told to the same watcher. @param out  borrows `m` */
void asx_monitor_work(asx_monitor *m, asx_work_watch *out);

/** Since the run began. */
double asx_monitor_elapsed_s(const asx_monitor *m);

/** From now on moments are booked for a run. */
void asx_monitor_begin(asx_monitor *m, asx_store *store, int64_t run);

/** A stage begins. @param stage  "measuring the front" @param total designs; 0: not known */
ASX_NODISCARD asx_status asx_monitor_stage(asx_monitor *m, const char *stage, uint64_t total,
                                           asx_error *err);

/** Books what was not booked yet. */
ASX_NODISCARD asx_status asx_monitor_flush(asx_monitor *m, asx_error *err);

/** What the crew did since the stage began: workers, out, busy, dry, late, and the seconds since then. */
asx_progress asx_monitor_crew(const asx_monitor *m);

#endif
