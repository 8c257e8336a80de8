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

static void back_between(const asx_tape_frame *f, const asx_node *node, float low, float high)
{
    bool add;
    const asx_tensor dx = asx_tape_touching(f, node->input[0], &add);
    pass_between(dx.data, asx_tape_value(f, node->output).data,
                 asx_tape_gradient(f, node->output).data, count(dx, f->tape->batch), low, high,
                 add);
}

void asx_back_relu(const asx_tape_frame *f, const asx_node *node)
{
    back_between(f, node, 0, INFINITY);
}

void asx_back_clip(const asx_tape_frame *f, const asx_node *node)
{
    back_between(f, node, node->low, node->high);
}

/* Straight through between the ends: the slope of rounding is 0 almost everywhere. */
void asx_back_quantize(const asx_tape_frame *f, const asx_node *node)
{
    bool add;
    const asx_tensor dx = asx_tape_touching(f, node->input[0], &add);
    pass_between(dx.data, asx_tape_value(f, node->input[0]).data,
                 asx_tape_gradient(f, node->output).data, count(dx, f->tape->batch),
                 node->alpha * (node->low - 0.5F), node->alpha * (node->high + 0.5F), add);
}

void asx_back_sigmoid(const asx_tape_frame *f, const asx_node *node)
{
    const float *y = asx_tape_value(f, node->output).data,
                *dy = asx_tape_gradient(f, node->output).data;
    bool add;
    const asx_tensor dx = asx_tape_touching(f, node->input[0], &add);
    const size_t n = count(dx, f->tape->batch);
    for (size_t i = 0; i < n; i++) {
        const float d = dy[i] * y[i] * (1 - y[i]);
        dx.data[i] = add ? dx.data[i] + d : d;
    }
}

void asx_back_pass(asx_tensor dx, const float *dy, size_t batch, bool add)
{
    const size_t n = count(dx, batch);
    if (!add)
        memcpy(dx.data, dy, n * sizeof *dy);
    else
        for (size_t i = 0; i < n; i++)
            dx.data[i] += dy[i];
}

void asx_back_add(const asx_tape_frame *f, const asx_node *node)
{
    for (size_t j = 0; j < 2; j++)
        if (f->tape->wanted[node->input[j]]) {
            bool add;
            const asx_tensor dx = asx_tape_touching(f, node->input[j], &add);
            asx_back_pass(dx, asx_tape_gradient(f, node->output).data, f->tape->batch, add);
        }
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

/* dx = dy - exp(y) sum of dy, likewise: y are logarithms of what softmax gives. */
static void back_log_softmax(float *dx, const float *y, const float *dy, size_t n, size_t step)
{
    float sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += dy[i * step];
    for (size_t i = 0; i < n; i++)
        dx[i * step] += dy[i * step] - expf(y[i * step]) * sum;
}

typedef void back_vector(float *dx, const float *y, const float *dy, size_t n, size_t step);

static void back_vectors(const asx_tape_frame *f, const asx_node *node, back_vector *back)
{
    const asx_tensor dx = asx_tape_adding(f, node->input[0]);
    const float *y = asx_tape_value(f, node->output).data,
                *dy = asx_tape_gradient(f, node->output).data;
    const size_t n = dx.value->dim[node->axis], size = asx_value_n_elements(dx.value);
    ptrdiff_t stride[ASX_RANK_MAX];
    asx_tensor_strides(stride, dx.value);
    const size_t step = (size_t)stride[node->axis];
    for (size_t b = 0; b < f->tape->batch; b++)
        for (size_t outer = 0; outer < size; outer += n * step)
            for (size_t inner = 0; inner < step; inner++) {
                const size_t at = b * size + outer + inner;
                back(dx.data + at, y + at, dy + at, n, step);
            }
}

void asx_back_softmax(const asx_tape_frame *f, const asx_node *node)
{
    back_vectors(f, node, back_softmax);
}

void asx_back_log_softmax(const asx_tape_frame *f, const asx_node *node)
{
    back_vectors(f, node, back_log_softmax);
}

void asx_back_scale(const asx_tape_frame *f, const asx_node *node)
{
    const asx_tape_part *p = asx_tape_part_of(f, node);
    const asx_tensor x = asx_tape_value(f, node->input[0]);
    float *dx = f->tape->wanted[node->input[0]] ? asx_tape_adding(f, node->input[0]).data : NULL;
    float *dweight = f->gradient + p->weight, *dbias = f->gradient + p->bias;
    const float *dy = asx_tape_gradient(f, node->output).data;
    const float *weight = f->run->parameter + p->weight;
    const size_t channels = x.value->dim[0], rest = asx_value_n_elements(x.value) / channels;
    const bool last = !asx_tensor_is_logical(x.value);
    const size_t outer = last ? f->tape->batch * rest : f->tape->batch, inner = last ? 1 : rest;
    memset(dweight, 0, channels * sizeof *dweight);
    memset(dbias, 0, channels * sizeof *dbias);
    for (size_t o = 0, at = 0; o < outer; o++)
        for (size_t c = 0; c < channels; c++)
            for (size_t i = 0; i < inner; i++, at++) {
                dweight[c] += x.data[at] * dy[at];
                dbias[c] += dy[at];
                if (dx)
                    dx[at] += weight[c] * dy[at];
            }
}
