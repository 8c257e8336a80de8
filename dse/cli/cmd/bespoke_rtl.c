/* asx bespoke rtl: a network as Verilog, with a testbench of all rows of a table. */
#include "bespoke_options.h"
#include "bespoke_rows.h"
#include "bespoke_runs.h"
#include "bespoke_verbs.h"
#include "cmd.h"

#include <stdio.h>

static const option_usage usage = {
    .synopsis = "bespoke rtl DESIGN.json X.csv -o DIR [--technology NAME]",
    .about =
        "Writes a network as Verilog-2005: rtl/asx_bespoke.v says what it computes, combinational, "
        "rtl/asx_bespoke_cells.v wires the cells that 'asx bespoke cost' prices, with the registers of "
        "--pipeline, tb/ compares both "
        "with the reference on every row of a table. DIR/run-iverilog and DIR/run-verilator simulate, "
        "DIR/run-yosys checks, synthesises the first and counts cells of both; with --prove it proves "
        "them equal for every input.",
    .examples = "  asx bespoke rtl design.json x_test.csv -o chip && chip/run-iverilog\n"
                "  asx bespoke rtl design.json x_test.csv -o chip --pipeline layers\n"
                "  chip/run-yosys\n",
    .min_arguments = 2,
    .max_arguments = 2};

static asx_status write(const asx_bespoke *network, const bespoke_rows *x, const char *technology,
                        const asx_bespoke_build *how, const char *path, asx_error *err)
{
    asx_cell_library *library = NULL;
    asx_bespoke_circuit *circuit = NULL;
    const asx_bespoke_rtl_rows rows = {.n = x->n, .value = x->value};
    asx_status status = asx_cell_library_load(&library, technology, err);
    if (status == ASX_OK)
        status = asx_bespoke_circuit_new(&circuit, network, library, how, err);
    if (status == ASX_OK)
        status = asx_bespoke_rtl_write(path, network, circuit, &rows, err);
    if (status == ASX_OK) {
        const asx_bespoke_price p = asx_bespoke_circuit_price(circuit);
        const bespoke_units u = bespoke_units_of(library);
        fprintf(stderr, "%.4g %s, %.4g %s; %s/run-iverilog simulates %zu rows\n",
                p.area_cm2 * u.area, u.small ? "um2" : "cm2", p.power_mw * u.power,
                u.small ? "uW" : "mW", path, x->n);
        if (how->pipeline != ASX_BESPOKE_UNPIPED)
            fprintf(stderr, "%zu registers, a row every %.4g %s, its class %zu periods later\n",
                    p.cell[ASX_CELL_DFF], p.period_ms * u.delay, u.small ? "ns" : "ms", p.latency);
    }
    asx_bespoke_circuit_free(circuit);
    asx_cell_library_free(library);
    return status;
}

int bespoke_rtl(int argc, char **argv)
{
    bespoke_options how = BESPOKE_OPTIONS_DEFAULT;
    const char *output = NULL;
    const option options[] = {
        {OPTION_OUTPUT(&output, "DIR", "where the files go"), .required = true},
        OPTIONS_BESPOKE(how),
        {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    asx_error err = {0};
    asx_bespoke *network = NULL;
    bespoke_rows x = {0};
    asx_bespoke_build build;
    if (bespoke_build(&build, &how, &err) != ASX_OK)
        return option_misused(&usage, "%s", err.message);
    asx_status status = asx_bespoke_read(&network, args.argument[0], &err);
    if (status == ASX_OK)
        status = bespoke_rows_read(&x, args.argument[1], network->layer[0].inputs, &err);
    if (status == ASX_OK)
        status = write(network, &x, how.technology, &build, output, &err);
    bespoke_rows_fini(&x);
    asx_bespoke_free(network);
    return cmd_end(status, &err);
}
