/* Architectures are drawn as graphs without weights to speak of, written as ONNX and read back: so
 * they are what a file of theirs would be. */
#include "eval/architecture.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "graph.h"
#include "network_copy.h"
#include "onnx_write.h"

/* A graph being drawn. The first failure is kept; what follows does nothing. */
typedef struct drawing {
    asx_network *net;
    const asx_params *params;
    asx_status status;
    asx_error *err;
} drawing;

typedef struct architecture {
    asx_architecture_type type;
    void (*draw)(drawing *d);
} architecture;

static double number(const drawing *d, const char *name)
{
    return asx_params_get(d->params, name);
}

/* ---- pens ---- */

static size_t add_value(drawing *d, size_t rank, const size_t *dim)
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

static size_t add_node(drawing *d, asx_node node, const char *name, size_t n_inputs,
                       const size_t *input, size_t rank, const size_t *dim)
{
    node.layer = ASX_NO_LAYER; /* the reader finds them */
    node.output = add_value(d, rank, dim);
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

static const size_t *dims(const drawing *d, size_t value)
{
    static const size_t none[3] = {1, 1, 1};
    return d->status ? none : d->net->value[value].dim;
}

/* kernel x kernel, padded to keep the size; depthwise if `groups` says so */
static size_t conv(drawing *d, size_t in, const char *name, size_t channels, size_t kernel,
                   size_t stride, size_t groups)
{
    const size_t *x = dims(d, in), pad = kernel / 2;
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

static size_t relu(drawing *d, size_t in)
{
    const size_t shape[3] = {dims(d, in)[0], dims(d, in)[1], dims(d, in)[2]};
    return add_node(d, (asx_node){.op = ASX_OP_RELU}, "relu", 1, &in, 3, shape);
}

static size_t add(drawing *d, size_t a, size_t b)
{
    const size_t in[] = {a, b}, shape[3] = {dims(d, a)[0], dims(d, a)[1], dims(d, a)[2]};
    return add_node(d, (asx_node){.op = ASX_OP_ADD}, "add", 2, in, 3, shape);
}

/* Mean over the places of a feature map, then a dense layer. */
static void classify(drawing *d, size_t in)
{
    const size_t channels = dims(d, in)[0], classes = (size_t)number(d, "classes");
    const size_t mean =
        add_node(d, (asx_node){.op = ASX_OP_REDUCE_MEAN, .reduced = {false, true, true}}, "mean", 1,
                 &in, 1, &channels);
    const asx_node dense = {
        .op = ASX_OP_DENSE, .n_weights = channels * classes, .n_biases = classes};
    (void)add_node(d, dense, "fc", 1, &mean, 1, &classes);
}

/* ---- architectures ---- */

/* Channels under a width multiplier: a multiple of 8, as vectors like it. */
static size_t scaled(const drawing *d, size_t channels)
{
    const double n = round((double)channels * number(d, "width") / 8) * 8;
    return n < 8 ? 8 : (size_t)n;
}

/* Howard et al., arXiv 1704.04861, for images of about 32 x 32: the first layer keeps their size,
 * and what would come after 512 channels is left out. */
static void draw_mobilenet(drawing *d)
{
    static const struct {
        size_t channels, stride;
    } block[] = {{64, 1}, {128, 2}, {128, 1}, {256, 2}, {256, 1}, {256, 1}, {512, 2}, {512, 1}};
    char name[48];
    size_t v = relu(d, conv(d, d->net->input, "conv", scaled(d, 32), 3, 1, 1));
    for (size_t i = 0; i < sizeof block / sizeof *block; i++) {
        const size_t in = dims(d, v)[0];
        snprintf(name, sizeof name, "block%zu.depthwise", i + 1);
        v = relu(d, conv(d, v, name, in, 3, block[i].stride, in));
        snprintf(name, sizeof name, "block%zu.pointwise", i + 1);
        v = relu(d, conv(d, v, name, scaled(d, block[i].channels), 1, 1, 1));
    }
    classify(d, v);
}

/* He et al., arXiv 1512.03385, section 4.2, with projections where the shape changes. */
static void draw_resnet(drawing *d)
{
    const size_t depth = (size_t)number(d, "depth"), blocks = (depth - 2) / 6;
    char name[48];
    if (depth % 6 != 2) {
        d->status = asx_fail(d->err, ASX_EINVAL, "depth %zu is not 6 n + 2", depth);
        return;
    }
    size_t v = relu(d, conv(d, d->net->input, "conv1", scaled(d, 16), 3, 1, 1));
    for (size_t stage = 0; stage < 3; stage++)
        for (size_t i = 0; i < blocks; i++) {
            const size_t channels = scaled(d, (size_t)16 << stage);
            const size_t stride = stage > 0 && i == 0 ? 2 : 1;
            size_t skip = v;
            snprintf(name, sizeof name, "layer%zu.%zu.conv1", stage + 1, i);
            v = relu(d, conv(d, v, name, channels, 3, stride, 1));
            snprintf(name, sizeof name, "layer%zu.%zu.conv2", stage + 1, i);
            v = conv(d, v, name, channels, 3, 1, 1);
            snprintf(name, sizeof name, "layer%zu.%zu.shortcut", stage + 1, i);
            if (stride > 1)
                skip = conv(d, skip, name, channels, 1, stride, 1);
            v = relu(d, add(d, v, skip));
        }
    classify(d, v);
}

#define SHAPE_PARAMS                                                                               \
    {"width", false, 1, 0.05, 8, "", "factor on all numbers of channels"},                         \
        {"channels", true, 3, 1, 1024, "", "of the images"},                                       \
        {"size", true, 32, 8, 1024, "pixels", "height and width of the images"},                   \
    {                                                                                              \
        "classes", true, 10, 2, 100000, "", "to tell apart"                                        \
    }

static const asx_param_spec mobilenet_params[] = {SHAPE_PARAMS, {0}};
static const asx_param_spec resnet_params[] = {
    {"depth", true, 20, 8, 200, "layers", "6 n + 2"}, SHAPE_PARAMS, {0}};

static const architecture architectures[] = {
    {{"mobilenet", "depthwise-separable convolutions, no residuals (arXiv 1704.04861)",
      mobilenet_params},
     draw_mobilenet},
    {{"resnet", "residual blocks of two 3x3 convolutions (arXiv 1512.03385)", resnet_params},
     draw_resnet},
};

size_t asx_architecture_n_types(void)
{
    return sizeof architectures / sizeof *architectures;
}

const asx_architecture_type *asx_architecture_at(size_t i)
{
    return &architectures[i].type;
}

/* The graph alone, without a workload. */
static asx_status draw(asx_network **out, const architecture *a, const asx_params *params,
                       asx_error *err)
{
    drawing d = {.net = asx_array_new(1, sizeof *d.net), .params = params, .err = err};
    if (!d.net || !(d.net->name = asx_string_copy(a->type.name)))
        d.status = asx_fail(err, ASX_ENOMEM, "no memory for architecture '%s'", a->type.name);
    if (!d.status)
        d.status = asx_workload_init(&d.net->work, a->type.name, err);
    if (!d.status) {
        const size_t size = (size_t)number(&d, "size");
        const size_t shape[3] = {(size_t)number(&d, "channels"), size, size};
        d.net->input = add_value(&d, 3, shape);
    }
    if (!d.status)
        a->draw(&d);
    if (d.status) {
        asx_network_free(d.net);
        return d.status;
    }
    *out = d.net;
    return ASX_OK;
}

asx_status asx_architecture_new(asx_network **out, const asx_architecture_type *type,
                                const asx_params *params, uint64_t seed, asx_error *err)
{
    asx_params defaults;
    asx_network *drawn = NULL, *net = NULL;
    void *bytes = NULL;
    size_t n = 0, i = 0;
    while (&architectures[i].type != type)
        i++;
    asx_params_init(&defaults, type->params);
    asx_status status = draw(&drawn, &architectures[i], params ? params : &defaults, err);
    if (status == ASX_OK)
        status = asx_onnx_write(&bytes, &n, drawn, err);
    if (status == ASX_OK)
        status = asx_network_parse(&net, type->name, bytes, n, err);
    if (status == ASX_OK) {
        asx_network_randomise(net, seed);
        *out = net;
    }
    free(bytes);
    asx_network_free(drawn);
    return status;
}
