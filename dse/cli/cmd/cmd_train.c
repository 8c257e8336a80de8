/* asx train: alphabet-aware training of one design. */
#include <stdio.h>

#include "cmd.h"
#include "dse/design.h"
#include "explore/training.h"
#include "kept.h"
#include "option.h"
#include "param_list.h"
#include "progress.h"
#include "session_options.h"
#include "settings.h"
#include "table.h"

static const option_usage usage = {
    .synopsis = "train [CAMPAIGN.yaml] --design TEXT | --shared | --float -o FILE.onnx",
    .about =
        "Trains the campaign's network for one design, on the images of its section 'train', "
        "and writes it as ONNX with weights on the design's representable sets. Prints the "
        "accuracy before and after, measured on 'select' and 'report'; the drop is against "
        "the float network that training started from. With --float, trains without a design; with "
        "--shared, one network in floating point that all designs of the campaign's space round, so "
        "that a campaign whose network it is finds designs that were trained for without a training "
        "for each; it prints what that does to the designs of most and of fewest representable values. "
        "A training that was stopped (exit code 3) goes on from FILE.onnx.checkpoint. With --parameters, "
        "lists what can be set.",
    .examples = "  asx train --design 'near: w4{1}a8' -o glyphs-w4.onnx\n"
                "  asx train resnet20.yaml --design 'in: w4{1,3}a8' --set 'epochs=10 rate=0.001' "
                "-o r20.onnx\n",
    .max_arguments = 1};

/* What the command line says; NULL: nothing. */
typedef struct wishes {
    const char *design, *via, *output, *set, *optimiser, *schedule, *surrogate, *faults, *database;
    long long seed;    /* -1: the campaign's */
    long long designs; /* a step, of a space */
    bool is_float, shared, restart, parameters;
} wishes;

static asx_status apply(asx_train_options *o, const wishes *w, asx_error *err)
{
    asx_status status = w->set ? settings_apply(&o->number, w->set, err) : ASX_OK;
    if (status == ASX_OK && w->optimiser)
        status = asx_optimiser_parse(&o->optimiser, w->optimiser, err);
    if (status == ASX_OK && w->schedule)
        status = asx_schedule_parse(&o->schedule, w->schedule, err);
    if (status == ASX_OK && w->surrogate)
        status = asx_surrogate_parse(&o->surrogate, w->surrogate, err);
    if (status == ASX_OK && w->faults)
        status = asx_faults_parse(&o->faults, w->faults, err);
    if (w->seed >= 0)
        o->seed = (uint64_t)w->seed;
    return status;
}

/* What a training is made of. */
typedef struct work {
    asx_session session;
    asx_design design[ASX_TRAINING_JUDGED_MAX], via; /* of a space both ends */
    asx_training training;
} work;

static asx_status prepare(work *k, const char *file, const wishes *w, asx_error *err)
{
    asx_training *t = &k->training;
    asx_status status = session_open(&k->session, file, err);
    if (status == ASX_OK) /* drops are against the float network: there may be no other copy */
        status = kept_by_session(w->output, &k->session, err);
    if (status == ASX_OK && w->design)
        status = asx_design_parse(&k->design[0], w->design, asx_session_workload(&k->session), err);
    if (status == ASX_OK && w->via)
        status = asx_design_parse(&k->via, w->via, asx_session_workload(&k->session), err);
    if (status == ASX_OK)
        status = asx_campaign_train_options(&t->options, k->session.campaign, err);
    if (status == ASX_OK)
        status = apply(&t->options, w, err);
    if (status == ASX_OK && w->shared)
        status = asx_session_need_space(&k->session, err);
    if (status == ASX_OK && w->shared)
        status = asx_train_space_ends(&k->design[0], &k->design[1], k->session.space, err);
    t->output = w->output;
    t->shared = w->shared;
    t->design = w->design ? &k->design[0] : NULL;
    t->judged = k->design;
    t->n_judged = w->design ? 1 : 0;
    if (w->shared) /* of a space of one format everywhere both ends are the same */
        t->n_judged = asx_design_equal(&k->design[0], &k->design[1]) ? 1 : 2;
    t->options.designs_per_step = (size_t)w->designs;
    t->options.via = w->via ? &k->via : NULL;
    if (status == ASX_OK) /* what it is trained for is what it is measured in */
        asx_session_set_faults(&k->session, &t->options.faults);
    return status;
}

static void finish(work *k)
{
    for (size_t i = 0; i < ASX_TRAINING_JUDGED_MAX; i++)
        asx_design_fini(&k->design[i]);
    asx_design_fini(&k->via);
    asx_session_close(&k->session);
}

static asx_status add_row(table *t, const asx_training_row *r, const asx_workload *layers,
                          asx_error *err)
{
    asx_text design = {0};
    if (r->design)
        asx_design_print(&design, r->design, layers);
    else
        asx_text_add(&design, "float");
    if (design.failed)
        return asx_fail(err, ASX_ENOMEM, "no memory for a design's text");
    const asx_accuracy *a = &r->accuracy;
    const double v[] = {a->accuracy, a->accuracy_low, a->accuracy_high,
                        a->drop,     a->drop_low,     a->drop_high};
    table_text(t, r->trained ? "trained" : "given");
    table_text(t, design.s);
    table_text(t, asx_subset_text(r->subset));
    table_integer(t, (long long)a->images);
    for (size_t i = 0; i < sizeof v / sizeof *v; i++)
        table_number(t, v[i]);
    asx_text_fini(&design);
    return ASX_OK;
}

static asx_status make_table(table **out, const work *k, const asx_training_result *r,
                             asx_error *err)
{
    static const table_column columns[] = {{"network", TABLE_TEXT, 0},
                                           {"design", TABLE_TEXT, 0},
                                           {"images_of", TABLE_TEXT, 0},
                                           {"images", TABLE_INTEGER, 0},
                                           {"accuracy", TABLE_NUMBER, 2},
                                           {"accuracy_low", TABLE_NUMBER, 2},
                                           {"accuracy_high", TABLE_NUMBER, 2},
                                           {"drop", TABLE_NUMBER, 2},
                                           {"drop_low", TABLE_NUMBER, 2},
                                           {"drop_high", TABLE_NUMBER, 2},
                                           {0}};
    asx_status status = table_new(out, NULL, columns, err);
    for (size_t i = 0; status == ASX_OK && i < r->n; i++)
        status = add_row(*out, &r->row[i], asx_session_workload(&k->session), err);
    return status;
}

static asx_status run(table **out, work *k, asx_error *err)
{
    asx_training_result result;
    progress_line line;
    const asx_watcher watcher = progress_watch(&line);
    k->training.watcher = &watcher;
    const asx_status status = asx_training_run(&result, &k->session, &k->training, err);
    progress_end(&line);
    return status == ASX_OK ? make_table(out, k, &result, err) : status;
}

#define ADD_CHOICE(name, text, help) param_list_add(*out, choice, text, help);

static asx_status list(table **out, asx_error *err)
{
    static const table_column columns[] = PARAM_LIST_COLUMNS("option");
    const asx_status status = table_new(out, NULL, columns, err);
    if (status != ASX_OK)
        return status;
    param_list_add_all(*out, "set", asx_train_params);
    const char *choice = "optimiser";
    ASX_OPTIMISER_LIST(ADD_CHOICE)
    choice = "schedule";
    ASX_SCHEDULE_LIST(ADD_CHOICE)
    choice = "surrogate";
    ASX_SURROGATE_LIST(ADD_CHOICE)
    return status;
}

static const char *find_misuse(const wishes *w)
{
    return !w->output ? "'-o FILE.onnx' is missing: where the network goes"
           : !!w->design + w->is_float + w->shared != 1
               ? "one of '--design TEXT', '--shared' and '--float' is wanted"
           : w->shared && w->database
               ? "'--db' books a design, and '--shared' has none: 'asx run' measures what it wrote"
           : w->shared && w->via
               ? "'--shared' has no design to train first: '--via' is for '--design'"
               : NULL;
}

static int train(const char *file, const wishes *w, const char *print, asx_error *err)
{
    work k = {.training = {.database = w->database, .restart = w->restart}};
    table *results = NULL;
    asx_status status = w->parameters ? list(&results, err) : prepare(&k, file, w, err);
    if (status == ASX_OK && !w->parameters)
        status = run(&results, &k, err);
    if (status == ASX_OK)
        status = table_print(stdout, print, &results, 1, err);
    table_free(results);
    finish(&k);
    return cmd_end(status, err);
}

int cmd_train(int argc, char **argv)
{
    const char *print = "table";
    wishes w = {.seed = -1, .designs = 4};
    const option options[] = {
        OPTION_DESIGN(&w.design, "the design; its placement does not matter here"),
        OPTION_OF_CHECKED(
            &w.via, "via", "TEXT", check_design,
            "a design of more alphabets or bits to train first, for a part of the steps"),
        OPTION_OF_FLAG(&w.shared, "shared",
                       "train one network for all designs of the space instead"),
        {.name = "designs",
         .kind = OPTION_INTEGER,
         .target = &w.designs,
         .argument = "N",
         .low = 1,
         .high = 64,
         .help = "with '--shared', a step: the largest, the smallest, random ones (default: 4)"},
        OPTION_OF_FLAG(&w.is_float, "float", "train in floating point instead"),
        {OPTION_OUTPUT(&w.output, "FILE.onnx", "where the trained network goes")},
        OPTION_OF_TEXT(&w.set, "set", "'NAME=VALUE ...'", "parameters, over those of the campaign"),
        OPTION_OF_TEXT(&w.optimiser, "optimiser", "NAME", "over the campaign's, as the next two"),
        OPTION_OF_TEXT(&w.schedule, "schedule", "NAME", "of the rate, over the steps"),
        OPTION_OF_TEXT(&w.surrogate, "surrogate", "NAME",
                       "what stands in for the slope of rounding"),
        OPTION_OF_CHECKED(&w.faults, "faults", "'NAME=VALUE ...'", check_faults,
                          "of the memory of weights, over the campaign's: a device a step; "
                          "accuracies are measured with them; see asx eval"),
        OPTION_OF_FLAG(
            &w.parameters, "parameters",
            "list the parameters of '--set' with their ranges, and the names of the three above"),
        {.name = "seed",
         .kind = OPTION_INTEGER,
         .target = &w.seed,
         .argument = "N",
         .low = 0,
         .high = 1e15,
         .help = "of the images' order and changes (default: the campaign's)"},
        OPTION_OF_TEXT(
            &w.database, "db", "FILE",
            "book the design's trained accuracies in this database, and keep the network "
            "beside it"),
        OPTION_OF_FLAG(&w.restart, "restart", "begin anew even if there is a checkpoint"),
        OPTION_FORMAT(&print),
        {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    const char *misuse = w.parameters ? NULL : find_misuse(&w);
    if (misuse)
        return option_misused(&usage, "%s", misuse);
    asx_error err = {0};
    asx_train_options any = asx_train_options_default();
    if (apply(&any, &w, &err) != ASX_OK)
        return option_misused(&usage, "%s", err.message);
    return train(args.argument[0], &w, print, &err);
}
