/* All accuracies that are known under one key. */
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "dse/memory.h"

/* Several costs or campaigns may have booked the same formats, one after the other: the first counts. */
static asx_status show(asx_store *store, sqlite3_stmt *stmt, asx_tier tier,
                       asx_store_accuracy_visit *visit, void *state, asx_error *err)
{
    char *last = NULL;
    int rc = SQLITE_DONE;
    asx_status status = ASX_OK;
    while (status == ASX_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        asx_evaluation e;
        const char *formats = asx_db_text(stmt, 0);
        if (last && strcmp(last, formats) == 0)
            continue;
        free(last);
        last = asx_string_copy(formats);
        if (!last)
            return asx_fail(err, ASX_ENOMEM, "no memory for a design");
        asx_evaluation_from_row(&e, tier, stmt, 1, false);
        status = visit(state, last, &e.accuracy, err);
    }
    free(last);
    return status == ASX_OK && rc != SQLITE_DONE ? asx_db_fail(store, err, "list accuracies")
                                                 : status;
}

asx_status asx_store_each_accuracy(asx_store *store, const asx_store_inputs *inputs,
                                   asx_store_accuracy_visit *visit, void *state, asx_error *err)
{
    static const char sql[] = "SELECT d.formats, " ASX_DB_EVALUATION
                              " FROM inputs AS i CROSS JOIN evaluation AS e ON e.inputs = i.id "
                              "JOIN design AS d ON d.id = e.design "
                              "WHERE i.tier = ?1 AND i.accuracy_key = ?2 ORDER BY d.formats, e.id";
    sqlite3_stmt *stmt = NULL;
    char key[ASX_DB_KEY_SIZE];
    if (inputs->accuracy_key == ASX_NO_KEY)
        return asx_fail(err, ASX_ENOMEM, "no memory for the keys of inputs");
    asx_status status = asx_store_flush(store, err); /* bookings held back count too */
    if (status == ASX_OK)
        status = asx_db_prepare(&stmt, store, sql, "list accuracies", err);
    if (status != ASX_OK)
        return status;
    asx_db_key(key, inputs->accuracy_key);
    asx_db_bind_text(stmt, 1, asx_tier_text(inputs->tier));
    asx_db_bind_text(stmt, 2, key);
    status = show(store, stmt, inputs->tier, visit, state, err);
    sqlite3_finalize(stmt);
    return status;
}
