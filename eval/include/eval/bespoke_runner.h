/* Bespoke classifiers (dse/bespoke.h) run over whole tables, in the very integers of their definition, many rows at once. */
#ifndef ASX_EVAL_BESPOKE_RUNNER_H
#define ASX_EVAL_BESPOKE_RUNNER_H

#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "dse/bespoke.h"
#include "dse/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Integers of rows, by column: value [features][rows]. Borrowed wherever it is handed over. */
typedef struct asx_bespoke_rows {
    size_t rows, features;
    const uint16_t *value;
} asx_bespoke_rows;

/* Rows first .. end - 1. */
typedef struct asx_bespoke_span {
    size_t first, end;
} asx_bespoke_span;

/* A network made ready to run, and room to work in: one a thread. A product is a term per group of bits that are shifted
 * and cut alike, terms of nothing are left out, and sums are computed in 32 bits where no input can make them wider than
 * that, else in 64. */
typedef struct asx_bespoke_runner asx_bespoke_runner;

/** @return ASX_OK; ASX_ENOMEM. asx_bespoke_runner_free */
ASX_API ASX_NODISCARD asx_status asx_bespoke_runner_new(asx_bespoke_runner **out, asx_error *err);
ASX_API void asx_bespoke_runner_free(asx_bespoke_runner *runner);

/**
 * Makes a network ready, in place of the one before.
 * @param network  one that asx_bespoke_check has passed; borrowed for the call
 * @return ASX_OK; ASX_ENOMEM, and nothing can be run then
 * Cost: its weights.
 */
ASX_API ASX_NODISCARD asx_status asx_bespoke_runner_load(asx_bespoke_runner *runner,
                                                         const asx_bespoke *network,
                                                         asx_error *err);

/** Bits of the integers that sums are computed in: 32, or 64. */
ASX_API unsigned asx_bespoke_runner_width(const asx_bespoke_runner *runner);

/** The classes of a part, [part.end - part.first]; what asx_bespoke_run says of each row.
 *  @param rows  of as many features as the network has inputs */
ASX_API void asx_bespoke_runner_classes(uint16_t *out, asx_bespoke_runner *runner,
                                        const asx_bespoke_rows *rows, asx_bespoke_span part);

/** How many rows of a part are right. @param label  [rows.rows] */
ASX_API size_t asx_bespoke_runner_correct(asx_bespoke_runner *runner, const asx_bespoke_rows *rows,
                                          asx_bespoke_span part, const uint16_t *label);

#ifdef __cplusplus
}
#endif

#endif
