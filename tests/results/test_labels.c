/* Names beside the points of a front: no two meet, none covers a point, lines lead to their points. */
#include "check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "labels.h"

/* Boxes rebuilt from the result: inside, apart, and on no point. */
static void test_labels(void **state)
{
    enum { POINTS = 20 };
    const label_canvas canvas = {400, 300, 6, 12, 8, false, false};
    label l[POINTS];
    asx_error err = {0};
    (void)state;
    for (int i = 0; i < POINTS; i++)
        l[i] = (label){
            .x = 20 + i * 18, .y = 20 + 4000.0 / (15 + 3 * i), .n_chars = 8 + (size_t)i % 9};
    CHECK_OK(asx_labels_place(l, POINTS, 12, NULL, 0, 0, &canvas, &err), err);
    int placed = 0;
    for (int i = 0; i < POINTS; i++) {
        double x0, x1;
        if (l[i].side == 0)
            continue;
        placed++;
        double width = 6.0 * (double)l[i].n_chars;
        x0 = l[i].side < 0 ? l[i].text_x - width : l[i].text_x;
        x1 = x0 + width;
        assert_true(x0 >= 0 && x1 <= 400 && l[i].text_y >= 6 && l[i].text_y <= 294);
        for (int j = 0; j < POINTS; j++) {
            assert_false(l[j].x > x0 && l[j].x < x1 && fabs(l[j].y - l[i].text_y) < 6);
            if (j == i || l[j].side == 0)
                continue;
            double other = 6.0 * (double)l[j].n_chars;
            double o0 = l[j].side < 0 ? l[j].text_x - other : l[j].text_x;
            assert_false(x0 < o0 + other && o0 < x1 && fabs(l[i].text_y - l[j].text_y) < 12);
        }
    }
    assert_in_range(placed, 4, 12);
}

/* A marker put where a name stood drives the name away. */
static void test_labels_spare_markers(void **state)
{
    const label_canvas canvas = {400, 300, 6, 12, 8, false, false};
    label l = {.x = 200, .y = 150, .n_chars = 8};
    double marker[2];
    asx_error err = {0};
    (void)state;
    CHECK_OK(asx_labels_place(&l, 1, 1, NULL, 0, 0, &canvas, &err), err);
    assert_int_not_equal(l.side, 0);
    marker[0] = l.text_x + l.side * 24;
    marker[1] = l.text_y;
    CHECK_OK(asx_labels_place(&l, 1, 1, marker, 1, 1, &canvas, &err), err);
    assert_int_not_equal(l.side, 0);
    const double x0 = l.side < 0 ? l.text_x - 48 : l.text_x;
    assert_false(marker[0] > x0 && marker[0] < x0 + 48 && fabs(marker[1] - l.text_y) < 6);
}

/* ---- many random fronts, with leaders ---- */

enum { MOST = 60, CLOUD = 200, FRONTS = 300, NAMES = 14 };

typedef struct scene {
    label l[MOST];
    double obstacle[2 * (MOST + 3 + CLOUD)];
    size_t n, n_markers, n_obstacles;
    label_canvas canvas;
} scene;

static uint64_t random_state;

static double uniform(double low, double high)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return low + (high - low) * (double)(random_state >> 11) * 0x1p-53;
}

static int by_number(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* A falling staircase, often crowded into a corner, with a cloud above it and a few more markers. */
static void make_scene(scene *s, uint64_t seed)
{
    double x[MOST], y[MOST];
    random_state = seed;
    const bool narrow = uniform(0, 1) < 0.5;
    s->canvas = (label_canvas){narrow ? 360 : 804, narrow ? 230 : 444, 6.3, 14, 8, true, false};
    s->n = 1 + (size_t)uniform(0, MOST);
    const double crowd = uniform(0.05, 1);
    for (size_t i = 0; i < s->n; i++) {
        x[i] = s->canvas.width * uniform(0.3, 0.3 + 0.65 * crowd);
        y[i] = s->canvas.height * uniform(0.2, 0.2 + 0.7 * crowd);
    }
    qsort(x, s->n, sizeof *x, by_number);
    qsort(y, s->n, sizeof *y, by_number);
    s->n_markers = s->n_obstacles = s->n + 3;
    for (size_t i = 0; i < s->n; i++) {
        s->l[i] = (label){.x = x[i], .y = y[s->n - 1 - i], .n_chars = 8 + (size_t)uniform(0, 18)};
        s->obstacle[2 * i] = s->l[i].x;
        s->obstacle[2 * i + 1] = s->l[i].y;
    }
    for (size_t i = s->n; i < s->n + 3; i++) {
        s->obstacle[2 * i] = uniform(0, s->canvas.width);
        s->obstacle[2 * i + 1] = uniform(0, s->canvas.height);
    }
    for (size_t i = 0; i < CLOUD; i++) { /* dominated: right of and above a point of the front */
        const label *l = &s->l[(size_t)uniform(0, (double)s->n)];
        double *at = &s->obstacle[2 * s->n_obstacles++];
        at[0] = uniform(l->x, s->canvas.width);
        at[1] = uniform(l->y, s->canvas.height);
    }
}

typedef struct rectangle {
    double x0, y0, x1, y1;
} rectangle;

static rectangle box_of(const scene *s, const label *l)
{
    const double width = s->canvas.char_width * (double)l->n_chars;
    const double x0 = l->side < 0 ? l->text_x - width : l->text_x;
    return (rectangle){x0, l->text_y - 0.5 * s->canvas.char_height, x0 + width,
                       l->text_y + 0.5 * s->canvas.char_height};
}

static bool inside(const rectangle *r, double x, double y)
{
    return x > r->x0 + 1e-9 && x < r->x1 - 1e-9 && y > r->y0 + 1e-9 && y < r->y1 - 1e-9;
}

/* Looked at in a thousand places, not computed. */
static bool line_covers(const label *l, const rectangle *r)
{
    for (int k = 0; k <= 1000; k++)
        if (inside(r, l->line_x + 1e-3 * k * (l->x - l->line_x),
                   l->line_y + 1e-3 * k * (l->y - l->line_y)))
            return true;
    return false;
}

static double sign_of(const label *a, double x, double y)
{
    return (a->x - a->line_x) * (y - a->line_y) - (a->y - a->line_y) * (x - a->line_x);
}

static bool lines_cross(const label *a, const label *b)
{
    return sign_of(a, b->x, b->y) * sign_of(a, b->line_x, b->line_y) < 0 &&
           sign_of(b, a->x, a->y) * sign_of(b, a->line_x, a->line_y) < 0;
}

static double apart(const scene *s, const rectangle *r, double x, double y)
{
    const double up = s->canvas.cells ? 2 : 1;
    return hypot(fmax(0, fmax(r->x0 - x, x - r->x1)), up * fmax(0, fmax(r->y0 - y, y - r->y1)));
}

/* A name without a line is clearly nearest to its own point, and level with no other. */
static void check_nearest(const scene *s, const label *l)
{
    const rectangle box = box_of(s, l), line = {box.x0, l->text_y, box.x1, l->text_y};
    for (size_t k = 0; k < s->n + s->n_markers; k++) {
        const double x = k < s->n ? s->l[k].x : s->obstacle[2 * (k - s->n)];
        const double y = k < s->n ? s->l[k].y : s->obstacle[2 * (k - s->n) + 1];
        if (x == l->x && y == l->y)
            continue;
        assert_true(apart(s, &box, l->x, l->y) < 0.6 * apart(s, &box, x, y));
        assert_true(apart(s, &line, l->x, l->y) < 0.6 * apart(s, &line, x, y));
    }
}

static void check_scene(const scene *s, size_t *placed, size_t *leaders)
{
    for (size_t i = 0; i < s->n; i++) {
        const label *l = &s->l[i];
        if (l->side == 0)
            continue;
        const rectangle r = box_of(s, l);
        assert_true(r.x0 >= 0 && r.y0 >= 0);
        assert_true(r.x1 <= s->canvas.width && r.y1 <= s->canvas.height);
        if (l->leader) { /* it begins at the edge of its name */
            assert_false(inside(&r, l->line_x, l->line_y));
            assert_true(l->line_x > r.x0 - 0.1 && l->line_x < r.x1 + 0.1);
            assert_true(l->line_y > r.y0 - 0.1 && l->line_y < r.y1 + 0.1);
        }
        if (!l->leader)
            check_nearest(s, l);
        ++*placed;
        *leaders += l->leader;
        for (size_t k = 0; k < s->n_obstacles; k++)
            assert_false(inside(&r, s->obstacle[2 * k], s->obstacle[2 * k + 1]));
        for (size_t k = 0; k < s->n; k++) {
            const label *m = &s->l[k];
            if (m->side == 0 || k == i)
                continue;
            const rectangle o = box_of(s, m);
            assert_false(r.x0 < o.x1 && o.x0 < r.x1 && r.y0 < o.y1 && o.y0 < r.y1);
            assert_false(m->leader && line_covers(m, &r));
            assert_false(m->leader && l->leader && lines_cross(m, l));
        }
    }
}

static void test_random_fronts(void **state)
{
    static scene s, again;
    size_t points = 0, placed = 0, leaders = 0, beside = 0;
    asx_error err = {0};
    (void)state;
    for (uint64_t seed = 1; seed <= FRONTS; seed++) {
        make_scene(&s, seed);
        again = s;
        CHECK_OK(asx_labels_place(s.l, s.n, NAMES, s.obstacle, s.n_obstacles, s.n_markers,
                                  &s.canvas, &err),
                 err);
        check_scene(&s, &placed, &leaders);
        points += s.n < NAMES ? s.n : NAMES;
        CHECK_OK(asx_labels_place(again.l, s.n, NAMES, s.obstacle, s.n_obstacles, s.n_markers,
                                  &s.canvas, &err),
                 err);
        assert_memory_equal(s.l, again.l, s.n * sizeof *s.l);
        again.canvas.leaders = false;
        CHECK_OK(asx_labels_place(again.l, s.n, NAMES, s.obstacle, s.n_obstacles, s.n_markers,
                                  &again.canvas, &err),
                 err);
        for (size_t i = 0; i < s.n; i++) {
            assert_false(again.l[i].leader);
            if (again.l[i].side != 0)
                check_nearest(&again, &again.l[i]);
            beside += again.l[i].side != 0;
        }
    }
    print_message("%zu names wanted, %zu placed, %zu of them with leaders; without, %zu\n", points,
                  placed, leaders, beside);
    assert_true((double)placed > 0.65 * (double)points && leaders > placed / 10);
}

/* In a terminal a name stands in the line of its point, at most a blank away, and none is level with
 * the point of another. */
static void test_terminal(void **state)
{
    static scene s;
    size_t placed = 0;
    asx_error err = {0};
    (void)state;
    for (uint64_t seed = 1; seed <= FRONTS; seed++) {
        make_scene(&s, seed);
        const double across = 70 / s.canvas.width, up = 17 / s.canvas.height;
        s.canvas = (label_canvas){70, 17, 1, 1, 1, false, true};
        for (size_t i = 0; i < s.n_markers; i++) {
            s.obstacle[2 * i] = floor(s.obstacle[2 * i] * across) + 0.5;
            s.obstacle[2 * i + 1] = floor(s.obstacle[2 * i + 1] * up) + 0.5;
        }
        for (size_t i = 0; i < s.n; i++) {
            s.l[i].x = s.obstacle[2 * i];
            s.l[i].y = s.obstacle[2 * i + 1];
        }
        CHECK_OK(asx_labels_place(s.l, s.n, NAMES, s.obstacle, s.n_markers, s.n_markers, &s.canvas,
                                  &err),
                 err);
        for (size_t i = 0; i < s.n; i++) {
            const label *l = &s.l[i];
            if (l->side == 0)
                continue;
            assert_true(l->text_y == l->y && fabs(l->text_x - l->x) < 2);
            assert_true(l->text_x == floor(l->text_x));
            check_nearest(&s, l);
            placed++;
        }
    }
    assert_true(placed > FRONTS);
}

/* Twelve points so close that a name beside one could be that of the next: they get lines. */
static void test_crowd(void **state)
{
    enum { CROWD = 12 };
    const label_canvas canvas = {400, 300, 6.3, 14, 8, true, false};
    label l[CROWD];
    asx_error err = {0};
    size_t leaders = 0, placed = 0;
    (void)state;
    for (int i = 0; i < CROWD; i++)
        l[i] = (label){.x = 180 + 2 * i, .y = 150 - 2 * i, .n_chars = 14};
    CHECK_OK(asx_labels_place(l, CROWD, CROWD, NULL, 0, 0, &canvas, &err), err);
    for (int i = 0; i < CROWD; i++) {
        placed += l[i].side != 0;
        leaders += l[i].leader;
    }
    assert_in_range(placed, 5, CROWD);
    assert_in_range(leaders, 3, CROWD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_labels),        cmocka_unit_test(test_labels_spare_markers),
        cmocka_unit_test(test_random_fronts), cmocka_unit_test(test_terminal),
        cmocka_unit_test(test_crowd),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
