#include "crowd.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "dse/memory.h"
#include "dse/order.h"

static const size_t NONE = SIZE_MAX;

/* Positions in the front, linked to their neighbours in every objective; a tournament finds the
 * most crowded. */
typedef struct crowd {
    const size_t *front;
    const double *objective;
    size_t n, d;
    size_t *before, *after; /* [d][n] */
    double *scale;          /* [d] */
    double *room;           /* [n]; HUGE_VAL once taken out */
    bool *out;
    size_t *winner; /* [2 n_leaves]: of the subtree, NONE if empty; leaves from n_leaves on */
    size_t n_leaves;
} crowd;

static double value(const crowd *c, size_t i, size_t j)
{
    return c->objective[c->front[i] * c->d + j];
}

static double measure(const crowd *c, size_t i)
{
    double room = 0;
    for (size_t j = 0; j < c->d; j++) {
        const size_t a = c->before[j * c->n + i], b = c->after[j * c->n + i];
        if (a == NONE || b == NONE)
            return INFINITY;
        room = fmax(room, (value(c, b, j) - value(c, a, j)) * c->scale[j]);
    }
    return room;
}

/* Of two positions the more crowded; of equals the later one. */
static size_t more_crowded(const crowd *c, size_t a, size_t b)
{
    if (a == NONE || b == NONE)
        return a == NONE ? b : a;
    return c->room[a] < c->room[b] ? a : b;
}

static void play(crowd *c, size_t i)
{
    size_t node = c->n_leaves + i;
    c->winner[node] = c->out[i] ? NONE : i;
    for (node /= 2; node > 0; node /= 2)
        c->winner[node] = more_crowded(c, c->winner[2 * node], c->winner[2 * node + 1]);
}

static bool link_rows(crowd *c)
{
    size_t *order = asx_array_new(c->n, sizeof *order);
    double *column = asx_array_new(c->n, sizeof *column);
    bool ok = order && column;
    for (size_t j = 0; ok && j < c->d; j++) {
        for (size_t i = 0; i < c->n; i++) {
            order[i] = i;
            column[i] = value(c, i, j);
        }
        ok = asx_order_rows(order, c->n, column, 1, 1);
        if (!ok)
            break;
        const double span = column[order[c->n - 1]] - column[order[0]];
        c->scale[j] = span > 0 ? 1 / span : 0;
        for (size_t k = 0; k < c->n; k++) {
            c->before[j * c->n + order[k]] = k > 0 ? order[k - 1] : NONE;
            c->after[j * c->n + order[k]] = k + 1 < c->n ? order[k + 1] : NONE;
        }
    }
    free(order);
    free(column);
    return ok;
}

static void take_out(crowd *c, size_t i)
{
    c->out[i] = true;
    play(c, i);
    for (size_t j = 0; j < c->d; j++) {
        const size_t a = c->before[j * c->n + i], b = c->after[j * c->n + i];
        if (a != NONE)
            c->after[j * c->n + a] = b;
        if (b != NONE)
            c->before[j * c->n + b] = a;
    }
    for (size_t j = 0; j < c->d; j++) {
        const size_t side[2] = {c->before[j * c->n + i], c->after[j * c->n + i]};
        for (int k = 0; k < 2; k++)
            if (side[k] != NONE) {
                c->room[side[k]] = measure(c, side[k]);
                play(c, side[k]);
            }
    }
}

bool asx_crowd_prune(size_t *front, size_t n, size_t keep, double *crowding,
                     const double *objective, size_t n_objectives)
{
    crowd c = {.front = front, .objective = objective, .n = n, .d = n_objectives, .n_leaves = 1};
    while (c.n_leaves < n)
        c.n_leaves *= 2;
    c.before = asx_array_new(n, c.d * sizeof *c.before);
    c.after = asx_array_new(n, c.d * sizeof *c.after);
    c.scale = asx_array_new(c.d, sizeof *c.scale);
    c.room = asx_array_new(n, sizeof *c.room);
    c.out = asx_array_new(n, sizeof *c.out);
    c.winner = asx_array_new(c.n_leaves, 2 * sizeof *c.winner);
    const bool ok = c.before && c.after && c.scale && c.room && c.out && c.winner && link_rows(&c);
    if (ok) {
        for (size_t i = 0; i < n; i++)
            c.room[i] = measure(&c, i);
        for (size_t i = 0; i < c.n_leaves; i++)
            c.winner[c.n_leaves + i] = i < n ? i : NONE;
        for (size_t node = c.n_leaves; node-- > 1;)
            c.winner[node] = more_crowded(&c, c.winner[2 * node], c.winner[2 * node + 1]);
        for (size_t left = n; left > keep; left--)
            take_out(&c, c.winner[1]);
        size_t kept = 0;
        for (size_t i = 0; i < n; i++)
            if (!c.out[i]) {
                crowding[front[i]] = c.room[i];
                front[kept++] = front[i];
            }
    }
    free(c.before);
    free(c.after);
    free(c.scale);
    free(c.room);
    free(c.out);
    free(c.winner);
    return ok;
}
