/* A run on the terminal: what it says on stderr; and one line of progress, updated in place, if that
 * is a terminal. Ctrl-C and the like end it in good order. */
#ifndef ASX_CLI_PROGRESS_H
#define ASX_CLI_PROGRESS_H

#include <stdbool.h>

#include "explore/watcher.h"

typedef struct progress_line {
    bool logged; /* no terminal, but the log of a job of many processes: a line now and then */
    bool enabled;
    char stage[64]; /* "" before the first */
    double last_s;  /* by a clock that only runs: when the line was last updated */
    bool shown;
} progress_line;

/**
 * From now on SIGINT, SIGTERM and SIGHUP ask the run to stop; a second one ends the program at once.
 * @param line  borrowed by the result
 */
asx_watcher progress_watch(progress_line *line);

/** Clears the line. */
void progress_end(progress_line *line);

#endif
