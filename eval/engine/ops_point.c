/* Operators that look at one element (or, softmax, one vector) at a time. */
#include <math.h>

#include "ops.h"
#include "vector.h"

static size_t count(asx_tensor t, size_t batch)
{
    return asx_value_n_elements(t.value) * batch;
}

/* y = weight[c] x + bias[c], c the first logical dimension: innermost in a feature map. */
void asx_op_scale(const asx_values *values, const asx_node *node)
{
    const asx_tensor in = asx_values_at(values, node->input[0]);
    const size_t channels = in.value->dim[0], rest = asx_value_n_elements(in.value) / channels;
    const bool last = !asx_tensor_is_logical(in.value);
    const size_t outer = last ? values->batch * rest : values->batch, inner = last ? 1 : rest;
    const float *x = in.data;
    float *y = asx_values_at(values, node->output).data;
    for (size_t o = 0; o < outer; o++)
        for (size_t c = 0; c < channels; c++)
            for (size_t i = 0; i < inner; i++)
                *y++ = node->weight[c] * *x++ + node->bias[c];
}

ASX_VECTORISED static void relu(float *y, const float *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = x[i] > 0 ? x[i] : 0;
}

void asx_op_relu(const asx_values *values, const asx_node *node)
{
    const asx_tensor in = asx_values_at(values, node->input[0]);
    relu(asx_values_at(values, node->output).data, in.data, count(in, values->batch));
}

ASX_VECTORISED static void clip(float *y, const float *x, size_t n, float low, float high)
{
    for (size_t i = 0; i < n; i++)
        y[i] = asx_clamp(x[i], low, high);
}

void asx_op_clip(const asx_values *values, const asx_node *node)
{
    const asx_tensor in = asx_values_at(values, node->input[0]);
    clip(asx_values_at(values, node->output).data, in.data, count(in, values->batch), node->low,
         node->high);
}

void asx_op_quantize(const asx_values *values, const asx_node *node)
{
    const asx_tensor in = asx_values_at(values, node->input[0]);
    const size_t n = count(in, values->batch);
    float *y = asx_values_at(values, node->output).data;
    for (size_t i = 0; i < n; i++) {
        float v = rintf(in.data[i] / node->alpha);
        v = v > node->low ? v : node->low;
        y[i] = node->alpha * (v < node->high ? v : node->high);
    }
}

void asx_point_sigmoid(float *y, const float *x, size_t n, const asx_node *node)
{
    (void)node;
    for (size_t i = 0; i < n; i++)
        y[i] = 1.0f / (1.0f + expf(-x[i]));
}

void asx_op_sigmoid(const asx_values *values, const asx_node *node)
{
    const asx_tensor in = asx_values_at(values, node->input[0]);
    asx_point_sigmoid(asx_values_at(values, node->output).data, in.data, count(in, values->batch),
                      node);
}

ASX_VECTORISED static void add(float *y, const float *a, const float *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = a[i] + b[i];
}

void asx_op_add(const asx_values *values, const asx_node *node)
{
    const asx_tensor a = asx_values_at(values, node->input[0]);
    add(asx_values_at(values, node->output).data, a.data,
        asx_values_at(values, node->input[1]).data, count(a, values->batch));
}

/* One vector of `n` elements `step` apart; the largest is taken out first, against overflow.
 * `y` may be `x`. */
static void softmax(float *y, const float *x, size_t n, ptrdiff_t step, bool logarithm)
{
    float top = x[0], sum = 0;
    for (size_t i = 1; i < n; i++)
        top = fmaxf(top, x[(ptrdiff_t)i * step]);
    for (size_t i = 0; i < n; i++) {
        const float power = expf(x[(ptrdiff_t)i * step] - top);
        if (!logarithm)
            y[(ptrdiff_t)i * step] = power;
        sum += power;
    }
    for (size_t i = 0; i < n; i++)
        y[(ptrdiff_t)i * step] =
            logarithm ? x[(ptrdiff_t)i * step] - top - logf(sum) : y[(ptrdiff_t)i * step] / sum;
}

/* Every element at position 0 of the axis begins a vector. */
static void softmaxes(const asx_values *values, const asx_node *node, bool logarithm)
{
    const asx_tensor in = asx_values_at(values, node->input[0]);
    const size_t n = in.value->dim[node->axis], size = asx_value_n_elements(in.value);
    float *y = asx_values_at(values, node->output).data;
    ptrdiff_t stride[ASX_RANK_MAX];
    asx_tensor_strides(stride, in.value);
    const size_t step = (size_t)stride[node->axis];
    for (size_t b = 0; b < values->batch; b++)
        for (size_t outer = 0; outer < size; outer += n * step)
            for (size_t inner = 0; inner < step; inner++) {
                const size_t at = b * size + outer + inner;
                softmax(y + at, in.data + at, n, (ptrdiff_t)step, logarithm);
            }
}

void asx_op_softmax(const asx_values *values, const asx_node *node)
{
    softmaxes(values, node, false);
}

void asx_op_log_softmax(const asx_values *values, const asx_node *node)
{
    softmaxes(values, node, true);
}
