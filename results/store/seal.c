#include "seal.h"

#include <math.h>
#include <string.h>

#include "dse/file.h"

/* Each has a primary key, so that no two rows are alike. */
static const char *const SEALED[] = {
    "campaign",
    "layer",
    "run",
    "inputs",
    "certificate",
    "reference",
    "round",
    "refit",
    "promotion",
    "training",
    "moment",
    "contender",
    "confirmation",
    "confirmation_step",
    "look",
    "cache",
    "lease",
    "float_network",
    "measure",
    "look_score",
    "confirmation_score",
};
enum { N_SEALED = sizeof SEALED / sizeof *SEALED };

#define SCHEMA_SEAL "asx_seal(type, name, tbl_name, sql)"

/* Short values are collected: one hash of many bytes is much cheaper than many of few. */
typedef struct mixer {
    unsigned char byte[512];
    size_t n;
    uint64_t hash;
} mixer;

static void mix_bytes(mixer *m, const void *bytes, size_t n)
{
    if (m->n > 0 && m->n + n > sizeof m->byte) {
        m->hash = asx_hash(m->byte, m->n, m->hash);
        m->n = 0;
    }
    if (n > sizeof m->byte)
        m->hash = asx_hash(bytes, n, m->hash);
    else if (n > 0) {
        memcpy(m->byte + m->n, bytes, n);
        m->n += n;
    }
}

/* A number is hashed as what it is worth: SQLite keeps 3.0 as 3. */
static void mix_number(mixer *m, sqlite3_value *value)
{
    const double most = 9007199254740992; /* 2^53 */
    const double real = sqlite3_value_double(value);
    const bool whole =
        sqlite3_value_type(value) == SQLITE_INTEGER || (fabs(real) <= most && real == floor(real));
    int64_t bits = 0;
    if (whole)
        bits = sqlite3_value_int64(value);
    else
        memcpy(&bits, &real, sizeof bits);
    mix_bytes(m, whole ? "i" : "r", 1);
    mix_bytes(m, &bits, sizeof bits);
}

static bool mix(mixer *m, sqlite3_value *value)
{
    const int type = sqlite3_value_type(value);
    if (type == SQLITE_INTEGER || type == SQLITE_FLOAT) {
        mix_number(m, value);
        return true;
    }
    if (type == SQLITE_NULL) {
        mix_bytes(m, "n", 1);
        return true;
    }
    const void *bytes =
        type == SQLITE_TEXT ? (const void *)sqlite3_value_text(value) : sqlite3_value_blob(value);
    const uint64_t n = (uint64_t)sqlite3_value_bytes(value);
    mix_bytes(m, type == SQLITE_TEXT ? "t" : "b", 1);
    mix_bytes(m, &n, sizeof n);
    mix_bytes(m, bytes, bytes ? (size_t)n : 0);
    return bytes || n == 0;
}

static void seal(sqlite3_context *context, int n, sqlite3_value **value)
{
    mixer m;
    m.n = 0;
    m.hash = 0;
    bool whole = true;
    for (int i = 0; i < n; i++)
        whole = mix(&m, value[i]) && whole;
    if (whole)
        sqlite3_result_int64(context, (sqlite3_int64)asx_hash(m.byte, m.n, m.hash));
    else
        sqlite3_result_error_nomem(context);
}

asx_status asx_seal_add_function(asx_store *store, asx_error *err)
{
    const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    return sqlite3_create_function(store->db, "asx_seal", -1, flags, NULL, seal, NULL, NULL) ==
                   SQLITE_OK
               ? ASX_OK
               : asx_db_fail(store, err, "add functions");
}

/* "asx_seal(NEW.id, NEW.name, ...)" of all columns of a table. */
static asx_status add_seal(asx_text *out, asx_store *store, const char *table, const char *prefix,
                           asx_error *err)
{
    const char *what = "read the columns of a table";
    sqlite3_stmt *stmt = NULL;
    int rc = SQLITE_DONE;
    const char *before = "asx_seal(";
    asx_status status = asx_db_prepare(
        &stmt, store, "SELECT name FROM pragma_table_info(?, 'main') ORDER BY cid", what, err);
    if (status != ASX_OK)
        return status;
    asx_db_bind_text(stmt, 1, table);
    for (; (rc = sqlite3_step(stmt)) == SQLITE_ROW; before = ", ")
        asx_text_add(out, "%s%s\"%s\"", before, prefix, asx_db_text(stmt, 0));
    if (rc != SQLITE_DONE)
        status = asx_db_fail(store, err, what);
    sqlite3_finalize(stmt);
    asx_text_add(out, ")");
    return status;
}

/* Something made of a table's name and its seals. */
typedef asx_status add_sql(asx_text *out, asx_store *store, const char *table, const char *schema,
                           asx_error *err);

static asx_status add_all(asx_text *out, asx_store *store, add_sql *add, const char *schema,
                          asx_error *err)
{
    asx_status status = ASX_OK;
    for (int i = 0; i < N_SEALED && status == ASX_OK; i++)
        status = add(out, store, SEALED[i], schema, err);
    if (status == ASX_OK && out->failed)
        status = asx_fail(err, ASX_ENOMEM, "no memory for the seals of '%s'", store->path);
    return status;
}

/* Runs what `add` makes of all tables, with something before it. */
static asx_status run_all(asx_store *store, const char *before, add_sql *add, const char *what,
                          asx_error *err)
{
    asx_text sql = {0};
    asx_text_add(&sql, "%s", before);
    asx_status status = add_all(&sql, store, add, "main", err);
    if (status == ASX_OK)
        status = asx_db_run(store, sql.s, what, err);
    asx_text_fini(&sql);
    return status;
}

static asx_status add_triggers(asx_text *out, asx_store *store, const char *table,
                               const char *schema, asx_error *err)
{
    asx_text added = {0}, gone = {0};
    asx_status status = add_seal(&added, store, table, "NEW.", err);
    if (status == ASX_OK)
        status = add_seal(&gone, store, table, "OLD.", err);
    if (added.failed || gone.failed)
        out->failed = true;
    else if (status == ASX_OK) {
        const char *head = "CREATE TEMP TRIGGER seal_%s_%s AFTER %s ON %s.%s BEGIN ";
        const char *put = "INSERT INTO seal VALUES ('%s', %s) ON CONFLICT DO NOTHING; ";
        const char *take = "DELETE FROM seal WHERE name = '%s' AND hash = %s; ";
        asx_text_add(out, head, "insert", table, "INSERT", schema, table);
        asx_text_add(out, put, table, added.s);
        asx_text_add(out, "END; ");
        asx_text_add(out, head, "delete", table, "DELETE", schema, table);
        asx_text_add(out, take, table, gone.s);
        asx_text_add(out, "END; ");
        asx_text_add(out, head, "update", table, "UPDATE", schema, table);
        asx_text_add(out, take, table, gone.s);
        asx_text_add(out, put, table, added.s);
        asx_text_add(out, "END; ");
    }
    asx_text_fini(&added);
    asx_text_fini(&gone);
    return status;
}

asx_status asx_seal_watch(asx_store *store, asx_error *err)
{
    /* REPLACE fires the triggers of what it deletes only if triggers may be recursive */
    return run_all(store, "PRAGMA recursive_triggers = ON; ", add_triggers, "watch the rows", err);
}

static asx_status add_sealing(asx_text *out, asx_store *store, const char *table,
                              const char *schema, asx_error *err)
{
    asx_text_add(out, "INSERT INTO %s.seal SELECT '%s', ", schema, table);
    const asx_status status = add_seal(out, store, table, "", err);
    asx_text_add(out, " FROM %s.%s; ", schema, table);
    return status;
}

asx_status asx_seal_rows(asx_store *store, asx_error *err)
{
    return run_all(store,
                   "DELETE FROM seal; INSERT INTO seal SELECT 'sqlite_schema', " SCHEMA_SEAL
                   " FROM main.sqlite_schema; ",
                   add_sealing, "seal the rows", err);
}

asx_status asx_seal_evaluations(asx_store *store, asx_error *err)
{
    return asx_db_run(store,
                      "UPDATE breakdown AS b SET seal = (SELECT " ASX_SEAL_OF_EVALUATION
                      " FROM evaluation AS e JOIN design AS d ON d.id = e.design "
                      "WHERE e.id = b.evaluation) WHERE seal IS NULL",
                      "seal the evaluations", err);
}

/* Rows of a table that have no seal. */
static asx_status add_unsealed(asx_text *out, asx_store *store, const char *table,
                               const char *schema, asx_error *err)
{
    asx_text_add(out, " FROM %s.%s WHERE ", schema, table);
    const asx_status status = add_seal(out, store, table, "", err);
    asx_text_add(out, " NOT IN (SELECT hash FROM %s.seal WHERE name = '%s')", schema, table);
    return status;
}

static asx_status add_deletion(asx_text *out, asx_store *store, const char *table,
                               const char *schema, asx_error *err)
{
    asx_text_add(out, "DELETE");
    const asx_status status = add_unsealed(out, store, table, schema, err);
    asx_text_add(out, "; ");
    return status;
}

asx_status asx_seal_take_out(asx_store *store, asx_error *err)
{
    return run_all(store, "", add_deletion, "take out changed rows", err);
}

asx_status asx_seal_wrong(asx_text *out, asx_store *store, const char *table, const char *column,
                          asx_error *err)
{
    asx_text_add(out, "SELECT %s", column);
    return add_unsealed(out, store, table, "main", err);
}

static asx_status add_row_check(asx_text *out, asx_store *store, const char *table,
                                const char *schema, asx_error *err)
{
    asx_text_add(out, " UNION ALL SELECT '%s'", table);
    return add_unsealed(out, store, table, schema, err);
}

static asx_status add_missing_check(asx_text *out, asx_store *store, const char *table,
                                    const char *schema, asx_error *err)
{
    asx_text_add(out,
                 " UNION ALL SELECT name FROM %s.seal WHERE name = '%s' AND hash NOT IN (SELECT ",
                 schema, table);
    const asx_status status = add_seal(out, store, table, "", err);
    asx_text_add(out, " FROM %s.%s)", schema, table);
    return status;
}

asx_status asx_seal_query(asx_text *out, asx_store *store, asx_seal_check which, const char *schema,
                          asx_error *err)
{
    asx_status status = ASX_OK;
    if (which == ASX_SEAL_EVALUATIONS) {
        asx_text_add(out,
                     "SELECT count(*), 'evaluation ' || min(e.id) FROM %s.evaluation AS e JOIN "
                     "%s.design AS d ON d.id = e.design JOIN %s.breakdown AS b ON b.evaluation = "
                     "e.id WHERE " ASX_SEAL_BROKEN,
                     schema, schema, schema);
        return out->failed ? asx_fail(err, ASX_ENOMEM, "no memory to check") : ASX_OK;
    }
    asx_text_add(out,
                 "SELECT count(*), min(what) FROM (SELECT 'seal of ' || quote(name) AS what "
                 "FROM %s.seal WHERE false",
                 schema);
    if (which == ASX_SEAL_ROWS)
        status = add_all(out, store, add_row_check, schema, err);
    else {
        status = add_all(out, store, add_missing_check, schema, err);
        asx_text_add(out,
                     " UNION ALL SELECT name FROM %s.seal WHERE name = 'sqlite_schema' AND hash "
                     "NOT IN (SELECT " SCHEMA_SEAL " FROM %s.sqlite_schema) UNION ALL SELECT "
                     "'seal of ' || quote(name) FROM %s.seal WHERE name <> 'sqlite_schema'",
                     schema, schema, schema);
        for (int i = 0; i < N_SEALED; i++)
            asx_text_add(out, " AND name <> '%s'", SEALED[i]);
    }
    asx_text_add(out, ")");
    if (status == ASX_OK && out->failed)
        status = asx_fail(err, ASX_ENOMEM, "no memory to check");
    return status;
}
