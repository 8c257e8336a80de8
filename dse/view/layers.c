#include "layers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "drop_text.h"
#include "dse/memory.h"
#include "dse/menu.h"
#include "explore/stored.h"
#include "readable.h"

static const table_column layer_columns[] = {{"layer", TABLE_TEXT, 0},
                                             {"macs", TABLE_INTEGER, 0},
                                             {"weights", TABLE_INTEGER, 0},
                                             {"exact_percent", TABLE_NUMBER, 0},
                                             {"one_percent", TABLE_NUMBER, 0},
                                             {"more_percent", TABLE_NUMBER, 0},
                                             {"alphabets_mean", TABLE_NUMBER, 2},
                                             {"best_pj_with_one", TABLE_NUMBER, TABLE_AUTO},
                                             {"best with one", TABLE_SHOWN, 0},
                                             {"one_costs_percent", TABLE_NUMBER, 1},
                                             {"best_format", TABLE_TEXT, 0},
                                             {0}};

static const table_column word_columns[] = {{"sentence", TABLE_TEXT, 0}, {0}};

typedef struct use {
    size_t exact, one, more, alphabets; /* designs, and the sum of their alphabets */
    double with_one_pj;                 /* least energy of a design with one alphabet here */
} use;

typedef struct layers {
    const asx_workload *work;
    const asx_score *score;
    use *layer; /* [n_layers] */
    asx_design best;
    size_t n, best_row;
    double max_drop, best_pj;
    bool known; /* whether anything is known of drops */
} layers;

static asx_status fail_none(const asx_front *f, double max_drop, asx_error *err)
{
    asx_text text = {0};
    drop_limit_add(&text, &f->record.score, max_drop);
    const asx_status status =
        asx_fail(err, ASX_ENOTFOUND,
                 "no design of the front loses at most %s; --max-drop sets another limit",
                 text.s ? text.s : "");
    asx_text_fini(&text);
    return status;
}

/* Alphabets of a layer; 0: its multipliers are exact, as those of a menu with an exact word are. */
static unsigned n_alphabets(const asx_word *weight)
{
    asx_word word[ASX_MENU_WORDS_MAX];
    const size_t n = asx_menu_words(word, weight);
    for (size_t i = 0; i < n; i++)
        if (asx_alphabet_set_count(word[i].set) == 0)
            return 0;
    return asx_alphabet_set_count(weight->set);
}

static asx_status count(layers *l, const asx_front *f, asx_error *err)
{
    asx_status status = ASX_OK;
    for (size_t i = 0; i < f->n && status == ASX_OK; i++) {
        const asx_row *row = &f->rows.row[f->index[i]];
        asx_design design = {0};
        if (row->evaluation.accuracy.drop > l->max_drop)
            continue;
        status = asx_design_parse(&design, row->design, l->work, err);
        for (size_t k = 0; k < design.n_layers && status == ASX_OK; k++) {
            const unsigned n = n_alphabets(&design.format[k].weight);
            l->layer[k].exact += n == 0;
            l->layer[k].one += n == 1;
            l->layer[k].more += n > 1;
            l->layer[k].alphabets += n;
        }
        l->n++;
        if (status == ASX_OK && row->evaluation.cost.energy_pj < l->best_pj) {
            asx_design_fini(&l->best);
            l->best = design;
            l->best_pj = row->evaluation.cost.energy_pj;
            l->best_row = i + 1;
        } else {
            asx_design_fini(&design);
        }
    }
    if (status == ASX_OK && f->n == 0)
        return asx_fail(err, ASX_ENOTFOUND, "nothing was evaluated yet, or fits --where");
    if (status == ASX_OK && l->n == 0)
        return fail_none(f, l->max_drop, err);
    return status;
}

/* All that was evaluated, not the front alone. */
static asx_status see(layers *l, const asx_row *row, asx_error *err)
{
    asx_design design = {0};
    if (row->evaluation.accuracy.drop > l->max_drop)
        return ASX_OK;
    const asx_status status = asx_design_parse(&design, row->design, l->work, err);
    for (size_t k = 0; k < design.n_layers && status == ASX_OK; k++)
        if (n_alphabets(&design.format[k].weight) == 1)
            l->layer[k].with_one_pj = fmin(l->layer[k].with_one_pj, row->evaluation.cost.energy_pj);
    asx_design_fini(&design);
    return status;
}

static void add_layers(table *t, const layers *l)
{
    for (size_t k = 0; k < l->work->n_layers; k++) {
        const use *u = &l->layer[k];
        const double n = (double)l->n;
        char energy[40];
        asx_text format = {0};
        asx_format_print(&format, &l->best.format[k]);
        table_text(t, l->work->layer[k].name);
        table_integer(t, (long long)asx_layer_n_macs(&l->work->layer[k]));
        table_integer(t, (long long)asx_layer_n_learned(&l->work->layer[k]));
        table_number(t, 100 * (double)u->exact / n);
        table_number(t, 100 * (double)u->one / n);
        table_number(t, 100 * (double)u->more / n);
        table_number(t, (double)u->alphabets / n);
        readable_text(energy, sizeof energy, "energy_pj", u->with_one_pj);
        table_number(t, isfinite(u->with_one_pj) ? u->with_one_pj : NAN);
        table_text(t, isfinite(u->with_one_pj) ? energy : "-");
        table_number(t, isfinite(u->with_one_pj) ? 100 * (u->with_one_pj / l->best_pj - 1) : NAN);
        table_built(t, &format);
        asx_text_fini(&format);
    }
}

typedef bool picks(const layers *l, size_t layer);

static size_t in_best(const layers *l, size_t k)
{
    return asx_alphabet_set_count(l->best.format[k].weight.set);
}

static bool has_more(const layers *l, size_t k)
{
    return in_best(l, k) > 1;
}

static bool has_one(const layers *l, size_t k)
{
    return in_best(l, k) == 1;
}

static bool has_none(const layers *l, size_t k)
{
    return in_best(l, k) == 0;
}

static bool never_one(const layers *l, size_t k)
{
    return in_best(l, k) > 1 && isinf(l->layer[k].with_one_pj);
}

/* "what: a, b, c", unless there are none. */
static void add_names(table *t, const layers *l, const char *what, picks *pick)
{
    asx_text text = {0};
    size_t n = 0;
    for (size_t k = 0; k < l->work->n_layers; k++)
        n += pick(l, k);
    asx_text_add(&text, "%s: ", what);
    for (size_t k = 0, m = 0; k < l->work->n_layers && n < l->work->n_layers; k++)
        if (pick(l, k))
            asx_text_add(&text, "%s%s", m++ ? ", " : "", l->work->layer[k].name);
    if (n == l->work->n_layers)
        asx_text_add(&text, "all %zu layers", n);
    if (n > 0)
        table_built(t, &text);
    asx_text_fini(&text);
}

static void add_words(table *t, const layers *l)
{
    char energy[40];
    readable_text(energy, sizeof energy, "energy_pj", l->best_pj);
    asx_text text = {0};
    asx_text_add(&text, "%zu design%s of the front", l->n, l->n == 1 ? "" : "s");
    if (l->known) {
        asx_text_add(&text, " lose%s at most ", l->n == 1 ? "s" : "");
        drop_limit_add(&text, l->score, l->max_drop);
    } else {
        asx_text_add(&text, ", whose accuracy is not known");
    }
    asx_text_add(&text, "; the one of least energy, #%zu, needs %s", l->best_row, energy);
    table_built(t, &text);
    add_names(t, l, "it has more than one alphabet in", has_more);
    add_names(t, l, "one alphabet in", has_one);
    add_names(t, l, "plain words (exact multipliers) in", has_none);
    add_names(t, l,
              l->known ? "no evaluated design under this limit does with one alphabet in"
                       : "no evaluated design does with one alphabet in",
              never_one);
    asx_text_fini(&text);
}

static asx_status fill(table **tables, layers *l, const asx_front *f, asx_error *err)
{
    asx_status status = count(l, f, err);
    for (size_t i = 0; status == ASX_OK && i < f->rows.n; i++)
        status = see(l, &f->rows.row[i], err);
    if (status == ASX_OK)
        status = table_new(&tables[0], "layers", layer_columns, err);
    if (status == ASX_OK)
        status = table_new(&tables[1], "in_words", word_columns, err);
    if (status != ASX_OK)
        return status;
    table_for_people(tables[0], "best_pj_with_one", "weights alphabets_mean macs");
    add_layers(tables[0], l);
    add_words(tables[1], l);
    return ASX_OK;
}

asx_status layers_tables_make(table **tables, asx_store *store, const asx_front *f, double max_drop,
                              asx_error *err)
{
    asx_stored stored;
    layers l = {.work = &stored.work,
                .score = &f->record.score,
                .max_drop = max_drop,
                .best_pj = INFINITY,
                .known = f->tier != ASX_TIER_COSTS};
    asx_status status = asx_stored_read(&stored, store, f->campaign, err);
    const size_t n = stored.work.n_layers;
    if (status == ASX_OK) {
        l.layer = asx_array_new(n, sizeof *l.layer);
        for (size_t k = 0; l.layer && k < n; k++)
            l.layer[k].with_one_pj = INFINITY;
        status = l.layer ? fill(tables, &l, f, err)
                         : asx_fail(err, ASX_ENOMEM, "no memory for %zu layers", n);
    }
    free(l.layer);
    asx_design_fini(&l.best);
    asx_stored_fini(&stored);
    return status;
}
