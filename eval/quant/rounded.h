/* A layer's weights in the words of a format, however they were rounded. Private. */
#ifndef ASX_EVAL_ROUNDED_H
#define ASX_EVAL_ROUNDED_H

#include <stdint.h>

#include "plan.h"

/* A layer's weights in a word. */
typedef struct asx_rounded {
    int32_t *word; /* [n_weights] */
    double *scale; /* [out_c] */
    double *shift; /* [out_c]: what biases are to be larger by, in reals */
} asx_rounded;

ASX_NODISCARD asx_status asx_rounded_init(asx_rounded *out, const asx_node *node, asx_error *err);
void asx_rounded_fini(asx_rounded *rounded);

#endif
