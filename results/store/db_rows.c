#include "db_rows.h"

#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"

static asx_status add(asx_db_array *array, sqlite3_stmt *stmt, const char *what,
                      asx_db_reader *read, asx_error *err)
{
    void *grown = asx_array_grow(array->all, &array->capacity, array->n + 1, array->size);
    if (!grown)
        return asx_fail(err, ASX_ENOMEM, "no memory to %s", what);
    array->all = grown;
    void *element = (char *)grown + array->n * array->size;
    memset(element, 0, array->size);
    const asx_status status = read(element, stmt, err);
    array->n += status == ASX_OK;
    return status;
}

asx_status asx_db_rows(asx_db_array *inout, asx_store *store, sqlite3_stmt *stmt, const char *what,
                       asx_db_reader *read, asx_error *err)
{
    int rc = SQLITE_DONE;
    asx_status status = ASX_OK;
    while (status == ASX_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW)
        status = add(inout, stmt, what, read, err);
    return status == ASX_OK && rc != SQLITE_DONE ? asx_db_fail(store, err, what) : status;
}

static asx_status read_integer(void *out, sqlite3_stmt *stmt, asx_error *err)
{
    (void)err;
    *(int64_t *)out = sqlite3_column_int64(stmt, 0);
    return ASX_OK;
}

asx_status asx_db_integers(int64_t **out, size_t *n, asx_store *store, sqlite3_stmt *stmt,
                           const char *what, asx_error *err)
{
    asx_db_array all = {.size = sizeof **out};
    const asx_status status = asx_db_rows(&all, store, stmt, what, read_integer, err);
    if (status != ASX_OK) {
        free(all.all);
        return status;
    }
    *out = all.all;
    *n = all.n;
    return ASX_OK;
}
