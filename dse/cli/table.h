/* Results as tables: built once, printed as an aligned table, as CSV or as JSON. */
#ifndef ASX_CLI_TABLE_H
#define ASX_CLI_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "dse/error.h"

typedef enum table_kind {
    TABLE_TEXT,    /* left-aligned */
    TABLE_INTEGER, /* right-aligned */
    TABLE_NUMBER   /* right-aligned; `decimals` in the aligned table, all digits in CSV and JSON */
} table_kind;

enum {
    TABLE_AUTO = -1,   /* decimals: about four significant digits */
    TABLE_GENERAL = -2 /* as people write it: 0.0001, 1e-09, 9999 */
};

typedef struct table_column {
    const char *name; /* the field's name, with its unit: "energy_pj" */
    table_kind kind;
    int decimals;
} table_column;

typedef struct table table;

/** @param title  names the table where several are printed; may be NULL for a lone one
 *  @param columns  copied, but for the names; ends with {0} */
ASX_NODISCARD asx_status table_new(table **out, const char *title, const table_column *columns,
                                   asx_error *err);
void table_free(table *t);

/* Cells are added from left to right, row after row. A failed allocation is remembered and reported
 * by table_print. NaN and NULL are empty cells. */
void table_text(table *t, const char *text);
void table_integer(table *t, long long value);
void table_number(table *t, double value);

/** An empty cell, of which the aligned table says "unknown". */
void table_unknown(table *t);

/**
 * Prints `n` tables in the format "table", "csv" or "json". A lone table is a JSON array of
 * objects; several are one object with the titles as keys. CSV puts "# title" above each of
 * several.
 * @return ASX_OK; ASX_ENOMEM; ASX_EIO if the stream cannot be written
 */
ASX_NODISCARD asx_status table_print(FILE *out, const char *format, table *const *tables, size_t n,
                                     asx_error *err);

#endif
