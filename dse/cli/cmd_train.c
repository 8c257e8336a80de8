/* asx train: alphabet-aware training of one design. */
#include <signal.h>
#include <stdio.h>

#include "cmd.h"
#include "dse/design.h"
#include "option.h"
#include "param_list.h"
#include "settings.h"
#include "training.h"

static const option_usage usage = {
    .synopsis = "train [CAMPAIGN.yaml] --design TEXT -o FILE.onnx",
    .about = "Trains the campaign's network for one design, on the images of its section 'train', "
             "and writes it as ONNX with weights on the design's representable sets. Prints the "
             "accuracy before and after, measured on 'select' and 'report'; the drop is against "
             "the float network that training started from. With --float, trains without a design. "
             "A training that was stopped goes on from FILE.onnx.checkpoint. With --parameters, "
             "lists what can be set.",
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

/* What the command line says; NULL: nothing. */
typedef struct wishes {
    const char *design, *via, *output, *set, *optimiser, *schedule, *surrogate;
    long long seed; /* -1: the campaign's */
    bool is_float;
} wishes;

static asx_status apply(asx_train_options *o, const wishes *w, asx_error *err)
{
    asx_status st = w->set ? settings_apply(&o->number, w->set, err) : ASX_OK;
    if (st == ASX_OK && w->optimiser)
        st = asx_optimiser_parse(&o->optimiser, w->optimiser, err);
    if (st == ASX_OK && w->schedule)
        st = asx_schedule_parse(&o->schedule, w->schedule, err);
    if (st == ASX_OK && w->surrogate)
        st = asx_surrogate_parse(&o->surrogate, w->surrogate, err);
    if (w->seed >= 0)
        o->seed = (uint64_t)w->seed;
    return st;
}

static asx_status prepare(training *t, const char *file, const wishes *w, asx_error *err)
{
    if (!w->output || (!w->design && !w->is_float) || (w->design && w->is_float))
        return asx_fail(err, ASX_EINVAL, "%s",
                        !w->output ? "'-o FILE.onnx' is missing: where the network goes"
                                   : "either '--design TEXT' or '--float' is wanted");
    asx_status st = workbench_open(&t->bench, file, err);
    if (st == ASX_OK && w->design)
        st = asx_design_parse(&t->design, w->design, workbench_workload(&t->bench), err);
    if (st == ASX_OK && w->via)
        st = asx_design_parse(&t->via, w->via, workbench_workload(&t->bench), err);
    if (st == ASX_OK)
        st = campaign_train_options(&t->options, t->bench.campaign, err);
    if (st == ASX_OK)
        st = apply(&t->options, w, err);
    t->output = w->output;
    t->options.via = w->via ? &t->via : NULL;
    return st;
}

#define ADD_CHOICE(name, text, help) param_list_add(*out, choice, text, help);

static asx_status list(table **out, asx_error *err)
{
    static const table_column columns[] = PARAM_LIST_COLUMNS("option");
    const asx_status st = table_new(out, NULL, columns, err);
    if (st < 0)
        return st;
    param_list_add_all(*out, "set", asx_train_params);
    const char *choice = "optimiser";
    ASX_OPTIMISER_LIST(ADD_CHOICE)
    choice = "schedule";
    ASX_SCHEDULE_LIST(ADD_CHOICE)
    choice = "surrogate";
    ASX_SURROGATE_LIST(ADD_CHOICE)
    return st;
}

int cmd_train(int argc, char **argv)
{
    const char *database = NULL, *print = "table";
    wishes w = {.seed = -1};
    bool restart = false, parameters = false;
    const option options[] = {
        {.name = "design",
         .letter = 'd',
         .kind = OPTION_TEXT,
         .target = &w.design,
         .argument = "TEXT",
         .help = "the design; its placement does not matter here"},
        {.name = "via",
         .kind = OPTION_TEXT,
         .target = &w.via,
         .argument = "TEXT",
         .help = "a design of more alphabets or bits to train first, for a part of the steps"},
        {.name = "float",
         .kind = OPTION_FLAG,
         .target = &w.is_float,
         .help = "train in floating point instead"},
        {.name = "output",
         .letter = 'o',
         .kind = OPTION_TEXT,
         .target = &w.output,
         .argument = "FILE.onnx",
         .help = "where the trained network goes"},
        {.name = "set",
         .kind = OPTION_TEXT,
         .target = &w.set,
         .argument = "'NAME=VALUE ...'",
         .help = "parameters, over those of the campaign"},
        {.name = "optimiser",
         .kind = OPTION_TEXT,
         .target = &w.optimiser,
         .argument = "NAME",
         .help = "over the campaign's, as the next two"},
        {.name = "schedule",
         .kind = OPTION_TEXT,
         .target = &w.schedule,
         .argument = "NAME",
         .help = "of the rate, over the steps"},
        {.name = "surrogate",
         .kind = OPTION_TEXT,
         .target = &w.surrogate,
         .argument = "NAME",
         .help = "what stands in for the slope of rounding"},
        {.name = "parameters",
         .kind = OPTION_FLAG,
         .target = &parameters,
         .help =
             "list the parameters of '--set' with their ranges, and the names of the three above"},
        {.name = "seed",
         .kind = OPTION_INTEGER,
         .target = &w.seed,
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
    training t = {.database = database, .restart = restart, .stop = is_stopped};
    table *results = NULL;
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    asx_status st = parameters ? list(&results, &err) : prepare(&t, args.argument[0], &w, &err);
    if (st == ASX_OK && !parameters)
        st = training_run(&t, &results, &err);
    if (st == ASX_OK)
        st = table_print(stdout, print, &results, 1, &err);
    table_free(results);
    training_close(&t);
    return cmd_end(st, &err);
}
