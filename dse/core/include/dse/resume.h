/* What a long computation keeps of its way, so that one that was stopped, or killed, goes on from there. */
#ifndef ASX_DSE_RESUME_H
#define ASX_DSE_RESUME_H

#include <stddef.h>

#include "dse/error.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct asx_resume {
    const void *
        bytes; /* [n_bytes]: what was kept last, by a computation of the same inputs; NULL: nothing.
                        * Bytes that make no sense count as none */
    size_t n_bytes;
    /** Keeps bytes in place of earlier ones. A failure ends the computation. */
    asx_status (*keep)(void *state, const void *bytes, size_t n_bytes, asx_error *err);
    void *state; /* borrowed */
} asx_resume;

#ifdef __cplusplus
}
#endif

#endif
