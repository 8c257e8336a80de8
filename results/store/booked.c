/* Which sets of inputs a campaign has a ledger for. */
#include "candidates.h"
#include "db_rows.h"

asx_status asx_booked_inputs(int64_t **out, size_t *n, asx_store *store, int64_t campaign,
                             const char *tier, const char *subset, asx_error *err)
{
    const char *what = "read which inputs there are";
    sqlite3_stmt *stmt = NULL;
    asx_status status =
        asx_db_prepare(&stmt, store,
                       "SELECT b.inputs FROM booked AS b JOIN inputs AS i ON i.id = b.inputs WHERE "
                       "b.campaign = ?1 AND (?2 IS NULL OR i.tier = ?2) AND (?3 IS NULL OR "
                       "i.subset = ?3) ORDER BY b.inputs",
                       what, err);
    if (status != ASX_OK)
        return status;
    sqlite3_bind_int64(stmt, 1, campaign);
    sqlite3_bind_text(stmt, 2, tier, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 3, subset, -1, SQLITE_STATIC);
    status = asx_db_integers(out, n, store, stmt, what, err);
    sqlite3_finalize(stmt);
    return status;
}
