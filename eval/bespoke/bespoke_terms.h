/* Private: the products of a network as terms, and how wide its sums can become. */
#ifndef ASX_EVAL_BESPOKE_TERMS_H
#define ASX_EVAL_BESPOKE_TERMS_H

#include <stdbool.h>

#include "bespoke_kernels.h"
#include "dse/error.h"

/* Neuron n of the network, counted over its layers, has terms start[n] .. start[n + 1] - 1, a multiple of
 * ASX_BESPOKE_TERMS: the last are nothing. Zeroed: none. */
typedef struct asx_bespoke_terms {
    asx_bespoke_term *term;
    size_t *start;
    size_t n, capacity, n_neurons, start_capacity;
    bool fits_in_32; /* every sum, output and partial sum, whatever the inputs */
} asx_bespoke_terms;

/** @param network  checked @return ASX_OK; ASX_ENOMEM */
ASX_NODISCARD asx_status asx_bespoke_terms_make(asx_bespoke_terms *inout,
                                                const asx_bespoke *network, asx_error *err);
void asx_bespoke_terms_fini(asx_bespoke_terms *terms);

#endif
