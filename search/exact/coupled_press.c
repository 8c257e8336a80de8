/* The best prices of a row are sought along the slope of its bound (B. T. Polyak, USSR Computational Mathematics and
 * Mathematical Physics 9, 1969); where the slope turns, between the two tangents (J. E. Kelley, J. SIAM 8, 1960). */
#include "coupled_press.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"

/* Hulls for one node; and, of one row, that bring nothing. */
enum { HULLS_MAX = 24, TRIES_MAX = 4, FAILURES_MAX = 3 };
static const double without = 2; /* times its bound: what is sought for a row without designs */
static const double worth = 0.1; /* of what a row lacks: less is no reason to go on */

/* The prices that lift a row most so far. */
typedef struct lift {
    double press[2];
    double slope[2]; /* of the bound over these */
    int tries;
} lift;

typedef struct presser {
    asx_coupled_search *s;
    const asx_coupled_node *x;
    asx_shared *shared;
    asx_shared_hull *hull; /* whose rows are lifted */
    lift *row;             /* [hull->n] */
    double *y;             /* [hull->n]: workspace */
    double ratio;          /* of hulls */
    int failures;          /* rows that nothing lifted */
} presser;

static void find_slope(double slope[2], const presser *p, const asx_shared_hull *hull, size_t i,
                       const double press[2])
{
    const double *load = hull->load + 2 * i, limit = p->s->p->limits.max[ASX_LATENCY];
    slope[0] = load[0] > hull->tight[1]   ? load[0] - hull->tight[1]
               : load[0] < hull->tight[0] ? load[0] - hull->tight[0]
                                          : 0;
    slope[1] = limit < INFINITY ? load[1] - limit : 0;
    if (slope[1] < 0 && press[1] <= 0)
        slope[1] = 0;
}

/* What a row's bound should be; where no design is found, other prices find one, or
 * that there is none: no design costs more than the limit. */
static double target_of(const presser *p, size_t i)
{
    const double found = asx_coupled_gap(p->s->found, p->hull->bound + 2 * i),
                 y = p->hull->bound[2 * i + 1];
    return found < INFINITY ? y * found / (1 + p->s->p->epsilon)
                            : fmax(without * y, 1.001 * p->s->limit[1]);
}

/* The row with the largest gap, of `any` or those that other prices may lift. @return hull->n: none */
static size_t worst_row(const presser *p, bool any)
{
    const asx_shared_hull *h = p->hull;
    size_t worst = h->n;
    double most = 0;
    for (size_t i = 0; i < h->n; i++) {
        const double value[2] = {fmax(h->bound[2 * i], nextafter(p->x->low, INFINITY)),
                                 h->bound[2 * i + 1]};
        if ((!any && p->row[i].tries >= TRIES_MAX) || h->end[i] <= p->x->low ||
            value[0] > p->x->high || value[1] > p->s->limit[1])
            continue;
        const double gap = asx_coupled_gap(p->s->found, value);
        if (!asx_coupled_is_open(p->s, gap) || gap <= most)
            continue;
        most = gap;
        worst = i;
    }
    return worst;
}

/* A point on the bound of a row. */
typedef struct point {
    double press[2], slope[2], y;
} point;

/* Designs and bounds of other prices. @param at  of row `i` at its prices; the rest of it is found */
static asx_status take_hull(presser *p, point *at, size_t i, asx_error *err)
{
    asx_shared_hull hull = {0}, *lifted = p->hull;
    asx_status status = asx_shared_press(p->shared, at->press, err);
    if (status == ASX_OK)
        status = asx_shared_find_hull(&hull, p->shared, p->x->low, p->ratio, err);
    if (status == ASX_OK)
        status = asx_coupled_add_designs(p->s, &hull.design, err);
    if (status == ASX_OK)
        asx_shared_bound(p->y, lifted->end, lifted->n, p->shared);
    for (size_t k = 0, from = 0; status == ASX_OK && hull.n > 0 && k < lifted->n; k++) {
        double slope[2];
        while (from + 1 < hull.n && hull.bound[2 * from + 2] <= lifted->end[k])
            from++;
        find_slope(slope, p, &hull, from, at->press);
        if (k == i) {
            memcpy(at->slope, slope, sizeof slope);
            at->y = p->y[k];
        }
        if (p->y[k] <= lifted->bound[2 * k + 1])
            continue;
        lifted->bound[2 * k + 1] = p->y[k];
        memcpy(p->row[k].press, at->press, sizeof at->press);
        memcpy(p->row[k].slope, slope, sizeof slope);
    }
    asx_shared_hull_fini(&hull);
    return status;
}

/* Nothing lifts a row, nor its neighbours. */
static void give_up_on(presser *p, size_t i)
{
    const size_t reach = p->hull->n / 16, first = i > reach ? i - reach : 0;
    for (size_t k = first; k < p->hull->n && k <= i + reach; k++)
        p->row[k].tries = TRIES_MAX;
    p->failures++;
}

/* One step, or two, for a row. */
static asx_status lift_row(presser *p, size_t i, asx_error *err)
{
    lift *row = &p->row[i];
    const double y = p->hull->bound[2 * i + 1], lack = target_of(p, i) - y,
                 *load = p->hull->load + 2 * i;
    double step[2] = {0, 0}, norm = 0, slope[2], turn = 0;
    point at = {{row->press[0], row->press[1]}, {0, 0}, 0};
    for (int j = 0; j < 2; j++)
        norm += load[j] > 0 ? pow(row->slope[j] / load[j], 2) : 0;
    if (!(norm > 1e-6)) {
        give_up_on(p, i);
        return ASX_OK;
    }
    memcpy(slope, row->slope, sizeof slope);
    for (int j = 0; j < 2; j++)
        step[j] = load[j] > 0 ? lack * (slope[j] / load[j] / load[j]) / norm : 0;
    step[1] = fmax(step[1], -row->press[1]);
    for (int j = 0; j < 2; j++) {
        const double most = 1e3 * p->s->limit[1] / fmax(load[j], 1e-300);
        at.press[j] = fmin(at.press[j] + step[j], most);
        step[j] = at.press[j] - row->press[j];
    }
    asx_status status = take_hull(p, &at, i, err);
    if (status != ASX_OK || at.y > y + worth * lack)
        return status;
    row->tries++;
    for (int j = 0; j < 2; j++)
        turn += at.slope[j] * step[j];
    const double rise = slope[0] * step[0] + slope[1] * step[1],
                 way = (at.y - y - turn) / (rise - turn);
    if (!(turn < 0) || !(way > 0 && way < 1) || rise * way < worth * lack) {
        give_up_on(p, i); /* nothing between them is worth it */
        return ASX_OK;
    }
    for (int j = 0; j < 2; j++)
        at.press[j] -= (1 - way) * step[j];
    return take_hull(p, &at, i, err);
}

asx_status asx_coupled_press(asx_shared_hull *hull, asx_shared *shared, asx_coupled_search *s,
                             asx_coupled_node *x, double ratio, asx_error *err)
{
    presser p = {.s = s, .x = x, .shared = shared, .hull = hull, .ratio = ratio};
    asx_status status = ASX_OK;
    p.row = asx_array_new(hull->n + 1, sizeof *p.row);
    p.y = asx_array_new(hull->n + 1, sizeof *p.y);
    if (!p.row || !p.y)
        status = asx_fail(err, ASX_ENOMEM, "no memory for an exact search");
    for (size_t i = 0; status == ASX_OK && i < hull->n; i++) {
        memcpy(p.row[i].press, x->press, sizeof x->press);
        find_slope(p.row[i].slope, &p, hull, i, x->press);
    }
    for (int k = 0; status == ASX_OK && k < HULLS_MAX && p.failures < FAILURES_MAX; k++) {
        const size_t i = worst_row(&p, false);
        if (i == hull->n)
            break;
        status = lift_row(&p, i, err);
    }
    const size_t worst = status == ASX_OK ? worst_row(&p, true) : hull->n;
    if (worst < hull->n)
        memcpy(x->press, p.row[worst].press, sizeof x->press);
    if (status == ASX_OK)
        status = asx_shared_press(shared, x->press, err);
    free(p.row);
    free(p.y);
    return status;
}
