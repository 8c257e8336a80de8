/* The front as it grew, by rounds if the search had any, else: its size and its hypervolume over
 * the evaluations of the search, in the order in which they were booked. Hypervolumes are shares of
 * the box up to the campaign's reference point, as everywhere. Where something was measured or
 * trained after the search, the last point is the front as it is now. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "dse/memory.h"
#include "dse/pareto.h"
#include "plot_gap.h"
#include "plot_kinds.h"
#include "readable.h"
#include "results/chart.h"
#include "results/query.h"

enum { STEPS = 200, MOST = 4 /* objectives: above, the volume is not computed */ };

typedef struct history {
    double *value;     /* [n][d], all rows in order */
    double *violation; /* [n] */
    double *kept;      /* [n][d] front so far, then the block */
    double *kept_violation;
    size_t *index;
    size_t n, d, n_kept;
    asx_reference_point reference;
    bool has_volume; /* the baseline was evaluated, and there are not too many objectives */
    double at[STEPS + 2], size[STEPS + 2], volume[STEPS + 2];
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
    const asx_front *f = s->f;
    asx_rows rows = {0};
    const asx_query query = {.campaign = f->campaign,
                             .tier = asx_tier_text(f->tier),
                             .subset = asx_subset_text(ASX_SUBSET_SELECT),
                             .where = s->where,
                             .sort = "evaluation"};
    asx_status status = asx_query_rows(&rows, s->store, &query, err);
    if (status != ASX_OK)
        return status;
    h->n = rows.n;
    h->d = f->n_objectives;
    h->value = asx_array_new(h->n * h->d, sizeof *h->value);
    h->violation = asx_array_new(h->n, sizeof *h->violation);
    h->kept = asx_array_new(h->n * h->d, sizeof *h->kept);
    h->kept_violation = asx_array_new(h->n, sizeof *h->kept_violation);
    h->index = asx_array_new(h->n, sizeof *h->index);
    if (!h->value || !h->violation || !h->kept || !h->kept_violation || !h->index)
        status = asx_fail(err, ASX_ENOMEM, "no memory for a history");
    h->has_volume = asx_front_reference(&h->reference, f) && h->d <= MOST;
    for (size_t i = 0; status == ASX_OK && i < h->n; i++) {
        h->violation[i] = asx_limits_violation(&f->limits, &rows.row[i].evaluation);
        for (size_t j = 0; j < h->d; j++)
            h->value[i * h->d + j] =
                asx_evaluation_objective(&rows.row[i].evaluation, f->objective[j]);
    }
    asx_rows_fini(&rows);
    return status;
}

static void add_step(history *h, double at, double size, double volume)
{
    h->at[h->n_steps] = at;
    h->size[h->n_steps] = size;
    h->volume[h->n_steps++] = volume;
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
    asx_status status =
        asx_pareto_front(h->index, &n_front, h->kept, h->kept_violation, n, h->d, err);
    if (status != ASX_OK)
        return status;
    for (size_t k = 0; k < n_front; k++) {
        for (size_t j = 0; j < h->d; j++)
            h->kept[k * h->d + j] = h->kept[h->index[k] * h->d + j];
        h->kept_violation[k] = h->kept_violation[h->index[k]];
    }
    h->n_kept = n_front;
    double volume = 0;
    if (h->has_volume && h->kept_violation[0] == 0)
        status = asx_reference_point_hypervolume(&volume, &h->reference, h->kept, n_front, err);
    add_step(h, (double)to, (double)n_front, volume);
    return status;
}

/* What was found out since the search is not of its order: one step for all of it. */
static asx_status add_last(history *h, const asx_front *f, asx_error *err)
{
    double volume = 0;
    const asx_status status = asx_front_hypervolume(&volume, f, err);
    if (status == ASX_OK && asx_front_is_mixed(f))
        add_step(h, (double)(h->n + f->predicted.n), (double)f->n, volume);
    return status;
}

/* As tables say it: 493.5 nJ; what has no larger unit, in its own. */
static int add_value(char *out, size_t room, const char *between, asx_objective objective,
                     double value)
{
    const readable r = readable_of(asx_objective_field(objective), value);
    const bool micro = r.unit && *r.unit == 'u';
    return snprintf(out, room, "%s%.4g %s%s", between, value / r.scale, micro ? "\xc2\xb5" : "",
                    !r.unit ? asx_objective_unit(objective)
                    : micro ? r.unit + 1
                            : r.unit);
}

static asx_status draw(const asx_plot_options *options, const plot_source *s, history *h,
                       plot_gap *gap, asx_error *err)
{
    char title[160], size[80];
    /* the names are in the title of the whole, and units tell them too: a panel is narrow */
    int n = snprintf(title, sizeof title, "up to");
    for (size_t j = 0; j < h->reference.n && n > 0 && n < (int)sizeof title; j++)
        n += add_value(title + n, sizeof title - (size_t)n, j ? ", " : " ", s->f->objective[j],
                       h->reference.value[j]);
    snprintf(size, sizeof size, "size of the front, %.0f in the end", h->size[h->n_steps - 1]);
    const asx_chart_series series[2] = {
        {.style = ASX_CHART_LINES, .color = 0, .n = h->n_steps, .x = h->at, .y = h->volume},
        {.style = ASX_CHART_LINES, .color = 1, .n = h->n_steps, .x = h->at, .y = h->size}};
    const asx_chart_panel panel[3] = {
        {.title = title,
         .field = "hypervolume",
         .x = {.label = "evaluations", .field = "evaluations"},
         .y = {.label = "hypervolume (share of the box)", .field = "hypervolume"},
         .series = &series[0],
         .n_series = 1},
        {.title = size,
         .field = "size",
         .x = {.label = "evaluations", .field = "evaluations"},
         .y = {.label = "designs", .field = "designs"},
         .series = &series[1],
         .n_series = 1},
        plot_gap_panel(gap)};
    const size_t first = h->has_volume ? 0 : 1;
    return asx_plot_panels(options, panel + first, (gap->n ? 3 : 2) - first, err);
}

asx_status plot_history(const asx_plot_options *options, const plot_source *s, asx_error *err)
{
    history h = {0};
    plot_gap gap = {0};
    bool drawn = false;
    size_t from = 0;
    asx_status status = plot_rounds(options, s, &drawn, err);
    if (status != ASX_OK || drawn)
        return status;
    status = load(&h, s, err);
    for (size_t k = 1; k <= STEPS && status == ASX_OK; k++) {
        const size_t to = h.n * k / STEPS;
        if (to > from)
            status = grow(&h, from, to, err);
        from = to;
    }
    if (status == ASX_OK)
        status = add_last(&h, s->f, err);
    if (status == ASX_OK)
        status = plot_gap_load(&gap, s->store, s->f->campaign, err);
    if (status == ASX_OK)
        status = draw(options, s, &h, &gap, err);
    plot_gap_fini(&gap);
    history_fini(&h);
    return status;
}
