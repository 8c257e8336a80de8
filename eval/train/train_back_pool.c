/* Gradients of the operators that gather: each sends its output's gradient back to the taps of its
 * window. */
#include "train_back.h"

/* Calls `visit` for every tap of every window that lies inside the map. */
typedef struct taps {
    const asx_value *in, *out;
    const asx_window *w;
} taps;

/* Place of a tap along one axis; false if it lies in the padding. */
static bool inside(size_t *at, const taps *t, size_t axis, size_t out, size_t tap)
{
    const size_t x = out * t->w->stride[axis] + tap * t->w->dilation[axis];
    if (x < t->w->before[axis] || x - t->w->before[axis] >= t->in->dim[1 + axis])
        return false;
    *at = x - t->w->before[axis];
    return true;
}

/* Taps along one axis that count in an average. */
static size_t n_taps(const taps *t, size_t axis, size_t out, bool padding)
{
    const asx_window *w = t->w;
    size_t n = 0, at;
    for (size_t tap = 0; tap < w->kernel[axis]; tap++) {
        const size_t x = out * w->stride[axis] + tap * w->dilation[axis];
        n += padding ? x < w->before[axis] + t->in->dim[1 + axis] + w->after[axis]
                     : inside(&at, t, axis, out, tap);
    }
    return n;
}

static void back_max_at(float *dx, const float *x, const float *y, const float *dy, const taps *t,
                        size_t row, size_t column)
{
    const size_t channels = t->in->dim[0], width = t->in->dim[2];
    for (size_t c = 0; c < channels; c++) {
        bool found = false; /* the first of equals takes it all */
        for (size_t i = 0; i < t->w->kernel[0] && !found; i++)
            for (size_t j = 0; j < t->w->kernel[1] && !found; j++) {
                size_t r, k;
                if (!inside(&r, t, 0, row, i) || !inside(&k, t, 1, column, j))
                    continue;
                const size_t at = (r * width + k) * channels + c;
                found = x[at] >= y[c];
                if (found)
                    dx[at] += dy[c];
            }
    }
}

void asx_back_max_pool(const asx_tape_frame *f, const asx_node *node)
{
    const float *x = asx_tape_value(f, node->input[0]).data,
                *y = asx_tape_value(f, node->output).data;
    const asx_tensor dx = asx_tape_adding(f, node->input[0]),
                     dy = asx_tape_gradient(f, node->output);
    const taps t = {dx.value, dy.value, &node->window};
    const size_t image = asx_value_n_elements(dx.value), *dim = dy.value->dim;
    size_t at = 0;
    for (size_t b = 0; b < f->tape->batch; b++)
        for (size_t r = 0; r < dim[1]; r++)
            for (size_t k = 0; k < dim[2]; k++, at += dim[0])
                back_max_at(dx.data + b * image, x + b * image, y + at, dy.data + at, &t, r, k);
}

static void back_average_at(float *dx, const float *dy, const taps *t, bool padding, size_t row,
                            size_t column)
{
    const size_t channels = t->in->dim[0], width = t->in->dim[2];
    const size_t n = n_taps(t, 0, row, padding) * n_taps(t, 1, column, padding);
    const float share = n ? 1.0f / (float)n : 0;
    for (size_t i = 0; i < t->w->kernel[0]; i++)
        for (size_t j = 0; j < t->w->kernel[1]; j++) {
            size_t r, k;
            if (!inside(&r, t, 0, row, i) || !inside(&k, t, 1, column, j))
                continue;
            float *to = dx + (r * width + k) * channels;
            for (size_t c = 0; c < channels; c++)
                to[c] += share * dy[c];
        }
}

void asx_back_average_pool(const asx_tape_frame *f, const asx_node *node)
{
    const asx_tensor dx = asx_tape_adding(f, node->input[0]),
                     dy = asx_tape_gradient(f, node->output);
    const taps t = {dx.value, dy.value, &node->window};
    const size_t image = asx_value_n_elements(dx.value), *dim = dy.value->dim;
    const float *from = dy.data;
    for (size_t b = 0; b < f->tape->batch; b++)
        for (size_t r = 0; r < dim[1]; r++)
            for (size_t k = 0; k < dim[2]; k++, from += dim[0])
                back_average_at(dx.data + b * image, from, &t, node->count_padding, r, k);
}
