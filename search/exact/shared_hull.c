/* The lower hull of a problem's sums: each of its points is a design, and between two of them the
 * straight line bounds what designs cost (the linear relaxation of the multiple-choice knapsack and its
 * greedy solution: P. Sinha and A. A. Zoltners, Operations Research 27, 1979). */
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "shared_private.h"

enum { PARTS_MAX = 16, LOOK_AHEAD = 64 };

/* A walk along the hull. */
typedef struct walker {
    const asx_shared *s;
    double low, ratio, first[2];     /* first: where the hull begins */
    asx_reach_step *step;            /* [n_steps] */
    size_t n_steps, *choice, *trial; /* [n_stages]: of the point at hand; of one beyond it */
    double *x;                       /* [n + 1]: where rows begin, and the last one ends */
    double *load;                    /* [n + 1][2]: size and time there */
    size_t n, x_capacity, load_capacity;
    asx_shared_front design;
} walker;

static bool begin(walker *w, const asx_shared *s)
{
    const size_t n = s->p->n_stages;
    w->n_steps = asx_reach_n_steps(s->reach);
    w->step = asx_array_new(w->n_steps + 1, sizeof *w->step);
    w->choice = asx_array_new(n, sizeof *w->choice);
    w->trial = asx_array_new(n, sizeof *w->trial);
    if (!w->step || !w->choice || !w->trial)
        return false;
    asx_reach_walk(w->choice, w->first, w->step, s->reach);
    return true;
}

static void end(walker *w)
{
    free(w->step);
    free(w->choice);
    free(w->trial);
    free(w->x);
    free(w->load);
    asx_shared_front_fini(&w->design);
}

/* The sum of a choice per stage, as labels add it up. */
static asx_label sum_of(const asx_shared *s, const size_t *choice)
{
    asx_label sum = {{0, 0}, 0, 0, 0, 0};
    for (size_t l = 0; l < s->p->n_stages; l++) {
        const asx_label x = asx_shared_first_label(s, &s->thin[l][choice[l]]);
        sum.v[0] += x.v[0];
        sum.v[1] += x.v[1];
        sum.size += x.size;
        sum.time += x.time;
    }
    return sum;
}

/* Appends a design that keeps the limits of both objectives; there must be room. */
static void add_design(walker *w, const size_t *choice)
{
    const asx_shared_problem *p = w->s->p;
    const asx_label sum = sum_of(w->s, choice);
    const double y = asx_label_cost(w->s, &sum);
    if (sum.v[0] > p->limit[0] || y > p->limit[1])
        return;
    asx_shared_front *f = &w->design;
    f->value[2 * f->n] = sum.v[0];
    f->value[2 * f->n + 1] = y;
    f->size[f->n] = sum.size;
    f->time[f->n] = sum.time;
    for (size_t l = 0; l < p->n_stages; l++)
        f->choice[f->n * p->n_stages + l] = w->s->thin[l][choice[l]].number;
    f->n++;
}

/* A choice's share of the cost at the prices of the hull. */
static double charged(const asx_shared *s, const asx_shared_choice *c)
{
    return c->v[1] + s->lowest * c->time + s->charge[0] * c->size + s->charge[1] * c->time;
}

/* Takes what saves most in a stage for at most so much more v[0]. @return what is left of that */
static double take_best(walker *w, size_t stage, double room)
{
    const asx_shared_choice *c = w->s->thin[stage];
    const size_t n = w->s->n_thin[stage];
    const double now = c[w->trial[stage]].v[0];
    size_t best = w->trial[stage];
    for (size_t i = 0; i < n && c[i].v[0] - now <= room; i++)
        if (charged(w->s, &c[i]) < charged(w->s, &c[best]))
            best = i;
    w->trial[stage] = best;
    return room - fmax(0, c[best].v[0] - now);
}

/* Short of the step from `at` on, which is too large for the room: another choice of its stage, if
 * `inside`, and those steps after it that fit. */
static void fill(walker *w, size_t at, double room, bool inside)
{
    const size_t end = at + LOOK_AHEAD < w->n_steps ? at + LOOK_AHEAD : w->n_steps;
    const size_t first = w->step[at].stage;
    memcpy(w->trial, w->choice, w->s->p->n_stages * sizeof *w->trial);
    if (inside)
        room = take_best(w, first, room);
    for (size_t i = at; i < end; i++) {
        const size_t l = w->step[i].stage;
        const asx_shared_choice *c = w->s->thin[l];
        const double more = c[w->step[i].choice].v[0] - c[w->trial[l]].v[0];
        if (more > room || (inside && l == first))
            continue;
        room -= more;
        w->trial[l] = w->step[i].choice;
    }
    add_design(w, w->trial);
}

/* Rows from one point of the hull to the next. */
static size_t count_parts(const walker *w, double from, double to)
{
    const double parts = to > 0 ? log(from / to) / log(w->ratio) : PARTS_MAX;
    return parts < 1 ? 1 : parts < PARTS_MAX ? (size_t)ceil(parts) : PARTS_MAX;
}

static asx_status grow(walker *w, asx_error *err)
{
    double *x = asx_array_grow(w->x, &w->x_capacity, w->n + PARTS_MAX + 2, sizeof *x);
    if (x)
        w->x = x;
    double *load =
        asx_array_grow(w->load, &w->load_capacity, 2 * (w->n + PARTS_MAX + 2), sizeof *load);
    if (load)
        w->load = load;
    return x && load ? ASX_OK : asx_shared_no_memory(w->n, err);
}

/* Where a row begins: this share of the way from the point at hand to the one after step `at`. */
static void add_row(walker *w, double x, const asx_reach_step *step, double way)
{
    double load[2] = {0, 0};
    for (size_t l = 0; l < w->s->p->n_stages; l++) {
        load[0] += w->s->thin[l][w->choice[l]].size;
        load[1] += w->s->thin[l][w->choice[l]].time;
    }
    if (step) {
        const asx_shared_choice *c = w->s->thin[step->stage];
        load[0] += way * (c[step->choice].size - c[w->choice[step->stage]].size);
        load[1] += way * (c[step->choice].time - c[w->choice[step->stage]].time);
    }
    memcpy(w->load + 2 * w->n, load, sizeof load);
    w->x[w->n++] = x;
}

/* The designs of a stretch from a point of the hull, step `at` before it, to the next, and where its
 * rows begin. */
static asx_status add_stretch(walker *w, size_t at, double from[2], asx_error *err)
{
    const double *to = w->step[at].value;
    const size_t n = count_parts(w, from[1], to[1]);
    asx_status status = grow(w, err);
    for (size_t k = 0; status == ASX_OK && k < n; k++) {
        const double way = (double)k / (double)n, x = from[0] + (to[0] - from[0]) * way;
        if (x > w->s->p->limit[0])
            break;
        add_row(w, x, &w->step[at], way);
        if (k == 0)
            add_design(w, w->choice);
        else
            for (int inside = 0; inside < 2; inside++)
                fill(w, at, x - from[0], inside);
    }
    return status;
}

static asx_status walk(walker *w, asx_error *err)
{
    const asx_shared_problem *p = w->s->p;
    /* as designs add it up, so that the first of them matches the first row */
    double from[2] = {sum_of(w->s, w->choice).v[0], w->first[1]};
    size_t rows = 1;
    double y = from[1];
    for (size_t i = 0; i < w->n_steps; y = w->step[i++].value[1])
        rows += count_parts(w, y, w->step[i].value[1]);
    asx_status status = asx_shared_front_make(&w->design, 2 * rows, p->n_stages, err);
    size_t i = 0;
    for (; status == ASX_OK && i < w->n_steps && from[0] <= p->limit[0]; i++) {
        if (w->step[i].value[0] > w->low)
            status = add_stretch(w, i, from, err);
        memcpy(from, w->step[i].value, 2 * sizeof *from);
        w->choice[w->step[i].stage] = w->step[i].choice;
    }
    if (status == ASX_OK)
        status = grow(w, err);
    if (status == ASX_OK && i == w->n_steps && from[0] <= p->limit[0]) {
        add_row(w, from[0], NULL, 0);
        add_design(w, w->choice);
    }
    return status;
}

/* How many of these x, ascending, are so little that the hull is above a limit there. */
static size_t count_above(const asx_reach *reach, double limit, const double *x, size_t n)
{
    size_t low = 0, high = n;
    while (low < high) {
        const size_t mid = low + (high - low) / 2;
        double y;
        asx_reach_heights(&y, &x[mid], 1, reach);
        if (y > limit)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

void asx_shared_bound(double *y, const double *x, size_t n, const asx_shared *s)
{
    asx_reach_heights(y, x, n, s->reach);
    for (size_t i = 0; i < n; i++)
        y[i] = fmax(y[i], 0); /* below it no share of a cost would be a gap */
    for (int j = 0; j < 2; j++) {
        const double limit = j == 0 ? s->p->size_limit : s->p->time_limit;
        const size_t none = s->fit[j] ? count_above(s->fit[j], limit, x, n) : 0;
        for (size_t i = 0; i < none; i++)
            y[i] = INFINITY; /* nothing keeps the limit */
    }
}

/* Rows between the beginnings. */
static asx_status bound_rows(asx_shared_hull *out, walker *w, asx_error *err)
{
    const size_t n = w->n;
    const double last = w->s->p->limit[0];
    out->bound = asx_array_new(n + 1, 2 * sizeof *out->bound);
    out->end = asx_array_new(n + 1, sizeof *out->end);
    double *y = asx_array_new(n + 1, sizeof *y);
    if (!out->bound || !out->end || !y) {
        free(y);
        return asx_shared_no_memory(n, err);
    }
    for (size_t i = 0; i < n; i++)
        out->end[i] = i + 1 < n ? w->x[i + 1] : last;
    asx_shared_bound(y, out->end, n, w->s);
    for (size_t i = 0; i < n; i++) {
        out->bound[2 * i] = w->x[i];
        out->bound[2 * i + 1] = y[i];
    }
    out->n = n;
    out->load = w->load;
    w->load = NULL;
    memcpy(out->tight, w->s->tight, sizeof out->tight);
    free(y);
    return ASX_OK;
}

asx_status asx_shared_find_hull(asx_shared_hull *out, const asx_shared *s, double low, double ratio,
                                asx_error *err)
{
    walker w = {.s = s, .low = low, .ratio = ratio};
    asx_shared_hull hull = {0};
    asx_status status = begin(&w, s) ? walk(&w, err) : asx_shared_no_memory(s->p->n_stages, err);
    if (status == ASX_OK)
        status = bound_rows(&hull, &w, err);
    if (status == ASX_OK) {
        hull.design = w.design;
        w.design = (asx_shared_front){0};
        *out = hull;
    } else {
        asx_shared_hull_fini(&hull);
    }
    end(&w);
    return status;
}

void asx_shared_hull_fini(asx_shared_hull *hull)
{
    if (!hull)
        return;
    asx_shared_front_fini(&hull->design);
    free(hull->bound);
    free(hull->end);
    free(hull->load);
    *hull = (asx_shared_hull){0};
}
