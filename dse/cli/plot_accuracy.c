/* What the search believed against what was measured. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "dse/memory.h"
#include "plot_kinds.h"
#include "results/chart.h"

typedef struct pairs {
    double *x, *y, *low, *high;
    const char **design;
    size_t n;
} pairs;

/* Kendall's tau-b: ties count for neither side. O(n^2): measured designs are hundreds. */
static double kendall(const double *x, const double *y, size_t n)
{
    double agree = 0, x_pairs = 0, y_pairs = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++) {
            const int dx = (x[i] > x[j]) - (x[i] < x[j]), dy = (y[i] > y[j]) - (y[i] < y[j]);
            agree += dx * dy;
            x_pairs += dx != 0;
            y_pairs += dy != 0;
        }
    return agree / sqrt(x_pairs * y_pairs);
}

static asx_status collect(pairs *p, const front *f, const asx_rows *measured, asx_error *err)
{
    *p = (pairs){.x = asx_array_new(measured->n, sizeof *p->x),
                 .y = asx_array_new(measured->n, sizeof *p->y),
                 .low = asx_array_new(measured->n, sizeof *p->low),
                 .high = asx_array_new(measured->n, sizeof *p->high),
                 .design = asx_array_new(measured->n, sizeof *p->design)};
    if (!p->x || !p->y || !p->low || !p->high || !p->design)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu points", measured->n);
    for (size_t i = 0; i < measured->n; i++) {
        const asx_row *believed = front_find(&f->rows, measured->row[i].design);
        const asx_accuracy *a = &measured->row[i].evaluation.accuracy;
        if (!believed)
            continue;
        p->x[p->n] = believed->evaluation.accuracy.drop;
        p->y[p->n] = a->drop;
        p->low[p->n] = a->drop_low;
        p->high[p->n] = a->drop_high;
        p->design[p->n++] = believed->design;
    }
    return ASX_OK;
}

asx_status plot_predicted(const asx_plot_options *options, const plot_source *s, asx_error *err)
{
    const front *f = s->f;
    const bool proxy = f->tier == ASX_TIER_PROXY;
    const asx_rows *measured = proxy && f->checked.n ? &f->checked : &f->report;
    pairs p = {0};
    char title[80];
    if (measured->n == 0)
        return asx_fail(err, ASX_ENOTFOUND,
                        "nothing to compare with: no design was measured a second time");
    asx_status st = collect(&p, f, measured, err);
    if (st == ASX_OK && p.n == 0)
        st = asx_fail(err, ASX_ENOTFOUND, "nothing to compare with: other designs were measured");
    if (st == ASX_OK) {
        const asx_chart_series series = {.style = ASX_CHART_POINTS,
                                         .n = p.n,
                                         .x = p.x,
                                         .y = p.y,
                                         .y_low = p.low,
                                         .y_high = p.high,
                                         .hover = p.design};
        snprintf(title, sizeof title, "%zu designs, 95 %% intervals; Kendall's tau-b %.3f", p.n,
                 kendall(p.x, p.y, p.n));
        asx_chart_panel panel = {.title = title,
                                 .x = asx_chart_objective(ASX_DROP),
                                 .y = asx_chart_objective(ASX_DROP),
                                 .series = &series,
                                 .n_series = 1,
                                 .diagonal = true};
        panel.x.label = proxy ? "predicted drop" : "drop on the images of the search";
        panel.y.label =
            measured == &f->checked ? "measured drop" : "drop on images the search never saw";
        st = asx_plot_panels(options, &panel, 1, err);
    }
    free(p.x);
    free(p.y);
    free(p.low);
    free(p.high);
    free(p.design);
    return st;
}
