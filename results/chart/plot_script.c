/* The gnuplot script of a front. Colours: Okabe and Ito's palette, told apart by the colour-blind;
 * shapes say the same once more, for print without colour. */
#include "chart_script.h"
#include "drawing.h"
#include "gnuplot.h"
#include "picture.h"

enum {
    HOVER_MAX = 20000, /* points of one kind; beyond, an SVG would be slow to open */
    DENSE = 150        /* points of a front; beyond, full-sized markers would hide each other */
};

/* Pixels from the inner area up to the key, and to the middle of a title of one line. */
static const double key_above = 22, narrow_key_above = 19, title_above = 69;

typedef struct look {
    const char *name, *color, *letter;
    int shape;
    double size;
} look;

static const look looks[ASX_N_PLACEMENTS] = {
    [ASX_PLACEMENT_VN] = {"von Neumann", "#0072b2", "v", 7, 0.75},
    [ASX_PLACEMENT_NEAR] = {"near memory", "#d55e00", "n", 5, 0.7},
    [ASX_PLACEMENT_IN] = {"in memory", "#009e73", "i", 9, 0.95},
};
static const look cloud_look = {"dominated", "#c4c4c4", ".", 7, 0.28};
static const look checked_look = {"measured", "#222222", "o", 6, 0.9};
static const look trained_look = {"trained", "#000000", "t", 12, 1.5};
static const look baseline_look = {"baseline", "#000000", "*", 3, 1.2};

static bool is_text(const picture *p)
{
    return p->options->format == ASX_PLOT_TEXT;
}

static void add_frame(asx_text *s, const picture *p)
{
    double w = (double)p->width, h = (double)p->height;
    asx_text_add(s, "set encoding utf8\n");
    if (is_text(p))
        asx_text_add(s, "set lmargin 8\nset rmargin 2\nset bmargin 4\nset tmargin 3\nunset key\n");
    else
        asx_text_add(s,
                     "set lmargin at screen %.5f\nset rmargin at screen %.5f\n"
                     "set bmargin at screen %.5f\nset tmargin at screen %.5f\n"
                     "set border 3 linecolor '#555555'\nset tics nomirror out scale 0.6\n"
                     "set grid linetype 1 linecolor '#ececec'\n"
                     "set key at graph 0,%g left bottom Left reverse horizontal maxrows %d "
                     "samplen 1 textcolor '#333333'\n"
                     "set style textbox opaque noborder margins 0.3,0.3 fillcolor '#ffffff'\n",
                     p->left / w, (p->left + p->canvas.width) / w, p->bottom / h,
                     (p->bottom + p->canvas.height) / h,
                     1 + (p->narrow ? narrow_key_above : key_above) / p->canvas.height,
                     p->narrow ? 3 : 1);
    if (!is_text(p))
        asx_text_add(s, "set samples 300\n");
    asx_axis_script(s, &p->x, 'x', is_text(p) ? (int)(p->canvas.width / 10) : p->narrow ? 5 : 10);
    asx_axis_script(s, &p->y, 'y', is_text(p) ? (int)(p->canvas.height / 3) : p->narrow ? 6 : 8);
    if (p->narrow) { /* its description is longer than the axis */
        asx_text_add(s, "set ylabel '");
        asx_axis_name(s, &p->y, asx_objective_text(p->options->y));
        asx_text_add(s, "'\n");
    }
    if (is_text(p)) {
        asx_text_add(s, ASX_TEXT_Y_LABEL "'", 8);
        asx_axis_name(s, &p->y, NULL);
        asx_text_add(s, "'\n");
    }
}

static bool has_checked(const picture *p)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->point[i].checked)
            return true;
    return false;
}

static bool has_trained(const picture *p)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->point[i].trained && p->point[i].front)
            return true;
    return false;
}

static void add_title(asx_text *s, const picture *p)
{
    const char *title = p->options->title ? p->options->title : "";
    if (is_text(p)) { /* letters stand for markers, so this is the key */
        asx_text_add(
            s,
            "set label 'v: vn  n: near  i: in  .: dominated  *: baseline%s%s' at graph 0,1 "
            "offset character 0,2\nset label at graph 0,1 offset character 0,3 ",
            has_checked(p) ? "  o: measured" : "", has_trained(p) ? "  t: trained" : "");
    } else if (!asx_drawing_has_title(p->options)) {
        return; /* where space is short a caption says it */
    } else if (p->narrow) {
        asx_chart_title(s, p->options, (double)p->width, (double)p->height);
        return;
    } else {
        asx_text_add(s, "set label at graph 0,%.5f left font ',%g' textcolor '#111111' ",
                     1 + (title_above + p->title_extra) / p->canvas.height,
                     asx_drawing_fonts(p->options->format)->title);
        asx_chart_title_text(s, p->options, (double)p->width);
        asx_text_add(s, "\n");
        return;
    }
    asx_gnuplot_quote(s, title);
    asx_text_add(s, "\n");
}

/* The inner area of a terminal goes from the middle of a character to that of another; text begins
 * in the one on the right of text_x. */
static void add_text_place(asx_text *s, const picture *p, const label *l)
{
    if (is_text(p))
        asx_text_add(s, " at graph %.5f,%.5f", l->text_x / (p->canvas.width - 1),
                     (l->text_y - 0.5) / (p->canvas.height - 1));
    else
        asx_text_add(s, " at graph %.5f,%.5f", l->text_x / p->canvas.width,
                     l->text_y / p->canvas.height);
}

static void add_names(asx_text *s, const picture *p)
{
    for (size_t k = 0; k < p->n_stairs; k++) {
        const label *l = &p->label[k];
        char name[PICTURE_NAME_MAX + 1];
        if (l->side == 0)
            continue;
        asx_picture_name(name, asx_picture_text(&p->point[p->stair[k]]));
        if (l->leader)
            asx_text_add(s,
                         "set arrow from graph %.5f,%.5f to graph %.5f,%.5f nohead front "
                         "linewidth 0.7 linecolor rgb '#777777'\n",
                         l->line_x / p->canvas.width, l->line_y / p->canvas.height,
                         l->x / p->canvas.width, l->y / p->canvas.height);
        asx_text_add(s, "set label ");
        asx_gnuplot_quote(s, name);
        add_text_place(s, p, l);
        asx_text_add(s, " %s front%s", l->side < 0 ? "right" : "left",
                     is_text(p) ? "" : " boxed textcolor '#222222'");
        if (!is_text(p))
            asx_text_add(s, " font ',%g'", asx_drawing_fonts(p->options->format)->name);
        asx_text_add(s, "\n");
    }
}

/* One line of a data block: position, and what is shown when the mouse rests on the point. */
static void add_evaluation(asx_text *s, const picture *p, size_t i, const asx_evaluation *e)
{
    const double x = asx_evaluation_objective(e, p->options->x) / p->x.factor;
    const double y = asx_evaluation_objective(e, p->options->y) / p->y.factor;
    asx_text_add(s, "%.10g %.10g \"", x, y);
    for (const char *c = p->point[i].design; *c; c++)
        asx_text_add(s, "%c", *c == '"' || *c == '\\' || (unsigned char)*c < ' ' ? ' ' : *c);
    asx_text_add(s, "\\n%s %.4g %s, %s %.4g %s\"\n", asx_objective_text(p->options->x), x,
                 p->x.unit, asx_objective_text(p->options->y), y, p->y.unit);
}

static void add_point(asx_text *s, const picture *p, size_t i)
{
    add_evaluation(s, p, i, p->point[i].evaluation);
}

static size_t add_placement(asx_text *s, const picture *p, int placement)
{
    size_t count = 0;
    asx_text_add(s, "$front%d << EOD\n", placement);
    for (size_t i = 0; i < p->n; i++)
        if (p->point[i].front && !p->point[i].baseline && (int)p->point[i].placement == placement) {
            add_point(s, p, i);
            count++;
        }
    asx_text_add(s, "EOD\n");
    return count;
}

static const asx_plot_point *add_baseline(asx_text *s, const picture *p)
{
    const asx_plot_point *found = NULL;
    asx_text_add(s, "$baseline << EOD\n");
    for (size_t i = 0; i < p->n && !found; i++)
        if (p->point[i].baseline) {
            add_point(s, p, i);
            found = &p->point[i];
        }
    asx_text_add(s, "EOD\n");
    return found;
}

/* Where predicted designs lie when measured, and the way from one to the other. */
static size_t add_checked(asx_text *s, const picture *p)
{
    size_t count = 0;
    asx_text_add(s, "$way << EOD\n");
    for (size_t i = 0; i < p->n; i++)
        if (p->point[i].checked) {
            add_point(s, p, i);
            add_evaluation(s, p, i, p->point[i].checked);
            asx_text_add(s, "\n");
        }
    asx_text_add(s, "EOD\n$checked << EOD\n");
    for (size_t i = 0; i < p->n; i++)
        if (p->point[i].checked) {
            add_evaluation(s, p, i, p->point[i].checked);
            count++;
        }
    asx_text_add(s, "EOD\n");
    return count;
}

static size_t add_trained(asx_text *s, const picture *p)
{
    size_t count = 0;
    asx_text_add(s, "$trained << EOD\n");
    for (size_t i = 0; i < p->n; i++)
        if (p->point[i].trained && p->point[i].front) {
            add_point(s, p, i);
            count++;
        }
    asx_text_add(s, "EOD\n");
    return count;
}

/* A clause of the plot command. */
static void add_clause(asx_text *s, const picture *p, const char *block, const look *l,
                       const char *title, size_t count)
{
    bool hover = p->options->format == ASX_PLOT_SVG && count <= HOVER_MAX;
    double size = l->size * (p->options->format == ASX_PLOT_SVG ? 0.75 : 1.0) *
                  (l != &cloud_look && count > DENSE ? 0.5 : 1.0);
    if (count == 0)
        return;
    asx_text_add(s, ", \\\n  %s using 1:2", block);
    if (is_text(p))
        asx_text_add(s, ":('%s') with labels textcolor rgb '%s' notitle", l->letter, l->color);
    else
        asx_text_add(s, "%s pointtype %d pointsize %.3g linecolor rgb '%s' title ",
                     hover ? ":3 with labels hypertext point" : " with points", l->shape, size,
                     l->color);
    if (!is_text(p))
        asx_gnuplot_quote(s, title);
}

/* Left of it, or below, an exact search has proven that there is no design. */
static bool has_bound(const picture *p)
{
    return p->options->proven > 1 && !is_text(p);
}

static void add_bound(asx_text *s, const picture *p)
{
    const double factor = p->options->proven;
    asx_text_add(s, "EOD\n$bound << EOD\n");
    for (size_t k = 0; k < p->n_stairs && has_bound(p); k++)
        asx_text_add(s, "%.10g %.10g\n",
                     asx_picture_x(p, p->stair[k]) / (p->options->x == ASX_DROP ? 1 : factor),
                     asx_picture_y(p, p->stair[k]) / (p->options->y == ASX_DROP ? 1 : factor));
}

void asx_picture_script(asx_text *s, const picture *p, const char *output)
{
    static const char *const block[ASX_N_PLACEMENTS] = {"$front0", "$front1", "$front2"};
    size_t count[ASX_N_PLACEMENTS];
    char cloud_title[40], checked_title[40], trained_title[40],
        baseline_title[16 + PICTURE_NAME_MAX], name[PICTURE_NAME_MAX + 1];
    asx_text_add(s, "# made by asx; draws with gnuplot 5.4 or newer\n");
    asx_drawing_terminal(s, p->options, p->width, p->height, output);
    add_frame(s, p);
    add_title(s, p);
    add_names(s, p);
    asx_text_add(s, "$steps << EOD\n");
    for (size_t k = 0; k < p->n_stairs; k++)
        asx_text_add(s, "%.10g %.10g\n", asx_picture_x(p, p->stair[k]),
                     asx_picture_y(p, p->stair[k]));
    add_bound(s, p);
    asx_text_add(s, "EOD\n$cloud << EOD\n");
    for (size_t k = 0; k < p->n_cloud; k++)
        add_point(s, p, p->cloud[k]);
    asx_text_add(s, "EOD\n");
    for (int placement = 0; placement < ASX_N_PLACEMENTS; placement++)
        count[placement] = add_placement(s, p, placement);
    const size_t n_checked = add_checked(s, p);
    const size_t n_trained = add_trained(s, p);
    snprintf(trained_title, sizeof trained_title, "%zu trained", n_trained);
    const asx_plot_point *baseline = add_baseline(s, p);
    snprintf(checked_title, sizeof checked_title, "%zu measured", n_checked);
    snprintf(cloud_title, sizeof cloud_title, "%zu dominated", p->n_dominated);
    asx_picture_name(name, baseline ? baseline->design : "");
    snprintf(baseline_title, sizeof baseline_title, "baseline %s", name);

    /* a point outside the picture, so that there is always something to plot first */
    const bool curves =
        !is_text(p) && asx_picture_iso(s, p, asx_drawing_fonts(p->options->format)->name);
    asx_text_add(s, "plot NaN notitle");
    if (curves)
        asx_picture_iso_clauses(s, p);
    add_clause(s, p, "$cloud", &cloud_look, cloud_title, p->n_cloud);
    if (n_checked && !is_text(p))
        asx_text_add(s,
                     ", \\\n  $way using 1:2 with lines linewidth 0.6 linecolor '#777777' notitle");
    if (p->n_stairs > 1)
        asx_text_add(s, ", \\\n  $steps using 1:2 with steps %s notitle",
                     is_text(p) ? "" : "linewidth 1.2 linecolor '#666666'");
    if (has_bound(p) && p->n_stairs > 1)
        asx_text_add(s, ", \\\n  $bound using 1:2 with steps dashtype 3 linewidth 1.2 linecolor "
                        "'#cc79a7' title 'proven: no design beyond'");
    for (int placement = 0; placement < ASX_N_PLACEMENTS; placement++)
        add_clause(s, p, block[placement], &looks[placement], looks[placement].name,
                   count[placement]);
    add_clause(s, p, "$checked", &checked_look, checked_title, n_checked);
    add_clause(s, p, "$trained", &trained_look, trained_title, n_trained);
    add_clause(s, p, "$baseline", &baseline_look, baseline_title, baseline != NULL);
    asx_text_add(s, "\n");
}
