#include "points_file.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "input.h"

/* A file that is being read. */
typedef struct reader {
    points_file points;
    const char *path;
    size_t line, value_capacity, set_capacity;
} reader;

static asx_status end_set(reader *r, asx_error *err)
{
    points_file *p = &r->points;
    if (p->n == (p->n_sets ? p->end[p->n_sets - 1] : 0))
        return ASX_OK;
    size_t *grown = asx_array_grow(p->end, &r->set_capacity, p->n_sets + 1, sizeof *grown);
    if (!grown)
        return asx_fail(err, ASX_ENOMEM, "no memory for points");
    p->end = grown;
    p->end[p->n_sets++] = p->n;
    return ASX_OK;
}

static asx_status add_value(reader *r, const char **cursor, size_t at, asx_error *err)
{
    char *end = NULL;
    const double value = strtod(*cursor, &end);
    const size_t n = strcspn(*cursor, " \t\r\v\f\n#");
    if (end != *cursor + n || !isfinite(value))
        return asx_fail(err, ASX_EPARSE, "%s:%zu: '%.*s' is not a finite number", r->path, r->line,
                        (int)(n < 40 ? n : 40), *cursor);
    double *grown = asx_array_grow(r->points.value, &r->value_capacity, at + 1, sizeof *grown);
    if (!grown)
        return asx_fail(err, ASX_ENOMEM, "no memory for points");
    r->points.value = grown;
    grown[at] = value;
    *cursor = end;
    return ASX_OK;
}

/* @param cursor  moves to the end of the line */
static asx_status read_line(reader *r, const char **cursor, asx_error *err)
{
    points_file *p = &r->points;
    const size_t begin = p->n * p->n_dims;
    size_t n = 0;
    bool comment = false;
    for (; **cursor && **cursor != '\n';) {
        comment |= **cursor == '#';
        if (comment || isspace((unsigned char)**cursor)) {
            ++*cursor;
            continue;
        }
        const asx_status status = add_value(r, cursor, begin + n++, err);
        if (status != ASX_OK)
            return status;
    }
    if (n == 0)
        return comment ? ASX_OK : end_set(r, err);
    if (p->n > 0 && n != p->n_dims)
        return asx_fail(err, ASX_EPARSE, "%s:%zu: %zu numbers, the points before have %zu", r->path,
                        r->line, n, p->n_dims);
    p->n_dims = n;
    p->n++;
    return ASX_OK;
}

asx_status points_file_read(points_file *out, const char *path, asx_error *err)
{
    char *text = NULL;
    size_t n = 0;
    reader r = {.path = input_name(path)};
    asx_status status = input_read(&text, &n, path, err);
    if (status != ASX_OK)
        return status;
    for (const char *p = text; status == ASX_OK && *p; p += *p == '\n') {
        r.line++;
        status = read_line(&r, &p, err);
    }
    if (status == ASX_OK)
        status = end_set(&r, err);
    if (status == ASX_OK && r.points.n == 0)
        status = asx_fail(err, ASX_EPARSE, "%s: no points", r.path);
    free(text);
    if (status == ASX_OK)
        *out = r.points;
    else
        points_file_fini(&r.points);
    return status;
}

void points_file_fini(points_file *points)
{
    if (!points)
        return;
    free(points->value);
    free(points->end);
    *points = (points_file){0};
}

const double *points_file_set(const points_file *points, size_t set, size_t *n)
{
    const size_t first = set > 0 ? points->end[set - 1] : 0;
    *n = points->end[set] - first;
    return points->value + first * points->n_dims;
}
