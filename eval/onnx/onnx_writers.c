#include "onnx_writers.h"

static void set_window(asx_pen *p, Onnx__NodeProto *n, const asx_window *w, bool dilates)
{
    const size_t pads[] = {w->before[0], w->before[1], w->after[0], w->after[1]};
    asx_pen_ints(p, n, "kernel_shape", w->kernel, 2);
    asx_pen_ints(p, n, "strides", w->stride, 2);
    asx_pen_ints(p, n, "pads", pads, 4);
    if (dilates)
        asx_pen_ints(p, n, "dilations", w->dilation, 2);
}

static void write_conv(asx_pen *p, Onnx__NodeProto *n, const asx_node *node)
{
    const asx_value *x = &p->net->value[node->input[0]];
    const asx_window *w = &node->window;
    const int64_t dim[] = {(int64_t)node->n_biases, (int64_t)(x->dim[0] / node->groups),
                           (int64_t)w->kernel[0], (int64_t)w->kernel[1]};
    asx_pen_input(p, n,
                  asx_onnx_write_weight(
                      p, n, node, &(asx_onnx_weight){.rank = 4, .dim = dim, .data = node->weight}));
    asx_pen_input(p, n, asx_onnx_write_bias(p, n, node));
    set_window(p, n, w, true);
    asx_pen_int(p, n, "group", node->groups);
}

/* Gemm takes vectors; rows of a matrix go through MatMul, whose weight is turned, and Add. */
static void write_dense(asx_pen *p, Onnx__NodeProto *n, const asx_node *node)
{
    const size_t out = node->n_biases, in = node->n_weights / out;
    if (p->net->value[node->input[0]].rank == 1) {
        const int64_t dim[] = {(int64_t)out, (int64_t)in};
        asx_pen_input(
            p, n,
            asx_onnx_write_weight(p, n, node,
                                  &(asx_onnx_weight){.rank = 2, .dim = dim, .data = node->weight}));
        asx_pen_input(p, n, asx_onnx_write_bias(p, n, node));
        asx_pen_int(p, n, "transB", 1);
        return;
    }
    const int64_t dim[] = {(int64_t)in, (int64_t)out};
    float *turned = asx_pen_keep(p, node->n_weights, sizeof *turned);
    for (size_t i = 0; turned && i < node->n_weights; i++)
        turned[i % in * out + i / in] = node->weight[i];
    if (turned)
        asx_pen_input(
            p, n,
            asx_onnx_write_weight(
                p, n, node, &(asx_onnx_weight){.rank = 2, .dim = dim, .data = turned, .axis = 1}));
    char *output = n->output[0], *between = asx_pen_text(p, "%s/product", output);
    n->op_type = asx_pen_text(p, "MatMul");
    n->output[0] = between;
    Onnx__NodeProto *add = asx_pen_node(p, "Add", asx_pen_text(p, "%s/bias", node->name));
    asx_pen_input(p, add, between);
    asx_pen_input(p, add, asx_onnx_write_bias(p, add, node));
    asx_pen_output(p, add, output);
}

void asx_onnx_write_norm(asx_pen *p, Onnx__NodeProto *n, const float *weight, const float *bias,
                         size_t channels)
{
    const int64_t dim = (int64_t)channels;
    float *zero = asx_pen_keep(p, channels, sizeof *zero),
          *one = asx_pen_keep(p, channels, sizeof *one);
    if (p->failed)
        return;
    for (size_t i = 0; i < channels; i++)
        one[i] = 1;
    asx_pen_input(p, n,
                  asx_pen_floats(p, asx_pen_text(p, "%s/scale", n->output[0]), 1, &dim,
                                 weight ? weight : one, channels));
    asx_pen_input(p, n,
                  asx_pen_floats(p, asx_pen_text(p, "%s/shift", n->output[0]), 1, &dim,
                                 bias ? bias : zero, channels));
    asx_pen_input(
        p, n, asx_pen_floats(p, asx_pen_text(p, "%s/mean", n->output[0]), 1, &dim, zero, channels));
    asx_pen_input(
        p, n,
        asx_pen_floats(p, asx_pen_text(p, "%s/variance", n->output[0]), 1, &dim, one, channels));
    asx_pen_float(p, n, "epsilon", 0);
}

static void write_reduce_mean(asx_pen *p, Onnx__NodeProto *n, const asx_node *node)
{
    const asx_value *x = &p->net->value[node->input[0]], *y = &p->net->value[node->output];
    size_t axis[ASX_RANK_MAX], count = 0;
    for (size_t i = 0; i < x->rank; i++)
        if (node->reduced[i])
            axis[count++] = i + 1;
    if (asx_onnx_written_opset(p) < 18) {
        asx_pen_ints(p, n, "axes", axis, count);
    } else {
        int64_t axes[ASX_RANK_MAX];
        for (size_t i = 0; i < count; i++)
            axes[i] = (int64_t)axis[i];
        asx_pen_input(p, n,
                      asx_pen_integers(p, asx_pen_text(p, "%s/axes", n->output[0]), axes, count));
    }
    asx_pen_int(p, n, "keepdims", y->rank == x->rank);
}

static void write_reshape(asx_pen *p, Onnx__NodeProto *n, const asx_node *node)
{
    const asx_value *y = &p->net->value[node->output];
    int64_t dim[1 + ASX_RANK_MAX] = {0}; /* 0: the batch as it is */
    for (size_t i = 0; i < y->rank; i++)
        dim[i + 1] = (int64_t)y->dim[i];
    asx_pen_input(p, n,
                  asx_pen_integers(p, asx_pen_text(p, "%s/shape", n->output[0]), dim, y->rank + 1));
}

/* A dimension of one that is read again and again. */
static void write_expand(asx_pen *p, Onnx__NodeProto *n, const asx_node *node)
{
    const asx_value *y = &p->net->value[node->output];
    int64_t dim[1 + ASX_RANK_MAX] = {1}; /* the batch as it is */
    for (size_t i = 0; i < y->rank; i++)
        dim[i + 1] = (int64_t)y->dim[i];
    n->op_type = asx_pen_text(p, "Expand");
    asx_pen_input(p, n,
                  asx_pen_integers(p, asx_pen_text(p, "%s/shape", n->output[0]), dim, y->rank + 1));
}

static void write_slice(asx_pen *p, Onnx__NodeProto *n, const asx_node *node)
{
    for (size_t i = 0; i < p->net->value[node->input[0]].rank; i++) {
        if (node->step[i] == 0) {
            write_expand(p, n, node);
            return;
        }
    }
    const asx_value *x = &p->net->value[node->input[0]], *y = &p->net->value[node->output];
    int64_t start[ASX_RANK_MAX], end[ASX_RANK_MAX], axis[ASX_RANK_MAX], step[ASX_RANK_MAX];
    size_t count = 0;
    for (size_t i = 0; i < x->rank; i++) {
        const int64_t s = node->step[i], first = node->start[i];
        const int64_t last = first + s * ((int64_t)y->dim[i] - 1);
        start[count] = first;
        end[count] = s > 0 ? last + 1 : last > 0 ? last - 1 : -INT32_MAX;
        axis[count] = (int64_t)i + 1;
        step[count++] = s;
    }
    asx_pen_input(p, n,
                  asx_pen_integers(p, asx_pen_text(p, "%s/starts", n->output[0]), start, count));
    asx_pen_input(p, n, asx_pen_integers(p, asx_pen_text(p, "%s/ends", n->output[0]), end, count));
    asx_pen_input(p, n, asx_pen_integers(p, asx_pen_text(p, "%s/axes", n->output[0]), axis, count));
    asx_pen_input(p, n,
                  asx_pen_integers(p, asx_pen_text(p, "%s/steps", n->output[0]), step, count));
}

int asx_onnx_written_opset(const asx_pen *p)
{
    const asx_network *network = p->net;
    int opset = 13;
    for (size_t i = 0; i < network->n_nodes; i++) {
        const asx_node *node = &network->node[i];
        const int wanted = node->op == ASX_OP_NORMALISE                ? (node->beta > 0 ? 23 : 17)
                           : !p->qonnx && asx_onnx_is_wide(node)       ? 21
                           : node->op != ASX_OP_FUNCTION               ? 13
                           : node->function == ASX_FUNCTION_HARD_SWISH ? 14
                           : node->function == ASX_FUNCTION_MISH       ? 18
                           : node->function == ASX_FUNCTION_GELU       ? 20
                           : node->function == ASX_FUNCTION_SWISH      ? 24
                                                                       : 13;
        opset = wanted > opset ? wanted : opset;
    }
    return opset;
}

/* A function is an operator of its own name; Pow has its exponent as an input. */
static void write_function(asx_pen *p, Onnx__NodeProto *n, const asx_node *node)
{
    n->op_type = asx_pen_text(p, "%s", asx_function_text(node->function));
    switch (node->function) {
    case ASX_FUNCTION_CELU:
    case ASX_FUNCTION_ELU:
    case ASX_FUNCTION_LEAKY_RELU:
    case ASX_FUNCTION_SWISH:
    case ASX_FUNCTION_THRESHOLDED_RELU:
        asx_pen_float(p, n, "alpha", node->alpha);
        break;
    case ASX_FUNCTION_HARD_SIGMOID:
        asx_pen_float(p, n, "alpha", node->alpha);
        asx_pen_float(p, n, "beta", node->beta);
        break;
    case ASX_FUNCTION_SELU:
        asx_pen_float(p, n, "alpha", node->alpha);
        asx_pen_float(p, n, "gamma", node->beta);
        break;
    case ASX_FUNCTION_SHRINK:
        asx_pen_float(p, n, "lambd", node->alpha);
        asx_pen_float(p, n, "bias", node->beta);
        break;
    case ASX_FUNCTION_GELU:
        if (node->alpha != 0)
            asx_pen_string(p, n, "approximate", "tanh");
        break;
    case ASX_FUNCTION_BIPOLAR:
        asx_pen_input(
            p, n,
            asx_pen_floats(p, asx_pen_text(p, "%s/scale", n->output[0]), 0, NULL, &node->alpha, 1));
        n->domain = asx_pen_text(p, ASX_ONNX_QONNX);
        break;
    case ASX_FUNCTION_POW:
        asx_pen_input(p, n,
                      asx_pen_floats(p, asx_pen_text(p, "%s/exponent", n->output[0]), 0, NULL,
                                     &node->alpha, 1));
        break;
    default:
        break;
    }
}

static void write_pad(asx_pen *p, Onnx__NodeProto *n, const asx_node *node)
{
    const size_t rank = p->net->value[node->input[0]].rank;
    int64_t pads[2 * (ASX_RANK_MAX + 1)] = {0};
    for (size_t i = 0; i < rank; i++) {
        pads[1 + i] = (int64_t)node->before[i];
        pads[rank + 2 + i] = (int64_t)node->after[i];
    }
    asx_pen_input(
        p, n, asx_pen_integers(p, asx_pen_text(p, "%s/pads", n->output[0]), pads, 2 * (rank + 1)));
    asx_pen_input(
        p, n, asx_pen_floats(p, asx_pen_text(p, "%s/fill", n->output[0]), 0, NULL, &node->fill, 1));
}

static void write_transpose(asx_pen *p, Onnx__NodeProto *n, const asx_node *node)
{
    const size_t rank = p->net->value[node->input[0]].rank;
    size_t perm[1 + ASX_RANK_MAX] = {0};
    for (size_t i = 0; i < rank; i++)
        perm[i + 1] = node->perm[i] + 1;
    asx_pen_ints(p, n, "perm", perm, rank + 1);
}

static void write_scale(asx_pen *p, Onnx__NodeProto *n, const asx_node *node)
{
    asx_onnx_write_norm(p, n, node->weight, node->bias, node->n_biases);
}

static void write_clip(asx_pen *p, Onnx__NodeProto *n, const asx_node *node)
{
    asx_pen_input(
        p, n, asx_pen_floats(p, asx_pen_text(p, "%s/low", n->output[0]), 0, NULL, &node->low, 1));
    asx_pen_input(
        p, n, asx_pen_floats(p, asx_pen_text(p, "%s/high", n->output[0]), 0, NULL, &node->high, 1));
}

static void write_axis(asx_pen *p, Onnx__NodeProto *n, const asx_node *node)
{
    asx_pen_int(p, n, "axis", node->axis + 1);
}

static void write_max_pool(asx_pen *p, Onnx__NodeProto *n, const asx_node *node)
{
    set_window(p, n, &node->window, false);
}

static void write_average_pool(asx_pen *p, Onnx__NodeProto *n, const asx_node *node)
{
    asx_pen_int(p, n, "count_include_pad", node->count_padding);
    set_window(p, n, &node->window, false);
}

static void write_nothing(asx_pen *p, Onnx__NodeProto *n, const asx_node *node)
{
    (void)p;
    (void)n;
    (void)node;
}

const asx_onnx_writer asx_onnx_writers[ASX_N_OPS] = {
    [ASX_OP_CONV] = {write_conv, NULL},
    [ASX_OP_DENSE] = {write_dense, "Gemm"},
    [ASX_OP_SCALE] = {write_scale, "BatchNormalization"},
    [ASX_OP_RELU] = {write_nothing, NULL},
    [ASX_OP_CLIP] = {write_clip, NULL},
    [ASX_OP_QUANTIZE] = {asx_onnx_write_quantize, "QuantizeLinear"},
    [ASX_OP_SIGMOID] = {write_nothing, NULL},
    [ASX_OP_SOFTMAX] = {write_axis, NULL},
    [ASX_OP_LOG_SOFTMAX] = {write_axis, NULL},
    [ASX_OP_ADD] = {write_nothing, NULL},
    [ASX_OP_SUB] = {write_nothing, NULL},
    [ASX_OP_MUL] = {write_nothing, NULL},
    [ASX_OP_DIV] = {write_nothing, NULL},
    [ASX_OP_MAX] = {write_nothing, NULL},
    [ASX_OP_MIN] = {write_nothing, NULL},
    [ASX_OP_MATMUL] = {write_nothing, NULL},
    [ASX_OP_NORMALISE] = {asx_onnx_write_normalise, "LayerNormalization"},
    [ASX_OP_CONSTANT] = {asx_onnx_write_constant, "Identity"},
    [ASX_OP_FUNCTION] = {write_function, NULL},
    [ASX_OP_CONCAT] = {write_axis, NULL},
    [ASX_OP_MAX_POOL] = {write_max_pool, NULL},
    [ASX_OP_AVERAGE_POOL] = {write_average_pool, NULL},
    [ASX_OP_REDUCE_MEAN] = {write_reduce_mean, NULL},
    [ASX_OP_RESHAPE] = {write_reshape, NULL},
    [ASX_OP_TRANSPOSE] = {write_transpose, NULL},
    [ASX_OP_SLICE] = {write_slice, NULL},
    [ASX_OP_PICK] = {asx_onnx_write_pick, "Reshape"},
    [ASX_OP_PAD] = {write_pad, NULL},
};
