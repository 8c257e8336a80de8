/* Rows of a table of gate-level units, one at a time. */
#ifndef ASX_HWMODEL_REFERENCE_PRIVATE_H
#define ASX_HWMODEL_REFERENCE_PRIVATE_H

#include "reference.h"

enum { ASX_REFERENCE_COLUMNS = 26 };

typedef struct asx_reference_reader {
    const asx_csv *csv;
    const char *technology;
    size_t column[ASX_REFERENCE_COLUMNS];
    bool conditions; /* the table says more of them */
    asx_error *err;
} asx_reference_reader;

/** Finds the columns. */
ASX_NODISCARD asx_status asx_reference_reader_init(asx_reference_reader *out, const asx_csv *csv,
                                                   const char *technology, asx_error *err);

/** @param counts  written: whether the row is of the technology and of a known unit */
ASX_NODISCARD asx_status asx_reference_read(asx_reference_row *row, bool *counts,
                                            const asx_reference_reader *r, size_t i);

#endif
