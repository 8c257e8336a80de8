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
                           const asx_bespoke *b, asx_error *err)
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
    asx_status status = asx_output_folder_add_text(folder, "tb/rows.hex", &x, err);
    if (status == ASX_OK)
        status = asx_output_folder_add_text(folder, "tb/labels.hex", &labels, err);
    if (status == ASX_OK)
        status = asx_output_folder_add_text(folder, "tb/rows.vh", &sizes, err);
    asx_text_fini(&labels);
    asx_text_fini(&sizes);
    return status;
}

static void print_liberty(asx_text *to, const asx_cell_library *library)
{
    static const char *const functions[ASX_N_CELLS] = {"!A",    "!(A & B)", "!(A | B)", "A & B",
                                                       "A | B", "A ^ B",    "!(A ^ B)"};
    asx_text_add(to,
                 "/* Areas in mm2 and functions, for mapping and counting; no timing. */\n"
                 "library (%s) {\n  delay_model : table_lookup;\n",
                 asx_cell_library_name(library));
    for (asx_cell c = 0; c < ASX_N_CELLS; c++) {
        asx_text_add(to, "  cell (%s) {\n    area : %.9g;\n    pin (A) { direction : input; }\n",
                     asx_cell_text(c), asx_cell_area_mm2(library, c));
        if (c != ASX_CELL_INV)
            asx_text_add(to, "    pin (B) { direction : input; }\n");
        asx_text_add(to, "    pin (Y) { direction : output; function : \"%s\"; }\n  }\n",
                     functions[c]);
    }
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
        status = add_rows(folder, rows, b, err);
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
