/* The front as it grew, by rounds if the search had any, else: its size and its hypervolume over
 * the evaluations, in the order in which they were booked. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "dse/memory.h"
#include "plot_gap.h"
#include "plot_kinds.h"
#include "results/chart.h"
#include "search/pareto.h"

enum { STEPS = 200 };

typedef struct history {
    double *value;     /* [n][d], all rows in order */
    double *violation; /* [n] */
    double *kept;      /* [n][d] front so far, then the block */
    double *kept_violation;
    size_t *index;
    size_t n, d, n_kept;
    double reference[ASX_N_OBJECTIVES];
    double at[STEPS + 1], size[STEPS + 1], volume[STEPS + 1];
    size_t n_steps;
} history;

static void history_fini(history *h)
{
    free(h->value);
    free(h->violation);
    free(h->kept);
    free(h->kept_violation);
    free(h->index);
}

static asx_status load(history *h, const plot_source *s, asx_error *err)
{
    const front *f = s->f;
    asx_rows rows = {0};
    const asx_query query = {.campaign = f->campaign,
                             .tier = asx_tier_text(f->tier),
                             .subset = "select",
                             .where = s->where,
                             .sort = "evaluation"};
    asx_status st = asx_query_rows(&rows, s->store, &query, err);
    if (st != ASX_OK)
        return st;
    h->n = rows.n;
    h->d = f->n_objectives;
    h->value = asx_array_new(h->n * h->d, sizeof *h->value);
    h->violation = asx_array_new(h->n, sizeof *h->violation);
    h->kept = asx_array_new(h->n * h->d, sizeof *h->kept);
    h->kept_violation = asx_array_new(h->n, sizeof *h->kept_violation);
    h->index = asx_array_new(h->n, sizeof *h->index);
    if (!h->value || !h->violation || !h->kept || !h->kept_violation || !h->index)
        st = asx_fail(err, ASX_ENOMEM, "no memory for a history");
    for (size_t j = 0; j < h->d; j++)
        h->reference[j] = -INFINITY;
    for (size_t i = 0; st == ASX_OK && i < h->n; i++) {
        h->violation[i] = asx_limits_violation(&f->limits, &rows.row[i].evaluation);
        for (size_t j = 0; j < h->d; j++) {
            const double v = asx_evaluation_objective(&rows.row[i].evaluation, f->objective[j]);
            h->value[i * h->d + j] = v;
            h->reference[j] = fmax(h->reference[j], v);
        }
    }
    asx_rows_fini(&rows);
    return st;
}

/* Adds rows [from, to) to the front kept so far. */
static asx_status grow(history *h, size_t from, size_t to, asx_error *err)
{
    size_t n = h->n_kept, n_front = 0;
    for (size_t i = from; i < to; i++, n++) {
        for (size_t j = 0; j < h->d; j++)
            h->kept[n * h->d + j] = h->value[i * h->d + j];
        h->kept_violation[n] = h->violation[i];
    }
    asx_status st = asx_pareto_front(h->index, &n_front, h->kept, h->kept_violation, n, h->d, err);
    if (st != ASX_OK)
        return st;
    for (size_t k = 0; k < n_front; k++) {
        for (size_t j = 0; j < h->d; j++)
            h->kept[k * h->d + j] = h->kept[h->index[k] * h->d + j];
        h->kept_violation[k] = h->kept_violation[h->index[k]];
    }
    h->n_kept = n_front;
    double volume = 0;
    if (h->d <= 4 && h->kept_violation[0] == 0)
        st = asx_pareto_hypervolume(&volume, h->kept, n_front, h->d, h->reference, err);
    h->at[h->n_steps] = (double)to;
    h->size[h->n_steps] = (double)n_front;
    h->volume[h->n_steps++] = volume;
    return st;
}

static asx_status draw(const asx_plot_options *options, const plot_source *s, history *h,
                       plot_gap *gap, asx_error *err)
{
    char title[160];
    /* the names are in the title of the whole, and units tell them too: a panel is narrow */
    int n = snprintf(title, sizeof title, "up to");
    for (size_t j = 0; j < h->d && n > 0 && n < (int)sizeof title; j++)
        n += snprintf(title + n, sizeof title - (size_t)n, "%s %.4g %s", j ? "," : "",
                      h->reference[j], asx_objective_unit(s->f->objective[j]));
    const double last = h->volume[h->n_steps - 1];
    for (size_t k = 0; k < h->n_steps; k++)
        h->volume[k] = last > 0 ? 100 * h->volume[k] / last : 0;
    const asx_chart_series series[2] = {
        {.style = ASX_CHART_LINES, .color = 0, .n = h->n_steps, .x = h->at, .y = h->volume},
        {.style = ASX_CHART_LINES, .color = 1, .n = h->n_steps, .x = h->at, .y = h->size}};
    const asx_chart_panel panel[3] = {{.title = title,
                                       .x = {.label = "evaluations"},
                                       .y = {.label = "hypervolume (% of the last)"},
                                       .series = &series[0],
                                       .n_series = 1},
                                      {.title = "size of the front",
                                       .x = {.label = "evaluations"},
                                       .y = {.label = "designs"},
                                       .series = &series[1],
                                       .n_series = 1},
                                      plot_gap_panel(gap)};
    const size_t first = h->d <= 4 ? 0 : 1; /* above, the volume is not computed */
    return asx_plot_panels(options, panel + first, (gap->n ? 3 : 2) - first, err);
}

asx_status plot_history(const asx_plot_options *options, const plot_source *s, asx_error *err)
{
    history h = {0};
    plot_gap gap = {0};
    bool drawn = false;
    size_t from = 0;
    asx_status st = plot_rounds(options, s, &drawn, err);
    if (st != ASX_OK || drawn)
        return st;
    st = load(&h, s, err);
    for (size_t k = 1; k <= STEPS && st == ASX_OK; k++) {
        const size_t to = h.n * k / STEPS;
        if (to > from)
            st = grow(&h, from, to, err);
        from = to;
    }
    if (st == ASX_OK)
        st = plot_gap_load(&gap, s->store, s->f->campaign, err);
    if (st == ASX_OK)
        st = draw(options, s, &h, &gap, err);
    plot_gap_fini(&gap);
    history_fini(&h);
    return st;
}
