/* Panels of points, lines and steps, side by side. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "chart_script.h"
#include "dse/memory.h"
#include "numbers.h"
#include "panels_layout.h"

enum { HOVER_MAX = 20000, DENSE = 150 };

/* Columns: x, y, shade, hover, ends of the interval. */
static void add_block(asx_text *s, const panels *p, size_t panel, size_t k)
{
    const asx_chart_series *series = &p->panel[panel].series[k];
    const chart_scale *scale = p->scale[panel];
    asx_text_add(s, "$s%zu << EOD\n", 100 * panel + k);
    for (size_t i = 0; i < series->n; i++) {
        const double shade = series->shade ? series->shade[i] : 0;
        asx_text hover = {0};
        if (isnan(series->x[i]) || isnan(series->y[i])) {
            asx_text_add(s, "\n");
            continue;
        }
        asx_text_add(
            s, "%.10g %.10g %.10g ", asx_chart_scale_value(&scale[CHART_X], CHART_X, series->x[i]),
            asx_chart_scale_value(&scale[CHART_Y], CHART_Y, series->y[i]),
            series->shade ? asx_chart_scale_value(&scale[CHART_SHADE], CHART_SHADE, shade) : 0);
        if (series->hover && series->hover[i]) {
            asx_text_add(&hover, "%s", series->hover[i]);
            asx_chart_scale_text(&hover, &scale[CHART_X], series->x[i]);
            asx_chart_scale_text(&hover, &scale[CHART_Y], series->y[i]);
            if (series->shade)
                asx_chart_scale_text(&hover, &scale[CHART_SHADE], shade);
        }
        asx_chart_string(s, hover.s);
        if (series->y_low)
            asx_text_add(s, " %.10g %.10g", series->y_low[i] / scale[CHART_Y].factor,
                         series->y_high[i] / scale[CHART_Y].factor);
        asx_text_add(s, "\n");
        s->failed |= hover.failed;
        asx_text_fini(&hover);
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

static void add_points(asx_text *s, const asx_chart_series *series, size_t at, double size)
{
    static const int shape[ASX_CHART_SHAPES] = {7, 5, 9, 11, 13};
    const char *color = color_of(series);
    if (series->y_low)
        asx_text_add(s,
                     "1:2:5:6 with yerrorbars pointtype 0 linewidth 1 linecolor rgb '%s' notitle, "
                     "\\\n  $s%zu using ",
                     color, at);
    if (series->shade) /* with a rim: light colours too are seen */
        asx_text_add(s,
                     "1:2 with points pointtype 7 pointsize %.3g linecolor rgb '#555555' notitle, "
                     "\\\n  $s%zu using 1:2:3 with points pointtype 7 pointsize %.3g linecolor "
                     "palette",
                     1.5 * size, at, 1.2 * size);
    else
        asx_text_add(s, "1:2 with points pointtype %d pointsize %.3g linecolor rgb '%s'",
                     series->color < 0 ? 7 : shape[series->color % ASX_CHART_SHAPES], size, color);
}

static void add_clause(asx_text *s, const panels *p, const asx_chart_series *series, size_t at,
                       size_t k)
{
    const double svg = p->options->format == ASX_PLOT_SVG ? 0.75 : 1;
    const double size = svg * (series->color < 0 ? 0.4 : series->n > DENSE ? 0.45 : 0.8);
    if (series->n == 0)
        return;
    if (panels_is_text(p)) {
        add_text_clause(s, series, at, k);
        return;
    }
    asx_text_add(s, ", \\\n  $s%zu using ", at);
    if (series->style == ASX_CHART_POINTS)
        add_points(s, series, at, size);
    else if (series->shade)
        asx_text_add(s, "1:2:3 with lines linewidth %g linecolor palette",
                     series->n > 10 * DENSE ? 0.4 : 1.4);
    else
        asx_text_add(s, "1:2 with %s linewidth 1.4 linecolor rgb '%s'",
                     series->style == ASX_CHART_LINES ? "lines" : "steps", color_of(series));
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
    asx_text_add(s, " at graph 0,1 offset character 0,2\nset label 1000 ");
    asx_gnuplot_quote(s, panel == p->panel && p->options->title ? p->options->title : panel->title);
    asx_text_add(s, " at graph 0,1 offset character 0,%d\nset tmargin %d\n", key.n ? 3 : 2,
                 key.n ? 4 : 3);
    s->failed |= key.failed;
    asx_text_fini(&key);
}

static void add_text_label(asx_text *s, const chart_scale *y)
{
    asx_text label = {0};
    asx_chart_scale_label(&label, y);
    asx_text_add(s, ASX_TEXT_Y_LABEL, 9);
    asx_gnuplot_quote(s, label.s);
    asx_text_add(s, "\n");
    s->failed |= label.failed;
    asx_text_fini(&label);
}

static void add_drawn_frame(asx_text *s, const panels *p, size_t i)
{
    const asx_chart_panel *panel = &p->panel[i];
    const double w = panels_width(p), h = panels_height(p);
    const double left = (double)(i % p->columns * p->width);
    const double above = p->title + (double)(i / p->columns * p->height);
    size_t rows, columns;
    panels_key_size(&rows, &columns, p, panel);
    asx_chart_frame(s, w, h, left + (double)p->around.left,
                    w - left - (double)p->width + (double)panels_right(p, panel),
                    h - above - (double)p->height + (double)p->around.bottom, above + p->top);
    asx_text_add(s, "set key maxrows %zu maxcols %zu\nunset label 1001\n", rows ? rows : 1,
                 columns);
    if (i == 0 && p->title > PANELS_NO_TITLE)
        asx_chart_title(s, p->options, w, h);
    else
        asx_text_add(s, "unset label 1000\n");
    if (panel->title) {
        const double room =
            p->top - 4 - PANELS_LINE * (double)rows; /* the middle of the first line: */
        asx_text_add(s, "set label 1001 ");
        asx_chart_wrapped(s, panel->title, panels_title_chars(p));
        asx_text_add(s, " at screen %.5f,%.5f left\n", (left + (double)p->around.left) / w,
                     1 - (above + room - panels_title_height(p, panel) + 0.5 * PANELS_LINE) / h);
    }
    if (panel_has_shades(panel))
        asx_chart_colors(s);
}

static void add_panel(asx_text *s, const panels *p, size_t i)
{
    const asx_chart_panel *panel = &p->panel[i];
    const int across = panels_ticks_across(p, panel), up = panels_ticks_up(p);
    if (panels_is_text(p)) {
        asx_text_add(s, "set lmargin 9\nset rmargin 2\nset bmargin 4\nunset key\n");
        add_text_key(s, p, panel);
    } else {
        add_drawn_frame(s, p, i);
        if (panel_has_shades(panel))
            asx_chart_scale_script(s, &p->scale[i][CHART_SHADE], CHART_SHADE, up);
    }
    asx_chart_scale_script(s, &p->scale[i][CHART_X], CHART_X, across);
    asx_chart_scale_script(s, &p->scale[i][CHART_Y], CHART_Y, up);
    if (panels_is_text(p))
        add_text_label(s, &p->scale[i][CHART_Y]);
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
    asx_drawing_terminal(s, p->options, panels_is_text(p) ? p->width : (size_t)panels_width(p),
                         panels_is_text(p) ? p->height : (size_t)panels_height(p), output);
    asx_text_add(s, "set encoding utf8\nset samples 2\nset errorbars 0\n");
    for (size_t i = 0; i < p->n; i++)
        for (size_t k = 0; k < p->panel[i].n_series; k++)
            add_block(s, p, i, k);
    if (!panels_is_text(p) && p->n > 1)
        asx_text_add(s, "set multiplot\n");
    for (size_t i = 0; i < p->n; i++)
        add_panel(s, p, i);
    if (!panels_is_text(p) && p->n > 1)
        asx_text_add(s, "unset multiplot\n");
}

static asx_status check(const asx_plot_options *options, const asx_chart_panel *panel, size_t n,
                        asx_error *err)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < panel[i].n_series; k++)
            for (size_t j = 0; j < panel[i].series[k].n; j++)
                if (isfinite(panel[i].series[k].x[j]) && isfinite(panel[i].series[k].y[j]))
                    return asx_drawing_check(options, err);
    return asx_fail(err, ASX_EINVAL, "there is nothing to plot: no points");
}

static asx_status write_numbers(const panels *p, asx_error *err)
{
    asx_text text = {0};
    asx_numbers_panels(&text, p->panel, p->n);
    const asx_status status = asx_drawing_text(p->options, &text, err);
    asx_text_fini(&text);
    return status;
}

asx_status asx_plot_panels(const asx_plot_options *options, const asx_chart_panel *panel, size_t n,
                           asx_error *err)
{
    panels p = {.options = options, .panel = panel, .n = n, .sized = options->width_cm > 0};
    asx_status status = check(options, panel, n, err);
    if (status != ASX_OK)
        return status;
    if (options->format == ASX_PLOT_CSV)
        return write_numbers(&p, err);
    p.scale = asx_array_new(n, sizeof *p.scale);
    if (!p.scale)
        return asx_fail(err, ASX_ENOMEM, "no memory for a plot");
    for (size_t i = 0; i < n; i++)
        asx_chart_scales_make(p.scale[i], &panel[i], options->score);
    panels_lay_out(&p);
    status = asx_drawing_make(options, make_script, &p, err);
    free(p.scale);
    return status;
}
