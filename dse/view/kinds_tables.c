#include "kinds_tables.h"

#include <math.h>
#include <string.h>

#include "drop_text.h"
#include "readable.h"
#include "short_name.h"

/* ---- the best of each ---- */

/* Plain words have no set: a kind, too. */
static const char *name_of(const asx_kind *k)
{
    return *k->value ? k->value : "(empty)";
}

/* Behind the placement. */
static const char *formats_of(const char *design)
{
    const char *colon = strchr(design, ':');
    return colon ? colon + 1 + strspn(colon + 1, " ") : design;
}

/* Of the same formats wherever they stand, for an accuracy does not depend on that. */
static const asx_accuracy *unseen(const asx_kind *k, const asx_front *f)
{
    for (size_t i = 0; k->best && i < f->report.n; i++)
        if (strcmp(formats_of(f->report.row[i].design), formats_of(k->best->design)) == 0)
            return &f->report.row[i].evaluation.accuracy;
    return NULL;
}

static void add_kind(table *t, const asx_kind *k, const asx_kinds *kinds, const asx_front *f,
                     bool whole)
{
    const asx_accuracy *drop = k->best ? &k->best->evaluation.accuracy : NULL, *a = unseen(k, f);
    const double cost = k->best ? asx_evaluation_objective(&k->best->evaluation, kinds->cost) : NAN;
    asx_text text = {0};
    table_text(t, asx_placement_text(k->placement));
    table_text(t, name_of(k));
    table_integer(t, (long long)k->front.rows.n);
    table_number(t, cost);
    table_number(t, 100 * k->error);
    table_integer(t, k->extrapolated);
    table_text(t, drop ? asx_tier_text(drop->tier) : NULL);
    table_number(t, drop ? drop->drop : NAN);
    if (drop)
        drop_marked_add(&text, &f->record.score, drop);
    table_built(t, &text);
    asx_text_clear(&text);
    table_number(t, a ? a->drop : NAN);
    table_number(t, a ? a->drop_low : NAN);
    table_number(t, a ? a->drop_high : NAN);
    if (a)
        drop_interval_add(&text, &f->record.score, a);
    else
        asx_text_add(&text, "-");
    table_built(t, &text);
    asx_text_clear(&text);
    if (k->best && !whole)
        short_name_add(&text, formats_of(k->best->design), 0);
    if (k->best && !whole)
        table_built(t, &text);
    else
        table_text(t, k->best ? k->best->design : NULL);
    asx_text_fini(&text);
}

static asx_status make_kinds(table **out, const asx_kinds *kinds, const asx_front *f, bool whole,
                             asx_error *err)
{
    const int decimals = asx_score_decimals(&f->record.score);
    const table_column columns[] = {{"placement", TABLE_TEXT, 0},
                                    {"kind", TABLE_TEXT, 0},
                                    {"designs", TABLE_INTEGER, 0},
                                    {asx_objective_field(kinds->cost), TABLE_NUMBER, TABLE_AUTO},
                                    {"error_percent", TABLE_NUMBER, 0},
                                    {"extrapolated", TABLE_INTEGER, 0},
                                    {"tier", TABLE_TEXT, 0},
                                    {"drop", TABLE_NUMBER, decimals},
                                    {"drop", TABLE_SHOWN, 0},
                                    {"report_drop", TABLE_NUMBER, decimals},
                                    {"report_drop_low", TABLE_NUMBER, decimals},
                                    {"report_drop_high", TABLE_NUMBER, decimals},
                                    {"unseen [95 %]", TABLE_SHOWN, 0},
                                    {"design", TABLE_DESIGN, 0},
                                    {0}};
    const asx_status status = table_new(out, "kinds", columns, err);
    if (status != ASX_OK)
        return status;
    table_for_people(*out, "extrapolated tier drop report_drop report_drop_low report_drop_high",
                     "designs");
    for (size_t i = 0; i < kinds->n; i++)
        add_kind(*out, &kinds->kind[i], kinds, f, whole);
    return ASX_OK;
}

/* ---- in words ---- */

static const table_column word_columns[] = {{"sentence", TABLE_TEXT, 0}, {0}};

static void add_sentence(table *t, asx_text *text)
{
    table_built(t, text);
    asx_text_clear(text);
}

/* "19.52 uJ +-7 %" */
static void add_cost(asx_text *text, const asx_kinds *kinds, const asx_kind *k)
{
    char cost[40];
    readable_text(cost, sizeof cost, asx_objective_field(kinds->cost),
                  asx_evaluation_objective(&k->best->evaluation, kinds->cost));
    asx_text_add(text, "%s", cost);
    if (!isnan(k->error))
        asx_text_add(text, " +-%.0f %%", 100 * k->error);
}

static void add_winner(table *t, asx_text *text, const asx_kinds *kinds, const asx_kind *k,
                       const asx_front *f, double max_drop)
{
    const asx_score *score = &f->record.score;
    const asx_accuracy *a = unseen(k, f);
    asx_text_add(text, "%s: the least %s that loses at most ", asx_placement_text(k->placement),
                 asx_objective_text(kinds->cost));
    drop_limit_add(text, score, max_drop);
    asx_text_add(text, ": %s, ", name_of(k));
    add_cost(text, kinds, k);
    asx_text_add(text, ", ");
    short_name_add(text, formats_of(k->best->design), 0);
    if (a && a->drop > max_drop) {
        asx_text_add(text, ", which on images that the search never saw loses ");
        drop_interval_add(text, score, a);
        asx_text_add(text,
                     a->drop_low > max_drop ? ": more than that" : ": perhaps more than that");
    }
    add_sentence(t, text);
}

typedef enum verdict { SURELY_MORE, WITHIN, NONE, N_VERDICTS } verdict;

static verdict judge(const asx_kinds *kinds, const asx_kind *winner, const asx_kind *k)
{
    return !k->best ? NONE : asx_kinds_surely_less(kinds, winner, k) ? SURELY_MORE : WITHIN;
}

/* The others of the placement, which stand behind the winner: "surely more, by ...: a 12 %, b 20 %". */
static void add_others(table *t, asx_text *text, const asx_kinds *kinds, size_t first, size_t end)
{
    static const char *const head[N_VERDICTS] = {
        "more beyond the model's error", "within the model's error", "none keeps the limit"};
    const bool has_error = kinds->cost == ASX_ENERGY;
    const asx_kind *winner = &kinds->kind[first];
    for (verdict v = 0; v < N_VERDICTS; v++) {
        bool any = false;
        for (size_t i = first + 1; i < end; i++) {
            const asx_kind *k = &kinds->kind[i];
            if (judge(kinds, winner, k) != v)
                continue;
            if (any)
                asx_text_add(text, ", %s", name_of(k));
            else
                asx_text_add(text, "%s, %s: %s", asx_placement_text(k->placement),
                             v == WITHIN && !has_error ? "more" : head[v], name_of(k));
            if (v != NONE)
                asx_text_add(
                    text, " +%.1f %%",
                    100 * (asx_evaluation_objective(&k->best->evaluation, kinds->cost) /
                               asx_evaluation_objective(&winner->best->evaluation, kinds->cost) -
                           1));
            any = true;
        }
        if (any)
            add_sentence(t, text);
    }
}

static void add_errors(table *t, asx_text *text, const asx_kinds *kinds)
{
    bool extrapolated = false;
    if (kinds->cost != ASX_ENERGY) {
        asx_text_add(text, "how far off the model is in %s is not counted: by its figures alone",
                     asx_objective_text(kinds->cost));
        add_sentence(t, text);
        return;
    }
    for (size_t i = 0; i < kinds->n; i++)
        extrapolated = extrapolated || kinds->kind[i].extrapolated;
    asx_text_add(text, "the model's error is taken as +-%.0f %% of the arithmetic's energy",
                 100 * kinds->stated);
    if (extrapolated)
        asx_text_add(text, ", of words beyond the technology's rows as +-%.0f %%",
                     100 * ASX_KINDS_EXTRAPOLATED);
    add_sentence(t, text);
}

static asx_status in_words(table **out, const asx_kinds *kinds, const asx_front *f, double max_drop,
                           asx_error *err)
{
    asx_text text = {0};
    const asx_status status = table_new(out, "in_words", word_columns, err);
    if (status != ASX_OK)
        return status;
    for (size_t i = 0, end; i < kinds->n; i = end) {
        const asx_kind *first = &kinds->kind[i];
        for (end = i + 1; end < kinds->n && kinds->kind[end].placement == first->placement;)
            end++;
        if (first->best) {
            add_winner(*out, &text, kinds, first, f, max_drop);
            add_others(*out, &text, kinds, i, end);
        } else {
            asx_text_add(&text, "%s: no design loses so little",
                         asx_placement_text(first->placement));
            add_sentence(*out, &text);
        }
    }
    add_errors(*out, &text, kinds);
    asx_text_fini(&text);
    return ASX_OK;
}

asx_status kinds_tables_make(table **tables, const asx_kinds *kinds, const asx_front *f,
                             double max_drop, bool whole, asx_error *err)
{
    asx_status status = in_words(&tables[0], kinds, f, max_drop, err);
    if (status == ASX_OK)
        status = make_kinds(&tables[1], kinds, f, whole, err);
    return status;
}
