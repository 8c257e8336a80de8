/* Gradients of the operators that look at one element, vector or channel at a time. */
#include <math.h>
#include <string.h>

#include "train_back.h"
#include "vector.h"

static size_t count(asx_tensor t, size_t batch)
{
    return asx_value_n_elements(t.value) * batch;
}

/* Loops that may work in place carry no dependence from one element to the next, which compilers
 * cannot see: 'simd' tells. Operands are read before they are chosen from, for the same reason. */

/* dx = or += dy where low < y < high: where the operator passed its input on. */
ASX_VECTORISED static void pass_between(float *dx, const float *y, const float *dy, size_t n,
                                        float low, float high, bool add)
{
    if (add) {
#pragma omp simd
        for (size_t i = 0; i < n; i++) {
            const float d = dy[i];
            dx[i] += ((y[i] > low) & (y[i] < high)) ? d : 0;
        }
    } else {
#pragma omp simd
        for (size_t i = 0; i < n; i++) {
            const float d = dy[i];
            dx[i] = ((y[i] > low) & (y[i] < high)) ? d : 0;
        }
    }
}

void asx_back_relu(asx_tensor dx, const float *y, const float *dy, size_t batch, bool add)
{
    pass_between(dx.data, y, dy, count(dx, batch), 0, INFINITY, add);
}

void asx_back_clip(asx_tensor dx, const float *y, const float *dy, const asx_node *node,
                   size_t batch, bool add)
{
    pass_between(dx.data, y, dy, count(dx, batch), node->low, node->high, add);
}

void asx_back_sigmoid(asx_tensor dx, const float *y, const float *dy, size_t batch, bool add)
{
    const size_t n = count(dx, batch);
    for (size_t i = 0; i < n; i++) {
        const float d = dy[i] * y[i] * (1 - y[i]);
        dx.data[i] = add ? dx.data[i] + d : d;
    }
}

void asx_back_add(asx_tensor dx, const float *dy, size_t batch, bool add)
{
    const size_t n = count(dx, batch);
    if (!add)
        memcpy(dx.data, dy, n * sizeof *dy);
    else
        for (size_t i = 0; i < n; i++)
            dx.data[i] += dy[i];
}

/* dx = y (dy - <y, dy>), per vector of `n` elements `step` apart */
static void back_softmax(float *dx, const float *y, const float *dy, size_t n, size_t step)
{
    float dot = 0;
    for (size_t i = 0; i < n; i++)
        dot += y[i * step] * dy[i * step];
    for (size_t i = 0; i < n; i++)
        dx[i * step] += y[i * step] * (dy[i * step] - dot);
}

void asx_back_softmax(asx_tensor dx, const float *y, const float *dy, const asx_node *node,
                      size_t batch)
{
    const size_t n = dx.value->dim[node->axis], size = asx_value_n_elements(dx.value);
    ptrdiff_t stride[ASX_RANK_MAX];
    asx_tensor_strides(stride, dx.value);
    const size_t step = (size_t)stride[node->axis];
    for (size_t b = 0; b < batch; b++)
        for (size_t outer = 0; outer < size; outer += n * step)
            for (size_t inner = 0; inner < step; inner++) {
                const size_t at = b * size + outer + inner;
                back_softmax(dx.data + at, y + at, dy + at, n, step);
            }
}

void asx_back_scale(asx_tensor dx, float *dweight, float *dbias, const float *x, const float *dy,
                    const float *weight, size_t batch)
{
    const size_t channels = dx.value->dim[0], rest = asx_value_n_elements(dx.value) / channels;
    const bool last = !asx_tensor_is_logical(dx.value);
    const size_t outer = last ? batch * rest : batch, inner = last ? 1 : rest;
    memset(dweight, 0, channels * sizeof *dweight);
    memset(dbias, 0, channels * sizeof *dbias);
    for (size_t o = 0, at = 0; o < outer; o++)
        for (size_t c = 0; c < channels; c++)
            for (size_t i = 0; i < inner; i++, at++) {
                dweight[c] += x[at] * dy[at];
                dbias[c] += dy[at];
                if (dx.data)
                    dx.data[at] += weight[c] * dy[at];
            }
}
