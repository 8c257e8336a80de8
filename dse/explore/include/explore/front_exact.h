/* What exact multipliers would need in place of the alphabets of a front's designs. */
#ifndef ASX_EXPLORE_FRONT_EXACT_H
#define ASX_EXPLORE_FRONT_EXACT_H

#include "dse/api.h"
#include "results/front.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct asx_front_exact {
    double *energy_pj;  /* [f->n] with the words and the placement of row i on the front; NAN where
                        * the model has changed since it was priced */
    bool *extrapolated; /* [f->n] some figure is beyond the technology's rows; NULL: none can be */
} asx_front_exact;

/** @param out  front_exact_fini it; untouched on failure */
ASX_API ASX_NODISCARD asx_status asx_front_exact_find(asx_front_exact *out, const asx_front *f,
                                                      asx_store *store, asx_error *err);
ASX_API void asx_front_exact_fini(asx_front_exact *e);

#ifdef __cplusplus
}
#endif

#endif
