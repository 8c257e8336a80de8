/* asx export: every evaluation of a campaign with every field, for other programs. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "front.h"
#include "option.h"
#include "rows_table.h"

#include "results/campaign.h"

static const option_usage usage = {
    .synopsis = "export DB [-o FILE] [--format csv|json|latex|points] [--parts] [--where EXPR] ...",
    .about =
        "Writes every evaluation of a campaign with all its fields, all digits. --parts adds "
        "energy and area by part of the machine. latex is the front as a table of booktabs; points "
        "is the front as the plain lines that hypervolume programs read: one design per line, "
        "the campaign's objectives, blanks between. Fields are those of asx query; the tables of "
        "the database explain themselves: sqlite3 DB .schema",
    .examples = "  asx export resnet20-cifar10.db -o all.csv\n"
                "  asx export resnet20-cifar10.db --format json --where \"drop < 1\"\n",
    .min_arguments = 1,
    .max_arguments = 1};

/* A file appears whole or not at all. */
static asx_status print_to(const char *path, const char *format, table *t, asx_error *err)
{
    asx_text part = {0};
    asx_text_add(&part, "%s.part", path);
    if (part.failed)
        return asx_fail(err, ASX_ENOMEM, "no memory for a file's name");
    FILE *out = fopen(part.s, "wb");
    asx_status st = ASX_OK;
    if (out)
        st = table_print(out, format, &t, 1, err);
    if (!out || fclose(out) != 0 || (st == ASX_OK && rename(part.s, path) != 0))
        st = asx_fail(err, ASX_EIO, "cannot write '%s': %s", path, strerror(errno));
    if (out && st != ASX_OK)
        remove(part.s);
    asx_text_fini(&part);
    return st;
}

static asx_status run(const char *path, const char *campaign, asx_query *query, const char *out,
                      const char *format, asx_error *err)
{
    asx_store *store = NULL;
    asx_rows rows = {0};
    asx_limits limits;
    table *t = NULL;
    asx_status st = asx_store_open(&store, path, ASX_STORE_READ, err);
    if (st == ASX_OK)
        st = asx_campaign_find(&query->campaign, store, campaign, err);
    if (st == ASX_OK)
        st = asx_query_rows(&rows, store, query, err);
    if (st == ASX_OK)
        st = front_campaign_limits(&limits, store, query->campaign, err);
    if (st == ASX_OK)
        st = rows_table(&t, NULL, &rows, query->parts ? ROWS_PARTS : ROWS_FULL, &limits, err);
    if (st == ASX_OK)
        st = out ? print_to(out, format, t, err) : table_print(stdout, format, &t, 1, err);
    table_free(t);
    asx_rows_fini(&rows);
    asx_store_free(store);
    return st;
}

static void add_latex_text(asx_text *out, const char *text)
{
    for (const char *c = text; *c; c++)
        asx_text_add(out, strchr("{}_&%#$", *c) ? "\\%c" : "%c", *c);
}

static void add_latex(asx_text *out, const front *f)
{
    const double baseline = f->baseline ? f->baseline->evaluation.cost.energy_pj : NAN;
    asx_text_add(out, "%% needs \\usepackage{booktabs}\n\\begin{tabular}{lrrrrr}\n\\toprule\n"
                      "design & energy & saved & area & drop & unseen \\\\\n"
                      " & \\textmu J & \\%% & mm\\textsuperscript{2} & points & points \\\\\n"
                      "\\midrule\n");
    for (size_t i = 0; i < f->n; i++) {
        const asx_row *row = &f->rows.row[f->index[i]];
        const asx_row *report = front_find(&f->report, row->design);
        const asx_cost *c = &row->evaluation.cost;
        add_latex_text(out, row->design);
        asx_text_add(out, " & %.2f & ", c->energy_pj * 1e-6);
        asx_text_add(out, f->baseline ? "%.1f" : "--", 100 * (1 - c->energy_pj / baseline));
        asx_text_add(out, " & %.3f & %.2f & ", c->area_um2 * 1e-6, row->evaluation.accuracy.drop);
        asx_text_add(out, report ? "%.2f" : "--", report ? report->evaluation.accuracy.drop : 0);
        asx_text_add(out, " \\\\\n");
    }
    asx_text_add(out, "\\bottomrule\n\\end{tabular}\n");
}

static void add_points(asx_text *out, const front *f)
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

static asx_status print_text(const char *path, const asx_text *text, asx_error *err)
{
    FILE *out = path ? fopen(path, "wb") : stdout;
    bool written = out && fwrite(text->s, 1, text->n, out) == text->n && fflush(out) == 0;
    if (out && path && fclose(out) != 0)
        written = false;
    return written ? ASX_OK
                   : asx_fail(err, ASX_EIO, "cannot write '%s': %s", path ? path : "stdout",
                              strerror(errno));
}

static asx_status run_front(const char *path, const front_options *options, const char *out,
                            bool latex, asx_error *err)
{
    asx_store *store = NULL;
    front f = {0};
    asx_text text = {0};
    asx_status st = asx_store_open(&store, path, ASX_STORE_READ, err);
    if (st == ASX_OK)
        st = front_load(&f, store, options, err);
    if (st == ASX_OK && f.n == 0)
        st = asx_fail(err, ASX_ENOTFOUND, "'%s' holds no evaluation that fits", path);
    if (st == ASX_OK) {
        if (latex)
            add_latex(&text, &f);
        else
            add_points(&text, &f);
        st = text.failed ? asx_fail(err, ASX_ENOMEM, "no memory for the front")
                         : print_text(out, &text, err);
    }
    asx_text_fini(&text);
    front_fini(&f);
    asx_store_free(store);
    return st;
}

int cmd_export(int argc, char **argv)
{
    asx_query query = {0};
    const char *campaign = NULL, *out = NULL, *format = "csv";
    const option options[] = {{.name = "output",
                               .letter = 'o',
                               .kind = OPTION_TEXT,
                               .target = &out,
                               .argument = "FILE",
                               .help = "where to write (default: stdout)"},
                              {.name = "format",
                               .kind = OPTION_CHOICE,
                               .target = &format,
                               .argument = "csv|json|latex|points",
                               .help = "what to write (default: csv)"},
                              {.name = "parts",
                               .kind = OPTION_FLAG,
                               .target = &query.parts,
                               .help = "energy and area by part too"},
                              {.name = "where",
                               .kind = OPTION_TEXT,
                               .target = &query.where,
                               .argument = "EXPR",
                               .help = "only designs that fulfil an SQL expression; see asx query"},
                              {.name = "tier",
                               .kind = OPTION_CHOICE,
                               .target = &query.tier,
                               .argument = "proxy|measured|trained|float",
                               .help = "only evaluations of this tier"},
                              OPTION_CAMPAIGN(&campaign),
                              {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    asx_error err = {0};
    if (strcmp(format, "latex") == 0 || strcmp(format, "points") == 0) {
        const front_options which = {
            .few = true, .campaign = campaign, .tier = query.tier, .where = query.where};
        return cmd_end(run_front(args.argument[0], &which, out, *format == 'l', &err), &err);
    }
    return cmd_end(run(args.argument[0], campaign, &query, out, format, &err), &err);
}
