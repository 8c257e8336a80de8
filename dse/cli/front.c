#include "front.h"

#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "results/candidates.h"
#include "search/pareto.h"

static asx_status load_rows(asx_rows *out, const front *f, asx_store *store, asx_tier tier,
                            const char *subset, const char *where, asx_error *err)
{
    const asx_query query = {
        .campaign = f->campaign, .tier = asx_tier_text(tier), .subset = subset, .where = where};
    return asx_query_rows(out, store, &query, err);
}

/* Rows that may be on the front. */
static asx_status load_few(asx_rows *out, const front *f, asx_store *store, asx_error *err)
{
    int64_t *inputs = NULL;
    size_t n = 0;
    asx_status st = asx_candidates_inputs(&inputs, &n, store, f->campaign, asx_tier_text(f->tier),
                                          "select", err);
    for (size_t i = 0; st == ASX_OK && i < n; i++) {
        asx_candidates c = {0};
        st = asx_candidates_read(&c, store, f->campaign, inputs[i], 0, err);
        if (st == ASX_OK)
            st = asx_rows_append(out, &c.rows, err);
    }
    free(inputs);
    return st;
}

static asx_status load_front(front *f, asx_store *store, const front_options *options,
                             asx_error *err)
{
    asx_rows_fini(&f->rows);
    return options->few && !options->where
               ? load_few(&f->rows, f, store, err)
               : load_rows(&f->rows, f, store, f->tier, "select", options->where, err);
}

/* Without a tier asked for, it is the one the search ran on: proxy rows exist only if it was that.
 */
static asx_status load_all(front *f, asx_store *store, const front_options *options, asx_error *err)
{
    asx_status st = ASX_OK;
    f->tier = ASX_TIER_PROXY;
    if (options->tier)
        st = asx_tier_parse(&f->tier, options->tier, err);
    if (st == ASX_OK)
        st = load_front(f, store, options, err);
    if (st == ASX_OK && f->rows.n == 0 && !options->tier) {
        f->tier = ASX_TIER_MEASURED;
        st = load_front(f, store, options, err);
    }
    if (st == ASX_OK && f->tier == ASX_TIER_PROXY)
        st = load_rows(&f->checked, f, store, ASX_TIER_MEASURED, "select", NULL, err);
    if (st == ASX_OK)
        st = load_rows(&f->report, f, store, ASX_TIER_MEASURED, "report", NULL, err);
    return st;
}

static int by_design(const void *a, const void *b)
{
    return strcmp(((const asx_row *)a)->design, ((const asx_row *)b)->design);
}

void front_sort_rows(asx_rows *rows)
{
    if (rows->n)
        qsort(rows->row, rows->n, sizeof *rows->row, by_design);
}

const asx_row *front_find(const asx_rows *rows, const char *design)
{
    const asx_row key = {.design = design};
    return rows->n ? bsearch(&key, rows->row, rows->n, sizeof key, by_design) : NULL;
}

const asx_row *front_checked(const front *f, const asx_row *row)
{
    return row->evaluation.accuracy.tier != ASX_TIER_MEASURED ? front_find(&f->checked, row->design)
                                                              : NULL;
}

asx_status front_pick(size_t **index, size_t *n_index, bool *feasible, const front *f,
                      const asx_rows *rows, asx_error *err)
{
    const size_t n = rows->n, d = f->n_objectives;
    asx_status st = ASX_OK;
    double *value = asx_array_new(n * d, sizeof *value);
    double *violation = asx_array_new(n, sizeof *violation);
    size_t *picked = asx_array_new(n, sizeof *picked), n_picked = 0;
    if (!value || !violation || !picked) {
        st = asx_fail(err, ASX_ENOMEM, "no memory for a front");
        goto done;
    }
    for (size_t i = 0; i < n; i++) {
        const asx_evaluation *e = &rows->row[i].evaluation;
        for (size_t j = 0; j < d; j++)
            value[i * d + j] = asx_evaluation_objective(e, f->objective[j]);
        violation[i] = asx_limits_violation(&f->limits, e);
    }
    if (n > 0)
        st = asx_pareto_front(picked, &n_picked, value, violation, n, d, err);
    if (st == ASX_OK) {
        *feasible = n_picked > 0 && violation[picked[0]] == 0;
        *index = picked;
        *n_index = n_picked;
        picked = NULL;
    }
done:
    free(picked);
    free(violation);
    free(value);
    return st;
}

static void sort_front(front *f)
{
    asx_objective key = f->objective[0];
    for (size_t j = 0; j < f->n_objectives && key == ASX_DROP; j++)
        key = f->objective[j];
    /* insertion sort: fronts are short, and the rows' order breaks ties */
    for (size_t i = 1; i < f->n; i++) {
        const size_t row = f->index[i];
        const double v = asx_evaluation_objective(&f->rows.row[row].evaluation, key);
        size_t k = i;
        for (; k > 0; k--) {
            const asx_row *before = &f->rows.row[f->index[k - 1]];
            if (asx_evaluation_objective(&before->evaluation, key) <= v)
                break;
            f->index[k] = f->index[k - 1];
        }
        f->index[k] = row;
    }
}

static asx_status find_baseline(front *f, asx_store *store, asx_error *err)
{
    f->baseline = front_find(&f->rows, f->record.baseline);
    if (f->baseline)
        return ASX_OK;
    /* it need not be trained: what counts is its cost */
    const asx_tier tier = f->tier == ASX_TIER_TRAINED ? ASX_TIER_MEASURED : f->tier;
    const asx_query query = {.campaign = f->campaign,
                             .tier = asx_tier_text(tier),
                             .subset = "select",
                             .design = f->record.baseline};
    const asx_status st = asx_query_rows(&f->outside, store, &query, err);
    if (st == ASX_OK && f->outside.n > 0)
        f->baseline = &f->outside.row[0];
    return st;
}

asx_status front_load(front *out, asx_store *store, const front_options *options, asx_error *err)
{
    front f = {0};
    asx_status st = front_campaign(&f, store, options, err);
    if (st == ASX_OK)
        st = load_all(&f, store, options, err);
    if (st == ASX_OK) {
        asx_rows *all[] = {&f.rows, &f.checked, &f.report};
        for (int i = 0; i < 3; i++)
            front_sort_rows(all[i]);
        if (!options->tier || f.tier == ASX_TIER_TRAINED)
            st = front_add_trained(&f, store, options->where, err);
    }
    if (st == ASX_OK) {
        st = find_baseline(&f, store, err);
    }
    if (st == ASX_OK)
        st = front_pick(&f.index, &f.n, &f.feasible, &f, &f.rows, err);
    if (st == ASX_OK) {
        sort_front(&f);
        f.first_row = 1;
        *out = f;
    } else {
        front_fini(&f);
    }
    return st;
}

void front_fini(front *f)
{
    free(f->index);
    free(f->exact_pj);
    free(f->extrapolated);
    asx_rows_fini(&f->rows);
    asx_rows_fini(&f->checked);
    asx_rows_fini(&f->report);
    asx_rows_fini(&f->trained);
    asx_rows_fini(&f->outside);
    asx_campaign_record_fini(&f->record);
    *f = (front){0};
}
