/* The answer of any SELECT as a table. */
#ifndef ASX_VIEW_SQL_TABLE_H
#define ASX_VIEW_SQL_TABLE_H

#include <stdio.h>

#include "results/store.h"

/** Runs `sql` and prints its rows to stdout in `format`. @param n  rows printed */
ASX_NODISCARD asx_status sql_table_print(size_t *n, asx_store *store, const char *sql,
                                         const char *format, asx_error *err);

#endif
