/* Confirmations in the database, step by step. */
#include "results/confirmed.h"

#include <stdlib.h>
#include <string.h>

#include "db_rows.h"
#include "dse/memory.h"

void asx_confirmed_fini(asx_confirmed *c)
{
    if (!c)
        return;
    for (size_t i = 0; i < c->n; i++)
        free(c->step[i].design);
    free(c->step);
    *c = (asx_confirmed){0};
}

/* ---- reading ---- */

static asx_verdict verdict_of(const char *text)
{
    asx_verdict v = ASX_VERDICT_OPEN;
    for (int i = ASX_VERDICT_OPEN; i <= ASX_VERDICT_BREAKS; i++)
        if (strcmp(text, asx_verdict_text((asx_verdict)i)) == 0)
            v = (asx_verdict)i;
    return v;
}

static asx_status read_step(void *out, sqlite3_stmt *stmt, asx_error *err)
{
    asx_confirmed_step s = {
        .believed = {sqlite3_column_double(stmt, 2), sqlite3_column_double(stmt, 3)},
        .limit = sqlite3_column_double(stmt, 4),
        .trial = {.seen = {.images = (size_t)sqlite3_column_int64(stmt, 5),
                           .only_float = (size_t)sqlite3_column_int64(stmt, 6),
                           .only_design = (size_t)sqlite3_column_int64(stmt, 7),
                           .scored = sqlite3_column_type(stmt, 9) != SQLITE_NULL,
                           .lost = sqlite3_column_double(stmt, 9),
                           .square = sqlite3_column_double(stmt, 10)},
                  .verdict = verdict_of(asx_db_text(stmt, 8))}};
    const asx_status status = asx_tier_parse(&s.tier, asx_db_text(stmt, 1), err);
    if (status != ASX_OK)
        return status;
    s.design = asx_string_copy(asx_db_text(stmt, 0));
    if (!s.design)
        return asx_fail(err, ASX_ENOMEM, "no memory for a confirmation");
    *(asx_confirmed_step *)out = s;
    return ASX_OK;
}

static asx_status read_steps(asx_confirmed *c, asx_store *store, int64_t id, asx_error *err)
{
    const char *what = "read a confirmation's steps";
    const char *sql =
        "SELECT design, tier, believed_drop, believed_error, held_against, images, "
        "only_float, only_design, verdict, lost, lost_square FROM "
        "confirmation_step LEFT JOIN confirmation_score USING (confirmation, position) "
        "WHERE confirmation = ? ORDER BY position";
    sqlite3_stmt *stmt = NULL;
    asx_db_array steps = {.size = sizeof *c->step};
    asx_status status = asx_db_prepare(&stmt, store, sql, what, err);
    if (status != ASX_OK)
        return status;
    sqlite3_bind_int64(stmt, 1, id);
    status = asx_db_rows(&steps, store, stmt, what, read_step, err);
    c->step = steps.all;
    c->n = steps.n;
    sqlite3_finalize(stmt);
    return status;
}

static asx_status read_head(asx_confirmed *c, int64_t *id, asx_store *store, sqlite3_stmt *stmt,
                            asx_error *err)
{
    const int rc = sqlite3_step(stmt);
    *id = 0;
    if (rc == SQLITE_DONE)
        return ASX_OK;
    if (rc != SQLITE_ROW)
        return asx_db_fail(store, err, "read a confirmation");
    *id = sqlite3_column_int64(stmt, 0);
    c->rule.images = (size_t)sqlite3_column_int64(stmt, 2);
    c->rule.block = (size_t)sqlite3_column_int64(stmt, 3);
    c->finished = sqlite3_column_int(stmt, 4) != 0;
    c->answer = sqlite3_column_type(stmt, 5) == SQLITE_NULL ? SIZE_MAX
                                                            : (size_t)sqlite3_column_int64(stmt, 5);
    c->sureness = sqlite3_column_double(stmt, 6);
    return asx_objective_parse(&c->minimised, asx_db_text(stmt, 1), err);
}

asx_status asx_confirmed_read(asx_confirmed *out, bool *found, asx_store *store, int64_t campaign,
                              uint64_t key, double drop_limit, double confidence, asx_error *err)
{
    const char *sql = "SELECT id, minimised, images, block, finished, answer, sure_percent "
                      "FROM confirmation WHERE campaign = ?1 AND drop_limit = ?2 "
                      "AND confidence = ?3 AND (?4 = '' OR accuracy_key = ?4) "
                      "ORDER BY id DESC LIMIT 1";
    asx_confirmed c = {.rule = {.limit = drop_limit, .confidence = confidence}};
    char text[ASX_DB_KEY_SIZE] = "";
    sqlite3_stmt *stmt = NULL;
    int64_t id = 0;
    asx_status status = asx_db_prepare(&stmt, store, sql, "read a confirmation", err);
    if (status != ASX_OK)
        return status;
    if (key)
        asx_db_key(text, key);
    sqlite3_bind_int64(stmt, 1, campaign);
    sqlite3_bind_double(stmt, 2, drop_limit);
    sqlite3_bind_double(stmt, 3, confidence);
    asx_db_bind_text(stmt, 4, text);
    status = read_head(&c, &id, store, stmt, err);
    sqlite3_finalize(stmt);
    if (status == ASX_OK && id)
        status = read_steps(&c, store, id, err);
    if (c.answer > c.n)
        c.answer = c.n;
    for (size_t i = 0; i < c.n; i++)
        c.rule.scored = c.rule.scored || c.step[i].trial.seen.scored;
    if (status == ASX_OK && id)
        *out = c;
    else
        asx_confirmed_fini(&c);
    if (status == ASX_OK)
        *found = id != 0;
    return status;
}

static asx_status read_limit(void *out, sqlite3_stmt *stmt, asx_error *err)
{
    (void)err;
    *(double *)out = sqlite3_column_double(stmt, 0);
    return ASX_OK;
}

asx_status asx_confirmed_limits(double **out, size_t *n, asx_store *store, int64_t campaign,
                                double confidence, asx_error *err)
{
    const char *what = "list confirmations";
    sqlite3_stmt *stmt = NULL;
    asx_db_array limits = {.size = sizeof **out};
    asx_status status =
        asx_db_prepare(&stmt, store,
                       "SELECT DISTINCT drop_limit FROM confirmation WHERE campaign = ? "
                       "AND confidence = ? AND finished ORDER BY 1",
                       what, err);
    if (status != ASX_OK)
        return status;
    sqlite3_bind_int64(stmt, 1, campaign);
    sqlite3_bind_double(stmt, 2, confidence);
    status = asx_db_rows(&limits, store, stmt, what, read_limit, err);
    sqlite3_finalize(stmt);
    if (status == ASX_OK) {
        *out = limits.all;
        *n = limits.n;
    } else {
        free(limits.all);
    }
    return status;
}

/* ---- keeping ---- */

static asx_status add_step(asx_store *store, sqlite3_stmt *stmt, int64_t id, size_t position,
                           const asx_confirmed_step *s, asx_error *err)
{
    const asx_paired *seen = &s->trial.seen;
    sqlite3_bind_int64(stmt, 1, id);
    sqlite3_bind_int64(stmt, 2, (int64_t)position);
    asx_db_bind_text(stmt, 3, s->design);
    asx_db_bind_text(stmt, 4, asx_tier_text(s->tier));
    sqlite3_bind_double(stmt, 5, s->believed.drop);
    sqlite3_bind_double(stmt, 6, s->believed.error);
    sqlite3_bind_double(stmt, 7, s->limit);
    sqlite3_bind_int64(stmt, 8, (int64_t)seen->images);
    sqlite3_bind_int64(stmt, 9, (int64_t)seen->only_float);
    sqlite3_bind_int64(stmt, 10, (int64_t)seen->only_design);
    asx_db_bind_text(stmt, 11, asx_verdict_text(s->trial.verdict));
    return asx_db_finish(store, stmt, "keep a confirmation's step", err);
}

static asx_status add_score(asx_store *store, int64_t id, size_t position, const asx_paired *seen,
                            asx_error *err)
{
    const char *what = "keep a confirmation's step";
    sqlite3_stmt *stmt = NULL;
    asx_status status =
        asx_db_prepare(&stmt, store,
                       "INSERT INTO confirmation_score (confirmation, position, lost, lost_square) "
                       "VALUES (?, ?, ?, ?)",
                       what, err);
    if (status != ASX_OK)
        return status;
    sqlite3_bind_int64(stmt, 1, id);
    sqlite3_bind_int64(stmt, 2, (int64_t)position);
    sqlite3_bind_double(stmt, 3, seen->lost);
    sqlite3_bind_double(stmt, 4, seen->square);
    status = asx_db_finish(store, stmt, what, err);
    sqlite3_finalize(stmt);
    return status;
}

/* @param id  of the row made in place of an earlier one */
static asx_status add_head(int64_t *id, asx_store *store, int64_t campaign, const char *key,
                           const asx_confirmed *c, asx_error *err)
{
    const char *what = "keep a confirmation";
    const char *sql = "INSERT OR REPLACE INTO confirmation (campaign, accuracy_key, minimised, "
                      "drop_limit, confidence, images, block, finished, answer, sure_percent) "
                      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
    sqlite3_stmt *stmt = NULL;
    asx_status status = asx_db_prepare(&stmt, store, sql, what, err);
    if (status != ASX_OK)
        return status;
    sqlite3_bind_int64(stmt, 1, campaign);
    asx_db_bind_text(stmt, 2, key);
    asx_db_bind_text(stmt, 3, asx_objective_text(c->minimised));
    sqlite3_bind_double(stmt, 4, c->rule.limit);
    sqlite3_bind_double(stmt, 5, c->rule.confidence);
    sqlite3_bind_int64(stmt, 6, (int64_t)c->rule.images);
    sqlite3_bind_int64(stmt, 7, (int64_t)c->rule.block);
    sqlite3_bind_int(stmt, 8, c->finished);
    if (c->answer < c->n)
        sqlite3_bind_int64(stmt, 9, (int64_t)c->answer);
    sqlite3_bind_double(stmt, 10, c->sureness);
    status = asx_db_finish(store, stmt, what, err);
    sqlite3_finalize(stmt);
    if (status == ASX_OK)
        *id = sqlite3_last_insert_rowid(store->db);
    return status;
}

asx_status asx_confirmed_keep(asx_store *store, int64_t campaign, uint64_t key,
                              const asx_confirmed *c, asx_error *err)
{
    char text[ASX_DB_KEY_SIZE];
    sqlite3_stmt *stmt = NULL;
    int64_t id = 0;
    asx_db_key(text, key);
    asx_status status = asx_db_begin(store, err);
    if (status != ASX_OK)
        return status;
    status = add_head(&id, store, campaign, text, c, err);
    if (status == ASX_OK)
        status = asx_db_prepare(&stmt, store,
                                "INSERT INTO confirmation_step VALUES "
                                "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                                "keep a confirmation's step", err);
    for (size_t i = 0; status == ASX_OK && i < c->n; i++) {
        status = add_step(store, stmt, id, i, &c->step[i], err);
        if (status == ASX_OK && c->step[i].trial.seen.scored)
            status = add_score(store, id, i, &c->step[i].trial.seen, err);
    }
    sqlite3_finalize(stmt);
    return asx_db_end(store, status, err);
}
