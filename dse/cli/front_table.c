/* The front as a table. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "front.h"
#include "proof.h"

/* A column, and whether it is there. */
typedef struct part {
    table_column column;
    bool shown;
} part;

/* Those of trained drops, proofs, exceeded limits and extrapolated costs are there where something
 * was trained, asked, cannot be kept or is extrapolated. */
static asx_status make_table(table **out, const front *f, bool broken, asx_error *err)
{
    const part parts[] = {{{"row", TABLE_INTEGER, 0}, true},
                          {{"energy_pj", TABLE_NUMBER, TABLE_AUTO}, true},
                          {{"saved_percent", TABLE_NUMBER, 1}, true},
                          {{"exact_saved_percent", TABLE_NUMBER, 1}, f->exact_pj},
                          {{"latency_ns", TABLE_NUMBER, TABLE_AUTO}, true},
                          {{"area_um2", TABLE_NUMBER, TABLE_AUTO}, true},
                          {{"weight_bits", TABLE_NUMBER, 0}, true},
                          {{"tier", TABLE_TEXT, 0}, true},
                          {{"drop", TABLE_NUMBER, 2}, true},
                          {{"measured_drop", TABLE_NUMBER, 2}, true},
                          {{"trained_drop", TABLE_NUMBER, 2}, f->trained.n > 0},
                          {{"report_drop", TABLE_NUMBER, 2}, true},
                          {{"report_drop_low", TABLE_NUMBER, 2}, true},
                          {{"report_drop_high", TABLE_NUMBER, 2}, true},
                          {{"extrapolated", TABLE_INTEGER, 0}, f->extrapolated},
                          {{"proof", TABLE_TEXT, 0}, f->proof},
                          {{"exceeds", TABLE_TEXT, 0}, broken},
                          {{"design", TABLE_TEXT, 0}, true}};
    enum { N = sizeof parts / sizeof *parts };
    table_column columns[N + 1];
    size_t n = 0;
    for (size_t i = 0; i < N; i++)
        if (parts[i].shown)
            columns[n++] = parts[i].column;
    columns[n] = (table_column){0};
    return table_new(out, NULL, columns, err);
}

void front_exceeds(asx_text *out, const asx_limits *limits, const asx_evaluation *e)
{
    for (int o = 0; o < ASX_N_OBJECTIVES; o++) {
        const double value = asx_evaluation_objective(e, (asx_objective)o);
        if (value > limits->max[o])
            asx_text_add(out, "%s%s %.6g > %.6g", out->n ? ", " : "",
                         asx_objective_field((asx_objective)o), value, limits->max[o]);
    }
}

asx_status front_table(table **out, const front *f, asx_error *err)
{
    table *t = NULL;
    asx_text exceeds = {0};
    const bool broken = f->n > 0 && !f->feasible;
    const asx_status st = make_table(&t, f, broken, err);
    if (st < 0)
        return st;
    const double baseline = f->baseline ? f->baseline->evaluation.cost.energy_pj : NAN;
    for (size_t i = 0; i < f->n; i++) {
        const asx_row *row = &f->rows.row[f->index[i]];
        const asx_cost *cost = &row->evaluation.cost;
        const asx_row *checked = row->evaluation.accuracy.tier == ASX_TIER_MEASURED
                                     ? row
                                     : front_find(&f->checked, row->design);
        const asx_row *trained = front_find(&f->trained, row->design);
        const asx_row *report = front_find(&f->report, row->design);
        const asx_accuracy *a = report ? &report->evaluation.accuracy : NULL;
        table_number(t, f->first_row ? (double)(f->first_row + i) : NAN);
        table_number(t, cost->energy_pj);
        table_number(t, 100 * (1 - cost->energy_pj / baseline));
        if (f->exact_pj)
            table_number(t, 100 * (1 - f->exact_pj[i] / baseline));
        table_number(t, cost->latency_ns);
        table_number(t, cost->area_um2);
        table_number(t, cost->weight_bits);
        table_text(t, asx_tier_text(row->evaluation.accuracy.tier));
        table_number(t, row->evaluation.accuracy.drop);
        table_number(t, checked ? checked->evaluation.accuracy.drop : NAN);
        if (f->trained.n > 0)
            table_number(t, trained ? trained->evaluation.accuracy.drop : NAN);
        table_number(t, a ? a->drop : NAN);
        table_number(t, a ? a->drop_low : NAN);
        table_number(t, a ? a->drop_high : NAN);
        if (f->extrapolated)
            table_integer(t, f->extrapolated[i]);
        if (f->proof)
            table_text(t, f->proof);
        if (broken) {
            asx_text_clear(&exceeds);
            front_exceeds(&exceeds, &f->limits, &row->evaluation);
            table_text(t, exceeds.s);
        }
        table_text(t, row->design);
    }
    asx_text_fini(&exceeds);
    *out = t;
    return ASX_OK;
}

asx_status front_print(const char *database, const front_options *options, const char *print,
                       asx_error *err)
{
    asx_store *store = NULL;
    front f = {0};
    table *t = NULL;
    asx_status st = asx_store_open(&store, database, ASX_STORE_READ, err);
    if (st == ASX_OK)
        st = front_load(&f, store, options, err);
    if (st == ASX_OK)
        st = front_add_exact(&f, store, err);
    if (st == ASX_OK)
        st = front_table(&t, &f, err);
    if (st == ASX_OK)
        st = table_print(stdout, print, &t, 1, err);
    if (st == ASX_OK && f.n == 0)
        fprintf(stderr, "asx: nothing was evaluated%s\n",
                options->where ? " that fits --where" : " yet");
    else if (st == ASX_OK && !f.feasible)
        fprintf(stderr, "asx: no design keeps the limits (%s); these come closest\n",
                f.record.limits);
    if (st == ASX_OK && options->proof && !options->where)
        st = proof_say(&f, store, err);
    for (size_t i = 0; st == ASX_OK && f.extrapolated && i < f.n; i++)
        if (f.extrapolated[i]) {
            fprintf(stderr, "asx: costs of rows with 'extrapolated' 1 go beyond the technology's "
                            "rows; 'asx show' says where\n");
            break;
        }
    table_free(t);
    front_fini(&f);
    asx_store_free(store);
    return st;
}
