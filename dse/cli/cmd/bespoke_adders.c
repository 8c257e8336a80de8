/* asx bespoke adders: constant matrices as adders, one, or a table of them beside what other solvers found. */
#include <float.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bespoke_verbs.h"
#include "cmd.h"
#include "dse/csv.h"
#include "dse/file.h"
#include "dse/memory.h"
#include "dse/number.h"
#include "hwmodel/adders.h"
#include "look_options.h"
#include "progress.h"

static const option_usage usage = {
    .synopsis = "bespoke adders MATRIX.csv | --check TABLE.csv FOLDER",
    .about =
        "Computes y = W x by two-input adders and subtractors; shifts are wires, and a negated output "
        "counts nothing. The matrix is a CSV of whole numbers, a row an output. Prints adders, their "
        "depth and those without sharing (canonical signed digits). The graph is compared with the "
        "matrix in integers. The time of an attempt grows with the cube of the side: 0.5 s for 64 x 64 "
        "of 8 bits, 7 s for 128 x 128, 82 s for 256 x 256. With --check: all matrices of a table, by "
        "its column 'matrix' as FOLDER/NAME.csv, against the least of its columns '..._adders'.",
    .examples = "  asx bespoke adders weights.csv\n"
                "  asx bespoke adders weights.csv --depth 5\n"
                "  asx bespoke adders --check cmvm_adders.csv matrices\n",
    .min_arguments = 1,
    .max_arguments = 1};

static const table_column columns[] = {
    {"matrix", TABLE_TEXT, 0},       {"outputs", TABLE_INTEGER, 0},
    {"inputs", TABLE_INTEGER, 0},    {"csd_adders", TABLE_INTEGER, 0},
    {"published", TABLE_INTEGER, 0}, {"adders", TABLE_INTEGER, 0},
    {"percent", TABLE_NUMBER, 2},    {"depth", TABLE_INTEGER, 0},
    {"seconds", TABLE_NUMBER, 2},    {0}};

typedef struct request {
    asx_adder_options how;
    table *t;
    double percent; /* summed */
    size_t n, judged,
        more; /* matrices, those of which a number is published, and which need more */
} request;

/* Whether the first row names the columns: none of its cells is a number. */
static bool has_names(const asx_csv *csv)
{
    asx_error ignored = {0};
    double value;
    for (size_t c = 0; c < asx_csv_columns(csv); c++)
        if (asx_number_parse(&value, asx_csv_cell(csv, 0, c), -DBL_MAX, DBL_MAX, "", &ignored) ==
            ASX_OK)
            return false;
    return true;
}

static asx_status get_matrix(int32_t *w, const asx_csv *csv, size_t first, asx_error *err)
{
    const size_t inputs = asx_csv_columns(csv), n = (asx_csv_rows(csv) - first) * inputs;
    asx_status status = ASX_OK;
    for (size_t k = 0; k < n && status == ASX_OK; k++) {
        int64_t value = 0;
        status = asx_csv_whole(&value, csv, first + k / inputs, k % inputs, -ASX_ADDERS_WEIGHT_MAX,
                               ASX_ADDERS_WEIGHT_MAX, err);
        w[k] = (int32_t)value;
    }
    return status;
}

static asx_status read_matrix(int32_t **out, size_t *rows, size_t *inputs, const char *path,
                              asx_error *err)
{
    const asx_csv_layout layout = {.separator = '?', .header = ASX_CSV_NO_HEADER};
    asx_csv *csv = NULL;
    char *text = NULL;
    int32_t *w = NULL;
    size_t n = 0, first = 0;
    asx_status status = asx_file_read(&text, &n, path, ASX_CSV_BYTES_MAX, err);
    if (status == ASX_OK)
        status = asx_csv_parse_as(&csv, path, text, n, &layout, err);
    if (status == ASX_OK) {
        first = has_names(csv);
        *rows = asx_csv_rows(csv) - first;
        *inputs = asx_csv_columns(csv);
        if (*rows == 0)
            status = asx_fail(err, ASX_EPARSE, "%s: no rows of numbers", path);
        else if (!(w = asx_array_new(*rows * *inputs, sizeof *w)))
            status = asx_fail(err, ASX_ENOMEM, "no memory for '%s'", path);
    }
    if (status == ASX_OK)
        status = get_matrix(w, csv, first, err);
    asx_csv_free(csv);
    free(text);
    if (status == ASX_OK)
        *out = w;
    else
        free(w);
    return status;
}

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* @param published  0: not known */
static asx_status add_matrix(request *r, const char *name, const char *path, size_t published,
                             asx_error *err)
{
    int32_t *w = NULL;
    size_t rows = 0, inputs = 0;
    unsigned depth = 0;
    asx_adder_graph *g = NULL;
    asx_status status = read_matrix(&w, &rows, &inputs, path, err);
    const double start = now_s();
    if (status == ASX_OK) {
        status = asx_adder_graph_new(&g, w, rows, inputs, &r->how, err);
        if (status != ASX_OK)
            status = asx_fail_context(err, status, "%s", path);
    }
    const double seconds = now_s() - start;
    if (status == ASX_OK)
        status = asx_adder_graph_depth(&depth, g, err);
    if (status == ASX_OK && g->cut)
        look_say(
            "%s: an attempt was cut short, of what it had not shared yet digits are added one by one; "
            "more '--effort' shares more",
            name);
    if (status == ASX_OK) {
        const double percent = published ? 100 * ((double)g->n / (double)published - 1) : 0;
        table_text(r->t, name);
        table_integer(r->t, (long long)rows);
        table_integer(r->t, (long long)inputs);
        table_integer(r->t, (long long)asx_adders_of_digits(w, rows, inputs));
        if (published)
            table_integer(r->t, (long long)published);
        else
            table_text(r->t, NULL);
        table_integer(r->t, (long long)g->n);
        if (published)
            table_number(r->t, percent);
        else
            table_text(r->t, NULL);
        table_integer(r->t, depth);
        table_number(r->t, seconds);
        r->n++;
        r->percent += percent;
        r->judged += published > 0;
        r->more += published && g->n > published;
    }
    asx_adder_graph_free(g);
    free(w);
    return status;
}

static bool is_published(const char *name)
{
    const size_t n = strlen(name), k = strlen("_adders");
    return n > k && strcmp(name + n - k, "_adders") == 0 && strcmp(name, "naive_csd_adders") != 0;
}

/* The least of the published numbers of a row; 0: there are none. */
static asx_status least(size_t *out, const asx_csv *csv, size_t row, asx_error *err)
{
    asx_status status = ASX_OK;
    *out = 0;
    for (size_t c = 0; c < asx_csv_columns(csv) && status == ASX_OK; c++) {
        double value = 0;
        if (!is_published(asx_csv_header(csv, c)) || !*asx_csv_cell(csv, row, c))
            continue;
        status = asx_csv_number(&value, csv, row, c, 0, 1e9, err);
        if (*out == 0 || (size_t)value < *out)
            *out = (size_t)value;
    }
    return status;
}

static asx_status check_table(request *r, const char *table_path, const char *folder,
                              asx_error *err)
{
    asx_csv *csv = NULL;
    size_t column = 0;
    asx_status status = asx_csv_load(&csv, table_path, err);
    if (status == ASX_OK)
        status = asx_csv_find(&column, csv, "matrix", err);
    for (size_t i = 0; status == ASX_OK && i < asx_csv_rows(csv); i++) {
        const char *name = asx_csv_cell(csv, i, column);
        asx_text path = {0};
        size_t published = 0;
        asx_text_add(&path, "%s/%s.csv", folder, name);
        status = path.failed ? asx_fail(err, ASX_ENOMEM, "no memory for the name of a file")
                             : least(&published, csv, i, err);
        if (status == ASX_OK)
            status = add_matrix(r, name, path.s, published, err);
        asx_text_fini(&path);
    }
    asx_csv_free(csv);
    return status;
}

/* Over those that there is a number for. */
static void say_mean(const request *r)
{
    if (r->judged == 0)
        look_say("%zu matrices, nothing is published of any", r->n);
    else if (r->judged < r->n)
        look_say("%zu matrices, of %zu a number is published: %+.2f %% adders on average, %zu with "
                 "more than published",
                 r->n, r->judged, r->percent / (double)r->judged, r->more);
    else
        look_say("%zu matrices: %+.2f %% adders on average, %zu with more than published", r->n,
                 r->percent / (double)r->n, r->more);
}

int bespoke_adders(int argc, char **argv)
{
    const char *check = NULL;
    long long depth = 0, effort = ASX_ADDERS_EFFORT, seed = 1;
    look l = LOOK_DEFAULT;
    const option options[] = {
        OPTION_OF_TEXT(&check, "check", "TABLE.csv", "matrices and what others found for them"),
        {.name = "depth",
         .kind = OPTION_INTEGER,
         .target = &depth,
         .argument = "N",
         .low = 0,
         .high = ASX_ADDERS_DEPTH_MAX,
         .help = "adders in a row at most (default: 0, any number)"},
        {.name = "effort",
         .kind = OPTION_INTEGER,
         .target = &effort,
         .argument = "N",
         .low = 0,
         .high = 1e12,
         .help =
             "steps of all attempts until no new one begins, some 100 ns each; an attempt of four "
             "times as many is cut short (default: 10000000, some seconds; 0: one attempt, however "
             "long)"},
        {.name = "seed",
         .kind = OPTION_INTEGER,
         .target = &seed,
         .argument = "N",
         .low = 0,
         .high = 1e9,
         .help = "of ties (default: 1)"},
        OPTION_LOOK(l),
        {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    asx_error err = {0};
    request r = {
        .how = {.depth = (unsigned)depth, .effort = (size_t)effort, .seed = (uint64_t)seed}};
    progress_line line;
    const asx_watcher watcher = progress_watch(&line);
    r.how.stop = watcher.stop;
    r.how.stop_state = watcher.state;
    asx_status status = table_new(&r.t, NULL, columns, &err);
    if (status == ASX_OK)
        table_for_people(r.t, check ? "outputs inputs seconds" : "matrix published percent", NULL);
    if (status == ASX_OK)
        status = check ? check_table(&r, check, args.argument[0], &err)
                       : add_matrix(&r, args.argument[0], args.argument[0], 0, &err);
    if (status == ASX_OK)
        status = look_print(&l, &r.t, 1, &err);
    if (status == ASX_OK && check)
        say_mean(&r);
    table_free(r.t);
    return cmd_end(status, &err);
}
