#include "cost_tables.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "dse/word_kind.h"
#include "hwmodel/mapping.h"
#include "hwmodel/warnings.h"

static const table_column summary_columns[] = {{"what", TABLE_TEXT, 0},
                                               {"energy_pj", TABLE_NUMBER, TABLE_AUTO},
                                               {"latency_ns", TABLE_NUMBER, TABLE_AUTO},
                                               {"cycles", TABLE_NUMBER, 0},
                                               {"area_um2", TABLE_NUMBER, TABLE_AUTO},
                                               {"weight_bits", TABLE_NUMBER, 0},
                                               {"compute_pj", TABLE_NUMBER, TABLE_AUTO},
                                               {"memory_pj", TABLE_NUMBER, TABLE_AUTO},
                                               {"movement_pj", TABLE_NUMBER, TABLE_AUTO},
                                               {"leakage_pj", TABLE_NUMBER, TABLE_AUTO},
                                               {"saved_percent", TABLE_NUMBER, 1},
                                               {"inferences_per_s", TABLE_NUMBER, TABLE_AUTO},
                                               {"power_mw", TABLE_NUMBER, TABLE_AUTO},
                                               {"energy_delay_njs", TABLE_NUMBER, TABLE_AUTO},
                                               {"design", TABLE_DESIGN, 0},
                                               {0}};

static const table_column part_columns[] = {{"part", TABLE_TEXT, 0},
                                            {"group", TABLE_TEXT, 0},
                                            {"energy_pj", TABLE_NUMBER, TABLE_AUTO},
                                            {"percent", TABLE_NUMBER, 1},
                                            {"baseline_pj", TABLE_NUMBER, TABLE_AUTO},
                                            {"area_um2", TABLE_NUMBER, TABLE_AUTO},
                                            {"about", TABLE_TEXT, 0},
                                            {0}};

static const table_column layer_columns[] = {{"layer", TABLE_TEXT, 0},
                                             {"kind", TABLE_TEXT, 0},
                                             {"macs", TABLE_INTEGER, 0},
                                             {"weights", TABLE_INTEGER, 0},
                                             {"format", TABLE_TEXT, 0},
                                             {"energy_pj", TABLE_NUMBER, TABLE_AUTO},
                                             {"percent", TABLE_NUMBER, 1},
                                             {"baseline_pj", TABLE_NUMBER, TABLE_AUTO},
                                             {"latency_ns", TABLE_NUMBER, TABLE_AUTO},
                                             {"utilization_percent", TABLE_NUMBER, 1},
                                             {"weight_bits", TABLE_NUMBER, 0},
                                             {0}};

/* Counts are words per inference. */
static const table_column mapping_columns[] = {{"layer", TABLE_TEXT, 0},
                                               {"dataflow", TABLE_TEXT, 0},
                                               {"circuit", TABLE_TEXT, 0},
                                               {"passes", TABLE_INTEGER, 0},
                                               {"utilization_percent", TABLE_NUMBER, 1},
                                               {"weight_held", TABLE_NUMBER, 0},
                                               {"weight_reads", TABLE_NUMBER, 0},
                                               {"buffer_reads", TABLE_NUMBER, 0},
                                               {"lane_loads", TABLE_NUMBER, 0},
                                               {"input_reads", TABLE_NUMBER, 0},
                                               {"line_reads", TABLE_NUMBER, 0},
                                               {"row_loads", TABLE_NUMBER, 0},
                                               {"input_writes", TABLE_NUMBER, 0},
                                               {"sums", TABLE_NUMBER, 0},
                                               {"spills", TABLE_NUMBER, 0},
                                               {"image", TABLE_INTEGER, 0},
                                               {"added", TABLE_NUMBER, 0},
                                               {"pooled", TABLE_NUMBER, 0},
                                               {"wide_writes", TABLE_NUMBER, 0},
                                               {"wide_reads", TABLE_NUMBER, 0},
                                               {"off_chip_bits", TABLE_NUMBER, 0},
                                               {0}};

static const table_column assumption_columns[] = {{"assumption", TABLE_TEXT, 0}, {0}};

/* Three designs side by side, each with totals and layers. */
enum { DESIGN, EXACT, BASELINE, N_SIDES };

typedef struct side {
    const char *what;
    asx_design design;
    asx_cost total;
    asx_cost *layer;
    bool unpriced; /* beyond what the technology was fitted to */
} side;

static asx_status init_sides(side *s, const asx_machine *machine, const asx_workload *work,
                             const asx_design *design, asx_error *err)
{
    s[DESIGN].what = "design";
    s[EXACT].what = "exact multipliers";
    s[BASELINE].what = "baseline";
    asx_status status = asx_design_copy(&s[DESIGN].design, design, err);
    if (status == ASX_OK)
        status = asx_design_copy(&s[EXACT].design, design, err);
    if (status == ASX_OK)
        status = asx_design_init(&s[BASELINE].design, work->n_layers, err);
    for (size_t i = 0; status == ASX_OK && i < work->n_layers; i++) {
        s[EXACT].design.format[i].weight = asx_word_exact(&s[EXACT].design.format[i].weight);
        s[EXACT].design.format[i].activation =
            asx_word_exact(&s[EXACT].design.format[i].activation);
    }
    for (int i = 0; status == ASX_OK && i < N_SIDES; i++) {
        s[i].layer = asx_array_new(work->n_layers, sizeof *s[i].layer);
        if (!s[i].layer)
            return asx_fail(err, ASX_ENOMEM, "no memory for costs");
        status = i == BASELINE
                     ? asx_machine_baseline(&s[i].total, s[i].layer, machine, err)
                     : asx_machine_cost(&s[i].total, s[i].layer, machine, &s[i].design, err);
        s[i].unpriced = i == EXACT && status == ASX_EINVAL;
        status = s[i].unpriced ? ASX_OK : status;
    }
    return status;
}

static void fini_sides(side *s)
{
    for (int i = 0; i < N_SIDES; i++) {
        asx_design_fini(&s[i].design);
        free(s[i].layer);
    }
}

static void add_summary(table *t, const side *s, double baseline_pj, const asx_workload *work)
{
    static const char *const groups[] = {"compute", "memory", "movement", "leakage"};
    asx_text text = {0};
    asx_design_print(&text, &s->design, work);
    table_text(t, s->what);
    table_number(t, s->total.energy_pj);
    table_number(t, s->total.latency_ns);
    table_number(t, s->total.cycles);
    table_number(t, s->total.area_um2);
    table_number(t, s->total.weight_bits);
    for (int i = 0; i < 4; i++)
        table_number(t, asx_cost_group_pj(&s->total, groups[i]));
    table_number(t, 100 * (1 - s->total.energy_pj / baseline_pj));
    table_number(t, 1e9 / s->total.latency_ns);
    table_number(t, s->total.energy_pj / s->total.latency_ns); /* pJ / ns = mW */
    table_number(t, 1e-12 * s->total.energy_pj * s->total.latency_ns);
    table_built(t, &text);
    asx_text_fini(&text);
}

static void add_parts(table *t, const asx_cost *cost, const asx_cost *baseline)
{
    for (int p = 0; p < ASX_N_PARTS; p++) {
        if (cost->energy_part_pj[p] == 0 && cost->area_part_um2[p] == 0 &&
            baseline->energy_part_pj[p] == 0)
            continue;
        table_text(t, asx_part_text((asx_part)p));
        table_text(t, asx_part_group((asx_part)p));
        table_number(t, cost->energy_part_pj[p]);
        table_number(t, 100 * cost->energy_part_pj[p] / cost->energy_pj);
        table_number(t, baseline->energy_part_pj[p]);
        table_number(t, cost->area_part_um2[p]);
        table_text(t, asx_part_help((asx_part)p));
    }
}

/* `lanes` that each made one product a cycle would be used to 100 %: digit-serial lanes and layers
 * that do not fill the array are below. */
static void add_layers(table *t, const side *s, const asx_workload *work, double lanes)
{
    for (size_t i = 0; i < work->n_layers; i++) {
        const asx_layer *layer = &work->layer[i];
        asx_text format = {0};
        asx_format_print(&format, &s[DESIGN].design.format[i]);
        table_text(t, layer->name);
        table_text(t, asx_layer_kind_text(layer->kind));
        table_integer(t, (long long)asx_layer_n_macs(layer));
        table_integer(t, (long long)asx_layer_n_learned(layer));
        table_built(t, &format);
        table_number(t, s[DESIGN].layer[i].energy_pj);
        table_number(t, 100 * s[DESIGN].layer[i].energy_pj / s[DESIGN].total.energy_pj);
        table_number(t, s[BASELINE].layer[i].energy_pj);
        table_number(t, s[DESIGN].layer[i].latency_ns);
        table_number(t,
                     100 * (double)asx_layer_n_macs(layer) / (lanes * s[DESIGN].layer[i].cycles));
        table_number(t, s[DESIGN].layer[i].weight_bits);
        asx_text_fini(&format);
    }
}

static asx_status add_mapping(table *t, const asx_machine *machine, const asx_design *design,
                              const asx_workload *work, asx_error *err)
{
    for (size_t i = 0; i < work->n_layers; i++) {
        asx_layer_mapping m;
        const asx_status status =
            asx_machine_mapping(&m, machine, design->placement, i, &design->format[i], err);
        if (status != ASX_OK)
            return status;
        table_text(t, work->layer[i].name);
        table_text(t, m.dataflow);
        table_text(t, m.circuit);
        table_integer(t, m.passes);
        table_number(t, 100 * m.utilisation);
        const double moved[] = {m.hold,        m.weight_reads, m.buffer_reads, m.lane_loads,
                                m.input_reads, m.line_reads,   m.row_loads,    m.input_writes,
                                m.sums,        m.spills};
        for (size_t k = 0; k < sizeof moved / sizeof *moved; k++)
            table_number(t, moved[k]);
        table_integer(t, m.image);
        const double other[] = {m.added, m.pooled, m.wide_writes, m.wide_reads, m.off_chip_bits};
        for (size_t k = 0; k < sizeof other / sizeof *other; k++)
            table_number(t, other[k]);
    }
    return ASX_OK;
}

/* The lines of `text` that `known` does not hold, cut at their ends. */
static void add_new_lines(table *t, char *text, const char *known)
{
    for (char *line = text; line && *line;) {
        char *end = line + strcspn(line, "\n");
        const char last = *end;
        *end = '\0';
        bool repeats = false;
        const size_t n = (size_t)(end - line);
        for (const char *k = known; *k && !repeats;) {
            const size_t m = strcspn(k, "\n");
            repeats = m == n && strncmp(k, line, n) == 0;
            k += m + (k[m] != '\0');
        }
        if (!repeats)
            table_text(t, line);
        line = last ? end + 1 : end;
    }
}

/* Warnings, all of the placement's, then what is different for the baseline. */
static asx_status add_assumptions(table *t, const asx_machine *machine, const asx_design *design,
                                  asx_error *err)
{
    const asx_placement placement = design->placement;
    asx_text text = {0}, baseline = {0};
    asx_warnings warnings = {0};
    asx_status status = asx_machine_warnings(&warnings, machine, design, err);
    if (status != ASX_OK)
        return status;
    for (size_t i = 0; i < warnings.n; i++)
        asx_text_add(&text, "warning: %s\n", warnings.list[i].text);
    asx_text_add(&text, "placement %s: %s\n", asx_placement_text(placement),
                 asx_placement_help(placement));
    asx_machine_assumptions(&text, machine, placement);
    asx_text_add(&baseline, "the baseline, where it differs: %s\n",
                 asx_placement_help(ASX_PLACEMENT_VN));
    asx_machine_assumptions(&baseline, machine, ASX_PLACEMENT_VN);
    char *own = text.failed ? NULL : asx_string_copy(text.s);
    if (!own || baseline.failed) {
        status = asx_fail(err, ASX_ENOMEM, "no memory for assumptions");
        goto done;
    }
    add_new_lines(t, own, "");
    if (placement != ASX_PLACEMENT_VN)
        add_new_lines(t, baseline.s, text.s);
done:
    free(own);
    asx_warnings_fini(&warnings);
    asx_text_fini(&baseline);
    asx_text_fini(&text);
    return status;
}

asx_status cost_tables_make(table **tables, const asx_machine *machine, const asx_workload *work,
                            const asx_design *design, asx_error *err)
{
    side s[N_SIDES] = {{0}};
    asx_status status = init_sides(s, machine, work, design, err);
    if (status == ASX_OK)
        status = table_new(&tables[0], "summary", summary_columns, err);
    if (status == ASX_OK)
        status = table_new(&tables[1], "parts", part_columns, err);
    if (status == ASX_OK)
        status = table_new(&tables[2], "layers", layer_columns, err);
    if (status == ASX_OK)
        status = table_new(&tables[3], "mapping", mapping_columns, err);
    if (status == ASX_OK)
        status = table_new(&tables[4], "assumptions", assumption_columns, err);
    if (status == ASX_OK) {
        table_for_people(tables[0], NULL,
                         "energy_delay_njs power_mw inferences_per_s cycles leakage_pj movement_pj "
                         "memory_pj compute_pj weight_bits latency_ns area_um2");
        table_for_people(tables[1], NULL, "group baseline_pj area_um2");
        table_for_people(
            tables[2], NULL,
            "utilization_percent kind weight_bits weights latency_ns baseline_pj macs");
        table_for_people(tables[3], NULL,
                         "off_chip_bits wide_reads wide_writes pooled added image spills sums "
                         "input_writes row_loads line_reads input_reads lane_loads buffer_reads "
                         "weight_reads weight_held circuit utilization_percent passes");
        for (int i = 0; i < N_SIDES; i++)
            if (!s[i].unpriced)
                add_summary(tables[0], &s[i], s[BASELINE].total.energy_pj, work);
        add_parts(tables[1], &s[DESIGN].total, &s[BASELINE].total);
        add_layers(tables[2], s, work, asx_params_get(asx_machine_params_of(machine), "lanes"));
        status = add_mapping(tables[3], machine, design, work, err);
    }
    if (status == ASX_OK)
        status = add_assumptions(tables[4], machine, design, err);
    fini_sides(s);
    return status;
}
