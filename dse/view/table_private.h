/* Private to tables: what they hold, and the ways to print one. */
#ifndef ASX_VIEW_TABLE_PRIVATE_H
#define ASX_VIEW_TABLE_PRIVATE_H

#include "table.h"

typedef struct table_cell {
    char *text; /* NULL: not a text, or empty; of an empty cell: what to show */
    double number;
    bool empty;
} table_cell;

struct table {
    char *title;
    table_column *column;
    size_t n_columns;
    table_cell *cell; /* row after row */
    size_t n_cells, capacity;
    const char *hidden, *spare;
    bool failed;
};

static inline bool table_is_text(table_kind kind)
{
    return kind == TABLE_TEXT || kind == TABLE_DESIGN || kind == TABLE_SHOWN;
}

/** @param pick  [n] numbers of the columns to print */
ASX_NODISCARD asx_status table_print_aligned(FILE *out, const table *t, const size_t *pick,
                                             size_t n, const table_style *style, asx_error *err);
void table_print_csv(FILE *out, const table *t, const size_t *pick, size_t n);
ASX_NODISCARD asx_status table_print_json(FILE *out, table *const *tables, size_t n_tables,
                                          size_t *const *pick, const size_t *n, asx_error *err);

#endif
