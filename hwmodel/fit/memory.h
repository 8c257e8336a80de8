/* Rows of memories, from CACTI's figures. */
#ifndef FIT_MEMORY_H
#define FIT_MEMORY_H

#include "dse/error.h"
#include "dse/text.h"

/* Which figures, and what scaling to another node multiplies them by. */
typedef struct memory_source {
    double node;
    const char *cell, *objective;
    double energy, area, leakage, delay; /* factors, 1: not scaled */
    const char *use, *note;
} memory_source;

/** Appends the rows of cacti_sram.csv and the left-out error of the models they give. */
ASX_NODISCARD asx_status memory_write(asx_text *out, const char *path, const memory_source *from,
                                      asx_error *err);

#endif
