/* Looking at runs: which there were, how fast the last stage goes, what was proven when. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db_rows.h"
#include "dse/memory.h"
#include "run_row.h"

/* ---- the runs themselves ---- */

void asx_run_entry_fini(asx_run_entry *entry)
{
    if (!entry)
        return;
    free(entry->version);
    free(entry->build);
    free(entry->processor);
    free(entry->started);
    free(entry->reason);
    *entry = (asx_run_entry){0};
}

asx_status asx_run_entry_read(asx_run_entry *out, sqlite3_stmt *stmt, int first, asx_error *err)
{
    asx_run_entry e = {.id = sqlite3_column_int64(stmt, first),
                       .campaign = sqlite3_column_int64(stmt, first + 1),
                       .threads = (size_t)sqlite3_column_int64(stmt, first + 2),
                       .process = sqlite3_column_int64(stmt, first + 3),
                       .evaluated = asx_db_number(stmt, first + 4),
                       .elapsed_s = asx_db_number(stmt, first + 5)};
    char **const text[] = {&e.version, &e.build, &e.processor, &e.started, &e.reason};
    if (e.id == 0) {
        *out = (asx_run_entry){.evaluated = NAN, .elapsed_s = NAN};
        return ASX_OK;
    }
    for (int i = 0; i < 5; i++) {
        if (sqlite3_column_type(stmt, first + 6 + i) == SQLITE_NULL)
            continue;
        *text[i] = asx_string_copy(asx_db_text(stmt, first + 6 + i));
        if (!*text[i]) {
            asx_run_entry_fini(&e);
            return asx_fail(err, ASX_ENOMEM, "no memory for a run");
        }
    }
    *out = e;
    return ASX_OK;
}

void asx_run_list_free(asx_run_entry *run, size_t n)
{
    for (size_t i = 0; i < n; i++)
        asx_run_entry_fini(&run[i]);
    free(run);
}

static asx_status read_run(void *out, sqlite3_stmt *stmt, asx_error *err)
{
    return asx_run_entry_read(out, stmt, 0, err);
}

asx_status asx_run_list(asx_run_entry **out, size_t *n, asx_store *store, int64_t campaign,
                        asx_error *err)
{
    const char *what = "list the runs";
    sqlite3_stmt *stmt = NULL;
    asx_db_array runs = {.size = sizeof **out};
    asx_status status = asx_db_prepare(&stmt, store,
                                       "SELECT " ASX_DB_RUN("r.") " FROM run AS r WHERE ?1 = 0 OR "
                                                                  "r.campaign = ?1 ORDER BY r.id",
                                       what, err);
    if (status != ASX_OK)
        return status;
    sqlite3_bind_int64(stmt, 1, campaign);
    status = asx_db_rows(&runs, store, stmt, what, read_run, err);
    sqlite3_finalize(stmt);
    if (status != ASX_OK) {
        asx_run_list_free(runs.all, runs.n);
        return status;
    }
    *out = runs.all;
    *n = runs.n;
    return ASX_OK;
}

/* ---- its moments ---- */

/* The last moment of a run, and what was done of the same stage a minute before, or at the stage's
 * begin. Designs that were known before come at once: they belong to no rate. */
static const char pace_sql[] =
    "WITH last AS (SELECT * FROM moment WHERE run = ? ORDER BY elapsed_s DESC LIMIT 1), stage "
    "AS (SELECT m.* FROM moment AS m JOIN last AS l ON m.run = l.run AND m.stage = l.stage), "
    "before AS (SELECT s.* FROM stage AS s JOIN last AS l WHERE s.elapsed_s <= max(l.elapsed_s - "
    "60, (SELECT min(elapsed_s) FROM stage WHERE done > 0)) ORDER BY s.elapsed_s DESC LIMIT 1) "
    "SELECT l.stage, l.done, l.total, l.factor, l.elapsed_s, b.done, b.elapsed_s FROM last AS l "
    "LEFT JOIN before AS b";

static asx_run_pace pace_of(sqlite3_stmt *stmt)
{
    enum { STAGE, DONE, TOTAL, FACTOR, ELAPSED, DONE_BEFORE, ELAPSED_BEFORE };
    asx_run_pace p = {.done = asx_db_number(stmt, DONE),
                      .total = asx_db_number(stmt, TOTAL),
                      .factor = asx_db_number(stmt, FACTOR),
                      .left_s = NAN};
    snprintf(p.stage, sizeof p.stage, "%s", asx_db_text(stmt, STAGE));
    const double more = p.done - asx_db_number(stmt, DONE_BEFORE);
    const double passed_s = asx_db_number(stmt, ELAPSED) - asx_db_number(stmt, ELAPSED_BEFORE);
    if (more > 0 && passed_s > 0)
        p.left_s = fmax(0, p.total - p.done) * passed_s / more;
    return p;
}

asx_status asx_run_pace_read(asx_run_pace *out, asx_store *store, int64_t id, asx_error *err)
{
    const char *what = "read how far the run is";
    sqlite3_stmt *stmt = NULL;
    asx_run_pace p = {.done = NAN, .total = NAN, .factor = NAN, .left_s = NAN};
    asx_status status = asx_db_prepare(&stmt, store, pace_sql, what, err);
    if (status != ASX_OK)
        return status;
    sqlite3_bind_int64(stmt, 1, id);
    const int rc = sqlite3_step(stmt);
    if (rc == SQLITE_ROW)
        p = pace_of(stmt);
    else if (rc != SQLITE_DONE)
        status = asx_db_fail(store, err, what);
    sqlite3_finalize(stmt);
    if (status == ASX_OK)
        *out = p;
    return status;
}

/* Of the newest run that proved something; a run that found all in the database again is quick. */
static const char proven_sql[] =
    "SELECT elapsed_s - (SELECT min(elapsed_s) FROM moment AS begin WHERE begin.run = moment.run "
    "AND begin.stage = moment.stage), factor, stage IS NOT lag(stage) OVER (ORDER BY elapsed_s) "
    "FROM moment WHERE factor IS NOT NULL AND run = "
    "(SELECT max(m.run) FROM moment AS m JOIN run AS r ON r.id = m.run WHERE r.campaign = ? AND "
    "m.factor IS NOT NULL AND m.done = 0) AND done = 0 ORDER BY elapsed_s";

static asx_status read_proof(void *out, sqlite3_stmt *stmt, asx_error *err)
{
    (void)err;
    *(asx_run_proof *)out = (asx_run_proof){.elapsed_s = sqlite3_column_double(stmt, 0),
                                            .factor = sqlite3_column_double(stmt, 1),
                                            .begins = sqlite3_column_int(stmt, 2) != 0};
    return ASX_OK;
}

asx_status asx_run_proven(asx_run_proof **out, size_t *n, asx_store *store, int64_t campaign,
                          asx_error *err)
{
    const char *what = "read what was proven";
    sqlite3_stmt *stmt = NULL;
    asx_db_array proofs = {.size = sizeof **out};
    asx_status status = asx_db_prepare(&stmt, store, proven_sql, what, err);
    if (status != ASX_OK)
        return status;
    sqlite3_bind_int64(stmt, 1, campaign);
    status = asx_db_rows(&proofs, store, stmt, what, read_proof, err);
    sqlite3_finalize(stmt);
    if (status != ASX_OK) {
        free(proofs.all);
        return status;
    }
    *out = proofs.all;
    *n = proofs.n;
    return ASX_OK;
}
