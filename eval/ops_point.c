/* Operators that look at one element (or, softmax, one vector) at a time. */
#include <math.h>

#include "ops.h"
#include "vector.h"

bool asx_op_in_place(asx_op op)
{
    switch (op) {
    case ASX_OP_SCALE:
    case ASX_OP_RELU:
    case ASX_OP_CLIP:
    case ASX_OP_SIGMOID:
    case ASX_OP_ADD:
        return true;
    default:
        return false;
    }
}

static size_t count(asx_tensor t, size_t batch)
{
    return asx_value_n_elements(t.value) * batch;
}

/* y = weight[c] x + bias[c], c the first logical dimension: innermost in a feature map. */
void asx_op_scale(asx_tensor out, asx_tensor in, const asx_node *node, size_t batch)
{
    const size_t channels = in.value->dim[0], rest = asx_value_n_elements(in.value) / channels;
    const bool last = !asx_tensor_is_logical(in.value);
    const size_t outer = last ? batch * rest : batch, inner = last ? 1 : rest;
    const float *x = in.data;
    float *y = out.data;
    for (size_t o = 0; o < outer; o++)
        for (size_t c = 0; c < channels; c++)
            for (size_t i = 0; i < inner; i++)
                *y++ = node->weight[c] * *x++ + node->bias[c];
}

ASX_VECTORISED void asx_op_relu(asx_tensor out, asx_tensor in, size_t batch)
{
    const size_t n = count(in, batch);
    for (size_t i = 0; i < n; i++)
        out.data[i] = in.data[i] > 0 ? in.data[i] : 0;
}

void asx_op_clip(asx_tensor out, asx_tensor in, const asx_node *node, size_t batch)
{
    const size_t n = count(in, batch);
    for (size_t i = 0; i < n; i++) {
        float x = in.data[i] > node->low ? in.data[i] : node->low;
        out.data[i] = x < node->high ? x : node->high;
    }
}

void asx_op_sigmoid(asx_tensor out, asx_tensor in, size_t batch)
{
    const size_t n = count(in, batch);
    for (size_t i = 0; i < n; i++)
        out.data[i] = 1.0f / (1.0f + expf(-in.data[i]));
}

ASX_VECTORISED void asx_op_add(asx_tensor out, asx_tensor a, asx_tensor b, size_t batch)
{
    const size_t n = count(a, batch);
    for (size_t i = 0; i < n; i++)
        out.data[i] = a.data[i] + b.data[i];
}

/* One vector of `n` elements `step` apart; the largest is taken out first, against overflow. */
static void softmax(float *y, const float *x, size_t n, ptrdiff_t step, bool logarithm)
{
    float top = x[0], sum = 0;
    for (size_t i = 1; i < n; i++)
        top = fmaxf(top, x[(ptrdiff_t)i * step]);
    for (size_t i = 0; i < n; i++) {
        y[(ptrdiff_t)i * step] = expf(x[(ptrdiff_t)i * step] - top);
        sum += y[(ptrdiff_t)i * step];
    }
    for (size_t i = 0; i < n; i++)
        y[(ptrdiff_t)i * step] =
            logarithm ? x[(ptrdiff_t)i * step] - top - logf(sum) : y[(ptrdiff_t)i * step] / sum;
}

void asx_op_softmax(asx_tensor out, asx_tensor in, const asx_node *node, size_t batch)
{
    const size_t n = in.value->dim[node->axis], size = asx_value_n_elements(in.value);
    ptrdiff_t stride[ASX_RANK_MAX];
    asx_tensor_strides(stride, in.value);
    /* every element at position 0 of the axis begins a vector */
    const size_t step = (size_t)stride[node->axis];
    for (size_t b = 0; b < batch; b++)
        for (size_t outer = 0; outer < size; outer += n * step)
            for (size_t inner = 0; inner < step; inner++) {
                const size_t at = b * size + outer + inner;
                softmax(out.data + at, in.data + at, n, (ptrdiff_t)step,
                        node->op == ASX_OP_LOG_SOFTMAX);
            }
}
