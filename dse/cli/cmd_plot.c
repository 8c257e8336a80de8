/* asx plot: a stored campaign as a picture. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cmd.h"
#include "dse/memory.h"
#include "front.h"
#include "option.h"
#include "plot_kinds.h"
#include "proof.h"

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
                "  asx plot technology nangate45 --check units.csv -o errors.svg\n",
    .min_arguments = 1,
    .max_arguments = 2};

#define OBJECTIVE_CHOICES "drop|energy|latency|area|storage"

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
    front_options front;
    asx_plot_options plot;
} request;

/* Unless told: x is the campaign's first objective beside the drop, y is the drop or the next. */
static asx_status choose_axes(request *r, const front *f, asx_error *err)
{
    asx_objective first = ASX_ENERGY, second = ASX_DROP;
    asx_status st = ASX_OK;
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
        st = asx_objective_parse(&r->plot.x, r->x, err);
    if (st == ASX_OK && r->y)
        st = asx_objective_parse(&r->plot.y, r->y, err);
    return st;
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

static asx_status make_points(asx_plot_point **out, size_t *n, const front *f, char *const *name,
                              asx_error *err)
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
        const asx_row *checked = front_checked(f, row);
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
static void add_objectives(asx_text *title, const request *r, const front *f)
{
    bool shown = f->n_objectives == 2;
    for (size_t i = 0; i < f->n_objectives; i++)
        shown = shown && (f->objective[i] == r->plot.x || f->objective[i] == r->plot.y);
    for (size_t i = 0; i < f->n_objectives && !shown; i++)
        asx_text_add(title, "%s%s", i ? ", " : "; front in ", asx_objective_text(f->objective[i]));
}

/* "campaign (measured, 1000 images)" */
static void make_title(asx_text *title, const request *r, const front *f, char *const *name)
{
    const size_t images = f->rows.row[0].evaluation.accuracy.images;
    bool tagged = false;
    asx_text_add(title, "%s (%s", f->record.name, asx_tier_text(f->tier));
    if (images)
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
static asx_status find_proof(request *r, asx_store *store, const front *f, asx_error *err)
{
    char *certificate = NULL;
    const bool whole = !r->front.where && !r->front.tier && f->tier == ASX_TIER_PROXY;
    const asx_status st = whole ? proof_certificate(&certificate, store, f->campaign, err) : ASX_OK;
    r->plot.proven = proof_factor(certificate);
    free(certificate);
    return st;
}

static asx_status draw_front(const request *r, const front *f, char *const *name, asx_error *err)
{
    asx_plot_point *point = NULL;
    size_t n = 0;
    asx_status st = make_points(&point, &n, f, name, err);
    if (st == ASX_OK)
        st = asx_plot_front(&r->plot, point, n, err);
    free(point);
    return st;
}

static asx_status draw_kind(const request *r, asx_store *store, const front *f, char *const *name,
                            asx_error *err)
{
    asx_workload work = {0};
    asx_campaign_record record = {0};
    asx_status st = asx_campaign_read(&record, &work, store, f->campaign, err);
    if (st != ASX_OK)
        return st;
    const plot_source source = {store, f, &work, r->front.where, (const char *const *)name};
    st = r->kind->draw(&r->plot, &source, err);
    asx_campaign_record_fini(&record);
    asx_workload_fini(&work);
    return st;
}

static asx_status draw(request *r, asx_store *store, const front *f, asx_error *err)
{
    asx_text title = {0};
    char **name = NULL;
    if (f->rows.n == 0)
        return asx_fail(err, ASX_ENOTFOUND, "'%s' holds no evaluation%s", r->db,
                        r->front.where ? " that fits --where" : " yet");
    asx_status st = choose_axes(r, f, err);
    if (st == ASX_OK)
        st = plot_names(&name, f, err);
    if (st == ASX_OK)
        st = find_proof(r, store, f, err);
    if (st == ASX_OK && !r->plot.title) {
        make_title(&title, r, f, name);
        r->plot.title = title.s;
    }
    if (st == ASX_OK)
        st = r->kind->draw ? draw_kind(r, store, f, name, err) : draw_front(r, f, name, err);
    if (st == ASX_OK && !f->feasible)
        fprintf(stderr, "asx: no design keeps the limits (%s); these come closest\n",
                f->record.limits);
    plot_names_free(name, f->n);
    asx_text_fini(&title);
    return st;
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
    front f = {0};
    asx_status st = place(&r->plot, err);
    if (st == ASX_OK)
        st = asx_store_open(&store, r->db, ASX_STORE_READ, err);
    if (st == ASX_OK)
        st = front_load(&f, store, &r->front, err);
    if (st == ASX_OK)
        st = draw(r, store, &f, err);
    front_fini(&f);
    asx_store_free(store);
    return st;
}

static const struct kind *find_kind(const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].name, name) == 0)
            return &kinds[i];
    fprintf(stderr, "asx: plot: unknown kind '%s'; there are:", name);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        fprintf(stderr, " %s", kinds[i].name);
    fprintf(stderr, "\n");
    return NULL;
}

int cmd_plot(int argc, char **argv)
{
    request r = {0};
    const char *check = NULL;
    long long labels = 0;
    const option options[] = {
        {.name = "output",
         .letter = 'o',
         .kind = OPTION_TEXT,
         .target = &r.plot.path,
         .argument = "FILE",
         .help = "the picture; its ending says the kind: .svg, .png, .pdf, .txt"},
        {.name = "x",
         .kind = OPTION_CHOICE,
         .target = &r.x,
         .argument = OBJECTIVE_CHOICES,
         .help = "horizontal axis (default: the campaign's first objective beside the drop)"},
        {.name = "y",
         .kind = OPTION_CHOICE,
         .target = &r.y,
         .argument = OBJECTIVE_CHOICES,
         .help = "vertical axis (default: drop)"},
        {.name = "title",
         .kind = OPTION_TEXT,
         .target = &r.plot.title,
         .argument = "TEXT",
         .help = "above the picture (default: campaign and tier)"},
        {.name = "labels",
         .kind = OPTION_INTEGER,
         .target = &labels,
         .argument = "N",
         .low = 1,
         .high = 1000,
         .help = "name at most so many designs (default: 14)"},
        {.name = "check",
         .kind = OPTION_TEXT,
         .target = &check,
         .argument = "FILE.csv",
         .help = "technology: the reference table to hold it against (default: its own rows)"},
        {.name = "script",
         .kind = OPTION_TEXT,
         .target = &r.plot.script,
         .argument = "FILE",
         .help = "keep the gnuplot script, data included"},
        FRONT_OPTIONS(r.front),
        {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    asx_error err = {0};
    r.db = args.argument[0];
    r.plot.labels = (size_t)labels;
    if (args.n_arguments == 2 && strcmp(r.db, "technology") == 0) {
        asx_status st = place(&r.plot, &err);
        if (st == ASX_OK)
            st = plot_technology(&r.plot, args.argument[1], check, &err);
        return cmd_end(st, &err);
    }
    if (check) {
        fprintf(stderr, "asx: plot: option '--check' is for 'plot technology NAME'\n");
        return CMD_USAGE;
    }
    r.kind = find_kind(args.n_arguments > 1 ? args.argument[1] : "front");
    if (!r.kind)
        return CMD_USAGE;
    return cmd_end(run(&r, &err), &err);
}
