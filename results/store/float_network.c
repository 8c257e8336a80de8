/* The float network's accuracy on a campaign's images, in the database. */
#include "results/float_network.h"

#include "db.h"
#include "results/score.h"

asx_status asx_float_network_keep(asx_store *store, int64_t campaign, asx_subset subset,
                                  const asx_float_network *network, asx_error *err)
{
    const char *what = "store the float network's accuracy";
    const asx_accuracy *a = &network->accuracy;
    sqlite3_stmt *stmt = NULL;
    asx_status status = asx_db_prepare(&stmt, store,
                                       "INSERT OR REPLACE INTO float_network (campaign, subset, "
                                       "images, correct, accuracy, accuracy_low, accuracy_high, "
                                       "guessing) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                                       what, err);
    if (status != ASX_OK)
        return status;
    const double number[] = {a->accuracy, a->accuracy_low, a->accuracy_high, network->guessing};
    sqlite3_bind_int64(stmt, 1, campaign);
    asx_db_bind_text(stmt, 2, asx_subset_text(subset));
    sqlite3_bind_int64(stmt, 3, (int64_t)a->images);
    sqlite3_bind_int64(stmt, 4, (int64_t)a->correct);
    for (int i = 0; i < 4; i++)
        sqlite3_bind_double(stmt, 5 + i, number[i]);
    status = asx_db_finish(store, stmt, what, err);
    sqlite3_finalize(stmt);
    return status;
}

asx_status asx_float_network_read(asx_float_network *out, bool *found, asx_store *store,
                                  int64_t campaign, asx_subset subset, asx_error *err)
{
    const char *what = "read the float network's accuracy";
    sqlite3_stmt *stmt = NULL;
    asx_status status =
        asx_db_prepare(&stmt, store,
                       "SELECT images, correct, accuracy, accuracy_low, accuracy_high, guessing "
                       "FROM float_network WHERE campaign = ? AND subset = ?",
                       what, err);
    if (status != ASX_OK)
        return status;
    sqlite3_bind_int64(stmt, 1, campaign);
    asx_db_bind_text(stmt, 2, asx_subset_text(subset));
    const int rc = sqlite3_step(stmt);
    *found = rc == SQLITE_ROW;
    if (*found)
        *out = (asx_float_network){.accuracy = {.tier = ASX_TIER_FLOAT,
                                                .images = (size_t)sqlite3_column_int64(stmt, 0),
                                                .correct = (size_t)sqlite3_column_int64(stmt, 1),
                                                .accuracy = sqlite3_column_double(stmt, 2),
                                                .accuracy_low = sqlite3_column_double(stmt, 3),
                                                .accuracy_high = sqlite3_column_double(stmt, 4)},
                                   .guessing = sqlite3_column_double(stmt, 5)};
    else if (rc != SQLITE_DONE)
        status = asx_db_fail(store, err, what);
    sqlite3_finalize(stmt);
    return status == ASX_OK && *found ? asx_score_read(&out->score, store, campaign, err) : status;
}

void asx_float_network_print(asx_text *out, const asx_float_network *network)
{
    const asx_accuracy *a = &network->accuracy;
    const bool counts = asx_score_counts(&network->score);
    if (!counts) {
        asx_score_print(out, &network->score);
        asx_text_add(out, " ");
    }
    asx_score_print_interval(out, &network->score, a->accuracy, a->accuracy_low, a->accuracy_high);
    asx_text_add(out, " %s %zu images; guessing: ", counts ? "of" : "on", a->images);
    asx_score_print_number(out, &network->score, network->guessing);
}
