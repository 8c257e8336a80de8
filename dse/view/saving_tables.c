#include "saving_tables.h"
#include "dse/word_kind.h"

#include <math.h>
#include <string.h>

static const table_column saving_columns[] = {{"step", TABLE_TEXT, 0},
                                              {"energy_pj", TABLE_NUMBER, TABLE_AUTO},
                                              {"saved_pj", TABLE_NUMBER, TABLE_AUTO},
                                              {"saved_percent", TABLE_NUMBER, 1},
                                              {"compute_saved_pj", TABLE_NUMBER, TABLE_AUTO},
                                              {"memory_saved_pj", TABLE_NUMBER, TABLE_AUTO},
                                              {"movement_saved_pj", TABLE_NUMBER, TABLE_AUTO},
                                              {"leakage_saved_pj", TABLE_NUMBER, TABLE_AUTO},
                                              {"design", TABLE_DESIGN, 0},
                                              {0}};

static const table_column word_columns[] = {{"sentence", TABLE_TEXT, 0}, {0}};

enum { BASELINE, WORDS, PLACEMENT, ALPHABETS, N_STEPS };

static const char *const step_name[N_STEPS] = {"baseline", "shorter words", "placement",
                                               "alphabets"};
static const char *const group_name[] = {"compute", "memory", "movement", "leakage"};
static const char *const group_words[] = {"arithmetic", "memory", "wires", "leakage"};
enum { N_GROUPS = sizeof group_name / sizeof *group_name };

typedef struct step {
    asx_design design;
    asx_cost cost;
} step;

static asx_status make_step(step *out, int k, const asx_machine *machine, const asx_workload *work,
                            const asx_design *design, asx_error *err)
{
    if (k == BASELINE) { /* its formats are those a design has until they are set */
        const asx_status status = asx_design_init(&out->design, work->n_layers, err);
        return status == ASX_OK ? asx_machine_baseline(&out->cost, NULL, machine, err) : status;
    }
    asx_status status = asx_design_copy(&out->design, design, err);
    for (size_t i = 0; status == ASX_OK && k != ALPHABETS && i < work->n_layers; i++) {
        out->design.format[i].weight = asx_word_exact(&out->design.format[i].weight);
        out->design.format[i].activation = asx_word_exact(&out->design.format[i].activation);
    }
    if (k == WORDS)
        out->design.placement = ASX_PLACEMENT_VN;
    return status == ASX_OK ? asx_machine_cost(&out->cost, NULL, machine, &out->design, err)
                            : status;
}

static void add_row(table *t, const char *name, const step *now, const step *before,
                    const step *first, const asx_workload *work)
{
    asx_text text = {0};
    asx_design_print(&text, &now->design, work);
    const double saved = before ? before->cost.energy_pj - now->cost.energy_pj : NAN;
    table_text(t, name);
    table_number(t, now->cost.energy_pj);
    table_number(t, saved);
    table_number(t, 100 * saved / first->cost.energy_pj);
    for (int g = 0; g < N_GROUPS; g++)
        table_number(t, before ? asx_cost_group_pj(&before->cost, group_name[g]) -
                                     asx_cost_group_pj(&now->cost, group_name[g])
                               : NAN);
    table_built(t, &text);
    asx_text_fini(&text);
}

/* "arithmetic 12.3 %, memory 4.5 %, wires -1.0 %": shares of `whole_pj`. */
static void add_list(asx_text *out, const char *const *name, const double *saved_pj, int n,
                     double whole_pj)
{
    for (int i = 0; i < n; i++)
        asx_text_add(out, "%s%s %.1f %%", i ? ", " : "", name[i], 100 * saved_pj[i] / whole_pj);
}

static void add_words(table *t, const step *s)
{
    const double base = s[BASELINE].cost.energy_pj, saved = base - s[ALPHABETS].cost.energy_pj;
    double group[N_GROUPS], cause[N_STEPS - 1];
    asx_text text = {0};
    for (int g = 0; g < N_GROUPS; g++)
        group[g] = asx_cost_group_pj(&s[BASELINE].cost, group_name[g]) -
                   asx_cost_group_pj(&s[ALPHABETS].cost, group_name[g]);
    for (int k = 1; k < N_STEPS; k++)
        cause[k - 1] = s[k - 1].cost.energy_pj - s[k].cost.energy_pj;
    asx_text_add(&text, "%.1f %% of the baseline's energy is saved", 100 * saved / base);
    table_built(t, &text);
    asx_text_clear(&text);
    if (saved > 0) {
        asx_text_add(&text, "of the saving: ");
        add_list(&text, group_words, group, N_GROUPS, saved);
        table_built(t, &text);
        asx_text_clear(&text);
        asx_text_add(&text, "by cause, in the order of the steps: ");
        add_list(&text, step_name + 1, cause, N_STEPS - 1, saved);
        table_built(t, &text);
    }
    if (cause[ALPHABETS - 1] < 0)
        table_text(t,
                   "exact multipliers of the same word lengths, in the same placement, need less "
                   "energy than these alphabets");
    asx_text_fini(&text);
}

asx_status saving_tables_make(table **tables, const asx_machine *machine, const asx_workload *work,
                              const asx_design *design, asx_error *err)
{
    step s[N_STEPS];
    asx_status status = ASX_OK;
    memset(s, 0, sizeof s);
    for (int k = 0; k < N_STEPS && status == ASX_OK; k++)
        status = make_step(&s[k], k, machine, work, design, err);
    if (status == ASX_OK)
        status = table_new(&tables[0], "saving", saving_columns, err);
    if (status == ASX_OK)
        status = table_new(&tables[1], "in_words", word_columns, err);
    if (status == ASX_OK) {
        table_for_people(tables[0], NULL,
                         "leakage_saved_pj movement_saved_pj memory_saved_pj compute_saved_pj");
        for (int k = 0; k < N_STEPS; k++)
            add_row(tables[0], step_name[k], &s[k], k ? &s[k - 1] : NULL, s, work);
        add_row(tables[0], "all", &s[ALPHABETS], s, s, work);
        add_words(tables[1], s);
    }
    for (int k = 0; k < N_STEPS; k++)
        asx_design_fini(&s[k].design);
    return status;
}
