#include "drawing.h"

#include <stdlib.h>

#include "dse/memory.h"

double asx_draw_number(const asx_drawing *d, const char *name)
{
    return asx_params_get(d->params, name);
}

size_t asx_draw_value(asx_drawing *d, size_t rank, const size_t *dim)
{
    char name[] = "value";
    asx_value v = {.name = name, .rank = rank, .dim = {1, 1, 1, 1}};
    size_t index = 0;
    for (size_t i = 0; i < rank; i++)
        v.dim[i] = dim[i];
    if (!d->status)
        d->status = asx_network_add_value(&index, d->net, &v, d->err);
    return index;
}

static size_t add_node(asx_drawing *d, asx_node node, const char *name, size_t n_inputs,
                       const size_t *input, size_t rank, const size_t *dim)
{
    node.layer = ASX_NO_LAYER; /* the reader finds them */
    node.output = asx_draw_value(d, rank, dim);
    node.n_inputs = n_inputs;
    if (d->status)
        return 0;
    node.name = asx_string_copy(name);
    node.input = asx_array_copy(input, n_inputs, sizeof *input);
    node.weight = node.n_weights ? asx_array_new(node.n_weights, sizeof *node.weight) : NULL;
    node.bias = node.n_biases ? asx_array_new(node.n_biases, sizeof *node.bias) : NULL;
    if (!node.name || !node.input || (node.n_weights && !node.weight) ||
        (node.n_biases && !node.bias))
        d->status = asx_fail(d->err, ASX_ENOMEM, "no memory for node '%s'", name);
    const size_t output = node.output;
    if (!d->status)
        d->status = asx_network_add_node(d->net, &node, d->err);
    if (d->status)
        asx_node_fini(&node);
    d->net->output = output;
    return output;
}

const size_t *asx_draw_dims(const asx_drawing *d, size_t value)
{
    static const size_t none[3] = {1, 1, 1};
    return d->status ? none : d->net->value[value].dim;
}

size_t asx_draw_conv(asx_drawing *d, size_t in, const char *name, size_t channels, size_t kernel,
                     size_t stride, size_t groups)
{
    const size_t *x = asx_draw_dims(d, in), pad = kernel / 2;
    const size_t y[3] = {channels, (x[1] + 2 * pad - kernel) / stride + 1,
                         (x[2] + 2 * pad - kernel) / stride + 1};
    const asx_node node = {
        .op = ASX_OP_CONV,
        .groups = groups,
        .normalised = true,
        .n_weights = channels * (x[0] / groups) * kernel * kernel,
        .n_biases = channels,
        .window = {{kernel, kernel}, {stride, stride}, {1, 1}, {pad, pad}, {pad, pad}}};
    return add_node(d, node, name, 1, &in, 3, y);
}

size_t asx_draw_relu(asx_drawing *d, size_t in)
{
    const size_t shape[3] = {asx_draw_dims(d, in)[0], asx_draw_dims(d, in)[1],
                             asx_draw_dims(d, in)[2]};
    const size_t rank = d->status ? 3 : d->net->value[in].rank;
    return add_node(d, (asx_node){.op = ASX_OP_RELU}, "relu", 1, &in, rank, shape);
}

size_t asx_draw_add(asx_drawing *d, size_t a, size_t b)
{
    const size_t in[] = {a, b}, shape[3] = {asx_draw_dims(d, a)[0], asx_draw_dims(d, a)[1],
                                            asx_draw_dims(d, a)[2]};
    return add_node(d, (asx_node){.op = ASX_OP_ADD}, "add", 2, in, 3, shape);
}

size_t asx_draw_channels(asx_drawing *d, size_t in, size_t first, size_t n)
{
    const size_t *x = asx_draw_dims(d, in), shape[3] = {n, x[1], x[2]};
    const asx_node node = {.op = ASX_OP_SLICE, .start = {(ptrdiff_t)first}, .step = {1, 1, 1, 1}};
    return add_node(d, node, "slice", 1, &in, 3, shape);
}

size_t asx_draw_interleaved(asx_drawing *d, size_t a, size_t b)
{
    const size_t *x = asx_draw_dims(d, a), in[] = {a, b}, c = x[0], h = x[1], w = x[2];
    const size_t all[3] = {2 * c, h, w}, groups[4] = {2, c, h, w}, dealt[4] = {c, 2, h, w};
    const asx_node turn = {.op = ASX_OP_TRANSPOSE, .perm = {1, 0, 2, 3}};
    size_t v = add_node(d, (asx_node){.op = ASX_OP_CONCAT}, "concat", 2, in, 3, all);
    v = add_node(d, (asx_node){.op = ASX_OP_RESHAPE}, "groups", 1, &v, 4, groups);
    v = add_node(d, turn, "shuffle", 1, &v, 4, dealt);
    return add_node(d, (asx_node){.op = ASX_OP_RESHAPE}, "channels", 1, &v, 3, all);
}

size_t asx_draw_dense(asx_drawing *d, size_t in, const char *name, size_t outputs)
{
    const asx_node dense = {
        .op = ASX_OP_DENSE, .n_weights = asx_draw_dims(d, in)[0] * outputs, .n_biases = outputs};
    return add_node(d, dense, name, 1, &in, 1, &outputs);
}

size_t asx_draw_flat(asx_drawing *d, size_t in)
{
    const size_t *x = asx_draw_dims(d, in), n = x[0] * x[1] * x[2];
    return add_node(d, (asx_node){.op = ASX_OP_RESHAPE}, "flat", 1, &in, 1, &n);
}

void asx_draw_classify(asx_drawing *d, size_t in)
{
    const size_t channels = asx_draw_dims(d, in)[0];
    const size_t mean =
        add_node(d, (asx_node){.op = ASX_OP_REDUCE_MEAN, .reduced = {false, true, true}}, "mean", 1,
                 &in, 1, &channels);
    (void)asx_draw_dense(d, mean, "fc", (size_t)asx_draw_number(d, "classes"));
}
