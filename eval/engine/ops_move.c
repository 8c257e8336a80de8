/* Operators that only move data: every one is a copy between two strided views of a batch. */
#include <string.h>

#include "ops.h"

bool asx_tensor_is_logical(const asx_value *value)
{
    return value->rank != 3 || value->dim[0] == 1 || value->dim[1] * value->dim[2] == 1;
}

void asx_logical_strides(ptrdiff_t stride[ASX_RANK_MAX], const asx_value *value)
{
    ptrdiff_t step = 1;
    for (size_t i = ASX_RANK_MAX; i-- > 0;) {
        stride[i] = step;
        step *= (ptrdiff_t)value->dim[i];
    }
}

void asx_tensor_strides(ptrdiff_t stride[ASX_RANK_MAX], const asx_value *value)
{
    asx_logical_strides(stride, value);
    if (value->rank == 3) { /* [c][h][w] lies as [h][w][c] */
        stride[0] = 1;
        stride[1] = (ptrdiff_t)(value->dim[0] * value->dim[2]);
        stride[2] = (ptrdiff_t)value->dim[0];
    }
}

/* A box of elements of a batch; `to` and `from` point at its first element in image 0. */
typedef struct copy {
    float *to;
    const float *from;
    size_t dim[ASX_RANK_MAX];
    ptrdiff_t to_stride[ASX_RANK_MAX], from_stride[ASX_RANK_MAX];
    size_t to_image, from_image; /* elements per image */
} copy;

/* Whether dimension j belongs outside of i: in the order of the destination, so that it is written
 * straight through; a dimension of 1 outside of all, whatever its stride. */
static bool is_outside(const copy *c, size_t j, size_t i)
{
    if ((c->dim[j] == 1) != (c->dim[i] == 1))
        return c->dim[j] == 1;
    return c->to_stride[j] > c->to_stride[i];
}

static void sort_dimensions(copy *c)
{
    for (size_t i = 1; i < ASX_RANK_MAX; i++)
        for (size_t j = i; j > 0 && is_outside(c, j, j - 1); j--) {
            const size_t dim = c->dim[j];
            const ptrdiff_t to = c->to_stride[j], from = c->from_stride[j];
            c->dim[j] = c->dim[j - 1];
            c->to_stride[j] = c->to_stride[j - 1];
            c->from_stride[j] = c->from_stride[j - 1];
            c->dim[j - 1] = dim;
            c->to_stride[j - 1] = to;
            c->from_stride[j - 1] = from;
        }
}

/* Dimensions that follow each other in both buffers are one: rows become as long as can be. */
static void join_dimensions(copy *c)
{
    const size_t last = ASX_RANK_MAX - 1;
    for (size_t i = last; i-- > 0;) {
        const ptrdiff_t n = (ptrdiff_t)c->dim[last];
        if (c->dim[i] > 1 && (c->to_stride[i] != n * c->to_stride[last] ||
                              c->from_stride[i] != n * c->from_stride[last]))
            return;
        c->dim[last] *= c->dim[i];
        c->dim[i] = 1;
    }
}

static void copy_row(float *to, ptrdiff_t to_step, const float *from, ptrdiff_t from_step, size_t n)
{
    if (to_step == 1 && from_step == 1) {
        memcpy(to, from, n * sizeof *to);
        return;
    }
    for (size_t i = 0; i < n; i++)
        to[(ptrdiff_t)i * to_step] = from[(ptrdiff_t)i * from_step];
}

static void copy_run(copy c, size_t batch)
{
    sort_dimensions(&c);
    join_dimensions(&c);
    const ptrdiff_t *t = c.to_stride, *f = c.from_stride;
    for (size_t b = 0; b < batch; b++)
        for (size_t i = 0; i < c.dim[0]; i++)
            for (size_t j = 0; j < c.dim[1]; j++)
                for (size_t k = 0; k < c.dim[2]; k++) {
                    const ptrdiff_t at[] = {(ptrdiff_t)i, (ptrdiff_t)j, (ptrdiff_t)k};
                    copy_row(c.to + b * c.to_image + at[0] * t[0] + at[1] * t[1] + at[2] * t[2],
                             t[3],
                             c.from + b * c.from_image + at[0] * f[0] + at[1] * f[1] + at[2] * f[2],
                             f[3], c.dim[3]);
                }
}

/* A copy of all of `in` to a view of `out` of the same logical dimensions. */
static copy copy_between(asx_tensor out, asx_tensor in)
{
    copy c = {.to = out.data,
              .from = in.data,
              .to_image = asx_value_n_elements(out.value),
              .from_image = asx_value_n_elements(in.value)};
    memcpy(c.dim, in.value->dim, sizeof c.dim);
    asx_tensor_strides(c.to_stride, out.value);
    asx_tensor_strides(c.from_stride, in.value);
    return c;
}

void asx_tensor_to_logical(float *out, asx_tensor in, size_t batch)
{
    copy c = copy_between((asx_tensor){in.value, out}, in);
    asx_logical_strides(c.to_stride, in.value);
    copy_run(c, batch);
}

void asx_tensor_from_logical(asx_tensor out, const float *in, size_t batch)
{
    copy c = copy_between(out, out);
    c.from = in;
    asx_logical_strides(c.from_stride, out.value);
    copy_run(c, batch);
}

/* The copy that a node with one input makes, so far of all of it. */
static copy copy_of(const asx_values *values, const asx_node *node)
{
    return copy_between(asx_values_at(values, node->output), asx_values_at(values, node->input[0]));
}

/* Every input is copied to its place in the output, behind those before it. */
void asx_op_concat(const asx_values *values, const asx_node *node)
{
    size_t at = 0;
    for (size_t i = 0; i < node->n_inputs; i++) {
        const asx_tensor in = asx_values_at(values, node->input[i]);
        copy c = copy_between(asx_values_at(values, node->output), in);
        c.to += (ptrdiff_t)at * c.to_stride[node->axis];
        copy_run(c, values->batch);
        at += in.value->dim[node->axis];
    }
}

void asx_op_reshape(const asx_values *values, const asx_node *node)
{
    const asx_tensor out = asx_values_at(values, node->output),
                     in = asx_values_at(values, node->input[0]);
    if (asx_tensor_is_logical(out.value)) {
        asx_tensor_to_logical(out.data, in, values->batch);
    } else if (asx_tensor_is_logical(in.value)) {
        asx_tensor_from_logical(out, in.data, values->batch);
    } else {
        asx_tensor_to_logical(values->scratch, in, values->batch);
        asx_tensor_from_logical(out, values->scratch, values->batch);
    }
}

void asx_op_transpose(const asx_values *values, const asx_node *node)
{
    const asx_value *out = &values->value[node->output], *in = &values->value[node->input[0]];
    copy c = copy_of(values, node);
    ptrdiff_t stride[ASX_RANK_MAX];
    asx_tensor_strides(stride, in);
    for (size_t i = 0; i < out->rank; i++) {
        c.dim[i] = out->dim[i];
        c.from_stride[i] = stride[node->perm[i]];
    }
    copy_run(c, values->batch);
}

void asx_op_slice(const asx_values *values, const asx_node *node)
{
    const asx_value *out = &values->value[node->output], *in = &values->value[node->input[0]];
    copy c = copy_of(values, node);
    memcpy(c.dim, out->dim, sizeof c.dim);
    for (size_t i = 0; i < in->rank; i++) {
        c.from += node->start[i] * c.from_stride[i];
        c.from_stride[i] *= node->step[i];
    }
    copy_run(c, values->batch);
}

void asx_op_pad(const asx_values *values, const asx_node *node)
{
    const asx_tensor out = asx_values_at(values, node->output);
    const size_t n = values->batch * asx_value_n_elements(out.value);
    for (size_t i = 0; i < n; i++)
        out.data[i] = node->fill;
    copy c = copy_of(values, node);
    for (size_t i = 0; i < values->value[node->input[0]].rank; i++)
        c.to += (ptrdiff_t)node->before[i] * c.to_stride[i];
    copy_run(c, values->batch);
}

size_t asx_place_of(const asx_value *value, size_t i)
{
    ptrdiff_t stride[ASX_RANK_MAX], at = 0;
    asx_tensor_strides(stride, value);
    for (size_t d = ASX_RANK_MAX; d-- > 0; i /= value->dim[d])
        at += (ptrdiff_t)(i % value->dim[d]) * stride[d];
    return (size_t)at;
}

void asx_op_pick(const asx_values *values, const asx_node *node)
{
    const asx_tensor out = asx_values_at(values, node->output),
                     in = asx_values_at(values, node->input[0]);
    const size_t n_in = asx_value_n_elements(in.value);
    for (size_t i = 0; i < node->n_picks; i++) {
        const size_t to = asx_place_of(out.value, i), pick = node->pick[i];
        const size_t from = pick > 0 ? asx_place_of(in.value, pick - 1) : 0;
        for (size_t b = 0; b < values->batch; b++)
            out.data[b * node->n_picks + to] = pick > 0 ? in.data[b * n_in + from] : node->fill;
    }
}
