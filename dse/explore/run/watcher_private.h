/* Private to the run: a watcher that may be nobody. */
#ifndef ASX_EXPLORE_WATCHER_PRIVATE_H
#define ASX_EXPLORE_WATCHER_PRIVATE_H

#include "explore/watcher.h"

/** Says a line; nothing if nobody listens or there is no memory for it. */
void asx_watcher_say(const asx_watcher *w, asx_say kind, const char *format, ...) ASX_PRINTF(3, 4);

bool asx_watcher_listens(const asx_watcher *w);
bool asx_watcher_stops(const asx_watcher *w);

/** The same for those who poll a function and a state. @param watcher  asx_watcher_state of one */
bool asx_watcher_poll(void *watcher);
void *asx_watcher_state(const asx_watcher *w);

/** Seconds on a clock that never goes back. */
double asx_seconds(void);

/** Of processor time, of all threads of this process. */
double asx_processor_seconds(void);

#endif
