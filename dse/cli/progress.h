/* Progress of a search on the terminal: one line, updated in place; nothing when stderr is no
 * terminal. */
#ifndef ASX_CLI_PROGRESS_H
#define ASX_CLI_PROGRESS_H

#include <stdbool.h>

#include "dse/observer.h"

typedef struct progress_line {
    bool enabled;
    const char *label; /* borrowed */
    double last_s;     /* elapsed time of the last update */
    bool shown;
} progress_line;

/** @param out  borrows `line` */
void progress_init(progress_line *line, asx_observer *out);

/** What the line is about, from now on: "measuring the front"; NULL: a search. Borrowed. */
void progress_label(progress_line *line, const char *label);

/** Clears the line. */
void progress_end(progress_line *line);

#endif
