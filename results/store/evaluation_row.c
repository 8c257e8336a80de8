/* The columns of an evaluation, read and bound in one order. */
#include "db.h"

enum { N_ACCURACY = 6 }; /* the first of the real columns are the accuracy's */

void asx_evaluation_from_row(asx_evaluation *out, asx_tier tier, sqlite3_stmt *stmt, int first,
                             bool parts)
{
    asx_evaluation e = {.accuracy.tier = tier};
    double *const real[] = {
        &e.accuracy.accuracy, &e.accuracy.accuracy_low, &e.accuracy.accuracy_high,
        &e.accuracy.drop,     &e.accuracy.drop_low,     &e.accuracy.drop_high,
        &e.cost.energy_pj,    &e.cost.latency_ns,       &e.cost.cycles,
        &e.cost.area_um2,     &e.cost.weight_bits,
    };
    e.accuracy.images = (size_t)sqlite3_column_int64(stmt, first++);
    e.accuracy.correct = (size_t)sqlite3_column_int64(stmt, first++);
    for (size_t i = 0; i < sizeof real / sizeof *real; i++)
        *real[i] = sqlite3_column_double(stmt, first++);
    for (int part = 0; parts && part < ASX_N_PARTS; part++) {
        e.cost.energy_part_pj[part] = sqlite3_column_double(stmt, first++);
        e.cost.area_part_um2[part] = sqlite3_column_double(stmt, first++);
    }
    if (tier == ASX_TIER_COSTS)
        e.accuracy = asx_accuracy_unknown();
    *out = e;
}

int asx_evaluation_bind(sqlite3_stmt *stmt, int first, const asx_evaluation *evaluation)
{
    const asx_accuracy *a = &evaluation->accuracy;
    const asx_cost *c = &evaluation->cost;
    const double real[] = {
        a->accuracy,  a->accuracy_low, a->accuracy_high, a->drop,     a->drop_low,    a->drop_high,
        c->energy_pj, c->latency_ns,   c->cycles,        c->area_um2, c->weight_bits,
    };
    int rc = sqlite3_bind_int64(stmt, first, (sqlite3_int64)a->images);
    rc |= sqlite3_bind_int64(stmt, first + 1, (sqlite3_int64)a->correct);
    /* what is not known has no column without a number; the view `result` has none for it */
    const int n_unknown = a->tier == ASX_TIER_COSTS ? N_ACCURACY : 0;
    for (int i = 0; i < (int)(sizeof real / sizeof *real); i++)
        rc |= sqlite3_bind_double(stmt, first + 2 + i, i < n_unknown ? 0 : real[i]);
    return rc;
}

int asx_breakdown_bind(sqlite3_stmt *stmt, int first, const asx_evaluation *evaluation)
{
    int rc = SQLITE_OK;
    for (int part = 0; part < ASX_N_PARTS; part++) {
        rc |= sqlite3_bind_double(stmt, first + 2 * part, evaluation->cost.energy_part_pj[part]);
        rc |= sqlite3_bind_double(stmt, first + 2 * part + 1, evaluation->cost.area_part_um2[part]);
    }
    return rc;
}

asx_status asx_row_read(asx_row *out, sqlite3_stmt *stmt, bool parts, asx_error *err)
{
    asx_tier tier;
    asx_row row = {.id = sqlite3_column_int64(stmt, 4),
                   .design = asx_db_text(stmt, 0),
                   .subset = asx_db_text(stmt, 1)};
    asx_status status = asx_placement_parse(&row.placement, asx_db_text(stmt, 2), err);
    if (status == ASX_OK)
        status = asx_tier_parse(&tier, asx_db_text(stmt, 3), err);
    if (status != ASX_OK)
        return status;
    asx_evaluation_from_row(&row.evaluation, tier, stmt, 5, parts);
    *out = row;
    return ASX_OK;
}

asx_status asx_rows_read(asx_rows *rows, asx_store *store, sqlite3_stmt *stmt, asx_error *err)
{
    asx_row row;
    int rc = SQLITE_DONE;
    asx_status status = ASX_OK;
    while (status == ASX_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        status = asx_row_read(&row, stmt, false, err);
        if (status == ASX_OK)
            status = asx_rows_add(rows, &row, err);
    }
    return status == ASX_OK && rc != SQLITE_DONE ? asx_db_fail(store, err, "query") : status;
}
