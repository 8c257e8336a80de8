/* The picture of 'asx bespoke train': points lost over the area of the circuit. */
#include <math.h>
#include <stdlib.h>

#include "bespoke_found.h"
#include "dse/memory.h"
#include "results/chart.h"

enum { FRONT_LINE, FRONT_MARKS, CHOSEN, BASELINE, SERIES };

/* Columns of the picture, of a design each; designs of no area have no place on a scale of factors. */
typedef struct columns {
    double *area, *lost, *test, *low, *high; /* [n] */
    size_t n;
} columns;

static void columns_fini(columns *c)
{
    free(c->area);
    free(c->lost);
    free(c->test);
    free(c->low);
    free(c->high);
}

static asx_status columns_new(columns *c, size_t room, asx_error *err)
{
    double **const array[] = {&c->area, &c->lost, &c->test, &c->low, &c->high};
    for (size_t i = 0; i < sizeof array / sizeof *array; i++)
        if (!(*array[i] = asx_array_new(room, sizeof **array[i])))
            return asx_fail(err, ASX_ENOMEM, "no memory for a picture");
    return ASX_OK;
}

static void add(columns *c, const asx_bespoke_found *f)
{
    if (f->price.area_cm2 <= 0)
        return;
    c->area[c->n] = f->price.area_cm2;
    c->lost[c->n] = f->lost;
    c->test[c->n] = f->test.drop;
    c->low[c->n] = f->test.drop_low;
    c->high[c->n++] = f->test.drop_high;
}

static asx_chart_series series_of(const char *name, const columns *c, asx_chart_style style,
                                  int color, const double *y)
{
    return (asx_chart_series){
        .name = name, .style = style, .color = color, .n = c->n, .x = c->area, .y = y};
}

static asx_status draw(const asx_plot_options *options, const columns *front, const columns *chosen,
                       const columns *baseline, asx_error *err)
{
    asx_chart_series series[SERIES] = {
        [FRONT_LINE] = series_of("front, on the rows it was chosen by", front, ASX_CHART_STEPS,
                                 ASX_CHART_GREY, front->lost),
        [FRONT_MARKS] =
            series_of("on the rows to report on, 95 %", front, ASX_CHART_POINTS, 0, front->test),
        [CHOSEN] =
            series_of("smallest at 1, 2 and 5 points", chosen, ASX_CHART_POINTS, 1, chosen->test),
        [BASELINE] = series_of("exact baseline", baseline, ASX_CHART_POINTS, 2, baseline->test)};
    series[FRONT_MARKS].y_low = front->low;
    series[FRONT_MARKS].y_high = front->high;
    const asx_chart_panel panel = {.x = {.label = "area (cm2)", .field = "area_cm2", .log = true},
                                   .y = {.label = "accuracy lost (points)", .field = "lost"},
                                   .series = series,
                                   .n_series = SERIES};
    return asx_plot_panels(options, &panel, 1, err);
}

asx_status bespoke_plot(const asx_plot_options *options, const asx_bespoke_result *r,
                        asx_error *err)
{
    columns front = {0}, chosen = {0}, baseline = {0};
    asx_plot_options titled = *options;
    titled.title = "wired classifiers found by evolution";
    titled.title_spare = true;
    asx_status status = columns_new(&front, r->n + 1, err);
    if (status == ASX_OK)
        status = columns_new(&chosen, ASX_BESPOKE_LOSSES, err);
    if (status == ASX_OK)
        status = columns_new(&baseline, 1, err);
    if (status == ASX_OK) {
        for (size_t i = 0; i < r->n; i++)
            add(&front, &r->front[i]);
        for (int k = 0; k < ASX_BESPOKE_LOSSES; k++)
            if (r->chosen[k] != ASX_BESPOKE_NONE)
                add(&chosen, &r->front[r->chosen[k]]);
        add(&baseline, &r->baseline);
        status = draw(&titled, &front, &chosen, &baseline, err);
    }
    columns_fini(&front);
    columns_fini(&chosen);
    columns_fini(&baseline);
    return status;
}
