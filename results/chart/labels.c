/* Greedy placement: points in an order that spreads over the front (ends first, then halves), each
 * takes the first of a few positions where its name covers nothing. */
#include "labels.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "dse/memory.h"

/* Points that may be tried: a spread of so many says it all, and fronts may have thousands. */
enum { TRIES = 256 };

typedef struct box {
    double x0, y0, x1, y1;
} box;

typedef struct position {
    int side;    /* of the point */
    double up;   /* in heights of a character */
    double away; /* in gaps */
} position;

/* Below and left of a front of minimised objectives lies nothing: begin there. */
static const position positions[] = {
    {-1, -0.6, 1}, {-1, 0, 1.2},  {1, -0.6, 1}, {-1, -1.2, 0.6}, {1, 0, 1.2},
    {1, 0.7, 1},   {1, 1.2, 0.6}, {-1, 0.7, 1}, {1, -1.2, 0.6},
};

static box box_at(const label *l, const position *p, const label_canvas *canvas)
{
    double width = (double)l->n_chars * canvas->char_width;
    double x = l->x + p->side * p->away * canvas->gap, y = l->y + p->up * canvas->char_height;
    return (box){p->side < 0 ? x - width : x, y - 0.5 * canvas->char_height,
                 p->side < 0 ? x : x + width, y + 0.5 * canvas->char_height};
}

static bool meet(const box *a, const box *b)
{
    return a->x0 < b->x1 && b->x0 < a->x1 && a->y0 < b->y1 && b->y0 < a->y1;
}

static bool covers(const box *b, double x, double y, double margin)
{
    return x > b->x0 - margin && x < b->x1 + margin && y > b->y0 - margin && y < b->y1 + margin;
}

/* The front goes from point to point in steps: to the right, then down. */
static bool crosses_step(const box *b, const label *from, const label *to)
{
    box flat = {from->x, from->y - 0.5, to->x, from->y + 0.5};
    box fall = {to->x - 0.5, to->y, to->x + 0.5, from->y};
    return meet(b, &flat) || meet(b, &fall);
}

static bool is_free(const box *b, const label *l, size_t n, const box *taken, size_t n_taken,
                    const double *marker, size_t n_markers, const label_canvas *canvas)
{
    if (b->x0 < 0 || b->y0 < 0 || b->x1 > canvas->width || b->y1 > canvas->height)
        return false;
    for (size_t i = 0; i < n_taken; i++)
        if (meet(b, &taken[i]))
            return false;
    for (size_t i = 0; i < n_markers; i++)
        if (covers(b, marker[2 * i], marker[2 * i + 1], 0.4 * canvas->gap))
            return false;
    for (size_t i = 0; i < n; i++)
        if (covers(b, l[i].x, l[i].y, 0.4 * canvas->gap) ||
            (i + 1 < n && crosses_step(b, &l[i], &l[i + 1])))
            return false;
    return true;
}

static size_t covered(const box *b, const double *obstacle, size_t n)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += covers(b, obstacle[2 * i], obstacle[2 * i + 1], 0);
    return count;
}

/* 0, n-1, then the middles of ever smaller parts: a spread whatever is left out later. */
static void spread_order(size_t *order, bool *seen, size_t n)
{
    size_t k = 0;
    for (size_t parts = 1; k < n; parts *= 2)
        for (size_t i = 0; i <= parts && k < n; i++) {
            size_t at = (size_t)((double)i / (double)parts * (double)(n - 1) + 0.5);
            if (!seen[at]) {
                seen[at] = true;
                order[k++] = at;
            }
        }
}

asx_status asx_labels_place(label *l, size_t n, size_t max, const double *obstacle,
                            size_t n_obstacles, size_t n_markers, const label_canvas *canvas,
                            asx_error *err)
{
    if (n == 0)
        return ASX_OK;
    size_t *order = asx_array_new(n, sizeof *order), n_taken = 0;
    bool *seen = asx_array_new(n, sizeof *seen);
    box *taken = asx_array_new(n, sizeof *taken);
    asx_status status = ASX_OK;
    if (!order || !seen || !taken) {
        status = asx_fail(err, ASX_ENOMEM, "no memory for %zu labels", n);
        goto done;
    }
    spread_order(order, seen, n);
    for (size_t i = 0; i < n; i++)
        l[i].side = 0;
    for (size_t k = 0; k < n && n_taken < max && k < TRIES; k++) {
        label *this = &l[order[k]];
        size_t best = SIZE_MAX;
        box best_box = {0};
        for (size_t p = 0; p < sizeof positions / sizeof *positions; p++) {
            box b = box_at(this, &positions[p], canvas);
            if (!is_free(&b, l, n, taken, n_taken, obstacle, n_markers, canvas))
                continue;
            size_t count = covered(&b, obstacle, n_obstacles);
            if (count < best) {
                best = count;
                best_box = b;
                this->side = positions[p].side;
            }
        }
        if (this->side == 0)
            continue;
        this->text_x = this->side < 0 ? best_box.x1 : best_box.x0;
        this->text_y = 0.5 * (best_box.y0 + best_box.y1);
        taken[n_taken++] = best_box;
    }
done:
    free(order);
    free(seen);
    free(taken);
    return status;
}
