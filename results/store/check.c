#include "results/check.h"

#include <stdio.h>

#include "candidates.h"
#include "page_hash.h"
#include "sound.h"

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
     "SELECT count(*), 'evaluation ' || min(e.id) FROM evaluation AS e WHERE " ASX_WITHOUT},
    {"breakdowns add up", "SELECT count(*), 'evaluation ' || min(e.id) FROM evaluation AS e JOIN "
                          "breakdown AS b ON b.evaluation = e.id WHERE " ASX_UNEVEN},
    {"kept fronts are of their campaign",
     "SELECT count(*), 'evaluation ' || min(f.evaluation) FROM front_row AS f LEFT JOIN evaluation "
     "AS e ON e.id = f.evaluation WHERE e.inputs IS NOT f.inputs OR (e.campaign <> f.campaign AND "
     "NOT EXISTS (SELECT 1 FROM recalled AS q WHERE q.campaign = f.campaign AND q.evaluation = "
     "e.id))"},
    {"campaigns know their inputs",
     "SELECT count(*), 'campaign ' || min(campaign) FROM (" ASX_BOOKED_UNDER
     " EXCEPT SELECT campaign, inputs FROM booked)"},
};

static asx_status run_check(asx_store *store, const char *what, const char *sql,
                            asx_check_visit *visit, void *state, asx_error *err)
{
    sqlite3_stmt *stmt = NULL;
    asx_status status = asx_db_prepare(&stmt, store, sql, "check", err);
    if (status == ASX_OK && sqlite3_step(stmt) != SQLITE_ROW)
        status = asx_db_fail(store, err, "check");
    if (status == ASX_OK) {
        const int64_t n = sqlite3_column_int64(stmt, 0);
        status = visit(state, what, n, n ? asx_db_text(stmt, 1) : "", err);
    }
    sqlite3_finalize(stmt);
    return status;
}

/* What no row knows of is among them: room that is not used. */
static asx_status check_pages(asx_store *store, asx_check_visit *visit, void *state, asx_error *err)
{
    int64_t n = 0, first = 0;
    bool made = false;
    char example[32] = "";
    const asx_status status = asx_page_check(&n, &first, &made, store, err);
    if (status != ASX_OK)
        return status;
    if (n > 0)
        snprintf(example, sizeof example, "page %lld", (long long)first);
    return visit(
        state, made ? "pages are as they were written" : "pages (without hashes: none to compare)",
        n, example, err);
}

static asx_status check_seals(asx_store *store, asx_check_visit *visit, void *state, asx_error *err)
{
#define NAME(name, text) text,
    static const char *const names[] = {ASX_SEAL_CHECK_LIST(NAME)};
#undef NAME
    asx_status status = ASX_OK;
    for (int which = 0; which < ASX_SEAL_N_CHECKS && status == ASX_OK; which++) {
        asx_text sql = {0};
        status = asx_seal_query(&sql, store, (asx_seal_check)which, "main", err);
        if (status == ASX_OK)
            status = run_check(store, names[which], sql.s, visit, state, err);
        asx_text_fini(&sql);
    }
    return status;
}

static asx_status check_fronts(asx_store *store, asx_check_visit *visit, void *state,
                               asx_error *err)
{
    int64_t n = 0;
    char example[64] = "";
    const asx_status status = asx_candidates_check(&n, example, sizeof example, store, err);
    return status == ASX_OK
               ? visit(state, "kept fronts are those of all evaluations", n, example, err)
               : status;
}

asx_status asx_store_check(asx_store *store, asx_check_visit *visit, void *state, asx_error *err)
{
    asx_status status = check_pages(store, visit, state, err);
    for (size_t i = 0; i < sizeof checks / sizeof *checks && status == ASX_OK; i++)
        status = run_check(store, checks[i].what, checks[i].sql, visit, state, err);
    if (status == ASX_OK)
        status = check_seals(store, visit, state, err);
    return status == ASX_OK ? check_fronts(store, visit, state, err) : status;
}
