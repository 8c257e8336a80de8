/* Every operator of the engine that gathers or moves, against its twin (ops_fixture.h). */
#include "ops_fixture.h"

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
        cmocka_unit_test(concat),  cmocka_unit_test(pools),     cmocka_unit_test(means),
        cmocka_unit_test(reshape), cmocka_unit_test(transpose), cmocka_unit_test(slice),
        cmocka_unit_test(pad),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
