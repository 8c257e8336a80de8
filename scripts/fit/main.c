/* fit_technology NAME DATA_FOLDER > hwmodel/data/NAME.csv
 * fit_technology NAME DATA_FOLDER --nested: how far off with the terms, too, chosen without
 *
 * Makes a technology from reference data: gate-level figures of arithmetic units, CACTI's of
 * memories, published constants. Every row names the data, the method and the error. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arithmetic.h"
#include "dse/csv.h"
#include "macro.h"
#include "memory.h"
#include "nested.h"

/* How a technology is put together. */
typedef struct recipe {
    const char *name, *gates; /* `tech` of the gate-level data */
    const char *summary;
    double node, voltage;
    double gate_node, gate_voltage; /* of the gate-level data; others than the above: scaled */
    double sram_node, sram_voltage; /* the same of the memories */
    bool macro;                     /* adders and bit-lines from in-memory silicon */
} recipe;

/* Voltages of CACTI's itrs-lstp cells; those of the scaled nodes are ITRS' nominal ones. */
static const recipe recipes[] = {
    {"nangate45", "nangate45",
     "45 nm: gate-level figures of the Nangate open cell library, CACTI low-standby-power SRAM", 45,
     1.1, 45, 1.1, 45, 1.1, false},
    {"sky130hd", "sky130hd",
     "130 nm: gate-level figures of SkyWater's sky130hd, CACTI 90 nm SRAM scaled", 130, 1.8, 130,
     1.8, 90, 1.2, false},
    {"asap7", "asap7", "7 nm predictive: gate-level figures of ASAP7, CACTI 22 nm SRAM scaled", 7,
     .7, 7, .7, 22, .9, false},
    {"nangate45-65", "nangate45", "65 nm: nangate45 scaled, CACTI 65 nm SRAM", 65, 1.1, 45, 1.1, 65,
     1.2, false},
    {"nangate45-32", "nangate45", "32 nm: nangate45 scaled, CACTI 32 nm SRAM", 32, .9, 45, 1.1, 32,
     1, false},
    {"nangate45-22", "nangate45", "22 nm: nangate45 scaled, CACTI 22 nm SRAM", 22, .9, 45, 1.1, 22,
     .9, false},
    {"colonnade65", "nangate45",
     "65 nm 0.8 V: adders and bit-lines of the Colonnade in-memory macro as measured, other lanes "
     "nangate45 scaled, CACTI 65 nm SRAM",
     65, .8, 45, 1.1, 65, 1.2, true},
};

static const char header[] = "component,quantity,x,y,value,unit,use,source\n";

/* Stillmaker and Baas, Integration 58 (2017): energy a V^2 + b V + c per node, areas as a table. */
typedef struct stillmaker {
    asx_csv *csv;
} stillmaker;

/* 22 nm counts as the table's 20. */
static double known_node(double node)
{
    return node == 22 ? 20 : node;
}

static asx_status energy_of(double *out, const stillmaker *s, double node, double voltage,
                            asx_error *err)
{
    const char *const names[] = {"node_nm", "e_a", "e_b", "e_c"};
    size_t column[4];
    double v[4];
    asx_status status = ASX_OK;
    for (int i = 0; status == ASX_OK && i < 4; i++)
        status = asx_csv_find(&column[i], s->csv, names[i], err);
    for (size_t r = 0; status == ASX_OK && r < asx_csv_rows(s->csv); r++) {
        for (int i = 0; status == ASX_OK && i < 4; i++)
            status = asx_csv_number(&v[i], s->csv, r, column[i], -1e6, 1e6, err);
        if (status == ASX_OK && v[0] == known_node(node)) {
            *out = v[1] * voltage * voltage + v[2] * voltage + v[3];
            return ASX_OK;
        }
    }
    return status == ASX_OK ? asx_fail(err, ASX_ENOTFOUND, "no node of %g nm", node) : status;
}

static asx_status area_factor(double *out, const stillmaker *s, double from, double to,
                              asx_error *err)
{
    char name[32];
    size_t node_column, column;
    snprintf(name, sizeof name, "area_from_%g", known_node(from));
    asx_status status = asx_csv_find(&node_column, s->csv, "node_nm", err);
    if (status == ASX_OK)
        status = asx_csv_find(&column, s->csv, name, err);
    for (size_t r = 0; status == ASX_OK && r < asx_csv_rows(s->csv); r++) {
        double node;
        status = asx_csv_number(&node, s->csv, r, node_column, 1, 1000, err);
        if (status == ASX_OK && node == known_node(to))
            return asx_csv_number(out, s->csv, r, column, 1e-6, 1e6, err);
    }
    return status == ASX_OK ? asx_fail(err, ASX_ENOTFOUND, "no node of %g nm", to) : status;
}

/* Energy and area by the table; delay with the node, leakage with the area: assumptions. */
typedef struct factors {
    double energy, area, delay;
    bool scaled;
} factors;

static asx_status factors_of(factors *out, const stillmaker *s, double from, double from_v,
                             double to, double to_v, asx_error *err)
{
    *out = (factors){1, 1, 1, false};
    if (from == to)
        return ASX_OK;
    double there = 1, here = 1;
    asx_status status = energy_of(&there, s, from, from_v, err);
    if (status == ASX_OK)
        status = energy_of(&here, s, to, to_v, err);
    if (status == ASX_OK)
        status = area_factor(&out->area, s, from, to, err);
    out->energy = here / there;
    out->delay = to / from;
    out->scaled = true;
    return status;
}

static const char scaled_note[] = "; scaled after Stillmaker and Baas 2017 (energy, area), delay "
                                  "with the node, leakage with the area";

/* A row of the gate-level data that is one component of one size. */
typedef struct simple {
    const char *unit, *style, *component;
    bool two_sizes;
} simple;

static const simple simples[] = {{"adder", "rca", "add", false},
                                 {"exact_mult", "bw", "multiply", true}};

static const struct {
    const char *column, *quantity, *unit;
} simple_columns[] = {{"energy_pj_per_op", "energy", "pJ"},
                      {"area_um2", "area", "um2"},
                      {"leakage_nw", "leakage", "nW"}};

static asx_status at(const char **out, const asx_csv *csv, size_t row, const char *column,
                     asx_error *err)
{
    size_t c;
    asx_status status = asx_csv_find(&c, csv, column, err);
    if (status == ASX_OK)
        *out = asx_csv_cell(csv, row, c);
    return status;
}

static bool row_is(const asx_csv *csv, size_t row, const char *column, const char *value)
{
    const char *cell = "";
    return at(&cell, csv, row, column, NULL) == ASX_OK && strcmp(cell, value) == 0;
}

static double number_at(const asx_csv *csv, size_t row, const char *column)
{
    const char *cell = "0";
    return at(&cell, csv, row, column, NULL) == ASX_OK ? strtod(cell, NULL) : 0;
}

static void write_simples(asx_text *out, const asx_csv *csv, const recipe *r, const factors *f)
{
    const double factor[] = {f->energy, f->area, f->area};
    for (size_t s = 0; s < 2; s++)
        for (size_t q = 0; q < 3; q++)
            for (size_t i = 0; i < asx_csv_rows(csv) && !(r->macro && s == 0 && q == 0); i++) {
                if (!row_is(csv, i, "tech", r->gates) || !row_is(csv, i, "unit", simples[s].unit) ||
                    !row_is(csv, i, "style", simples[s].style) || !row_is(csv, i, "map", "fa") ||
                    !row_is(csv, i, "stim", "uniform"))
                    continue;
                asx_text_add(out, "%s,%s,%g,", simples[s].component, simple_columns[q].quantity,
                             number_at(csv, i, "wbits"));
                if (simples[s].two_sizes)
                    asx_text_add(out, "%g", number_at(csv, i, "abits"));
                asx_text_add(out,
                             ",%.6g,%s,%s,\"gate level, %s typical, open-source synthesis, %s "
                             "%s of full-adder cells, uniform operands%s\"\n",
                             number_at(csv, i, simple_columns[q].column) * factor[q],
                             simple_columns[q].unit, f->scaled ? "scaled" : "fit", r->gates,
                             simples[s].style, simples[s].unit, f->scaled ? scaled_note : "");
            }
}

/* A register is clocked every cycle and its data toggles every other. Multiplexers and gates are
 * not in the data: shares of a register as in the Nangate library's data sheet (MUX2_X1 1.862,
 * NAND2_X1 0.798, DFF_X1 4.522 um2). */
static void write_cells(asx_text *out, const asx_csv *csv, const recipe *r, const factors *f)
{
    static const struct {
        const char *name, *note;
        double share;
    } cells[] = {
        {"register", "data toggle every other cycle", 1},
        {"mux", "1.862 / 4.522 of the register, as MUX2 / DFF areas of the Nangate library",
         1.862 / 4.522},
        {"gate", "0.798 / 4.522 of the register, as NAND2 / DFF areas of the Nangate library",
         .798 / 4.522}};
    double clock = 0, data = 0, area = 0, leakage = 0;
    for (size_t i = 0; i < asx_csv_rows(csv); i++) {
        if (!row_is(csv, i, "tech", r->gates))
            continue;
        if (row_is(csv, i, "unit", "dff_bit_clock_per_cycle"))
            clock = number_at(csv, i, "energy_pj_per_op");
        if (!row_is(csv, i, "unit", "dff_bit_per_data_toggle"))
            continue;
        data = number_at(csv, i, "energy_pj_per_op");
        area = number_at(csv, i, "area_um2");
        leakage = number_at(csv, i, "leakage_nw");
    }
    for (size_t c = 0; c < 3; c++) {
        const double value[] = {(c == 0 ? clock + data / 2 : data / 2) * cells[c].share * f->energy,
                                area * cells[c].share * f->area,
                                leakage * cells[c].share * f->area};
        for (size_t q = 0; q < 3; q++)
            asx_text_add(out, "%s,%s,1,,%.6g,%s,%s,\"gate level, %s typical, flip-flop: %s%s\"\n",
                         cells[c].name, simple_columns[q].quantity, value[q],
                         simple_columns[q].unit, f->scaled ? "scaled" : "fit", r->gates,
                         cells[c].note, f->scaled ? scaled_note : "");
    }
}

static void write_constants(asx_text *out, const recipe *r)
{
    double cell = .35e-3 * r->node / 28 * r->voltage * r->voltage / 2;
    if (!r->macro)
        asx_text_add(out,
                     "bitline,energy,1,,%.6g,pJ,fit,\"C V^2 / 2 with 0.35 fF per cell at 28 nm "
                     "(github ZigZag imc_unit.py) x node / 28 for the cell pitch; a line "
                     "discharges every other time\"\n",
                     cell);
    asx_text_add(out,
                 "wire,energy,1,,%.6g,pJ,fit,\"C V^2 / 2 with 0.2 fF/um (CiMLoop "
                 "accelergy_plug_ins/misc.py, from NeuroSim); a random bit toggles every other "
                 "time\"\n",
                 .2 * r->voltage * r->voltage / 2);
    asx_text_add(out,
                 "dram,energy,1,,8,pJ,fit,\"LPDDR4 (github:Accelergy-Project/"
                 "accelergy-cacti-plug-in cacti_wrapper.py)\"\n"
                 "dram,energy,1,,20.3125,pJ,check,\"Horowitz ISSCC 2014, 1300 pJ per 64 bits\"\n"
                 "dram,energy,1,,3.9,pJ,check,\"HBM2 (github:Accelergy-Project/"
                 "accelergy-cacti-plug-in cacti_wrapper.py)\"\n");
}

static asx_status write_units(asx_text *out, const char *path, const recipe *r, const factors *f,
                              asx_error *err)
{
    asx_csv *csv = NULL;
    asx_reference reference = {0};
    asx_status status = asx_csv_load(&csv, path, err);
    if (status != ASX_OK)
        return status;
    write_simples(out, csv, r, f);
    write_cells(out, csv, r, f);
    status = asx_reference_init(&reference, csv, r->gates, err);
    if (status != ASX_OK)
        return status;
    char data[128];
    snprintf(data, sizeof data, "gate level, %s typical, open-source synthesis", r->gates);
    scaling to = {{f->energy, f->energy, f->area, f->area, f->delay},
                  f->scaled ? scaled_note : "",
                  f->scaled ? "scaled" : "fit"};
    arithmetic_write(out, &reference, data, &to);
    asx_reference_fini(&reference);
    return ASX_OK;
}

static asx_status write_memories(asx_text *out, const char *path, const recipe *r, const factors *f,
                                 asx_error *err)
{
    memory_source from = {.node = r->sram_node,
                          .cell = "itrs-lstp",
                          .objective = "EA",
                          .energy = f->energy,
                          .area = f->area,
                          .leakage = f->area,
                          .delay = f->delay,
                          .use = f->scaled ? "scaled" : "fit",
                          .note = f->scaled ? scaled_note : ""};
    return memory_write(out, path, &from, err);
}

static asx_status make(asx_text *out, const recipe *r, const char *folder, asx_error *err)
{
    char path[4096];
    stillmaker s = {NULL};
    factors gates, memories;
    snprintf(path, sizeof path, "%s/hw/stillmaker_baas_scaling.csv", folder);
    asx_status status = asx_csv_load(&s.csv, path, err);
    if (status == ASX_OK)
        status = factors_of(&gates, &s, r->gate_node, r->gate_voltage, r->node, r->voltage, err);
    if (status == ASX_OK)
        status = factors_of(&memories, &s, r->sram_node, r->sram_voltage, r->node, r->voltage, err);
    asx_text_add(out,
                 "# Made by scripts/fit from gate-level and CACTI reference data. The columns "
                 "are explained in hwmodel/technology.h.\n%s",
                 header);
    asx_text_add(out,
                 "technology,node,,,%g,nm,fit,\"%s\"\ntechnology,voltage,,,%g,V,fit,\"of the "
                 "gate-level data, or the node's nominal supply\"\n",
                 r->node, r->summary, r->voltage);
    write_constants(out, r);
    snprintf(path, sizeof path, "%s/hw/colonnade65_measured_fj_per_mac.csv", folder);
    if (status == ASX_OK && r->macro)
        status = macro_write(out, path, r->voltage, err);
    snprintf(path, sizeof path, "%s/hw/mac_gate_level.csv", folder);
    if (status == ASX_OK)
        status = write_units(out, path, r, &gates, err);
    snprintf(path, sizeof path, "%s/hw/cacti_sram.csv", folder);
    if (status == ASX_OK)
        status = write_memories(out, path, r, &memories, err);
    asx_csv_free(s.csv);
    return status;
}

/* The errors with the terms chosen anew, of the gate-level data themselves. */
static asx_status nest(asx_text *out, const recipe *r, const char *folder, asx_error *err)
{
    char path[4096];
    asx_csv *csv = NULL;
    asx_reference reference = {0};
    snprintf(path, sizeof path, "%s/hw/mac_gate_level.csv", folder);
    asx_status status = asx_csv_load(&csv, path, err);
    if (status == ASX_OK)
        status = asx_reference_init(&reference, csv, r->gates, err);
    if (status == ASX_OK) {
        status = nested_write(out, &reference, err);
        asx_reference_fini(&reference);
    }
    return status;
}

int main(int argc, char **argv)
{
    bool nested = argc == 4 && strcmp(argv[3], "--nested") == 0;
    asx_error err;
    asx_text text = {0};
    asx_status status = ASX_ENOTFOUND;
    const recipe *found = NULL;
    for (size_t i = 0; (argc == 3 || nested) && i < sizeof recipes / sizeof recipes[0]; i++)
        if (strcmp(recipes[i].name, argv[1]) == 0)
            found = &recipes[i];
    if (!found) {
        fputs("usage: fit_technology NAME DATA_FOLDER [--nested]\nnames:", stderr);
        for (size_t i = 0; i < sizeof recipes / sizeof recipes[0]; i++)
            fprintf(stderr, " %s", recipes[i].name);
        fputs("\n", stderr);
        return 2;
    }
    status = nested ? nest(&text, found, argv[2], &err) : make(&text, found, argv[2], &err);
    if (status == ASX_OK && !text.failed)
        fwrite(text.s, 1, text.n, stdout);
    else
        fprintf(stderr, "fit_technology: %s\n", status == ASX_OK ? "no memory" : err.message);
    asx_text_fini(&text);
    return status == ASX_OK ? 0 : 1;
}
