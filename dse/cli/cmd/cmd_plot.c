/* asx plot: a stored campaign as a picture. */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cmd.h"
#include "dse/output.h"
#include "figure.h"
#include "kept.h"
#include "option.h"
#include "picture_options.h"
#include "plot_kinds.h"

static const option_usage usage = {
    .synopsis = "plot DB [KIND] [-o FILE.svg|png|pdf|txt|csv] ... | plot technology NAME ...",
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
        "\ntradeoff: fronts by word length, by number of alphabets and by family of formats"
        "\nhistory: front and hypervolume as evaluations came"
        "\n'plot technology' draws a technology's models against reference data instead: a table "
        "of gate-level units or memories, or its own rows; bars are the errors it states"
        "\n'plot faults' draws what 'asx eval --sweep ... --format csv' printed: accuracy over the rate "
        "of faults, a panel for each kind, a line for each design",
    .examples = "  asx plot resnet20-cifar10.db\n"
                "  asx plot resnet20-cifar10.db front -o front.svg\n"
                "  asx plot resnet20-cifar10.db breakdown -o energy.png\n"
                "  asx plot resnet20-cifar10.db -o area.pdf --x area --where \"drop < 5\"\n"
                "  asx plot resnet20-cifar10.db tradeoff -o tradeoff.pdf --size column\n"
                "  asx plot technology nangate45 --check units.csv -o errors.svg\n"
                "  asx plot faults flips.csv spread.csv -o faults.svg\n",
    .min_arguments = 1,
    .max_arguments = OPTION_ARGUMENTS_MAX};

#define OBJECTIVE_CHOICES "drop|energy|latency|area|storage|energy_delay|power_mw"

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

static bool is(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

/* A picture of a technology; returns the exit code. */
static int draw_technology(asx_plot_options *plot, const char *name, const char *check)
{
    const asx_kept_file keep[] = {{"the technology", name}, {"the reference table", check}, {0}};
    asx_error err = {0};
    if (check_technology(name, &err) != ASX_OK)
        return option_misused(&usage, "%s", err.message);
    asx_status status = plot->path ? asx_output_check(plot->path, keep, &err) : ASX_OK;
    if (status == ASX_OK && plot->script)
        status = asx_output_check(plot->script, keep, &err);
    if (status == ASX_OK)
        status = plot_technology(plot, name, check, &err);
    return cmd_end(status, &err);
}

/* A picture of tables of accuracies under faults; returns the exit code. */
static int draw_faults(asx_plot_options *plot, const char *const *path, size_t n)
{
    asx_error err = {0};
    asx_status status = ASX_OK;
    for (size_t i = 0; i < n && status == ASX_OK; i++) {
        const asx_kept_file keep[] = {{"a table", path[i]}, {0}};
        status = plot->path ? asx_output_check(plot->path, keep, &err) : ASX_OK;
        if (status == ASX_OK && plot->script)
            status = asx_output_check(plot->script, keep, &err);
    }
    if (status == ASX_OK)
        status = plot_faults(plot, path, n, &err);
    return cmd_end(status, &err);
}

/* Options that only pictures of a front have. @return 0, or the exit code */
static int check_kind(const figure *r, const char *kind, size_t labels)
{
    const struct {
        const char *name;
        bool given;
    } special[] = {{"x", r->x}, {"y", r->y}, {"labels", labels > 0}};
    for (size_t i = 0; i < sizeof special / sizeof *special && strcmp(kind, "front") != 0; i++)
        if (special[i].given)
            return option_misused(&usage, "option '--%s' is for kind 'front'", special[i].name);
    if (r->x && r->y && strcmp(r->x, r->y) == 0)
        return option_misused(&usage, "both axes are '%s'", r->x);
    return 0;
}

/* What does not go together, whatever is drawn. @param special  no database is. @return 0, or the exit code */
static int check_together(const figure *r, bool special, const char *check,
                          const option_result *args)
{
    const bool faults = special && is(r->db, "faults");
    if (args->n_arguments > 2 && !faults)
        return option_misused(&usage, "unexpected argument '%s'", args->argument[2]);
    if (special && (r->front.where || r->front.campaign || r->front.tier || r->front.on))
        return option_misused(&usage, "options that choose designs are for databases");
    if (check && (!special || faults))
        return option_misused(&usage, "option '--check' is for 'plot technology NAME'");
    return 0;
}

/* A picture of a database; returns the exit code. */
static int plot_database(figure *r, const char *kind)
{
    asx_error err = {0};
    r->kind = figure_find(kind, &err);
    if (!r->kind)
        return option_misused(&usage, "%s", err.message);
    asx_status status = kept_by_database(r->plot.path, r->db, &err);
    if (status == ASX_OK)
        status = kept_by_database(r->plot.script, r->db, &err);
    if (status == ASX_OK)
        status = figure_draw(r, &err);
    return cmd_end(status, &err);
}

int cmd_plot(int argc, char **argv)
{
    figure r = {0};
    picture_size size = {0};
    const char *check = NULL;
    long long labels = 0;
    const option options[] = {
        {.name = "output",
         .letter = 'o',
         .kind = OPTION_TEXT,
         .target = &r.plot.path,
         .argument = "FILE",
         .check = option_check_picture,
         .help = "the picture; its ending says the kind: .svg, .png, .pdf, .txt; .csv: the "
                 "numbers that it draws"},
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
        OPTION_PICTURE_SIZE(size),
        OPTION_OF_TEXT(
            &check, "check", "FILE.csv",
            "technology: the reference table to hold it against (default: its own rows)"),
        OPTION_OF_TEXT(&r.plot.script, "script", "FILE", "keep the gnuplot script, data included"),
        OPTION_FRONT(r.front),
        {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    r.db = args.argument[0];
    r.plot.labels = (size_t)labels;
    const char *kind = args.n_arguments > 1 ? args.argument[1] : "front";
    const bool special = args.n_arguments > 1 && (is(r.db, "technology") || is(r.db, "faults"));
    int code = picture_apply(&r.plot, &size, &usage);
    if (code == 0)
        code = check_kind(&r, special ? "" : kind, (size_t)labels);
    if (code == 0)
        code = check_together(&r, special, check, &args);
    if (code != 0)
        return code;
    if (!r.plot.path)
        fit_terminal(&r.plot);
    return !special             ? plot_database(&r, kind)
           : is(r.db, "faults") ? draw_faults(&r.plot, args.argument + 1, args.n_arguments - 1)
                                : draw_technology(&r.plot, kind, check);
}
