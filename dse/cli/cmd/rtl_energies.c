/* Energies of a netlist on recorded operands, by layer, beside the model's. */
#include "rtl_energies.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/csv.h"
#include "dse/file.h"
#include "dse/memory.h"
#include "rtl_compare.h"
#include "table.h"

enum { PRECOMPUTE, LANES, ACCUMULATE, ARRAY, SCALE, N_PARTS };

/* Parts of run-toggles and those of a cost that they are; the array is the three before it. */
static const struct {
    const char *name;
    int cost[6]; /* up to ASX_N_PARTS, which ends it */
} PARTS[N_PARTS] = {
    [PRECOMPUTE] = {"precompute", {ASX_PART_PRECOMPUTE, ASX_N_PARTS}},
    [LANES] = {"lanes",
               {ASX_PART_MULTIPLY, ASX_PART_SELECT, ASX_PART_SHIFT, ASX_PART_ADD, ASX_PART_DECODE,
                ASX_N_PARTS}},
    [ACCUMULATE] = {"accumulate", {ASX_PART_ACCUMULATE, ASX_N_PARTS}},
    [ARRAY] = {"array", {ASX_N_PARTS}},
    [SCALE] = {"scale", {ASX_PART_SCALE, ASX_N_PARTS}},
};

static const table_column energy_columns[] = {{"layer", TABLE_TEXT, 0},
                                              {"part", TABLE_TEXT, 0},
                                              {"cycles", TABLE_NUMBER, 0},
                                              {"recorded", TABLE_NUMBER, 0},
                                              {"toggles", TABLE_NUMBER, 2},
                                              {"settled_fj", TABLE_NUMBER, 1},
                                              {"netlist_fj", TABLE_NUMBER, 1},
                                              {"model_fj", TABLE_NUMBER, 1},
                                              {"settled_ratio", TABLE_NUMBER, 2},
                                              {"ratio", TABLE_NUMBER, 2},
                                              {0}};

/* Of one layer and part, all cycles together; of the array the largest counts of cycles. */
typedef struct sum {
    double cycles, recorded, toggles, settled_pj, netlist_pj, model_pj;
} sum;

static void add(sum *to, const sum *s)
{
    to->cycles = s->cycles > to->cycles ? s->cycles : to->cycles;
    to->recorded = s->recorded > to->recorded ? s->recorded : to->recorded;
    to->toggles += s->toggles;
    to->settled_pj += s->settled_pj;
    to->netlist_pj += s->netlist_pj;
    to->model_pj += s->model_pj;
}

/* Columns of the file: numbers are per recorded cycle. */
enum { CYCLES, RECORDED, TOGGLES, SETTLED, ENERGY, N_NUMBERS };
static const char *const NUMBERS[N_NUMBERS] = {"cycles", "recorded", "toggles", "settled_pj",
                                               "energy_pj"};

static size_t part_named(const char *name)
{
    size_t i = 0;
    while (i < N_PARTS && (i == ARRAY || strcmp(PARTS[i].name, name) != 0))
        i++;
    return i;
}

static size_t layer_named(const asx_workload *work, const char *name)
{
    size_t i = 0;
    while (i < work->n_layers && strcmp(work->layer[i].name, name) != 0)
        i++;
    return i;
}

/* A step of a layer; there may be several. @param sums  [layers][N_PARTS] */
static asx_status read_row(sum *sums, const asx_csv *csv, size_t row, const asx_workload *work,
                           asx_error *err)
{
    size_t column[N_NUMBERS], layer_column, part_column;
    double v[N_NUMBERS];
    asx_status status = asx_csv_find(&layer_column, csv, "layer", err);
    if (status == ASX_OK)
        status = asx_csv_find(&part_column, csv, "part", err);
    for (size_t i = 0; status == ASX_OK && i < N_NUMBERS; i++) {
        status = asx_csv_find(&column[i], csv, NUMBERS[i], err);
        if (status == ASX_OK)
            status = asx_csv_number(&v[i], csv, row, column[i], 0, 1e15, err);
    }
    if (status != ASX_OK)
        return status;
    const char *layer = asx_csv_cell(csv, row, layer_column);
    const char *part = asx_csv_cell(csv, row, part_column);
    const size_t l = layer_named(work, layer), p = part_named(part);
    if (l == work->n_layers || p == N_PARTS)
        return asx_fail(err, ASX_EPARSE, "%s:%zu: %s '%s' is none of the %s", asx_csv_name(csv),
                        asx_csv_line(csv, row), p == N_PARTS ? "part" : "layer",
                        p == N_PARTS ? part : layer, p == N_PARTS ? "array's" : "network's");
    sum *s = &sums[l * N_PARTS + p];
    s->cycles += v[CYCLES];
    s->recorded += v[RECORDED];
    s->toggles += v[TOGGLES] * v[CYCLES];
    s->settled_pj += v[SETTLED] * v[CYCLES];
    s->netlist_pj += v[ENERGY] * v[CYCLES];
    return ASX_OK;
}

/* @param conditions  of the netlist's figures: the comment that the file begins with */
static asx_status read_file(sum *sums, asx_text *conditions, const char *path,
                            const asx_workload *work, asx_error *err)
{
    asx_csv *csv = NULL;
    char *text = NULL;
    size_t n = 0;
    asx_status status = asx_file_read(&text, &n, path, ASX_CSV_BYTES_MAX, err);
    if (status == ASX_OK)
        status = asx_csv_parse(&csv, path, text, n, err);
    for (size_t row = 0; status == ASX_OK && row < asx_csv_rows(csv); row++)
        status = read_row(sums, csv, row, work, err);
    for (size_t l = 0; status == ASX_OK && l < work->n_layers; l++)
        if (sums[l * N_PARTS + LANES].cycles == 0)
            status =
                asx_fail(err, ASX_EINVAL, "%s: there is no layer '%s'", path, work->layer[l].name);
    if (status == ASX_OK && strncmp(text, "# ", 2) == 0)
        asx_text_add(conditions, "%.*s", (int)strcspn(text + 2, "\r\n"), text + 2);
    asx_csv_free(csv);
    free(text);
    return status;
}

static void add_model(sum *s, const asx_cost *layer)
{
    for (size_t p = 0; p < N_PARTS; p++)
        for (const int *c = PARTS[p].cost; *c < ASX_N_PARTS; c++)
            s[p].model_pj += layer->energy_part_pj[*c];
    for (size_t p = 0; p < ARRAY; p++)
        add(&s[ARRAY], &s[p]);
}

/* Per multiply-accumulate; parts that neither has are left out. */
static void add_rows(table *t, const char *layer, const sum *s, double macs)
{
    for (size_t p = 0; p < N_PARTS; p++) {
        if (s[p].netlist_pj == 0 && s[p].model_pj == 0)
            continue;
        table_text(t, layer);
        table_text(t, PARTS[p].name);
        table_number(t, s[p].cycles);
        table_number(t, s[p].recorded);
        table_number(t, s[p].toggles / macs);
        table_number(t, s[p].settled_pj / macs * 1000);
        table_number(t, s[p].netlist_pj / macs * 1000);
        table_number(t, s[p].model_pj / macs * 1000);
        table_number(t, s[p].model_pj > 0 ? s[p].settled_pj / s[p].model_pj : 0);
        table_number(t, s[p].model_pj > 0 ? s[p].netlist_pj / s[p].model_pj : 0);
    }
}

static void add_layers(table *t, sum *sums, const asx_cost *layer, const asx_workload *work)
{
    sum all[N_PARTS] = {{0}};
    for (size_t l = 0; l < work->n_layers; l++) {
        sum *s = &sums[l * N_PARTS];
        add_model(s, &layer[l]);
        add_rows(t, work->layer[l].name, s, (double)asx_layer_n_macs(&work->layer[l]));
        for (size_t p = 0; p < N_PARTS; p++) {
            const double cycles = all[p].cycles + s[p].cycles;
            const double recorded = all[p].recorded + s[p].recorded;
            add(&all[p], &s[p]);
            all[p].cycles = cycles;
            all[p].recorded = recorded;
        }
    }
    add_rows(t, "all", all, (double)asx_workload_n_macs(work));
}

static asx_status check(const design_program *p, const char *folder, asx_error *err)
{
    asx_text path = {0};
    asx_text_add(&path, "%s/cells.txt", folder);
    const asx_status status = path.failed
                                  ? asx_fail(err, ASX_ENOMEM, "no memory for the name of a file")
                                  : rtl_compare_check(p, path.s, err);
    asx_text_fini(&path);
    return status;
}

asx_status rtl_energies_print(const design_program *p, const char *folder, const char *format,
                              asx_error *err)
{
    const asx_workload *work = asx_session_workload(&p->session);
    sum *sums = calloc(work->n_layers * N_PARTS, sizeof *sums);
    asx_cost *layer = asx_array_new(work->n_layers, sizeof *layer), total = {0};
    asx_text path = {0}, conditions = {0};
    table *t = NULL;
    asx_text_add(&path, "%s/toggles.csv", folder);
    asx_status status = sums && layer && !path.failed
                            ? check(p, folder, err)
                            : asx_fail(err, ASX_ENOMEM, "no memory for %zu layers", work->n_layers);
    if (status == ASX_OK)
        status = read_file(sums, &conditions, path.s, work, err);
    if (status == ASX_OK)
        status = asx_machine_cost(&total, layer, p->session.machine, &p->design, err);
    if (status == ASX_OK)
        status = table_new(&t, NULL, energy_columns, err);
    if (status == ASX_OK) {
        add_layers(t, sums, layer, work);
        status = table_print(stdout, format, &t, 1, err);
    }
    if (status == ASX_OK && conditions.s)
        fprintf(stderr, "netlist: %s\n", conditions.s);
    table_free(t);
    asx_text_fini(&conditions);
    asx_text_fini(&path);
    free(layer);
    free(sums);
    return status;
}
