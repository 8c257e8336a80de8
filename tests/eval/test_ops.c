/* Every operator of the engine that computes, against its twin (ops_fixture.h); those that gather and move are in
 * test_ops_move.c. */
#include "ops_fixture.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conv),
        cmocka_unit_test(dense),
        cmocka_unit_test(pointwise),
        cmocka_unit_test(softmax),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
