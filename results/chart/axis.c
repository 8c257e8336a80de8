/* Units, scales and ticks of an axis. */
#include "axis.h"

#include <math.h>

typedef struct unit {
    double factor;
    const char *name;
    double from; /* used when the largest value, so shown, is at least this */
} unit;

/* Coarsest first; the last serves whatever is left. */
static const unit units[ASX_N_OBJECTIVES][5] = {
    [ASX_DROP] = {{1, "points", 0}},
    [ASX_ENERGY] =
        {{1e12, "J", 1}, {1e9, "mJ", 1}, {1e6, "\xc2\xb5J", 1}, {1e3, "nJ", 1}, {1, "pJ", 0}},
    [ASX_LATENCY] = {{1e9, "s", 1}, {1e6, "ms", 1}, {1e3, "\xc2\xb5s", 1}, {1, "ns", 0}},
    [ASX_AREA] = {{1e6, "mm\xc2\xb2", 0.02}, {1, "\xc2\xb5m\xc2\xb2", 0}},
    [ASX_ENERGY_DELAY] = {{1e3, "\xc2\xb5J s", 1}, {1, "nJ s", 0.1}, {1e-3, "pJ s", 0}},
    [ASX_POWER] = {{1e3, "W", 1}, {1, "mW", 0.1}, {1e-3, "\xc2\xb5W", 0}},
    [ASX_STORAGE] = {{1e9, "Gbit", 1}, {1e6, "Mbit", 1}, {1e3, "kbit", 1}, {1, "bit", 0}},
};

static const double log_span = 5, asinh_span = 8; /* from where on a straight scale hides much */

static double stretch(const axis *a, double shown)
{
    return a->scale == AXIS_LOG     ? log(shown)
           : a->scale == AXIS_ASINH ? asinh(shown / a->knee)
                                    : shown;
}

static double relax(const axis *a, double t)
{
    return a->scale == AXIS_LOG ? exp(t) : a->scale == AXIS_ASINH ? a->knee * sinh(t) : t;
}

axis asx_axis_make(asx_objective objective, const asx_score *score, double low, double high)
{
    const bool other = objective == ASX_DROP && score;
    axis a = {.help = other ? asx_score_drop_help(score) : asx_objective_help(objective),
              .knee = other ? score->point : 1};
    const unit *u = units[objective];
    double largest = fmax(fabs(low), fabs(high));
    while (largest < u->from * u->factor)
        u++;
    a.factor = u->factor;
    a.unit = other ? asx_score_drop_unit(score) : u->name;
    low /= a.factor;
    high /= a.factor;
    if (objective == ASX_DROP)
        a.scale = high - low > asinh_span * a.knee ? AXIS_ASINH : AXIS_LINEAR;
    else
        a.scale = low > 0 && high / low > log_span ? AXIS_LOG : AXIS_LINEAR;
    double from = stretch(&a, low), to = stretch(&a, high);
    double margin = to > from
                        ? 0.06 * (to - from)
                        : fmax(0.05 * fabs(to), a.scale == AXIS_LINEAR ? 0.05 * a.knee : 0.05);
    a.low = relax(&a, from - margin);
    a.high = relax(&a, to + margin);
    if (a.scale == AXIS_LINEAR && objective != ASX_DROP && low < 0.4 * high)
        a.low = 0; /* so near to zero that zero should be seen */
    return a;
}

void asx_axis_name(asx_text *out, const axis *a, const char *help)
{
    asx_text_add(out, "%s", help ? help : a->help);
    if (*a->unit)
        asx_text_add(out, " (%s)", a->unit);
}

double asx_axis_at(const axis *a, double shown)
{
    double low = stretch(a, a->low);
    return (stretch(a, shown) - low) / (stretch(a, a->high) - low);
}

double asx_axis_step(double range, int n)
{
    double raw = range / n, power = pow(10, floor(log10(raw)));
    double digit = raw / power;
    return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
}

/* Ticks as they are added: nearer to the last one than `gap` there is no room for another. */
typedef struct ticks {
    asx_text *script;
    const axis *a;
    enum { BY_VALUE, BY_SHARE, AS_LABEL } place; /* share: asx_axis_at */
    double x;                                    /* of labels */
    double last, gap;
} ticks;

static void add_tick(ticks *t, double shown)
{
    if (shown < t->a->low || shown > t->a->high)
        return;
    const double at = asx_axis_at(t->a, shown);
    if (at - t->last < t->gap)
        return;
    if (t->place == AS_LABEL)
        asx_text_add(t->script,
                     "set label '%.10g' at %.10g,%.10g right offset character -0.7,0 front boxed\n",
                     shown, t->x, at);
    else
        asx_text_add(t->script, "%s'%.10g' %.10g", t->last < -1 ? "" : ", ", shown,
                     t->place == BY_SHARE ? at : shown);
    t->last = at;
}

static void add_ticks(ticks t, int n)
{
    const axis *a = t.a;
    static const double few[] = {1, 2, 5}, many[] = {1, 1.5, 2, 3, 4, 5, 6, 8};
    bool wide = a->scale == AXIS_ASINH || a->high > 15 * a->low;
    const double *digits = wide ? few : many;
    int n_digits = wide ? 3 : 8;
    t.last = -2;
    t.gap = 0.35 / n;
    if (a->scale == AXIS_LINEAR) {
        double step = asx_axis_step(a->high - a->low, n);
        t.gap = 0;
        for (double k = ceil(a->low / step); k * step <= a->high; k++)
            add_tick(&t, k == 0 ? 0 : k * step);
        return;
    }
    /* an axis of drops may end below zero */
    int high = a->high > 0 ? (int)ceil(log10(a->high)) : 0,
        low = a->scale == AXIS_LOG ? (int)log10(a->low) - 1 : (int)floor(log10(a->knee));
    if (a->scale == AXIS_ASINH) {
        for (int i = 2; i >= 0; i--)
            add_tick(&t, -digits[i] * pow(10, low));
        add_tick(&t, 0);
    }
    for (int power = low; power <= high; power++)
        for (int i = 0; i < n_digits; i++)
            add_tick(&t, digits[i] * pow(10, power));
}

void asx_axis_script(asx_text *script, const axis *a, char name, int n_ticks)
{
    if (a->scale == AXIS_LOG)
        asx_text_add(script, "set logscale %c\n", name);
    if (a->scale == AXIS_ASINH && a->knee == 1)
        asx_text_add(script, "set nonlinear %c via asinh(%c) inverse sinh(%c)\n", name, name, name);
    else if (a->scale == AXIS_ASINH)
        asx_text_add(script, "set nonlinear %c via asinh(%c/%.10g) inverse %.10g*sinh(%c)\n", name,
                     name, a->knee, a->knee, name);
    asx_text_add(script, "set %crange [%.10g:%.10g]\nset %ctics (", name, a->low, a->high, name);
    add_ticks((ticks){.script = script, .a = a}, n_ticks);
    asx_text_add(script, ")\nset %clabel '", name);
    asx_axis_name(script, a, NULL);
    asx_text_add(script, "'\n");
}

void asx_axis_color_script(asx_text *script, const axis *a, int n_ticks)
{
    asx_text_add(script, "set cbrange [0:1]\nset cbtics (");
    add_ticks((ticks){.script = script, .a = a, .place = BY_SHARE}, n_ticks);
    asx_text_add(script, ")\nset cblabel '");
    asx_axis_name(script, a, NULL);
    asx_text_add(script, "' offset character 1,0\n");
}

void asx_axis_labels(asx_text *script, const axis *a, double x, int n_ticks)
{
    add_ticks((ticks){.script = script, .a = a, .place = AS_LABEL, .x = x}, n_ticks);
}
