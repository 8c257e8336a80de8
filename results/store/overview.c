/* Counting what a database holds. */
#include "results/overview.h"

#include <stdlib.h>

#include "db_rows.h"
#include "dse/memory.h"
#include "run_row.h"
#include "sound.h"

/* Counts come from the evaluations themselves: they are there as soon as committed. */
static const char sql[] =
    "SELECT c.id, c.name, c.objectives, coalesce(n.proxy, 0), coalesce(n.measured, 0), "
    "coalesce(n.trained, 0), coalesce(n.report, 0), coalesce(n.costs, 0), " ASX_DB_RUN(
        "r.") " FROM campaign AS c "
              "LEFT JOIN (SELECT campaign, sum(tier = 'proxy') AS proxy, "
              "sum(tier = 'measured' AND subset = 'select') AS measured, "
              "sum(tier = 'trained') AS trained, sum(tier = 'costs') AS costs, "
              "sum(tier = 'measured' AND subset = 'report') AS report FROM "
              "(SELECT e.campaign, e.inputs FROM evaluation AS e UNION ALL SELECT q.campaign, e.inputs FROM "
              "recalled AS q JOIN evaluation AS e ON e.id = q.evaluation) AS m "
              "JOIN inputs AS i ON i.id = m.inputs GROUP BY campaign) AS n ON n.campaign = c.id "
              "LEFT JOIN run AS r ON r.id = (SELECT max(id) FROM run WHERE campaign = c.id) WHERE c." ASX_NOT_LOST
              " ORDER BY c.id";

static asx_status read_row(void *out, sqlite3_stmt *stmt, asx_error *err)
{
    asx_overview o = {.campaign = sqlite3_column_int64(stmt, 0)};
    size_t *const count[] = {&o.n_proxy, &o.n_measured, &o.n_trained, &o.n_report, &o.n_costs};
    for (int i = 0; i < 5; i++)
        *count[i] = (size_t)sqlite3_column_int64(stmt, 3 + i);
    o.name = asx_string_copy(asx_db_text(stmt, 1));
    o.objectives = asx_string_copy(asx_db_text(stmt, 2));
    asx_status status = o.name && o.objectives ? asx_run_entry_read(&o.run, stmt, 8, err)
                                               : asx_fail(err, ASX_ENOMEM, "no memory for a name");
    if (status != ASX_OK) {
        free(o.name);
        free(o.objectives);
        return status;
    }
    *(asx_overview *)out = o;
    return ASX_OK;
}

asx_status asx_overview_read(asx_overview **out, size_t *n, asx_store *store, asx_error *err)
{
    const char *what = "list the campaigns";
    sqlite3_stmt *stmt = NULL;
    asx_db_array campaigns = {.size = sizeof **out};
    asx_status status = asx_store_flush(store, err);
    if (status == ASX_OK)
        status = asx_db_prepare(&stmt, store, sql, what, err);
    if (status == ASX_OK)
        status = asx_db_rows(&campaigns, store, stmt, what, read_row, err);
    sqlite3_finalize(stmt);
    if (status != ASX_OK) {
        asx_overview_free(campaigns.all, campaigns.n);
        return status;
    }
    *out = campaigns.all;
    *n = campaigns.n;
    return ASX_OK;
}

void asx_overview_free(asx_overview *overview, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        free(overview[i].name);
        free(overview[i].objectives);
        asx_run_entry_fini(&overview[i].run);
    }
    free(overview);
}
