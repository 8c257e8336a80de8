/* What training made of designs, laid over a front's rows: a trained design that loses less takes
 * the place of the same design untrained, for it is the same hardware, better used. */
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "front.h"

static asx_status load(asx_rows *out, const front *f, asx_store *store, asx_tier tier,
                       const char *subset, const char *where, asx_error *err)
{
    const asx_query query = {.campaign = f->campaign,
                             .tier = asx_tier_text(tier),
                             .subset = subset,
                             .where = where,
                             .sort = "design, evaluation"};
    return asx_query_rows(out, store, &query, err);
}

/* Both sorted by design; of several trainings of one design the last comes last, and counts. Rows
 * that are not in `into` are added. */
static asx_status lay_over(asx_rows *into, asx_rows *over, asx_error *err)
{
    const size_t n = into->n;
    asx_row *rows = asx_array_grow(into->row, &into->capacity, n + over->n, sizeof *rows);
    if (!rows)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu rows", n + over->n);
    into->row = rows;
    for (size_t i = 0; i < over->n; i++) {
        const asx_row key = over->row[i];
        const asx_rows sorted = {.row = into->row, .n = n};
        const asx_row *found = front_find(&sorted, key.design);
        asx_row *last = into->n > n ? &into->row[into->n - 1] : NULL;
        if (!found && last && strcmp(last->design, key.design) == 0)
            found = last;
        if (found) {
            into->row[found - into->row].evaluation = key.evaluation;
            continue;
        }
        asx_row copy = key;
        copy.design = asx_string_copy(key.design);
        copy.subset = asx_string_copy(key.subset);
        if (!copy.design || !copy.subset) {
            free((void *)copy.design);
            free((void *)copy.subset);
            return asx_fail(err, ASX_ENOMEM, "no memory for a row");
        }
        into->row[into->n++] = copy;
    }
    front_sort_rows(into);
    return ASX_OK;
}

/* Whether training was worth it: it need not be, and then the untrained network stands. */
static bool is_better(const front *f, const asx_row *trained)
{
    const asx_row *before = front_find(&f->checked, trained->design);
    return f->tier == ASX_TIER_TRAINED || !before ||
           trained->evaluation.accuracy.drop < before->evaluation.accuracy.drop;
}

/* The last training of every design, if it was worth it. @param out borrows from `rows`; free its
 * `row` */
static asx_status choose(asx_rows *out, const front *f, const asx_rows *rows, asx_error *err)
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

/* The rows of `rows` whose designs are among the chosen. */
static void restrict_to(asx_rows *rows, const asx_rows *chosen)
{
    size_t n = 0;
    for (size_t i = 0; i < rows->n; i++) {
        const asx_row row = rows->row[i];
        if (front_find(chosen, row.design)) {
            rows->row[i] = rows->row[n];
            rows->row[n++] = row;
        }
    }
    for (size_t i = n; i < rows->n; i++) {
        free((void *)rows->row[i].design);
        free((void *)rows->row[i].subset);
    }
    rows->n = n;
}

asx_status front_add_trained(front *f, asx_store *store, const char *where, asx_error *err)
{
    asx_rows report = {0}, chosen = {0};
    asx_status st = load(&f->trained, f, store, ASX_TIER_TRAINED, "select", where, err);
    if (st < 0 || f->trained.n == 0)
        return st;
    if (f->tier != ASX_TIER_PROXY) { /* what they were before, for comparison */
        asx_rows_fini(&f->checked);
        st = load(&f->checked, f, store, ASX_TIER_MEASURED, "select", NULL, err);
        restrict_to(&f->checked, &f->trained);
    }
    if (st == ASX_OK)
        st = load(&report, f, store, ASX_TIER_TRAINED, "report", NULL, err);
    if (st == ASX_OK)
        st = choose(&chosen, f, &f->trained, err);
    if (st == ASX_OK)
        restrict_to(&report, &chosen);
    if (st == ASX_OK && chosen.n > 0)
        st = lay_over(&f->rows, &chosen, err);
    if (st == ASX_OK && report.n > 0)
        st = lay_over(&f->report, &report, err);
    free(chosen.row);
    asx_rows_fini(&report);
    return st;
}
