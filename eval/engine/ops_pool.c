/* Operators that gather: pools over feature maps (channels last, so the innermost loops run over
 * channels), and means over whole dimensions. */
#include <float.h>
#include <string.h>

#include "ops.h"
#include "window.h"

static void max_at(float *to, const asx_value *v, const float *image, const asx_window *w,
                   const size_t at[2])
{
    const size_t channels = v->dim[0];
    const asx_span h = asx_window_span(w, 0, at[0], v->dim[1]),
                   k = asx_window_span(w, 1, at[1], v->dim[2]);
    for (size_t c = 0; c < channels; c++)
        to[c] = -FLT_MAX;
    for (size_t i = h.first; i < h.end; i++)
        for (size_t j = k.first; j < k.end; j++) {
            const float *from = asx_window_pixel(v, image, w, at, i, j);
            for (size_t c = 0; c < channels; c++)
                to[c] = from[c] > to[c] ? from[c] : to[c];
        }
}

static void average_at(float *to, const asx_value *v, const float *image, const asx_node *node,
                       const size_t at[2])
{
    const asx_window *w = &node->window;
    const size_t channels = v->dim[0];
    const asx_span h = asx_window_span(w, 0, at[0], v->dim[1]),
                   k = asx_window_span(w, 1, at[1], v->dim[2]);
    size_t n = 0;
    memset(to, 0, channels * sizeof *to);
    for (size_t i = h.first; i < h.end; i++)
        for (size_t j = k.first; j < k.end; j++) {
            const float *from = asx_window_pixel(v, image, w, at, i, j);
            for (size_t c = 0; c < channels; c++)
                to[c] += from[c];
            n++;
        }
    if (node->count_padding)
        n = h.n_padded * k.n_padded;
    const float share = n ? 1.0f / (float)n : 0;
    for (size_t c = 0; c < channels; c++)
        to[c] *= share;
}

void asx_op_max_pool(const asx_values *values, const asx_node *node)
{
    const asx_tensor out = asx_values_at(values, node->output),
                     in = asx_values_at(values, node->input[0]);
    const size_t *dim = out.value->dim;
    const size_t image = asx_value_n_elements(in.value);
    float *to = out.data;
    for (size_t b = 0; b < values->batch; b++)
        for (size_t y = 0; y < dim[1]; y++)
            for (size_t x = 0; x < dim[2]; x++, to += dim[0])
                max_at(to, in.value, in.data + b * image, &node->window, (size_t[]){y, x});
}

void asx_op_average_pool(const asx_values *values, const asx_node *node)
{
    const asx_tensor out = asx_values_at(values, node->output),
                     in = asx_values_at(values, node->input[0]);
    const size_t *dim = out.value->dim;
    const size_t image = asx_value_n_elements(in.value);
    float *to = out.data;
    for (size_t b = 0; b < values->batch; b++)
        for (size_t y = 0; y < dim[1]; y++)
            for (size_t x = 0; x < dim[2]; x++, to += dim[0])
                average_at(to, in.value, in.data + b * image, node, (size_t[]){y, x});
}

void asx_mean_strides(ptrdiff_t to[ASX_RANK_MAX], const asx_value *out, const asx_value *in,
                      const asx_node *node)
{
    ptrdiff_t stride[ASX_RANK_MAX];
    const bool kept = out->rank == in->rank;
    asx_tensor_strides(stride, out);
    for (size_t i = 0, j = 0; i < ASX_RANK_MAX; i++) {
        const bool reduced = i >= in->rank || node->reduced[i];
        to[i] = reduced ? 0 : stride[j];
        j += kept || !reduced;
    }
}

bool asx_is_mean_of_places(const asx_node *node, const asx_value *in)
{
    return in->rank == 3 && !node->reduced[0] && node->reduced[1] && node->reduced[2];
}

static void sum_places(float *y, const float *x, const size_t *dim)
{
    for (size_t i = 0; i < dim[1] * dim[2]; i++, x += dim[0])
        for (size_t c = 0; c < dim[0]; c++)
            y[c] += x[c];
}

void asx_op_reduce_mean(const asx_values *values, const asx_node *node)
{
    const asx_tensor out = asx_values_at(values, node->output),
                     in = asx_values_at(values, node->input[0]);
    const size_t batch = values->batch;
    const size_t n_out = asx_value_n_elements(out.value), n_in = asx_value_n_elements(in.value);
    const size_t *dim = in.value->dim;
    ptrdiff_t to[ASX_RANK_MAX], from[ASX_RANK_MAX];
    asx_mean_strides(to, out.value, in.value, node);
    asx_tensor_strides(from, in.value);

    memset(out.data, 0, batch * n_out * sizeof *out.data);
    for (size_t b = 0; b < batch; b++) {
        float *y = out.data + b * n_out;
        const float *x = in.data + b * n_in;
        if (asx_is_mean_of_places(node, in.value)) { /* the same sums in the same order */
            sum_places(y, x, dim);
            continue;
        }
        for (size_t i = 0; i < n_in; i++) { /* all logical positions, last dimension fastest */
            ptrdiff_t at_to = 0, at_from = 0;
            for (size_t d = ASX_RANK_MAX, rest = i; d-- > 0; rest /= dim[d]) {
                at_to += (ptrdiff_t)(rest % dim[d]) * to[d];
                at_from += (ptrdiff_t)(rest % dim[d]) * from[d];
            }
            y[at_to] += x[at_from];
        }
    }
    const float share = (float)n_out / (float)n_in;
    for (size_t i = 0; i < batch * n_out; i++)
        out.data[i] *= share;
}
