#include "moments.h"

#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"

static asx_status no_memory(asx_error *err)
{
    return asx_fail(err, ASX_ENOMEM, "no memory for moments of activations");
}

asx_status asx_moments_init(asx_moments *out, const asx_node *node, asx_error *err)
{
    asx_moments m = {.groups = node->groups ? node->groups : 1,
                     .depth = node->n_weights / node->n_biases,
                     .channels = node->n_biases};
    m.square = asx_array_new(m.groups * m.depth, m.depth * sizeof *m.square);
    m.cross = asx_array_new(m.channels, m.depth * sizeof *m.cross);
    m.mean_x = asx_array_new(m.groups * m.depth, sizeof *m.mean_x);
    m.mean_y = asx_array_new(m.channels, sizeof *m.mean_y);
    *out = m;
    if (m.square && m.cross && m.mean_x && m.mean_y)
        return ASX_OK;
    asx_moments_fini(out);
    return no_memory(err);
}

void asx_moments_fini(asx_moments *m)
{
    if (!m)
        return;
    free(m->square);
    free(m->cross);
    free(m->mean_x);
    free(m->mean_y);
    *m = (asx_moments){0};
}

asx_status asx_moments_part_init(asx_moments_part *out, const asx_moments *m, asx_error *err)
{
    asx_moments_part p = {.square =
                              asx_array_new(m->groups * m->depth, m->depth * sizeof *p.square),
                          .cross = asx_array_new(m->channels, m->depth * sizeof *p.cross),
                          .mean_x = asx_array_new(m->groups * m->depth, sizeof *p.mean_x),
                          .mean_y = asx_array_new(m->channels, sizeof *p.mean_y)};
    *out = p;
    if (p.square && p.cross && p.mean_x && p.mean_y)
        return ASX_OK;
    asx_moments_part_fini(out);
    return no_memory(err);
}

void asx_moments_part_fini(asx_moments_part *p)
{
    if (!p)
        return;
    free(p->square);
    free(p->cross);
    free(p->mean_x);
    free(p->mean_y);
    *p = (asx_moments_part){0};
}

static void sum_columns(double *sum, const float *x, size_t columns, size_t rows)
{
    memset(sum, 0, columns * sizeof *sum);
    for (size_t r = 0; r < rows; r++)
        for (size_t i = 0; i < columns; i++)
            sum[i] += (double)x[r * columns + i];
}

asx_status asx_moments_take(asx_moments_part *p, const asx_moments *m, const float *x,
                            const float *y, size_t rows, asx_error *err)
{
    const size_t width = m->groups * m->depth, per_group = m->channels / m->groups;
    asx_status status = ASX_OK;
    p->rows = rows;
    sum_columns(p->mean_x, x, width, rows);
    if (y)
        sum_columns(p->mean_y, y, m->channels, rows);
    for (size_t g = 0; status == ASX_OK && g < m->groups; g++) {
        const asx_dnn_factor in = {x + g * m->depth, m->depth, width};
        status = asx_dnn_product(p->square + g * m->depth * m->depth, &in, &in, rows, err);
        if (status == ASX_OK && y) {
            const asx_dnn_factor to = {y + g * per_group, per_group, m->channels};
            status = asx_dnn_product(p->cross + g * per_group * m->depth, &to, &in, rows, err);
        }
    }
    return status;
}

static void add(double *sum, const float *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        sum[i] += (double)x[i];
}

void asx_moments_add(asx_moments *m, const asx_moments_part *p)
{
    add(m->square, p->square, m->groups * m->depth * m->depth);
    add(m->cross, p->cross, m->channels * m->depth);
    for (size_t i = 0; i < m->groups * m->depth; i++)
        m->mean_x[i] += p->mean_x[i];
    for (size_t c = 0; c < m->channels; c++)
        m->mean_y[c] += p->mean_y[c];
    m->count += (double)p->rows;
}

static void divide(double *x, size_t n, double by)
{
    for (size_t i = 0; i < n; i++)
        x[i] /= by;
}

/* x[i] -= a b[i] */
static void take_off(double *x, double a, const double *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        x[i] -= a * b[i];
}

void asx_moments_end(asx_moments *m, const float *bias)
{
    const size_t depth = m->depth, per_group = m->channels / m->groups;
    divide(m->square, m->groups * depth * depth, m->count);
    divide(m->cross, m->channels * depth, m->count);
    divide(m->mean_x, m->groups * depth, m->count);
    divide(m->mean_y, m->channels, m->count);
    for (size_t i = 0; !bias && i < m->groups * depth; i++)
        take_off(m->square + i * depth, m->mean_x[i], m->mean_x + i / depth * depth, depth);
    for (size_t c = 0; c < m->channels; c++)
        take_off(m->cross + c * depth, bias ? (double)bias[c] : m->mean_y[c],
                 m->mean_x + c / per_group * depth, depth);
}
