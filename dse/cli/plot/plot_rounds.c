/* The history of a search in rounds: how the front grew, and how far prediction was from
 * measurement before the proxy learned from it. */
#include <stdio.h>
#include <stdlib.h>

#include "dse/memory.h"
#include "plot_gap.h"
#include "plot_kinds.h"
#include "results/chart.h"
#include "results/round.h"

enum { ROUNDS_MAX = 200, NAMED = 24 }; /* beyond, ticks are numbers of gnuplot's choice */

typedef struct rounds {
    double *number, *volume, *mean, *worst; /* [ROUNDS_MAX] */
    size_t n;
    double last_tau;
} rounds;

static asx_status load(rounds *r, asx_store *store, int64_t campaign, asx_error *err)
{
    asx_round *round = NULL;
    size_t n = 0;
    const asx_status status = asx_round_read(&round, &n, store, campaign, err);
    for (; status == ASX_OK && r->n < n && r->n < ROUNDS_MAX; r->n++) {
        const asx_round *one = &round[r->n];
        r->number[r->n] = (double)one->number - 1;
        r->volume[r->n] = one->hypervolume;
        r->mean[r->n] = one->mean_gap;
        r->worst[r->n] = one->worst_gap;
        r->last_tau = one->tau;
    }
    free(round);
    return status;
}

static asx_status draw(const asx_plot_options *options, const rounds *r, plot_gap *gap,
                       asx_error *err)
{
    char title[100], name[NAMED][24];
    const char *tick[NAMED];
    asx_chart_axis x = {.label = "round", .field = "round"};
    asx_chart_series series[2][4];
    for (size_t k = 0; k < r->n && r->n <= NAMED; k++) {
        snprintf(name[k], sizeof name[k], "%zu", k + 1);
        tick[k] = name[k];
        x.tick = tick;
        x.n_ticks = r->n;
    }
    for (int style = 0; style < 2; style++) {
        const asx_chart_style as = style ? ASX_CHART_POINTS : ASX_CHART_LINES;
        series[0][style] =
            (asx_chart_series){.style = as, .color = 0, .n = r->n, .x = r->number, .y = r->volume};
        series[1][2 * style] = (asx_chart_series){.name = style ? "worst" : NULL,
                                                  .style = as,
                                                  .color = 1,
                                                  .n = r->n,
                                                  .x = r->number,
                                                  .y = r->worst};
        series[1][2 * style + 1] = (asx_chart_series){.name = style ? "mean" : NULL,
                                                      .style = as,
                                                      .color = 2,
                                                      .n = r->n,
                                                      .x = r->number,
                                                      .y = r->mean};
    }
    snprintf(title, sizeof title, "new designs: predicted against measured; last tau %.2f",
             r->last_tau);
    const asx_chart_panel panel[3] = {
        {.title = "hypervolume of the predicted front",
         .field = "hypervolume",
         .x = x,
         .y = {.label = "share of the box", .field = "hypervolume"},
         .series = series[0],
         .n_series = 2},
        {.title = title,
         .field = "prediction",
         .x = x,
         .y = {.label = "off by (points of drop)", .field = "off_points"},
         .series = series[1],
         .n_series = 4},
        plot_gap_panel(gap)};
    return asx_plot_panels(options, panel, gap->n ? 3 : 2, err);
}

asx_status plot_rounds(const asx_plot_options *options, const plot_source *s, bool *drawn,
                       asx_error *err)
{
    rounds r = {0};
    plot_gap gap = {0};
    double *v = asx_array_new(4 * ROUNDS_MAX, sizeof *v);
    if (!v)
        return asx_fail(err, ASX_ENOMEM, "no memory for rounds");
    r.number = v, r.volume = v + ROUNDS_MAX, r.mean = v + 2 * ROUNDS_MAX,
    r.worst = v + 3 * ROUNDS_MAX;
    asx_status status = load(&r, s->store, s->f->campaign, err);
    *drawn = status == ASX_OK && r.n > 1;
    if (*drawn)
        status = plot_gap_load(&gap, s->store, s->f->campaign, err);
    if (*drawn && status == ASX_OK)
        status = draw(options, &r, &gap, err);
    plot_gap_fini(&gap);
    free(v);
    return status;
}
