/* Designs side by side, energy by part: priced on the spot, with neither data nor a database. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "plot_kinds.h"
#include "results/chart.h"

enum { DESIGNS_MAX = 24 };

typedef struct costs {
    char *name[DESIGNS_MAX], *note[DESIGNS_MAX];
    double value[DESIGNS_MAX * ASX_N_PARTS], energy_pj[DESIGNS_MAX], largest_pj, baseline_pj;
    size_t n;
} costs;

static asx_status add(costs *c, const asx_machine *machine, const asx_workload *work,
                      const char *design_text, asx_error *err)
{
    asx_design design = {0};
    asx_cost cost;
    asx_text name = {0};
    if (c->n == DESIGNS_MAX)
        return asx_fail(err, ASX_EINVAL, "a picture holds at most %d designs", DESIGNS_MAX);
    asx_status status = asx_design_parse(&design, design_text, work, err);
    if (status == ASX_OK)
        status = asx_machine_cost(&cost, NULL, machine, &design, err);
    if (status == ASX_OK) {
        asx_design_print(&name, &design, work);
        status = asx_text_take(&c->name[c->n], &name, err);
    }
    if (status == ASX_OK) {
        for (int p = 0; p < ASX_N_PARTS; p++)
            c->value[c->n * ASX_N_PARTS + (size_t)p] = cost.energy_part_pj[p];
        c->energy_pj[c->n++] = cost.energy_pj;
        c->largest_pj = fmax(c->largest_pj, cost.energy_pj);
    }
    asx_design_fini(&design);
    return status;
}

static asx_status add_notes(costs *c, const plot_energy *unit, asx_error *err)
{
    asx_status status = ASX_OK;
    for (size_t i = 0; i < c->n && status == ASX_OK; i++) {
        asx_text note = {0};
        asx_text_add(&note, "%.4g %s, %.0f %% saved", c->energy_pj[i] / unit->pj, unit->unit,
                     100 * (1 - c->energy_pj[i] / c->baseline_pj));
        status = asx_text_take(&c->note[i], &note, err);
    }
    return status;
}

asx_status plot_costs(const asx_plot_options *options, const asx_machine *machine,
                      const char *designs, asx_error *err)
{
    const asx_workload *work = asx_machine_workload(machine);
    asx_cost baseline;
    costs c = {.n = 0};
    char *copy = asx_string_copy(designs), *save = NULL;
    asx_status status = copy ? asx_machine_baseline(&baseline, NULL, machine, err)
                             : asx_fail(err, ASX_ENOMEM, "no memory for designs");
    if (status == ASX_OK)
        c.baseline_pj = baseline.energy_pj;
    for (char *text = copy ? strtok_r(copy, ";", &save) : NULL; text && status == ASX_OK;
         text = strtok_r(NULL, ";", &save))
        status = add(&c, machine, work, text + strspn(text, " "), err);
    const plot_energy unit = plot_energy_of(c.largest_pj);
    if (status == ASX_OK)
        status = add_notes(&c, &unit, err);
    const asx_chart_bars bars = {.label = unit.label,
                                 .field = "energy",
                                 .unit = "pj",
                                 .factor = unit.pj,
                                 .n = c.n,
                                 .n_parts = ASX_N_PARTS,
                                 .name = (const char *const *)c.name,
                                 .note = (const char *const *)c.note,
                                 .part = plot_part_name,
                                 .part_label = plot_part_label,
                                 .color = plot_part_color,
                                 .value = c.value};
    if (status == ASX_OK)
        status = asx_plot_bars(options, &bars, err);
    for (size_t i = 0; i < DESIGNS_MAX; i++) {
        free(c.name[i]);
        free(c.note[i]);
    }
    free(copy);
    return status;
}
