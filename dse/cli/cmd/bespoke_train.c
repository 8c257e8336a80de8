/* asx bespoke train: from a table to a front of wired classifiers. */
#include <string.h>

#include "bespoke_evolve.h"
#include "bespoke_options.h"
#include "bespoke_verbs.h"
#include "cmd.h"
#include "look_options.h"
#include "option.h"
#include "param_list.h"
#include "picture_options.h"
#include "settings.h"

static const option_usage usage = {
    .synopsis = "bespoke train [TABLE.csv ...] [--hidden N[,M]] [-o FOLDER]",
    .about =
        "Trains a perceptron on a table, puts it into integers as the exact bespoke classifier that "
        "gains are against, and evolves it (NSGA-II): constants, masks of products, columns cut from "
        "sums, dropped and saturated bits of activations and of the comparison of outputs are genes; "
        "rows that are wrong and the size of the circuit are what counts. Rows are split in three by "
        "class and seed: to learn from, to choose by, and to report on, by which nothing is chosen. A "
        "design loses at most X points if it does of the first and of the second; accuracies printed "
        "are of the third, losses row by row against the baseline, with intervals of 95 %. Prints the "
        "front and the smallest designs that lose at most 1, 2 and 5 points. Without a table, one of "
        "2000 rows is drawn. With --db, an evolution that was stopped (exit code 3) goes on, and a "
        "training that was finished is not done again; one that was stopped begins anew. No design "
        "within --power-max is a failure (exit code 1).",
    .examples = "  asx bespoke train\n"
                "  asx bespoke train cardio.csv --hidden 3 --db cardio.db -o cardio\n"
                "  asx bespoke check cardio/lost5.json cardio/x_test.csv \\\n"
                "    --classes cardio/y_test.csv\n",
    .max_arguments = OPTION_ARGUMENTS_MAX};

/* What the command line says. */
typedef struct wishes {
    const char *label, *header, *hidden, *split, *set, *objective;
    bespoke_options circuits;
    long long bits, evaluations, seed, threads;
    double power_max;
} wishes;

static const wishes usual = {.hidden = "3",
                             .split = "56:14:30",
                             .objective = "area",
                             .circuits = BESPOKE_OPTIONS_DEFAULT,
                             .bits = 4,
                             .evaluations = 300000,
                             .seed = 1};

static asx_status check_hidden(const char *text, asx_error *err)
{
    size_t hidden[ASX_BESPOKE_HIDDEN_MAX];
    return asx_bespoke_hidden_parse(hidden, text, err);
}

static asx_status check_split(const char *text, asx_error *err)
{
    double share[ASX_BESPOKE_N_PARTS];
    return asx_bespoke_split_parse(share, text, err);
}

/* Checked by option_parse, but for what none of the options can check alone. */
static asx_status ask(asx_bespoke_request *r, const wishes *w, const option_result *args,
                      asx_error *err)
{
    *r = asx_bespoke_request_default();
    r->file = args->argument;
    r->n_files = args->n_arguments;
    r->label = w->label;
    if (w->header)
        r->header = strcmp(w->header, "on") == 0 ? ASX_CSV_HEADER : ASX_CSV_NO_HEADER;
    r->bits = (unsigned)w->bits;
    r->evaluations = (uint64_t)w->evaluations;
    r->seed[0] = (uint64_t)w->seed;
    r->technology = w->circuits.technology;
    r->aim = strcmp(w->objective, "power") == 0 ? ASX_BESPOKE_POWER : ASX_BESPOKE_AREA;
    r->power_max_mw = w->power_max;
    asx_status status = asx_bespoke_hidden_parse(r->hidden, w->hidden, err);
    if (status == ASX_OK)
        status = asx_bespoke_split_parse(r->share, w->split, err);
    if (status == ASX_OK && w->set)
        status = settings_apply(&r->params, w->set, err);
    if (status == ASX_OK)
        status = bespoke_build(&r->build, &w->circuits, err);
    if (status == ASX_OK && asx_bespoke_request_check(r, err) != ASX_OK)
        status = asx_fail_context(err, ASX_EINVAL, "option '--evaluations'");
    return status;
}

static asx_status list(asx_error *err)
{
    static const table_column columns[] = PARAM_LIST_COLUMNS("option");
    table *t = NULL;
    asx_status status = table_new(&t, NULL, columns, err);
    if (status == ASX_OK) {
        param_list_add_all(t, "set", asx_bespoke_params);
        status = table_print(stdout, "table", &t, 1, err);
    }
    table_free(t);
    return status;
}

#define OPTION_OF_INTEGER(variable, word, least, most, about)                                      \
    {                                                                                              \
        .name = (word), .kind = OPTION_INTEGER, .target = (variable), .argument = "N",             \
        .low = (least), .high = (most), .help = (about)                                            \
    }

int bespoke_train(int argc, char **argv)
{
    bool parameters = false;
    wishes w = usual;
    bespoke_outputs to = {.look = LOOK_DEFAULT};
    const option options[] = {
        OPTION_OF_TEXT(
            &w.label, "label", "COLUMN",
            "the class: a name, or a position (default: label, class, target, else the last)"),
        OPTION_OF_CHOICE(&w.header, "header", "on|off",
                         "whether the first line names the columns (default: as it looks)"),
        OPTION_OF_CHECKED(&w.hidden, "hidden", "N[,M]", check_hidden,
                          "neurons of one hidden layer, or of two (default: 3)"),
        OPTION_OF_CHECKED(&w.split, "split", "L:C:R", check_split,
                          "shares of rows to learn from, choose by, report on (default: 56:14:30)"),
        OPTION_OF_INTEGER(&w.bits, "bits", 1, 8, "of every feature (default: 4)"),
        OPTION_OF_INTEGER(&w.evaluations, "evaluations", 4, 1e12,
                          "designs to look at (default: 300000)"),
        OPTION_OF_INTEGER(&w.seed, "seed", 0, 1e15,
                          "of the split, the training and the evolution (default: 1)"),
        OPTION_OF_TEXT(&w.set, "set", "'NAME=VALUE ...'", "parameters of training and evolution"),
        OPTION_OF_FLAG(&parameters, "parameters", "list those of '--set' with their ranges"),
        OPTION_OF_CHOICE(&w.objective, "objective", "area|power",
                         "what is to be small beside the points lost (default: area)"),
        {.name = "power-max",
         .kind = OPTION_NUMBER,
         .target = &w.power_max,
         .argument = "MW",
         .low = 1e-9,
         .high = 1e9,
         .help = "of the designs that are chosen, in mW: 30 is a printed battery (default: any)"},
        OPTION_OF_INTEGER(&w.threads, "threads", 1, 1024, "that work (default: all there are)"),
        OPTIONS_BESPOKE(w.circuits),
        OPTION_OF_TEXT(&to.database, "db", "FILE",
                       "keep the trained network and the evolution, to go on"),
        {OPTION_OUTPUT(&to.folder, "FOLDER",
                       "write the designs, the front, names, the rows to report on")},
        OPTION_OF_CHECKED(&to.plot.path, "plot", "FILE", option_check_picture,
                          "draw points lost over area: SVG, PNG or PDF, or the numbers as CSV"),
        OPTION_OF_FLAG(&to.look.all, "all",
                       "the whole front (default on a terminal: a dozen rows, spread over it)"),
        OPTION_OF_INTEGER(&to.look.limit, "limit", 1, 1e9,
                          "at most so many rows of the front, in any format"),
        OPTION_LOOK(to.look),
        {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    asx_error err = {0};
    asx_bespoke_request request;
    asx_status status = ask(&request, &w, &args, &err);
    if (status == ASX_OK && to.plot.path)
        status = asx_plot_format_from_path(&to.plot.format, to.plot.path, &err);
    if (status != ASX_OK && status != ASX_ENOMEM)
        return option_misused(&usage, "%s", err.message);
    if (status == ASX_OK)
        status = parameters ? list(&err) : bespoke_evolve(&request, &to, (size_t)w.threads, &err);
    return cmd_end(status, &err);
}
