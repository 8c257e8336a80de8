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

void progress_init(progress_line *line);

/** How far a search is. */
void progress_show(progress_line *line, const asx_progress *p);

/** How far an exact search is that found no designs yet. @param factor INFINITY: proven is nothing
 */
void progress_proven(progress_line *line, double factor, double elapsed_s);

/** A line that stands until the next one: "building the proxy's table". */
void progress_say(progress_line *line, const char *what);

/** What the line is about, from now on: "measuring the front"; NULL: a search. Borrowed. */
void progress_label(progress_line *line, const char *label);

/** How many designs there will be in all, where no budget says it; 0: unknown. */
void progress_expect(progress_line *line, uint64_t total);

/** Clears the line. */
void progress_end(progress_line *line);

#endif
