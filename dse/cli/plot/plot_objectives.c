/* Pictures over all objectives: parallel coordinates, and the pairs of three. */
#include <stdlib.h>

#include "dse/memory.h"
#include "plot_kinds.h"
#include "results/chart.h"

enum { AXES = 5 }; /* that are drawn without being asked for */

/* The campaign's objectives in its order, then others until there are `least`. */
static size_t choose_objectives(asx_objective out[ASX_N_OBJECTIVES], const asx_front *f,
                                size_t least)
{
    static const asx_objective order[ASX_N_OBJECTIVES] = {
        ASX_DROP, ASX_ENERGY, ASX_AREA, ASX_LATENCY, ASX_STORAGE, ASX_ENERGY_DELAY, ASX_POWER};
    bool has[ASX_N_OBJECTIVES] = {false};
    size_t n = 0;
    for (size_t i = 0; i < f->n_objectives; i++) {
        out[n++] = f->objective[i];
        has[f->objective[i]] = true;
    }
    for (size_t i = 0; i < ASX_N_OBJECTIVES && n < least; i++)
        if (!has[order[i]])
            out[n++] = order[i];
    return n;
}

asx_status plot_parallel(const asx_plot_options *options, const plot_source *s, asx_error *err)
{
    const asx_front *f = s->f;
    asx_objective o[ASX_N_OBJECTIVES];
    const size_t d = choose_objectives(o, f, AXES);
    double *value = asx_array_new(f->n * d, sizeof *value);
    asx_status status = value ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for %zu lines", f->n);
    for (size_t i = 0; status == ASX_OK && i < f->n; i++) {
        const asx_row *row = &f->rows.row[f->index[i]];
        for (size_t k = 0; k < d; k++)
            value[i * d + k] = asx_evaluation_objective(&row->evaluation, o[k]);
    }
    if (status == ASX_OK) {
        const asx_chart_parallel chart = {.n = f->n,
                                          .n_axes = d,
                                          .objective = o,
                                          .value = value,
                                          .hover = s->name,
                                          .name = s->name};
        status = asx_plot_parallel(options, &chart, err);
    }
    free(value);
    return status;
}

/* ---- pairs of three objectives ---- */

typedef struct spots {
    double *value; /* [3][n], objective by objective */
    const char **hover;
    size_t n;
} spots;

static asx_status spots_init(spots *p, size_t n, asx_error *err)
{
    *p = (spots){asx_array_new(3 * n + 1, sizeof *p->value), asx_array_new(n + 1, sizeof *p->hover),
                 n};
    return p->value && p->hover ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for points");
}

static void spots_fini(spots *p)
{
    free(p->value);
    free(p->hover);
}

static void spots_set(spots *p, size_t i, const asx_row *row, const char *name,
                      const asx_objective *o)
{
    for (size_t k = 0; k < 3; k++)
        p->value[k * p->n + i] = asx_evaluation_objective(&row->evaluation, o[k]);
    p->hover[i] = name;
}

/* All that was evaluated in grey behind the front. */
static asx_status draw_projections(const asx_plot_options *options, const asx_objective *o,
                                   const spots *all, const spots *best, asx_error *err)
{
    static const char *const name[3] = {"first", "second", "third"};
    static const size_t pair[3][3] = {{1, 0, 2}, {2, 0, 1}, {1, 2, 0}};
    asx_chart_series series[3][2];
    asx_chart_panel panel[3];
    for (size_t k = 0; k < 3; k++) {
        const spots *const layer[] = {all, best};
        for (size_t l = 0; l < 2; l++)
            series[k][l] =
                (asx_chart_series){.field = l ? "front" : "evaluated",
                                   .style = ASX_CHART_POINTS,
                                   .color = l ? 0 : ASX_CHART_GREY,
                                   .n = layer[l]->n,
                                   .x = layer[l]->value + pair[k][0] * layer[l]->n,
                                   .y = layer[l]->value + pair[k][1] * layer[l]->n,
                                   .shade = l ? layer[l]->value + pair[k][2] * layer[l]->n : NULL,
                                   .hover = l ? layer[l]->hover : NULL};
        panel[k] = (asx_chart_panel){.field = name[k],
                                     .x = asx_chart_objective(o[pair[k][0]]),
                                     .y = asx_chart_objective(o[pair[k][1]]),
                                     .shade = asx_chart_objective(o[pair[k][2]]),
                                     .series = series[k],
                                     .n_series = 2};
    }
    return asx_plot_panels(options, panel, 3, err);
}

asx_status plot_projections(const asx_plot_options *options, const plot_source *s, asx_error *err)
{
    const asx_front *f = s->f;
    asx_objective o[ASX_N_OBJECTIVES];
    spots all = {0}, best = {0};
    choose_objectives(o, f, 3);
    asx_status status = spots_init(&all, f->rows.n, err);
    if (status == ASX_OK)
        status = spots_init(&best, f->n, err);
    for (size_t i = 0; status == ASX_OK && i < all.n; i++)
        spots_set(&all, i, &f->rows.row[i], NULL, o);
    for (size_t i = 0; status == ASX_OK && i < best.n; i++)
        spots_set(&best, i, &f->rows.row[f->index[i]], s->name[i], o);
    if (status == ASX_OK)
        status = draw_projections(options, o, &all, &best, err);
    spots_fini(&all);
    spots_fini(&best);
    return status;
}
