/* Gradients of products of two values, and of normalisation. */
#include <math.h>

#include "train_back.h"

/* y = a b: da += dy b', db += a' dy. @param by 0: of a, 1: of b */
static void back_product(float *d, const float *dy, const float *other, const asx_product *p,
                         size_t by)
{
    for (size_t i = 0; i < p->m; i++)
        for (size_t j = 0; j < p->n; j++) {
            const float g = dy[(ptrdiff_t)i * p->row[2] + (ptrdiff_t)j * p->column[2]];
            for (size_t k = 0; k < p->depth; k++) {
                const ptrdiff_t a = (ptrdiff_t)i * p->row[0] + (ptrdiff_t)k * p->column[0];
                const ptrdiff_t b = (ptrdiff_t)k * p->row[1] + (ptrdiff_t)j * p->column[1];
                d[by ? b : a] += g * other[by ? a : b];
            }
        }
}

void asx_back_matmul(const asx_tape_frame *f, const asx_node *node)
{
    const asx_tensor dy = asx_tape_gradient(f, node->output);
    const asx_tensor x[] = {asx_tape_value(f, node->input[0]), asx_tape_value(f, node->input[1])};
    const asx_product p = asx_product_of(x[0].value, x[1].value, dy.value);
    for (size_t by = 0; by < 2; by++) {
        if (!f->tape->wanted[node->input[by]])
            continue;
        const asx_tensor d = asx_tape_adding(f, node->input[by]), other = x[1 - by];
        for (size_t i = 0; i < f->tape->batch * p.outer[0] * p.outer[1]; i++) {
            const size_t image = i / (p.outer[0] * p.outer[1]);
            const ptrdiff_t outer = (ptrdiff_t)(i / p.outer[1] % p.outer[0]),
                            inner = (ptrdiff_t)(i % p.outer[1]);
            ptrdiff_t at[3];
            for (size_t k = 0; k < 3; k++)
                at[k] = outer * p.step[k][0] + inner * p.step[k][1];
            back_product(d.data + image * asx_value_n_elements(d.value) + at[by],
                         dy.data + image * asx_value_n_elements(dy.value) + at[2],
                         other.data + image * asx_value_n_elements(other.value) + at[1 - by], &p,
                         by);
        }
    }
}

/* dx = scale (dy - mean dy - y mean(y dy)), the second term only where a mean was taken off. */
static void back_normalise(float *dx, const float *x, const float *y, const float *dy,
                           const asx_spans *s, const asx_node *node)
{
    double sum = 0, squares = 0, mean_dy = 0, mean_ydy = 0;
    for (size_t i = 0; i < s->n; i++) {
        const size_t at = asx_span_at(s, s->inside, i);
        sum += (double)x[at];
        squares += (double)x[at] * (double)x[at];
        mean_dy += (double)dy[at];
        mean_ydy += (double)y[at] * (double)dy[at];
    }
    const double n = (double)s->n, mean = node->beta > 0 ? 0 : sum / n;
    const double scale = 1 / sqrt(fmax(squares / n - mean * mean, 0) + (double)node->alpha);
    mean_dy = node->beta > 0 ? 0 : mean_dy / n;
    mean_ydy /= n;
    for (size_t i = 0; i < s->n; i++) {
        const size_t at = asx_span_at(s, s->inside, i);
        dx[at] += (float)(scale * ((double)dy[at] - mean_dy - (double)y[at] * mean_ydy));
    }
}

void asx_back_normalise(const asx_tape_frame *f, const asx_node *node)
{
    const asx_tensor x = asx_tape_value(f, node->input[0]), dx = asx_tape_adding(f, node->input[0]);
    const float *y = asx_tape_value(f, node->output).data,
                *dy = asx_tape_gradient(f, node->output).data;
    const asx_spans s = asx_spans_of(x.value, node->reduced);
    const size_t n = asx_value_n_elements(x.value);
    for (size_t i = 0; i < f->tape->batch * s.n_spans; i++) {
        const size_t at = i / s.n_spans * n + asx_span_at(&s, s.outside, i % s.n_spans);
        back_normalise(dx.data + at, x.data + at, y + at, dy + at, &s, node);
    }
}

/* Numbers that nothing is learned of. */
void asx_back_constant(const asx_tape_frame *f, const asx_node *node)
{
    (void)f;
    (void)node;
}
