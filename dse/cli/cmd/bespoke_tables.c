/* The tables of 'asx bespoke train'. */
#include <math.h>
#include <stdio.h>

#include "bespoke_found.h"
#include "bespoke_runs.h"

static double percent(size_t rows, size_t of)
{
    return 100 * (double)rows / (double)of;
}

static asx_status make_parts(table **out, const asx_bespoke_result *r,
                             const asx_bespoke_table *data, asx_error *err)
{
    static const char *const names[ASX_BESPOKE_N_PARTS] = {"learn", "choose", "report"};
    static const table_column columns[] = {
        {"rows_to", TABLE_TEXT, 0},    {"rows", TABLE_INTEGER, 0},    {"guessing", TABLE_NUMBER, 2},
        {"in_float", TABLE_NUMBER, 2}, {"baseline", TABLE_NUMBER, 2}, {0}};
    const asx_status status = table_new(out, "accuracy_percent", columns, err);
    for (int p = 0; status == ASX_OK && p < ASX_BESPOKE_N_PARTS; p++) {
        const size_t n = r->rows[p];
        table_text(*out, names[p]);
        table_integer(*out, (long long)n);
        table_number(*out, percent(asx_bespoke_table_commonest(data, (asx_bespoke_part_kind)p), n));
        table_number(*out, percent(r->in_float[p], n));
        table_number(*out, percent(r->baseline.correct[p], n));
    }
    return status;
}

static asx_status make_work(table **out, const asx_bespoke_result *r, const asx_bespoke_table *data,
                            asx_error *err)
{
    static const table_column columns[] = {
        {"features", TABLE_INTEGER, 0},     {"classes", TABLE_INTEGER, 0},
        {"designs", TABLE_INTEGER, 0},      {"recalled", TABLE_INTEGER, 0},
        {"front", TABLE_INTEGER, 0},        {"training_min", TABLE_NUMBER, 2},
        {"evolution_min", TABLE_NUMBER, 2}, {0}};
    const asx_status status = table_new(out, "work", columns, err);
    if (status != ASX_OK)
        return status;
    table_integer(*out, (long long)data->features);
    table_integer(*out, (long long)data->classes);
    table_integer(*out, (long long)r->evaluated);
    table_integer(*out, (long long)r->resumed);
    table_integer(*out, (long long)r->n);
    table_number(*out, r->training_s / 60);
    table_number(*out, r->evolution_s / 60);
    return status;
}

/* NAN of a constant, which is no circuit at all. */
static double gain(double of, double by)
{
    return by > 0 ? of / by : NAN;
}

/* NAN where there is no such design. */
static void add_costs(table *t, const asx_bespoke_found *f, const asx_bespoke_found *baseline)
{
    table_number(t, f ? f->price.area_cm2 : NAN);
    table_number(t, f ? f->price.power_mw : NAN);
    table_number(t, f ? gain(baseline->price.area_cm2, f->price.area_cm2) : NAN);
    table_number(t, f ? gain(baseline->price.power_mw, f->price.power_mw) : NAN);
}

/* Those that are wired at all: each wants a converter. */
static long long features_of(const asx_bespoke *b)
{
    long long n = 0;
    for (size_t i = 0; i < b->layer[0].inputs; i++)
        n += b->input_bits[i] > 0;
    return n;
}

static void add_test(table *t, const asx_bespoke_found *f, bool drop)
{
    table_number(t, f ? f->test.accuracy : NAN);
    table_number(t, f ? f->test.accuracy_low : NAN);
    table_number(t, f ? f->test.accuracy_high : NAN);
    table_number(t, f && drop ? f->test.drop : NAN);
    table_number(t, f && drop ? f->test.drop_low : NAN);
    table_number(t, f && drop ? f->test.drop_high : NAN);
    if (f)
        table_integer(t, features_of(f->network));
    else
        table_text(t, NULL);
}

#define COSTS                                                                                      \
    {"area_cm2", TABLE_NUMBER, 3}, {"power_mw", TABLE_NUMBER, 2}, {"area_gain", TABLE_NUMBER, 1},  \
    {                                                                                              \
        "power_gain", TABLE_NUMBER, 1                                                              \
    }
#define TESTS                                                                                      \
    {"accuracy", TABLE_NUMBER, 2}, {"low", TABLE_NUMBER, 2}, {"high", TABLE_NUMBER, 2},            \
        {"lost", TABLE_NUMBER, 2}, {"lost_low", TABLE_NUMBER, 2}, {"lost_high", TABLE_NUMBER, 2},  \
    {                                                                                              \
        "features", TABLE_INTEGER, 0                                                               \
    }

static void add_source(table *t, const asx_bespoke_found *f, const asx_power_source *source,
                       size_t n)
{
    table_text(t, f ? bespoke_power_source(source, n, f->price.power_mw) : NULL);
}

static void fill_chosen(table *t, const asx_bespoke_result *r, const asx_power_source *source,
                        size_t n)
{
    table_text(t, "baseline");
    add_costs(t, &r->baseline, &r->baseline);
    add_test(t, &r->baseline, false);
    add_source(t, &r->baseline, source, n);
    for (int k = 0; k < ASX_BESPOKE_LOSSES; k++) {
        char name[16];
        const asx_bespoke_found *f =
            r->chosen[k] == ASX_BESPOKE_NONE ? NULL : &r->front[r->chosen[k]];
        snprintf(name, sizeof name, "%g", asx_bespoke_loss[k]);
        table_text(t, name);
        add_costs(t, f, &r->baseline);
        add_test(t, f, true);
        add_source(t, f, source, n);
    }
}

static asx_status make_chosen(table **out, const asx_bespoke_result *r, asx_error *err)
{
    static const table_column columns[] = {
        {"lost_at_most", TABLE_TEXT, 0}, COSTS, TESTS, {"runs_from", TABLE_TEXT, 0}, {0}};
    asx_power_source *source = NULL;
    size_t n = 0;
    asx_status status = asx_power_sources_load(&source, &n, err);
    if (status == ASX_OK)
        status = table_new(out, "chosen", columns, err);
    if (status == ASX_OK)
        fill_chosen(*out, r, source, n);
    asx_power_sources_free(source, n);
    return status;
}

asx_status bespoke_front(table **out, const asx_bespoke_result *r, size_t rows, asx_error *err)
{
    static const table_column columns[] = {{"chosen_lost", TABLE_NUMBER, 2}, COSTS, TESTS, {0}};
    const asx_status status = table_new(out, "front", columns, err);
    for (size_t i = 0; status == ASX_OK && i < rows; i++) {
        const asx_bespoke_found *f = &r->front[rows > 1 ? i * (r->n - 1) / (rows - 1) : 0];
        table_number(*out, f->lost);
        add_costs(*out, f, &r->baseline);
        add_test(*out, f, true);
    }
    return status;
}

asx_status bespoke_tables(table *out[BESPOKE_TABLES], const asx_bespoke_result *r,
                          const asx_bespoke_table *data, size_t rows, asx_error *err)
{
    asx_status status = make_parts(&out[0], r, data, err);
    if (status == ASX_OK)
        status = make_work(&out[1], r, data, err);
    if (status == ASX_OK)
        status = bespoke_front(&out[2], r, rows, err);
    if (status == ASX_OK)
        status = make_chosen(&out[3], r, err);
    for (int i = 2; status == ASX_OK && i < BESPOKE_TABLES; i++)
        table_for_people(out[i], NULL, "low high power_gain runs_from features lost_low lost_high");
    return status;
}
