/* Pictures over objectives: fronts by word length and set size, parallel coordinates, and the pairs
 * of three objectives. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "plot_kinds.h"
#include "results/chart.h"
#include "search/pareto.h"

const char *plot_axis_label(asx_objective objective)
{
    static const char *const label[ASX_N_OBJECTIVES] = {[ASX_DROP] = "accuracy drop (points)",
                                                        [ASX_ENERGY] = "energy per inference (uJ)",
                                                        [ASX_LATENCY] = "time per inference (us)",
                                                        [ASX_AREA] = "area (mm2)",
                                                        [ASX_STORAGE] = "weight storage (kbit)"};
    return label[objective];
}

double plot_shown(const asx_evaluation *e, asx_objective o)
{
    static const double factor[ASX_N_OBJECTIVES] = {[ASX_DROP] = 1,
                                                    [ASX_ENERGY] = 1e-6,
                                                    [ASX_LATENCY] = 1e-3,
                                                    [ASX_AREA] = 1e-6,
                                                    [ASX_STORAGE] = 1e-3};
    return asx_evaluation_objective(e, o) * factor[o];
}

/* ---- fronts of groups ---- */

enum { GROUPS_MAX = 20 };

typedef struct group_front {
    double *value; /* [n][2]: energy, drop */
    size_t *index, *row;
    double *x, *y;
    const char **hover;
    size_t n, n_front;
    char name[32];
} group_front;

static void group_fini(group_front *g)
{
    free(g->value);
    free(g->index);
    free(g->row);
    free(g->x);
    free(g->y);
    free(g->hover);
}

static asx_status group_init(group_front *g, size_t n, asx_error *err)
{
    g->value = asx_array_new(2 * n, sizeof *g->value);
    g->index = asx_array_new(n, sizeof *g->index);
    g->row = asx_array_new(n, sizeof *g->row);
    g->x = asx_array_new(n, sizeof *g->x);
    g->y = asx_array_new(n, sizeof *g->y);
    g->hover = asx_array_new(n, sizeof *g->hover);
    return g->value && g->index && g->row && g->x && g->y && g->hover
               ? ASX_OK
               : asx_fail(err, ASX_ENOMEM, "no memory for a front");
}

/* For qsort: indices into the group whose front is being sorted are replaced by points. */
typedef struct spot {
    double x, y;
    const char *design;
} spot;

static int by_x(const void *a, const void *b)
{
    const spot *p = a, *q = b;
    return p->x != q->x ? (p->x < q->x ? -1 : 1) : (p->y > q->y) - (p->y < q->y);
}

static asx_status group_front_of(group_front *g, const front *f, asx_error *err)
{
    spot *spots = asx_array_new(g->n + 1, sizeof *spots);
    asx_status st = spots ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for a front");
    if (st == ASX_OK && g->n > 0)
        st = asx_pareto_front(g->index, &g->n_front, g->value, NULL, g->n, 2, err);
    for (size_t i = 0; st == ASX_OK && i < g->n_front; i++) {
        const double *v = &g->value[2 * g->index[i]];
        spots[i] = (spot){v[0], v[1], f->rows.row[g->row[g->index[i]]].design};
    }
    if (st == ASX_OK && g->n_front)
        qsort(spots, g->n_front, sizeof *spots, by_x);
    for (size_t i = 0; st == ASX_OK && i < g->n_front; i++) {
        g->x[i] = spots[i].x;
        g->y[i] = spots[i].y;
        g->hover[i] = spots[i].design;
    }
    free(spots);
    return st;
}

/* The unnamed format is that of most layers. */
static asx_status main_bits(size_t *out, const asx_design *design, const char *text, asx_error *err)
{
    asx_format format;
    const char *cursor = strchr(text, ':');
    cursor = cursor ? cursor + 1 + strspn(cursor + 1, " ") : text;
    (void)design;
    const asx_status st = asx_format_parse_at(&format, &cursor, err);
    if (st == ASX_OK)
        *out = format.weight.bits;
    return st;
}

static asx_status set_size(size_t *out, const asx_design *design, const char *text, asx_error *err)
{
    (void)text, (void)err;
    *out = asx_alphabet_set_count(asx_design_alphabets(design));
    return ASX_OK;
}

typedef asx_status group_of(size_t *out, const asx_design *design, const char *text,
                            asx_error *err);

static asx_status fill_groups(group_front *g, const plot_source *s, group_of *of, asx_error *err)
{
    const front *f = s->f;
    asx_status st = ASX_OK;
    for (size_t i = 0; st == ASX_OK && i < f->rows.n; i++) {
        const asx_row *row = &f->rows.row[i];
        asx_design design = {0};
        size_t k = 0;
        st = asx_design_parse(&design, row->design, s->work, err);
        if (st == ASX_OK)
            st = of(&k, &design, row->design, err);
        asx_design_fini(&design);
        if (st != ASX_OK || k >= GROUPS_MAX)
            continue;
        if (!g[k].value)
            st = group_init(&g[k], f->rows.n, err);
        if (st != ASX_OK)
            continue;
        g[k].value[2 * g[k].n] = plot_shown(&row->evaluation, ASX_ENERGY);
        g[k].value[2 * g[k].n + 1] = plot_shown(&row->evaluation, ASX_DROP);
        g[k].row[g[k].n++] = i;
    }
    for (size_t k = 0; st == ASX_OK && k < GROUPS_MAX; k++)
        st = group_front_of(&g[k], f, err);
    return st;
}

static size_t add_groups(asx_chart_series *series, const group_front *g)
{
    size_t n = 0;
    for (size_t k = 0; k < GROUPS_MAX; k++) {
        if (g[k].n_front == 0)
            continue;
        const int color = (int)(n / 2) % ASX_CHART_COLORS;
        for (int style = 0; style < 2; style++)
            series[n++] = (asx_chart_series){.name = style ? g[k].name : NULL,
                                             .style = style ? ASX_CHART_POINTS : ASX_CHART_STEPS,
                                             .color = color,
                                             .n = g[k].n_front,
                                             .x = g[k].x,
                                             .y = g[k].y,
                                             .hover = style ? g[k].hover : NULL};
    }
    return n;
}

asx_status plot_tradeoff(const asx_plot_options *options, const plot_source *s, asx_error *err)
{
    group_front group[2][GROUPS_MAX] = {{{0}}};
    asx_chart_series series[2][2 * GROUPS_MAX];
    group_of *const of[2] = {main_bits, set_size};
    asx_chart_panel panel[2];
    asx_status st = ASX_OK;
    for (int i = 0; i < 2 && st == ASX_OK; i++) {
        for (size_t k = 0; k < GROUPS_MAX; k++)
            snprintf(group[i][k].name, sizeof group[i][k].name,
                     i == 0   ? "%zu bits"
                     : k == 0 ? "plain"
                              : "%zu",
                     k);
        st = fill_groups(group[i], s, of[i], err);
        panel[i] = (asx_chart_panel){.title = i == 0 ? "by word length of most layers"
                                                     : "by number of alphabets in the array",
                                     .x = {.label = plot_axis_label(ASX_ENERGY)},
                                     .y = {.label = plot_axis_label(ASX_DROP)},
                                     .series = series[i],
                                     .n_series = add_groups(series[i], group[i])};
    }
    if (st == ASX_OK)
        st = asx_plot_panels(options, panel, 2, err);
    for (int i = 0; i < 2; i++)
        for (size_t k = 0; k < GROUPS_MAX; k++)
            group_fini(&group[i][k]);
    return st;
}

/* ---- parallel coordinates ---- */

asx_status plot_parallel(const asx_plot_options *options, const plot_source *s, asx_error *err)
{
    const front *f = s->f;
    enum { STEP = ASX_N_OBJECTIVES + 1 }; /* a gap between lines */
    const char *tick[ASX_N_OBJECTIVES], *placement[ASX_N_PLACEMENTS];
    char text[ASX_N_OBJECTIVES][96];
    double low[ASX_N_OBJECTIVES], high[ASX_N_OBJECTIVES];
    asx_chart_series series[2 * ASX_N_PLACEMENTS];
    double *x = asx_array_new(f->n * STEP * ASX_N_PLACEMENTS + 1, sizeof *x);
    double *y = asx_array_new(f->n * STEP * ASX_N_PLACEMENTS + 1, sizeof *y);
    const char **hover = asx_array_new(f->n * STEP * ASX_N_PLACEMENTS + 1, sizeof *hover);
    asx_status st = x && y && hover ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for lines");
    for (int o = 0; o < ASX_N_OBJECTIVES && st == ASX_OK; o++) {
        low[o] = INFINITY, high[o] = -INFINITY;
        for (size_t i = 0; i < f->n; i++) {
            const double v = plot_shown(&f->rows.row[f->index[i]].evaluation, (asx_objective)o);
            low[o] = fmin(low[o], v);
            high[o] = fmax(high[o], v);
        }
        snprintf(text[o], sizeof text[o], "%s\n%.4g ... %.4g", plot_axis_label((asx_objective)o),
                 low[o], high[o]);
        tick[o] = text[o];
    }
    size_t n = 0, n_series = 0;
    for (int p = 0; p < ASX_N_PLACEMENTS && st == ASX_OK; p++) {
        const size_t first = n;
        placement[p] = asx_placement_text((asx_placement)p);
        for (size_t i = 0; i < f->n; i++) {
            const asx_row *row = &f->rows.row[f->index[i]];
            if ((int)row->placement != p)
                continue;
            for (int o = 0; o < ASX_N_OBJECTIVES; o++, n++) {
                const double v = plot_shown(&row->evaluation, (asx_objective)o),
                             span = high[o] - low[o];
                x[n] = o;
                y[n] = span > 0 ? (v - low[o]) / span : 0;
                hover[n] = row->design;
            }
            x[n] = y[n] = NAN;
            n++;
        }
        for (int style = 0; style < 2 && n > first; style++)
            series[n_series++] =
                (asx_chart_series){.name = style ? placement[p] : NULL,
                                   .style = style ? ASX_CHART_POINTS : ASX_CHART_LINES,
                                   .color = p,
                                   .n = n - first,
                                   .x = x + first,
                                   .y = y + first,
                                   .hover = style ? hover + first : NULL};
    }
    if (st == ASX_OK) {
        const asx_chart_panel panel = {
            .x = {.label = "", .tick = tick, .n_ticks = ASX_N_OBJECTIVES},
            .y = {.label = "from the front's best (0) to its worst (1)"},
            .series = series,
            .n_series = n_series};
        st = asx_plot_panels(options, &panel, 1, err);
    }
    free(x);
    free(y);
    free(hover);
    return st;
}

/* ---- pairs of three objectives ---- */

asx_status plot_projections(const asx_plot_options *options, const plot_source *s, asx_error *err)
{
    const front *f = s->f;
    asx_objective o[3] = {ASX_ENERGY, ASX_DROP, ASX_AREA};
    size_t n = 0;
    for (size_t i = 0; i < f->n_objectives && n < 3; i++)
        o[n++] = f->objective[i];
    for (int more = 0; more < ASX_N_OBJECTIVES && n < 3; more++) {
        bool has = false;
        for (size_t i = 0; i < n; i++)
            has = has || o[i] == (asx_objective)((more + 3) % ASX_N_OBJECTIVES);
        if (!has)
            o[n++] = (asx_objective)((more + 3) % ASX_N_OBJECTIVES);
    }
    double *v = asx_array_new(3 * f->n + 1, sizeof *v);
    const char **hover = asx_array_new(f->n + 1, sizeof *hover);
    asx_status st = v && hover ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for points");
    for (size_t i = 0; st == ASX_OK && i < f->n; i++) {
        const asx_row *row = &f->rows.row[f->index[i]];
        for (size_t k = 0; k < 3; k++)
            v[k * f->n + i] = plot_shown(&row->evaluation, o[k]);
        hover[i] = row->design;
    }
    if (st == ASX_OK) {
        static const size_t pair[3][3] = {{1, 0, 2}, {2, 0, 1}, {1, 2, 0}};
        asx_chart_series series[3];
        asx_chart_panel panel[3];
        for (size_t k = 0; k < 3; k++) {
            series[k] = (asx_chart_series){.style = ASX_CHART_POINTS,
                                           .n = f->n,
                                           .x = v + pair[k][0] * f->n,
                                           .y = v + pair[k][1] * f->n,
                                           .shade = v + pair[k][2] * f->n,
                                           .hover = hover};
            panel[k] = (asx_chart_panel){.x = {.label = plot_axis_label(o[pair[k][0]])},
                                         .y = {.label = plot_axis_label(o[pair[k][1]])},
                                         .shade_label = plot_axis_label(o[pair[k][2]]),
                                         .series = &series[k],
                                         .n_series = 1};
        }
        st = asx_plot_panels(options, panel, 3, err);
    }
    free(v);
    free(hover);
    return st;
}
