/* Versions of the database: creation, migration forward, refusal of what is not ours. */
#include "asx_schema_files.h" /* schema.sql, embedded by the build */
#include "db.h"

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

/* One step of the way from an older version to the next; add a case with every new version. */
static asx_status migrate_from(asx_store *store, int64_t version, asx_error *err)
{
    switch (version) {
    default:
        return asx_fail(err, ASX_EUNSUPPORTED, "'%s' has the unknown schema version %lld",
                        store->path, (long long)version);
    }
}

static asx_status create_or_migrate(asx_store *store, asx_error *err)
{
    int64_t application, version, n_objects;
    asx_status status = asx_db_begin(store, err);
    if (status != ASX_OK)
        return status;
    /* Read again: another process may have been faster. */
    status = read_version(store, &application, &version, &n_objects, err);
    if (status == ASX_OK && n_objects == 0) {
        status =
            asx_db_run(store, (const char *)asx_schema_files[0].bytes, "create the tables", err);
        version = ASX_SCHEMA_VERSION;
    }
    while (status == ASX_OK && version < ASX_SCHEMA_VERSION)
        status = migrate_from(store, version++, err);
    if (status == ASX_OK)
        status = stamp(store, err);
    return asx_db_end(store, status, err);
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
    if (application != ASX_SCHEMA_APPLICATION)
        return asx_fail(err, ASX_EDB, "'%s' is an SQLite database, but none of asx", store->path);
    if (version > ASX_SCHEMA_VERSION)
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "'%s' has schema version %lld and this asx knows 1 to %d: a newer asx "
                        "wrote it",
                        store->path, (long long)version, ASX_SCHEMA_VERSION);
    if (version < ASX_SCHEMA_VERSION && store->mode == ASX_STORE_READ)
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "'%s' has the older schema version %lld: let 'asx run' bring it up to %d",
                        store->path, (long long)version, ASX_SCHEMA_VERSION);
    return version < ASX_SCHEMA_VERSION ? create_or_migrate(store, err) : ASX_OK;
}
