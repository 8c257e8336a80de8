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

/* What was believed of a design, and what was found: a prediction and its measurement, or a drop on
 * the images of the search and that on others. */
typedef struct belief {
    bool predicted;
    const asx_rows *found;
} belief;

static const asx_row *believed_of(const asx_front *f, const belief *b, const asx_row *row)
{
    return b->predicted ? asx_front_predicted(f, row) : row;
}

static asx_status collect(pairs *p, const asx_front *f, const belief *b, asx_error *err)
{
    const size_t n = f->rows.n;
    *p = (pairs){.x = asx_array_new(n, sizeof *p->x),
                 .y = asx_array_new(n, sizeof *p->y),
                 .low = asx_array_new(n, sizeof *p->low),
                 .high = asx_array_new(n, sizeof *p->high),
                 .design = asx_array_new(n, sizeof *p->design)};
    if (!p->x || !p->y || !p->low || !p->high || !p->design)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu points", n);
    for (size_t i = 0; i < n; i++) {
        const asx_row *believed = believed_of(f, b, &f->rows.row[i]);
        const asx_row *found = asx_rows_find(b->found, f->rows.row[i].design);
        if (!believed || !found)
            continue;
        const asx_accuracy *a = &found->evaluation.accuracy;
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
    const asx_front *f = s->f;
    const bool predicted = f->tier == ASX_TIER_PROXY && f->checked.n > 0;
    const belief b = {predicted, predicted ? &f->checked : &f->report};
    pairs p = {0};
    char title[80];
    if (b.found->n == 0)
        return asx_fail(err, ASX_ENOTFOUND,
                        "nothing to compare with: no design was measured a second time");
    asx_status status = collect(&p, f, &b, err);
    if (status == ASX_OK && p.n == 0)
        status =
            asx_fail(err, ASX_ENOTFOUND, "nothing to compare with: other designs were measured");
    if (status == ASX_OK) {
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
        panel.x.field = predicted ? "predicted_drop" : "drop";
        panel.y.field = predicted ? "measured_drop" : "unseen_drop";
        panel.x.label = predicted ? "predicted drop" : "drop on the images of the search";
        panel.y.label = predicted ? "measured drop" : "drop on images the search never saw";
        status = asx_plot_panels(options, &panel, 1, err);
    }
    free(p.x);
    free(p.y);
    free(p.low);
    free(p.high);
    free(p.design);
    return status;
}
