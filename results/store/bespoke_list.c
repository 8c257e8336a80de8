/* Reading bespoke classifiers that were found. */
#include <stdlib.h>

#include "db_rows.h"
#include "dse/memory.h"
#include "results/bespoke.h"

static const char what[] = "read bespoke classifiers";

static void fini(asx_bespoke_kept *k)
{
    free(k->about);
    free(k->technology);
    free(k->finished);
    free(k->design);
}

static asx_status read_run(void *out, sqlite3_stmt *stmt, asx_error *err)
{
    asx_bespoke_kept k = {.id = sqlite3_column_int64(stmt, 0),
                          .about = asx_string_copy(asx_db_text(stmt, 1)),
                          .technology = asx_string_copy(asx_db_text(stmt, 2)),
                          .finished = asx_string_copy(asx_db_text(stmt, 3)),
                          .features = (size_t)sqlite3_column_int64(stmt, 4),
                          .classes = (size_t)sqlite3_column_int64(stmt, 5),
                          .evaluated = (uint64_t)sqlite3_column_int64(stmt, 9),
                          .training_s = sqlite3_column_double(stmt, 10),
                          .evolution_s = sqlite3_column_double(stmt, 11)};
    for (int i = 0; i < 3; i++)
        k.rows[i] = (size_t)sqlite3_column_int64(stmt, 6 + i);
    if (!k.about || !k.technology || !k.finished) {
        fini(&k);
        return asx_fail(err, ASX_ENOMEM, "no memory for a name");
    }
    *(asx_bespoke_kept *)out = k;
    return ASX_OK;
}

static asx_status read_design(void *out, sqlite3_stmt *stmt, asx_error *err)
{
    asx_bespoke_row *r = out;
    double *const number[] = {&r->drop,     &r->drop_low, &r->drop_high,
                              &r->area_cm2, &r->power_mw, &r->delay_ms};
    (void)err;
    r->lost = sqlite3_column_double(stmt, 0);
    for (int i = 0; i < 3; i++)
        r->correct[i] = (size_t)sqlite3_column_int64(stmt, 1 + i);
    for (int i = 0; i < 6; i++)
        *number[i] = sqlite3_column_double(stmt, 4 + i);
    return ASX_OK;
}

static asx_status read_designs(asx_bespoke_kept *k, asx_store *store, sqlite3_stmt *stmt,
                               asx_error *err)
{
    asx_db_array designs = {.size = sizeof *k->design};
    sqlite3_reset(stmt);
    sqlite3_bind_int64(stmt, 1, k->id);
    const asx_status status = asx_db_rows(&designs, store, stmt, what, read_design, err);
    k->design = designs.all;
    k->n = designs.n;
    return status;
}

asx_status asx_bespoke_list(asx_bespoke_kept **out, size_t *n, asx_store *store, asx_error *err)
{
    sqlite3_stmt *stmt = NULL, *designs = NULL;
    asx_db_array kept = {.size = sizeof **out};
    asx_status status = asx_db_prepare(
        &stmt, store,
        "SELECT id, about, technology, finished, features, classes, learn, choose, report, "
        "evaluated, training_s, evolution_s FROM bespoke ORDER BY id",
        what, err);
    if (status == ASX_OK)
        status = asx_db_rows(&kept, store, stmt, what, read_run, err);
    if (status == ASX_OK)
        status = asx_db_prepare(
            &designs, store,
            "SELECT lost, learn, choose, report, \"drop\", drop_low, drop_high, area_cm2, power_mw, "
            "delay_ms FROM bespoke_design WHERE bespoke = ? ORDER BY position",
            what, err);
    asx_bespoke_kept *k = kept.all;
    for (size_t i = 0; status == ASX_OK && i < kept.n; i++)
        status = read_designs(&k[i], store, designs, err);
    sqlite3_finalize(stmt);
    sqlite3_finalize(designs);
    if (status != ASX_OK) {
        asx_bespoke_list_free(k, kept.n);
        return status;
    }
    *out = k;
    *n = kept.n;
    return ASX_OK;
}

void asx_bespoke_list_free(asx_bespoke_kept *kept, size_t n)
{
    for (size_t i = 0; kept && i < n; i++)
        fini(&kept[i]);
    free(kept);
}
