/* Operators of the engine against loops over logical indices, on random shapes: the twins know nothing of memory
 * layouts, batches or oneDNN. */
#ifndef ASX_TESTS_OPS_FIXTURE_H
#define ASX_TESTS_OPS_FIXTURE_H

#include <float.h>
#include <math.h>

#include "plan_run.h"
#include "toy.h"

enum { BATCH = 3, ROUNDS = 12 };

static inline size_t at(const asx_value *v, size_t i, size_t j, size_t k, size_t l)
{
    return ((i * v->dim[1] + j) * v->dim[2] + k) * v->dim[3] + l;
}

/* Runs two of a batch of three random images; the logits of both are compared with `want`, which
 * computes one image. Frees the network. */
static inline void check(asx_network *net,
                         void (*want)(const asx_network *, float *, const float *))
{
    asx_error err;
    asx_plan *plan = NULL;
    const size_t n_in = asx_value_n_elements(&net->value[net->input]);
    const size_t n_out = asx_value_n_elements(&net->value[net->output]);
    float *x = toy_array(2 * n_in), *y = toy_array(2 * n_out), *z = toy_array(n_out);
    const asx_run run = {0};
    CHECK_OK(asx_plan_new(&plan, net, BATCH, &err), err);
    float *workspace = asx_plan_workspace(plan);
    assert_non_null(workspace);
    CHECK_OK(asx_plan_run(plan, y, x, 0, 2, &run, workspace, &err), err);
    for (size_t image = 0; image < 2; image++) {
        want(net, z, x + image * n_in);
        for (size_t i = 0; i < n_out; i++)
            if (!(fabsf(z[i] - y[image * n_out + i]) <= 1e-4f * (1 + fabsf(z[i]))))
                fail_msg("%s: element %zu is %g, not %g", asx_op_text(net->node[0].op), i,
                         (double)y[image * n_out + i], (double)z[i]);
    }
    free(x);
    free(y);
    free(z);
    free(workspace);
    asx_plan_free(plan);
    asx_network_free(net);
}

static inline const asx_value *in_of(const asx_network *net)
{
    return &net->value[net->node[0].input[0]];
}

static inline const asx_value *out_of(const asx_network *net)
{
    return &net->value[net->output];
}

/* Input pixel of a tap, or -1 in the padding. */
static inline long pixel(const asx_window *w, size_t axis, size_t out, size_t tap, size_t size)
{
    const long x = (long)(out * w->stride[axis] + tap * w->dilation[axis]) - (long)w->before[axis];
    return x >= 0 && x < (long)size ? x : -1;
}

/* A window and the output it gives; before < kernel and after < kernel as ONNX has them. */
static inline asx_window random_window(size_t out[2], const size_t in[2])
{
    asx_window w;
    for (size_t a = 0; a < 2; a++) {
        w.kernel[a] = toy_between(1, 3);
        w.stride[a] = toy_between(1, 2);
        w.dilation[a] = toy_between(1, 2);
        const size_t reach = (w.kernel[a] - 1) * w.dilation[a] + 1;
        w.before[a] = toy_between(0, w.kernel[a] - 1);
        w.after[a] = toy_between(0, w.kernel[a] - 1);
        out[a] = (in[a] + w.before[a] + w.after[a] - reach) / w.stride[a] + 1;
    }
    return w;
}

static inline void random_shape(size_t dim[ASX_RANK_MAX], size_t rank)
{
    memset(dim, 0, ASX_RANK_MAX * sizeof *dim);
    for (size_t d = 0; d < rank; d++)
        dim[d] = toy_between(1, 5);
}

/* Every logical index of a shape. */
#define FOR_INDEX(v, i)                                                                            \
    for (size_t i[4] = {0}; i[0] < (v)->dim[0]; i[0]++)                                            \
        for (i[1] = 0; i[1] < (v)->dim[1]; i[1]++)                                                 \
            for (i[2] = 0; i[2] < (v)->dim[2]; i[2]++)                                             \
                for (i[3] = 0; i[3] < (v)->dim[3]; i[3]++)

static inline size_t where(const asx_value *v, const size_t i[4])
{
    return at(v, i[0], i[1], i[2], i[3]);
}

#endif
