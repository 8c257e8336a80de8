/* Fits the terms of multiply-accumulate units to gate-level reference data. */
#ifndef FIT_ARITHMETIC_H
#define FIT_ARITHMETIC_H

#include "dse/text.h"
#include "reference.h"
#include "solve.h"

/* What scaling to another node multiplies a measure by; 1 where the data are of the node. */
typedef struct scaling {
    double factor[ASX_N_MEASURES];
    const char *note; /* appended to sources */
    const char *use;  /* "fit" or "scaled" */
} scaling;

/* What one set of coefficients is fitted to. */
typedef struct arithmetic_group {
    const asx_reference *reference;
    asx_family family;
    asx_mapping mapping;
    asx_term_measure measure;
} arithmetic_group;

bool arithmetic_belongs(const arithmetic_group *group, const asx_reference_row *row);

/** Amounts divided by the row's value: times the coefficients, model / reference.
 * @param x  [ASX_N_TERMS] */
void arithmetic_ratios(double *x, const arithmetic_group *group, const asx_reference_row *row);

/** Adds a row to normal equations, or with sign -1 takes it out. */
void arithmetic_add(normal *n, const arithmetic_group *group, const asx_reference_row *row,
                    double sign);

/* Another technology's data, for terms that this one's do not speak of. */
typedef struct borrowed {
    const asx_reference *reference;
    double ratio[ASX_N_MEASURES]; /* of a measure here to there */
    const char *name;
} borrowed;

/** Appends rows: every coefficient, and the left-out error of every kind of unit.
 * @param from  NULL: terms without data are left out */
ASX_NODISCARD asx_status arithmetic_write(asx_text *out, const asx_reference *reference,
                                          const char *data, const scaling *to, const borrowed *from,
                                          asx_error *err);

#endif
