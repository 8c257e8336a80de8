/* Panels of points, lines and steps, side by side. */
#include <math.h>

#include "chart_script.h"
#include "results/chart.h"

enum { PANEL_HEIGHT = 520, ONE_WIDTH = 900, TWO_WIDTH = 620, MANY_WIDTH = 470 };
enum { LEFT = 76, RIGHT = 26, SHADES = 110, BOTTOM = 66, TOP = 96, HOVER_MAX = 20000 };

typedef struct panels {
    const asx_plot_options *options;
    const asx_chart_panel *panel;
    size_t n, width, height; /* of one panel */
} panels;

static bool is_text(const panels *p)
{
    return p->options->format == ASX_PLOT_TEXT;
}

static void add_axis(asx_text *s, const asx_chart_axis *a, char name)
{
    asx_text_add(s, "unset logscale %c\nset %ctics autofreq\nset autoscale %c\nset %clabel ", name,
                 name, name, name);
    asx_gnuplot_quote(s, a->label);
    asx_text_add(s, "\n");
    if (a->log)
        asx_text_add(s, "set logscale %c\nset format %c '%%g'\n", name, name);
    if (!a->tick)
        return;
    asx_text_add(s, "set %ctics (", name);
    for (size_t i = 0; i < a->n_ticks; i++) {
        asx_text_add(s, "%s", i ? ", " : "");
        asx_chart_string(s, a->tick[i]);
        asx_text_add(s, " %zu", i);
    }
    asx_text_add(s, ")\nset %crange [-0.35:%g]\n", name, (double)a->n_ticks - 0.65);
}

static void add_block(asx_text *s, const asx_chart_series *series, size_t at)
{
    asx_text_add(s, "$s%zu << EOD\n", at);
    for (size_t i = 0; i < series->n; i++) {
        if (isnan(series->x[i]) || isnan(series->y[i])) {
            asx_text_add(s, "\n");
            continue;
        }
        asx_text_add(s, "%.10g %.10g %.10g ", series->x[i], series->y[i],
                     series->shade ? series->shade[i] : 0);
        asx_chart_string(s, series->hover ? series->hover[i] : NULL);
        asx_text_add(s, "\n");
    }
    asx_text_add(s, "EOD\n");
}

static const char *color_of(const asx_chart_series *series)
{
    return series->color < 0 ? "#b0b0b0" : asx_chart_palette[series->color % ASX_CHART_COLORS];
}

static void add_title(asx_text *s, const asx_chart_series *series)
{
    if (!series->name) {
        asx_text_add(s, " notitle");
        return;
    }
    asx_text_add(s, " title ");
    asx_gnuplot_quote(s, series->name);
}

static void add_text_clause(asx_text *s, const asx_chart_series *series, size_t at, size_t k)
{
    if (series->style == ASX_CHART_POINTS || series->name)
        asx_text_add(s, ", \\\n  $s%zu using 1:2:('%c') with labels textcolor rgb '%s' notitle", at,
                     series->color < 0 ? '.' : asx_chart_letter(k), color_of(series));
    else
        asx_text_add(s, ", \\\n  $s%zu using 1:2 with lines linecolor rgb '%s' notitle", at,
                     color_of(series));
}

static void add_clause(asx_text *s, const panels *p, const asx_chart_series *series, size_t at,
                       size_t k)
{
    static const int shape[ASX_CHART_COLORS] = {7, 5, 9, 11, 13, 7, 5, 9};
    const char *color = color_of(series);
    const double svg = p->options->format == ASX_PLOT_SVG ? 0.75 : 1;
    const double size = svg * (series->color < 0 ? 0.4 : series->n > 150 ? 0.45 : 0.8);
    const int type = series->color < 0 ? 7 : shape[series->color % ASX_CHART_COLORS];
    if (series->n == 0)
        return;
    if (is_text(p)) {
        add_text_clause(s, series, at, k);
        return;
    }
    asx_text_add(s, ", \\\n  $s%zu using ", at);
    if (series->style == ASX_CHART_POINTS && series->shade)
        asx_text_add(s, "1:2:3 with points pointtype 7 pointsize %.3g linecolor palette",
                     1.5 * size);
    else if (series->style == ASX_CHART_POINTS)
        asx_text_add(s, "1:2 with points pointtype %d pointsize %.3g linecolor rgb '%s'", type,
                     size, color);
    else
        asx_text_add(s, "1:2 with %s linewidth 1.4 linecolor rgb '%s'",
                     series->style == ASX_CHART_LINES ? "lines" : "steps", color);
    add_title(s, series);
    if (series->hover && p->options->format == ASX_PLOT_SVG && series->n <= HOVER_MAX)
        asx_text_add(s,
                     ", \\\n  $s%zu using 1:2:4 with labels hypertext point pointtype 7 pointsize "
                     "%.3g linecolor rgb '#ff000000' notitle",
                     at, size);
}

/* Letters stand for series: the key of a picture of characters. */
static void add_text_key(asx_text *s, const panels *p, const asx_chart_panel *panel)
{
    asx_text key = {0};
    for (size_t k = 0; k < panel->n_series; k++)
        if (panel->series[k].name && panel->series[k].n)
            asx_text_add(&key, "%c: %s  ", panel->series[k].color < 0 ? '.' : asx_chart_letter(k),
                         panel->series[k].name);
    asx_text_add(s, "set label 1001 ");
    asx_gnuplot_quote(s, key.s);
    asx_text_add(s, " at graph 0,1 offset character 0,1\nset label 1000 ");
    asx_gnuplot_quote(s, panel == p->panel && p->options->title ? p->options->title : panel->title);
    asx_text_add(s, " at graph 0,1 offset character 0,2\n");
    s->failed |= key.failed;
    asx_text_fini(&key);
}

static void add_panel(asx_text *s, const panels *p, size_t i)
{
    const asx_chart_panel *panel = &p->panel[i];
    const double w = (double)(p->n * p->width), h = (double)p->height;
    const double left = (double)(i * p->width);
    const double right = panel->shade_label && !is_text(p) ? SHADES : RIGHT;
    if (is_text(p)) {
        asx_text_add(s, "set lmargin 9\nset rmargin 2\nset bmargin 4\nset tmargin 3\nunset key\n");
        add_text_key(s, p, panel);
    } else {
        asx_chart_frame(s, w, h, left + LEFT, w - left - (double)p->width + right, BOTTOM, TOP);
        if (i == 0)
            asx_chart_title(s, p->options, w, h);
        else
            asx_text_add(s, "unset label 1000\n");
        asx_text_add(s, "set title ");
        asx_gnuplot_quote(s, panel->title);
        asx_text_add(s, " offset character 0,1.6\n");
        if (panel->shade_label)
            asx_chart_shades(s, panel->shade_label);
    }
    add_axis(s, &panel->x, 'x');
    add_axis(s, &panel->y, 'y');
    asx_text_add(s, "plot NaN notitle");
    if (panel->diagonal)
        asx_text_add(s, ", \\\n  x with lines linewidth 1 linecolor rgb '#999999' notitle");
    for (size_t k = 0; k < panel->n_series; k++)
        add_clause(s, p, &panel->series[k], 100 * i + k, k);
    asx_text_add(s, "\n");
}

static void make_script(asx_text *s, const void *state, const char *output)
{
    const panels *p = state;
    asx_text_add(s, "# made by asx; draws with gnuplot 5.4 or newer\n");
    asx_drawing_terminal(s, p->options, (is_text(p) ? 1 : p->n) * p->width, p->height, output);
    asx_text_add(s, "set encoding utf8\nset samples 2\n");
    for (size_t i = 0; i < p->n; i++)
        for (size_t k = 0; k < p->panel[i].n_series; k++)
            add_block(s, &p->panel[i].series[k], 100 * i + k);
    if (!is_text(p) && p->n > 1)
        asx_text_add(s, "set multiplot\n");
    for (size_t i = 0; i < p->n; i++)
        add_panel(s, p, i);
    if (!is_text(p) && p->n > 1)
        asx_text_add(s, "unset multiplot\n");
}

asx_status asx_plot_panels(const asx_plot_options *options, const asx_chart_panel *panel, size_t n,
                           asx_error *err)
{
    panels p = {options, panel, n, 0, PANEL_HEIGHT};
    size_t n_points = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < panel[i].n_series; k++)
            for (size_t j = 0; j < panel[i].series[k].n; j++)
                n_points += isfinite(panel[i].series[k].x[j]) && isfinite(panel[i].series[k].y[j]);
    if (n_points == 0)
        return asx_fail(err, ASX_EINVAL, "there is nothing to plot: no points");
    asx_status status = asx_drawing_check(options, err);
    if (status != ASX_OK)
        return status;
    p.width = n == 1 ? ONE_WIDTH : n == 2 ? TWO_WIDTH : MANY_WIDTH;
    if (options->format == ASX_PLOT_TEXT)
        asx_drawing_text_size(&p.width, &p.height, options);
    return asx_drawing_make(options, make_script, &p, err);
}
