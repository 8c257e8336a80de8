/* Hypervolume in four dimensions: a sweep along the last one that adds up what every row adds to
 * the volume of the other three, found in one pass over the rows in order of the third. The plan is
 * that of HV4D+ (Guerreiro and Fonseca, "Computing and Updating Hypervolume Contributions in Up to
 * Four Dimensions", IEEE TEVC 22 (3), 2018); instead of their lists with delimiters, plain arrays
 * of ranks, which the processor reads several at a time. */
#include "hypervolume.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "dse/order.h"

/* The rows that no other dominates in three dimensions so far, in order of the third. */
typedef struct layer {
    int32_t *x, *y; /* ranks of the first two coordinates */
    uint32_t *row;
    size_t n;
} layer;

typedef struct point {
    double x, y;
} point;

typedef struct sweep4 {
    const double *row, *reference;
    size_t *rank[2];
    layer alive;
    point *step; /* the corners of what a row adds at one z: x ascending, y descending */
    size_t n_steps;
} sweep4;

static const double *row_at(const sweep4 *s, size_t position)
{
    return s->row + 4 * (size_t)s->alive.row[position];
}

/* Takes what (x, y) dominates out of the area below the steps. The first step has the least x, the
 * last one the least y; neither is above x or y. @return the area taken */
static double clip(sweep4 *s, double x, double y)
{
    point *step = s->step;
    size_t low = 0, high = s->n_steps; /* steps before `low` have a smaller x */
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (step[mid].x < x)
            low = mid + 1;
        else
            high = mid;
    }
    if ((low > 0 && step[low - 1].y <= y) ||
        (low < s->n_steps && step[low].x <= x && step[low].y <= y))
        return 0;
    double left = x, top = low > 0 ? step[low - 1].y : y, area = 0;
    size_t end = low;
    for (; end < s->n_steps && step[end].y >= y; end++) {
        area += (step[end].x - left) * (top - y);
        left = step[end].x;
        top = step[end].y;
    }
    if (end < s->n_steps)
        area += (step[end].x - left) * (top - y);
    memmove(step + low + 1, step + end, (s->n_steps - end) * sizeof *step);
    step[low] = (point){x, y};
    s->n_steps = low + 1 + (s->n_steps - end);
    return area;
}

/* The steps of row `p`, whose ranks are px and py, as the first `n` rows leave them.
 * @return the area below them, 0 if one of those rows dominates p */
static double begin_steps(sweep4 *s, const double *p, int32_t px, int32_t py, size_t n)
{
    const layer *a = &s->alive;
    int32_t right = INT32_MAX, top = INT32_MAX;
    for (size_t i = 0; i < n; i++) { /* no branches: this loop is the cost of it all */
        int32_t x = a->x[i], y = a->y[i];
        int32_t at_left = x <= px ? y : INT32_MAX, below = y <= py ? x : INT32_MAX;
        top = at_left < top ? at_left : top;
        right = below < right ? below : right;
    }
    if (right <= px || top <= py)
        return 0;
    s->step[0] = (point){p[0], s->reference[1]};
    s->step[1] = (point){s->reference[0], p[1]};
    s->n_steps = 2;
    for (size_t i = 0; i < n; i++) {
        const int32_t x = a->x[i], y = a->y[i];
        if ((x < right && y < top) || x == right || y == top) {
            const double *q = row_at(s, i);
            clip(s, x > px ? q[0] : p[0], y > py ? q[1] : p[1]);
        }
    }
    double area = 0;
    for (size_t i = 0; i + 1 < s->n_steps; i++)
        area += (s->step[i + 1].x - s->step[i].x) * (s->step[i].y - p[1]);
    return area;
}

/* Forgets `n` of the alive rows from `position` on. */
static void forget(layer *a, size_t position, size_t n)
{
    size_t rest = a->n - position - n;
    memmove(a->x + position, a->x + position + n, rest * sizeof *a->x);
    memmove(a->y + position, a->y + position + n, rest * sizeof *a->y);
    memmove(a->row + position, a->row + position + n, rest * sizeof *a->row);
    a->n -= n;
}

static void insert(layer *a, size_t position, int32_t x, int32_t y, uint32_t row)
{
    size_t rest = a->n - position;
    memmove(a->x + position + 1, a->x + position, rest * sizeof *a->x);
    memmove(a->y + position + 1, a->y + position, rest * sizeof *a->y);
    memmove(a->row + position + 1, a->row + position, rest * sizeof *a->row);
    a->x[position] = x;
    a->y[position] = y;
    a->row[position] = row;
    a->n++;
}

/* Number of alive rows whose third coordinate is not above z. */
static size_t find_z(const sweep4 *s, double z)
{
    size_t low = 0, high = s->alive.n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (row_at(s, mid)[2] <= z)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* Follows the area of row p up to where others dominate all of it, or to the reference. Rows on
 * the way that p dominates are alive no more. */
static double climb(sweep4 *s, const double *p, int32_t px, int32_t py, size_t begin, double area)
{
    layer *a = &s->alive;
    double volume = 0, z = p[2], right = s->step[s->n_steps - 1].x, top = s->step[0].y;
    size_t i = begin;
    while (i < a->n && s->n_steps > 1) {
        const bool dominated = a->x[i] >= px && a->y[i] >= py;
        const double *q = row_at(s, i);
        const double x = a->x[i] > px ? q[0] : p[0], y = a->y[i] > py ? q[1] : p[1];
        if (x < right && y < top) {
            volume += area * (q[2] - z);
            z = q[2];
            area -= clip(s, x, y);
            right = s->step[s->n_steps - 1].x;
            top = s->step[0].y;
        }
        if (dominated)
            forget(a, i, 1);
        else
            i++;
    }
    return s->n_steps > 1 ? volume + area * (s->reference[2] - z) : volume;
}

/* What row `r` adds to the volume in the first three dimensions. */
static double add_row(sweep4 *s, size_t r)
{
    const double *p = s->row + 4 * r;
    const int32_t px = (int32_t)s->rank[0][r], py = (int32_t)s->rank[1][r];
    const size_t n_below = find_z(s, p[2]);
    double area = begin_steps(s, p, px, py, n_below);
    if (area <= 0)
        return 0;
    double volume = climb(s, p, px, py, n_below, area);
    insert(&s->alive, n_below, px, py, (uint32_t)r);
    return volume;
}

static bool sweep4_init(sweep4 *s, size_t n)
{
    for (size_t j = 0; j < 2; j++)
        s->rank[j] = asx_array_new(n, sizeof *s->rank[j]);
    s->alive.x = asx_array_new(n, sizeof *s->alive.x);
    s->alive.y = asx_array_new(n, sizeof *s->alive.y);
    s->alive.row = asx_array_new(n, sizeof *s->alive.row);
    s->step = asx_array_new(n + 3, sizeof *s->step);
    return s->rank[0] && s->rank[1] && s->alive.x && s->alive.y && s->alive.row && s->step &&
           asx_order_ranks(s->rank[0], s->row, n, 4) &&
           asx_order_ranks(s->rank[1], s->row + 1, n, 4);
}

bool asx_hypervolume_4d(double *volume, const double *row, size_t n, const double *reference)
{
    sweep4 s = {.row = row, .reference = reference};
    size_t *order = asx_array_new(n, sizeof *order);
    bool ok = order && sweep4_init(&s, n);
    for (size_t i = 0; ok && i < n; i++)
        order[i] = i;
    ok = ok && asx_order_rows(order, n, row + 3, 4, 1);
    double sum = 0;
    for (size_t i = 0; ok && i < n; i++)
        sum += add_row(&s, order[i]) * (reference[3] - row[4 * order[i] + 3]);
    *volume = sum;
    free(order);
    free(s.rank[0]);
    free(s.rank[1]);
    free(s.alive.x);
    free(s.alive.y);
    free(s.alive.row);
    free(s.step);
    return ok;
}
