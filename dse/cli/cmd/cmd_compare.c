/* asx compare: two campaigns, or two selections of one, against each other. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "compare_kinds.h"
#include "compare_tables.h"
#include "dse/memory.h"
#include "kept.h"
#include "look_options.h"
#include "option.h"
#include "picture_options.h"
#include "plot_kinds.h"
#include "results/chart.h"

static const option_usage usage = {
    .synopsis = "compare DB [A [B]] [--with DB2] [--where-a EXPR] ... | compare DB [A] --by EXPR",
    .about =
        "Compares the fronts of two campaigns, by name or number ('asx status' lists them; "
        "default: the newest). B may lie in another database, and both may be the same campaign "
        "under different conditions. Prints the conclusion in words; who wins where: the least "
        "cost under limits of drop; the hypervolumes of both as shares of the box up to A's reference point, which 'asx front' says, additive epsilon (how far, in "
        "ranges of both fronts, one has to be moved to dominate the other) and coverage (share of "
        "the other front that is dominated or equalled); and what was asked differently, down to "
        "lines of the campaign files. -o draws both.\n"
        "With --by the designs of one campaign are told apart by what an expression says of them: "
        "family, bits, set, of most layers. Of each kind in each placement: the design of least "
        "cost that loses at most --max-drop, its drop on images that the search never saw, how far off its energy may be, and which kinds the model "
        "can tell from the best. -o draws the fronts of all, and the joint one.",
    .examples = "  asx compare r.db first second\n  asx compare old.db --with new.db -o both.svg\n"
                "  asx compare r.db --where-b \"set in ('{1}', '{1,3}')\"\n"
                "  asx compare families.db --by family --max-drop 0.5 -o families.svg\n",
    .min_arguments = 1,
    .max_arguments = 3};

typedef struct request {
    const char *db, *with, *name[2], *where[2], *by;
    double max_drop; /* NAN: not said */
    asx_plot_options plot;
    look look;
} request;

static asx_status load(asx_front *out, asx_store **store, const request *r, int which,
                       asx_error *err)
{
    const asx_front_options options = {.where = r->where[which], .campaign = r->name[which]};
    asx_status status =
        asx_store_open(store, which && r->with ? r->with : r->db, ASX_STORE_READ, err);
    if (status == ASX_OK)
        status = asx_front_load(out, *store, &options, err);
    return status;
}

static void fill(double *x, double *y, const char **hover, const asx_front *f, asx_objective cost)
{
    for (size_t i = 0; i < f->n; i++) {
        const asx_row *row = &f->rows.row[f->index[i]];
        x[i] = asx_evaluation_objective(&row->evaluation, cost);
        y[i] = row->evaluation.accuracy.drop;
        hover[i] = row->design;
    }
}

/* "A: resnet20 (measured), drop < 5" */
static void describe(char *out, size_t size, char which, const asx_front *f, const char *where)
{
    snprintf(out, size, "%c: %s (%s)%s%s", which, f->record.name, asx_tier_text(f->tier),
             where ? ", " : "", where ? where : "");
}

static asx_status draw(const request *r, const asx_front *a, const asx_front *b, asx_error *err)
{
    const size_t n = a->n + b->n;
    const asx_objective cost = asx_front_cost(a);
    asx_plot_options options = r->plot;
    double *x = asx_array_new(n, sizeof *x), *y = asx_array_new(n, sizeof *y);
    const char **hover = asx_array_new(n, sizeof *hover);
    char title[200], name[2][200];
    asx_status status =
        x && y && hover ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for a plot");
    if (status == ASX_OK) {
        fill(x, y, hover, a, cost);
        fill(x + a->n, y + a->n, hover + a->n, b, cost);
        const bool same = strcmp(a->record.name, b->record.name) == 0;
        snprintf(title, sizeof title, "%s%s%s", a->record.name, same ? "" : " against ",
                 same ? ": two fronts" : b->record.name);
        describe(name[0], sizeof name[0], 'A', a, r->where[0]);
        describe(name[1], sizeof name[1], 'B', b, r->where[1]);
        options.score = &a->record.score;
        options.title = title;
        options.title_spare = true;
        /* steps first, so that points lie on top */
        const asx_chart_series series[] = {
            {.style = ASX_CHART_STEPS, .color = 0, .n = a->n, .x = x, .y = y},
            {.style = ASX_CHART_STEPS, .color = 1, .n = b->n, .x = x + a->n, .y = y + a->n},
            {.name = name[0], .color = 0, .n = a->n, .x = x, .y = y, .hover = hover},
            {.name = name[1],
             .color = 1,
             .n = b->n,
             .x = x + a->n,
             .y = y + a->n,
             .hover = hover + a->n}};
        const asx_chart_panel panel = {.x = asx_chart_objective(cost),
                                       .y = asx_chart_objective(ASX_DROP),
                                       .series = series,
                                       .n_series = sizeof series / sizeof *series};
        status = asx_plot_panels(&options, &panel, 1, err);
    }
    free(x);
    free(y);
    free(hover);
    return status;
}

/* Of neither of the two is a file written over. */
static asx_status keep_databases(const request *r, asx_error *err)
{
    const char *const database[] = {r->db, r->with ? r->with : r->db};
    const char *const output[] = {r->plot.path, r->plot.script};
    asx_status status = ASX_OK;
    for (int i = 0; i < 4 && status == ASX_OK; i++)
        status = kept_by_database(output[i / 2], database[i % 2], err);
    return status;
}

static asx_status run(const request *r, asx_error *err)
{
    asx_store *store[2] = {NULL};
    asx_front f[2];
    table *t[COMPARE_TABLES] = {NULL};
    memset(f, 0, sizeof f);
    asx_status status = keep_databases(r, err);
    if (status == ASX_OK)
        status = load(&f[0], &store[0], r, 0, err);
    if (status == ASX_OK)
        status = load(&f[1], &store[1], r, 1, err);
    if (status == ASX_OK)
        status = compare_tables_make(t, &f[0], &f[1], !look_is_brief(&r->look), err);
    if (status == ASX_OK)
        status = look_print(&r->look, t, COMPARE_TABLES, err);
    if (status == ASX_OK && r->plot.path)
        status = draw(r, &f[0], &f[1], err);
    for (int i = 0; i < COMPARE_TABLES; i++)
        table_free(t[i]);
    for (int i = 0; i < 2; i++) {
        asx_front_fini(&f[i]);
        asx_store_free(store[i]);
    }
    return status;
}

static asx_status run_kinds(const request *r, asx_error *err)
{
    const kinds_request kinds = {.db = r->db,
                                 .campaign = r->name[0],
                                 .by = r->by,
                                 .where = r->where[0],
                                 .max_drop = r->max_drop,
                                 .plot = r->plot,
                                 .look = r->look};
    const asx_status status = keep_databases(r, err);
    return status == ASX_OK ? compare_kinds(&kinds, err) : status;
}

/* What does not go together; NULL: all does. */
static const char *find_misuse(const request *r, size_t n_arguments)
{
    if (r->plot.script && !r->plot.path)
        return "option '--script' wants '--output' too";
    if (!r->by)
        return isnan(r->max_drop) ? NULL : "option '--max-drop' wants '--by' too";
    return r->with || r->where[1] || n_arguments > 2
               ? "option '--by' is about one campaign: no B, no '--with', no '--where-b'"
               : NULL;
}

#define OPTION_EXPRESSION(word, variable, text)                                                    \
    {                                                                                              \
        .name = (word), .kind = OPTION_TEXT, .target = &(variable), .argument = "EXPR",            \
        .check = check_some, .help = (text)                                                        \
    }

int cmd_compare(int argc, char **argv)
{
    request r = {.look = LOOK_DEFAULT, .max_drop = NAN};
    picture_size size = {0};
    const option options[] = {
        {.name = "with",
         .kind = OPTION_TEXT,
         .target = &r.with,
         .argument = "DB2",
         .help = "the database of B (default: the same)"},
        OPTION_EXPRESSION("where-a", r.where[0],
                          "of A only designs that fulfil an SQL expression; see asx query"),
        OPTION_EXPRESSION("where-b", r.where[1], "the same of B"),
        OPTION_EXPRESSION(
            "by", r.by,
            "compare the kinds of designs in one campaign that an SQL expression tells "
            "apart"),
        {.name = "max-drop",
         .kind = OPTION_NUMBER,
         .target = &r.max_drop,
         .argument = "D",
         .low = -100,
         .high = 1e9,
         .help =
             "with --by: the limit of the drop (default: 1 point, or as much of another measure)"},
        {.name = "output",
         .letter = 'o',
         .kind = OPTION_TEXT,
         .target = &r.plot.path,
         .argument = "FILE",
         .check = option_check_picture,
         .help = "draw both fronts: .svg, .png, .pdf, .txt; .csv: their numbers"},
        OPTION_PICTURE_SIZE(size),
        {.name = "script",
         .kind = OPTION_TEXT,
         .target = &r.plot.script,
         .argument = "FILE",
         .help = "with -o: keep the gnuplot script, data included"},
        OPTION_LOOK(r.look),
        {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    const int code = picture_apply(&r.plot, &size, &usage);
    if (code != 0)
        return code;
    const char *misuse = find_misuse(&r, args.n_arguments);
    if (misuse)
        return option_misused(&usage, "%s", misuse);
    r.db = args.argument[0];
    r.name[0] = args.n_arguments > 1 ? args.argument[1] : NULL;
    r.name[1] = args.n_arguments > 2 ? args.argument[2] : r.with ? NULL : r.name[0];
    asx_error err = {0};
    return cmd_end(r.by ? run_kinds(&r, &err) : run(&r, &err), &err);
}
