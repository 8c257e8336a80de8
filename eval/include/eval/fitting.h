/* Networks whose weights lie on a word's set already: trained for it elsewhere, or imported from integers. */
#ifndef ASX_EVAL_FITTING_H
#define ASX_EVAL_FITTING_H

#include <stdbool.h>

#include "dse/api.h"
#include "dse/word.h"
#include "eval/network.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The word that a layer's weights need no rounding for. */
typedef struct asx_fitting {
    bool found;
    asx_word word;
} asx_fitting;

/**
 * For every layer the cheapest word on which its weights lie, each output channel at a scale of its own: of 2 to 8
 * bits, with digits of 4 bits and without a sign; the fewest bits, then the fewest alphabets. Weights drawn or trained
 * as floats lie on none.
 *
 * @param out  [layers of the network's workload]
 * @return ASX_OK; ASX_ENOMEM; ASX_EUNSUPPORTED for a network of shapes only
 * Cost: some 1,800 words, each given up at the first weight that lies beside it.
 */
ASX_API ASX_NODISCARD asx_status asx_network_fittings(asx_fitting *out, const asx_network *network,
                                                      asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
