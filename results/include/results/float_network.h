/* How good the float network was on a campaign's images, beside guessing: what one has to know before any drop means
 * something. */
#ifndef ASX_RESULTS_FLOAT_NETWORK_H
#define ASX_RESULTS_FLOAT_NETWORK_H

#include <stdbool.h>
#include <stdint.h>

#include "dse/accuracy.h"
#include "dse/api.h"
#include "dse/error.h"
#include "dse/score.h"
#include "dse/text.h"
#include "results/store.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct asx_float_network {
    asx_accuracy accuracy; /* of the tier float; no drop */
    double guessing;       /* percent right without a network */
    asx_score score;       /* what accuracies are; percent may be another unit */
} asx_float_network;

/** Keeps what a run measured on a part of the images, in place of what an earlier one did. */
ASX_API ASX_NODISCARD asx_status asx_float_network_keep(asx_store *store, int64_t campaign,
                                                        asx_subset subset,
                                                        const asx_float_network *network,
                                                        asx_error *err);

/**
 * Reads it back.
 * @param found  false: no run has kept one, as runs of before schema version 10 did not
 * @return ASX_OK; ASX_EDB
 */
ASX_API ASX_NODISCARD asx_status asx_float_network_read(asx_float_network *out, bool *found,
                                                        asx_store *store, int64_t campaign,
                                                        asx_subset subset, asx_error *err);

/** Appends "91.8 % [89.1, 93.9] of 512 images; guessing: 12.1 %", or "mse 0.0123 [0.0110, 0.0136] on 512 images; ...". */
ASX_API void asx_float_network_print(asx_text *out, const asx_float_network *network);

#ifdef __cplusplus
}
#endif

#endif
