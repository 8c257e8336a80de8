/* Small networks built in memory, and random numbers to fill them with. */
#ifndef ASX_TESTS_TOY_H
#define ASX_TESTS_TOY_H

#include <string.h>

#include "check.h"
#include "dse/seed.h"
#include "graph.h"

/* The next random number of a test: uniform in -1 .. 1, or an integer in low .. high. */
static uint64_t toy_counter;

static inline float toy_random(void)
{
    return (float)(2 * asx_seed_uniform(7, 1, toy_counter++) - 1);
}

static inline size_t toy_between(size_t low, size_t high)
{
    return low + (size_t)asx_seed_below(7, 2, toy_counter++, high - low + 1);
}

static inline float *toy_array(size_t n)
{
    float *x = calloc(n ? n : 1, sizeof *x);
    assert_non_null(x);
    for (size_t i = 0; i < n; i++)
        x[i] = toy_random();
    return x;
}

#define SHAPE(...) ((size_t[ASX_RANK_MAX]){__VA_ARGS__})

/* A value of a shape; a zero ends the shape. */
static inline size_t toy_value(asx_network *net, const size_t dim[ASX_RANK_MAX])
{
    asx_error err;
    char name[] = "value";
    asx_value v = {.name = name};
    size_t index = 0;
    while (v.rank < ASX_RANK_MAX && dim[v.rank]) {
        v.dim[v.rank] = dim[v.rank];
        v.rank++;
    }
    CHECK_OK(asx_network_add_value(&index, net, &v, &err), err);
    return index;
}

/* A network whose input is the value with index 0. */
static inline asx_network *toy_network(const size_t dim[ASX_RANK_MAX])
{
    asx_error err;
    asx_network *net = calloc(1, sizeof *net);
    assert_non_null(net);
    net->name = strdup("toy");
    CHECK_OK(asx_workload_init(&net->work, "toy", &err), err);
    net->input = toy_value(net, dim);
    for (size_t i = 0; i < 3; i++)
        net->input_shape[i] = net->value[0].dim[i];
    return net;
}

/* Adds a node from values a (and b, if given by n_inputs = 2) to a new value, which becomes the
 * output. Takes over what `node` owns. */
static inline size_t toy_node(asx_network *net, asx_node node, size_t n_inputs, size_t a, size_t b,
                              const size_t out[ASX_RANK_MAX])
{
    asx_error err;
    node.name = strdup("node");
    node.n_inputs = n_inputs;
    node.input = calloc(2, sizeof *node.input);
    assert_non_null(node.input);
    node.input[0] = a;
    node.input[1] = b;
    node.output = toy_value(net, out);
    if (node.op != ASX_OP_CONV && node.op != ASX_OP_DENSE)
        node.layer = ASX_NO_LAYER;
    net->output = node.output;
    CHECK_OK(asx_network_add_node(net, &node, &err), err);
    return net->output;
}

/* Adds a convolution or dense layer with random weights; the workload gets a layer of its shape. */
static inline size_t toy_layer(asx_network *net, asx_node node, size_t in,
                               const size_t out[ASX_RANK_MAX])
{
    asx_error err;
    char name[32];
    const asx_value *x = &net->value[in];
    const bool conv = node.op == ASX_OP_CONV;
    const size_t in_c = conv ? x->dim[0] : x->dim[x->rank - 1];
    size_t last = 0;
    while (last + 1 < ASX_RANK_MAX && out[last + 1])
        last++;
    const size_t out_c = conv ? out[0] : out[last];
    snprintf(name, sizeof name, "layer%zu", net->work.n_layers);
    node.groups = node.groups ? node.groups : 1;
    const asx_layer layer = {.name = name,
                             .kind = conv ? ASX_LAYER_CONV : ASX_LAYER_DENSE,
                             .in_c = in_c,
                             .in_h = conv ? x->dim[1] : 1,
                             .in_w = conv ? x->dim[2] : 1,
                             .out_c = out_c,
                             .out_h = conv ? out[1] : 1,
                             .out_w = conv ? out[2] : 1,
                             .kernel_h = conv ? node.window.kernel[0] : 1,
                             .kernel_w = conv ? node.window.kernel[1] : 1,
                             .stride_h = conv ? node.window.stride[0] : 1,
                             .stride_w = conv ? node.window.stride[1] : 1,
                             .groups = node.groups,
                             .input_non_negative = x->non_negative};
    node.layer = (int)net->work.n_layers;
    CHECK_OK(asx_workload_add(&net->work, &layer, &err), err);
    node.n_weights = asx_layer_n_weights(&layer);
    node.n_biases = out_c;
    node.weight = toy_array(node.n_weights);
    node.bias = toy_array(out_c);
    return toy_node(net, node, 1, in, 0, out);
}

/* conv 3x3 - relu - conv 3x3 stride 2 - add of a pooled shortcut - relu - flatten - dense: what a
 * residual network is made of, small. 3 x 8 x 8 to 5 classes. */
static inline asx_network *toy_residual(void)
{
    const asx_window same = {{3, 3}, {1, 1}, {1, 1}, {1, 1}, {1, 1}};
    const asx_window half = {{3, 3}, {2, 2}, {1, 1}, {1, 1}, {0, 0}};
    const asx_window pool = {{2, 2}, {2, 2}, {1, 1}, {0, 0}, {0, 0}};
    asx_network *net = toy_network(SHAPE(3, 8, 8));
    size_t v = toy_layer(net, (asx_node){.op = ASX_OP_CONV, .window = same}, 0, SHAPE(6, 8, 8));
    v = toy_node(net, (asx_node){.op = ASX_OP_RELU}, 1, v, 0, SHAPE(6, 8, 8));
    net->value[v].non_negative = true;
    const size_t shortcut = toy_node(net, (asx_node){.op = ASX_OP_AVERAGE_POOL, .window = pool}, 1,
                                     v, 0, SHAPE(6, 4, 4));
    v = toy_layer(net, (asx_node){.op = ASX_OP_CONV, .window = half}, v, SHAPE(6, 4, 4));
    v = toy_node(net, (asx_node){.op = ASX_OP_ADD}, 2, v, shortcut, SHAPE(6, 4, 4));
    v = toy_node(net, (asx_node){.op = ASX_OP_RELU}, 1, v, 0, SHAPE(6, 4, 4));
    v = toy_node(net, (asx_node){.op = ASX_OP_RESHAPE}, 1, v, 0, SHAPE(96));
    net->value[v].non_negative = true;
    toy_layer(net, (asx_node){.op = ASX_OP_DENSE}, v, SHAPE(5));
    return net;
}

#endif
