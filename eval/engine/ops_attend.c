/* Products of two values, normalisation of a value by its own mean and variance, and numbers of the
 * network itself: what attention is made of beside dense layers. Sums are formed in doubles. */
#include <math.h>

#include "ops.h"

/* Every image has the same numbers. */
void asx_op_constant(const asx_values *values, const asx_node *node)
{
    const asx_tensor out = asx_values_at(values, node->output);
    const size_t n = asx_value_n_elements(out.value);
    for (size_t b = 0; b < values->batch; b++)
        asx_tensor_from_logical((asx_tensor){out.value, out.data + b * n}, node->weight, 1);
}

asx_product asx_product_of(const asx_value *a, const asx_value *b, const asx_value *y)
{
    const size_t rank = a->rank;
    ptrdiff_t stride[3][ASX_RANK_MAX];
    asx_product p = {.m = a->dim[rank - 2], .depth = a->dim[rank - 1], .n = b->dim[rank - 1]};
    asx_tensor_strides(stride[0], a);
    asx_tensor_strides(stride[1], b);
    asx_tensor_strides(stride[2], y);
    for (size_t i = 0; i < 2; i++) {
        const bool there = i + 2 < rank;
        p.outer[i] = there ? a->dim[i] : 1;
        for (size_t k = 0; k < 3; k++)
            p.step[k][i] = there ? stride[k][i] : 0;
    }
    for (size_t k = 0; k < 3; k++) {
        p.row[k] = stride[k][rank - 2];
        p.column[k] = stride[k][rank - 1];
    }
    return p;
}

static void multiply(float *y, const float *a, const float *b, const asx_product *p)
{
    for (size_t i = 0; i < p->m; i++)
        for (size_t j = 0; j < p->n; j++) {
            const float *u = a + (ptrdiff_t)i * p->row[0], *v = b + (ptrdiff_t)j * p->column[1];
            double sum = 0;
            for (size_t k = 0; k < p->depth; k++, u += p->column[0], v += p->row[1])
                sum += (double)*u * (double)*v;
            y[(ptrdiff_t)i * p->row[2] + (ptrdiff_t)j * p->column[2]] = (float)sum;
        }
}

void asx_multiply(asx_tensor y, asx_tensor a, asx_tensor b, size_t batch)
{
    const asx_product p = asx_product_of(a.value, b.value, y.value);
    for (size_t image = 0; image < batch; image++)
        for (size_t i = 0; i < p.outer[0]; i++)
            for (size_t j = 0; j < p.outer[1]; j++) {
                ptrdiff_t at[3];
                for (size_t k = 0; k < 3; k++)
                    at[k] = (ptrdiff_t)i * p.step[k][0] + (ptrdiff_t)j * p.step[k][1];
                multiply(y.data + image * asx_value_n_elements(y.value) + at[2],
                         a.data + image * asx_value_n_elements(a.value) + at[0],
                         b.data + image * asx_value_n_elements(b.value) + at[1], &p);
            }
}

void asx_op_matmul(const asx_values *values, const asx_node *node)
{
    asx_multiply(asx_values_at(values, node->output), asx_values_at(values, node->input[0]),
                 asx_values_at(values, node->input[1]), values->batch);
}

asx_spans asx_spans_of(const asx_value *value, const bool *reduced)
{
    ptrdiff_t stride[ASX_RANK_MAX];
    asx_spans s = {.n_spans = 1, .n = 1};
    asx_tensor_strides(stride, value);
    for (size_t d = 0; d < ASX_RANK_MAX; d++) {
        const bool inside = d < value->rank && reduced[d];
        s.stride[d] = stride[d];
        s.inside[d] = inside ? value->dim[d] : 1;
        s.outside[d] = inside ? 1 : value->dim[d];
        s.n *= s.inside[d];
        s.n_spans *= s.outside[d];
    }
    return s;
}

size_t asx_span_at(const asx_spans *s, const size_t *dim, size_t i)
{
    ptrdiff_t at = 0;
    for (size_t d = ASX_RANK_MAX; d-- > 0; i /= dim[d])
        at += (ptrdiff_t)(i % dim[d]) * s->stride[d];
    return (size_t)at;
}

/* y = (x - mean) / sqrt(variance + epsilon); with `about_zero` the mean counts as 0. `y` may be x. */
static void normalise(float *y, const float *x, const asx_spans *s, double epsilon, bool about_zero)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; !about_zero && i < s->n; i++)
        sum += (double)x[asx_span_at(s, s->inside, i)];
    const double mean = sum / (double)s->n;
    for (size_t i = 0; i < s->n; i++) {
        const double d = (double)x[asx_span_at(s, s->inside, i)] - mean;
        squares += d * d;
    }
    const double scale = 1 / sqrt(squares / (double)s->n + epsilon);
    for (size_t i = 0; i < s->n; i++) {
        const size_t at = asx_span_at(s, s->inside, i);
        y[at] = (float)(((double)x[at] - mean) * scale);
    }
}

void asx_op_normalise(const asx_values *values, const asx_node *node)
{
    const asx_tensor in = asx_values_at(values, node->input[0]);
    float *y = asx_values_at(values, node->output).data;
    const asx_spans s = asx_spans_of(in.value, node->reduced);
    const size_t n = asx_value_n_elements(in.value);
    for (size_t i = 0; i < values->batch * s.n_spans; i++) {
        const size_t at = i / s.n_spans * n + asx_span_at(&s, s.outside, i % s.n_spans);
        normalise(y + at, in.data + at, &s, (double)node->alpha, node->beta > 0);
    }
}
