/* Costs of single rows of a front, by part of the machine. */
#include "results/front.h"
#include "results/query.h"

asx_status asx_front_parts(asx_cost *out, const asx_front *f, asx_store *store, const asx_row *row,
                           asx_error *err)
{
    asx_rows rows = {0};
    /* of its own tier: designs of a front may be predicted, measured or trained */
    const asx_query query = {.campaign = f->campaign,
                             .design = row->design,
                             .tier = asx_tier_text(row->evaluation.accuracy.tier),
                             .subset = row->subset,
                             .parts = true};
    asx_status status = asx_query_rows(&rows, store, &query, err);
    size_t i = 0;
    while (status == ASX_OK && i < rows.n && rows.row[i].id != row->id)
        i++;
    if (status == ASX_OK && i == rows.n)
        status = asx_fail(err, ASX_ENOTFOUND, "'%.200s' is not in the database", row->design);
    if (status == ASX_OK)
        *out = rows.row[i].evaluation.cost;
    asx_rows_fini(&rows);
    return status;
}
