/* Fronts of campaigns too large to be held: rows that others beat are looked at where they lie, without their texts, and the
 * few that tables name are read whole. */
#include "front_streamed.h"

#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "results/query.h"
#include "results/scan.h"
#include "sieve.h"

static asx_scan scan_of(const asx_front *f, const char *where)
{
    return (asx_scan){.campaign = f->campaign, .tier = f->tier, .subset = f->on, .where = where};
}

/* ---- evaluations that something else stands for ---- */

static int by_id(const void *va, const void *vb)
{
    const int64_t a = *(const int64_t *)va, b = *(const int64_t *)vb;
    return (a > b) - (a < b);
}

static bool is_known(const asx_front *f, int64_t id)
{
    return f->n_known && bsearch(&id, f->known, f->n_known, sizeof id, by_id);
}

static asx_status add_known(asx_front *f, const asx_rows *rows, asx_error *err)
{
    if (rows->n == 0)
        return ASX_OK;
    int64_t *known = realloc(f->known, (f->n_known + rows->n) * sizeof *known);
    if (!known)
        return asx_fail(err, ASX_ENOMEM, "no memory for a front");
    f->known = known;
    for (size_t i = 0; i < rows->n; i++)
        known[f->n_known++] = rows->row[i].id;
    qsort(known, f->n_known, sizeof *known, by_id);
    return ASX_OK;
}

/* Of what was measured or trained: the rows that it takes the place of. Predictions go in any case, whether or not the
 * measurement fits a condition; a measured row stays where training was not worth it. */
static asx_status find_before(asx_rows *out, const asx_front *f, asx_store *store,
                              const asx_rows *later, asx_error *err)
{
    const asx_scan scan = scan_of(f, NULL);
    asx_rows all = {0};
    if (!later)
        return ASX_OK;
    asx_status status = asx_scan_same(&all, store, &scan, &f->checked, err);
    if (status == ASX_OK)
        status = asx_scan_same(&all, store, &scan, later, err);
    asx_rows_sort(&all);
    for (size_t i = 0; status == ASX_OK && i < all.n; i++) {
        const asx_row *row = &all.row[i];
        const bool repeated = out->n > 0 && out->row[out->n - 1].id == row->id;
        if (!repeated && (f->tier == ASX_TIER_PROXY || asx_rows_find(later, row->design)))
            status = asx_rows_add(out, row, err);
    }
    asx_rows_fini(&all);
    return status;
}

/* ---- the front among all rows but those ---- */

typedef struct searching {
    const asx_front *f;
    asx_sieve sieve;
} searching;

static asx_status sift(void *state, const asx_row *row, asx_error *err)
{
    searching *s = state;
    return is_known(s->f, row->id) ? ASX_OK : asx_sieve_put(&s->sieve, row, err);
}

static asx_status search(asx_rows *out, const asx_front *f, asx_store *store, const char *where,
                         asx_error *err)
{
    const asx_scan scan = scan_of(f, where);
    searching s = {f, asx_sieve_of(f)};
    asx_status status = asx_scan_each(store, &scan, sift, &s, err);
    if (status == ASX_OK)
        status = asx_sieve_settle(&s.sieve, err);
    if (status == ASX_OK)
        status = asx_scan_rows(out, store, s.sieve.id, s.sieve.n_kept, err);
    asx_sieve_fini(&s.sieve);
    return status;
}

/* Whether a row of the front goes, so that what it beat may come to it. */
static bool loses(const asx_rows *kept, const asx_rows *before, const asx_rows *later)
{
    for (size_t i = 0; i < before->n; i++) {
        const asx_row *row = asx_rows_find(kept, before->row[i].design);
        const asx_row *now = row ? asx_rows_find(later, row->design) : NULL;
        if (row && (!now || now->evaluation.accuracy.drop > row->evaluation.accuracy.drop))
            return true;
    }
    return false;
}

/* Adds kept rows that are none of those before. */
static asx_status keep(asx_rows *out, const asx_rows *kept, const asx_rows *before, asx_error *err)
{
    asx_status status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < kept->n; i++)
        if (!asx_rows_find(before, kept->row[i].design))
            status = asx_rows_add(out, &kept->row[i], err);
    return status;
}

/* Of the rows before those that something is laid over. */
static asx_status add_laid_over(asx_front *f, const asx_rows *before, const asx_rows *later,
                                asx_error *err)
{
    asx_status status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < before->n; i++) {
        const bool repeated =
            i > 0 && strcmp(before->row[i - 1].design, before->row[i].design) == 0;
        if (!repeated && asx_rows_find(later, before->row[i].design))
            status = asx_rows_add(&f->rows, &before->row[i], err);
    }
    return status;
}

asx_status asx_front_stream(asx_front *f, asx_store *store, const char *where, asx_rows *kept,
                            const asx_rows *later, asx_error *err)
{
    asx_rows before = {0};
    asx_status status = find_before(&before, f, store, later, err);
    if (status == ASX_OK)
        status = add_known(f, &before, err);
    if (kept)
        asx_rows_sort(kept);
    if (status == ASX_OK && (!kept || loses(kept, &before, later)))
        status = search(&f->rows, f, store, where, err);
    else if (status == ASX_OK)
        status = keep(&f->rows, kept, &before, err);
    if (status == ASX_OK)
        status = add_known(f, &f->rows, err);
    if (status == ASX_OK)
        status = add_laid_over(f, &before, later, err);
    asx_rows_sort(&f->rows);
    asx_rows_fini(&before);
    return status;
}

/* Designs that tables name though others beat them: the baseline, those that were tested or reported. */
static asx_status find_named(asx_rows *out, const asx_front *f, asx_store *store, asx_error *err)
{
    const asx_scan scan = scan_of(f, NULL);
    const asx_query baseline = {.campaign = f->campaign,
                                .tier = asx_tier_text(f->tier),
                                .subset = asx_subset_text(f->on),
                                .design = f->record.baseline};
    asx_rows found = {0};
    asx_status status = asx_scan_confirmed(out, store, &scan, err);
    if (status == ASX_OK)
        status = asx_scan_same(out, store, &scan, &f->report, err);
    if (status == ASX_OK && !asx_rows_find(&f->rows, f->record.baseline))
        status = asx_query_rows(&found, store, &baseline, err);
    if (status == ASX_OK)
        status = asx_rows_append(out, &found, err);
    asx_rows_fini(&found);
    asx_rows_sort(out);
    return status;
}

asx_status asx_front_add_named(asx_front *f, asx_store *store, asx_error *err)
{
    asx_rows named = {0}, added = {0};
    asx_status status = find_named(&named, f, store, err);
    for (size_t i = 0; status == ASX_OK && i < named.n; i++) {
        const char *design = named.row[i].design;
        const bool repeated = i > 0 && strcmp(named.row[i - 1].design, design) == 0;
        if (!repeated && !asx_rows_find(&f->rows, design))
            status = asx_rows_add(&added, &named.row[i], err);
    }
    if (status == ASX_OK)
        status = add_known(f, &added, err);
    if (status == ASX_OK)
        status = asx_rows_append(&f->rows, &added, err);
    asx_rows_sort(&f->rows);
    asx_rows_fini(&added);
    asx_rows_fini(&named);
    return status;
}

/* ---- what lies behind ---- */

typedef struct showing {
    const asx_front *f;
    asx_row_visit *visit;
    void *state;
} showing;

static asx_status show(void *state, const asx_row *row, asx_error *err)
{
    const showing *s = state;
    return is_known(s->f, row->id) ? ASX_OK : s->visit(s->state, row, err);
}

asx_status asx_front_each_behind(const asx_front *f, asx_store *store, const char *where,
                                 asx_row_visit *visit, void *state, asx_error *err)
{
    const asx_scan scan = scan_of(f, where);
    showing s = {f, visit, state};
    return f->streamed ? asx_scan_each(store, &scan, show, &s, err) : ASX_OK;
}
