/* asx train: alphabet-aware training of one design. */
#include <signal.h>
#include <stdio.h>

#include "cmd.h"
#include "dse/design.h"
#include "option.h"
#include "settings.h"
#include "table.h"
#include "training.h"

static const option_usage usage = {
    .synopsis = "train [CAMPAIGN.yaml] --design TEXT -o FILE.onnx",
    .about = "Trains the campaign's network for one design, on the images of its section 'train', "
             "and writes it as ONNX with weights on the design's representable sets. Prints the "
             "accuracy before and after, measured on 'select' and 'report'; the drop is against "
             "the float network that training started from. With --float, trains without a design. "
             "A training that was stopped goes on from FILE.onnx.checkpoint.",
    .examples = "  asx train --design 'near: w4{1}a8' -o glyphs-w4.onnx\n"
                "  asx train resnet20.yaml --design 'in: w4{1,3}a8' --set 'epochs=10 rate=0.001' "
                "-o r20.onnx\n",
    .max_arguments = 1};

/* Set by the signal handler, which has no other way to tell. */
static volatile sig_atomic_t stopped;

static void on_signal(int number)
{
    stopped = 1;
    signal(number, SIG_DFL);
}

static bool is_stopped(void *state)
{
    (void)state;
    return stopped != 0;
}

static asx_status prepare(training *t, const char *file, const char *design, const char *via,
                          const char *set, const char *output, bool is_float, asx_error *err)
{
    if (!output || (!design && !is_float) || (design && is_float))
        return asx_fail(err, ASX_EINVAL, "%s",
                        !output ? "'-o FILE.onnx' is missing: where the network goes"
                                : "either '--design TEXT' or '--float' is wanted");
    asx_status st = workbench_open(&t->bench, file, err);
    if (st == ASX_OK && design)
        st = asx_design_parse(&t->design, design, workbench_workload(&t->bench), err);
    if (st == ASX_OK && via)
        st = asx_design_parse(&t->via, via, workbench_workload(&t->bench), err);
    if (st == ASX_OK)
        st = campaign_train_options(&t->options, t->bench.campaign, err);
    if (st == ASX_OK && set)
        st = settings_apply(&t->options.number, set, err);
    return st;
}

int cmd_train(int argc, char **argv)
{
    const char *database = NULL, *design = NULL, *via = NULL, *output = NULL, *set = NULL,
               *print = "table";
    long long seed = -1;
    bool is_float = false, restart = false;
    const option options[] = {
        {.name = "design",
         .letter = 'd',
         .kind = OPTION_TEXT,
         .target = &design,
         .argument = "TEXT",
         .help = "the design; its placement does not matter here"},
        {.name = "via",
         .kind = OPTION_TEXT,
         .target = &via,
         .argument = "TEXT",
         .help = "a design of more alphabets or bits to train first, for a part of the steps"},
        {.name = "float",
         .kind = OPTION_FLAG,
         .target = &is_float,
         .help = "train in floating point instead"},
        {.name = "output",
         .letter = 'o',
         .kind = OPTION_TEXT,
         .target = &output,
         .argument = "FILE.onnx",
         .help = "where the trained network goes"},
        {.name = "set",
         .kind = OPTION_TEXT,
         .target = &set,
         .argument = "'NAME=VALUE ...'",
         .help = "parameters, over those of the campaign; a name that is none lists them"},
        {.name = "seed",
         .kind = OPTION_INTEGER,
         .target = &seed,
         .argument = "N",
         .low = 0,
         .high = 1e15,
         .help = "of the images' order and changes (default: the campaign's)"},
        {.name = "db",
         .kind = OPTION_TEXT,
         .target = &database,
         .argument = "FILE",
         .help = "book the design's trained accuracies in this database, and keep the network "
                 "beside it"},
        {.name = "restart",
         .kind = OPTION_FLAG,
         .target = &restart,
         .help = "begin anew even if there is a checkpoint"},
        OPTION_FORMAT(&print),
        {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;

    asx_error err = {0};
    training t = {.output = output, .database = database, .restart = restart, .stop = is_stopped};
    table *results = NULL;
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    asx_status st = prepare(&t, args.argument[0], design, via, set, output, is_float, &err);
    if (st == ASX_OK && seed >= 0)
        t.options.seed = (uint64_t)seed;
    t.options.via = via ? &t.via : NULL;
    if (st == ASX_OK)
        st = training_run(&t, &results, &err);
    if (st == ASX_OK)
        st = table_print(stdout, print, &results, 1, &err);
    table_free(results);
    training_close(&t);
    return cmd_end(st, &err);
}
