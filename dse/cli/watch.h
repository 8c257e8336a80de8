/* Looking at runs of other processes again and again. */
#ifndef ASX_CLI_WATCH_H
#define ASX_CLI_WATCH_H

#include <stdbool.h>

#include "results/run.h"

/** Whether a run has not ended and its process is there, on this machine. */
bool watch_is_running(const asx_run_entry *run);

/** Waits; a signal that is handled ends it early. */
void watch_wait(double seconds);

#endif
