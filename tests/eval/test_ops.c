/* Every operator of the engine against loops over logical indices, on random shapes: the twins
 * below know nothing of memory layouts, batches or oneDNN. */
#include <float.h>
#include <math.h>

#include "plan.h"
#include "toy.h"

enum { BATCH = 3, ROUNDS = 12 };

static size_t at(const asx_value *v, size_t i, size_t j, size_t k, size_t l)
{
    return ((i * v->dim[1] + j) * v->dim[2] + k) * v->dim[3] + l;
}

/* Runs two of a batch of three random images; the logits of both are compared with `want`, which
 * computes one image. Frees the network. */
static void check(asx_network *net, void (*want)(const asx_network *, float *, const float *))
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

static const asx_value *in_of(const asx_network *net)
{
    return &net->value[net->node[0].input[0]];
}

static const asx_value *out_of(const asx_network *net)
{
    return &net->value[net->output];
}

/* Input pixel of a tap, or -1 in the padding. */
static long pixel(const asx_window *w, size_t axis, size_t out, size_t tap, size_t size)
{
    const long x = (long)(out * w->stride[axis] + tap * w->dilation[axis]) - (long)w->before[axis];
    return x >= 0 && x < (long)size ? x : -1;
}

static void want_conv(const asx_network *net, float *y, const float *x)
{
    const asx_node *n = &net->node[0];
    const asx_value *in = in_of(net), *out = out_of(net);
    const size_t per_group = in->dim[0] / n->groups, out_per_group = out->dim[0] / n->groups;
    for (size_t o = 0; o < out->dim[0]; o++)
        for (size_t r = 0; r < out->dim[1]; r++)
            for (size_t c = 0; c < out->dim[2]; c++) {
                double sum = (double)n->bias[o];
                const float *w =
                    n->weight + o * per_group * n->window.kernel[0] * n->window.kernel[1];
                for (size_t i = 0; i < per_group; i++)
                    for (size_t kr = 0; kr < n->window.kernel[0]; kr++)
                        for (size_t kc = 0; kc < n->window.kernel[1]; kc++, w++) {
                            const long ir = pixel(&n->window, 0, r, kr, in->dim[1]);
                            const long ic = pixel(&n->window, 1, c, kc, in->dim[2]);
                            if (ir >= 0 && ic >= 0)
                                sum +=
                                    (double)*w * (double)x[at(in, o / out_per_group * per_group + i,
                                                              (size_t)ir, (size_t)ic, 0)];
                        }
                y[at(out, o, r, c, 0)] = (float)sum;
            }
}

/* A window and the output it gives; before < kernel and after < kernel as ONNX has them. */
static asx_window random_window(size_t out[2], const size_t in[2])
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

static void conv(void **state)
{
    (void)state;
    for (int i = 0; i < 4 * ROUNDS; i++) {
        const size_t groups = toy_between(1, 4);
        const size_t per_group = i % 3 ? toy_between(1, 5) : 1; /* every third: depthwise */
        const size_t in[] = {toy_between(5, 9), toy_between(5, 9)};
        size_t out[2];
        asx_network *net = toy_network(SHAPE(groups * per_group, in[0], in[1]));
        const asx_window w = random_window(out, in);
        toy_layer(net, (asx_node){.op = ASX_OP_CONV, .groups = groups, .window = w}, 0,
                  SHAPE(groups * toy_between(1, 4), out[0], out[1]));
        check(net, want_conv);
    }
}

static void want_dense(const asx_network *net, float *y, const float *x)
{
    const asx_node *n = &net->node[0];
    const asx_value *in = in_of(net), *out = out_of(net);
    const size_t n_in = in->dim[in->rank - 1], n_out = out->dim[out->rank - 1];
    for (size_t row = 0; row < asx_value_n_elements(in) / n_in; row++)
        for (size_t o = 0; o < n_out; o++) {
            double sum = (double)n->bias[o];
            for (size_t i = 0; i < n_in; i++)
                sum += (double)n->weight[o * n_in + i] * (double)x[row * n_in + i];
            y[row * n_out + o] = (float)sum;
        }
}

static void dense(void **state)
{
    (void)state;
    for (int i = 0; i < 2 * ROUNDS; i++) {
        const size_t rank = toy_between(1, 4);
        size_t in[ASX_RANK_MAX] = {0}, out[ASX_RANK_MAX] = {0};
        for (size_t d = 0; d < rank; d++)
            out[d] = in[d] = toy_between(2, 6);
        out[rank - 1] = toy_between(1, 9);
        asx_network *net = toy_network(in);
        toy_layer(net, (asx_node){.op = ASX_OP_DENSE}, 0, out);
        check(net, want_dense);
    }
}

static void random_shape(size_t dim[ASX_RANK_MAX], size_t rank)
{
    memset(dim, 0, ASX_RANK_MAX * sizeof *dim);
    for (size_t d = 0; d < rank; d++)
        dim[d] = toy_between(1, 5);
}

static void want_scale(const asx_network *net, float *y, const float *x)
{
    const asx_value *in = in_of(net);
    const size_t rest = asx_value_n_elements(in) / in->dim[0];
    for (size_t c = 0; c < in->dim[0]; c++)
        for (size_t i = 0; i < rest; i++)
            y[c * rest + i] = net->node[0].weight[c] * x[c * rest + i] + net->node[0].bias[c];
}

static void want_point(const asx_network *net, float *y, const float *x)
{
    const asx_node *n = &net->node[0];
    for (size_t i = 0; i < asx_value_n_elements(in_of(net)); i++)
        if (n->op == ASX_OP_RELU)
            y[i] = fmaxf(x[i], 0);
        else if (n->op == ASX_OP_CLIP)
            y[i] = fminf(fmaxf(x[i], n->low), n->high);
        else
            y[i] = (float)(1 / (1 + exp(-(double)x[i])));
}

/* relu, then x + relu(x): the operator under test is the second node, its twin sees the input. */
static void want_add(const asx_network *net, float *y, const float *x)
{
    for (size_t i = 0; i < asx_value_n_elements(in_of(net)); i++)
        y[i] = x[i] + fmaxf(x[i], 0);
}

static void pointwise(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROUNDS; i++) {
        const asx_op ops[] = {ASX_OP_RELU, ASX_OP_CLIP, ASX_OP_SIGMOID};
        size_t dim[ASX_RANK_MAX];
        random_shape(dim, i % 4 + 1);
        asx_network *net = toy_network(dim);
        const size_t c = dim[0];
        toy_node(net,
                 (asx_node){.op = ASX_OP_SCALE,
                            .weight = toy_array(c),
                            .bias = toy_array(c),
                            .n_weights = c,
                            .n_biases = c},
                 1, 0, 0, dim);
        check(net, want_scale);

        net = toy_network(dim);
        toy_node(net, (asx_node){.op = ops[i % 3], .low = -0.3f, .high = 0.4f}, 1, 0, 0, dim);
        check(net, want_point);

        net = toy_network(dim);
        const size_t v = toy_node(net, (asx_node){.op = ASX_OP_RELU}, 1, 0, 0, dim);
        toy_node(net, (asx_node){.op = ASX_OP_ADD}, 2, i % 2 ? v : 0, i % 2 ? 0 : v, dim);
        check(net, want_add);
    }
}

/* Every logical index of a shape. */
#define FOR_INDEX(v, i)                                                                            \
    for (size_t i[4] = {0}; i[0] < (v)->dim[0]; i[0]++)                                            \
        for (i[1] = 0; i[1] < (v)->dim[1]; i[1]++)                                                 \
            for (i[2] = 0; i[2] < (v)->dim[2]; i[2]++)                                             \
                for (i[3] = 0; i[3] < (v)->dim[3]; i[3]++)

static size_t where(const asx_value *v, const size_t i[4])
{
    return at(v, i[0], i[1], i[2], i[3]);
}

static void want_softmax(const asx_network *net, float *y, const float *x)
{
    const asx_value *v = in_of(net);
    const size_t axis = net->node[0].axis;
    FOR_INDEX(v, i)
    {
        size_t j[4] = {i[0], i[1], i[2], i[3]};
        double sum = 0;
        for (j[axis] = 0; j[axis] < v->dim[axis]; j[axis]++)
            sum += exp((double)x[where(v, j)]);
        const double share = exp((double)x[where(v, i)]) / sum;
        y[where(v, i)] = (float)(net->node[0].op == ASX_OP_LOG_SOFTMAX ? log(share) : share);
    }
}

static void softmax(void **state)
{
    (void)state;
    for (size_t rank = 1; rank <= 4; rank++)
        for (size_t axis = 0; axis < rank; axis++)
            for (int logarithm = 0; logarithm < 2; logarithm++) {
                const asx_op op = logarithm ? ASX_OP_LOG_SOFTMAX : ASX_OP_SOFTMAX;
                size_t dim[ASX_RANK_MAX];
                random_shape(dim, rank);
                asx_network *net = toy_network(dim);
                toy_node(net, (asx_node){.op = op, .axis = axis}, 1, 0, 0, dim);
                check(net, want_softmax);
            }
}

/* x beside relu(x) */
static void want_concat(const asx_network *net, float *y, const float *x)
{
    const asx_value *in = in_of(net), *out = out_of(net);
    const size_t axis = net->node[1].axis, size = in->dim[axis];
    FOR_INDEX(out, i)
    {
        size_t j[4] = {i[0], i[1], i[2], i[3]};
        j[axis] %= size;
        const float v = x[where(in, j)];
        y[where(out, i)] = i[axis] / size == 1 ? fmaxf(v, 0) : v;
    }
}

static void concat(void **state)
{
    (void)state;
    for (size_t rank = 1; rank <= 4; rank++)
        for (size_t axis = 0; axis < rank; axis++) {
            size_t dim[ASX_RANK_MAX], twice[ASX_RANK_MAX];
            random_shape(dim, rank);
            memcpy(twice, dim, sizeof dim);
            twice[axis] *= 2;
            asx_network *net = toy_network(dim);
            const size_t v = toy_node(net, (asx_node){.op = ASX_OP_RELU}, 1, 0, 0, dim);
            toy_node(net, (asx_node){.op = ASX_OP_CONCAT, .axis = axis}, 2, 0, v, twice);
            check(net, want_concat);
        }
}

static void want_pool(const asx_network *net, float *y, const float *x)
{
    const asx_node *n = &net->node[0];
    const asx_window *w = &n->window;
    const asx_value *in = in_of(net), *out = out_of(net);
    FOR_INDEX(out, i)
    {
        double sum = 0, top = -DBL_MAX;
        size_t inside = 0;
        for (size_t r = 0; r < w->kernel[0]; r++)
            for (size_t c = 0; c < w->kernel[1]; c++) {
                const long ir = pixel(w, 0, i[1], r, in->dim[1]);
                const long ic = pixel(w, 1, i[2], c, in->dim[2]);
                if (ir < 0 || ic < 0)
                    continue;
                const double v = (double)x[at(in, i[0], (size_t)ir, (size_t)ic, 0)];
                sum += v;
                top = fmax(top, v);
                inside++;
            }
        const size_t n_taps = n->count_padding ? w->kernel[0] * w->kernel[1] : inside;
        y[where(out, i)] = (float)(n->op == ASX_OP_MAX_POOL ? top : sum / (double)n_taps);
    }
}

static void pools(void **state)
{
    (void)state;
    for (int i = 0; i < 3 * ROUNDS; i++) {
        const size_t in[] = {toy_between(5, 9), toy_between(5, 9)}, c = toy_between(1, 5);
        size_t out[2];
        asx_window w = random_window(out, in);
        for (size_t a = 0; a < 2; a++) { /* every window sees the map */
            w.dilation[a] = i % 3 == 0 ? w.dilation[a] : 1;
            w.before[a] = w.dilation[a] > 1 ? 0 : w.before[a];
            w.after[a] = w.dilation[a] > 1 ? 0 : w.after[a];
            out[a] = (in[a] + w.before[a] + w.after[a] - (w.kernel[a] - 1) * w.dilation[a] - 1) /
                         w.stride[a] +
                     1;
        }
        asx_network *net = toy_network(SHAPE(c, in[0], in[1]));
        toy_node(net,
                 (asx_node){.op = i % 2 ? ASX_OP_MAX_POOL : ASX_OP_AVERAGE_POOL,
                            .window = w,
                            .count_padding = i % 4 == 0},
                 1, 0, 0, SHAPE(c, out[0], out[1]));
        check(net, want_pool);
    }
}

static void want_mean(const asx_network *net, float *y, const float *x)
{
    const asx_node *n = &net->node[0];
    const asx_value *in = in_of(net), *out = out_of(net);
    const size_t n_out = asx_value_n_elements(out);
    double sum[5 * 5 * 5 * 5] = {0};
    FOR_INDEX(in, i)
    {
        size_t to = 0; /* logical position among the dimensions that stay */
        for (size_t d = 0; d < in->rank; d++)
            if (!n->reduced[d])
                to = to * in->dim[d] + i[d];
        sum[to] += (double)x[where(in, i)];
    }
    for (size_t i = 0; i < n_out; i++)
        y[i] = (float)(sum[i] * (double)n_out / (double)asx_value_n_elements(in));
}

static void means(void **state)
{
    (void)state;
    for (size_t rank = 1; rank <= 4; rank++)
        for (size_t mask = 1; mask < (size_t)1 << rank; mask++)
            for (int keep = 0; keep < 2; keep++) {
                size_t dim[ASX_RANK_MAX], out[ASX_RANK_MAX] = {0}, n = 0;
                asx_node node = {.op = ASX_OP_REDUCE_MEAN};
                random_shape(dim, rank);
                for (size_t d = 0; d < rank; d++) {
                    node.reduced[d] = mask >> d & 1;
                    if (!node.reduced[d] || keep)
                        out[n++] = node.reduced[d] ? 1 : dim[d];
                }
                if (!n)
                    out[0] = 1;
                asx_network *net = toy_network(dim);
                toy_node(net, node, 1, 0, 0, out);
                check(net, want_mean);
            }
}

static void want_reshape(const asx_network *net, float *y, const float *x)
{
    memcpy(y, x, asx_value_n_elements(in_of(net)) * sizeof *x);
}

static void reshape(void **state)
{
    (void)state;
    const size_t shapes[][ASX_RANK_MAX] = {{60, 0},      {3, 20, 0},    {3, 4, 5, 0}, {5, 6, 2, 0},
                                           {2, 3, 2, 5}, {60, 1, 1, 0}, {1, 6, 10, 0}};
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
        for (size_t j = 0; j < sizeof shapes / sizeof shapes[0]; j++) {
            asx_network *net = toy_network(shapes[i]);
            toy_node(net, (asx_node){.op = ASX_OP_RESHAPE}, 1, 0, 0, shapes[j]);
            check(net, want_reshape);
        }
}

static void want_transpose(const asx_network *net, float *y, const float *x)
{
    const asx_value *in = in_of(net), *out = out_of(net);
    FOR_INDEX(out, i)
    {
        size_t j[4] = {0};
        for (size_t d = 0; d < out->rank; d++)
            j[net->node[0].perm[d]] = i[d];
        y[where(out, i)] = x[where(in, j)];
    }
}

static void transpose(void **state)
{
    (void)state;
    for (int round = 0; round < 3 * ROUNDS; round++) {
        const size_t rank = toy_between(2, 4);
        size_t dim[ASX_RANK_MAX], out[ASX_RANK_MAX] = {0};
        asx_node node = {.op = ASX_OP_TRANSPOSE, .perm = {0, 1, 2, 3}};
        random_shape(dim, rank);
        for (size_t d = rank; d > 1; d--) { /* a random permutation */
            const size_t other = toy_between(0, d - 1), kept = node.perm[d - 1];
            node.perm[d - 1] = node.perm[other];
            node.perm[other] = kept;
        }
        for (size_t d = 0; d < rank; d++)
            out[d] = dim[node.perm[d]];
        asx_network *net = toy_network(dim);
        toy_node(net, node, 1, 0, 0, out);
        check(net, want_transpose);
    }
}

static void want_slice(const asx_network *net, float *y, const float *x)
{
    const asx_node *n = &net->node[0];
    const asx_value *in = in_of(net), *out = out_of(net);
    FOR_INDEX(out, i)
    {
        size_t j[4] = {0};
        for (size_t d = 0; d < in->rank; d++)
            j[d] = (size_t)(n->start[d] + (ptrdiff_t)i[d] * n->step[d]);
        y[where(out, i)] = x[where(in, j)];
    }
}

static void slice(void **state)
{
    (void)state;
    for (int round = 0; round < 3 * ROUNDS; round++) {
        const size_t rank = toy_between(1, 4);
        size_t dim[ASX_RANK_MAX], out[ASX_RANK_MAX] = {0};
        asx_node node = {.op = ASX_OP_SLICE};
        random_shape(dim, rank);
        for (size_t d = 0; d < rank; d++) {
            const size_t first = toy_between(0, dim[d] - 1), step = toy_between(1, 2);
            const int back = (int)toy_between(0, 1);
            out[d] = (back ? first : dim[d] - 1 - first) / step + 1;
            node.start[d] = (ptrdiff_t)first;
            node.step[d] = back ? -(ptrdiff_t)step : (ptrdiff_t)step;
        }
        asx_network *net = toy_network(dim);
        toy_node(net, node, 1, 0, 0, out);
        check(net, want_slice);
    }
}

static void want_pad(const asx_network *net, float *y, const float *x)
{
    const asx_node *n = &net->node[0];
    const asx_value *in = in_of(net), *out = out_of(net);
    FOR_INDEX(out, i)
    {
        size_t j[4] = {0};
        int inside = 1;
        for (size_t d = 0; d < in->rank; d++) {
            inside &= i[d] >= n->before[d] && i[d] - n->before[d] < in->dim[d];
            j[d] = i[d] - n->before[d];
        }
        y[where(out, i)] = inside ? x[where(in, j)] : n->fill;
    }
}

static void pad(void **state)
{
    (void)state;
    for (int round = 0; round < 3 * ROUNDS; round++) {
        const size_t rank = toy_between(1, 4);
        size_t dim[ASX_RANK_MAX], out[ASX_RANK_MAX] = {0};
        asx_node node = {.op = ASX_OP_PAD, .fill = toy_random()};
        random_shape(dim, rank);
        for (size_t d = 0; d < rank; d++) {
            node.before[d] = toy_between(0, 2);
            node.after[d] = toy_between(0, 2);
            out[d] = dim[d] + node.before[d] + node.after[d];
        }
        asx_network *net = toy_network(dim);
        toy_node(net, node, 1, 0, 0, out);
        check(net, want_pad);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conv),    cmocka_unit_test(dense),   cmocka_unit_test(pointwise),
        cmocka_unit_test(softmax), cmocka_unit_test(concat),  cmocka_unit_test(pools),
        cmocka_unit_test(means),   cmocka_unit_test(reshape), cmocka_unit_test(transpose),
        cmocka_unit_test(slice),   cmocka_unit_test(pad),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
