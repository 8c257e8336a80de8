/* Bespoke classifiers that were found. */
#include "db.h"
#include "results/bespoke.h"

/* The row of an identity. @param id  0: there is none @param ended  it came to its end */
static asx_status find(int64_t *id, bool *ended, asx_store *store, const char *identity,
                       asx_error *err)
{
    const char *what = "find bespoke classifiers";
    sqlite3_stmt *stmt = NULL;
    asx_status status = asx_db_prepare(
        &stmt, store, "SELECT id, finished <> '' FROM bespoke WHERE identity = ?", what, err);
    if (status != ASX_OK)
        return status;
    asx_db_bind_text(stmt, 1, identity);
    const int rc = sqlite3_step(stmt);
    *id = rc == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : 0;
    *ended = rc == SQLITE_ROW && sqlite3_column_int(stmt, 1);
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        status = asx_db_fail(store, err, what);
    sqlite3_finalize(stmt);
    return status;
}

static asx_status add_record(int64_t *id, asx_store *store, const asx_bespoke_record *r,
                             const char *identity, asx_error *err)
{
    const char *what = "store bespoke classifiers";
    sqlite3_stmt *stmt = NULL;
    asx_status status = asx_db_prepare(
        &stmt, store,
        "INSERT INTO bespoke (identity, about, technology, features, classes, learn, choose, report, "
        "evaluated, training_s, evolution_s, finished) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, '')",
        what, err);
    if (status != ASX_OK)
        return status;
    asx_db_bind_text(stmt, 1, identity);
    asx_db_bind_text(stmt, 2, r->about);
    asx_db_bind_text(stmt, 3, r->technology);
    const size_t count[] = {r->features, r->classes, r->rows[0], r->rows[1], r->rows[2]};
    for (int i = 0; i < 5; i++)
        sqlite3_bind_int64(stmt, 4 + i, (int64_t)count[i]);
    status = asx_db_finish(store, stmt, what, err);
    sqlite3_finalize(stmt);
    *id = sqlite3_last_insert_rowid(store->db);
    return status;
}

/* How far it is, and when it ended if it did. */
static asx_status set_work(asx_store *store, int64_t id, const asx_bespoke_record *r,
                           asx_error *err)
{
    const char *what = "store bespoke classifiers";
    sqlite3_stmt *stmt = NULL;
    asx_status status = asx_db_prepare(
        &stmt, store,
        "UPDATE bespoke SET evaluated = ?, training_s = ?, evolution_s = ?, finished = "
        "iif(?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), '') WHERE id = ?",
        what, err);
    if (status != ASX_OK)
        return status;
    sqlite3_bind_int64(stmt, 1, (int64_t)r->evaluated);
    sqlite3_bind_double(stmt, 2, r->training_s);
    sqlite3_bind_double(stmt, 3, r->evolution_s);
    sqlite3_bind_int(stmt, 4, r->n > 0);
    sqlite3_bind_int64(stmt, 5, id);
    status = asx_db_finish(store, stmt, what, err);
    sqlite3_finalize(stmt);
    return status;
}

static asx_status add_design(sqlite3_stmt *stmt, asx_store *store, int64_t id, size_t position,
                             const asx_bespoke_row *d, asx_error *err)
{
    const double number[] = {d->drop,     d->drop_low, d->drop_high,
                             d->area_cm2, d->power_mw, d->delay_ms};
    sqlite3_bind_int64(stmt, 1, id);
    sqlite3_bind_int64(stmt, 2, (int64_t)position);
    sqlite3_bind_double(stmt, 3, d->lost);
    for (int i = 0; i < 3; i++)
        sqlite3_bind_int64(stmt, 4 + i, (int64_t)d->correct[i]);
    for (int i = 0; i < 6; i++)
        sqlite3_bind_double(stmt, 7 + i, number[i]);
    asx_db_bind_text(stmt, 13, d->network);
    return asx_db_finish(store, stmt, "store a bespoke classifier", err);
}

static asx_status add_designs(asx_store *store, int64_t id, const asx_bespoke_record *r,
                              asx_error *err)
{
    sqlite3_stmt *stmt = NULL;
    asx_status status = asx_db_prepare(
        &stmt, store,
        "INSERT INTO bespoke_design (bespoke, position, lost, learn, choose, report, \"drop\", "
        "drop_low, drop_high, area_cm2, power_mw, delay_ms, network) VALUES (?, ?, ?, ?, ?, ?, ?, ?, "
        "?, ?, ?, ?, ?)",
        "store bespoke classifiers", err);
    for (size_t i = 0; status == ASX_OK && i < r->n; i++)
        status = add_design(stmt, store, id, i, &r->design[i], err);
    sqlite3_finalize(stmt);
    return status;
}

asx_status asx_bespoke_keep(asx_store *store, const asx_bespoke_record *record, asx_error *err)
{
    char identity[ASX_DB_KEY_SIZE];
    int64_t id = 0;
    bool ended = false;
    asx_db_key(identity, record->identity);
    asx_status status = find(&id, &ended, store, identity, err);
    if (status != ASX_OK || ended)
        return status;
    status = asx_db_begin(store, err);
    if (status != ASX_OK)
        return status;
    if (!id)
        status = add_record(&id, store, record, identity, err);
    if (status == ASX_OK)
        status = set_work(store, id, record, err);
    if (status == ASX_OK)
        status = add_designs(store, id, record, err);
    return asx_db_end(store, status, err);
}
