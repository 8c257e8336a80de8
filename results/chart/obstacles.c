#include "obstacles.h"

#include <math.h>
#include <stdlib.h>

#include "dse/memory.h"

/* Cells across a height of a character: fine enough for names to slip between points. */
enum { FINE = 7 };

static size_t index_of(double at, double cell, size_t n)
{
    const double k = floor(at / cell);
    return k < 0 ? 0 : k >= (double)n ? n - 1 : (size_t)k;
}

asx_status obstacles_init(obstacles *o, const double *point, size_t n, const label_canvas *canvas,
                          asx_error *err)
{
    o->cell = canvas->char_height > FINE ? canvas->char_height / FINE : canvas->char_height;
    o->columns = (size_t)(canvas->width / o->cell) + 1;
    o->rows = (size_t)(canvas->height / o->cell) + 1;
    const size_t wide = o->columns + 1;
    o->sum = asx_array_new(wide * (o->rows + 1), sizeof *o->sum);
    if (!o->sum)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu points", n);
    for (size_t i = 0; i < n; i++)
        o->sum[(index_of(point[2 * i + 1], o->cell, o->rows) + 1) * wide +
               index_of(point[2 * i], o->cell, o->columns) + 1]++;
    for (size_t r = 1; r <= o->rows; r++)
        for (size_t c = 1; c <= o->columns; c++)
            o->sum[r * wide + c] += o->sum[r * wide + c - 1] + o->sum[(r - 1) * wide + c] -
                                    o->sum[(r - 1) * wide + c - 1];
    return ASX_OK;
}

void obstacles_fini(obstacles *o)
{
    free(o->sum);
}

size_t obstacles_in(const obstacles *o, const box *b)
{
    const size_t wide = o->columns + 1;
    const size_t x0 = index_of(b->x0, o->cell, o->columns),
                 x1 = index_of(b->x1, o->cell, o->columns) + 1;
    const size_t y0 = index_of(b->y0, o->cell, o->rows), y1 = index_of(b->y1, o->cell, o->rows) + 1;
    return o->sum[y1 * wide + x1] - o->sum[y0 * wide + x1] - o->sum[y1 * wide + x0] +
           o->sum[y0 * wide + x0];
}
