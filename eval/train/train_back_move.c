/* Gradients of the operators that only move data, and of means over whole dimensions: every one
 * adds a strided view of dy to a strided view of dx. */
#include <string.h>

#include "train_back.h"

/* A box of elements: dx[at] += share dy[at]; the pointers are at its first element in image 0. */
typedef struct view {
    float *to;
    const float *from;
    size_t dim[ASX_RANK_MAX];
    ptrdiff_t to_stride[ASX_RANK_MAX], from_stride[ASX_RANK_MAX];
    size_t to_image, from_image;
    float share;
} view;

static view view_between(asx_tensor dx, asx_tensor dy)
{
    view v = {.to = dx.data,
              .from = dy.data,
              .to_image = asx_value_n_elements(dx.value),
              .from_image = asx_value_n_elements(dy.value),
              .share = 1};
    memcpy(v.dim, dx.value->dim, sizeof v.dim);
    asx_tensor_strides(v.to_stride, dx.value);
    asx_tensor_strides(v.from_stride, dy.value);
    return v;
}

static void add_box(float *to, const float *from, const view *v, size_t level)
{
    for (size_t i = 0; i < v->dim[level]; i++) {
        if (level + 1 < ASX_RANK_MAX)
            add_box(to, from, v, level + 1);
        else
            *to += v->share * *from;
        to += v->to_stride[level];
        from += v->from_stride[level];
    }
}

static void view_add(const view *v, size_t batch)
{
    for (size_t b = 0; b < batch; b++)
        add_box(v->to + b * v->to_image, v->from + b * v->from_image, v, 0);
}

/* For a node with one input, so far of all of it. */
static view view_of(const asx_tape_frame *f, const asx_node *node)
{
    return view_between(asx_tape_adding(f, node->input[0]), asx_tape_gradient(f, node->output));
}

void asx_back_concat(const asx_tape_frame *f, const asx_node *node)
{
    const asx_tensor dy = asx_tape_gradient(f, node->output);
    size_t at = 0; /* sizes of the inputs before this one, along the axis */
    for (size_t j = 0; j < node->n_inputs; j++) {
        const size_t input = node->input[j];
        if (f->tape->wanted[input]) {
            view v = view_between(asx_tape_adding(f, input), dy);
            v.from += (ptrdiff_t)at * v.from_stride[node->axis];
            view_add(&v, f->tape->batch);
        }
        at += f->tape->network->value[input].dim[node->axis];
    }
}

/* Element i in logical order, as an offset. */
static ptrdiff_t place(const size_t *dim, const ptrdiff_t *stride, size_t i)
{
    ptrdiff_t at = 0;
    for (size_t d = ASX_RANK_MAX; d-- > 0; i /= dim[d])
        at += (ptrdiff_t)(i % dim[d]) * stride[d];
    return at;
}

void asx_back_reshape(const asx_tape_frame *f, const asx_node *node)
{
    const asx_tensor dx = asx_tape_adding(f, node->input[0]),
                     dy = asx_tape_gradient(f, node->output);
    ptrdiff_t to[ASX_RANK_MAX], from[ASX_RANK_MAX];
    const size_t n = asx_value_n_elements(dx.value);
    asx_tensor_strides(to, dx.value);
    asx_tensor_strides(from, dy.value);
    for (size_t i = 0; i < n; i++) {
        float *x = dx.data + place(dx.value->dim, to, i);
        const float *y = dy.data + place(dy.value->dim, from, i);
        for (size_t b = 0; b < f->tape->batch; b++)
            x[b * n] += y[b * n];
    }
}

void asx_back_transpose(const asx_tape_frame *f, const asx_node *node)
{
    const asx_value *x = asx_tape_value(f, node->input[0]).value,
                    *y = asx_tape_value(f, node->output).value;
    view v = view_of(f, node);
    ptrdiff_t stride[ASX_RANK_MAX];
    asx_tensor_strides(stride, x);
    for (size_t i = 0; i < y->rank; i++) {
        v.dim[i] = y->dim[i];
        v.to_stride[i] = stride[node->perm[i]];
    }
    view_add(&v, f->tape->batch);
}

void asx_back_slice(const asx_tape_frame *f, const asx_node *node)
{
    const asx_value *x = asx_tape_value(f, node->input[0]).value,
                    *y = asx_tape_value(f, node->output).value;
    view v = view_of(f, node);
    memcpy(v.dim, y->dim, sizeof v.dim);
    for (size_t i = 0; i < x->rank; i++) {
        v.to += node->start[i] * v.to_stride[i];
        v.to_stride[i] *= node->step[i];
    }
    view_add(&v, f->tape->batch);
}

void asx_back_pad(const asx_tape_frame *f, const asx_node *node)
{
    view v = view_of(f, node);
    for (size_t i = 0; i < asx_tape_value(f, node->input[0]).value->rank; i++)
        v.from += (ptrdiff_t)node->before[i] * v.from_stride[i];
    view_add(&v, f->tape->batch);
}

void asx_back_reduce_mean(const asx_tape_frame *f, const asx_node *node)
{
    const asx_value *x = asx_tape_value(f, node->input[0]).value,
                    *y = asx_tape_value(f, node->output).value;
    view v = view_of(f, node);
    const bool kept = y->rank == x->rank;
    ptrdiff_t stride[ASX_RANK_MAX];
    asx_tensor_strides(stride, y);
    for (size_t i = 0, j = 0; i < ASX_RANK_MAX; i++) {
        const bool reduced = i >= x->rank || node->reduced[i];
        v.from_stride[i] = reduced ? 0 : stride[j];
        j += kept || !reduced;
    }
    v.share = (float)asx_value_n_elements(y) / (float)asx_value_n_elements(x);
    view_add(&v, f->tape->batch);
}

void asx_back_pick(const asx_tape_frame *f, const asx_node *node)
{
    const asx_tensor dx = asx_tape_adding(f, node->input[0]),
                     dy = asx_tape_gradient(f, node->output);
    const size_t n_in = asx_value_n_elements(dx.value);
    for (size_t i = 0; i < node->n_picks; i++) {
        if (node->pick[i] == 0)
            continue;
        const size_t from = asx_place_of(dy.value, i);
        const size_t to = asx_place_of(dx.value, node->pick[i] - 1);
        for (size_t k = 0; k < f->tape->batch; k++)
            dx.data[k * n_in + to] += dy.data[k * node->n_picks + from];
    }
}
