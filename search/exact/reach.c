#include "reach.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "exact_problem.h"

enum { TABLE_MAX = 160, COARSE_MAX = 250, EDGES_MANY = 500 };

/* An edge of a hull, of negative slope. */
typedef struct edge {
    double dx, dy;      /* dx > 0, dy < 0 */
    uint32_t stage, to; /* `to`: the choice at its end */
} edge;

/* The lower left hull of the stages from one on: `x`, `y` its leftmost point, then edges in order
 * of slope, steepest first. */
typedef struct hull {
    double x, y;
    edge *edge;
    size_t n, first; /* first: of one stage's hull, the choice it begins with */
} hull;

typedef struct point {
    double x, y;
    size_t choice;
} point;

typedef struct corner {
    double x, y; /* the quadrant [.., x] x [.., y) */
} corner;

struct asx_reach {
    size_t n_stages;
    hull *hull;     /* [n_stages + 1] */
    hull *own;      /* [n_stages], of one stage */
    corner *corner; /* [n], within reach; ascending in x, descending in y */
    size_t n;
    corner *coarse; /* [n_coarse], whose quadrants hold all of those */
    size_t n_coarse;
    double *price;   /* [n_coarse]: of x in y: the slope of the hull at the coarse corner */
    double *room;    /* [n_stages][n_coarse]: what y + price x of a stage's choice must be below */
    double slack[2]; /* rounding */
    size_t n_table;
    double *table; /* [n_stages + 1][n_table][2] */
};

/* ---- hulls ---- */

static int compare_points(const void *a, const void *b)
{
    const point *p = a, *q = b;
    if (p->x < q->x || p->x > q->x)
        return p->x < q->x ? -1 : 1;
    if (p->y < q->y || p->y > q->y)
        return p->y < q->y ? -1 : 1;
    return (p->choice > q->choice) - (p->choice < q->choice);
}

/* @param p  [n], sorted; overwritten with the hull's. @return their number */
static size_t find_hull(point *p, size_t n)
{
    size_t h = 0;
    for (size_t i = 0; i < n; i++) {
        const point c = p[i];
        if (h > 0 && c.y >= p[h - 1].y)
            continue;
        while (h > 1) {
            const point *a = &p[h - 2], *b = &p[h - 1];
            if ((b->x - a->x) * (c.y - a->y) > (b->y - a->y) * (c.x - a->x))
                break;
            h--;
        }
        p[h++] = c;
    }
    return h;
}

static asx_status own_hull(hull *out, size_t stage, const double *value, size_t n, asx_error *err)
{
    point *p = asx_array_new(n, sizeof *p);
    if (!p)
        return asx_exact_out_of_memory(err);
    for (size_t i = 0; i < n; i++)
        p[i] = (point){value[2 * i], value[2 * i + 1], i};
    qsort(p, n, sizeof *p, compare_points);
    const size_t h = find_hull(p, n);
    *out = (hull){p[0].x, p[0].y, asx_array_new(h, sizeof(edge)), 0, p[0].choice};
    for (size_t i = 1; out->edge && i < h; i++)
        out->edge[out->n++] = (edge){p[i].x - p[i - 1].x, p[i].y - p[i - 1].y, (uint32_t)stage,
                                     (uint32_t)p[i].choice};
    free(p);
    return out->edge ? ASX_OK : asx_exact_out_of_memory(err);
}

static bool steeper(const edge *a, const edge *b)
{
    return a->dy * b->dx < b->dy * a->dx;
}

static asx_status add_hulls(hull *out, const hull *a, const hull *b, asx_error *err)
{
    *out = (hull){a->x + b->x, a->y + b->y, asx_array_new(a->n + b->n + 1, sizeof(edge)), 0, 0};
    if (!out->edge)
        return asx_exact_out_of_memory(err);
    size_t i = 0, j = 0;
    while (i < a->n || j < b->n) {
        const bool left = j == b->n || (i < a->n && steeper(&a->edge[i], &b->edge[j]));
        out->edge[out->n++] = left ? a->edge[i++] : b->edge[j++];
    }
    return ASX_OK;
}

/* ---- what is within reach ---- */

/* A walk along a hull for ascending x. */
typedef struct walk {
    const hull *hull;
    size_t skip; /* leave out this stage's edges */
    double x, y;
    size_t at;
} walk;

static walk begin(const hull *h)
{
    return (walk){h, SIZE_MAX, h->x, h->y, 0};
}

/* The hull at x; INFINITY left of it. */
static double height(walk *w, double x)
{
    if (x < w->x)
        return INFINITY;
    for (; w->at < w->hull->n; w->at++) {
        const edge *e = &w->hull->edge[w->at];
        if (e->stage == w->skip)
            continue;
        if (w->x + e->dx > x)
            return w->y + e->dy * ((x - w->x) / e->dx);
        w->x += e->dx;
        w->y += e->dy;
    }
    return w->y;
}

/* G of the file's head, slack included: what a sum with this x may be below. */
static double ceiling(const asx_reach *r, const corner *c, size_t n, walk w, double x)
{
    double most = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        const double y = c[i].y - height(&w, c[i].x - x + r->slack[0]);
        most = y > most ? y : most;
    }
    return most + r->slack[1];
}

/* Joins neighbours: for questions that are asked often. */
static void join_corners(asx_reach *r)
{
    const size_t step = r->n / COARSE_MAX + 1;
    for (size_t i = 0; i < r->n; i += step) {
        const size_t last = i + step < r->n ? i + step - 1 : r->n - 1;
        r->coarse[r->n_coarse++] = (corner){r->corner[last].x, r->corner[i].y};
    }
}

static asx_status find_corners(asx_reach *r, const double *cut, size_t n_cut, const double limit[2],
                               asx_error *err)
{
    walk w = begin(&r->hull[0]);
    r->corner = asx_array_new(n_cut + 1, sizeof *r->corner);
    r->coarse = asx_array_new(n_cut + 1, sizeof *r->coarse);
    if (!r->corner || !r->coarse)
        return asx_exact_out_of_memory(err);
    for (size_t i = 0; i <= n_cut; i++) {
        const corner c = {fmin(limit[0], i < n_cut ? cut[2 * i] : INFINITY),
                          fmin(nextafter(limit[1], INFINITY), i > 0 ? cut[2 * i - 1] : INFINITY)};
        if (height(&w, c.x + r->slack[0]) < c.y + r->slack[1])
            r->corner[r->n++] = c;
        if (c.x >= limit[0])
            break;
    }
    join_corners(r);
    return ASX_OK;
}

/* A choice (x, y) of stage s leads nowhere near corner c, whatever the price p of x, if
 *
 *   y + p x + least of the other stages' y + p x >= c1 + p c0
 *
 * and where stages are many the best price for it is nearly that for all of them. */
static asx_status find_prices(asx_reach *r, asx_error *err)
{
    const size_t n = r->n_coarse;
    walk all = begin(&r->hull[0]);
    r->price = asx_array_new(n + 1, sizeof *r->price);
    r->room = asx_array_new(r->n_stages, (n + 1) * sizeof *r->room);
    if (!r->price || !r->room)
        return asx_exact_out_of_memory(err);
    for (size_t i = 0; i < n; i++) {
        const corner c = r->coarse[i];
        height(&all, c.x);
        const edge *e = all.at < r->hull[0].n ? &r->hull[0].edge[all.at] : NULL;
        const double p = r->price[i] = e ? -e->dy / e->dx : 0, least = all.y + p * all.x;
        for (size_t l = 0; l < r->n_stages; l++)
            r->room[l * n + i] = c.y + r->slack[1] + p * (fmin(c.x, 1e300) + r->slack[0]) - least;
    }
    for (size_t l = 0; l < r->n_stages; l++) {
        const hull *own = &r->own[l];
        double x = own->x, y = own->y;
        for (size_t i = 0, at = 0; i < n; i++) {
            for (; at < own->n && own->edge[at].dy + r->price[i] * own->edge[at].dx < 0; at++) {
                x += own->edge[at].dx;
                y += own->edge[at].dy;
            }
            r->room[l * n + i] += y + r->price[i] * x;
        }
    }
    return ASX_OK;
}

asx_status asx_reach_new(asx_reach **out, size_t n_stages, const double *const *value,
                         const size_t *n_choices, const double *cut, size_t n_cut,
                         const double limit[2], asx_error *err)
{
    asx_reach *r = asx_array_new(1, sizeof *r);
    if (!r)
        return asx_exact_out_of_memory(err);
    r->n_stages = n_stages;
    r->hull = asx_array_new(n_stages + 1, sizeof *r->hull);
    r->own = asx_array_new(n_stages, sizeof *r->own);
    asx_status status = r->hull && r->own ? ASX_OK : asx_exact_out_of_memory(err);
    double size[2] = {0, 0};
    for (size_t l = n_stages; status == ASX_OK && l-- > 0;) {
        status = own_hull(&r->own[l], l, value[l], n_choices[l], err);
        if (status == ASX_OK)
            status = add_hulls(&r->hull[l], &r->own[l], &r->hull[l + 1], err);
        double most[2] = {0, 0};
        for (size_t i = 0; i < 2 * n_choices[l]; i++)
            most[i % 2] = fmax(most[i % 2], fabs(value[l][i]));
        size[0] += most[0];
        size[1] += most[1];
    }
    for (int j = 0; j < 2; j++)
        r->slack[j] = 1e-14 * (double)(n_stages + 100) * size[j];
    if (status == ASX_OK)
        status = find_corners(r, cut, n_cut, limit, err);
    if (status == ASX_OK)
        status = find_prices(r, err);
    if (status != ASX_OK) {
        asx_reach_free(r);
        return status;
    }
    *out = r;
    return ASX_OK;
}

void asx_reach_free(asx_reach *r)
{
    if (!r)
        return;
    for (size_t l = 0; l < r->n_stages; l++) {
        if (r->hull)
            free(r->hull[l].edge);
        if (r->own)
            free(r->own[l].edge);
    }
    free(r->hull);
    free(r->own);
    free(r->corner);
    free(r->coarse);
    free(r->price);
    free(r->room);
    free(r->table);
    free(r);
}

bool asx_reach_nothing(const asx_reach *reach)
{
    return reach->n == 0;
}

bool asx_reach_choice(const asx_reach *r, size_t stage, const double value[2])
{
    const double *room = r->room + stage * r->n_coarse;
    bool any = false;
    for (size_t i = 0; i < r->n_coarse; i++)
        any |= value[1] + r->price[i] * value[0] < room[i];
    if (!any || r->hull[0].n > EDGES_MANY)
        return any;
    walk w = begin(&r->hull[0]);
    w.skip = stage;
    w.x -= r->own[stage].x;
    w.y -= r->own[stage].y;
    return value[1] < ceiling(r, r->coarse, r->n_coarse, w, value[0]);
}

/* ---- the hull itself ---- */

size_t asx_reach_n_steps(const asx_reach *reach)
{
    return reach->hull[0].n;
}

void asx_reach_walk(size_t *choice, double first[2], asx_reach_step *step, const asx_reach *reach)
{
    const hull *h = &reach->hull[0];
    double x = first[0] = h->x, y = first[1] = h->y;
    for (size_t l = 0; l < reach->n_stages; l++)
        choice[l] = reach->own[l].first;
    for (size_t i = 0; i < h->n; i++) {
        x += h->edge[i].dx;
        y += h->edge[i].dy;
        step[i] = (asx_reach_step){h->edge[i].stage, h->edge[i].to, {x, y}};
    }
}

void asx_reach_heights(double *y, const double *x, size_t n, const asx_reach *reach)
{
    walk w = begin(&reach->hull[0]);
    for (size_t i = 0; i < n; i++)
        y[i] = height(&w, x[i] + reach->slack[0]) - reach->slack[1];
}

/* ---- tables ---- */

/* Halves the interval over which the table falls most, weighted by its width, until it is full. */
static void tabulate(const asx_reach *r, size_t stage, double low, double high, double most)
{
    double *t = r->table + stage * r->n_table * 2;
    const walk w = begin(&r->hull[stage]);
    t[0] = low;
    t[1] = ceiling(r, r->corner, r->n, w, low);
    t[2] = high;
    t[3] = ceiling(r, r->corner, r->n, w, high);
    for (size_t n = 2; n < r->n_table; n++) {
        size_t widest = 0;
        double best = -1;
        for (size_t i = 0; i + 1 < n; i++) {
            const double *a = t + 2 * i;
            const double fall = fmin(a[1], most) - fmax(a[3], 0);
            if (fall * (a[2] - a[0]) > best) {
                best = fall * (a[2] - a[0]);
                widest = i;
            }
        }
        double *a = t + 2 * widest;
        const double x = a[0] + (a[2] - a[0]) / 2;
        memmove(a + 4, a + 2, 2 * (n - widest - 1) * sizeof *t);
        a[2] = x;
        a[3] = ceiling(r, r->corner, r->n, w, x);
    }
}

asx_status asx_reach_tabulate(asx_reach *r, asx_error *err)
{
    double low = 0, high = 0, most = 0;
    r->n_table = r->n < TABLE_MAX / 4 ? 4 + 4 * r->n : TABLE_MAX;
    r->table = asx_array_new(r->n_stages + 1, 2 * r->n_table * sizeof *r->table);
    if (!r->table)
        return asx_exact_out_of_memory(err);
    const double last = r->n > 0 ? r->corner[r->n - 1].x : 0;
    for (size_t l = 0; l <= r->n_stages; l++) {
        const double room = last - r->hull[l].x;
        tabulate(r, l, low - 2 * r->slack[0], fmin(fmax(high, low), fmax(room, low)), most);
        if (l == r->n_stages)
            break;
        const hull *own = &r->own[l];
        low += own->x;
        high += own->x;
        most += own->y;
        for (size_t i = 0; i < own->n; i++)
            high += own->edge[i].dx;
    }
    return ASX_OK;
}

bool asx_reach_sum(const asx_reach *r, size_t stage, const double value[2], size_t *at)
{
    const double *t = r->table + stage * r->n_table * 2;
    while (*at + 1 < r->n_table && t[2 * (*at + 1)] <= value[0])
        ++*at;
    return value[1] < t[2 * *at + 1];
}
