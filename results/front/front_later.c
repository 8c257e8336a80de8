/* What was found out about designs after a search had judged them, laid over a front's rows: a
 * measured drop takes the place of a predicted one; a trained design that loses less takes the place
 * of the same design untrained, for it is the same hardware, better used. */
#include "front_later.h"

#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "results/query.h"

static asx_status load(asx_rows *out, const asx_front *f, asx_store *store, asx_tier tier,
                       asx_subset subset, const char *where, asx_error *err)
{
    const asx_query query = {.campaign = f->campaign,
                             .tier = asx_tier_text(tier),
                             .subset = asx_subset_text(subset),
                             .where = where,
                             .sort = "design, evaluation"};
    asx_rows_fini(out);
    return asx_query_rows(out, store, &query, err);
}

/* Whether training was worth it: it need not be, and then the untrained network stands. */
static bool is_better(const asx_front *f, const asx_row *trained)
{
    const asx_row *before = asx_rows_find(&f->checked, trained->design);
    return f->tier == ASX_TIER_TRAINED || !before ||
           trained->evaluation.accuracy.drop < before->evaluation.accuracy.drop;
}

/* The last training of every design, if it was worth it. @param out borrows from `rows`; free its
 * `row` */
static asx_status choose(asx_rows *out, const asx_front *f, const asx_rows *rows, asx_error *err)
{
    asx_row *row = asx_array_new(rows->n, sizeof *row);
    size_t n = 0;
    if (!row)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu rows", rows->n);
    for (size_t i = 0; i < rows->n; i++)
        if ((i + 1 == rows->n || strcmp(rows->row[i].design, rows->row[i + 1].design) != 0) &&
            is_better(f, &rows->row[i]))
            row[n++] = rows->row[i];
    *out = (asx_rows){.row = row, .n = n};
    return ASX_OK;
}

static asx_status lay_trained(asx_rows *out, asx_front *f, asx_store *store, asx_error *err)
{
    asx_rows report = {0}, chosen = {0};
    asx_status status = load(&report, f, store, ASX_TIER_TRAINED, ASX_SUBSET_REPORT, NULL, err);
    if (status == ASX_OK)
        status = choose(&chosen, f, &f->trained, err);
    if (status == ASX_OK)
        asx_rows_restrict(&report, &chosen);
    if (status == ASX_OK && chosen.n > 0)
        status = asx_rows_lay_over(out, &chosen, err);
    if (status == ASX_OK && report.n > 0)
        status = asx_rows_lay_over(&f->report, &report, err);
    free(chosen.row);
    asx_rows_fini(&report);
    return status;
}

asx_status asx_front_find_later(asx_rows *out, asx_front *f, asx_store *store, const char *where,
                                asx_error *err)
{
    const bool predicted = f->tier == ASX_TIER_PROXY;
    asx_rows later = {0};
    asx_status status = load(&f->trained, f, store, ASX_TIER_TRAINED, f->on, where, err);
    if (status == ASX_OK && (predicted || f->trained.n > 0))
        status = load(&f->checked, f, store, ASX_TIER_MEASURED, f->on, NULL, err);
    if (status == ASX_OK && predicted)
        status = load(&later, f, store, ASX_TIER_MEASURED, f->on, where, err);
    else if (status == ASX_OK && f->trained.n > 0)
        asx_rows_restrict(&f->checked, &f->trained);
    asx_rows_sort(&f->checked);
    asx_rows_sort(&later);
    if (status == ASX_OK && f->trained.n > 0)
        status = lay_trained(&later, f, store, err);
    if (status == ASX_OK)
        *out = later;
    else
        asx_rows_fini(&later);
    return status;
}

bool asx_front_is_worse(const asx_front *f, const asx_rows *later)
{
    for (size_t i = 0; i < later->n; i++) {
        const asx_row *before = asx_rows_find(&f->rows, later->row[i].design);
        if (before && later->row[i].evaluation.accuracy.drop > before->evaluation.accuracy.drop)
            return true;
    }
    return false;
}

/* What a condition wants to know of a design is the last that is known of it. */
static asx_status take_out_measured(asx_front *f, const asx_rows *later, asx_error *err)
{
    asx_rows kept = {0};
    asx_status status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < f->rows.n; i++) {
        const asx_row *row = &f->rows.row[i];
        if (!asx_rows_find(&f->checked, row->design) || asx_rows_find(later, row->design))
            status = asx_rows_add(&kept, row, err);
    }
    if (status == ASX_OK) {
        asx_rows_fini(&f->rows);
        f->rows = kept;
    } else {
        asx_rows_fini(&kept);
    }
    return status;
}

asx_status asx_front_lay_over(asx_front *f, const asx_rows *later, asx_error *err)
{
    asx_status status = ASX_OK;
    if (f->tier == ASX_TIER_PROXY && later->n < f->checked.n)
        status = take_out_measured(f, later, err);
    for (size_t i = 0; status == ASX_OK && i < later->n; i++) {
        const asx_row *before = asx_rows_find(&f->rows, later->row[i].design);
        if (before && f->tier != ASX_TIER_TRAINED)
            status = asx_rows_add(&f->predicted, before, err);
    }
    return status == ASX_OK ? asx_rows_lay_over(&f->rows, later, err) : status;
}
