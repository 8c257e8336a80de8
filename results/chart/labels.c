/* Greedy placement: points in an order that spreads over the front (ends first, then halves), each
 * takes the first of a few positions beside it where its name covers nothing; if there is none, the
 * nearest of many further away that a straight line can lead to. */
#include "labels.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "dse/memory.h"
#include "obstacles.h"

/* Points that may be tried: a spread of so many says it all, and fronts may have thousands. */
enum { TRIES = 256, DIRECTIONS = 32, RINGS = 12 };

typedef struct spot {
    double x, y;
} spot;

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

/* Of a terminal: in the point's line, with a blank between where there is room. Eyes read lines: in
 * the next one a name would go with whatever stands there. */
static const position cell_positions[] = {{-1, 0, 1.5}, {1, 0, 1.5}, {-1, 0, 0.5}, {1, 0, 0.5}};

/* What is on the canvas so far. */
typedef struct scene {
    const label *l;
    size_t n;
    const double *marker;
    size_t n_markers;
    const label_canvas *canvas;
    obstacles points; /* dominated designs */
    box *taken;
    spot (*line)[2]; /* leaders: from, to */
    size_t n_taken, n_lines;
} scene;

static box box_at(const label *l, int side, double x, double y, const label_canvas *canvas)
{
    const double width = (double)l->n_chars * canvas->char_width;
    return (box){side < 0 ? x - width : x, y - 0.5 * canvas->char_height, side < 0 ? x : x + width,
                 y + 0.5 * canvas->char_height};
}

static bool meet(const box *a, const box *b)
{
    return a->x0 < b->x1 && b->x0 < a->x1 && a->y0 < b->y1 && b->y0 < a->y1;
}

static bool covers(const box *b, double x, double y, double margin)
{
    return x > b->x0 - margin && x < b->x1 + margin && y > b->y0 - margin && y < b->y1 + margin;
}

/* Which side of the line a - b the point c lies on. */
static double turn(spot a, spot b, spot c)
{
    return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

static bool cross(spot a, spot b, spot c, spot d)
{
    return turn(a, b, c) * turn(a, b, d) <= 0 && turn(c, d, a) * turn(c, d, b) <= 0 &&
           fmax(a.x, b.x) >= fmin(c.x, d.x) && fmax(c.x, d.x) >= fmin(a.x, b.x) &&
           fmax(a.y, b.y) >= fmin(c.y, d.y) && fmax(c.y, d.y) >= fmin(a.y, b.y);
}

static bool line_meets(spot a, spot b, const box *name)
{
    const spot corner[4] = {
        {name->x0, name->y0}, {name->x1, name->y0}, {name->x1, name->y1}, {name->x0, name->y1}};
    if (covers(name, a.x, a.y, 0) || covers(name, b.x, b.y, 0))
        return true;
    for (int i = 0; i < 4; i++)
        if (cross(a, b, corner[i], corner[(i + 1) % 4]))
            return true;
    return false;
}

static double distance(spot a, spot b, double x, double y)
{
    const double dx = b.x - a.x, dy = b.y - a.y, square = dx * dx + dy * dy;
    double t = square > 0 ? ((x - a.x) * dx + (y - a.y) * dy) / square : 0;
    t = fmin(fmax(t, 0), 1);
    return hypot(a.x + t * dx - x, a.y + t * dy - y);
}

/* The front goes from point to point in steps: to the right, then down. */
static bool crosses_step(const box *b, const label *from, const label *to)
{
    box flat = {from->x, from->y - 0.5, to->x, from->y + 0.5};
    box fall = {to->x - 0.5, to->y, to->x + 0.5, from->y};
    return meet(b, &flat) || meet(b, &fall);
}

static bool is_free(const box *b, const scene *s)
{
    const double margin = 0.4 * s->canvas->gap;
    if (b->x0 < 0 || b->y0 < 0 || b->x1 > s->canvas->width || b->y1 > s->canvas->height)
        return false;
    for (size_t i = 0; i < s->n_taken; i++)
        if (meet(b, &s->taken[i]))
            return false;
    for (size_t i = 0; i < s->n_lines; i++)
        if (line_meets(s->line[i][0], s->line[i][1], b))
            return false;
    for (size_t i = 0; i < s->n_markers; i++)
        if (covers(b, s->marker[2 * i], s->marker[2 * i + 1], margin))
            return false;
    for (size_t i = 0; i < s->n; i++)
        if (covers(b, s->l[i].x, s->l[i].y, margin) ||
            (i + 1 < s->n && crosses_step(b, &s->l[i], &s->l[i + 1])))
            return false;
    return true;
}

static double box_distance(const box *b, double x, double y, const label_canvas *canvas)
{
    const double up = canvas->cells ? 2 : 1;
    return hypot(fmax(0, fmax(b->x0 - x, x - b->x1)), up * fmax(0, fmax(b->y0 - y, y - b->y1)));
}

/* Whether a name there is taken for that of its own point, not of another one. */
static bool is_clear_of(const box *b, const label *l, double x, double y,
                        const label_canvas *canvas)
{
    const double middle = 0.5 * (b->y0 + b->y1);
    const box line = {b->x0, middle, b->x1, middle};
    if (x == l->x && y == l->y)
        return true;
    return box_distance(b, l->x, l->y, canvas) < ASX_LABEL_CLEAR * box_distance(b, x, y, canvas) &&
           box_distance(&line, l->x, l->y, canvas) <
               ASX_LABEL_CLEAR * box_distance(&line, x, y, canvas);
}

static bool is_clear(const box *b, const label *l, const scene *s)
{
    for (size_t i = 0; i < s->n_markers; i++)
        if (!is_clear_of(b, l, s->marker[2 * i], s->marker[2 * i + 1], s->canvas))
            return false;
    for (size_t i = 0; i < s->n; i++)
        if (!is_clear_of(b, l, s->l[i].x, s->l[i].y, s->canvas))
            return false;
    return true;
}

/* Off a mark by half a gap, or where it is that near to the line's own point, not across it. */
static bool keeps_off(spot text, spot point, double x, double y, double gap)
{
    const double apart = hypot(x - point.x, y - point.y);
    return apart == 0 || distance(text, point, x, y) >= fmin(0.5 * gap, 0.6 * apart);
}

/* A line from the text to its point, which is one of the labels and perhaps of the markers. */
static bool line_is_free(spot text, spot point, const scene *s)
{
    for (size_t i = 0; i < s->n_taken; i++)
        if (line_meets(text, point, &s->taken[i]))
            return false;
    for (size_t i = 0; i < s->n_lines; i++)
        if (cross(text, point, s->line[i][0], s->line[i][1]))
            return false;
    for (size_t i = 0; i < s->n_markers; i++)
        if (!keeps_off(text, point, s->marker[2 * i], s->marker[2 * i + 1], s->canvas->gap))
            return false;
    for (size_t i = 0; i < s->n; i++) {
        const label *l = &s->l[i];
        if (!keeps_off(text, point, l->x, l->y, s->canvas->gap))
            return false;
        if (i + 1 == s->n)
            continue;
        const spot from = {l->x, l->y}, corner = {l[1].x, l->y}, to = {l[1].x, l[1].y};
        const bool begins = from.x == point.x && from.y == point.y;
        const bool ends = to.x == point.x && to.y == point.y;
        if ((!begins && cross(text, point, from, corner)) ||
            (!ends && cross(text, point, corner, to)))
            return false;
    }
    return true;
}

/* Beside the point. With leaders nothing at all is covered, else as little as can be. */
static bool place_beside(box *out, label *l, const scene *s)
{
    const size_t most = s->canvas->leaders ? 0 : SIZE_MAX - 1;
    const position *at = s->canvas->cells ? cell_positions : positions;
    const position *end = s->canvas->cells ? at + sizeof cell_positions / sizeof *cell_positions
                                           : at + sizeof positions / sizeof *positions;
    size_t best = SIZE_MAX;
    for (; at < end && best > 0; at++) {
        const box b = box_at(l, at->side, l->x + at->side * at->away * s->canvas->gap,
                             l->y + at->up * s->canvas->char_height, s->canvas);
        if (!is_free(&b, s) || !is_clear(&b, l, s))
            continue;
        const size_t count = obstacles_in(&s->points, &b);
        if (count < best && count <= most) {
            best = count;
            *out = b;
            l->side = at->side;
        }
    }
    return l->side != 0;
}

/* Takes a place if the name and its line are free there. @param line  where the line begins */
static bool take_away(box *out, label *l, const box *b, spot line, int side, const scene *s)
{
    if (!is_free(b, s) || obstacles_in(&s->points, b) > 0 ||
        !line_is_free(line, (spot){l->x, l->y}, s))
        return false;
    *out = *b;
    l->side = side;
    l->leader = true;
    l->line_x = line.x;
    l->line_y = line.y;
    return true;
}

/* Around the point in ever larger rings, from below and left: the line ends at a side of the name,
 * or, where it is steep, in the middle above or below it. */
static bool place_away(box *out, label *l, const scene *s)
{
    static const int first = 20; /* of DIRECTIONS, counted from the right against the clock: SW */
    for (int ring = 0; ring < RINGS; ring++) {
        const double radius = s->canvas->char_height * (1.5 + 0.75 * ring + 0.06 * ring * ring);
        for (int k = 0; k < DIRECTIONS; k++) {
            const int step = k % 2 ? (k + 1) / 2 : -k / 2;
            const double angle = 2 * 3.14159265358979 * (first + step) / DIRECTIONS;
            const spot end = {l->x + radius * cos(angle), l->y + radius * sin(angle)};
            const int side = end.x < l->x ? -1 : 1;
            box b = box_at(l, side, end.x, end.y, s->canvas);
            if (take_away(out, l, &b, end, side, s))
                return true;
            const double half = 0.5 * (b.x1 - b.x0), up = end.y > l->y ? 0.5 : -0.5;
            b = box_at(l, 1, end.x - half, end.y + up * s->canvas->char_height, s->canvas);
            if (fabs(cos(angle)) < 0.7 && take_away(out, l, &b, end, 1, s))
                return true;
        }
    }
    return false;
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

static void place_one(label *l, scene *s)
{
    box b;
    if (!place_beside(&b, l, s) && !(s->canvas->leaders && place_away(&b, l, s)))
        return;
    l->text_x = l->side < 0 ? b.x1 : b.x0;
    l->text_y = 0.5 * (b.y0 + b.y1);
    s->taken[s->n_taken++] = b;
    if (l->leader) {
        s->line[s->n_lines][0] = (spot){l->line_x, l->line_y};
        s->line[s->n_lines++][1] = (spot){l->x, l->y};
    }
}

asx_status asx_labels_place(label *l, size_t n, size_t max, const double *obstacle,
                            size_t n_obstacles, size_t n_markers, const label_canvas *canvas,
                            asx_error *err)
{
    if (n == 0)
        return ASX_OK;
    scene s = {l, n, obstacle, n_markers, canvas, {0}, NULL, NULL, 0, 0};
    size_t *order = asx_array_new(n, sizeof *order);
    bool *seen = asx_array_new(n, sizeof *seen);
    s.taken = asx_array_new(n, sizeof *s.taken);
    s.line = asx_array_new(n, sizeof *s.line);
    asx_status status = ASX_OK;
    if (!order || !seen || !s.taken || !s.line)
        status = asx_fail(err, ASX_ENOMEM, "no memory for %zu labels", n);
    if (status == ASX_OK)
        status = obstacles_init(&s.points, obstacle, n_obstacles, canvas, err);
    if (status == ASX_OK)
        spread_order(order, seen, n);
    for (size_t i = 0; i < n; i++) {
        l[i].side = 0;
        l[i].leader = false;
    }
    for (size_t k = 0; status == ASX_OK && k < n && s.n_taken < max && k < TRIES; k++)
        place_one(&l[order[k]], &s);
    obstacles_fini(&s.points);
    free(order);
    free(seen);
    free(s.taken);
    free(s.line);
    return status;
}
