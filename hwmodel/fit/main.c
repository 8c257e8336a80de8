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
#include "node.h"
#include "silicon.h"

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
    const double parts[] = {clock, data};
    for (size_t k = 0; k < 2; k++)
        asx_text_add(out, "%s,energy,1,,%.6g,pJ,%s,\"gate level, %s typical, flip-flop%s\"\n",
                     k == 0 ? "clock" : "toggle", parts[k] * f->energy,
                     f->scaled ? "scaled" : "fit", r->gates, f->scaled ? scaled_note : "");
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

/* Both tables of gate-level units. */
static asx_status read_reference(asx_reference *out, asx_csv *csv, const char *folder,
                                 const char *gates, asx_error *err)
{
    char path[4096];
    asx_csv *second = NULL;
    asx_reference more = {0};
    snprintf(path, sizeof path, "%s/hw/mac_gate_level_2.csv", folder);
    asx_status status = asx_reference_init(out, csv, gates, err);
    if (status == ASX_OK)
        status = asx_csv_load(&second, path, err);
    if (status == ASX_OK)
        status = asx_reference_init(&more, second, gates, err);
    return status == ASX_OK ? asx_reference_append(out, &more, err) : status;
}

static const char lender[] = "nangate45";

/* The ratios of a 16 bit adder's figures, this technology's to the lender's. */
static void adder_ratios(double *ratio, const asx_csv *csv, const char *gates)
{
    static const char *const column[ASX_N_MEASURES] = {[ASX_MEASURE_ENERGY] = "energy_pj_per_op",
                                                       [ASX_MEASURE_SETTLED] = "energy_pj_noglitch",
                                                       [ASX_MEASURE_AREA] = "area_um2",
                                                       [ASX_MEASURE_LEAKAGE] = "leakage_nw",
                                                       [ASX_MEASURE_DELAY] = "delay_ps"};
    for (size_t m = 0; m < ASX_N_MEASURES; m++) {
        double here = 0, there = 1;
        for (size_t i = 0; i < asx_csv_rows(csv); i++) {
            if (!row_is(csv, i, "unit", "adder") || !row_is(csv, i, "style", "rca") ||
                !row_is(csv, i, "map", "fa") || !row_is(csv, i, "stim", "nn") ||
                !row_is(csv, i, "wbits", "16") || !row_is(csv, i, "abits", "16"))
                continue;
            if (row_is(csv, i, "tech", gates))
                here = number_at(csv, i, column[m]);
            if (row_is(csv, i, "tech", lender))
                there = number_at(csv, i, column[m]);
        }
        ratio[m] = here / there;
    }
}

static asx_status write_units(asx_text *out, const char *folder, const recipe *r, const factors *f,
                              asx_error *err)
{
    char path[4096], data[128];
    asx_csv *csv = NULL, *again = NULL;
    asx_reference reference = {0}, others = {0};
    borrowed from = {&others, {0}, lender};
    const bool borrows = strcmp(r->gates, lender) != 0;
    snprintf(path, sizeof path, "%s/hw/mac_gate_level.csv", folder);
    asx_status status = asx_csv_load(&csv, path, err);
    if (status != ASX_OK)
        return status;
    write_simples(out, csv, r, f);
    write_cells(out, csv, r, f);
    adder_ratios(from.ratio, csv, r->gates);
    status = read_reference(&reference, csv, folder, r->gates, err);
    if (status == ASX_OK && borrows)
        status = asx_csv_load(&again, path, err);
    if (status == ASX_OK && borrows)
        status = read_reference(&others, again, folder, lender, err);
    snprintf(data, sizeof data, "gate level, %s typical, open-source synthesis", r->gates);
    scaling to = {{f->energy, f->energy, f->area, f->area, f->delay},
                  f->scaled ? scaled_note : "",
                  f->scaled ? "scaled" : "fit"};
    if (status == ASX_OK)
        status = arithmetic_write(out, &reference, data, &to, borrows ? &from : NULL, err);
    asx_reference_fini(&reference);
    asx_reference_fini(&others);
    return status;
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
                 "# Made by hwmodel/fit from gate-level and CACTI reference data. The columns "
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
    if (status == ASX_OK)
        status = write_units(out, folder, r, &gates, err);
    snprintf(path, sizeof path, "%s/hw/cacti_sram.csv", folder);
    if (status == ASX_OK)
        status = write_memories(out, path, r, &memories, err);
    if (status == ASX_OK)
        status = silicon_write(out, r->name, folder, err);
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
        status = read_reference(&reference, csv, folder, r->gates, err);
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
        fprintf(stderr, "fit_technology: %s\n",
                status == ASX_OK ? "no memory for a technology" : err.message);
    asx_text_fini(&text);
    return status == ASX_OK ? 0 : 1;
}
