/* Lines of equal worth behind a front, against the baseline: equal savings where one axis is a cost
 * and the other the drop, equal products (energy times delay) where both are costs. */
#include <math.h>
#include <string.h>

#include "drawing.h"
#include "picture.h"

static const struct {
    double share; /* of the baseline's cost, or of the product of its costs */
    const char *saving, *product;
} isos[] = {{0.1, "90 % saved", "1/10"},
            {0.25, "75 % saved", "1/4"},
            {0.5, "50 % saved", "1/2"},
            {0.75, "25 % saved", "3/4"},
            {1, "baseline", "baseline: x\xc2\xb7y"}};

enum { N_ISOS = sizeof isos / sizeof *isos };

static const char line_look[] = "dashtype 2 linewidth 0.9 linecolor rgb '#a8a8a8'";

static const asx_plot_point *find_baseline(const picture *p)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->point[i].baseline)
            return &p->point[i];
    return NULL;
}

/* Where the labels stand there is no name of a design: outside the frame. */
static void add_saving(asx_text *s, const picture *p, double share, const char *name, char which,
                       double baseline, double *from)
{
    const axis *a = which == 'x' ? &p->x : &p->y;
    const double at = share * baseline / a->factor, where = asx_axis_at(a, at);
    const double font = asx_drawing_fonts(p->options->format)->name;
    if (!(where > 0.02 && where < 0.98))
        return;
    if (which == 'x')
        asx_text_add(s, "set arrow from first %.10g,graph 0 to first %.10g,graph 1", at, at);
    else
        asx_text_add(s, "set arrow from graph 0,first %.10g to graph 1,first %.10g", at, at);
    asx_text_add(s, " nohead back %s\n", line_look);
    /* names never cover each other: one that has no room is left out, its line is not */
    const double half = 0.5 * p->canvas.char_width * (double)(strlen(name) + 1);
    const double middle = where * p->canvas.width;
    if (which == 'x' && middle - half < *from)
        return;
    *from = middle + half;
    asx_text_add(s, "set label '%s' at ", name);
    if (which == 'x')
        asx_text_add(s, "first %.10g,graph 1.018 center", at);
    else
        asx_text_add(s, "graph 0.995,first %.10g right offset character 0,0.5", at);
    asx_text_add(s, " font ',%g' textcolor '#777777'\n", font);
}

/* x * y = c leaves the frame at its top or at its left. */
static void add_product(asx_text *s, const picture *p, double share, const char *name, double c,
                        double font)
{
    const double product = share * c, at_top = product / p->y.high, at_left = product / p->x.low;
    if (at_top > p->x.low && at_top < p->x.high)
        asx_text_add(s, "set label '%s' at first %.10g,graph 1.018 center", name, at_top);
    else if (at_left > p->y.low && at_left < p->y.high)
        asx_text_add(s, "set label '%s' at first %.10g,%.10g left offset character 0.5,0.4", name,
                     p->x.low, at_left);
    else
        return;
    asx_text_add(s, " font ',%g' textcolor '#777777'\n", font);
}

bool asx_picture_iso(asx_text *s, const picture *p, double font)
{
    const asx_plot_point *b = find_baseline(p);
    const bool x_cost = p->options->x != ASX_DROP, y_cost = p->options->y != ASX_DROP;
    if (!b)
        return false;
    const double x = asx_evaluation_objective(b->evaluation, p->options->x);
    const double y = asx_evaluation_objective(b->evaluation, p->options->y);
    double from = -INFINITY; /* where there is room for the next name, along x */
    for (int i = 0; i < N_ISOS; i++) {
        if (x_cost && y_cost)
            add_product(s, p, isos[i].share, isos[i].product, x / p->x.factor * (y / p->y.factor),
                        font);
        else if (x_cost)
            add_saving(s, p, isos[i].share, isos[i].saving, 'x', x, &from);
        else
            add_saving(s, p, isos[i].share, isos[i].saving, 'y', y, &from);
    }
    return x_cost && y_cost;
}

void asx_picture_iso_clauses(asx_text *s, const picture *p)
{
    const asx_plot_point *b = find_baseline(p);
    const double c = asx_evaluation_objective(b->evaluation, p->options->x) / p->x.factor *
                     (asx_evaluation_objective(b->evaluation, p->options->y) / p->y.factor);
    for (int i = 0; i < N_ISOS; i++)
        asx_text_add(s, ", \\\n  %.10g/x with lines %s notitle", isos[i].share * c, line_look);
}
