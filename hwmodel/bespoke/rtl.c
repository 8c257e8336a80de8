/* A classifier as a folder of Verilog. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "asx_bespoke_rtl.h"
#include "dse/memory.h"
#include "dse/output_folder.h"
#include "verilog.h"

/* Where the files that are the same for all go. */
static const struct {
    const char *name, *to;
    bool executable;
} fixed[] = {
    {"asx_testbench.v", "tb/asx_testbench.v", false},
    {"cells.v", "lib/cells.v", false},
    {"run-iverilog", "run-iverilog", true},
    {"run-verilator", "run-verilator", true},
    {"run-yosys", "run-yosys", true},
    {"README.md", "README.md", false},
};

static asx_status add_fixed(asx_output_folder *folder, asx_error *err)
{
    asx_status status = ASX_OK;
    for (const struct asx_embedded_file *f = asx_bespoke_rtl; f->name && status == ASX_OK; f++)
        for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
            if (strcmp(fixed[i].name, f->name) == 0)
                status = asx_output_folder_add(folder, fixed[i].to, f->bytes, f->size,
                                               fixed[i].executable, err);
    return status;
}

/* All inputs of a row as one hexadecimal number, the first in the lowest bits. */
static void print_row(asx_text *to, const asx_bespoke *b, const uint32_t *row)
{
    enum { DIGITS_MAX = ASX_BESPOKE_WIDTH_MAX * ASX_BESPOKE_INPUT_BITS_MAX / 4 };
    static const char hex[] = "0123456789abcdef";
    unsigned char digit[DIGITS_MAX] = {0};
    unsigned at = 0;
    for (size_t i = 0; i < b->layer[0].inputs; i++)
        for (unsigned k = 0; k < b->input_bits[i]; k++, at++)
            digit[at / 4] = (unsigned char)(digit[at / 4] | (row[i] >> k & 1) << at % 4);
    for (unsigned k = (at + 3) / 4; k-- > 0;)
        asx_text_add_bytes(to, &hex[digit[k]], 1);
    asx_text_add(to, at == 0 ? "0\n" : "\n");
}

static asx_status add_rows(asx_output_folder *folder, const asx_bespoke_rtl_rows *rows,
                           const asx_bespoke *b, const asx_bespoke_circuit *c, asx_error *err)
{
    asx_text x = {0}, labels = {0}, sizes = {0};
    int64_t *work = asx_array_new(asx_bespoke_work(b), sizeof *work);
    for (size_t r = 0; work && r < rows->n; r++) {
        const uint32_t *row = rows->value + r * b->layer[0].inputs;
        print_row(&x, b, row);
        asx_text_add(&labels, "%zx\n", asx_bespoke_run(b, row, work));
    }
    x.failed = x.failed || !work;
    free(work);
    asx_text_add(&sizes, "`define ROWS %zu\n`define INPUT_BITS %u\n`define CLASS_BITS %u\n",
                 rows->n, verilog_input_bits(b), verilog_class_bits(b));
    if (c->pipeline != ASX_BESPOKE_UNPIPED)
        asx_text_add(&sizes, "`define LATENCY %zu\n", c->latency);
    asx_status status = asx_output_folder_add_text(folder, "tb/rows.hex", &x, err);
    if (status == ASX_OK)
        status = asx_output_folder_add_text(folder, "tb/labels.hex", &labels, err);
    if (status == ASX_OK)
        status = asx_output_folder_add_text(folder, "tb/rows.vh", &sizes, err);
    asx_text_fini(&labels);
    asx_text_fini(&sizes);
    return status;
}

/* Inputs, outputs with what they do, and what a register stores. */
static const struct {
    const char *inputs, *output, *function, *other, *other_function, *state;
} pins[ASX_N_CELLS] = {
    [ASX_CELL_INV] = {"A", "Y", "!A", NULL, NULL, NULL},
    [ASX_CELL_NAND2] = {"AB", "Y", "!(A & B)", NULL, NULL, NULL},
    [ASX_CELL_NOR2] = {"AB", "Y", "!(A | B)", NULL, NULL, NULL},
    [ASX_CELL_AND2] = {"AB", "Y", "A & B", NULL, NULL, NULL},
    [ASX_CELL_OR2] = {"AB", "Y", "A | B", NULL, NULL, NULL},
    [ASX_CELL_XOR2] = {"AB", "Y", "A ^ B", NULL, NULL, NULL},
    [ASX_CELL_XNOR2] = {"AB", "Y", "!(A ^ B)", NULL, NULL, NULL},
    [ASX_CELL_FA] = {"ABC", "CO", "(A & B) | (CI & (A | B))", "S", "A ^ B ^ CI", NULL},
    [ASX_CELL_MUX2] = {"ABS", "Y", "(S & B) | (!S & A)", NULL, NULL, NULL},
    [ASX_CELL_DFF] = {"DK", "Q", "IQ", NULL, NULL, "next_state : \"D\"; clocked_on : \"CK\";"},
};

static void print_liberty_cell(asx_text *to, const asx_cell_library *library, asx_cell c)
{
    asx_text_add(to, "  cell (%s) {\n    area : %.9g;\n", asx_cell_text(c),
                 asx_cell_area_mm2(library, c));
    if (pins[c].state)
        asx_text_add(to, "    ff (IQ, IQN) { %s }\n", pins[c].state);
    for (const char *p = pins[c].inputs; *p; p++)
        asx_text_add(to, "    pin (%s%c%s) { direction : input; }\n", *p == 'K' ? "C" : "", *p,
                     *p == 'C' ? "I" : "");
    asx_text_add(to, "    pin (%s) { direction : output; function : \"%s\"; }\n", pins[c].output,
                 pins[c].function);
    if (pins[c].other)
        asx_text_add(to, "    pin (%s) { direction : output; function : \"%s\"; }\n", pins[c].other,
                     pins[c].other_function);
    asx_text_add(to, "  }\n");
}

static void print_liberty(asx_text *to, const asx_cell_library *library)
{
    asx_text_add(to,
                 "/* Areas in mm2 and functions, for mapping and counting; no timing. */\n"
                 "library (\"%s\") {\n  delay_model : table_lookup;\n",
                 asx_cell_library_name(library));
    for (asx_cell c = 0; c < ASX_N_CELLS; c++)
        if (asx_cell_library_has(library, c))
            print_liberty_cell(to, library, c);
    asx_text_add(to, "}\n");
}

static asx_status add_all(asx_output_folder *folder, const asx_bespoke *b,
                          const asx_bespoke_circuit *c, const asx_bespoke_rtl_rows *rows,
                          asx_error *err)
{
    asx_text text = {0};
    text.failed = !verilog_describe(&text, b) || text.failed;
    asx_status status = asx_output_folder_add_text(folder, "rtl/asx_bespoke.v", &text, err);
    if (status == ASX_OK) {
        verilog_wire(&text, c);
        status = asx_output_folder_add_text(folder, "rtl/asx_bespoke_cells.v", &text, err);
    }
    if (status == ASX_OK) {
        print_liberty(&text, c->library);
        status = asx_output_folder_add_text(folder, "lib/cells.lib", &text, err);
    }
    if (status == ASX_OK) {
        asx_bespoke_print(&text, b, NULL);
        status = asx_output_folder_add_text(folder, "design.json", &text, err);
    }
    if (status == ASX_OK)
        status = add_rows(folder, rows, b, c, err);
    return status == ASX_OK ? add_fixed(folder, err) : status;
}

asx_status asx_bespoke_rtl_write(const char *path, const asx_bespoke *network,
                                 const asx_bespoke_circuit *circuit,
                                 const asx_bespoke_rtl_rows *rows, asx_error *err)
{
    asx_output_folder *folder = NULL;
    asx_status status = asx_output_folder_open(&folder, path, err);
    if (status == ASX_OK)
        status = add_all(folder, network, circuit, rows, err);
    if (status == ASX_OK)
        status = asx_output_folder_commit(folder, err);
    asx_output_folder_free(folder);
    return status;
}
