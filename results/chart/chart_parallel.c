/* Parallel coordinates. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "axis.h"
#include "chart_script.h"
#include "dse/memory.h"
#include "numbers.h"
#include "results/chart.h"

enum { WIDTH = 980, HEIGHT = 540, SIDE = 70, RIGHT = 130, BOTTOM = 64, TOP = 66 };
/* Of a given width; in a column the first axis says what colours mean, and there is no scale of them. */
enum { CLOSE_SIDE = 56, CLOSE_BOTTOM = 50, CLOSE_TOP = 54, NARROW_TOP = 14, NARROW_RIGHT = 40 };
enum { TICKS = 7, MANY = 150, VERY_MANY = 800, GAUGE = 10 };

typedef struct parallel {
    const asx_plot_options *options;
    const asx_chart_parallel *c;
    axis axis[ASX_N_OBJECTIVES];
    double width, height, side, right, bottom, top;
    bool narrow;
} parallel;

static double shown(const parallel *p, size_t line, size_t k)
{
    return p->c->value[line * p->c->n_axes + k] / p->axis[k].factor;
}

static asx_status make_axes(parallel *p, asx_error *err)
{
    const asx_chart_parallel *c = p->c;
    if (c->n == 0)
        return asx_fail(err, ASX_EINVAL, "there is nothing to plot: no lines");
    if (c->n_axes < 2 || c->n_axes > ASX_N_OBJECTIVES)
        return asx_fail(err, ASX_EINVAL, "%zu axes, not 2 to %d", c->n_axes, ASX_N_OBJECTIVES);
    for (size_t k = 0; k < c->n_axes; k++) {
        double low = INFINITY, high = -INFINITY;
        for (size_t i = 0; i < c->n; i++) {
            const double v = c->value[i * c->n_axes + k];
            if (!isfinite(v))
                return asx_fail(err, ASX_EINVAL, "line %zu has a value that is not finite", i + 1);
            low = fmin(low, v);
            high = fmax(high, v);
        }
        p->axis[k] = asx_axis_make(c->objective[k], p->options->score, low, high);
    }
    return ASX_OK;
}

static void add_lines(asx_text *s, const parallel *p)
{
    asx_text_add(s, "$lines << EOD\n");
    for (size_t i = 0; i < p->c->n; i++) {
        asx_text hover = {0};
        asx_text_add(&hover, "%s", p->c->hover ? p->c->hover[i] : "");
        for (size_t k = 0; k < p->c->n_axes; k++)
            asx_text_add(&hover, "\n%s %.4g %s", asx_objective_text(p->c->objective[k]),
                         shown(p, i, k), p->axis[k].unit);
        for (size_t k = 0; k < p->c->n_axes; k++) {
            asx_text_add(s, "%zu %.6f %.6f ", k, asx_axis_at(&p->axis[k], shown(p, i, k)),
                         asx_axis_at(&p->axis[0], shown(p, i, 0)));
            asx_chart_string(s, hover.s);
            asx_text_add(s, "\n");
        }
        asx_text_add(s, "\n");
        s->failed |= hover.failed;
        asx_text_fini(&hover);
    }
    asx_text_add(s, "EOD\n");
}

/* gnuplot has one y axis: the others are arrows with labels for ticks. */
static void add_axes(asx_text *s, const parallel *p)
{
    asx_text_add(s, "set xtics scale 0 (");
    for (size_t k = 0; k < p->c->n_axes; k++)
        asx_text_add(s, "%s\"%s\\n(%s)\" %zu", k ? ", " : "",
                     asx_objective_text(p->c->objective[k]), p->axis[k].unit, k);
    asx_text_add(s, ")\nset style textbox opaque noborder margins 0.2,0.2 fillcolor '#ffffff'\n");
    for (size_t k = 0; k < p->c->n_axes; k++) {
        asx_text_add(s, "set arrow from %zu,0 to %zu,1 nohead front linecolor '#555555'\n", k, k);
        asx_axis_labels(s, &p->axis[k], (double)k, TICKS);
    }
}

static void lay_out(parallel *p)
{
    p->narrow = asx_drawing_is_narrow(p->options);
    p->width = (double)asx_drawing_width(p->options, WIDTH);
    p->height = HEIGHT;
    p->side = SIDE;
    p->right = RIGHT;
    p->bottom = BOTTOM;
    p->top = TOP;
    const double extra = asx_chart_title_extra(p->options, p->width);
    p->top += extra;
    p->height += extra;
    if (!(p->options->width_cm > 0))
        return;
    p->height = fmin(HEIGHT, (p->narrow ? 0.7 : 0.5) * p->width) + extra;
    p->side = CLOSE_SIDE;
    p->right = p->narrow ? NARROW_RIGHT : RIGHT;
    p->bottom = CLOSE_BOTTOM;
    p->top = (asx_drawing_has_title(p->options) ? CLOSE_TOP : NARROW_TOP) + extra;
}

static void make_script(asx_text *s, const void *state, const char *output)
{
    const parallel *p = state;
    const size_t n = p->c->n;
    asx_text_add(s, "# made by asx; draws with gnuplot 5.4 or newer\n");
    asx_drawing_terminal(s, p->options, (size_t)p->width, (size_t)p->height, output);
    asx_text_add(s, "set encoding utf8\n");
    asx_chart_frame(s, p->width, p->height, p->side, p->right, p->bottom, p->top);
    asx_chart_colors(s);
    asx_axis_color_script(s, &p->axis[0], TICKS);
    if (p->narrow)
        asx_text_add(s, "unset colorbox\n");
    if (!p->narrow || asx_drawing_has_title(p->options))
        asx_chart_title(s, p->options, p->width, p->height);
    asx_text_add(s,
                 "unset key\nunset grid\nset border 0\nunset ytics\nset xrange [-0.1:%g]\nset "
                 "yrange [0:1]\n",
                 (double)p->c->n_axes - 0.9);
    add_axes(s, p);
    add_lines(s, p);
    asx_text_add(s, "plot $lines using 1:2:3 with lines linewidth %g linecolor palette",
                 n > VERY_MANY ? 0.25
                 : n > MANY    ? 0.5
                               : 1.3);
    if (p->options->format == ASX_PLOT_SVG)
        asx_text_add(s, ", \\\n  $lines using 1:2:4 with labels hypertext point pointtype 7 "
                        "pointsize 0.5 linecolor rgb '#ff000000' notitle");
    asx_text_add(s, "\n");
}

/* Where a line lies between the least and the largest of an axis. */
static double share(const parallel *p, size_t line, size_t k)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < p->c->n; i++) {
        const double at = asx_axis_at(&p->axis[k], shown(p, i, k));
        low = fmin(low, at);
        high = fmax(high, at);
    }
    return high > low ? (asx_axis_at(&p->axis[k], shown(p, line, k)) - low) / (high - low) : 0;
}

/* One design per line, a gauge per axis: as many designs as there is room for, spread evenly. */
static void make_text(asx_text *s, const parallel *p)
{
    const asx_chart_parallel *c = p->c;
    size_t width, height, n_name = 0;
    asx_drawing_text_size(&width, &height, p->options);
    const size_t room = height - 4, n = c->n < room ? c->n : room;
    for (size_t i = 0; i < c->n; i++)
        n_name = strlen(c->name[i]) > n_name ? strlen(c->name[i]) : n_name;
    asx_text_add(s, "%s\n", p->options->title ? p->options->title : "");
    asx_text_add(s, "each gauge: from the least (empty) to the largest (full) of the front\n%*s",
                 (int)n_name, "");
    for (size_t k = 0; k < c->n_axes; k++)
        asx_text_add(s, "  %-*s", GAUGE, asx_objective_text(c->objective[k]));
    asx_text_add(s, "\n");
    for (size_t j = 0; j < n; j++) {
        const size_t i = n < 2 ? 0 : j * (c->n - 1) / (n - 1);
        asx_text_add(s, "%-*s", (int)n_name, c->name[i]);
        for (size_t k = 0; k < c->n_axes; k++) {
            const int full = (int)(GAUGE * share(p, i, k) + 0.5);
            asx_text_add(s, "  ");
            for (int g = 0; g < GAUGE; g++)
                asx_text_add(s, "%c", g < full ? '#' : '.');
        }
        asx_text_add(s, "\n");
    }
}

asx_status asx_plot_parallel(const asx_plot_options *options, const asx_chart_parallel *c,
                             asx_error *err)
{
    parallel p = {.options = options, .c = c};
    asx_status status = make_axes(&p, err);
    if (status == ASX_OK)
        status = asx_drawing_check(options, err);
    if (status != ASX_OK)
        return status;
    lay_out(&p);
    if (options->format != ASX_PLOT_TEXT && options->format != ASX_PLOT_CSV)
        return asx_drawing_make(options, make_script, &p, err);
    asx_text text = {0};
    if (options->format == ASX_PLOT_CSV)
        asx_numbers_parallel(&text, c);
    else
        make_text(&text, &p);
    status = asx_drawing_text(options, &text, err);
    asx_text_fini(&text);
    return status;
}
