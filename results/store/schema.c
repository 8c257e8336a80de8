/* Versions of the database: creation, migration forward, refusal of what is not ours. */
#include "asx_schema_files.h" /* as in the list below */
#include "db.h"
#include "dse/text.h"
#include "facts_move.h"
#include "page_hash.h"
#include "seal.h"

/* schema_triggers.sql and schema_views.sql make what their names say, schema_1.sql moves rows of version 1, the other
 * files make the tables. Version 2 lacks the table of moments, 3 a column of a view, 4 parts of the machine, 5 the tables
 * of facts, 6 those of confirmations, 7 columns of views, 8 seals, 9 the table of float networks, 10
 * those of measures, 11 those of bespoke classifiers, 12 views that know costs alone. */
enum {
    SCHEMA,
    SCHEMA_1,
    SCHEMA_BREAKDOWN,
    SCHEMA_FACTS,
    SCHEMA_MOMENT,
    SCHEMA_VIEWS,
    SCHEMA_CONFIRM,
    SCHEMA_TRIGGERS,
    SCHEMA_SEAL,
    SCHEMA_FLOAT,
    SCHEMA_SCORE,
    SCHEMA_BESPOKE
};

static asx_status run_file(asx_store *store, int file, const char *what, asx_error *err)
{
    return asx_db_run(store, (const char *)asx_schema_files[file].bytes, what, err);
}

static asx_status read_version(asx_store *store, int64_t *application, int64_t *version,
                               int64_t *n_objects, asx_error *err)
{
    const char *what = "read the schema";
    asx_status status = asx_db_integer(application, store, "PRAGMA application_id", what, err);
    if (status == ASX_OK)
        status = asx_db_integer(version, store, "PRAGMA user_version", what, err);
    if (status == ASX_OK)
        status = asx_db_integer(n_objects, store, "SELECT count(*) FROM sqlite_schema", what, err);
    return status;
}

static asx_status stamp(asx_store *store, asx_error *err)
{
    char sql[96];
    sqlite3_snprintf(sizeof sql, sql, "PRAGMA application_id = %d; PRAGMA user_version = %d",
                     ASX_SCHEMA_APPLICATION, ASX_SCHEMA_VERSION);
    return asx_db_run(store, sql, "set the schema version", err);
}

static asx_status create(asx_store *store, asx_error *err)
{
    static const int files[] = {SCHEMA,         SCHEMA_BREAKDOWN, SCHEMA_FACTS, SCHEMA_MOMENT,
                                SCHEMA_CONFIRM, SCHEMA_SEAL,      SCHEMA_FLOAT, SCHEMA_SCORE,
                                SCHEMA_BESPOKE, SCHEMA_TRIGGERS,  SCHEMA_VIEWS};
    asx_status status = ASX_OK;
    for (size_t i = 0; i < sizeof files / sizeof *files && status == ASX_OK; i++)
        status = run_file(store, files[i], "create the tables", err);
    return status;
}

/* Runs what a query over sqlite_schema says, statement by statement. */
static asx_status run_each(asx_store *store, const char *query, asx_error *err)
{
    const char *what = "migrate";
    sqlite3_stmt *stmt = NULL;
    asx_text all = {0};
    int rc = SQLITE_DONE;
    asx_status status = asx_db_prepare(&stmt, store, query, what, err);
    if (status != ASX_OK)
        return status;
    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
        asx_text_add(&all, "%s;\n", asx_db_text(stmt, 0));
    if (rc != SQLITE_DONE)
        status = asx_db_fail(store, err, what);
    else if (all.failed)
        status = asx_fail(err, ASX_ENOMEM, "no memory to migrate '%s'", store->path);
    sqlite3_finalize(stmt);
    if (status == ASX_OK && all.n)
        status = asx_db_run(store, all.s, what, err);
    asx_text_fini(&all);
    return status;
}

static asx_status drop_views(asx_store *store, asx_error *err)
{
    return run_each(store,
                    "SELECT 'DROP ' || type || ' \"' || replace(name, '\"', '\"\"') || '\"' FROM "
                    "sqlite_schema WHERE type IN ('view', 'trigger')",
                    err);
}

static asx_status make_views(asx_store *store, asx_error *err)
{
    const asx_status status = run_file(store, SCHEMA_TRIGGERS, "create the triggers", err);
    return status == ASX_OK ? run_file(store, SCHEMA_VIEWS, "create the views", err) : status;
}

asx_status asx_schema_renew(asx_store *store, asx_error *err)
{
    const asx_status status = drop_views(store, err);
    return status == ASX_OK ? make_views(store, err) : status;
}

/* The old tables step aside, the present ones are made as in a new file, and the rows move over. So
 * there is one text that says how a table looks. */
static asx_status move_rows(asx_store *store, asx_error *err)
{
    asx_status status = drop_views(store, err);
    if (status == ASX_OK)
        status = run_each(store,
                          "SELECT 'ALTER TABLE ' || name || ' RENAME TO old_' || name FROM "
                          "sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
                          err);
    if (status == ASX_OK)
        status = create(store, err);
    if (status == ASX_OK)
        status = run_file(store, SCHEMA_1, "move the rows", err);
    if (status == ASX_OK) /* the last first: they refer to those before */
        status = run_each(store,
                          "SELECT 'DROP TABLE ' || name FROM sqlite_schema WHERE type = 'table' "
                          "AND name LIKE 'old\\_%' ESCAPE '\\' ORDER BY rowid DESC",
                          err);
    return status;
}

/* Rows of before have nothing of the parts that version 5 knows, and no seal. */
static asx_status add_parts(asx_store *store, int64_t version, asx_error *err)
{
    asx_status status = asx_db_run(store, "ALTER TABLE breakdown RENAME TO old_breakdown",
                                   "take out the old parts", err);
    if (status == ASX_OK)
        status = run_file(store, SCHEMA_BREAKDOWN, "create the table of parts", err);
    if (status == ASX_OK)
        status = asx_db_run(
            store,
            version < 5 ? "INSERT INTO breakdown SELECT *, 0, 0, 0, 0, NULL FROM old_breakdown"
                        : "INSERT INTO breakdown SELECT *, NULL FROM old_breakdown",
            "move the parts", err);
    return status == ASX_OK ? asx_db_run(store, "DROP TABLE old_breakdown", "move the parts", err)
                            : status;
}

/* What was text in the cache. */
static asx_status add_facts(asx_store *store, asx_error *err)
{
    const asx_status status = run_file(store, SCHEMA_FACTS, "create the tables of facts", err);
    return status == ASX_OK ? asx_facts_move(store, err) : status;
}

/* From an older version to the present one, in one transaction. */
static asx_status migrate(asx_store *store, int64_t version, asx_error *err)
{
    asx_status status = ASX_OK;
    if (version < 1 || version >= ASX_SCHEMA_VERSION)
        return asx_fail(err, ASX_EUNSUPPORTED, "'%s' has the unknown schema version %lld",
                        store->path, (long long)version);
    if (version == 1) {
        status = move_rows(store, err);
        return status == ASX_OK ? asx_facts_move(store, err) : status;
    }
    status = drop_views(store, err);
    if (status == ASX_OK && version < 3)
        status = run_file(store, SCHEMA_MOMENT, "create the table of moments", err);
    if (status == ASX_OK && version < 9)
        status = add_parts(store, version, err);
    if (status == ASX_OK && version < 6)
        status = add_facts(store, err);
    if (status == ASX_OK && version < 7)
        status = run_file(store, SCHEMA_CONFIRM, "create the tables", err);
    if (status == ASX_OK && version < 9)
        status = run_file(store, SCHEMA_SEAL, "create the tables", err);
    if (status == ASX_OK && version < 10)
        status = run_file(store, SCHEMA_FLOAT, "create the tables", err);
    if (status == ASX_OK && version < 11)
        status = run_file(store, SCHEMA_SCORE, "create the tables", err);
    if (status == ASX_OK && version < 12)
        status = run_file(store, SCHEMA_BESPOKE, "create the tables", err);
    return status == ASX_OK ? make_views(store, err) : status;
}

static asx_status bring_up(asx_store *store, int64_t version, bool is_new, asx_error *err)
{
    asx_status status = is_new ? create(store, err) : migrate(store, version, err);
    if (status == ASX_OK)
        status = asx_seal_evaluations(store, err);
    if (status == ASX_OK)
        status = asx_seal_rows(store, err);
    return status == ASX_OK ? stamp(store, err) : status;
}

static asx_status create_or_migrate(asx_store *store, asx_error *err)
{
    int64_t application, version, n_objects;
    asx_status status = asx_db_begin(store, err);
    if (status != ASX_OK)
        return status;
    /* Read again: another process may have been faster. */
    status = read_version(store, &application, &version, &n_objects, err);
    if (status == ASX_OK && (n_objects == 0 || version < ASX_SCHEMA_VERSION))
        status = bring_up(store, version, n_objects == 0, err);
    return asx_db_end(store, status, err);
}

/* A header that changed by itself: the file is not to be trusted in what version it says. Its tables tell that it is one of
 * this version. @param seen  whether it is so */
static asx_status see_torn_header(bool *seen, asx_store *store, asx_error *err)
{
    int64_t n = 0, first = 0, n_tables = 0;
    bool made = false;
    *seen = false;
    if (store->mode != ASX_STORE_CHECK && store->mode != ASX_STORE_REPAIR)
        return ASX_OK;
    asx_status status = asx_page_check(&n, &first, &made, store, err);
    if (status != ASX_OK || n == 0 || first != 1)
        return status;
    status = asx_db_integer(&n_tables, store,
                            "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN "
                            "('campaign', 'seal', 'measure')",
                            "read the schema", err);
    *seen = status == ASX_OK && n_tables == 3;
    return status;
}

asx_status asx_schema_prepare(asx_store *store, asx_error *err)
{
    int64_t application, version, n_objects;
    /* One snapshot: between two reads another process may create the tables. */
    asx_status status = asx_db_run(store, "BEGIN", "read the schema", err);
    if (status == ASX_OK)
        status = read_version(store, &application, &version, &n_objects, err);
    status = asx_db_end(store, status, err);
    if (status != ASX_OK)
        return status;
    if (n_objects == 0 && store->mode == ASX_STORE_CREATE)
        return create_or_migrate(store, err);
    if (n_objects == 0 && application == 0) /* a run was killed before its first transaction */
        return asx_fail(err, ASX_EDB, "'%s' is an empty database: nothing was stored in it yet",
                        store->path);
    bool torn = false;
    if (application != ASX_SCHEMA_APPLICATION || version != ASX_SCHEMA_VERSION)
        status = see_torn_header(&torn, store, err);
    if (status == ASX_OK && torn && store->mode == ASX_STORE_REPAIR)
        status = stamp(store, err);
    if (status != ASX_OK || torn)
        return status;
    if (application != ASX_SCHEMA_APPLICATION)
        return asx_fail(err, ASX_EDB, "'%s' is an SQLite database, but none of asx", store->path);
    if (version > ASX_SCHEMA_VERSION)
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "'%s' has schema version %lld and this asx knows 1 to %d: a newer asx "
                        "wrote it",
                        store->path, (long long)version, ASX_SCHEMA_VERSION);
    if (version < ASX_SCHEMA_VERSION && asx_db_only_reads(store))
        return asx_fail(
            err, ASX_EUNSUPPORTED,
            "'%s' has the older schema version %lld: 'asx fsck --repair' brings it up to %d",
            store->path, (long long)version, ASX_SCHEMA_VERSION);
    return version < ASX_SCHEMA_VERSION ? create_or_migrate(store, err) : ASX_OK;
}
