/* The answer of any SELECT as a table. */
#ifndef ASX_VIEW_SQL_TABLE_H
#define ASX_VIEW_SQL_TABLE_H

#include "look.h"
#include "results/store.h"

/** Runs `sql` and prints its rows to stdout, every column that it asks for. @param n  rows printed */
ASX_NODISCARD asx_status sql_table_print(size_t *n, asx_store *store, const char *sql,
                                         const char *format, asx_error *err);

/** The same for fields that the program chose: to people as much as fits, with units.
 *  @param spare  see table_for_people; columns without any value are left out before these */
ASX_NODISCARD asx_status sql_table_look(size_t *n, asx_store *store, const char *sql, const look *l,
                                        const char *spare, asx_error *err);

#endif
