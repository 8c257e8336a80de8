/* The tables of 'asx bespoke train'. */
#include <math.h>
#include <stdio.h>

#include "bespoke_found.h"
#include "bespoke_runs.h"

static double percent(size_t rows, size_t of)
{
    return 100 * (double)rows / (double)of;
}

/* Of tables that have seeds. */
static void add_seed(table *t, const uint64_t *seed)
{
    if (seed)
        table_integer(t, (long long)*seed);
}

static void add_parts(table *t, const uint64_t *seed, const asx_bespoke_result *r,
                      const asx_bespoke_table *data)
{
    static const char *const names[ASX_BESPOKE_N_PARTS] = {"learn", "choose", "report"};
    for (int p = 0; p < ASX_BESPOKE_N_PARTS; p++) {
        const size_t n = r->rows[p];
        add_seed(t, seed);
        table_text(t, names[p]);
        table_integer(t, (long long)n);
        table_number(t, percent(asx_bespoke_table_commonest(data, (asx_bespoke_part_kind)p), n));
        table_number(t, percent(r->in_float[p], n));
        table_number(t, percent(r->baseline.correct[p], n));
    }
}

static void add_work(table *t, const uint64_t *seed, const asx_bespoke_result *r,
                     const asx_bespoke_table *data)
{
    add_seed(t, seed);
    table_integer(t, (long long)data->features);
    table_integer(t, (long long)data->classes);
    table_integer(t, (long long)r->evaluated);
    table_integer(t, (long long)r->resumed);
    table_integer(t, (long long)r->n);
    table_number(t, r->training_s / 60);
    table_number(t, r->evolution_s / 60);
}

/* NAN of a constant, which is no circuit at all. */
static double gain(double of, double by)
{
    return by > 0 ? of / by : NAN;
}

/* NAN where there is no such design. */
static void add_costs(table *t, const asx_bespoke_found *f, const asx_bespoke_found *baseline,
                      const bespoke_units *units)
{
    table_number(t, f ? f->price.area_cm2 * units->area : NAN);
    table_number(t, f ? f->price.power_mw * units->power : NAN);
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

/* @param n  0: of silicon, which needs no such sources */
static void add_source(table *t, const asx_bespoke_found *f, const asx_power_source *source,
                       size_t n)
{
    table_text(t, f && n > 0 ? bespoke_power_source(source, n, f->price.power_mw) : NULL);
}

static void fill_chosen(table *t, const uint64_t *seed, const asx_bespoke_result *r,
                        const bespoke_units *units, const asx_power_source *source, size_t n)
{
    add_seed(t, seed);
    table_text(t, "baseline");
    add_costs(t, &r->baseline, &r->baseline, units);
    add_test(t, &r->baseline, false);
    add_source(t, &r->baseline, source, n);
    for (int k = 0; k < ASX_BESPOKE_LOSSES; k++) {
        char name[16];
        const asx_bespoke_found *f =
            r->chosen[k] == ASX_BESPOKE_NONE ? NULL : &r->front[r->chosen[k]];
        snprintf(name, sizeof name, "%g", asx_bespoke_loss[k]);
        add_seed(t, seed);
        table_text(t, name);
        add_costs(t, f, &r->baseline, units);
        add_test(t, f, true);
        add_source(t, f, source, n);
    }
}

static asx_status add_chosen(table *t, const uint64_t *seed, const asx_bespoke_result *r,
                             const bespoke_units *units, asx_error *err)
{
    asx_power_source *source = NULL;
    size_t n = 0;
    const asx_status status = asx_power_sources_load(&source, &n, err);
    if (status == ASX_OK)
        fill_chosen(t, seed, r, units, source, units->small ? 0 : n);
    asx_power_sources_free(source, n);
    return status;
}

static void add_front(table *t, const uint64_t *seed, const asx_bespoke_result *r,
                      const bespoke_units *units, size_t rows)
{
    for (size_t i = 0; i < rows; i++) {
        const asx_bespoke_found *f = &r->front[rows > 1 ? i * (r->n - 1) / (rows - 1) : 0];
        add_seed(t, seed);
        table_number(t, f->lost);
        add_costs(t, f, &r->baseline, units);
        add_test(t, f, true);
    }
}

#define SEED                                                                                       \
    {                                                                                              \
        "seed", TABLE_INTEGER, 0                                                                   \
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

enum { PARTS, WORK, FRONT, SELECTED };

/* Every one begins with the seed, which is left out where nobody asks. */
static const table_column accuracy_columns[] = {SEED,
                                                {"rows_to", TABLE_TEXT, 0},
                                                {"rows", TABLE_INTEGER, 0},
                                                {"guessing", TABLE_NUMBER, 2},
                                                {"in_float", TABLE_NUMBER, 2},
                                                {"baseline", TABLE_NUMBER, 2},
                                                {0}};
static const table_column work_columns[] = {SEED,
                                            {"features", TABLE_INTEGER, 0},
                                            {"classes", TABLE_INTEGER, 0},
                                            {"designs", TABLE_INTEGER, 0},
                                            {"recalled", TABLE_INTEGER, 0},
                                            {"front", TABLE_INTEGER, 0},
                                            {"training_min", TABLE_NUMBER, 2},
                                            {"evolution_min", TABLE_NUMBER, 2},
                                            {0}};
static const table_column front_columns[] = {
    SEED, {"chosen_lost", TABLE_NUMBER, 2}, COSTS, TESTS, {0}};
static const table_column chosen_columns[] = {SEED,  {"lost_at_most", TABLE_TEXT, 0}, COSTS,
                                              TESTS, {"runs_from", TABLE_TEXT, 0},    {0}};

enum { COLUMNS_MAX = 24 };

asx_status bespoke_tables_new(table *out[BESPOKE_TABLES], bool seeds, const bespoke_units *units,
                              asx_error *err)
{
    static const struct {
        const char *name;
        const table_column *columns;
    } form[BESPOKE_TABLES] = {[PARTS] = {"accuracy_percent", accuracy_columns},
                              [WORK] = {"work", work_columns},
                              [FRONT] = {"front", front_columns},
                              [SELECTED] = {"chosen", chosen_columns}};
    asx_status status = ASX_OK;
    for (int i = 0; i < BESPOKE_TABLES && status == ASX_OK; i++) {
        table_column shown[COLUMNS_MAX];
        bespoke_units_name(shown, form[i].columns, units);
        status = table_new(&out[i], form[i].name, shown + (seeds ? 0 : 1), err);
        if (status == ASX_OK && i >= FRONT)
            table_for_people(out[i], NULL,
                             "low high power_gain runs_from features lost_low lost_high");
    }
    return status;
}

asx_status bespoke_tables_add(table *const out[BESPOKE_TABLES], const uint64_t *seed,
                              const asx_bespoke_result *r, const asx_bespoke_opened *o, size_t rows,
                              asx_error *err)
{
    const bespoke_units units = bespoke_units_of(o->library);
    add_parts(out[PARTS], seed, r, o->table);
    add_work(out[WORK], seed, r, o->table);
    add_front(out[FRONT], seed, r, &units, rows);
    return add_chosen(out[SELECTED], seed, r, &units, err);
}

asx_status bespoke_front(table **out, const asx_bespoke_result *r, const asx_cell_library *library,
                         asx_error *err)
{
    const bespoke_units units = bespoke_units_of(library);
    table_column shown[COLUMNS_MAX];
    bespoke_units_name(shown, front_columns + 1, &units);
    const asx_status status = table_new(out, "front", shown, err);
    if (status == ASX_OK)
        add_front(*out, NULL, r, &units, r->n);
    return status;
}
