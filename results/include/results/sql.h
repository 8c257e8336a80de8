/* Free questions: a user's SELECT over the tables and views of a database, read-only. */
#ifndef ASX_RESULTS_SQL_H
#define ASX_RESULTS_SQL_H

#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "dse/error.h"
#include "results/query.h"
#include "results/store.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum asx_sql_kind {
    ASX_SQL_NULL,
    ASX_SQL_INTEGER,
    ASX_SQL_NUMBER,
    ASX_SQL_TEXT
} asx_sql_kind;

typedef struct asx_sql_value {
    asx_sql_kind kind;
    int64_t integer;
    double number;
    const char *text; /* valid during the call only */
} asx_sql_value;

/** Called once with `value` NULL before the first row, then for every row. */
typedef asx_status asx_sql_visit(void *state, size_t n, const char *const *name,
                                 const asx_sql_value *value, asx_error *err);

/* What one statement may take, its visits included; of memory, SQLite's alone; and the largest text or blob. */
enum { ASX_SQL_SECONDS_MAX = 60, ASX_SQL_MIB_MAX = 1024, ASX_SQL_CELL_MIB_MAX = 64 };

/**
 * Runs one statement that may read and nothing else, within the limits above. Of memory there is one limit in a process:
 * SQLite in other threads shares it for that time.
 * @return ASX_OK; what `visit` returned; ASX_EPARSE for a text that is no single SELECT or tries to
 *         do more than read, with the database's reason; ASX_EDB, also when a limit is reached
 */
ASX_API ASX_NODISCARD asx_status asx_sql_each(asx_store *store, const char *sql,
                                              asx_sql_visit *visit, void *state, asx_error *err);

/**
 * Builds the SELECT of chosen columns from a view, "result" or "design_tiers".
 * @param out      owned by the caller, free()
 * @param columns  fields, separated by commas
 * @param query    `campaign`, `where`, `sort`, `limit`, `tier` and `subset` count; tier and subset
 *                 of "result" only
 * @return ASX_OK; ASX_EPARSE for text that could mean more than it should; ASX_ENOMEM
 */
ASX_API ASX_NODISCARD asx_status asx_sql_select(char **out, const char *view, const char *columns,
                                                const asx_query *query, asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
