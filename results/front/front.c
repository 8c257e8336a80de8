/* Loading a front: rows of the tier that the search ran on, what measuring and training say of them. */
#include "results/front.h"

#include <math.h>
#include <stdlib.h>

#include "candidates.h"
#include "dse/memory.h"
#include "front_later.h"
#include "front_searched.h"
#include "front_streamed.h"
#include "results/query.h"

static asx_status load_rows(asx_rows *out, const asx_front *f, asx_store *store, asx_tier tier,
                            asx_subset subset, const char *where, asx_error *err)
{
    const asx_query query = {.campaign = f->campaign,
                             .tier = asx_tier_text(tier),
                             .subset = asx_subset_text(subset),
                             .where = where};
    return asx_query_rows(out, store, &query, err);
}

/* What another row beats goes, whether or not a front was kept since it was booked: else a run that goes on would see fewer
 * rows than one that was never stopped, and choose others to look at. */
static asx_status take_out_beaten(asx_rows *rows, const asx_front *f, asx_error *err)
{
    size_t *index = NULL, n = 0;
    bool feasible;
    asx_rows front = {.row = asx_array_new(rows->n, sizeof *front.row)};
    asx_rows_sort(rows);
    asx_status status = front.row ? asx_rows_front(&index, &n, &feasible, rows, f->objective,
                                                   f->n_objectives, &f->limits, err)
                                  : asx_fail(err, ASX_ENOMEM, "no memory for %zu rows", rows->n);
    for (size_t i = 0; i < n; i++)
        front.row[front.n++] = rows->row[index[i]];
    if (status == ASX_OK)
        asx_rows_restrict(rows, &front);
    free(front.row);
    free(index);
    return status;
}

static asx_status load_few(asx_rows *out, const asx_front *f, asx_store *store, asx_error *err)
{
    int64_t *inputs = NULL;
    size_t n = 0;
    asx_status status = asx_store_flush(store, err);
    if (status == ASX_OK)
        status = asx_booked_inputs(&inputs, &n, store, f->campaign, asx_tier_text(f->tier),
                                   asx_subset_text(f->on), err);
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
        asx_candidates c = {0};
        status = asx_candidates_read(&c, store, f->campaign, inputs[i], 0, err);
        if (status == ASX_OK)
            status = take_out_beaten(&c.rows, f, err);
        if (status == ASX_OK)
            status = asx_rows_append(out, &c.rows, err);
        asx_rows_fini(&c.rows);
    }
    free(inputs);
    return status;
}

static asx_status load_front(asx_front *f, asx_store *store, const asx_front_options *options,
                             asx_error *err)
{
    asx_rows_fini(&f->rows);
    const asx_status status =
        options->few && !options->where
            ? load_few(&f->rows, f, store, err)
            : load_rows(&f->rows, f, store, f->tier, f->on, options->where, err);
    asx_rows_sort(&f->rows);
    return status;
}

static asx_status choose_tier(asx_front *f, asx_store *store, const asx_front_options *options,
                              asx_error *err)
{
    asx_status status = asx_front_find_searched(&f->searched, f, store, err);
    if (status == ASX_OK && options->on)
        status = asx_subset_parse(&f->on, options->on, err);
    /* only the search predicts, and only for the images it sees */
    f->tier = f->on == ASX_SUBSET_SELECT ? f->searched : ASX_TIER_MEASURED;
    if (status == ASX_OK && options->tier)
        status = asx_tier_parse(&f->tier, options->tier, err);
    return status;
}

/* What was found out later. */
static asx_status lay_over(asx_front *f, asx_store *store, const asx_front_options *options,
                           asx_error *err)
{
    const asx_front_options all = {.where = options->where};
    asx_rows later = {0};
    asx_status status = asx_front_find_later(&later, f, store, options->where, err);
    if (status == ASX_OK && options->few && asx_front_is_worse(f, &later))
        status = load_front(f, store, &all, err);
    if (status == ASX_OK)
        status = asx_front_lay_over(f, &later, err);
    asx_rows_fini(&later);
    return status;
}

static asx_status load_streamed(asx_front *f, asx_store *store, const asx_front_options *options,
                                asx_error *err)
{
    const bool alone = options->tier != NULL;
    asx_rows kept = {0}, later = {0};
    asx_status status =
        alone ? ASX_OK : asx_front_find_later(&later, f, store, options->where, err);
    if (status == ASX_OK && !options->where)
        status = load_few(&kept, f, store, err);
    if (status == ASX_OK)
        status = asx_front_stream(f, store, options->where, options->where ? NULL : &kept,
                                  alone ? NULL : &later, err);
    if (status == ASX_OK && !options->where)
        status = asx_front_add_named(f, store, err);
    if (status == ASX_OK && !alone)
        status = asx_front_lay_over(f, &later, err);
    asx_rows_fini(&later);
    asx_rows_fini(&kept);
    return status;
}

static asx_status load_all(asx_front *f, asx_store *store, const asx_front_options *options,
                           asx_error *err)
{
    asx_status status = choose_tier(f, store, options, err);
    f->streamed = options->streamed && f->tier != ASX_TIER_TRAINED; /* of which there are few */
    if (status == ASX_OK && !f->streamed)
        status = load_front(f, store, options, err);
    if (status == ASX_OK && f->tier == ASX_TIER_PROXY && options->tier)
        status = load_rows(&f->checked, f, store, ASX_TIER_MEASURED, ASX_SUBSET_SELECT, NULL, err);
    if (status == ASX_OK)
        status = load_rows(&f->report, f, store, ASX_TIER_MEASURED, ASX_SUBSET_REPORT, NULL, err);
    asx_rows_sort(&f->checked);
    asx_rows_sort(&f->report);
    if (status == ASX_OK && f->streamed)
        return load_streamed(f, store, options, err);
    if (status == ASX_OK && (!options->tier || f->tier == ASX_TIER_TRAINED))
        status = lay_over(f, store, options, err);
    return status;
}

const asx_row *asx_front_checked(const asx_front *f, const asx_row *row)
{
    return row->evaluation.accuracy.tier != ASX_TIER_MEASURED
               ? asx_rows_find(&f->checked, row->design)
               : NULL;
}

const asx_row *asx_front_predicted(const asx_front *f, const asx_row *row)
{
    if (row->evaluation.accuracy.tier == ASX_TIER_PROXY)
        return row;
    const asx_row *before = asx_rows_find(&f->predicted, row->design);
    return before && before->evaluation.accuracy.tier == ASX_TIER_PROXY ? before : NULL;
}

bool asx_front_is_mixed(const asx_front *f)
{
    return f->predicted.n > 0 || f->trained.n > 0;
}

/* For qsort, which takes no context: a row with what it is sorted by. */
typedef struct place {
    double value;
    size_t row;
} place;

static int by_value(const void *va, const void *vb)
{
    const place *a = va, *b = vb;
    if (a->value != b->value)
        return a->value < b->value ? -1 : 1;
    return a->row < b->row ? -1 : a->row > b->row; /* rows lie by design */
}

static asx_status sort_front(asx_front *f, asx_error *err)
{
    const asx_objective key = f->n_objectives > 1 ? asx_front_cost(f) : f->objective[0];
    place *sorted = asx_array_new(f->n, sizeof *sorted);
    if (!sorted)
        return asx_fail(err, ASX_ENOMEM, "no memory for a front");
    for (size_t i = 0; i < f->n; i++)
        sorted[i] =
            (place){asx_evaluation_objective(&asx_front_row(f, i)->evaluation, key), f->index[i]};
    if (f->n)
        qsort(sorted, f->n, sizeof *sorted, by_value);
    for (size_t i = 0; i < f->n; i++)
        f->index[i] = sorted[i].row;
    free(sorted);
    return ASX_OK;
}

static asx_status read_campaign(asx_front *f, asx_store *store, const asx_front_options *options,
                                asx_error *err)
{
    asx_status status = ASX_OK;
    f->campaign = options->id;
    if (!f->campaign)
        status = asx_record_find(&f->campaign, store, options->campaign, err);
    if (status == ASX_OK)
        status = asx_record_read(&f->record, NULL, store, f->campaign, err);
    if (status == ASX_OK)
        status = asx_record_objectives(f->objective, &f->n_objectives, f->record.objectives, err);
    return status == ASX_OK ? asx_record_limits(&f->limits, f->record.limits, err) : status;
}

static asx_status find_baseline(asx_front *f, asx_store *store, asx_error *err)
{
    f->baseline = asx_rows_find(&f->rows, f->record.baseline);
    if (f->baseline)
        return ASX_OK;
    /* it need not be trained: what counts is its cost */
    const asx_tier tier = f->tier == ASX_TIER_TRAINED ? ASX_TIER_MEASURED : f->tier;
    const asx_query query = {.campaign = f->campaign,
                             .tier = asx_tier_text(tier),
                             .subset = asx_subset_text(ASX_SUBSET_SELECT),
                             .design = f->record.baseline};
    const asx_status status = asx_query_rows(&f->outside, store, &query, err);
    if (status == ASX_OK && f->outside.n > 0)
        f->baseline = &f->outside.row[0];
    return status;
}

/* A row that a condition chose is asked for by its place on the whole front. */
static asx_status number_rows(asx_front *f, const asx_front *whole, asx_error *err)
{
    size_t *at = asx_array_new(whole->rows.n, sizeof *at);
    f->number = asx_array_new(f->n, sizeof *f->number);
    for (size_t i = 0; at && i < whole->n; i++)
        at[whole->index[i]] = i + 1;
    for (size_t i = 0; at && f->number && i < f->n; i++) {
        const asx_row *row = asx_rows_find(&whole->rows, asx_front_row(f, i)->design);
        f->number[i] = row ? at[row - whole->rows.row] : 0;
    }
    const bool lost = !at || !f->number;
    free(at);
    return lost ? asx_fail(err, ASX_ENOMEM, "no memory for a front") : ASX_OK;
}

static asx_status load(asx_front *out, asx_store *store, const asx_front_options *options,
                       asx_error *err)
{
    asx_front f = {0};
    asx_status status = read_campaign(&f, store, options, err);
    if (status == ASX_OK)
        status = load_all(&f, store, options, err);
    if (status == ASX_OK)
        status = find_baseline(&f, store, err);
    if (status == ASX_OK)
        status = asx_rows_front(&f.index, &f.n, &f.feasible, &f.rows, f.objective, f.n_objectives,
                                &f.limits, err);
    if (status == ASX_OK)
        status = sort_front(&f, err);
    if (status == ASX_OK)
        *out = f;
    else
        asx_front_fini(&f);
    return status;
}

asx_status asx_front_load(asx_front *out, asx_store *store, const asx_front_options *options,
                          asx_error *err)
{
    asx_front f = {0}, whole = {0};
    asx_status status = load(&f, store, options, err);
    if (status == ASX_OK && options->where) {
        const asx_front_options all = {
            .id = f.campaign, .tier = options->tier, .on = options->on, .streamed = true};
        status = load(&whole, store, &all, err);
        if (status == ASX_OK)
            status = number_rows(&f, &whole, err);
        asx_front_fini(&whole);
    }
    if (status == ASX_OK)
        *out = f;
    else
        asx_front_fini(&f);
    return status;
}

void asx_front_fini(asx_front *f)
{
    if (!f)
        return;
    free(f->index);
    free(f->number);
    free(f->known);
    asx_rows_fini(&f->rows);
    asx_rows_fini(&f->asked);
    asx_rows_fini(&f->predicted);
    asx_rows_fini(&f->checked);
    asx_rows_fini(&f->report);
    asx_rows_fini(&f->trained);
    asx_rows_fini(&f->outside);
    asx_record_fini(&f->record);
    *f = (asx_front){0};
}

asx_status asx_front_keep(asx_store *store, int64_t campaign, asx_error *err)
{
    const asx_status status = asx_store_flush(store, err);
    return status == ASX_OK ? asx_candidates_settle(store, campaign, err) : status;
}

const asx_row *asx_front_row(const asx_front *f, size_t i)
{
    return &f->rows.row[f->index[i]];
}

size_t asx_front_number(const asx_front *f, size_t i)
{
    return f->number ? f->number[i] : i + 1;
}

size_t asx_front_place(const asx_front *f, const asx_row *row)
{
    for (size_t i = 0; i < f->n; i++)
        if (asx_front_row(f, i) == row)
            return asx_front_number(f, i);
    return 0;
}

asx_objective asx_front_cost(const asx_front *f)
{
    for (size_t j = 0; j < f->n_objectives; j++)
        if (f->objective[j] != ASX_DROP)
            return f->objective[j];
    return ASX_ENERGY;
}

asx_status asx_front_values(double **out, const asx_front *f, asx_error *err)
{
    const size_t d = f->n_objectives;
    double *value = asx_array_new(f->n * d, sizeof *value);
    if (!value)
        return asx_fail(err, ASX_ENOMEM, "no memory for a front");
    for (size_t i = 0; i < f->n; i++)
        for (size_t j = 0; j < d; j++)
            value[i * d + j] =
                asx_evaluation_objective(&asx_front_row(f, i)->evaluation, f->objective[j]);
    *out = value;
    return ASX_OK;
}

bool asx_front_reference(asx_reference_point *out, const asx_front *f)
{
    if (!f->baseline)
        return false;
    *out = asx_reference_point_of(f->objective, f->n_objectives, &f->limits, f->record.score.point,
                                  &f->baseline->evaluation);
    return true;
}

asx_status asx_front_hypervolume_of(double *out, const asx_front *f, const asx_reference_point *r,
                                    asx_error *err)
{
    enum { MOST = 4 }; /* objectives: beyond, it takes long */
    double *value = NULL, volume = 0;
    if (f->n_objectives > MOST || r->n != f->n_objectives) {
        *out = NAN;
        return ASX_OK;
    }
    asx_status status = f->feasible ? asx_front_values(&value, f, err) : ASX_OK;
    if (status == ASX_OK && f->feasible)
        status = asx_reference_point_hypervolume(&volume, r, value, f->n, err);
    if (status == ASX_OK)
        *out = volume;
    free(value);
    return status;
}

asx_status asx_front_hypervolume(double *out, const asx_front *f, asx_error *err)
{
    asx_reference_point r = {0};
    asx_front_reference(&r, f);
    return asx_front_hypervolume_of(out, f, &r, err);
}
