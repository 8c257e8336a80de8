/* asx cost: what one design costs, where it goes, and against what. */
#include <string.h>

#include "cmd.h"
#include "cost_tables.h"
#include "doubts_table.h"
#include "look_options.h"
#include "option.h"
#include "picture_options.h"
#include "plot_kinds.h"
#include "session_options.h"
#include "throughput_table.h"

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
                "  asx cost resnet20.yaml -d 'vn: w8a8; near: w4a8; near: w4{1}a8' -o saving.svg\n"
                "  asx cost resnet20.yaml --doubts -o doubts.svg\n"
                "  asx cost resnet20.yaml -d 'vn: w8a8; in: w4{1}a8' --at-throughput 1000\n",
    .max_arguments = 1};

static asx_status say_doubts(const asx_plot_options *plot, asx_session *s, const look *l,
                             asx_error *err)
{
    table *t = NULL;
    if (plot->path)
        return doubts_plot(plot, s, err);
    asx_status status = doubts_table(&t, s, err);
    if (status == ASX_OK)
        status = look_print(l, &t, 1, err);
    table_free(t);
    return status;
}

static asx_status say_throughput(const asx_session *s, const char *designs, double per_s,
                                 const look *l, asx_error *err)
{
    table *t = NULL;
    asx_status status = throughput_table(&t, s, designs, per_s, err);
    if (status == ASX_OK)
        status = look_print(l, &t, 1, err);
    table_free(t);
    return status;
}

static asx_status say_costs(const asx_session *s, const char *text, const look *l, asx_error *err)
{
    asx_design design = {0};
    table *tables[COST_TABLES] = {NULL};
    asx_status status = asx_design_parse(&design, text, asx_session_workload(s), err);
    if (status == ASX_OK)
        status = cost_tables_make(tables, s->machine, asx_session_workload(s), &design, err);
    if (status == ASX_OK)
        status = look_print(l, tables, COST_TABLES, err);
    for (int i = 0; i < COST_TABLES; i++)
        table_free(tables[i]);
    asx_design_fini(&design);
    return status;
}

/* What does not go together; NULL: nothing. */
static const char *find_misuse(const char *text, bool doubts, double per_s,
                               const asx_plot_options *plot)
{
    return doubts && text ? "option '--doubts' is about twelve designs: no '--design'"
           : per_s > 0 && doubts
               ? "option '--at-throughput' is about designs that are named: no '--doubts'"
           : per_s > 0 && plot->path    ? "option '--at-throughput' is a table: no '--output'"
           : plot->title && !plot->path ? "option '--title' wants '--output' too"
           : text && strchr(text, ';') && !plot->path && !(per_s > 0)
               ? "several designs are for '--output' or '--at-throughput'"
               : NULL;
}

int cmd_cost(int argc, char **argv)
{
    const char *text = NULL;
    look l = LOOK_DEFAULT;
    bool doubts = false;
    double per_s = 0;
    asx_plot_options plot = {0};
    picture_size size = {0};
    const option options[] = {
        {.name = "design",
         .letter = 'd',
         .kind = OPTION_TEXT,
         .target = &text,
         .argument = "TEXT",
         .check = check_designs,
         .help = "the design: placement, then formats (default: the baseline); for a picture, "
                 "several with ';' between"},
        {OPTION_OUTPUT(&plot.path, "FILE.svg|png|pdf|txt|csv",
                       "draws energies by part of the machine instead of printing tables"),
         .check = option_check_picture},
        OPTION_OF_TEXT(&plot.title, "title", "TEXT", "above the picture"),
        OPTION_PICTURE_SIZE(size),
        OPTION_OF_FLAG(&doubts, "doubts",
                       "instead of a design: what each choice in the machine does to the order of "
                       "twelve, as a table or a picture"),
        {.name = "at-throughput",
         .kind = OPTION_NUMBER,
         .target = &per_s,
         .argument = "PER_S",
         .low = 1e-3,
         .high = 1e9,
         .help = "designs, with ';' between, each at the clock that makes so many inferences a "
                 "second"},
        OPTION_LOOK(l),
        {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;

    asx_error err = {0};
    asx_session s = {0};
    const int code = picture_apply(&plot, &size, &usage);
    if (code != 0)
        return code;
    const char *misuse = find_misuse(text, doubts, per_s, &plot);
    if (misuse)
        return option_misused(&usage, "%s", misuse);
    asx_status status = session_open(&s, args.argument[0], &err);
    if (!text)
        text = ASX_BASELINE;
    if (status == ASX_OK)
        session_remark(&s, false);
    if (status == ASX_OK)
        status = per_s > 0   ? say_throughput(&s, text, per_s, &l, &err)
                 : doubts    ? say_doubts(&plot, &s, &l, &err)
                 : plot.path ? plot_costs(&plot, s.machine, text, &err)
                             : say_costs(&s, text, &l, &err);
    asx_session_close(&s);
    return cmd_end(status, &err);
}
