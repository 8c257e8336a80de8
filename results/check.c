#include "results/check.h"

#include "db.h"

#define PLUS(name, text, group, help) " + b." text "_pj"
/* energy of the parts against the total: sums of doubles, so a little slack */
#define UNEVEN  "abs(e.energy_pj - (0" ASX_COMPONENT_LIST(PLUS) ")) > 1e-6 * abs(e.energy_pj) + 1e-9"
#define WITHOUT "e.id NOT IN (SELECT evaluation FROM breakdown)"

#define BOOKED_UNDER                                                                               \
    "SELECT campaign, inputs FROM evaluation UNION SELECT q.campaign, e.inputs FROM recalled AS "  \
    "q JOIN evaluation AS e ON e.id = q.evaluation"

/* Each query gives the number of faults and an example. */
static const struct check {
    const char *what, *sql;
} checks[] = {
    {"structure of the file",
     "SELECT sum(integrity_check <> 'ok'), min(integrity_check) FROM pragma_integrity_check"},
    {"references between rows",
     "SELECT count(*), min(\"table\" || ' ' || rowid) FROM pragma_foreign_key_check"},
    {"designs are stored once",
     "SELECT count(*), min(formats) FROM (SELECT formats FROM design GROUP BY formats, placement "
     "HAVING count(*) > 1)"},
    {"evaluations have their breakdown",
     "SELECT count(*), 'evaluation ' || min(e.id) FROM evaluation AS e WHERE " WITHOUT},
    {"breakdowns add up", "SELECT count(*), 'evaluation ' || min(e.id) FROM evaluation AS e JOIN "
                          "breakdown AS b ON b.evaluation = e.id WHERE " UNEVEN},
    {"kept fronts are of their campaign",
     "SELECT count(*), 'evaluation ' || min(f.evaluation) FROM front_row AS f LEFT JOIN evaluation "
     "AS e ON e.id = f.evaluation WHERE e.inputs IS NOT f.inputs OR (e.campaign <> f.campaign AND "
     "NOT EXISTS (SELECT 1 FROM recalled AS q WHERE q.campaign = f.campaign AND q.evaluation = "
     "e.id))"},
    {"campaigns know their inputs",
     "SELECT count(*), 'campaign ' || min(campaign) FROM (" BOOKED_UNDER
     " EXCEPT SELECT campaign, inputs FROM booked)"},
};

asx_status asx_store_check(asx_store *store, asx_check_visit *visit, void *state, asx_error *err)
{
    asx_status status = ASX_OK;
    for (size_t i = 0; i < sizeof checks / sizeof *checks && status == ASX_OK; i++) {
        sqlite3_stmt *stmt = NULL;
        status = asx_db_prepare(&stmt, store, checks[i].sql, "check", err);
        if (status == ASX_OK && sqlite3_step(stmt) != SQLITE_ROW)
            status = asx_db_fail(store, err, "check");
        if (status == ASX_OK) {
            const int64_t n = sqlite3_column_int64(stmt, 0);
            status = visit(state, checks[i].what, n, n ? asx_db_text(stmt, 1) : "", err);
        }
        sqlite3_finalize(stmt);
    }
    return status;
}

/* Designs that are there twice become the first of them; evaluations without a design, inputs or
 * campaign, without a breakdown or with one that does not add up go. Fronts are looked for anew:
 * triggers see to that, and the last steps where nothing was taken out. */
static const char *const repairs[] = {
    "CREATE TEMP TABLE twin AS SELECT id, first FROM (SELECT id, min(id) OVER (PARTITION BY "
    "formats, placement) AS first FROM design) WHERE id <> first",
    "UPDATE OR IGNORE evaluation SET design = (SELECT first FROM twin WHERE twin.id = design) "
    "WHERE design IN (SELECT id FROM twin)",
    "CREATE TEMP TABLE wrong AS SELECT e.id FROM evaluation AS e WHERE " WITHOUT
    " UNION SELECT e.id FROM evaluation AS e JOIN breakdown AS b ON b.evaluation = e.id "
    "WHERE " UNEVEN " UNION SELECT id FROM evaluation WHERE design IN (SELECT id FROM twin) OR "
    "design NOT IN (SELECT id FROM design) OR inputs NOT IN (SELECT id FROM inputs) OR campaign "
    "NOT IN (SELECT id FROM campaign)",
    "DELETE FROM recalled WHERE evaluation IN (SELECT id FROM wrong) OR evaluation NOT IN (SELECT "
    "id FROM evaluation) OR campaign NOT IN (SELECT id FROM campaign)",
    "DELETE FROM evaluation WHERE id IN (SELECT id FROM wrong)",
    "DELETE FROM breakdown WHERE evaluation NOT IN (SELECT id FROM evaluation)",
    "DELETE FROM design WHERE id IN (SELECT id FROM twin)",
    "DELETE FROM run WHERE campaign NOT IN (SELECT id FROM campaign)",
    "DELETE FROM moment WHERE run NOT IN (SELECT id FROM run)",
    "DELETE FROM layer WHERE campaign NOT IN (SELECT id FROM campaign)",
    "DELETE FROM front_row",
    "DELETE FROM booked WHERE campaign NOT IN (SELECT id FROM campaign) OR inputs NOT IN (SELECT "
    "id "
    "FROM inputs)",
    "UPDATE booked SET evaluation_upto = 0, recalled_upto = 0",
    "INSERT OR IGNORE INTO booked (campaign, inputs) " BOOKED_UNDER,
    "REINDEX",
};

asx_status asx_store_repair(int64_t *n_removed, asx_store *store, asx_error *err)
{
    int64_t n = 0;
    /* what refers to nothing could not be touched with references enforced */
    asx_status status = asx_db_run(store, "PRAGMA foreign_keys = OFF", "repair", err);
    if (status == ASX_OK)
        status = asx_db_begin(store, err);
    if (status != ASX_OK)
        return status;
    for (size_t i = 0; i < sizeof repairs / sizeof *repairs && status == ASX_OK; i++)
        status = asx_db_run(store, repairs[i], "repair", err);
    if (status == ASX_OK)
        status = asx_db_integer(&n, store, "SELECT count(*) FROM wrong", "repair", err);
    if (status == ASX_OK)
        status = asx_db_run(store, "DROP TABLE wrong; DROP TABLE twin", "repair", err);
    status = asx_db_end(store, status, err);
    asx_design_forget(store);
    if (status == ASX_OK)
        status = asx_db_run(store, "PRAGMA foreign_keys = ON", "repair", err);
    if (status == ASX_OK)
        *n_removed = n;
    return status;
}
