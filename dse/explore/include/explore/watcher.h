/* Who is told what a run does, and who may end it. */
#ifndef ASX_EXPLORE_WATCHER_H
#define ASX_EXPLORE_WATCHER_H

#include <stdbool.h>

#include "dse/api.h"
#include "dse/error.h"
#include "dse/observer.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum asx_say {
    ASX_SAY_STAGE,   /* what it does from now on: "measuring the front"; "search" is the campaign's
                      * search itself */
    ASX_SAY_STATUS,  /* how far that is, where no designs are counted; replaces the line before */
    ASX_SAY_REMARK,  /* to be kept: what it found or decided */
    ASX_SAY_WARNING, /* to be kept: what to beware of */
    ASX_N_SAYS
} asx_say;

/* Any function may be NULL, and so may a pointer to the whole. `say` and `progress` are called one
 * at a time, though not always by the thread that began the run. */
typedef struct asx_watcher {
    /** @param line  one line without its end, borrowed for the call */
    void (*say)(void *state, asx_say kind, const char *line);
    /** Called after every design of a stage. `budget` is how many there will be in all; 0: not known.
     *  A failure ends the run with that status. */
    asx_status (*progress)(void *state, const asx_progress *progress, asx_error *err);
    /** Polled often and by several threads. True: what is running is finished and booked, and the
     *  run ends, to be gone on with when it is started again. */
    bool (*stop)(void *state);
    void *state; /* borrowed, of all three */
} asx_watcher;

#ifdef __cplusplus
}
#endif

#endif
