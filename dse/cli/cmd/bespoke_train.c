/* asx bespoke train: from a table to a front of wired classifiers. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bespoke_found.h"
#include "bespoke_options.h"
#include "bespoke_verbs.h"
#include "cmd.h"
#include "dse/number.h"
#include "dse/output.h"
#include "dse/output_folder.h"
#include "look_options.h"
#include "option.h"
#include "param_list.h"
#include "picture_options.h"
#include "progress.h"
#include "settings.h"

enum { DRAWN_ROWS = 2000 };

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
    const char *label, *hidden, *split, *set, *database, *folder;
    bespoke_options circuits;
    look look;
    long long bits, evaluations, seed, threads;
    double power_max;
    asx_plot_options plot;
} wishes;

/* "3" or "5,4": whole numbers from 1 to 4096. */
static asx_status read_hidden(size_t hidden[2], const char *text, asx_error *err)
{
    hidden[0] = hidden[1] = 0;
    for (int i = 0; i < 2 && *text; i++) {
        char part[16];
        double n;
        const size_t length = strcspn(text, ",");
        if (length == 0 || length >= sizeof part)
            break;
        memcpy(part, text, length);
        part[length] = '\0';
        const asx_status status = asx_number_parse(&n, part, 1, 4096, "neurons", err);
        if (status != ASX_OK)
            return status;
        hidden[i] = (size_t)n;
        text += length + (text[length] == ',' && text[length + 1]);
        if (hidden[i] < 1 || (double)hidden[i] < n || n < (double)hidden[i])
            break;
        if (!*text)
            return ASX_OK;
    }
    return asx_fail(err, ASX_EPARSE, "hidden layers are '3' or '5,4': one or two whole numbers");
}

static asx_status check_hidden(const char *text, asx_error *err)
{
    size_t hidden[2];
    return read_hidden(hidden, text, err);
}

/* "56:14:30". */
static asx_status read_split(double share[ASX_BESPOKE_N_PARTS], const char *text, asx_error *err)
{
    const char *const whole = text;
    double sum = 0;
    for (int p = 0; p < ASX_BESPOKE_N_PARTS; p++) {
        char *end = NULL;
        share[p] = strtod(text, &end);
        const char wanted = p + 1 < ASX_BESPOKE_N_PARTS ? ':' : '\0';
        if (end == text || *end != wanted || !(share[p] > 0 && share[p] < 1e6))
            return asx_fail(
                err, ASX_EPARSE,
                "'%.64s' is no split like '56:14:30': three shares above 0 and below 1000000, of rows to "
                "learn from, to choose by, to report on",
                whole);
        sum += share[p];
        text = end + 1;
    }
    for (int p = 0; p < ASX_BESPOKE_N_PARTS; p++)
        share[p] /= sum;
    return ASX_OK;
}

static asx_status check_split(const char *text, asx_error *err)
{
    double share[ASX_BESPOKE_N_PARTS];
    return read_split(share, text, err);
}

static asx_status load(asx_bespoke_table **out, bespoke_names *names, const option_result *args,
                       const wishes *w, asx_error *err)
{
    const asx_dataset_spec spec = {.format = ASX_DATA_CSV,
                                   .file = args->argument,
                                   .n_files = args->n_arguments,
                                   .scale = 1,
                                   .label_column = w->label};
    asx_dataset *data = NULL;
    asx_bespoke_split split = {.seed = (uint64_t)w->seed, .bits = (unsigned)w->bits};
    asx_status status = read_split(split.share, w->split, err);
    if (status == ASX_OK)
        status = args->n_arguments > 0
                     ? asx_dataset_load(&data, &spec, err)
                     : asx_bespoke_draw(&data, DRAWN_ROWS, (uint64_t)w->seed, err);
    if (status == ASX_OK)
        status = asx_bespoke_table_new(out, data, &split, err);
    if (status != ASX_OK && data && args->n_arguments > 0)
        asx_fail_context(err, status, "%s", args->argument[0]);
    if (status == ASX_OK && args->n_arguments > 0)
        return bespoke_names_init(names, data, *out, err);
    asx_dataset_free(data);
    return status;
}

static asx_status apply(asx_bespoke_plan *plan, const wishes *w, asx_error *err)
{
    asx_params params;
    asx_params_init(&params, asx_bespoke_params);
    asx_status status = w->set ? settings_apply(&params, w->set, err) : ASX_OK;
    if (status == ASX_OK)
        status = read_hidden(plan->training.hidden, w->hidden, err);
    if (status == ASX_OK)
        status = bespoke_build(&plan->build, &w->circuits, err);
    if (status == ASX_OK)
        asx_bespoke_plan_set(plan, &params);
    return status;
}

static asx_bespoke_plan make_plan(const wishes *w)
{
    asx_bespoke_plan p = {.evaluations = (uint64_t)w->evaluations,
                          .seed = (uint64_t)w->seed,
                          .threads = (size_t)w->threads,
                          .power_max_mw = w->power_max,
                          .database = w->database};
    p.training.seed = p.seed;
    return p;
}

static asx_status print(const asx_bespoke_result *r, const asx_bespoke_table *data,
                        const bespoke_names *names, const wishes *w, asx_error *err)
{
    table *tables[BESPOKE_TABLES] = {0};
    asx_status status = bespoke_tables(tables, r, data, look_rows(&w->look, r->n), err);
    if (status == ASX_OK && w->folder)
        status = bespoke_write(w->folder, r, data, names, err);
    if (status == ASX_OK && w->plot.path)
        status = bespoke_plot(&w->plot, r, err);
    if (status == ASX_OK)
        status = look_print(&w->look, tables, BESPOKE_TABLES, err);
    if (status == ASX_OK)
        bespoke_names_say(names, data);
    for (int i = 0; i < BESPOKE_TABLES; i++)
        table_free(tables[i]);
    return status;
}

/* Whether the limits leave a design; if not, what comes closest. */
static asx_status check_chosen(const asx_bespoke_result *r, double power_max, asx_error *err)
{
    const double loss = asx_bespoke_loss[ASX_BESPOKE_LOSSES - 1];
    double least = INFINITY;
    for (size_t i = 0; i < r->n; i++)
        if (r->front[i].lost <= loss)
            least = fmin(least, r->front[i].price.power_mw);
    if (power_max <= 0 || least <= power_max)
        return ASX_OK;
    return least < INFINITY
               ? asx_fail(err, ASX_ENOTFOUND,
                          "no design loses at most %g points and needs at most %g mW "
                          "(--power-max); the least is %.3g mW",
                          loss, power_max, least)
               : asx_fail(err, ASX_ENOTFOUND, "no design loses at most %g points", loss);
}

/* What would be refused at the end is refused before the work. */
static asx_status check_outputs(const wishes *w, asx_error *err)
{
    const asx_kept_file keep[] = {{"the database", w->database ? w->database : ""}, {0}};
    asx_output_folder *folder = NULL;
    asx_status status = w->folder ? asx_output_folder_open(&folder, w->folder, err) : ASX_OK;
    asx_output_folder_free(folder);
    if (status == ASX_OK && w->plot.path)
        status = asx_output_check(w->plot.path, keep, err);
    return status;
}

/* The command that gives the same again: what has no effect on the front and on what is chosen is left out. */
static asx_status describe(asx_text *about, const option_result *args, const wishes *w,
                           const asx_bespoke_plan *plan, asx_error *err)
{
    const char *sharing = asx_bespoke_sharing_text(plan->build.sharing);
    asx_text_add(about, "asx bespoke train");
    for (size_t i = 0; i < args->n_arguments; i++)
        asx_text_add_word(about, args->argument[i]);
    asx_text_add(about, " --hidden %s --bits %lld --split %s --seed %lld --evaluations %lld",
                 w->hidden, w->bits, w->split, w->seed, w->evaluations);
    const char *const text[][2] = {{"label", w->label},
                                   {"set", w->set},
                                   {"technology", w->circuits.technology},
                                   {"sharing", sharing}};
    for (size_t i = 0; i < sizeof text / sizeof *text; i++)
        if (text[i][1]) {
            asx_text_add(about, " --%s", text[i][0]);
            asx_text_add_word(about, text[i][1]);
        }
    if (w->circuits.as_published)
        asx_text_add(about, " --as-published");
    if (w->power_max > 0)
        asx_text_add(about, " --power-max %.12g", w->power_max);
    return about->failed ? asx_fail(err, ASX_ENOMEM, "no memory for what the run is about")
                         : ASX_OK;
}

static asx_status run(const option_result *args, const wishes *w, asx_error *err)
{
    asx_text about = {0};
    asx_bespoke_table *data = NULL;
    bespoke_names names = {0};
    asx_bespoke_plan plan = make_plan(w);
    asx_bespoke_result result = {0};
    asx_cell_library *library = NULL;
    progress_line line;
    asx_status status = check_outputs(w, err);
    if (status == ASX_OK)
        status = asx_cell_library_load(&library, w->circuits.technology, err);
    if (status == ASX_OK)
        status = load(&data, &names, args, w, err);
    if (status == ASX_OK)
        status = apply(&plan, w, err);
    if (status == ASX_OK)
        status = describe(&about, args, w, &plan, err);
    if (status == ASX_OK) {
        const asx_watcher watcher = progress_watch(&line);
        plan.about = about.s;
        plan.table = data;
        plan.library = library;
        plan.watcher = &watcher;
        status = asx_bespoke_run_plan(&result, &plan, err);
        progress_end(&line);
    }
    if (status == ASX_OK)
        status = print(&result, data, &names, w, err);
    if (status == ASX_OK)
        status = check_chosen(&result, w->power_max, err);
    asx_bespoke_result_fini(&result);
    asx_bespoke_table_free(data);
    bespoke_names_fini(&names);
    asx_cell_library_free(library);
    asx_text_fini(&about);
    return status;
}

/* Options that none of their own can check. */
static asx_status check(wishes *w, asx_error *err)
{
    asx_bespoke_plan plan = make_plan(w);
    asx_status status = apply(&plan, w, err);
    if (status == ASX_OK && w->plot.path)
        status = asx_plot_format_from_path(&w->plot.format, w->plot.path, err);
    return status == ASX_OK && plan.evaluations < plan.population
               ? asx_fail(err, ASX_EINVAL, "'--evaluations' %lld: fewer than the population of %zu",
                          w->evaluations, plan.population)
               : status;
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
    wishes w = {.hidden = "3",
                .split = "56:14:30",
                .circuits = BESPOKE_OPTIONS_DEFAULT,
                .look = LOOK_DEFAULT,
                .bits = 4,
                .evaluations = 300000,
                .seed = 1};
    const option options[] = {
        OPTION_OF_TEXT(
            &w.label, "label", "COLUMN",
            "the class: a name, or a position (default: label, class, target, else the last)"),
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
        {.name = "power-max",
         .kind = OPTION_NUMBER,
         .target = &w.power_max,
         .argument = "MW",
         .low = 1e-9,
         .high = 1e9,
         .help = "of the designs that are chosen: 30 is a printed battery (default: any)"},
        OPTION_OF_INTEGER(&w.threads, "threads", 1, 1024, "that work (default: all there are)"),
        OPTIONS_BESPOKE(w.circuits),
        OPTION_OF_TEXT(&w.database, "db", "FILE",
                       "keep the trained network and the evolution, to go on"),
        {OPTION_OUTPUT(&w.folder, "FOLDER",
                       "write the designs, the front, names, the rows to report on")},
        OPTION_OF_CHECKED(&w.plot.path, "plot", "FILE", option_check_picture,
                          "draw points lost over area: SVG, PNG or PDF, or the numbers as CSV"),
        OPTION_OF_FLAG(&w.look.all, "all",
                       "the whole front (default on a terminal: a dozen rows, spread over it)"),
        OPTION_OF_INTEGER(&w.look.limit, "limit", 1, 1e9,
                          "at most so many rows of the front, in any format"),
        OPTION_LOOK(w.look),
        {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    asx_error err = {0};
    asx_status status = check(&w, &err);
    if (status != ASX_OK && status != ASX_ENOMEM)
        return option_misused(&usage, "%s", err.message);
    if (status == ASX_OK)
        status = parameters ? list(&err) : run(&args, &w, &err);
    return cmd_end(status, &err);
}
