/* asx hv, nondominated, epsilon, igd: quality indicators on plain point files. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "dse/indicator.h"
#include "dse/memory.h"
#include "dse/pareto.h"
#include "option.h"
#include "points_file.h"
#include "table.h"

#define ABOUT_FILES                                                                                \
    "Files hold one point per line, numbers separated by blanks; '#' begins a comment, a blank "   \
    "line ends a set. '-' is standard input. All objectives are minimised."

/* ---- asx hv ---- */

static const table_column hv_columns[] = {{"set", TABLE_INTEGER, 0},
                                          {"points", TABLE_INTEGER, 0},
                                          {"hypervolume", TABLE_NUMBER, 9},
                                          {"reference", TABLE_TEXT, 0},
                                          {0}};

/* "1.1 1.1" or "1.1,1.1". */
static asx_status parse_reference(double *out, const char *text, size_t n_dims, asx_error *err)
{
    size_t n = 0;
    for (const char *p = text; *(p += strspn(p, " ,"));) {
        char *end;
        const double value = strtod(p, &end);
        if (end == p || !isfinite(value) || !strchr(" ,", *end))
            return asx_fail(err, ASX_EPARSE, "--reference: '%s' is not a list of numbers", text);
        if (n < n_dims)
            out[n] = value;
        n++;
        p = end;
    }
    if (n != n_dims)
        return asx_fail(err, ASX_EINVAL, "--reference: %zu numbers for points of %zu", n, n_dims);
    return ASX_OK;
}

static asx_status run_hv(const char *path, const char *reference, const char *print, asx_error *err)
{
    points_file points = {0};
    table *t = NULL;
    double ref[ASX_PARETO_DIMS_MAX];
    asx_status status = points_file_read(&points, path, err);
    if (status == ASX_OK && points.n_dims > ASX_HYPERVOLUME_DIMS_MAX)
        status = asx_fail(err, ASX_EUNSUPPORTED, "%s: points of %zu numbers, not 1 to %d", path,
                          points.n_dims, (int)ASX_HYPERVOLUME_DIMS_MAX);
    if (status == ASX_OK)
        status = parse_reference(ref, reference, points.n_dims, err);
    if (status == ASX_OK)
        status = table_new(&t, NULL, hv_columns, err);
    for (size_t set = 0; status == ASX_OK && set < points.n_sets; set++) {
        size_t n;
        double volume = 0;
        const double *row = points_file_set(&points, set, &n);
        status = asx_pareto_hypervolume(&volume, row, n, points.n_dims, ref, err);
        table_integer(t, (long long)set + 1);
        table_integer(t, (long long)n);
        table_number(t, volume);
        table_text(t, reference);
    }
    if (status == ASX_OK)
        status = table_print(stdout, print, &t, 1, err);
    table_free(t);
    points_file_fini(&points);
    return status;
}

int cmd_hv(int argc, char **argv)
{
    static const option_usage usage = {
        .synopsis = "hv FILE --reference NUMBERS [--format table|csv|json]",
        .about = "Hypervolume of every set of points: the volume that it dominates below the "
                 "reference point. " ABOUT_FILES,
        .examples = "  asx hv front.txt --reference '1.1 1.1'\n",
        .min_arguments = 1,
        .max_arguments = 1};
    const char *reference = NULL, *print = "table";
    const option options[] = {{.name = "reference",
                               .kind = OPTION_TEXT,
                               .target = &reference,
                               .argument = "NUMBERS",
                               .check = check_numbers,
                               .help = "the reference point; there is no default",
                               .required = true},
                              OPTION_FORMAT(&print),
                              {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    asx_error err = {0};
    return cmd_end(run_hv(args.argument[0], reference, print, &err), &err);
}

/* ---- asx nondominated ---- */

static asx_status print_set(const double *row, size_t n, size_t d, bool ranks, asx_error *err)
{
    size_t *number = asx_array_new(n, sizeof *number), n_front = n;
    if (!number)
        return asx_fail(err, ASX_ENOMEM, "no memory for ranks");
    const asx_status status = ranks ? asx_pareto_ranks(number, row, NULL, n, d, err)
                                    : asx_pareto_front(number, &n_front, row, NULL, n, d, err);
    for (size_t i = 0; status == ASX_OK && i < n_front; i++) {
        const double *x = row + (ranks ? i : number[i]) * d;
        for (size_t j = 0; j < d; j++)
            printf("%s%.17g", j ? " " : "", x[j]);
        if (ranks)
            printf(" %zu", number[i]);
        printf("\n");
    }
    free(number);
    return status;
}

int cmd_nondominated(int argc, char **argv)
{
    static const option_usage usage = {
        .synopsis = "nondominated FILE [--ranks]",
        .about = "Prints the points of every set that no other point of it dominates. Equal points "
                 "stay together. " ABOUT_FILES,
        .examples = "  asx nondominated points.txt > front.txt\n",
        .min_arguments = 1,
        .max_arguments = 1};
    bool ranks = false;
    const option options[] = {
        {.name = "ranks",
         .kind = OPTION_FLAG,
         .target = &ranks,
         .help = "print all points, each with its rank: 0 for the front, 1 for the front of the "
                 "others, ..."},
        {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    asx_error err = {0};
    points_file points = {0};
    asx_status status = points_file_read(&points, args.argument[0], &err);
    for (size_t set = 0; status == ASX_OK && set < points.n_sets; set++) {
        size_t n;
        const double *row = points_file_set(&points, set, &n);
        if (set > 0)
            printf("\n");
        status = print_set(row, n, points.n_dims, ranks, &err);
    }
    points_file_fini(&points);
    return status == ASX_OK ? cmd_end_text() : cmd_end(status, &err);
}

/* ---- asx epsilon, asx igd: every set of a file against the points of another ---- */

typedef asx_status indicator(double *out, const double *set, size_t n, const double *other,
                             size_t n_other, size_t n_dims, asx_error *err);

typedef struct comparison {
    indicator *first, *second; /* second may be NULL */
    const table_column *columns;
    const option_usage *usage;
} comparison;

static asx_status compare(const comparison *c, const char *path, const char *other_path,
                          const char *print, asx_error *err)
{
    points_file points = {0}, other = {0};
    table *t = NULL;
    asx_status status = points_file_read(&points, path, err);
    if (status == ASX_OK)
        status = points_file_read(&other, other_path, err);
    if (status == ASX_OK && points.n_dims != other.n_dims)
        status = asx_fail(err, ASX_EINVAL, "%s: points of %zu numbers, in '%s' %zu", other_path,
                          other.n_dims, path, points.n_dims);
    if (status == ASX_OK)
        status = table_new(&t, NULL, c->columns, err);
    for (size_t set = 0; status == ASX_OK && set < points.n_sets; set++) {
        size_t n;
        double value = 0;
        const double *row = points_file_set(&points, set, &n);
        table_integer(t, (long long)set + 1);
        table_integer(t, (long long)n);
        status = c->first(&value, row, n, other.value, other.n, other.n_dims, err);
        table_number(t, value);
        if (status == ASX_OK && c->second) {
            status = c->second(&value, row, n, other.value, other.n, other.n_dims, err);
            table_number(t, value);
        }
    }
    if (status == ASX_OK)
        status = table_print(stdout, print, &t, 1, err);
    table_free(t);
    points_file_fini(&points);
    points_file_fini(&other);
    return status;
}

static int run_comparison(const comparison *c, int argc, char **argv)
{
    const char *print = "table";
    const option options[] = {OPTION_FORMAT(&print), {0}};
    const option_result args = option_parse(argc, argv, options, c->usage);
    if (args.done)
        return args.exit_code;
    asx_error err = {0};
    return cmd_end(compare(c, args.argument[0], args.argument[1], print, &err), &err);
}

int cmd_epsilon(int argc, char **argv)
{
    static const table_column columns[] = {{"set", TABLE_INTEGER, 0},
                                           {"points", TABLE_INTEGER, 0},
                                           {"additive_epsilon", TABLE_NUMBER, 9},
                                           {"coverage", TABLE_NUMBER, 4},
                                           {0}};
    static const option_usage usage = {
        .synopsis = "epsilon FILE OTHER [--format table|csv|json]",
        .about = "Additive epsilon of every set in FILE against all points of OTHER: by how much "
                 "it must improve in every objective to weakly dominate them; and its coverage: "
                 "the share of OTHER that it weakly dominates. " ABOUT_FILES,
        .examples = "  asx epsilon found.txt true.txt\n",
        .min_arguments = 2,
        .max_arguments = 2};
    return run_comparison(
        &(comparison){asx_indicator_epsilon, asx_indicator_coverage, columns, &usage}, argc, argv);
}

int cmd_igd(int argc, char **argv)
{
    static const table_column columns[] = {{"set", TABLE_INTEGER, 0},
                                           {"points", TABLE_INTEGER, 0},
                                           {"igd_plus", TABLE_NUMBER, 9},
                                           {0}};
    static const option_usage usage = {
        .synopsis = "igd FILE REFERENCE [--format table|csv|json]",
        .about = "IGD+ of every set in FILE: the mean distance from a point of REFERENCE to the "
                 "set, counting only what is worse. " ABOUT_FILES,
        .examples = "  asx igd found.txt true.txt\n",
        .min_arguments = 2,
        .max_arguments = 2};
    return run_comparison(&(comparison){asx_indicator_igd_plus, NULL, columns, &usage}, argc, argv);
}
