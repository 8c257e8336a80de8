/* Progress of a search on the terminal: one line, updated in place; nothing when stderr is no
 * terminal. */
#ifndef ASX_CLI_PROGRESS_H
#define ASX_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "dse/observer.h"

typedef struct progress_line {
    bool enabled;
    const char *label; /* borrowed */
    uint64_t expected; /* designs in all; 0: unknown */
    double last_s;     /* elapsed time of the last update */
    bool shown;
} progress_line;

/** @param out  borrows `line` */
void progress_init(progress_line *line, asx_observer *out);

/** A line that stands until the next one: "building the proxy's table". */
void progress_say(progress_line *line, const char *what);

/** What the line is about, from now on: "measuring the front"; NULL: a search. Borrowed. */
void progress_label(progress_line *line, const char *label);

/** How many designs there will be in all, where no budget says it; 0: unknown. */
void progress_expect(progress_line *line, uint64_t total);

/** Clears the line. */
void progress_end(progress_line *line);

#endif
