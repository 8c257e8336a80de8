/* Tables that bespoke classifiers are run on: whole numbers, with or without a row of names. */
#ifndef ASX_CLI_BESPOKE_ROWS_H
#define ASX_CLI_BESPOKE_ROWS_H

#include <stddef.h>
#include <stdint.h>

#include "dse/bespoke.h"

typedef struct bespoke_rows {
    size_t n, columns;
    uint32_t *value; /* [n][columns] */
} bespoke_rows;

/** Reads a table of whole numbers in 0 .. 2^32 - 1. @param columns  that it must have
 *  @return ASX_OK; ASX_EINVAL, ASX_EPARSE with file and line; ASX_EIO; ASX_ENOMEM */
ASX_NODISCARD asx_status bespoke_rows_read(bespoke_rows *out, const char *path, size_t columns,
                                           asx_error *err);
void bespoke_rows_fini(bespoke_rows *rows);

/** The network's answer for each row. @param label  [rows->n] */
ASX_NODISCARD asx_status bespoke_rows_run(uint32_t *label, const asx_bespoke *network,
                                          const bespoke_rows *rows, asx_error *err);

#endif
