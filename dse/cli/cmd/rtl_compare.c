#include "rtl_compare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "eval/netlist.h"
#include "hwmodel/machine.h"
#include "hwmodel/technology.h"
#include "table.h"

enum { MODULES_MAX = 5 };

/* What of the machine is which part of a cost. A module counts without those it holds; a scaler belongs
 * to who holds it. */
static const struct {
    const char *part, *modules[MODULES_MAX];
    int cost[8]; /* up to ASX_N_PARTS, which ends it */
} PARTS[] = {
    {"precompute", {"asx_bank", "asx_banks"}, {ASX_PART_PRECOMPUTE, ASX_N_PARTS}},
    {"lanes",
     {"asx_lane"},
     {ASX_PART_MULTIPLY, ASX_PART_SELECT, ASX_PART_SHIFT, ASX_PART_ADD, ASX_PART_DECODE,
      ASX_N_PARTS}},
    {"accumulate", {"asx_column", "asx_accumulator"}, {ASX_PART_ACCUMULATE, ASX_N_PARTS}},
    {"array", /* the three above */
     {"asx_lane", "asx_bank", "asx_banks", "asx_column", "asx_accumulator"},
     {ASX_PART_MULTIPLY, ASX_PART_PRECOMPUTE, ASX_PART_SELECT, ASX_PART_SHIFT, ASX_PART_ADD,
      ASX_PART_DECODE, ASX_PART_ACCUMULATE, ASX_N_PARTS}},
    {"scale", {"asx_machine/asx_scaler"}, {ASX_PART_SCALE, ASX_N_PARTS}},
    {"residual", {"asx_reducer"}, {ASX_PART_RESIDUAL, ASX_N_PARTS}},
    {"words", {"asx_converter", "asx_converter/asx_scaler"}, {ASX_N_PARTS}},
    {"rotator", {"asx_values"}, {ASX_N_PARTS}},
    {"control", {"asx_sequencer", "asx_machine"}, {ASX_N_PARTS}},
};

static const table_column part_columns[] = {{"part", TABLE_TEXT, 0},
                                            {"instances", TABLE_NUMBER, TABLE_AUTO},
                                            {"cells", TABLE_NUMBER, TABLE_AUTO},
                                            {"gates", TABLE_NUMBER, TABLE_AUTO},
                                            {"area_um2", TABLE_NUMBER, TABLE_AUTO},
                                            {"model_um2", TABLE_NUMBER, TABLE_AUTO},
                                            {"ratio", TABLE_NUMBER, 2},
                                            {"modules", TABLE_TEXT, 0},
                                            {0}};

/* The technology's area of a gate; 0 where it says none. */
static double gate_um2(const asx_technology *technology)
{
    for (size_t i = 0; i < asx_technology_n_rows(technology); i++) {
        const asx_technology_row row = asx_technology_row_at(technology, i);
        if (strcmp(row.component, "gate") == 0 && strcmp(row.quantity, "area") == 0)
            return row.value / (row.x > 0 ? row.x : 1);
    }
    return 0;
}

static bool is_of(const asx_netlist *net, const asx_netlist_module *m, const char *name)
{
    const char *slash = strchr(name, '/');
    const char *parent = net->module[m->parent].base;
    if (strcmp(m->base, slash ? slash + 1 : name) != 0)
        return false;
    return !slash ? strcmp(m->base, "asx_scaler") != 0
                  : strncmp(parent, name, (size_t)(slash - name)) == 0;
}

static void add_part(table *t, const asx_netlist *net, size_t part, const asx_cost *cost,
                     double gate)
{
    asx_netlist_module sum = {0};
    asx_text modules = {0};
    double model = 0;
    for (size_t k = 0; k < MODULES_MAX && PARTS[part].modules[k]; k++) {
        asx_text_add(&modules, "%s%s", k ? ", " : "", PARTS[part].modules[k]);
        for (size_t i = 0; i < net->n_modules; i++) {
            const asx_netlist_module *m = &net->module[i];
            if (!is_of(net, m, PARTS[part].modules[k]))
                continue;
            sum.instances += k == 0 ? m->instances : 0;
            sum.cells += m->instances * m->cells;
            sum.gates += m->instances * m->gates;
            sum.area_um2 += m->instances * m->area_um2;
        }
    }
    for (const int *c = PARTS[part].cost; *c < ASX_N_PARTS; c++)
        model += cost->area_part_um2[*c];
    const double area = net->has_area ? sum.area_um2 : sum.gates * gate;
    table_text(t, PARTS[part].part);
    table_number(t, sum.instances);
    table_number(t, sum.cells);
    table_number(t, sum.gates);
    table_number(t, area);
    table_number(t, model);
    table_number(t, model > 0 ? area / model : 0);
    table_built(t, &modules);
    asx_text_fini(&modules);
}

static size_t instances_of(const asx_netlist *net, const char *base)
{
    double n = 0;
    for (size_t i = 0; i < net->n_modules; i++)
        n += strcmp(net->module[i].base, base) == 0 ? net->module[i].instances : 0;
    return (size_t)n;
}

/* The model's array must be the one that was built. */
static asx_status check_array(const asx_session *s, const asx_netlist *net, asx_error *err)
{
    const asx_params *params = asx_machine_params_of(s->machine);
    const size_t lanes = (size_t)asx_params_get(params, "lanes");
    const size_t columns = (size_t)asx_params_get(params, "columns");
    const size_t built = instances_of(net, "asx_lane"), wide = instances_of(net, "asx_column");
    if (built == 0)
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "there are no lanes to compare: a macro in memory is a model, no circuit");
    return lanes == built && columns == wide
               ? ASX_OK
               : asx_fail(err, ASX_EINVAL,
                          "the campaign's machine has %zu lanes in %zu columns, the netlist %zu in "
                          "%zu: '--rows' and '--columns' of the machine, or hardware.parameters",
                          lanes, columns, built, wide);
}

asx_status rtl_compare_check(const design_program *p, const char *path, asx_error *err)
{
    asx_netlist *net = malloc(sizeof *net);
    asx_status status = net ? asx_netlist_read(net, path, err)
                            : asx_fail(err, ASX_ENOMEM, "no memory for a netlist");
    if (status == ASX_OK)
        status = check_array(&p->session, net, err);
    free(net);
    return status;
}

asx_status rtl_compare_print(const design_program *p, const char *path, const char *format,
                             asx_error *err)
{
    asx_netlist *net = malloc(sizeof *net);
    asx_cost cost = {0};
    table *t = NULL;
    asx_status status = net ? asx_netlist_read(net, path, err)
                            : asx_fail(err, ASX_ENOMEM, "no memory for a netlist");
    if (status == ASX_OK)
        status = check_array(&p->session, net, err);
    if (status == ASX_OK)
        status = asx_machine_cost(&cost, NULL, p->session.machine, &p->design, err);
    if (status == ASX_OK)
        status = table_new(&t, NULL, part_columns, err);
    for (size_t i = 0; status == ASX_OK && i < sizeof PARTS / sizeof *PARTS; i++)
        add_part(t, net, i, &cost, gate_um2(p->session.technology));
    if (status == ASX_OK)
        status = table_print(stdout, format, &t, 1, err);
    table_free(t);
    free(net);
    return status;
}
