/* The gap over time: by how much, at most, the costs of the front that an exact search had found
 * were above those of the true front. Each solution is a curve; in rounds there are several. */
#include "plot_gap.h"

#include <math.h>
#include <stdlib.h>

#include "dse/memory.h"
#include "results/run.h"

/* Curves one behind the other, NaN between them. */
asx_status plot_gap_load(plot_gap *out, asx_store *store, int64_t campaign, asx_error *err)
{
    asx_run_proof *proven = NULL;
    size_t n = 0;
    plot_gap g = {0};
    *out = g;
    asx_status status = asx_run_proven(&proven, &n, store, campaign, err);
    if (status != ASX_OK || n < 2) { /* one point is no curve, and the picture's title has it */
        free(proven);
        return status;
    }
    g.x = asx_array_new(2 * n, sizeof *g.x);
    g.y = asx_array_new(2 * n, sizeof *g.y);
    if (!g.x || !g.y)
        status = asx_fail(err, ASX_ENOMEM, "no memory for a curve");
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
        if (i > 0 && proven[i].begins)
            g.x[g.n] = g.y[g.n] = NAN, g.n++;
        g.x[g.n] = proven[i].elapsed_s;
        g.y[g.n++] = 100 * (proven[i].factor - 1);
    }
    free(proven);
    if (status == ASX_OK)
        *out = g;
    else
        plot_gap_fini(&g);
    return status;
}

asx_chart_panel plot_gap_panel(plot_gap *g)
{
    g->series[0] =
        (asx_chart_series){.style = ASX_CHART_STEPS, .color = 3, .n = g->n, .x = g->x, .y = g->y};
    g->series[1] =
        (asx_chart_series){.style = ASX_CHART_POINTS, .color = 3, .n = g->n, .x = g->x, .y = g->y};
    return (asx_chart_panel){.title = "proven: no design is better than the front by more",
                             .field = "gap",
                             .x = {.label = "time of the exact search (s)", .field = "exact_s"},
                             .y = {.label = "gap (% of cost)", .field = "gap_percent"},
                             .series = g->series,
                             .n_series = 2};
}

void plot_gap_fini(plot_gap *g)
{
    if (!g)
        return;
    free(g->x);
    free(g->y);
    *g = (plot_gap){0};
}
