#include "compare_tables.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compare_differences.h"
#include "drop_text.h"
#include "dse/memory.h"
#include "look.h"
#include "readable.h"
#include "results/compare.h"
#include "short_name.h"

/* ---- which front is better ---- */

static const table_column indicator_columns[] = {
    {"indicator", TABLE_TEXT, 0}, {"a", TABLE_NUMBER, TABLE_AUTO}, {"b", TABLE_NUMBER, TABLE_AUTO},
    {"a_to_b", TABLE_NUMBER, 4},  {"about", TABLE_TEXT, 0},        {0}};

static void add_indicator(table *t, const char *name, double a, double b, double ratio,
                          const char *about)
{
    table_text(t, name);
    table_number(t, a);
    table_number(t, b);
    table_number(t, ratio);
    table_text(t, about);
}

static asx_status indicators(table **out, const asx_front_comparison *c, const asx_front *a,
                             const asx_front *b, asx_error *err)
{
    const asx_status status = table_new(out, "indicators", indicator_columns, err);
    if (status != ASX_OK)
        return status;
    add_indicator(*out, "designs", (double)a->rows.n, (double)b->rows.n, NAN, "evaluated");
    add_indicator(*out, "front", (double)a->n, (double)b->n, NAN, "designs on the front");
    add_indicator(*out, "hypervolume", c->volume_a, c->volume_b,
                  c->volume_b > 0 ? c->volume_a / c->volume_b : NAN,
                  "share of the box up to the reference point: more is better");
    add_indicator(*out, "epsilon", c->epsilon_ab, c->epsilon_ba, NAN,
                  "how far the front must move, in ranges, to dominate the other: less is better");
    add_indicator(*out, "coverage", c->coverage_ab, c->coverage_ba, NAN,
                  "share of the other front that it dominates or equals: more is better");
    return ASX_OK;
}

/* ---- who wins where ---- */

static const table_column winner_columns[] = {{"max_drop", TABLE_NUMBER, 2},
                                              {"cost", TABLE_TEXT, 0},
                                              {"a", TABLE_NUMBER, TABLE_AUTO},
                                              {"b", TABLE_NUMBER, TABLE_AUTO},
                                              {"a", TABLE_SHOWN, 0},
                                              {"b", TABLE_SHOWN, 0},
                                              {"b_costs_more_percent", TABLE_NUMBER, 1},
                                              {"winner", TABLE_TEXT, 0},
                                              {"design_a", TABLE_TEXT, 0},
                                              {"design_b", TABLE_DESIGN, 0},
                                              {0}};

/* The extremes of what B costs more than A, and where A has a design and B has none. Designs that
 * lose more than USEFUL points are of no use, whatever they save. */
enum { USEFUL = 10 };

typedef struct tally {
    double least, most, least_at, most_at, none_up_to;
    bool any, b_has_none;
} tally;

static void count(tally *t, double max_drop, double percent, bool b_has_none)
{
    if (b_has_none) {
        t->b_has_none = true;
        t->none_up_to = max_drop;
    }
    if (isnan(percent))
        return;
    if (!t->any || percent < t->least) {
        t->least = percent;
        t->least_at = max_drop;
    }
    if (!t->any || percent > t->most) {
        t->most = percent;
        t->most_at = max_drop;
    }
    t->any = true;
}

static void add_design(table *t, const asx_front *f, const asx_row *row, bool whole)
{
    asx_text name = {0};
    if (row && !whole)
        short_name_add(&name, row->design, asx_front_place(f, row));
    if (row && whole)
        table_text(t, row->design);
    else
        table_built(t, &name);
    asx_text_fini(&name);
}

static void add_readable(table *t, asx_objective cost, double value)
{
    char text[40];
    readable_text(text, sizeof text, asx_objective_field(cost), value);
    table_text(t, isnan(value) ? "-" : text);
}

static asx_status make_winners(table **out, const asx_front *a, asx_error *err)
{
    table_column column[sizeof winner_columns / sizeof *winner_columns];
    memcpy(column, winner_columns, sizeof column);
    column[0].decimals = asx_score_decimals(&a->record.score);
    return table_new(out, "winners", column, err);
}

/* Costs alone have one best design whatever it loses. */
static bool knows_drops(const asx_front *a, const asx_front *b)
{
    return a->tier != ASX_TIER_COSTS && b->tier != ASX_TIER_COSTS;
}

static asx_status winners(table **out, tally *sum, const asx_front *a, const asx_front *b,
                          bool whole, asx_error *err)
{
    static const double limit[] = {-1, 0, 0.5, 1, 2, 3, 5, 10, 20, 50, 100};
    const asx_objective cost = asx_front_cost(a);
    const double point = a->record.score.point;
    const asx_row *last_x = NULL, *last_y = NULL;
    const asx_status status = make_winners(out, a, err);
    if (status == ASX_OK) /* numbers without a unit are for programs */
        table_for_people(*out, "cost a b", "winner b_costs_more_percent");
    for (size_t i = 0; status == ASX_OK && i < sizeof limit / sizeof *limit; i++) {
        const double most = knows_drops(a, b) ? limit[i] * point : NAN;
        const double within = isnan(most) ? INFINITY : most;
        const asx_row *x = asx_front_cheapest(a, cost, within),
                      *y = asx_front_cheapest(b, cost, within);
        if (x == last_x && y == last_y)
            continue; /* a looser limit that changes nothing */
        last_x = x;
        last_y = y;
        const double vx = x ? asx_evaluation_objective(&x->evaluation, cost) : NAN;
        const double vy = y ? asx_evaluation_objective(&y->evaluation, cost) : NAN;
        if (limit[i] <= USEFUL)
            count(sum, most, 100 * (vy / vx - 1), x && !y);
        table_number(*out, most);
        table_text(*out, asx_objective_field(cost));
        table_number(*out, vx);
        table_number(*out, vy);
        add_readable(*out, cost, vx);
        add_readable(*out, cost, vy);
        table_number(*out, 100 * (vy / vx - 1));
        table_text(*out, !y || vx < vy ? "a" : !x || vy < vx ? "b" : "both");
        add_design(*out, a, x, whole);
        add_design(*out, b, y, whole);
    }
    return status;
}

/* ---- in words ---- */

static const table_column word_columns[] = {{"sentence", TABLE_TEXT, 0}, {0}};

static void add_sentence(table *t, asx_text *text)
{
    table_built(t, text);
    asx_text_clear(text);
}

static void add_volumes(table *t, asx_text *text, const asx_front_comparison *c)
{
    if (!(c->volume_a > 0) || isnan(c->volume_b))
        return;
    asx_text_add(text, "the front of B reaches %.2f %% of the hypervolume of A's, of ",
                 100 * c->volume_b / c->volume_a);
    asx_reference_point_print(text, &c->reference);
    add_sentence(t, text);
}

/* What makes numbers of the two incomparable, before any of them is said. */
static void add_subjects(table *t, asx_text *text, const asx_record *a, const asx_record *b)
{
    if (strcmp(a->network_hash, b->network_hash) != 0) {
        asx_text_add(text,
                     "different networks: A is of '%s', B of %s'%s', so neither is the better "
                     "answer to one question",
                     a->network, strcmp(a->network, b->network) == 0 ? "another " : "", b->network);
        add_sentence(t, text);
    }
    if (a->score.kind != b->score.kind || a->score.top != b->score.top) {
        asx_text_add(text, "different measures: drops of A are of ");
        asx_score_print(text, &a->score);
        asx_text_add(text, ", those of B of ");
        asx_score_print(text, &b->score);
        asx_text_add(text, ": whatever is said of drops below compares numbers of two kinds");
        add_sentence(t, text);
    }
    if (strcmp(a->data_hash, b->data_hash) != 0) {
        asx_text_add(text, "different data: drops of A are on '%s', those of B on %s'%s'", a->data,
                     strcmp(a->data, b->data) == 0 ? "another " : "", b->data);
        add_sentence(t, text);
    }
}

/* B's own point, where its hypervolume elsewhere is of another. */
static void add_reference(table *t, asx_text *text, const asx_front_comparison *c,
                          const asx_front *b)
{
    asx_reference_point own = {0};
    bool same = true;
    if (!asx_front_reference(&own, b) || isnan(c->volume_b))
        return;
    for (size_t j = 0; j < own.n; j++)
        same = same && own.value[j] == c->reference.value[j];
    if (same)
        return;
    asx_text_add(text, "B's own reference point, which 'asx front' goes by, is ");
    asx_reference_point_print(text, &own);
    add_sentence(t, text);
}

static void add_costs(table *t, asx_text *text, const tally *sum, const char *what,
                      const asx_score *score)
{
    if (sum->b_has_none) {
        asx_text_add(text, "under a limit of %g ", sum->none_up_to);
        drop_unit_add(text, score, 0);
        asx_text_add(text, " of drop and below, A has designs and B has none");
        add_sentence(t, text);
    }
    if (!sum->any)
        return;
    if (sum->most == 0 && sum->least == 0) {
        asx_text_add(text, "the best %s is the same under every limit of drop", what);
    } else {
        asx_text_add(text, "under limits of up to %g ", USEFUL * score->point);
        drop_unit_add(text, score, 0);
        asx_text_add(text, " of drop, the best of B needs ");
        if (sum->most > 0)
            asx_text_add(text, "up to %.1f %% more %s (limit %g)", sum->most, what, sum->most_at);
        if (sum->least < 0)
            asx_text_add(text, "%sup to %.1f %% less%s%s (limit %g)", sum->most > 0 ? ", and " : "",
                         -sum->least, sum->most > 0 ? "" : " ", sum->most > 0 ? "" : what,
                         sum->least_at);
        if (sum->most <= 0)
            asx_text_add(text, ", never more");
        if (sum->least >= 0)
            asx_text_add(text, ", never less");
    }
    add_sentence(t, text);
}

/* The same of costs alone. */
static void add_best(table *t, asx_text *text, const tally *sum, const char *what)
{
    if (!sum->any)
        return;
    if (sum->most == 0)
        asx_text_add(text, "the best %s is the same", what);
    else
        asx_text_add(text, "the best of B needs %.1f %% %s %s", fabs(sum->most),
                     sum->most > 0 ? "more" : "less", what);
    add_sentence(t, text);
}

/* The same designs in both, which differ where network, data or technology do. Rows are sorted by
 * design. */
static void add_common(table *t, asx_text *text, const asx_front *a, const asx_front *b,
                       asx_objective cost)
{
    double low = INFINITY, high = -INFINITY, drop_low = INFINITY, drop_high = -INFINITY;
    size_t n = 0;
    for (size_t i = 0; i < a->rows.n; i++) {
        const asx_evaluation *x = &a->rows.row[i].evaluation;
        const asx_row *row = asx_rows_find(&b->rows, a->rows.row[i].design);
        if (!row)
            continue;
        const double ratio =
            asx_evaluation_objective(&row->evaluation, cost) / asx_evaluation_objective(x, cost);
        const double more = row->evaluation.accuracy.drop - x->accuracy.drop;
        low = fmin(low, ratio), high = fmax(high, ratio);
        drop_low = fmin(drop_low, more), drop_high = fmax(drop_high, more);
        n++;
    }
    asx_text_add(text, "%zu designs were evaluated in both", n);
    const bool knows = knows_drops(a, b);
    if (n > 0 && low == 1 && high == 1 && (!knows || (drop_low == 0 && drop_high == 0)))
        asx_text_add(text, ", with the same results");
    else if (n > 0 && !knows)
        asx_text_add(text, ": in B their %s is %.4g to %.4g times that in A",
                     asx_objective_text(cost), low, high);
    else if (n > 0) {
        const int decimals = asx_score_decimals(&a->record.score);
        asx_text_add(text,
                     ": in B their %s is %.4g to %.4g times that in A, their drop %.*f to %.*f ",
                     asx_objective_text(cost), low, high, decimals, drop_low, decimals, drop_high);
        drop_unit_add(text, &a->record.score, 0);
        asx_text_add(text, " more");
    }
    add_sentence(t, text);
}

static asx_status in_words(table **out, const asx_front_comparison *c, const tally *sum,
                           const asx_front *a, const asx_front *b, asx_error *err)
{
    asx_text text = {0};
    const asx_status status = table_new(out, "in_words", word_columns, err);
    if (status != ASX_OK)
        return status;
    add_subjects(*out, &text, &a->record, &b->record);
    if (a->tier != b->tier) {
        asx_text_add(&text,
                     "drops of A are of tier %s, those of B of tier %s: not the same measure",
                     asx_tier_text(a->tier), asx_tier_text(b->tier));
        add_sentence(*out, &text);
    }
    add_volumes(*out, &text, c);
    add_reference(*out, &text, c, b);
    const char *cost = asx_objective_text(asx_front_cost(a));
    if (knows_drops(a, b))
        add_costs(*out, &text, sum, cost, &a->record.score);
    else
        add_best(*out, &text, sum, cost);
    add_common(*out, &text, a, b, asx_front_cost(a));
    asx_text_fini(&text);
    return ASX_OK;
}

asx_status compare_tables_make(table **tables, const asx_front *a, const asx_front *b, bool whole,
                               asx_error *err)
{
    asx_front_comparison c;
    tally sum = {0};
    enum { IN_WORDS, WINNERS, INDICATORS, DIFFERENCES };
    asx_status status = asx_front_compare(&c, a, b, err);
    if (status == ASX_OK)
        status = winners(&tables[WINNERS], &sum, a, b, whole, err);
    if (status == ASX_OK)
        status = in_words(&tables[IN_WORDS], &c, &sum, a, b, err);
    if (status == ASX_OK)
        status = indicators(&tables[INDICATORS], &c, a, b, err);
    if (status == ASX_OK)
        status = compare_differences(&tables[DIFFERENCES], a, b, whole, err);
    return status;
}
