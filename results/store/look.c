/* Looks at designs on the first so many confirm images, and the designs that were worth measuring
 * before. */
#include <stdlib.h>

#include "db.h"
#include "dse/memory.h"
#include "results/confirmed.h"

asx_status asx_look_find(asx_look *out, bool *found, asx_store *store, uint64_t key,
                         const char *formats, size_t images, asx_error *err)
{
    const char *what = "find a look";
    char text[ASX_DB_KEY_SIZE];
    sqlite3_stmt *stmt = NULL;
    asx_db_key(text, key);
    asx_status status =
        asx_db_prepare(&stmt, store,
                       "SELECT correct, only_float, only_design, value, value_square, lost, "
                       "lost_square FROM look LEFT JOIN look_score USING (accuracy_key, formats, "
                       "images) WHERE accuracy_key = ? AND formats = ? AND images = ?",
                       what, err);
    if (status != ASX_OK)
        return status;
    asx_db_bind_text(stmt, 1, text);
    asx_db_bind_text(stmt, 2, formats);
    sqlite3_bind_int64(stmt, 3, (int64_t)images);
    const int rc = sqlite3_step(stmt);
    *found = rc == SQLITE_ROW;
    if (*found)
        *out = (asx_look){.seen = {.images = images,
                                   .only_float = (size_t)sqlite3_column_int64(stmt, 1),
                                   .only_design = (size_t)sqlite3_column_int64(stmt, 2),
                                   .scored = sqlite3_column_type(stmt, 5) != SQLITE_NULL,
                                   .lost = sqlite3_column_double(stmt, 5),
                                   .square = sqlite3_column_double(stmt, 6)},
                          .correct = (size_t)sqlite3_column_int64(stmt, 0),
                          .value = sqlite3_column_double(stmt, 3),
                          .square = sqlite3_column_double(stmt, 4)};
    else if (rc != SQLITE_DONE)
        status = asx_db_fail(store, err, what);
    sqlite3_finalize(stmt);
    return status;
}

static asx_status keep_score(asx_store *store, const char *key, const char *formats,
                             const asx_look *look, asx_error *err)
{
    const char *what = "keep a look";
    const double sum[] = {look->value, look->square, look->seen.lost, look->seen.square};
    sqlite3_stmt *stmt = NULL;
    asx_status status =
        asx_db_prepare(&stmt, store,
                       "INSERT OR IGNORE INTO look_score (accuracy_key, formats, images, value, "
                       "value_square, lost, lost_square) VALUES (?, ?, ?, ?, ?, ?, ?)",
                       what, err);
    if (status != ASX_OK)
        return status;
    asx_db_bind_text(stmt, 1, key);
    asx_db_bind_text(stmt, 2, formats);
    sqlite3_bind_int64(stmt, 3, (int64_t)look->seen.images);
    for (int i = 0; i < 4; i++)
        sqlite3_bind_double(stmt, 4 + i, sum[i]);
    status = asx_db_finish(store, stmt, what, err);
    sqlite3_finalize(stmt);
    return status;
}

static asx_status keep_counts(asx_store *store, const char *key, const char *formats,
                              const asx_look *look, asx_error *err)
{
    const char *what = "keep a look";
    sqlite3_stmt *stmt = NULL;
    asx_status status = asx_db_prepare(
        &stmt, store, "INSERT OR IGNORE INTO look VALUES (?, ?, ?, ?, ?, ?)", what, err);
    if (status != ASX_OK)
        return status;
    asx_db_bind_text(stmt, 1, key);
    asx_db_bind_text(stmt, 2, formats);
    sqlite3_bind_int64(stmt, 3, (int64_t)look->seen.images);
    sqlite3_bind_int64(stmt, 4, (int64_t)look->correct);
    sqlite3_bind_int64(stmt, 5, (int64_t)look->seen.only_float);
    sqlite3_bind_int64(stmt, 6, (int64_t)look->seen.only_design);
    status = asx_db_finish(store, stmt, what, err);
    sqlite3_finalize(stmt);
    return status;
}

asx_status asx_look_keep(asx_store *store, uint64_t key, const char *formats, const asx_look *look,
                         asx_error *err)
{
    char text[ASX_DB_KEY_SIZE];
    asx_db_key(text, key);
    if (!look->seen.scored)
        return keep_counts(store, text, formats, look, err);
    asx_status status = asx_db_begin(store, err);
    if (status != ASX_OK)
        return status;
    status = keep_counts(store, text, formats, look, err);
    if (status == ASX_OK)
        status = keep_score(store, text, formats, look, err);
    return asx_db_end(store, status, err);
}

/* ---- contenders ---- */

void asx_contenders_fini(asx_contenders *c)
{
    if (!c)
        return;
    for (size_t i = 0; i < c->n; i++)
        free(c->design[i]);
    free(c->design);
    *c = (asx_contenders){0};
}

static asx_status add(asx_contenders *c, size_t *room, const char *design, asx_error *err)
{
    char **grown = asx_array_grow(c->design, room, c->n + 1, sizeof *c->design);
    if (grown)
        c->design = grown;
    char *copy = grown ? asx_string_copy(design) : NULL;
    if (!copy)
        return asx_fail(err, ASX_ENOMEM, "no memory for a list of designs");
    c->design[c->n++] = copy;
    return ASX_OK;
}

asx_status asx_contenders_read(asx_contenders *out, bool *found, asx_store *store, int64_t campaign,
                               uint64_t key, size_t round, asx_error *err)
{
    const char *what = "read contenders";
    asx_contenders c = {0};
    char text[ASX_DB_KEY_SIZE];
    sqlite3_stmt *stmt = NULL;
    size_t room = 0, n = 0;
    int rc = SQLITE_DONE;
    asx_db_key(text, key);
    asx_status status = asx_db_prepare(&stmt, store,
                                       "SELECT design FROM contender WHERE campaign = ? AND "
                                       "accuracy_key = ? AND round = ? ORDER BY position",
                                       what, err);
    if (status != ASX_OK)
        return status;
    sqlite3_bind_int64(stmt, 1, campaign);
    asx_db_bind_text(stmt, 2, text);
    sqlite3_bind_int64(stmt, 3, (int64_t)round);
    for (; status == ASX_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW; n++)
        if (*asx_db_text(stmt, 0))
            status = add(&c, &room, asx_db_text(stmt, 0), err);
    if (status == ASX_OK && rc != SQLITE_DONE)
        status = asx_db_fail(store, err, what);
    sqlite3_finalize(stmt);
    if (status == ASX_OK)
        *found = n > 0;
    if (status == ASX_OK && n > 0)
        *out = c;
    else
        asx_contenders_fini(&c);
    return status;
}

/* The list ends with a row without a design, so that an empty one is known to have been kept. */
asx_status asx_contenders_keep(asx_store *store, int64_t campaign, uint64_t key, size_t round,
                               const asx_contenders *c, asx_error *err)
{
    const char *what = "keep contenders";
    char text[ASX_DB_KEY_SIZE];
    sqlite3_stmt *stmt = NULL;
    asx_db_key(text, key);
    asx_status status = asx_db_begin(store, err);
    if (status != ASX_OK)
        return status;
    status = asx_db_prepare(&stmt, store, "INSERT OR REPLACE INTO contender VALUES (?, ?, ?, ?, ?)",
                            what, err);
    for (size_t i = 0; status == ASX_OK && i <= c->n; i++) {
        sqlite3_bind_int64(stmt, 1, campaign);
        asx_db_bind_text(stmt, 2, text);
        sqlite3_bind_int64(stmt, 3, (int64_t)round);
        sqlite3_bind_int64(stmt, 4, (int64_t)i);
        asx_db_bind_text(stmt, 5, i < c->n ? c->design[i] : "");
        status = asx_db_finish(store, stmt, what, err);
    }
    sqlite3_finalize(stmt);
    return asx_db_end(store, status, err);
}
