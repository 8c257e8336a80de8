/* asx cost: what one design costs, where it goes, and against what. */
#include "cmd.h"
#include "cost_tables.h"
#include "option.h"
#include "plot_kinds.h"
#include "workbench.h"

static const option_usage usage = {
    .synopsis = "cost [CAMPAIGN.yaml] [--design TEXT] [--format table|csv|json] [-o PICTURE]",
    .about =
        "Energy, latency, area and weight storage of one design per inference of one image, by "
        "part "
        "of the machine and by layer, beside the von Neumann baseline and the same machine with "
        "exact "
        "multipliers; all assumptions are printed. Needs the network; data only for operands: "
        "network. Without "
        "a campaign: "
        "the embedded one.",
    .examples = "  asx cost resnet20.yaml --design 'near: w4{1}a8'\n"
                "  asx cost resnet20.yaml --design 'in: w4{1,3}a8 conv1=w8a8' --format json\n"
                "  asx cost resnet20.yaml -d 'vn: w8a8; near: w4a8; near: w4{1}a8' -o saving.svg\n",
    .max_arguments = 1};

int cmd_cost(int argc, char **argv)
{
    const char *text = NULL, *print = "table";
    asx_plot_options plot = {0};
    const option options[] = {
        {.name = "design",
         .letter = 'd',
         .kind = OPTION_TEXT,
         .target = &text,
         .argument = "TEXT",
         .help = "the design: placement, then formats (default: the baseline); for a picture, "
                 "several with ';' between"},
        {.name = "output",
         .letter = 'o',
         .kind = OPTION_TEXT,
         .target = &plot.path,
         .argument = "FILE.svg|png|pdf|txt",
         .help = "draws energies by part of the machine instead of printing tables"},
        {.name = "title",
         .kind = OPTION_TEXT,
         .target = &plot.title,
         .argument = "TEXT",
         .help = "above the picture"},
        OPTION_FORMAT(&print),
        {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;

    asx_error err = {0};
    workbench w = {0};
    asx_design design = {0};
    table *tables[COST_TABLES] = {NULL};
    asx_status st = ASX_OK;
    if (plot.path)
        st = asx_plot_format_from_path(&plot.format, plot.path, &err);
    if (st == ASX_OK)
        st = workbench_open(&w, args.argument[0], &err);
    if (st == ASX_OK && plot.path) {
        st = plot_costs(&plot, w.machine, text ? text : "vn: w8a8", &err);
        workbench_close(&w);
        return cmd_end(st, &err);
    }
    if (st == ASX_OK)
        st = asx_design_parse(&design, text ? text : "vn: w8a8", workbench_workload(&w), &err);
    if (st == ASX_OK)
        st = cost_tables_make(tables, w.machine, workbench_workload(&w), &design, &err);
    if (st == ASX_OK)
        st = table_print(stdout, print, tables, COST_TABLES, &err);
    for (int i = 0; i < COST_TABLES; i++)
        table_free(tables[i]);
    asx_design_fini(&design);
    workbench_close(&w);
    return cmd_end(st, &err);
}
