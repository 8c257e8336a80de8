/* asx export: every evaluation of a campaign with every field, for other programs. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cite.h"
#include "cmd.h"
#include "dse/output.h"
#include "figure.h"
#include "front_table.h"
#include "kept.h"
#include "latex.h"
#include "option.h"
#include "results/front.h"
#include "results/query.h"
#include "results/record.h"
#include "results/score.h"
#include "rows_table.h"

static const option_usage usage = {
    .synopsis =
        "export DB [-o FILE] [--format csv|json|latex|points|bibtex] [--data-for FIGURE] ...",
    .about =
        "Writes every evaluation of a campaign with all its fields, all digits. --parts adds "
        "energy and area by part of the machine. latex is the front as a table of a paper (booktabs), with intervals and a caption; points "
        "is the front as the plain lines that hypervolume programs read: one design per line, "
        "the campaign's objectives, blanks between; bibtex is what to cite: the version of asx, the method, and the "
        "publications that the technology's prices come from. --data-for writes the numbers that 'asx plot DB "
        "FIGURE' draws, as CSV (as 'asx plot DB FIGURE -o FILE.csv' does); what the columns are says "
        "results/README.md. Fields are those of asx query; the tables of "
        "the database explain themselves: sqlite3 DB .schema",
    .examples = "  asx export resnet20-cifar10.db -o all.csv\n"
                "  asx export resnet20-cifar10.db --data-for breakdown -o breakdown.csv\n"
                "  asx export resnet20-cifar10.db --format json --where \"drop < 1\"\n",
    .min_arguments = 1,
    .max_arguments = 1};

static asx_status print_to(const char *path, const char *format, table *t, asx_error *err)
{
    asx_output *output = NULL;
    asx_status status = asx_output_open(&output, path, NULL, err);
    if (status == ASX_OK)
        status = table_print(asx_output_stream(output), format, &t, 1, err);
    if (status == ASX_OK)
        status = asx_output_commit(output, err);
    asx_output_free(output);
    return status;
}

static asx_status run(const char *path, const char *campaign, asx_query *query, const char *out,
                      const char *format, asx_error *err)
{
    asx_store *store = NULL;
    asx_rows rows = {0};
    asx_limits limits;
    asx_score score;
    table *t = NULL;
    asx_status status = kept_by_database(out, path, err);
    if (status == ASX_OK)
        status = asx_store_open(&store, path, ASX_STORE_READ, err);
    if (status == ASX_OK)
        status = asx_record_find(&query->campaign, store, campaign, err);
    if (status == ASX_OK)
        status = asx_query_rows(&rows, store, query, err);
    if (status == ASX_OK)
        status = asx_record_read_limits(&limits, store, query->campaign, err);
    if (status == ASX_OK)
        status = asx_score_read(&score, store, query->campaign, err);
    if (status == ASX_OK)
        status = rows_table(&t, NULL, &rows, query->parts ? ROWS_PARTS : ROWS_FULL, &limits, &score,
                            err);
    if (status == ASX_OK)
        status = out ? print_to(out, format, t, err) : table_print(stdout, format, &t, 1, err);
    table_free(t);
    asx_rows_fini(&rows);
    asx_store_free(store);
    return status;
}

static void add_points(asx_text *out, const asx_front *f)
{
    asx_text_add(out, "#");
    for (size_t j = 0; j < f->n_objectives; j++)
        asx_text_add(out, " %s", asx_objective_field(f->objective[j]));
    asx_text_add(out, "\n");
    for (size_t i = 0; i < f->n; i++)
        for (size_t j = 0; j < f->n_objectives; j++)
            asx_text_add(
                out, "%.17g%s",
                asx_evaluation_objective(&f->rows.row[f->index[i]].evaluation, f->objective[j]),
                j + 1 < f->n_objectives ? " " : "\n");
}

static asx_status print_text(const asx_text *text, const char *out, asx_error *err)
{
    if (text->failed)
        return asx_fail(err, ASX_ENOMEM, "no memory for the output");
    if (out)
        return asx_output_write(out, text->s, text->n, NULL, err);
    const bool written = fwrite(text->s, 1, text->n, stdout) == text->n && fflush(stdout) == 0;
    return written ? ASX_OK : asx_fail(err, ASX_EIO, "cannot write 'stdout': %s", strerror(errno));
}

static asx_status run_front(const char *path, const asx_front_options *options, const char *out,
                            bool latex, asx_error *err)
{
    asx_store *store = NULL;
    asx_front f = {0};
    asx_text text = {0};
    asx_status status = kept_by_database(out, path, err);
    if (status == ASX_OK)
        status = asx_store_open(&store, path, ASX_STORE_READ, err);
    if (status == ASX_OK)
        status = asx_front_load(&f, store, options, err);
    if (status == ASX_OK && f.n == 0)
        status = front_fail_empty(err, path, options);
    if (status == ASX_OK) {
        if (latex)
            latex_front_add(&text, &f, options->where);
        else
            add_points(&text, &f);
        status = print_text(&text, out, err);
    }
    asx_text_fini(&text);
    asx_front_fini(&f);
    asx_store_free(store);
    return status;
}

/* What a campaign used: version, method, technology. */
static asx_status run_bibtex(const char *path, const char *campaign, const char *out,
                             asx_error *err)
{
    asx_store *store = NULL;
    asx_record record = {0};
    asx_workload work = {0};
    asx_technology *technology = NULL;
    asx_text text = {0};
    int64_t id = 0;
    asx_status status = kept_by_database(out, path, err);
    if (status == ASX_OK)
        status = asx_store_open(&store, path, ASX_STORE_READ, err);
    if (status == ASX_OK)
        status = asx_record_find(&id, store, campaign, err);
    if (status == ASX_OK)
        status = asx_record_read(&record, &work, store, id, err);
    if (status == ASX_OK)
        status = asx_technology_parse(&technology, record.technology, record.technology_text,
                                      strlen(record.technology_text), err);
    if (status == ASX_OK) {
        cite_program(&text, record.version);
        cite_technology(&text, technology);
        status = print_text(&text, out, err);
    }
    asx_text_fini(&text);
    asx_technology_free(technology);
    asx_workload_fini(&work);
    asx_record_fini(&record);
    asx_store_free(store);
    return status;
}

/* The numbers of a picture. */
static int export_figure(const char *name, const char *db, const asx_front_options *which,
                         const char *out)
{
    asx_error err = {0};
    figure f = {.db = db,
                .kind = figure_find(name, &err),
                .front = *which,
                .plot = {.format = ASX_PLOT_CSV, .path = out, .stream = stdout}};
    if (!f.kind)
        return option_misused(&usage, "%s", err.message);
    asx_status status = kept_by_database(out, db, &err);
    if (status == ASX_OK)
        status = figure_draw(&f, &err);
    return cmd_end(status, &err);
}

/* Returns the exit code. */
static int export_as(const char *format, const char *db, asx_query *query,
                     const asx_front_options *which, const char *out)
{
    asx_error err = {0};
    const bool rows = strcmp(format, "csv") == 0 || strcmp(format, "json") == 0;
    const bool bibtex = strcmp(format, "bibtex") == 0;
    if (query->parts && !rows)
        return option_misused(&usage, "option '--parts' is for csv and json");
    if (bibtex && (query->where || query->tier))
        return option_misused(&usage, "options '--where' and '--tier' are not for bibtex");
    const asx_status status = rows ? run(db, which->campaign, query, out, format, &err)
                              : bibtex
                                  ? run_bibtex(db, which->campaign, out, &err)
                                  : run_front(db, which, out, strcmp(format, "latex") == 0, &err);
    return cmd_end(status, &err);
}

static bool is_picture(const char *path)
{
    asx_plot_format format;
    return asx_plot_format_from_path(&format, path, NULL) == ASX_OK && format != ASX_PLOT_CSV &&
           format != ASX_PLOT_TEXT;
}

int cmd_export(int argc, char **argv)
{
    asx_query query = {0};
    const char *campaign = NULL, *out = NULL, *format = NULL, *data_for = NULL;
    const option options[] = {{.name = "output",
                               .letter = 'o',
                               .kind = OPTION_TEXT,
                               .target = &out,
                               .argument = "FILE",
                               .help = "where to write (default: stdout)"},
                              {.name = "format",
                               .kind = OPTION_CHOICE,
                               .target = &format,
                               .argument = "csv|json|latex|points|bibtex",
                               .help = "what to write (default: csv)"},
                              {.name = "data-for",
                               .kind = OPTION_TEXT,
                               .target = &data_for,
                               .argument = "FIGURE",
                               .help = "the numbers of a picture: a kind of 'asx plot'"},
                              {.name = "parts",
                               .kind = OPTION_FLAG,
                               .target = &query.parts,
                               .help = "energy and area by part too"},
                              {.name = "where",
                               .kind = OPTION_TEXT,
                               .target = &query.where,
                               .argument = "EXPR",
                               .check = check_some,
                               .help = "only designs that fulfil an SQL expression; see asx query"},
                              {.name = "tier",
                               .kind = OPTION_CHOICE,
                               .target = &query.tier,
                               .argument = "proxy|measured|trained|float|costs",
                               .help = "only evaluations of this tier"},
                              OPTION_CAMPAIGN(&campaign),
                              {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    const asx_front_options which = {
        .streamed = !data_for, .campaign = campaign, .tier = query.tier, .where = query.where};
    if (data_for && ((format && strcmp(format, "csv") != 0) || query.parts))
        return option_misused(&usage, "option '--data-for' writes csv, and goes with no '--parts'");
    if (data_for && out && is_picture(out))
        return option_misused(&usage,
                              "option '--data-for' writes csv, '%s' is named as a picture, which "
                              "'asx plot' draws",
                              out);
    return data_for ? export_figure(data_for, args.argument[0], &which, out)
                    : export_as(format ? format : "csv", args.argument[0], &query, &which, out);
}
