/* asx eval: how accurate one design is, predicted or measured. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "dse/design.h"
#include "option.h"
#include "table.h"
#include "trained.h"
#include "workbench.h"

static const option_usage usage = {
    .synopsis = "eval [CAMPAIGN.yaml] [--design TEXT] [--tier TIER] [--images A:B] [--db FILE]",
    .about = "Top-1 accuracy of one design with its 95 % interval, and the drop against the float "
             "network "
             "on the same images. Without a campaign: the embedded one.",
    .examples = "  asx eval resnet20.yaml --design 'near: w4{1}a8' --images 0:1000\n"
                "  asx eval resnet20.yaml --tier float --images :\n",
    .max_arguments = 1};

static const table_column columns[] = {{"design", TABLE_TEXT, 0},
                                       {"tier", TABLE_TEXT, 0},
                                       {"images", TABLE_INTEGER, 0},
                                       {"correct", TABLE_INTEGER, 0},
                                       {"accuracy", TABLE_NUMBER, 2},
                                       {"accuracy_low", TABLE_NUMBER, 2},
                                       {"accuracy_high", TABLE_NUMBER, 2},
                                       {"drop", TABLE_NUMBER, 2},
                                       {"drop_low", TABLE_NUMBER, 2},
                                       {"drop_high", TABLE_NUMBER, 2},
                                       {0}};

static asx_status evaluate_trained(asx_accuracy *out, workbench *w, const char *database,
                                   const asx_design *design, asx_error *err)
{
    asx_text path = {0};
    asx_network *network = NULL;
    if (!database)
        return asx_fail(err, ASX_EINVAL,
                        "tier 'trained' needs '--db FILE': the database of a campaign that trained "
                        "the design, or that 'asx train --db FILE' wrote to");
    if (access(database, F_OK) != 0)
        return asx_fail(err, ASX_EIO, "option '--db': there is no '%s'", database);
    asx_status st = trained_path(&path, database, w, design, err);
    if (st == ASX_OK && access(path.s, F_OK) != 0)
        st = asx_fail(err, ASX_ENOTFOUND,
                      "no trained network of this design lies beside '%s'; 'asx train --design ... "
                      "-o FILE.onnx --db %s' makes one",
                      database, database);
    if (st == ASX_OK)
        st = asx_network_load(&network, path.s, err);
    if (st == ASX_OK)
        st = trained_measure(out, w, network, design, SUBSET_SELECT, err);
    asx_network_free(network);
    asx_text_fini(&path);
    return st;
}

static asx_status evaluate(asx_accuracy *out, workbench *w, asx_tier tier, const char *database,
                           const asx_design *design, asx_error *err)
{
    asx_status st;
    switch (tier) {
    case ASX_TIER_PROXY:
        st = workbench_need_proxy(w, err);
        return st < 0 ? st : asx_proxy_design(out, w->proxy, design, err);
    case ASX_TIER_MEASURED:
        st = workbench_need_measure(w, SUBSET_SELECT, err);
        return st < 0 ? st : asx_measure_design(out, w->measure[SUBSET_SELECT], design, err);
    case ASX_TIER_FLOAT:
        st = workbench_need_measure(w, SUBSET_SELECT, err);
        if (st == ASX_OK)
            *out = asx_measure_float(w->measure[SUBSET_SELECT]);
        return st;
    case ASX_TIER_TRAINED:
        return evaluate_trained(out, w, database, design, err);
    case ASX_N_TIERS:
        break;
    }
    return asx_fail(err, ASX_EINVAL, "there is no such tier");
}

static asx_status print_accuracy(const char *format, const char *design, const asx_accuracy *a,
                                 asx_error *err)
{
    table *t = NULL;
    asx_status st = table_new(&t, NULL, columns, err);
    if (st < 0)
        return st;
    table_text(t, design);
    table_text(t, asx_tier_text(a->tier));
    table_integer(t, (long long)a->images);
    table_integer(t, (long long)a->correct);
    const double v[] = {a->accuracy, a->accuracy_low, a->accuracy_high,
                        a->drop,     a->drop_low,     a->drop_high};
    for (size_t i = 0; i < sizeof v / sizeof *v; i++)
        table_number(t, v[i]);
    st = table_print(stdout, format, &t, 1, err);
    table_free(t);
    return st;
}

int cmd_eval(int argc, char **argv)
{
    const char *database = NULL, *text = NULL, *tier_text = NULL, *images = NULL, *print = "table";
    const option options[] = {
        {.name = "design",
         .letter = 'd',
         .kind = OPTION_TEXT,
         .target = &text,
         .argument = "TEXT",
         .help = "the design; its placement does not matter here"},
        {.name = "tier",
         .kind = OPTION_CHOICE,
         .target = &tier_text,
         .argument = "float|proxy|measured|trained",
         .help = "how the accuracy is found (default: measured; float without a design)"},
        {.name = "db",
         .kind = OPTION_TEXT,
         .target = &database,
         .argument = "FILE",
         .help = "for tier trained: the database beside which the trained network lies"},
        OPTION_IMAGES(&images),
        OPTION_FORMAT(&print),
        {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;

    asx_error err = {0};
    workbench w = {0};
    asx_design design = {0};
    asx_text canonical = {0};
    asx_accuracy accuracy;
    asx_tier tier = text ? ASX_TIER_MEASURED : ASX_TIER_FLOAT;
    asx_status st = tier_text ? asx_tier_parse(&tier, tier_text, &err) : ASX_OK;
    if (st == ASX_OK && !text && tier != ASX_TIER_FLOAT)
        st = asx_fail(&err, ASX_EINVAL, "tier '%s' needs a design: --design TEXT", tier_text);
    if (st == ASX_OK)
        st = workbench_open(&w, args.argument[0], &err);
    if (st == ASX_OK && text)
        st = asx_design_parse(&design, text, workbench_workload(&w), &err);
    if (st == ASX_OK)
        st = workbench_images(&w.subset[SUBSET_SELECT], &w, images, &err);
    if (st == ASX_OK)
        st = evaluate(&accuracy, &w, tier, database, &design, &err);
    if (st == ASX_OK && text)
        asx_design_print(&canonical, &design, workbench_workload(&w));
    if (st == ASX_OK)
        st = print_accuracy(print, canonical.s ? canonical.s : "float", &accuracy, &err);
    asx_text_fini(&canonical);
    asx_design_fini(&design);
    workbench_close(&w);
    return cmd_end(st, &err);
}
