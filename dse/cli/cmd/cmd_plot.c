/* asx plot: a stored campaign as a picture. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cmd.h"
#include "dse/memory.h"
#include "dse/output.h"
#include "kept.h"
#include "option.h"
#include "plot_kinds.h"
#include "results/certificate.h"
#include "results/front.h"

static const option_usage usage = {
    .synopsis =
        "plot DB [KIND] | plot technology NAME [--check FILE.csv]  [-o FILE.svg|png|pdf|txt] "
        "...",
    .about =
        "Draws what a campaign found. Without -o it is drawn in the terminal. SVG shows a design "
        "when the mouse rests on its mark. Needs gnuplot. Kinds:\n"
        "front: all designs that were evaluated, the Pareto front as steps, the baseline (default)"
        "\nprojections: each pair of three objectives, the third as colour"
        "\nparallel: one line per design of the front over all objectives"
        "\npredicted: what the search believed against what was measured, with Kendall's tau"
        "\nbreakdown: energy by part of the machine, designs of the front beside the baseline"
        "\nlayers: layer by layer, the formats of the front's designs"
        "\nalphabets: layer by layer, how much of the front uses an alphabet"
        "\ntradeoff: fronts by word length and by number of alphabets"
        "\nhistory: front and hypervolume as evaluations came"
        "\n'plot technology' draws a technology's models against reference data instead: a table "
        "of gate-level units or memories, or its own rows; bars are the errors it states",
    .examples = "  asx plot resnet20-cifar10.db\n"
                "  asx plot resnet20-cifar10.db front -o front.svg\n"
                "  asx plot resnet20-cifar10.db breakdown -o energy.png\n"
                "  asx plot resnet20-cifar10.db -o area.pdf --x area --where \"drop < 5\"\n"
                "  asx plot resnet20-cifar10.db -o front.pdf --size column\n"
                "  asx plot technology nangate45 --check units.csv -o errors.svg\n",
    .min_arguments = 1,
    .max_arguments = 2};

#define OBJECTIVE_CHOICES "drop|energy|latency|area|storage|energy_delay|power_mw"

/* The front itself is drawn here, with axes to choose. */
static const struct kind {
    const char *name;
    plot_kind_draw *draw;
    bool names; /* designs are named in the picture */
} kinds[] = {{"front", NULL, true},
             {"projections", plot_projections, false},
             {"parallel", plot_parallel, false},
             {"predicted", plot_predicted, false},
             {"breakdown", plot_breakdown, true},
             {"layers", plot_layers, false},
             {"alphabets", plot_alphabets, false},
             {"tradeoff", plot_tradeoff, false},
             {"history", plot_history, false}};

typedef struct request {
    const char *db, *x, *y;
    const struct kind *kind;
    asx_front_options front;
    asx_plot_options plot;
} request;

/* Unless told: x is the campaign's first objective beside the drop, y is the drop or the next. */
static asx_status choose_axes(request *r, const asx_front *f, asx_error *err)
{
    asx_objective first = ASX_ENERGY, second = ASX_DROP;
    asx_status status = ASX_OK;
    bool found = false;
    for (size_t i = f->n_objectives; i-- > 0;)
        if (f->objective[i] != ASX_DROP) {
            second = found ? first : ASX_DROP;
            first = f->objective[i];
            found = true;
        }
    for (size_t i = 0; i < f->n_objectives; i++)
        if (f->objective[i] == ASX_DROP)
            second = ASX_DROP;
    r->plot.x = first;
    r->plot.y = second;
    if (r->x)
        status = asx_objective_parse(&r->plot.x, r->x, err);
    if (status == ASX_OK && r->y)
        status = asx_objective_parse(&r->plot.y, r->y, err);
    return status;
}

static void fit_terminal(asx_plot_options *o)
{
    struct winsize size = {0};
    const char *no_color = getenv("NO_COLOR");
    const bool terminal = isatty(STDOUT_FILENO);
    if (terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        o->columns = size.ws_col;
        o->rows = size.ws_row > 3 ? size.ws_row - 2u : 0; /* leave room for the prompt */
    }
    o->color = terminal && !(no_color && *no_color);
    o->stream = stdout;
}

static asx_status make_points(asx_plot_point **out, size_t *n, const asx_front *f,
                              char *const *name, asx_error *err)
{
    /* a condition may have left the baseline out, but savings are still against it */
    const bool outside = f->baseline && f->baseline == f->outside.row;
    const size_t count = f->rows.n + outside;
    asx_plot_point *point = asx_array_new(count, sizeof *point);
    if (!point)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu points", count);
    for (size_t i = 0; i < count; i++) {
        const asx_row *row = i < f->rows.n ? &f->rows.row[i] : f->baseline;
        point[i] = (asx_plot_point){.design = row->design,
                                    .placement = row->placement,
                                    .evaluation = &row->evaluation,
                                    .baseline = row == f->baseline};
        /* among predictions, a measured design has a ring: where it is, or where it would be */
        const bool measured =
            f->tier == ASX_TIER_PROXY && row->evaluation.accuracy.tier == ASX_TIER_MEASURED;
        const asx_row *checked = measured ? row : asx_front_checked(f, row);
        point[i].trained = row->evaluation.accuracy.tier == ASX_TIER_TRAINED;
        point[i].checked = checked ? &checked->evaluation : NULL;
    }
    for (size_t i = 0; i < f->n; i++) {
        point[f->index[i]].front = true;
        point[f->index[i]].name = name[i];
    }
    *out = point;
    *n = count;
    return ASX_OK;
}

/* Which front it is, where the axes do not say so. */
static void add_objectives(asx_text *title, const request *r, const asx_front *f)
{
    bool shown = f->n_objectives == 2;
    for (size_t i = 0; i < f->n_objectives; i++)
        shown = shown && (f->objective[i] == r->plot.x || f->objective[i] == r->plot.y);
    for (size_t i = 0; i < f->n_objectives && !shown; i++)
        asx_text_add(title, "%s%s", i ? ", " : "; front in ", asx_objective_text(f->objective[i]));
}

static size_t count_tier(const asx_front *f, asx_tier tier)
{
    size_t n = 0;
    for (size_t i = 0; i < f->n; i++)
        n += asx_front_row(f, i)->evaluation.accuracy.tier == tier;
    return n;
}

/* "campaign (measured, 1000 images)" */
static void make_title(asx_text *title, const request *r, const asx_front *f, char *const *name)
{
    static const struct {
        asx_tier tier;
        const char *text;
    } tiers[] = {{ASX_TIER_PROXY, "predicted"},
                 {ASX_TIER_MEASURED, "measured"},
                 {ASX_TIER_TRAINED, "trained"}};
    const size_t images = f->rows.row[0].evaluation.accuracy.images;
    bool tagged = false;
    asx_text_add(title, "%s (", f->record.name);
    if (count_tier(f, f->tier) < f->n) { /* of several kinds */
        asx_text_add(title, "of %zu designs", f->n);
        for (int i = 0; i < 3; i++)
            if (count_tier(f, tiers[i].tier) > 0)
                asx_text_add(title, " %zu %s", count_tier(f, tiers[i].tier), tiers[i].text);
    } else {
        asx_text_add(title, "%s", asx_tier_text(f->tier));
    }
    if (images && f->tier != ASX_TIER_PROXY)
        asx_text_add(title, ", %zu images", images);
    if (r->plot.proven > 1)
        asx_text_add(title, ", proven within a factor of %.4g", r->plot.proven);
    else if (r->plot.proven == 1)
        asx_text_add(title, ", proven");
    asx_text_add(title, ")");
    add_objectives(title, r, f);
    for (size_t i = 0; i < f->n && r->kind->names && !tagged; i++)
        tagged = name[i][0] == '#';
    if (tagged)
        asx_text_add(title, "; #N: row N of 'asx front'");
}

/* What an exact search has proven of the whole front, by the model it searched on. */
static asx_status find_proof(request *r, asx_store *store, const asx_front *f, asx_error *err)
{
    asx_certificate certificate = {.factor = NAN};
    /* of a front that others are laid over nothing is proven; that measured designs were all there
     * are goes without a picture */
    const bool whole =
        !r->front.where && f->tier == ASX_TIER_PROXY && !asx_front_is_mixed(f) && f->n > 0;
    const asx_status status =
        whole ? asx_certificate_read(&certificate, store, f->campaign, err) : ASX_OK;
    r->plot.proven = isfinite(certificate.factor) ? certificate.factor : 0;
    asx_certificate_fini(&certificate);
    return status;
}

static asx_status draw_front(const request *r, const asx_front *f, char *const *name,
                             asx_error *err)
{
    asx_plot_point *point = NULL;
    size_t n = 0;
    asx_status status = make_points(&point, &n, f, name, err);
    if (status == ASX_OK)
        status = asx_plot_front(&r->plot, point, n, err);
    free(point);
    return status;
}

static asx_status draw_kind(const request *r, asx_store *store, const asx_front *f,
                            char *const *name, asx_error *err)
{
    asx_workload work = {0};
    asx_record record = {0};
    asx_status status = asx_record_read(&record, &work, store, f->campaign, err);
    if (status != ASX_OK)
        return status;
    const plot_source source = {store, f, &work, r->front.where, (const char *const *)name};
    status = r->kind->draw(&r->plot, &source, err);
    asx_record_fini(&record);
    asx_workload_fini(&work);
    return status;
}

static asx_status draw(request *r, asx_store *store, const asx_front *f, asx_error *err)
{
    asx_text title = {0};
    char **name = NULL;
    if (f->rows.n == 0)
        return asx_fail(err, ASX_ENOTFOUND, "'%s' holds no evaluation%s", r->db,
                        r->front.where ? " that fits --where" : " yet");
    asx_status status = choose_axes(r, f, err);
    if (status == ASX_OK)
        status = plot_names(&name, f, err);
    if (status == ASX_OK)
        status = find_proof(r, store, f, err);
    if (status == ASX_OK && !r->plot.title) {
        make_title(&title, r, f, name);
        r->plot.title = title.s;
        if (title.failed)
            status = asx_fail(err, ASX_ENOMEM, "no memory for a title");
    }
    if (status == ASX_OK)
        status = r->kind->draw ? draw_kind(r, store, f, name, err) : draw_front(r, f, name, err);
    if (status == ASX_OK && !f->feasible)
        fprintf(stderr, "asx: no design keeps the limits (%s); these come closest\n",
                f->record.limits);
    plot_names_free(name, f->n);
    asx_text_fini(&title);
    return status;
}

static asx_status place(asx_plot_options *plot, asx_error *err)
{
    if (plot->path)
        return asx_plot_format_from_path(&plot->format, plot->path, err);
    fit_terminal(plot);
    return ASX_OK;
}

static asx_status run(request *r, asx_error *err)
{
    asx_store *store = NULL;
    asx_front f = {0};
    asx_status status = place(&r->plot, err);
    if (status == ASX_OK)
        status = asx_store_open(&store, r->db, ASX_STORE_READ, err);
    if (status == ASX_OK)
        status = asx_front_load(&f, store, &r->front, err);
    if (status == ASX_OK)
        status = draw(r, store, &f, err);
    asx_front_fini(&f);
    asx_store_free(store);
    return status;
}

static const struct kind *find_kind(const char *name)
{
    asx_text names = {0};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kinds[i].name, name) == 0) {
            asx_text_fini(&names);
            return &kinds[i];
        }
        asx_text_add(&names, " %s", kinds[i].name);
    }
    option_misused(&usage, "unknown kind '%s'; there are:%s", name, names.s ? names.s : "");
    asx_text_fini(&names);
    return NULL;
}

static asx_status check_path(const char *text, asx_error *err)
{
    asx_plot_format format;
    return asx_plot_format_from_path(&format, text, err);
}

static asx_status draw_technology(asx_plot_options *plot, const char *name, const char *check,
                                  asx_error *err)
{
    const asx_kept_file keep[] = {{"the technology", name}, {"the reference table", check}, {0}};
    asx_status status = plot->path ? asx_output_check(plot->path, keep, err) : ASX_OK;
    if (status == ASX_OK && plot->script)
        status = asx_output_check(plot->script, keep, err);
    if (status == ASX_OK)
        status = place(plot, err);
    return status == ASX_OK ? plot_technology(plot, name, check, err) : status;
}

/* A picture of a database's front; returns the exit code. @param size  "column", "page" or NULL */
static int plot_front(request *r, const char *kind, const char *size)
{
    asx_error err = {0};
    asx_status status = kept_by_database(r->plot.path, r->db, &err);
    if (status == ASX_OK)
        status = kept_by_database(r->plot.script, r->db, &err);
    if (status != ASX_OK)
        return cmd_end(status, &err);
    r->kind = find_kind(kind);
    if (!r->kind)
        return CMD_USAGE;
    if ((size || r->plot.width_cm > 0) && r->kind->draw)
        return option_misused(&usage, "options '--size' and '--width' are for kind 'front'");
    if (size && !(r->plot.width_cm > 0))
        r->plot.width_cm = *size == 'c' ? ASX_PLOT_COLUMN_CM : ASX_PLOT_PAGE_CM;
    return cmd_end(run(r, &err), &err);
}

int cmd_plot(int argc, char **argv)
{
    request r = {0};
    const char *check = NULL, *size = NULL;
    long long labels = 0;
    const option options[] = {
        {.name = "output",
         .letter = 'o',
         .kind = OPTION_TEXT,
         .target = &r.plot.path,
         .argument = "FILE",
         .check = check_path,
         .help = "the picture; its ending says the kind: .svg, .png, .pdf, .txt"},
        OPTION_OF_CHOICE(
            &r.x, "x", OBJECTIVE_CHOICES,
            "horizontal axis (default: the campaign's first objective beside the drop)"),
        OPTION_OF_CHOICE(&r.y, "y", OBJECTIVE_CHOICES, "vertical axis (default: drop)"),
        OPTION_OF_TEXT(&r.plot.title, "title", "TEXT",
                       "above the picture (default: campaign and tier)"),
        {.name = "labels",
         .kind = OPTION_INTEGER,
         .target = &labels,
         .argument = "N",
         .low = 1,
         .high = 1000,
         .help = "name at most so many designs (default: 14)"},
        OPTION_OF_CHOICE(&size, "size", "column|page",
                         "front: as wide as a column of a paper, 8.8 cm, or its page, 18 cm "
                         "(default)"),
        {.name = "width",
         .kind = OPTION_NUMBER,
         .target = &r.plot.width_cm,
         .argument = "CM",
         .low = 6,
         .high = 60,
         .help = "front: this width instead; type is as large in any"},
        OPTION_OF_TEXT(
            &check, "check", "FILE.csv",
            "technology: the reference table to hold it against (default: its own rows)"),
        OPTION_OF_TEXT(&r.plot.script, "script", "FILE", "keep the gnuplot script, data included"),
        OPTION_FRONT(r.front),
        {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    asx_error err = {0};
    r.db = args.argument[0];
    r.plot.labels = (size_t)labels;
    if (args.n_arguments == 2 && strcmp(r.db, "technology") == 0) {
        return cmd_end(draw_technology(&r.plot, args.argument[1], check, &err), &err);
    }
    if (check)
        return option_misused(&usage, "option '--check' is for 'plot technology NAME'");
    return plot_front(&r, args.n_arguments > 1 ? args.argument[1] : "front", size);
}
