/* asx eval: how accurate one design is, predicted or measured. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "dse/design.h"
#include "dse/memory.h"
#include "eval_faults.h"
#include "explore/trained.h"
#include "look_options.h"
#include "option.h"
#include "param_list.h"
#include "session_options.h"
#include "table.h"

static const option_usage usage = {
    .synopsis = "eval [CAMPAIGN.yaml | DB ROW] [--design TEXT] [--tier TIER] [--images A:B] ...",
    .about =
        "Accuracy of a design, or of several, a row each, top-1 or what data.measure says, with its 95 % interval, and the drop against "
        "the float network on the same images. With a database, the design of a row of its front, by the campaign it "
        "was found by; relative paths of that are then relative to the database. Without a "
        "campaign: the embedded one.\n"
        "With --faults the words of weights and inputs lie in memories that err, as stored codes: "
        "'flips=0.01', 'stuck=0.1', 'activation_flips=0.001', 'spread=0.2', several with blanks "
        "between; 'seeds=5 seed=1' devices, the mean of which is printed with an interval over "
        "devices and images. --sweep takes one of them through values. It takes the place of a campaign's faults. Parameters and ranges: asx eval --fault-parameters.",
    .examples = "  asx eval resnet20.yaml --design 'near: w4{1}a8' --images 0:1000\n"
                "  asx eval resnet20.yaml -d 'near: w4{1}a8; near: w4a8' --on report\n"
                "  asx eval resnet20.yaml --tier float --images :\n"
                "  asx eval resnet20.db 4 --on report\n"
                "  asx eval -d 'near: w4{1}a8; near: w8a8' --faults seeds=3 --sweep "
                "flips=0,0.001,0.01,0.1\n",
    .max_arguments = 2};

static asx_status evaluate_trained(asx_accuracy *out, asx_session *s, const char *database,
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
    asx_status status = asx_trained_path(&path, database, s, design, err);
    if (status == ASX_OK && access(path.s, F_OK) != 0)
        status =
            asx_fail(err, ASX_ENOTFOUND,
                     "no trained network of this design lies beside '%s'; 'asx train --design ... "
                     "-o FILE.onnx --db %s' makes one",
                     database, database);
    if (status == ASX_OK)
        status = asx_network_load(&network, path.s, err);
    if (status == ASX_OK)
        status = asx_trained_measure(out, s, network, design, ASX_SUBSET_SELECT, err);
    asx_network_free(network);
    asx_text_fini(&path);
    return status;
}

static asx_status evaluate(asx_accuracy *out, asx_session *s, asx_tier tier, const char *database,
                           const asx_design *design, asx_error *err)
{
    asx_status status;
    switch (tier) {
    case ASX_TIER_PROXY:
        status = asx_session_need_proxy(s, err);
        return status != ASX_OK ? status : asx_proxy_design(out, s->proxy, design, err);
    case ASX_TIER_MEASURED:
        status = asx_session_need_measure(s, ASX_SUBSET_SELECT, err);
        return status != ASX_OK
                   ? status
                   : asx_measure_design(out, s->measure[ASX_SUBSET_SELECT], design, err);
    case ASX_TIER_FLOAT:
        status = asx_session_need_measure(s, ASX_SUBSET_SELECT, err);
        if (status == ASX_OK)
            *out = asx_measure_float(s->measure[ASX_SUBSET_SELECT]);
        return status;
    case ASX_TIER_TRAINED:
        return evaluate_trained(out, s, database, design, err);
    case ASX_TIER_COSTS:
    case ASX_N_TIERS:
        break;
    }
    return asx_fail(err, ASX_EINVAL, "there is no such tier");
}

/* Heads and decimals are those of the measure. @param head  "mse [95 %]", borrowed by the table */
static asx_status make_table(table **out, const asx_score *score, const char *head, asx_error *err)
{
    const int decimals = asx_score_decimals(score);
    const table_column shown[] = {{head, TABLE_SHOWN, 0}, {"drop [95 %]", TABLE_SHOWN, 0}, {0}};
    table_column columns[16] = {{"design", TABLE_TEXT, 0},
                                {"tier", TABLE_TEXT, 0},
                                {"images", TABLE_INTEGER, 0},
                                {"correct", TABLE_INTEGER, 0},
                                {"accuracy", TABLE_NUMBER, decimals},
                                {"accuracy_low", TABLE_NUMBER, decimals},
                                {"accuracy_high", TABLE_NUMBER, decimals},
                                {"drop", TABLE_NUMBER, decimals},
                                {"drop_low", TABLE_NUMBER, decimals},
                                {"drop_high", TABLE_NUMBER, decimals}};
    size_t n = 10;
    if (!asx_score_counts(score))
        columns[n++] = (table_column){"measure", TABLE_TEXT, 0};
    memcpy(columns + n, shown, sizeof shown);
    return table_new(out, NULL, columns, err);
}

/* "mse [95 %]" */
static void name_accuracy(char *out, size_t size, const asx_score *score)
{
    asx_text measure = {0};
    asx_score_print(&measure, score);
    snprintf(out, size, "%s [95 %%]",
             asx_score_counts(score) || !measure.s ? "accuracy" : measure.s);
    asx_text_fini(&measure);
}

static void add_row(table *t, const char *design, const asx_score *score, const asx_accuracy *a)
{
    const int decimals = asx_score_decimals(score);
    table_text(t, design);
    table_text(t, asx_tier_text(a->tier));
    table_integer(t, (long long)a->images);
    table_number(t, a->correct == ASX_NOT_COUNTED ? NAN : (double)a->correct);
    const double v[] = {a->accuracy, a->accuracy_low, a->accuracy_high,
                        a->drop,     a->drop_low,     a->drop_high};
    for (size_t i = 0; i < sizeof v / sizeof *v; i++)
        table_number(t, v[i]);
    if (!asx_score_counts(score)) {
        asx_text measure = {0};
        asx_score_print(&measure, score);
        table_built(t, &measure);
        asx_text_fini(&measure);
    }
    eval_add_interval(t, decimals, a->accuracy, a->accuracy_low, a->accuracy_high);
    eval_add_interval(t, decimals, a->drop, a->drop_low, a->drop_high);
}

/* What the options say. */
typedef struct eval_options {
    const char *text, *tier, *rounding, *database, *images, *on, *faults, *sweep;
    look look;
} eval_options;

/* What cannot be asked together. @param tier  as it was asked for, or as it follows */
static asx_status check_options(asx_tier *tier, const eval_options *o, bool stored, asx_error *err)
{
    *tier = o->text || stored ? ASX_TIER_MEASURED : ASX_TIER_FLOAT;
    const asx_status status = o->tier ? asx_tier_parse(tier, o->tier, err) : ASX_OK;
    if (status != ASX_OK)
        return status;
    if (stored && o->text)
        return asx_fail(err, ASX_EINVAL, "a row and '--design': which of them?");
    if (o->images && o->on)
        return asx_fail(err, ASX_EINVAL, "'--images' and '--on': which of them?");
    if ((o->faults || o->sweep) && *tier != ASX_TIER_MEASURED && *tier != ASX_TIER_TRAINED)
        return asx_fail(err, ASX_EINVAL, "tier '%s' knows no faults: a design, measured or trained",
                        asx_tier_text(*tier));
    if (!o->text && !stored && *tier != ASX_TIER_FLOAT)
        return asx_fail(err, ASX_EINVAL, "tier '%s' needs a design: --design TEXT", o->tier);
    return ASX_OK;
}

/* Takes what the options say of rounding and images. */
static asx_status choose(asx_session *s, const eval_options *o, asx_error *err)
{
    asx_rounding rounding;
    asx_status status = ASX_OK;
    if (o->rounding) {
        status = asx_rounding_parse(&rounding, o->rounding, err);
        if (status == ASX_OK)
            asx_session_set_rounding(s, rounding);
    }
    if (status == ASX_OK && o->on)
        status = session_on(&s->subset[ASX_SUBSET_SELECT], s, o->on, err);
    else if (status == ASX_OK)
        status = session_images(&s->subset[ASX_SUBSET_SELECT], s, o->images, err);
    return status;
}

/* Where a design under faults is found. */
typedef struct place {
    asx_tier tier;
    const char *database;
} place;

static asx_status evaluate_at(asx_accuracy *out, asx_session *s, const asx_design *design,
                              void *state, asx_error *err)
{
    const place *p = state;
    return evaluate(out, s, p->tier, p->database, design, err);
}

/* Evaluates a design, or the network. @param text  NULL: the network */
static asx_status run_one(table *t, asx_session *s, asx_tier tier, const char *database,
                          const char *text, asx_error *err)
{
    asx_design design = {0};
    asx_text canonical = {0};
    asx_accuracy accuracy;
    asx_status status =
        text ? asx_design_parse(&design, text, asx_session_workload(s), err) : ASX_OK;
    if (status == ASX_OK)
        status = evaluate(&accuracy, s, tier, database, &design, err);
    if (status == ASX_OK && text)
        asx_design_print(&canonical, &design, asx_session_workload(s));
    if (status == ASX_OK && canonical.failed)
        status = asx_fail(err, ASX_ENOMEM, "no memory for a design");
    if (status == ASX_OK)
        add_row(t, canonical.s ? canonical.s : "float", asx_dataset_score(s->data), &accuracy);
    asx_text_fini(&canonical);
    asx_design_fini(&design);
    return status;
}

/* Designs with ';' between, of a session that is open; none is printed unless all are found. */
static asx_status run(asx_session *s, const eval_options *o, asx_tier tier, const char *database,
                      const char *text, asx_error *err)
{
    char *copy = text ? asx_string_copy(text) : NULL, *save = NULL, head[40];
    table *t = NULL;
    if (text && !copy)
        return asx_fail(err, ASX_ENOMEM, "no memory for designs");
    asx_status status = asx_session_need_data(s, err);
    if (status == ASX_OK) {
        name_accuracy(head, sizeof head, asx_dataset_score(s->data));
        status = make_table(&t, asx_dataset_score(s->data), head, err);
    }
    char *one = copy ? strtok_r(copy, ";", &save) : NULL;
    do {
        if (status == ASX_OK)
            status = run_one(t, s, tier, database, one ? one + strspn(one, " ") : NULL, err);
        one = one ? strtok_r(NULL, ";", &save) : NULL;
    } while (one);
    if (status == ASX_OK) {
        session_remark(s, o->images != NULL);
        table_for_people(
            t, "correct accuracy accuracy_low accuracy_high drop drop_low drop_high measure",
            "images");
        status = look_print(&o->look, &t, 1, err);
    }
    table_free(t);
    free(copy);
    return status;
}

static asx_status run_faults(asx_session *s, const eval_options *o, asx_tier tier,
                             const char *database, const char *text, asx_error *err)
{
    place p = {tier, database};
    const eval_faults what = {.faults = o->faults,
                              .sweep = o->sweep,
                              .designs = text,
                              .look = o->look,
                              .evaluate = evaluate_at,
                              .state = &p};
    const asx_status status = eval_under_faults(s, &what, err);
    if (status == ASX_OK && !o->images)
        session_remark(s, false);
    return status;
}

static asx_status list_parameters(const look *l, asx_error *err)
{
    static const table_column list[] = PARAM_LIST_COLUMNS("option");
    table *t = NULL;
    asx_status status = table_new(&t, NULL, list, err);
    if (status != ASX_OK)
        return status;
    param_list_add_all(t, "faults", asx_fault_params);
    status = look_print(l, &t, 1, err);
    table_free(t);
    return status;
}

/* @param argument  a campaign, or a database and (`stored`) a row */
static asx_status answer(const eval_options *o, asx_tier tier, const char *const *argument,
                         bool stored, asx_error *err)
{
    asx_session s = {0};
    char *row = NULL;
    asx_status status = stored ? session_of_row(&s, &row, argument[0], argument[1], err)
                               : session_open(&s, argument[0], err);
    const char *database = stored ? argument[0] : o->database;
    const char *text = stored ? row : o->text;
    if (status == ASX_OK)
        status = choose(&s, o, err);
    if (status == ASX_OK)
        status = o->faults || o->sweep ? run_faults(&s, o, tier, database, text, err)
                                       : run(&s, o, tier, database, text, err);
    free(row);
    asx_session_close(&s);
    return status;
}

int cmd_eval(int argc, char **argv)
{
    eval_options o = {.look = LOOK_DEFAULT};
    bool parameters = false;
    const option options[] = {
        {.name = "design",
         .letter = 'd',
         .kind = OPTION_TEXT,
         .target = &o.text,
         .argument = "TEXT",
         .check = check_designs,
         .help = "the design, or several with ';' between; placements do not matter here"},
        {.name = "tier",
         .kind = OPTION_CHOICE,
         .target = &o.tier,
         .argument = "float|proxy|measured|trained",
         .help = "how the accuracy is found (default: measured; float without a design)"},
        {.name = "db",
         .kind = OPTION_TEXT,
         .target = &o.database,
         .argument = "FILE",
         .help = "for tier trained: the database beside which the trained network lies"},
        {.name = "rounding",
         .kind = OPTION_CHOICE,
         .target = &o.rounding,
         .argument = "nearest|greedy|learned",
         .help = "instead of the campaign's 'calibration.rounding'"},
        OPTION_IMAGES(&o.images),
        {.name = "on",
         .kind = OPTION_CHOICE,
         .target = &o.on,
         .argument = "select|confirm|report",
         .help = "measure on this part of the campaign's images"},
        OPTION_OF_CHECKED(&o.faults, "faults", "'NAME=VALUE ...'", check_faults,
                          "faults of the memories of weights and inputs"),
        OPTION_OF_CHECKED(&o.sweep, "sweep", "NAME=LIST", check_sweep,
                          "one of the rates of faults, through values with commas between"),
        OPTION_OF_FLAG(&parameters, "fault-parameters", "list the parameters of '--faults'"),
        OPTION_LOOK(o.look),
        {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;

    asx_error err = {0};
    if (parameters)
        return cmd_end(list_parameters(&o.look, &err), &err);
    asx_tier tier;
    const bool stored = args.n_arguments > 1;
    if (check_options(&tier, &o, stored, &err) != ASX_OK ||
        (stored && check_row(args.argument[1], &err) != ASX_OK))
        return option_misused(&usage, "%s", err.message);
    const asx_status status = answer(&o, tier, args.argument, stored, &err);
    return cmd_end(status, &err);
}
