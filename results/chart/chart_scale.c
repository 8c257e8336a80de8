#include "chart_scale.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "chart_script.h"

typedef struct range {
    double low, high;
} range;

static void widen(range *r, const double *value, size_t n)
{
    for (size_t i = 0; value && i < n; i++)
        if (isfinite(value[i])) {
            r->low = fmin(r->low, value[i]);
            r->high = fmax(r->high, value[i]);
        }
}

static range range_of(const asx_chart_panel *panel, chart_direction direction)
{
    range r = {INFINITY, -INFINITY};
    for (size_t k = 0; k < panel->n_series; k++) {
        const asx_chart_series *s = &panel->series[k];
        if (direction == CHART_X || (direction == CHART_Y && panel->diagonal))
            widen(&r, s->x, s->n);
        if (direction == CHART_Y || (direction == CHART_X && panel->diagonal)) {
            widen(&r, s->y, s->n);
            widen(&r, s->y_low, s->n);
            widen(&r, s->y_high, s->n);
        }
        if (direction == CHART_SHADE)
            widen(&r, s->shade, s->n);
    }
    return r;
}

asx_chart_axis asx_chart_objective(asx_objective objective)
{
    return (asx_chart_axis){.is_objective = true, .objective = objective};
}

void asx_chart_scales_make(chart_scale *scale, const asx_chart_panel *panel, const asx_score *score)
{
    const asx_chart_axis *const of[CHART_DIRECTIONS] = {&panel->x, &panel->y, &panel->shade};
    for (int d = 0; d < CHART_DIRECTIONS; d++) {
        scale[d] = (chart_scale){.of = of[d], .factor = 1};
        const range r = range_of(panel, (chart_direction)d);
        scale[d].low = r.low;
        scale[d].high = r.high;
        scale[d].thousands = r.high >= 1e4 && r.low >= 0 && r.low < r.high / 10;
        if (!of[d]->is_objective || r.low > r.high)
            continue;
        scale[d].objective = asx_axis_make(of[d]->objective, score, r.low, r.high);
        scale[d].factor = scale[d].objective.factor;
        if (of[d]->label)
            scale[d].objective.help = of[d]->label;
    }
}

void asx_chart_scale_shorten(chart_scale *scale)
{
    if (scale->of->is_objective && !scale->of->label)
        scale->objective.help = asx_objective_text(scale->of->objective);
}

static double step_of(const chart_scale *scale, int n_ticks)
{
    return asx_axis_step(scale->high - scale->low, n_ticks > 1 ? n_ticks : 1);
}

size_t asx_chart_scale_tick_chars(const chart_scale *scale, int n_ticks)
{
    enum { USUAL = 4, LOG = 6 };
    size_t most = 0;
    for (size_t i = 0; i < scale->of->n_ticks && scale->of->tick; i++)
        most = strlen(scale->of->tick[i]) > most ? strlen(scale->of->tick[i]) : most;
    if (most > 0)
        return most;
    if (scale->of->is_objective || scale->thousands || !(scale->high > scale->low))
        return USUAL;
    if (scale->of->log)
        return LOG;
    const double step = step_of(scale, n_ticks), end[] = {scale->low, scale->high};
    const int decimals = (int)fmax(0, ceil(-log10(step) - 1e-9));
    for (int i = 0; i < 2; i++) {
        const int n = snprintf(NULL, 0, "%.*f", decimals, end[i]);
        most = (size_t)n > most ? (size_t)n : most;
    }
    return most;
}

static void add_names(asx_text *s, const asx_chart_axis *a, bool upright, char name)
{
    asx_text_add(s, "set %ctics %s (", name, upright ? "rotate by 90 right" : "norotate");
    for (size_t i = 0; i < a->n_ticks; i++) {
        asx_text_add(s, "%s", i ? ", " : "");
        asx_text tick = {0};
        for (const char *c = a->tick[i]; *c; c++)
            asx_text_add(&tick, "%c", upright && *c == '\n' ? ' ' : *c);
        asx_chart_string(s, tick.s);
        asx_text_add(s, " %zu", i);
        s->failed |= tick.failed;
        asx_text_fini(&tick);
    }
    asx_text_add(s, ")\nset %crange [-0.35:%g]\n", name, (double)a->n_ticks - 0.65);
}

/* Panels share one gnuplot: what an earlier one may have set is taken back first. */
void asx_chart_scale_script(asx_text *s, const chart_scale *scale, chart_direction direction,
                            int n_ticks)
{
    const asx_chart_axis *a = scale->of;
    if (direction == CHART_SHADE) {
        if (a->is_objective) {
            asx_axis_color_script(s, &scale->objective, n_ticks);
        } else {
            asx_text_add(s, "set cbrange [*:*]\nset cbtics autofreq\nset cblabel ");
            asx_gnuplot_quote(s, a->label);
            asx_text_add(s, " offset character 1,0\n");
        }
        return;
    }
    const char name = direction == CHART_X ? 'x' : 'y';
    asx_text_add(s, "unset logscale %c\nunset nonlinear %c\n", name, name);
    if (a->is_objective) {
        asx_axis_script(s, &scale->objective, name, n_ticks);
        return;
    }
    if (scale->high > scale->low && !a->log) /* gnuplot does not look at how wide a panel is */
        asx_text_add(s, "set %ctics %.10g\n", name, step_of(scale, n_ticks));
    else
        asx_text_add(s, "set %ctics autofreq\n", name);
    asx_text_add(s, "set autoscale %c\nset %clabel ", name, name);
    asx_gnuplot_quote(s, a->label);
    asx_text_add(s, "\n");
    /* whole thousands only: gnuplot's own ticks are 1000 apart at least there */
    asx_text_add(s, "set format %c '%s'\n", name, scale->thousands ? "%.0s%c" : "%g");
    if (a->log)
        asx_text_add(s, "set logscale %c\nset format %c '%%g'\n", name, name);
    if (a->tick)
        add_names(s, a, scale->upright, name);
}

double asx_chart_scale_value(const chart_scale *scale, chart_direction direction, double value)
{
    const double shown = value / scale->factor;
    return direction == CHART_SHADE && scale->of->is_objective
               ? asx_axis_at(&scale->objective, shown)
               : shown;
}

void asx_chart_scale_text(asx_text *text, const chart_scale *scale, double value)
{
    if (scale->of->is_objective)
        asx_text_add(text, "\n%s %.4g %s", asx_objective_text(scale->of->objective),
                     value / scale->factor, scale->objective.unit);
}

void asx_chart_scale_label(asx_text *text, const chart_scale *scale)
{
    if (scale->of->is_objective)
        asx_axis_name(text, &scale->objective, NULL);
    else
        asx_text_add(text, "%s", scale->of->label ? scale->of->label : "");
}
