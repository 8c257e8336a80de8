/* Private: where a sweep (sweep.h) stands between two steps, as bytes that a later one goes on from. */
#ifndef ASX_SEARCH_SWEEP_STATE_H
#define ASX_SEARCH_SWEEP_STATE_H

#include "sweep_rows.h"

typedef struct asx_sweep_state {
    int pass;      /* at hand: the last one is 0, and below it all are done */
    double limit;  /* of the third objective, of the step to come; below 0: the pass is done */
    double before; /* factor that earlier passes have proven */
    double factor; /* of the pass at hand, if the steps to come do as well */
    size_t n_nodes, n_labels;
    asx_sweep_rows known; /* that keep the limit to come and that no other dominates */
    asx_sweep_rows front; /* of all steps, without those that others match closely */
} asx_sweep_state;

void asx_sweep_state_fini(asx_sweep_state *state);

/** Writes it. @param bytes  free() them; numbers are as this machine has them @return ASX_OK; ASX_ENOMEM */
ASX_NODISCARD asx_status asx_sweep_state_write(unsigned char **bytes, size_t *n_bytes,
                                               const asx_sweep_state *state, size_t n_groups,
                                               asx_error *err);

/**
 * Reads what was written of a problem of the same model.
 * @param out  zeroed; asx_sweep_state_fini it in any case
 * @param ok   false: these are no such bytes, or of another machine; `out` is of no use then
 * @return ASX_OK; ASX_ENOMEM
 */
ASX_NODISCARD asx_status asx_sweep_state_read(asx_sweep_state *out, bool *ok, const void *bytes,
                                              size_t n_bytes, const asx_separable *model,
                                              asx_error *err);

#endif
