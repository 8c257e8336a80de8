#include "integer_mean.h"

#include "eval/dyadic.h"
#include "window.h"

static float mean_of(double sum, double share, double limit)
{
    return (float)asx_dyadic_scale(sum, share, -limit, limit);
}

/* What is pooled: images channels last, and what of them. */
typedef struct pool {
    const asx_value *in;
    const asx_window *window;
    bool count_padding;
    asx_mean_rule rule;
} pool;

/* All channels at one output position, a block of them at a time. */
static void pool_at(float *to, const pool *p, const float *image, const size_t at[2])
{
    enum { BLOCK = 64 };
    const asx_span h = asx_window_span(p->window, 0, at[0], p->in->dim[1]),
                   k = asx_window_span(p->window, 1, at[1], p->in->dim[2]);
    const size_t taps =
        h.end > h.first && k.end > k.first ? (h.end - h.first) * (k.end - k.first) : 0;
    const size_t n = p->count_padding ? h.n_padded * k.n_padded : taps;
    const double share = asx_dyadic_real(asx_dyadic_of(n ? 1 / (double)n : 0, p->rule.bits));
    for (size_t first = 0; first < p->in->dim[0]; first += BLOCK) {
        const size_t left = p->in->dim[0] - first, count = left < BLOCK ? left : BLOCK;
        double sum[BLOCK] = {0};
        for (size_t i = h.first; i < h.end; i++)
            for (size_t j = k.first; j < k.end; j++) {
                const float *x = asx_window_pixel(p->in, image, p->window, at, i, j) + first;
                for (size_t c = 0; c < count; c++)
                    sum[c] += (double)x[c];
            }
        for (size_t c = 0; c < count; c++)
            to[first + c] = mean_of(sum[c], share, p->rule.limit);
    }
}

/* @param height, width of the output */
static void run_pool(const asx_values *values, const asx_node *node, const pool *p, size_t height,
                     size_t width)
{
    const asx_tensor in = asx_values_at(values, node->input[0]);
    const size_t image = asx_value_n_elements(in.value);
    float *to = asx_values_at(values, node->output).data;
    for (size_t b = 0; b < values->batch; b++)
        for (size_t y = 0; y < height; y++)
            for (size_t x = 0; x < width; x++, to += in.value->dim[0])
                pool_at(to, p, in.data + b * image, (size_t[]){y, x});
}

/* Where element i of a box of these dimensions lies. */
static ptrdiff_t place(size_t i, const size_t dim[ASX_RANK_MAX],
                       const ptrdiff_t stride[ASX_RANK_MAX])
{
    ptrdiff_t at = 0;
    for (size_t d = ASX_RANK_MAX; d-- > 0; i /= dim[d])
        at += (ptrdiff_t)(i % dim[d]) * stride[d];
    return at;
}

/* Over any dimensions of one image. `kept` is the output's box, `to` its strides in the output. */
static void reduce_image(float *y, const float *x, const asx_value *in, const asx_node *node,
                         const ptrdiff_t to[ASX_RANK_MAX], asx_mean_rule rule)
{
    size_t kept[ASX_RANK_MAX], reduced[ASX_RANK_MAX], n_kept = 1, n_reduced = 1;
    ptrdiff_t from[ASX_RANK_MAX];
    asx_tensor_strides(from, in);
    for (size_t d = 0; d < ASX_RANK_MAX; d++) {
        const bool gone = d < in->rank && node->reduced[d];
        n_kept *= kept[d] = gone ? 1 : in->dim[d];
        n_reduced *= reduced[d] = gone ? in->dim[d] : 1;
    }
    const double share = asx_dyadic_real(asx_dyadic_of(1 / (double)n_reduced, rule.bits));
    for (size_t i = 0; i < n_kept; i++) {
        const float *start = x + place(i, kept, from);
        double sum = 0;
        for (size_t k = 0; k < n_reduced; k++)
            sum += (double)start[place(k, reduced, from)];
        y[place(i, kept, to)] = mean_of(sum, share, rule.limit);
    }
}

static void run_reduce(const asx_values *values, const asx_node *node, asx_mean_rule rule)
{
    const asx_tensor in = asx_values_at(values, node->input[0]),
                     out = asx_values_at(values, node->output);
    const size_t n_in = asx_value_n_elements(in.value), n_out = asx_value_n_elements(out.value);
    ptrdiff_t to[ASX_RANK_MAX];
    asx_mean_strides(to, out.value, in.value, node);
    for (size_t b = 0; b < values->batch; b++)
        reduce_image(out.data + b * n_out, in.data + b * n_in, in.value, node, to, rule);
}

void asx_integer_mean(const asx_values *values, const asx_node *node, asx_mean_rule rule)
{
    const asx_value *in = &values->value[node->input[0]], *out = &values->value[node->output];
    if (node->op == ASX_OP_AVERAGE_POOL) {
        const pool p = {in, &node->window, node->count_padding, rule};
        run_pool(values, node, &p, out->dim[1], out->dim[2]);
    } else if (asx_is_mean_of_places(node, in)) { /* one window over all of a feature map */
        const asx_window all = {
            .kernel = {in->dim[1], in->dim[2]}, .stride = {1, 1}, .dilation = {1, 1}};
        const pool p = {in, &all, false, rule};
        run_pool(values, node, &p, 1, 1);
    } else {
        run_reduce(values, node, rule);
    }
}
