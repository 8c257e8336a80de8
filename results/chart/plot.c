/* Pictures of a front: the layout. */
#include "results/plot.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "chart_script.h"
#include "drawing.h"
#include "dse/memory.h"
#include "numbers.h"
#include "picture.h"

enum { NARROW_TITLE = 30 }; /* height of a line of it */
enum { PICTURE_WIDTH = 900, LABELS = 14, FEW_LABELS = 6, SPOT = 2 };

asx_status asx_plot_format_from_path(asx_plot_format *out, const char *path, asx_error *err)
{
    static const struct {
        const char *ending;
        asx_plot_format format;
    } endings[] = {{".svg", ASX_PLOT_SVG},
                   {".png", ASX_PLOT_PNG},
                   {".pdf", ASX_PLOT_PDF},
                   {".txt", ASX_PLOT_TEXT},
                   {".csv", ASX_PLOT_CSV}};
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot && i < sizeof endings / sizeof *endings; i++)
        if (strcasecmp(dot, endings[i].ending) == 0) {
            *out = endings[i].format;
            return ASX_OK;
        }
    return asx_fail(
        err, ASX_EUNSUPPORTED,
        "cannot tell the picture's kind from '%s'; endings are .svg, .png, .pdf and .txt, and "
        ".csv for the numbers",
        path);
}

static bool is_finite(const asx_evaluation *e, const asx_plot_options *o)
{
    return isfinite(asx_evaluation_objective(e, o->x)) &&
           isfinite(asx_evaluation_objective(e, o->y));
}

static asx_status check(const asx_plot_options *o, const asx_plot_point *point, size_t n,
                        asx_error *err)
{
    if (n == 0)
        return asx_fail(err, ASX_EINVAL, "there is nothing to plot: no designs");
    if (o->x == o->y)
        return asx_fail(err, ASX_EINVAL, "both axes are '%s'", asx_objective_text(o->x));
    if (asx_drawing_check(o, err) != ASX_OK)
        return ASX_EINVAL;
    for (size_t i = 0; i < n; i++)
        if (!is_finite(point[i].evaluation, o) ||
            (point[i].checked && !is_finite(point[i].checked, o)))
            return asx_fail(err, ASX_EINVAL, "design '%s' has a value that is not finite",
                            point[i].design);
    return ASX_OK;
}

static void make_axis(axis *out, const picture *p, asx_objective objective, double low, double high)
{
    for (size_t i = 0; i < p->n; i++) {
        double value = asx_evaluation_objective(p->point[i].evaluation, objective);
        low = fmin(low, value);
        high = fmax(high, value);
        if (!p->point[i].checked)
            continue;
        value = asx_evaluation_objective(p->point[i].checked, objective);
        low = fmin(low, value);
        high = fmax(high, value);
    }
    *out = asx_axis_make(objective, p->options->score, low, high);
}

/* The inner area is fixed here, not by gnuplot, so that names can be laid out. */
static void make_canvas(picture *p)
{
    double right, top;
    if (p->options->format == ASX_PLOT_TEXT) {
        asx_drawing_text_size(&p->width, &p->height, p->options);
        p->left = 8, p->bottom = 4, right = 2, top = 3;
        p->canvas = (label_canvas){.char_width = 1, .char_height = 1, .gap = 1, .cells = true};
    } else {
        p->narrow = asx_drawing_is_narrow(p->options);
        p->width = asx_drawing_width(p->options, PICTURE_WIDTH);
        p->height = (size_t)((double)p->width * (p->narrow ? 0.85 : 2.0 / 3) + 0.5);
        p->left = 72, p->bottom = 64, right = 24, top = 92;
        if (p->narrow)
            p->left = 60, p->bottom = 66, right = 14, top = 76;
        p->title_extra = asx_chart_title_extra(p->options, (double)p->width);
        if (p->narrow && asx_drawing_has_title(p->options))
            p->title_extra += NARROW_TITLE;
        p->height += (size_t)p->title_extra;
        top += p->title_extra;
        p->canvas = (label_canvas){.char_width = 6.3, .char_height = 14, .gap = 8, .leaders = true};
    }
    p->canvas.width = (double)p->width - p->left - right;
    p->canvas.height = (double)p->height - p->bottom - top;
}

/* For qsort, which takes no context: a point with its coordinates. */
typedef struct place {
    double x, y;
    size_t index;
} place;

static int by_x_then_y(const void *va, const void *vb)
{
    const place *a = va, *b = vb;
    if (a->x != b->x)
        return a->x < b->x ? -1 : 1;
    if (a->y != b->y)
        return a->y < b->y ? -1 : 1;
    return a->index < b->index ? -1 : a->index > b->index;
}

/* With two objectives the steps join the whole front; of a front of more they join what is best in
 * the two that are shown. */
static asx_status make_stairs(picture *p, asx_error *err)
{
    place *sorted = asx_array_new(p->n, sizeof *sorted);
    p->stair = asx_array_new(p->n, sizeof *p->stair);
    if (!sorted || !p->stair) {
        free(sorted);
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu points", p->n);
    }
    size_t n = 0;
    for (size_t i = 0; i < p->n; i++)
        if (p->point[i].front)
            sorted[n++] = (place){asx_picture_x(p, i), asx_picture_y(p, i), i};
    qsort(sorted, n, sizeof *sorted, by_x_then_y);
    for (size_t i = 0; i < n; i++)
        if (p->n_stairs == 0 || sorted[i].y < asx_picture_y(p, p->stair[p->n_stairs - 1]))
            p->stair[p->n_stairs++] = sorted[i].index;
    free(sorted);
    return ASX_OK;
}

/* @param x, y  as evaluations hold them */
static void canvas_spot_of(double spot[2], const picture *p, double x, double y)
{
    x /= p->x.factor;
    y /= p->y.factor;
    spot[0] = asx_axis_at(&p->x, x) * p->canvas.width;
    spot[1] = asx_axis_at(&p->y, y) * p->canvas.height;
    if (p->canvas.cells) { /* in the middle of the character that gnuplot puts it in */
        spot[0] = floor(asx_axis_at(&p->x, x) * (p->canvas.width - 1) + 0.5) + 0.5;
        spot[1] = floor(asx_axis_at(&p->y, y) * (p->canvas.height - 1) + 0.5) + 0.5;
    }
}

static void canvas_spot(double spot[2], const picture *p, const asx_evaluation *e)
{
    canvas_spot_of(spot, p, asx_evaluation_objective(e, p->options->x),
                   asx_evaluation_objective(e, p->options->y));
}

static void canvas_place(double *x, double *y, const picture *p, size_t i)
{
    double spot[2];
    canvas_spot(spot, p, p->point[i].evaluation);
    *x = spot[0];
    *y = spot[1];
}

/* A picture's spots of the size of a point: whether there is one already. */
typedef struct spots {
    unsigned char *taken;
    double size;
    size_t columns, rows;
} spots;

static asx_status spots_make(spots *out, const picture *p, asx_error *err)
{
    spots s = {.size = p->options->format == ASX_PLOT_TEXT ? 1 : SPOT};
    s.columns = (size_t)(p->canvas.width / s.size) + 1;
    s.rows = (size_t)(p->canvas.height / s.size) + 1;
    s.taken = asx_array_new(s.columns * s.rows, 1);
    *out = s;
    return s.taken ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for a picture");
}

/* Whether it was free. */
static bool spots_take(spots *s, const double at[2])
{
    unsigned char *taken =
        &s->taken[(size_t)(at[1] / s->size) * s->columns + (size_t)(at[0] / s->size)];
    const bool was_free = !*taken;
    *taken = 1;
    return was_free;
}

/* One point per spot of its size: a million designs do not make a million marks. */
static asx_status make_cloud(picture *p, asx_error *err)
{
    spots s;
    asx_status status = spots_make(&s, p, err);
    p->cloud = asx_array_new(p->n, sizeof *p->cloud);
    if (status == ASX_OK && !p->cloud)
        status = asx_fail(err, ASX_ENOMEM, "no memory for %zu points", p->n);
    for (size_t i = 0; status == ASX_OK && i < p->n; i++) {
        double at[2];
        if (p->point[i].front || p->point[i].baseline)
            continue;
        p->n_dominated++;
        canvas_spot(at, p, p->point[i].evaluation);
        if (spots_take(&s, at))
            p->cloud[p->n_cloud++] = i;
    }
    free(s.taken);
    return status;
}

/* The ends of a range, and who is there. */
typedef struct ends {
    double low, high;
    size_t at_low, at_high;
} ends;

static ends ends_of(const double *value, size_t n)
{
    ends e = {INFINITY, -INFINITY, 0, 0};
    for (size_t i = 0; i < n; i++) {
        if (isfinite(value[i]) && value[i] < e.low)
            e.low = value[e.at_low = i];
        if (isfinite(value[i]) && value[i] > e.high)
            e.high = value[e.at_high = i];
    }
    return e;
}

asx_status asx_plot_thin(size_t **index, size_t *n_index, const asx_plot_options *options,
                         const asx_plot_point *point, size_t n, const asx_plot_cloud *cloud,
                         asx_error *err)
{
    picture p = {.options = options, .point = point, .n = n};
    const ends x = ends_of(cloud->x, cloud->n), y = ends_of(cloud->y, cloud->n);
    size_t *kept = asx_array_new(cloud->n, sizeof *kept), n_kept = 0;
    spots s = {0};
    make_axis(&p.x, &p, options->x, x.low, x.high);
    make_axis(&p.y, &p, options->y, y.low, y.high);
    make_canvas(&p);
    asx_status status =
        kept ? spots_make(&s, &p, err) : asx_fail(err, ASX_ENOMEM, "no memory for a picture");
    for (size_t i = 0; status == ASX_OK && i < cloud->n; i++) {
        double at[2] = {0, 0};
        const bool finite = isfinite(cloud->x[i]) && isfinite(cloud->y[i]);
        if (finite)
            canvas_spot_of(at, &p, cloud->x[i], cloud->y[i]);
        const bool end = i == x.at_low || i == x.at_high || i == y.at_low || i == y.at_high;
        if (!finite || end || spots_take(&s, at)) /* who draws it says what is wrong with it */
            kept[n_kept++] = i;
    }
    free(s.taken);
    if (status == ASX_OK) {
        *index = kept;
        *n_index = n_kept;
    } else {
        free(kept);
    }
    return status;
}

static asx_status make_labels(picture *p, asx_error *err)
{
    char name[PICTURE_NAME_MAX + 1];
    asx_status status = ASX_OK;
    size_t n_obstacles = 0;
    double *obstacle = asx_array_new(2 * p->n + 1, 2 * sizeof *obstacle);
    p->label = asx_array_new(p->n_stairs + 1, sizeof *p->label);
    if (!obstacle || !p->label) {
        status = asx_fail(err, ASX_ENOMEM, "no memory for %zu points", p->n);
        goto done;
    }
    for (size_t k = 0; k < p->n_stairs; k++) {
        canvas_place(&p->label[k].x, &p->label[k].y, p, p->stair[k]);
        p->label[k].n_chars = asx_picture_name(name, asx_picture_text(&p->point[p->stair[k]]));
    }
    for (size_t i = 0; i < p->n; i++)
        if (p->point[i].front || p->point[i].baseline) {
            canvas_place(&obstacle[2 * n_obstacles], &obstacle[2 * n_obstacles + 1], p, i);
            n_obstacles++;
        }
    for (size_t i = 0; i < p->n; i++)
        if (p->point[i].checked) {
            canvas_spot(&obstacle[2 * n_obstacles], p, p->point[i].checked);
            n_obstacles++;
        }
    const size_t n_markers = n_obstacles;
    for (size_t k = 0; k < p->n_cloud; k++) {
        canvas_place(&obstacle[2 * n_obstacles], &obstacle[2 * n_obstacles + 1], p, p->cloud[k]);
        n_obstacles++;
    }
    status = asx_labels_place(p->label, p->n_stairs,
                              p->options->labels ? p->options->labels
                              : p->narrow        ? FEW_LABELS
                                                 : LABELS,
                              obstacle, n_obstacles, n_markers, &p->canvas, err);
done:
    free(obstacle);
    return status;
}

static asx_status lay_out(picture *p, asx_error *err)
{
    make_axis(&p->x, p, p->options->x, INFINITY, -INFINITY);
    make_axis(&p->y, p, p->options->y, INFINITY, -INFINITY);
    make_canvas(p);
    asx_status status = make_stairs(p, err);
    if (status == ASX_OK)
        status = make_cloud(p, err);
    if (status == ASX_OK)
        status = make_labels(p, err);
    return status;
}

static void make_script(asx_text *script, const void *state, const char *output)
{
    asx_picture_script(script, state, output);
}

asx_status asx_plot_front(const asx_plot_options *options, const asx_plot_point *point, size_t n,
                          asx_error *err)
{
    picture p = {.options = options, .point = point, .n = n, .n_dominated = options->dominated};
    asx_status status = check(options, point, n, err);
    if (status != ASX_OK)
        return status;
    status = lay_out(&p, err);
    if (status == ASX_OK && options->format == ASX_PLOT_CSV) {
        asx_text text = {0};
        asx_numbers_front(&text, &p);
        status = asx_drawing_text(options, &text, err);
        asx_text_fini(&text);
    } else if (status == ASX_OK) {
        status = asx_drawing_make(options, make_script, &p, err);
    }
    free(p.stair);
    free(p.cloud);
    free(p.label);
    return status;
}
