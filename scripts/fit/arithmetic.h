/* Fits the terms of multiply-accumulate units to gate-level reference data. */
#ifndef FIT_ARITHMETIC_H
#define FIT_ARITHMETIC_H

#include "dse/text.h"
#include "reference.h"

/* What scaling to another node multiplies a measure by; 1 where the data are of the node. */
typedef struct scaling {
    double factor[ASX_N_MEASURES];
    const char *note; /* appended to sources */
    const char *use;  /* "fit" or "scaled" */
} scaling;

/** Appends rows: every coefficient, and the left-out error of every set of them. */
void arithmetic_write(asx_text *out, const asx_reference *reference, const char *data,
                      const scaling *to);

#endif
