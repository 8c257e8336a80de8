/* Where a proxy's predictions part from measurements. It adds damage up over layers; that holds for
 * small damage, and how far is a matter of the network. */
#ifndef ASX_EXPLORE_ADDITIVITY_H
#define ASX_EXPLORE_ADDITIVITY_H

#include "dse/api.h"
#include "dse/error.h"
#include "dse/text.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ASX_ADDITIVITY_PARTS = 3, ASX_ADDITIVITY_DESIGNS_MIN = 12 };

/* A third of the designs, by predicted drop; all in points. */
typedef struct asx_additivity_part {
    double from, to;    /* predicted drops */
    double bias, error; /* mean of predicted minus measured drops; its standard error */
} asx_additivity_part;

typedef struct asx_additivity {
    bool known; /* no: fewer than ADDITIVITY_DESIGNS_MIN designs */
    asx_additivity_part part[ASX_ADDITIVITY_PARTS]; /* light damage first */
} asx_additivity;

/** @param predicted, measured [n] drops in points */
ASX_API ASX_NODISCARD asx_status asx_additivity_find(asx_additivity *out, const double *predicted,
                                                     const double *measured, size_t n,
                                                     asx_error *err);

/** Off by more than a point on average, and by more than two standard errors. */
ASX_API bool asx_additivity_fails(const asx_additivity_part *part);

/** Predicted drop from which on it fails; NaN: it does not. */
ASX_API double asx_additivity_limit(const asx_additivity *a);

/** Appends in words where it fails, after `, ` if the text has something already; nothing where it
 * does not. */
ASX_API void asx_additivity_say(asx_text *out, const asx_additivity *a);

#ifdef __cplusplus
}
#endif

#endif
