/* Pictures over all objectives: parallel coordinates, and the pairs of three. */
#include <stdlib.h>

#include "behind.h"
#include "dse/memory.h"
#include "plot_kinds.h"
#include "results/chart.h"

enum {
    AXES = 5,    /* that are drawn without being asked for */
    MANY = 30000 /* points of a panel; beyond, those that others hide are left out */
};

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
        if (!has[order[i]] && !(order[i] == ASX_DROP && f->tier == ASX_TIER_COSTS))
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

/* Points of a panel: across, up, colour. */
typedef struct spots {
    double *value[3]; /* [n] each */
    size_t n;
} spots;

static const size_t axes_of[3][3] = {{1, 0, 2}, {2, 0, 1}, {1, 2, 0}}; /* of panels */

static void spots_fini(spots *p)
{
    for (size_t k = 0; k < 3; k++)
        free(p->value[k]);
}

/* Those of a panel, of all values; in pictures one a spot. */
static asx_status spots_of(spots *out, const asx_plot_options *options, const behind *all,
                           const size_t axes[3], asx_error *err)
{
    const asx_plot_cloud cloud = {all->value[axes[0]], all->value[axes[1]], all->n};
    asx_plot_options panel = *options;
    size_t *index = NULL;
    asx_status status = ASX_OK;
    out->n = all->n;
    panel.format =
        ASX_PLOT_SVG; /* panels of characters are not as large as the picture that spots are made for */
    panel.x = all->of[axes[0]];
    panel.y = all->of[axes[1]];
    if (options->format != ASX_PLOT_CSV && all->n > MANY)
        status = asx_plot_thin(&index, &out->n, &panel, NULL, 0, &cloud, err);
    for (size_t k = 0; k < 3 && status == ASX_OK; k++) {
        out->value[k] = asx_array_new(out->n + 1, sizeof *out->value[k]);
        if (!out->value[k])
            status = asx_fail(err, ASX_ENOMEM, "no memory for points");
        for (size_t i = 0; status == ASX_OK && i < out->n; i++)
            out->value[k][i] = all->value[axes[k]][index ? index[i] : i];
    }
    free(index);
    return status;
}

/* The front's designs in the order of their names. */
static asx_status read_best(behind *out, const asx_front *f, asx_error *err)
{
    asx_status status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < f->n; i++)
        status = behind_add(out, asx_front_row(f, i), err);
    return status;
}

static asx_status read_all(behind *out, const plot_source *s, asx_error *err)
{
    asx_status status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < s->f->rows.n; i++)
        status = behind_add(out, &s->f->rows.row[i], err);
    if (status == ASX_OK)
        status = behind_read(out, s->f, s->store, s->where, err);
    return status == ASX_OK ? behind_sort(out, err) : status;
}

/* All that was evaluated in grey behind the front. */
static asx_status draw_projections(const asx_plot_options *options, const asx_objective *o,
                                   const spots all[3], const behind *best,
                                   const char *const *design, asx_error *err)
{
    static const char *const name[3] = {"first", "second", "third"};
    asx_chart_series series[3][2];
    asx_chart_panel panel[3];
    for (size_t k = 0; k < 3; k++) {
        const size_t *axes = axes_of[k];
        series[k][0] = (asx_chart_series){.field = "evaluated",
                                          .style = ASX_CHART_POINTS,
                                          .color = ASX_CHART_GREY,
                                          .n = all[k].n,
                                          .x = all[k].value[0],
                                          .y = all[k].value[1]};
        series[k][1] = (asx_chart_series){.field = "front",
                                          .style = ASX_CHART_POINTS,
                                          .n = best->n,
                                          .x = best->value[axes[0]],
                                          .y = best->value[axes[1]],
                                          .shade = best->value[axes[2]],
                                          .hover = design};
        panel[k] = (asx_chart_panel){.field = name[k],
                                     .x = asx_chart_objective(o[axes[0]]),
                                     .y = asx_chart_objective(o[axes[1]]),
                                     .shade = asx_chart_objective(o[axes[2]]),
                                     .series = series[k],
                                     .n_series = 2};
    }
    return asx_plot_panels(options, panel, 3, err);
}

asx_status plot_projections(const asx_plot_options *options, const plot_source *s, asx_error *err)
{
    behind all = {.n_of = 3}, best = {.n_of = 3};
    spots panel[3] = {{{NULL}, 0}};
    asx_objective o[ASX_N_OBJECTIVES];
    choose_objectives(o, s->f, 3);
    for (size_t k = 0; k < 3; k++)
        all.of[k] = best.of[k] = o[k];
    asx_status status = read_all(&all, s, err);
    if (status == ASX_OK)
        status = read_best(&best, s->f, err);
    for (size_t k = 0; k < 3 && status == ASX_OK; k++)
        status = spots_of(&panel[k], options, &all, axes_of[k], err);
    behind_fini(&all);
    if (status == ASX_OK)
        status = draw_projections(options, o, panel, &best, s->name, err);
    for (size_t k = 0; k < 3; k++)
        spots_fini(&panel[k]);
    behind_fini(&best);
    return status;
}
