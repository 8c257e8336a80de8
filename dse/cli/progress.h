/* Progress of a search on the terminal: one line, updated in place; nothing when stderr is no
 * terminal. */
#ifndef ASX_CLI_PROGRESS_H
#define ASX_CLI_PROGRESS_H

#include <stdbool.h>

#include "dse/observer.h"

typedef struct progress_line {
    bool enabled;
    double last_s; /* elapsed time of the last update */
    bool shown;
} progress_line;

/** @param out  borrows `line` */
void progress_init(progress_line *line, asx_observer *out);

/** A line of another kind of work: "measuring the front 3/12". */
void progress_step(progress_line *line, const char *what, size_t done, size_t total);

/** Clears the line. */
void progress_end(progress_line *line);

#endif
