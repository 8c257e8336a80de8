#include "compare_kinds.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "kinds_tables.h"
#include "results/chart.h"

/* A front as a chart wants it. */
typedef struct curve {
    double *x, *y;
    const char **hover;
} curve;

static asx_status curve_init(curve *c, const asx_front *f, asx_objective cost, asx_error *err)
{
    c->x = asx_array_new(f->n + 1, sizeof *c->x);
    c->y = asx_array_new(f->n + 1, sizeof *c->y);
    c->hover = asx_array_new(f->n + 1, sizeof *c->hover);
    if (!c->x || !c->y || !c->hover)
        return asx_fail(err, ASX_ENOMEM, "no memory for a plot");
    for (size_t i = 0; i < f->n; i++) {
        const asx_row *row = asx_front_row(f, i);
        c->x[i] = asx_evaluation_objective(&row->evaluation, cost);
        c->y[i] = row->evaluation.accuracy.drop;
        c->hover[i] = row->design;
    }
    return ASX_OK;
}

static void curve_fini(curve *c)
{
    free(c->x);
    free(c->y);
    free(c->hover);
}

/* A kind has one colour in all panels: that of its place among the values, in their order. */
static int color_of(const asx_kinds *kinds, const char *value)
{
    int color = 0;
    for (size_t i = 0; i < kinds->n; i++) {
        bool again = strcmp(kinds->kind[i].value, value) >= 0;
        for (size_t j = 0; j < i && !again; j++)
            again = strcmp(kinds->kind[j].value, kinds->kind[i].value) == 0;
        color += !again;
    }
    return color;
}

/* The joint front as steps behind those of the kinds. */
static size_t add_series(asx_chart_series *series, const asx_kinds *kinds, const curve *c,
                         asx_placement p)
{
    const curve *all = &c[kinds->n + p];
    size_t n = 0;
    series[n++] = (asx_chart_series){.name = "all together",
                                     .style = ASX_CHART_STEPS,
                                     .color = ASX_CHART_GREY,
                                     .n = kinds->all[p].n,
                                     .x = all->x,
                                     .y = all->y};
    for (size_t i = 0; i < kinds->n * kinds->n; i++) { /* in the order of the colours */
        const size_t at = i % kinds->n;
        const asx_kind *k = &kinds->kind[at];
        const int color = color_of(kinds, k->value);
        if (k->placement != p || k->front.n == 0 || (size_t)color != i / kinds->n)
            continue;
        series[n++] = (asx_chart_series){.name = k->value,
                                         .style = ASX_CHART_POINTS,
                                         .color = color,
                                         .n = k->front.n,
                                         .x = c[at].x,
                                         .y = c[at].y,
                                         .hover = c[at].hover};
    }
    return n;
}

static asx_status draw(const kinds_request *r, const asx_kinds *kinds, const asx_front *f,
                       asx_error *err)
{
    asx_plot_options options = r->plot;
    char title[300];
    asx_chart_panel panel[ASX_N_PLACEMENTS];
    curve *c = asx_array_new(kinds->n + ASX_N_PLACEMENTS, sizeof *c);
    asx_chart_series *series = asx_array_new((kinds->n + 1) * ASX_N_PLACEMENTS, sizeof *series);
    size_t n = 0;
    asx_status status = c && series ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for a plot");
    for (size_t i = 0; status == ASX_OK && i < kinds->n; i++)
        status = curve_init(&c[i], &kinds->kind[i].front, kinds->cost, err);
    for (size_t p = 0; status == ASX_OK && p < ASX_N_PLACEMENTS; p++) {
        status = curve_init(&c[kinds->n + p], &kinds->all[p], kinds->cost, err);
        if (status != ASX_OK || kinds->all[p].n == 0)
            continue;
        asx_chart_series *mine = series + (kinds->n + 1) * p;
        panel[n++] = (asx_chart_panel){.title = asx_placement_text((asx_placement)p),
                                       .field = asx_placement_text((asx_placement)p),
                                       .x = asx_chart_objective(kinds->cost),
                                       .y = asx_chart_objective(ASX_DROP),
                                       .series = mine,
                                       .n_series = add_series(mine, kinds, c, (asx_placement)p)};
    }
    snprintf(title, sizeof title, "%s (%s) by %s", f->record.name, asx_tier_text(f->tier), r->by);
    options.score = &f->record.score;
    options.title = title;
    options.title_spare = true;
    if (status == ASX_OK)
        status = asx_plot_panels(&options, panel, n, err);
    for (size_t i = 0; c && i < kinds->n + ASX_N_PLACEMENTS; i++)
        curve_fini(&c[i]);
    free(series);
    free(c);
    return status;
}

asx_status compare_kinds(const kinds_request *r, asx_error *err)
{
    const asx_front_options options = {.campaign = r->campaign};
    asx_store *store = NULL;
    asx_front f = {0};
    asx_kinds kinds = {0};
    table *t[KINDS_TABLES] = {NULL};
    asx_status status = asx_store_open(&store, r->db, ASX_STORE_READ, err);
    if (status == ASX_OK)
        status = asx_front_load(&f, store, &options, err);
    const double max_drop = isnan(r->max_drop) ? f.record.score.point : r->max_drop;
    if (status == ASX_OK)
        status = asx_kinds_find(&kinds, &f, store, r->by, r->where, max_drop, err);
    if (status == ASX_OK && kinds.n == 0)
        status =
            asx_fail(err, ASX_EINVAL, "nothing to compare: no design has a value of '%s'", r->by);
    if (status == ASX_OK)
        status = kinds_tables_make(t, &kinds, &f, max_drop, !look_is_brief(&r->look), err);
    if (status == ASX_OK)
        status = look_print(&r->look, t, KINDS_TABLES, err);
    if (status == ASX_OK && r->plot.path)
        status = draw(r, &kinds, &f, err);
    for (int i = 0; i < KINDS_TABLES; i++)
        table_free(t[i]);
    asx_kinds_fini(&kinds);
    asx_front_fini(&f);
    asx_store_free(store);
    return status;
}
