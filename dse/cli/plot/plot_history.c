/* The front as it grew, by rounds if the search had any, else: its size and its hypervolume over
 * the evaluations of the search, in the order in which they were booked. Hypervolumes are shares of
 * the box up to the campaign's reference point, as everywhere. Where something was measured or
 * trained after the search, the last point is the front as it is now. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "dse/pareto.h"
#include "plot_gap.h"
#include "plot_kinds.h"
#include "readable.h"
#include "results/chart.h"
#include "results/scan.h"

enum { STEPS = 200, MOST = 4 /* objectives: above, the volume is not computed */ };

typedef struct history {
    const asx_front *f;
    int64_t *id;       /* [n] all rows in order */
    double *value;     /* [n][d] */
    double *violation; /* [n] */
    double *kept;      /* [n_kept + rows of a block][d] front so far, then the block */
    double *kept_violation;
    size_t *index;
    size_t n, capacity, d, n_kept, kept_capacity;
    asx_reference_point reference;
    bool has_volume; /* the baseline was evaluated, and there are not too many objectives */
    double at[STEPS + 2], size[STEPS + 2], volume[STEPS + 2];
    size_t n_steps;
} history;

static void history_fini(history *h)
{
    free(h->id);
    free(h->value);
    free(h->violation);
    free(h->kept);
    free(h->kept_violation);
    free(h->index);
}

/* @param array  of rows of `n` doubles */
static bool resize(double **array, size_t rows, size_t n)
{
    double *grown = realloc(*array, rows * n * sizeof **array);
    *array = grown ? grown : *array;
    return grown != NULL;
}

static bool reserve(history *h)
{
    const size_t capacity = h->capacity ? 2 * h->capacity : 1024;
    int64_t *id = realloc(h->id, capacity * sizeof *id);
    h->id = id ? id : h->id;
    if (!id || !resize(&h->value, capacity, h->d) || !resize(&h->violation, capacity, 1))
        return false;
    h->capacity = capacity;
    return true;
}

static asx_status add_row(void *state, const asx_row *row, asx_error *err)
{
    history *h = state;
    if (h->n == h->capacity && !reserve(h))
        return asx_fail(err, ASX_ENOMEM, "no memory for a history");
    h->id[h->n] = row->id;
    h->violation[h->n] = asx_limits_violation(&h->f->limits, &row->evaluation);
    for (size_t j = 0; j < h->d; j++)
        h->value[h->n * h->d + j] = asx_evaluation_objective(&row->evaluation, h->f->objective[j]);
    h->n++;
    return ASX_OK;
}

/* For qsort, which takes no context. */
typedef struct place {
    int64_t id;
    size_t row;
} place;

static int by_id(const void *va, const void *vb)
{
    const place *a = va, *b = vb;
    return (a->id > b->id) - (a->id < b->id);
}

/* What was taken over from earlier campaigns was evaluated before, and was read last. */
static asx_status sort_rows(history *h, asx_error *err)
{
    size_t i = 1;
    while (i < h->n && h->id[i - 1] < h->id[i])
        i++;
    if (i >= h->n)
        return ASX_OK;
    place *order = asx_array_new(h->n, sizeof *order);
    history sorted = {.d = h->d};
    bool lost = !order || !resize(&sorted.value, h->n, h->d) || !resize(&sorted.violation, h->n, 1);
    for (i = 0; !lost && i < h->n; i++)
        order[i] = (place){h->id[i], i};
    if (!lost)
        qsort(order, h->n, sizeof *order, by_id);
    for (i = 0; !lost && i < h->n; i++) {
        sorted.violation[i] = h->violation[order[i].row];
        memcpy(sorted.value + i * h->d, h->value + order[i].row * h->d, h->d * sizeof *h->value);
    }
    free(order);
    if (!lost) {
        free(h->value);
        free(h->violation);
        h->value = sorted.value;
        h->violation = sorted.violation;
    } else {
        history_fini(&sorted);
    }
    return lost ? asx_fail(err, ASX_ENOMEM, "no memory for a history") : ASX_OK;
}

static asx_status load(history *h, const plot_source *s, asx_error *err)
{
    const asx_front *f = s->f;
    const asx_scan scan = {
        .campaign = f->campaign, .tier = f->tier, .subset = ASX_SUBSET_SELECT, .where = s->where};
    h->f = f;
    h->d = f->n_objectives;
    h->has_volume = asx_front_reference(&h->reference, f) && h->d <= MOST;
    const asx_status status = asx_scan_each(s->store, &scan, add_row, h, err);
    return status == ASX_OK ? sort_rows(h, err) : status;
}

/* Room for a front and a block behind it. */
static asx_status reserve_kept(history *h, size_t rows, asx_error *err)
{
    if (rows <= h->kept_capacity)
        return ASX_OK;
    size_t *index = realloc(h->index, 2 * rows * sizeof *index);
    h->index = index ? index : h->index;
    if (!index || !resize(&h->kept, 2 * rows, h->d) || !resize(&h->kept_violation, 2 * rows, 1))
        return asx_fail(err, ASX_ENOMEM, "no memory for a history");
    h->kept_capacity = 2 * rows;
    return ASX_OK;
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
    asx_status status = reserve_kept(h, n + to - from, err);
    if (status != ASX_OK)
        return status;
    for (size_t i = from; i < to; i++, n++) {
        for (size_t j = 0; j < h->d; j++)
            h->kept[n * h->d + j] = h->value[i * h->d + j];
        h->kept_violation[n] = h->violation[i];
    }
    status = asx_pareto_front(h->index, &n_front, h->kept, h->kept_violation, n, h->d, err);
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
