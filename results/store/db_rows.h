/* Rows of a statement as an array. */
#ifndef ASX_RESULTS_DB_ROWS_H
#define ASX_RESULTS_DB_ROWS_H

#include "db.h"

/* Grows by an element a row. Begin with the size alone; whoever owns the array frees `all`. */
typedef struct asx_db_array {
    size_t size; /* of an element */
    void *all;   /* [n] */
    size_t n, capacity;
} asx_db_array;

/** One row, into an element that is zeroed; on failure the element holds nothing. */
typedef asx_status asx_db_reader(void *out, sqlite3_stmt *stmt, asx_error *err);

/**
 * Adds all rows of a statement.
 * @param what  as in "no memory to read the rounds"
 * @return ASX_OK; ASX_ENOMEM; what `read` says; a failure of SQLite. Elements of before the failure
 *         are in the array
 */
asx_status asx_db_rows(asx_db_array *inout, asx_store *store, sqlite3_stmt *stmt, const char *what,
                       asx_db_reader *read, asx_error *err);

/** The first column of all rows. @param out  [n] free(); NULL if there are none */
asx_status asx_db_integers(int64_t **out, size_t *n, asx_store *store, sqlite3_stmt *stmt,
                           const char *what, asx_error *err);

#endif
