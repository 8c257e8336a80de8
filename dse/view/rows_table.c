/* The columns of evaluations, by the names they have in the database. */
#include "rows_table.h"

#include <math.h>
#include <string.h>

static const table_column brief[] = {{"tier", TABLE_TEXT, 0},
                                     {"subset", TABLE_TEXT, 0},
                                     {"images", TABLE_INTEGER, 0},
                                     {"accuracy", TABLE_NUMBER, 2},
                                     {"drop", TABLE_NUMBER, 2},
                                     {"energy_pj", TABLE_NUMBER, TABLE_AUTO},
                                     {"latency_ns", TABLE_NUMBER, TABLE_AUTO},
                                     {"area_um2", TABLE_NUMBER, TABLE_AUTO},
                                     {"weight_bits", TABLE_NUMBER, 0},
                                     {"feasible", TABLE_INTEGER, 0},
                                     {"design", TABLE_DESIGN, 0},
                                     {0}};

#define FULL_COLUMNS                                                                               \
    {"design", TABLE_DESIGN, 0}, {"placement", TABLE_TEXT, 0}, {"tier", TABLE_TEXT, 0},            \
        {"subset", TABLE_TEXT, 0}, {"images", TABLE_INTEGER, 0}, {"correct", TABLE_INTEGER, 0},    \
        {"accuracy", TABLE_NUMBER, 2}, {"accuracy_low", TABLE_NUMBER, 2},                          \
        {"accuracy_high", TABLE_NUMBER, 2}, {"drop", TABLE_NUMBER, 2},                             \
        {"drop_low", TABLE_NUMBER, 2}, {"drop_high", TABLE_NUMBER, 2},                             \
        {"energy_pj", TABLE_NUMBER, TABLE_AUTO}, {"latency_ns", TABLE_NUMBER, TABLE_AUTO},         \
        {"cycles", TABLE_NUMBER, 0}, {"area_um2", TABLE_NUMBER, TABLE_AUTO},                       \
        {"weight_bits", TABLE_NUMBER, 0},                                                          \
    {                                                                                              \
        "feasible", TABLE_INTEGER, 0                                                               \
    }

static const table_column full[] = {FULL_COLUMNS, {0}};

#define PART_COLUMNS(name, text, group, help)                                                      \
    {text "_pj", TABLE_NUMBER, TABLE_AUTO}, {text "_um2", TABLE_NUMBER, TABLE_AUTO},
static const table_column parts[] = {FULL_COLUMNS, ASX_COMPONENT_LIST(PART_COLUMNS){0}};

static void add_brief(table *t, const asx_row *row, bool feasible)
{
    const asx_accuracy *a = &row->evaluation.accuracy;
    const asx_cost *c = &row->evaluation.cost;
    table_text(t, asx_tier_text(a->tier));
    table_text(t, row->subset);
    table_integer(t, (long long)a->images);
    table_number(t, a->accuracy);
    table_number(t, a->drop);
    table_number(t, c->energy_pj);
    table_number(t, c->latency_ns);
    table_number(t, c->area_um2);
    table_number(t, c->weight_bits);
    table_integer(t, feasible);
    table_text(t, row->design);
}

static void add_full(table *t, const asx_row *row, bool feasible)
{
    const asx_accuracy *a = &row->evaluation.accuracy;
    const asx_cost *c = &row->evaluation.cost;
    table_text(t, row->design);
    table_text(t, asx_placement_text(row->placement));
    table_text(t, asx_tier_text(a->tier));
    table_text(t, row->subset);
    table_integer(t, (long long)a->images);
    table_number(t, a->correct == ASX_NOT_COUNTED ? NAN : (double)a->correct);
    table_number(t, a->accuracy);
    table_number(t, a->accuracy_low);
    table_number(t, a->accuracy_high);
    table_number(t, a->drop);
    table_number(t, a->drop_low);
    table_number(t, a->drop_high);
    table_number(t, c->energy_pj);
    table_number(t, c->latency_ns);
    table_number(t, c->cycles);
    table_number(t, c->area_um2);
    table_number(t, c->weight_bits);
    table_integer(t, feasible);
}

static void add_parts(table *t, const asx_cost *cost)
{
    for (int part = 0; part < ASX_N_PARTS; part++) {
        table_number(t, cost->energy_part_pj[part]);
        table_number(t, cost->area_part_um2[part]);
    }
}

/* With the decimals of a measure. */
static asx_status make_table(table **out, const char *title, rows_columns columns,
                             const asx_score *score, asx_error *err)
{
    static const table_column *const column[] = {
        [ROWS_BRIEF] = brief, [ROWS_FULL] = full, [ROWS_PARTS] = parts};
    table_column own[sizeof parts / sizeof *parts];
    size_t n = 0;
    for (const table_column *c = column[columns]; c->name; c++) {
        own[n] = *c;
        if (strncmp(c->name, "accuracy", 8) == 0 || strncmp(c->name, "drop", 4) == 0)
            own[n].decimals = asx_score_decimals(score);
        n++;
    }
    own[n] = (table_column){0};
    return table_new(out, title, own, err);
}

asx_status rows_table(table **out, const char *title, const asx_rows *rows, rows_columns columns,
                      const asx_limits *limits, const asx_score *score, asx_error *err)
{
    table *t = NULL;
    const asx_status status = make_table(&t, title, columns, score, err);
    if (status != ASX_OK)
        return status;
    table_for_people(t, NULL, "feasible weight_bits latency_ns area_um2 subset accuracy images");
    for (size_t i = 0; i < rows->n; i++) {
        const bool feasible = asx_limits_violation(limits, &rows->row[i].evaluation) == 0;
        if (columns == ROWS_BRIEF)
            add_brief(t, &rows->row[i], feasible);
        else
            add_full(t, &rows->row[i], feasible);
        if (columns == ROWS_PARTS)
            add_parts(t, &rows->row[i].evaluation.cost);
    }
    *out = t;
    return ASX_OK;
}
