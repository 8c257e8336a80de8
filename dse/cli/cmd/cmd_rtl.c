/* asx rtl: a design's machine in Verilog, with its memories and a testbench. */
#include <stdio.h>
#include <stdlib.h>

#include "cmd.h"
#include "eval/emit.h"
#include "eval/network.h"
#include "option.h"
#include "program_options.h"
#include "rtl_compare.h"
#include "rtl_energies.h"
#include "session_options.h"

static const option_usage usage = {
    .synopsis =
        "rtl [CAMPAIGN.yaml | DB ROW] [--design TEXT] (-o|--compare|--energies) DIR [OPTION...]",
    .about =
        "Writes the machine of a network in a design as Verilog-2005: rtl/, a library and one header "
        "of parameters; mem/, the codes of weights, constants and descriptors of steps; tb/, a "
        "testbench that compares every integer of some images with the engine's. DIR/run-verilator "
        "and DIR/run-iverilog run it, DIR/run-yosys [LIBERTY] counts its cells, DIR/run-toggles LIBERTY "
        "sums its energies on the images' operands. Lanes stand "
        "beside the memory of weights (vn), near it, or in it: then a macro is modelled, and its "
        "periphery built. What cannot be computed is refused, and no file is written.",
    .examples = "  asx rtl resnet20.db 3 -o r20 && r20/run-verilator\n"
                "  asx rtl --design 'near: w4{1,3}a8' -o glyphs --rows 4 --columns 4 --images 0:8\n"
                "  glyphs/run-yosys; asx rtl --design 'near: w4{1,3}a8' --compare glyphs/stat\n"
                "  glyphs/run-toggles NangateOpenCellLibrary_typical.lib\n",
    .max_arguments = 2};

/* What the options ask for. */
typedef struct request {
    const char *design, *output, *images, *compare, *energies;
    long long rows, columns;
    bool near; /* whatever the design's placement is */
} request;

/* The machine computes near memory, if that is wanted: so do the design and its text from here on. */
static asx_status place_near(design_program *p, bool wanted, asx_error *err)
{
    asx_text text = {0};
    if (!wanted || p->design.placement == ASX_PLACEMENT_NEAR)
        return ASX_OK;
    p->design.placement = ASX_PLACEMENT_NEAR;
    asx_design_print(&text, &p->design, asx_session_workload(&p->session));
    if (text.failed) {
        asx_text_fini(&text);
        return asx_fail(err, ASX_ENOMEM, "no memory for the design's text");
    }
    free(p->text);
    p->text = text.s;
    return ASX_OK;
}

static asx_status write(design_program *p, const request *r, const char *print, asx_error *err)
{
    asx_session *s = &p->session;
    size_t cycles = 0;
    asx_emit_rtl machine = {.placement = p->design.placement,
                            .rows = (size_t)r->rows,
                            .columns = (size_t)r->columns,
                            .data = s->data};
    const asx_emit what = {.program = p->program,
                           .network = asx_session_workload(s)->name,
                           .network_hash = asx_network_hash(s->network),
                           .design = p->text};
    asx_status status = session_images(&machine.images, s, r->images ? r->images : "0:4", err);
    if (status == ASX_OK)
        status = asx_emit_rtl_write(&cycles, &what, &machine, r->output, err);
    if (status == ASX_OK)
        fprintf(stderr,
                "%zu cycles an image on %zu x %zu lanes; %s/run-verilator simulates %zu images\n",
                cycles, machine.rows, machine.columns, r->output,
                machine.images.end - machine.images.first);
    return status == ASX_OK ? design_program_print(p, print, err) : status;
}

static asx_status compare(const design_program *p, const request *r, const char *print,
                          asx_error *err)
{
    asx_text path = {0};
    asx_text_add(&path, "%s/cells.txt", r->compare);
    const asx_status status = path.failed
                                  ? asx_fail(err, ASX_ENOMEM, "no memory for the name of a file")
                                  : rtl_compare_print(p, path.s, print, err);
    asx_text_fini(&path);
    return status;
}

static asx_status answer(design_program *p, const request *r, const char *print, asx_error *err)
{
    return r->compare    ? compare(p, r, print, err)
           : r->energies ? rtl_energies_print(p, r->energies, print, err)
                         : write(p, r, print, err);
}

int cmd_rtl(int argc, char **argv)
{
    request r = {.rows = 16, .columns = 16};
    const char *print = "table";
    const option options[] = {
        OPTION_DESIGN(&r.design, "the design"),
        {OPTION_OUTPUT(&r.output, "DIR", "where the files go")},
        {.name = "compare",
         .kind = OPTION_TEXT,
         .target = &r.compare,
         .argument = "DIR",
         .help =
             "writes nothing: sets areas of DIR/cells.txt, run-yosys' stat, beside the model's"},
        {.name = "energies",
         .kind = OPTION_TEXT,
         .target = &r.energies,
         .argument = "DIR",
         .help = "writes nothing: sets energies of DIR/toggles.csv, run-toggles' sums, beside the "
                 "model's, layer by layer"},
        {.name = "rows",
         .kind = OPTION_INTEGER,
         .target = &r.rows,
         .argument = "N",
         .low = 1,
         .high = ASX_RTL_SIDE_MAX,
         .help = "products of an output that are added at once (default: 16)"},
        {.name = "columns",
         .kind = OPTION_INTEGER,
         .target = &r.columns,
         .argument = "N",
         .low = 1,
         .high = ASX_RTL_SIDE_MAX,
         .help = "outputs that are computed at once (default: 16)"},
        OPTION_OF_FLAG(&r.near, "near",
                       "builds the words of a design of another placement near memory"),
        {.name = "images",
         .kind = OPTION_TEXT,
         .target = &r.images,
         .argument = "A:B",
         .check = option_check_range,
         .help = "images of the testbench (default: 0:4)"},
        OPTION_FORMAT(&print),
        {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    asx_error err = {0};
    if (design_program_check(&args, r.design, &err) != ASX_OK)
        return option_misused(&usage, "%s", err.message);
    if (!!r.output + !!r.compare + !!r.energies != 1)
        return option_misused(&usage,
                              "one of '-o DIR', '--compare DIR', '--energies DIR' is wanted");
    design_program p = {0};
    asx_status status = design_program_open(&p, &args, r.design, &err);
    if (status == ASX_OK)
        status = place_near(&p, r.near, &err);
    if (status == ASX_OK)
        status = answer(&p, &r, print, &err);
    design_program_close(&p);
    return cmd_end(status, &err);
}
