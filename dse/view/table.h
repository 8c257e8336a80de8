/* Results as tables: built once, printed for people, or with all fields as text, CSV or JSON. */
#ifndef ASX_VIEW_TABLE_H
#define ASX_VIEW_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "dse/error.h"
#include "dse/text.h"

typedef enum table_kind {
    TABLE_TEXT,    /* left-aligned */
    TABLE_DESIGN,  /* a design's text; people are shown its short name */
    TABLE_INTEGER, /* right-aligned */
    TABLE_NUMBER,  /* right-aligned; `decimals` in the aligned table, all digits in CSV and JSON */
    TABLE_SHOWN    /* right-aligned text, for people only: what other fields say, in one */
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

/** A cell of a text that was built piece by piece; one that found no memory fails the table, as a cell would. */
void table_built(table *t, const asx_text *text);
void table_integer(table *t, long long value);
void table_number(table *t, double value);

/** An empty cell, of which the aligned table says "unknown". */
void table_unknown(table *t);

/**
 * What people are shown of it. Both are names separated by blanks, borrowed; NULL: none.
 * @param hidden  fields that they are not shown
 * @param spare   fields that are left out where a line would wrap, the first of these first
 */
void table_for_people(table *t, const char *hidden, const char *spare);

/* How tables are printed. */
typedef struct table_style {
    const char *format;  /* "table", "csv" or "json" */
    bool people;         /* of "table": heads in words, readable units, short names of designs, no
                            more than fits; else every field under its name, in its unit */
    size_t width;        /* of a line; 0: any */
    const char *columns; /* only these fields, separated by commas, in this order; NULL: all */
} table_style;

/**
 * Prints `n` tables. A lone table is a JSON array of objects; several are one object with the titles
 * as keys. CSV puts "# title" above each of several.
 * @return ASX_OK; ASX_EINVAL for an unknown field in `columns`, which lists those there are;
 *         ASX_ENOMEM; ASX_EIO if the stream cannot be written
 */
ASX_NODISCARD asx_status table_print_as(FILE *out, const table_style *style, table *const *tables,
                                        size_t n, asx_error *err);

/** The same with every field; a text at the end of a line goes on in the next where that is too long. In the format "table", "csv" or "json". */
ASX_NODISCARD asx_status table_print(FILE *out, const char *format, table *const *tables, size_t n,
                                     asx_error *err);

#endif
