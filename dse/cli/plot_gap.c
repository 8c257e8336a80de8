/* The gap over time: by how much, at most, the costs of the front that an exact search had found
 * were above those of the true front. Each solution is a curve; in rounds there are several. */
#include "plot_gap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "results/sql.h"

/* Of the newest run that proved something; a run that found all in the database again is quick. */
static const char sql[] =
    "SELECT elapsed_s - (SELECT min(elapsed_s) FROM moment AS begin WHERE begin.run = moment.run "
    "AND begin.stage = moment.stage), factor, stage FROM moment WHERE factor IS NOT NULL AND run = "
    "(SELECT "
    "max(m.run) FROM moment AS m JOIN run AS r ON r.id = m.run WHERE r.campaign = %lld AND "
    "m.factor IS NOT NULL AND m.done = 0) AND done = 0 ORDER BY elapsed_s";

typedef struct loading {
    plot_gap *gap;
    char stage[64];
    size_t n_x, n_y; /* capacities */
} loading;

static asx_status add(loading *l, double x, double y, asx_error *err)
{
    plot_gap *g = l->gap;
    double *grown_x = asx_array_grow(g->x, &l->n_x, g->n + 1, sizeof *grown_x);
    if (grown_x)
        g->x = grown_x;
    double *grown_y = asx_array_grow(g->y, &l->n_y, g->n + 1, sizeof *grown_y);
    if (grown_y)
        g->y = grown_y;
    if (!grown_x || !grown_y)
        return asx_fail(err, ASX_ENOMEM, "no memory for a curve");
    g->x[g->n] = x;
    g->y[g->n++] = y;
    return ASX_OK;
}

static double number(const asx_sql_value *v)
{
    return v->kind == ASX_SQL_INTEGER ? (double)v->integer : v->number;
}

static asx_status take(void *state, size_t n, const char *const *name, const asx_sql_value *v,
                       asx_error *err)
{
    loading *l = state;
    asx_status st = ASX_OK;
    (void)name;
    if (!v || n != 3)
        return ASX_OK;
    if (l->gap->n > 0 && strcmp(l->stage, v[2].text) != 0)
        st = add(l, NAN, NAN, err);
    snprintf(l->stage, sizeof l->stage, "%s", v[2].text);
    return st == ASX_OK ? add(l, number(&v[0]), 100 * (number(&v[1]) - 1), err) : st;
}

asx_status plot_gap_load(plot_gap *out, asx_store *store, int64_t campaign, asx_error *err)
{
    char query[sizeof sql + 24];
    plot_gap g = {0};
    loading l = {.gap = &g};
    snprintf(query, sizeof query, sql, (long long)campaign);
    const asx_status st = asx_sql_each(store, query, take, &l, err);
    if (st < 0 || g.n < 2) /* one point is no curve, and the title of the picture has it */
        plot_gap_fini(&g);
    *out = g;
    return st;
}

asx_chart_panel plot_gap_panel(plot_gap *g)
{
    g->series[0] =
        (asx_chart_series){.style = ASX_CHART_STEPS, .color = 3, .n = g->n, .x = g->x, .y = g->y};
    g->series[1] =
        (asx_chart_series){.style = ASX_CHART_POINTS, .color = 3, .n = g->n, .x = g->x, .y = g->y};
    return (asx_chart_panel){.title = "proven: no design is better than the front by more",
                             .x = {.label = "time of the exact search (s)"},
                             .y = {.label = "gap (% of cost)"},
                             .series = g->series,
                             .n_series = 2};
}

void plot_gap_fini(plot_gap *g)
{
    free(g->x);
    free(g->y);
    *g = (plot_gap){0};
}
