/* Where a proxy's predictions part from measurements. It adds damage up over layers; that holds for
 * small damage, and how far is a matter of the network. */
#ifndef ASX_CLI_ADDITIVITY_H
#define ASX_CLI_ADDITIVITY_H

#include "dse/error.h"
#include "dse/text.h"

enum { ADDITIVITY_PARTS = 3, ADDITIVITY_DESIGNS_MIN = 12 };

/* A third of the designs, by predicted drop; all in points. */
typedef struct additivity_part {
    double from, to;    /* predicted drops */
    double bias, error; /* mean of predicted minus measured drops; its standard error */
} additivity_part;

typedef struct additivity {
    bool known;                             /* no: fewer than ADDITIVITY_DESIGNS_MIN designs */
    additivity_part part[ADDITIVITY_PARTS]; /* light damage first */
} additivity;

/** @param predicted, measured [n] drops in points */
ASX_NODISCARD asx_status additivity_find(additivity *out, const double *predicted,
                                         const double *measured, size_t n, asx_error *err);

/** Off by more than a point on average, and by more than two standard errors. */
bool additivity_fails(const additivity_part *part);

/** Predicted drop from which on it fails; NaN: it does not. */
double additivity_limit(const additivity *a);

/** Appends in words where it fails, after `, ` if the text has something already; nothing where it
 * does not. */
void additivity_say(asx_text *out, const additivity *a);

#endif
