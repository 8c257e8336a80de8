/* Writes a network as ONNX, operator set 13. What was folded stays folded; names of layers survive
 * in the names of their weights. */
#include "onnx_write.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "eval/train.h"
#include "onnx_pen.h"

enum { OPSET = 13, IR_VERSION = 8 };

static char *value_name(asx_pen *p, size_t v)
{
    if (v == p->net->input)
        return asx_pen_text(p, "input");
    return v == p->net->output ? asx_pen_text(p, "output") : asx_pen_text(p, "v%zu", v);
}

static const char *part_name(const asx_pen *p, const asx_node *node)
{
    return node->layer == ASX_NO_LAYER ? node->name : p->net->work.layer[node->layer].name;
}

static char *biases(asx_pen *p, const asx_node *node, const char *what)
{
    return asx_pen_floats(p, asx_pen_text(p, "%s.%s", part_name(p, node), what), 1,
                          &(int64_t){(int64_t)node->n_biases}, node->bias, node->n_biases);
}

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
                  asx_pen_floats(p, asx_pen_text(p, "%s.weight", part_name(p, node)), 4, dim,
                                 node->weight, node->n_weights));
    asx_pen_input(p, n, biases(p, node, "bias"));
    set_window(p, n, w, true);
    asx_pen_int(p, n, "group", node->groups);
}

/* Gemm takes vectors; rows of a matrix go through MatMul, whose weight is turned, and Add. */
static void write_dense(asx_pen *p, Onnx__NodeProto *n, const asx_node *node, char *output)
{
    const size_t out = node->n_biases, in = node->n_weights / out;
    char *name = asx_pen_text(p, "%s.weight", part_name(p, node));
    if (strcmp(n->op_type, "Gemm") == 0) {
        const int64_t dim[] = {(int64_t)out, (int64_t)in};
        asx_pen_input(p, n, asx_pen_floats(p, name, 2, dim, node->weight, node->n_weights));
        asx_pen_input(p, n, biases(p, node, "bias"));
        asx_pen_int(p, n, "transB", 1);
        asx_pen_output(p, n, output);
        return;
    }
    const int64_t dim[] = {(int64_t)in, (int64_t)out};
    float *turned = asx_pen_keep(p, node->n_weights, sizeof *turned);
    for (size_t i = 0; turned && i < node->n_weights; i++)
        turned[i % in * out + i / in] = node->weight[i];
    if (turned)
        asx_pen_input(p, n, asx_pen_floats(p, name, 2, dim, turned, node->n_weights));
    char *between = asx_pen_text(p, "%s/product", output);
    asx_pen_output(p, n, between);
    Onnx__NodeProto *add = asx_pen_node(p, "Add", asx_pen_text(p, "%s/bias", node->name));
    asx_pen_input(p, add, between);
    asx_pen_input(p, add, biases(p, node, "bias"));
    asx_pen_output(p, add, output);
}

/* A BatchNormalization whose mean is 0, variance 1 and epsilon 0 is y = weight x + bias; NULL for
 * ones and zeros. */
static void write_scale(asx_pen *p, Onnx__NodeProto *n, const float *weight, const float *bias,
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
    asx_pen_ints(p, n, "axes", axis, count);
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

static void write_slice(asx_pen *p, Onnx__NodeProto *n, const asx_node *node)
{
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

static asx_status write_details(asx_pen *p, Onnx__NodeProto *n, const asx_node *node,
                                asx_error *err)
{
    switch (node->op) {
    case ASX_OP_CONV:
        write_conv(p, n, node);
        break;
    case ASX_OP_SCALE:
        write_scale(p, n, node->weight, node->bias, node->n_biases);
        break;
    case ASX_OP_CLIP:
        asx_pen_input(
            p, n,
            asx_pen_floats(p, asx_pen_text(p, "%s/low", n->output[0]), 0, NULL, &node->low, 1));
        asx_pen_input(
            p, n,
            asx_pen_floats(p, asx_pen_text(p, "%s/high", n->output[0]), 0, NULL, &node->high, 1));
        break;
    case ASX_OP_SOFTMAX:
    case ASX_OP_CONCAT:
        asx_pen_int(p, n, "axis", node->axis + 1);
        break;
    case ASX_OP_AVERAGE_POOL:
        asx_pen_int(p, n, "count_include_pad", node->count_padding);
        set_window(p, n, &node->window, false);
        break;
    case ASX_OP_MAX_POOL:
        set_window(p, n, &node->window, false);
        break;
    case ASX_OP_REDUCE_MEAN:
        write_reduce_mean(p, n, node);
        break;
    case ASX_OP_RESHAPE:
        write_reshape(p, n, node);
        break;
    case ASX_OP_TRANSPOSE:
        write_transpose(p, n, node);
        break;
    case ASX_OP_SLICE:
        write_slice(p, n, node);
        break;
    case ASX_OP_PAD:
        write_pad(p, n, node);
        break;
    case ASX_OP_RELU:
    case ASX_OP_SIGMOID:
    case ASX_OP_ADD:
        break;
    default:
        return asx_fail(err, ASX_EUNSUPPORTED, "node '%s': %s cannot be written", node->name,
                        asx_op_text(node->op));
    }
    return ASX_OK;
}

/* The normalisation of a layer is folded into its weights; one that changes nothing is written for
 * it, so that it is not forgotten. */
static void write_norm(asx_pen *p, const asx_node *node, char *input, char *output)
{
    Onnx__NodeProto *n =
        asx_pen_node(p, "BatchNormalization", asx_pen_text(p, "%s/norm", node->name));
    asx_pen_input(p, n, input);
    asx_pen_output(p, n, output);
    if (!p->failed)
        write_scale(p, n, NULL, NULL, node->n_biases);
}

static asx_status write_node(asx_pen *p, const asx_node *node, asx_error *err)
{
    const bool dense = node->op == ASX_OP_DENSE;
    const bool vector = p->net->value[node->input[0]].rank == 1;
    const char *op = dense                      ? (vector ? "Gemm" : "MatMul")
                     : node->op == ASX_OP_SCALE ? "BatchNormalization"
                                                : asx_op_text(node->op);
    Onnx__NodeProto *n = asx_pen_node(p, op, asx_pen_text(p, "%s", node->name));
    char *last = value_name(p, node->output);
    char *output = node->normalised ? asx_pen_text(p, "%s/layer", last) : last;
    asx_status status = ASX_OK;
    for (size_t i = 0; i < node->n_inputs; i++)
        asx_pen_input(p, n, value_name(p, node->input[i]));
    if (p->failed)
        return ASX_OK; /* reported at the end */
    if (dense) {
        write_dense(p, n, node, output);
    } else {
        asx_pen_output(p, n, output);
        status = write_details(p, n, node, err);
    }
    if (node->normalised && !status)
        write_norm(p, node, output, last);
    return status;
}

/* Learned ends of layers' inputs, which ONNX has no place for. */
static void write_clips(asx_pen *p)
{
    for (size_t i = 0; i < p->net->n_nodes; i++) {
        const asx_node *node = &p->net->node[i];
        if (node->layer != ASX_NO_LAYER && node->clip > 0)
            asx_pen_note(p, asx_pen_text(p, ASX_ONNX_CLIP "%s", part_name(p, node)),
                         asx_pen_text(p, "%.9g", (double)node->clip));
    }
}

static Onnx__ValueInfoProto *value_info(asx_pen *p, size_t v)
{
    const asx_value *value = &p->net->value[v];
    Onnx__ValueInfoProto *info = asx_pen_keep(p, 1, sizeof *info);
    Onnx__TypeProto *type = asx_pen_keep(p, 1, sizeof *type);
    Onnx__TypeProto__Tensor *of = asx_pen_keep(p, 1, sizeof *of);
    Onnx__TensorShapeProto *shape = asx_pen_keep(p, 1, sizeof *shape);
    Onnx__TensorShapeProto__Dimension **dim =
        asx_pen_keep(p, value->rank + 1, sizeof(Onnx__TensorShapeProto__Dimension *));
    char *name = value_name(p, v), *batch = asx_pen_text(p, "N");
    if (p->failed)
        return NULL;
    onnx__value_info_proto__init(info);
    onnx__type_proto__init(type);
    onnx__type_proto__tensor__init(of);
    onnx__tensor_shape_proto__init(shape);
    for (size_t i = 0; i <= value->rank; i++) {
        if (!(dim[i] = asx_pen_keep(p, 1, sizeof *dim[i])))
            return NULL;
        onnx__tensor_shape_proto__dimension__init(dim[i]);
        if (i == 0) {
            dim[i]->value_case = ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_PARAM;
            dim[i]->dim_param = batch;
        } else {
            dim[i]->value_case = ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE;
            dim[i]->dim_value = (int64_t)value->dim[i - 1];
        }
    }
    shape->n_dim = value->rank + 1;
    shape->dim = dim;
    of->has_elem_type = 1;
    of->elem_type = ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT;
    of->shape = shape;
    type->value_case = ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE;
    type->tensor_type = of;
    info->name = name;
    info->type = type;
    return info;
}

/* Packs the finished parts into bytes. */
static void *pack(asx_pen *p, size_t *n)
{
    char producer[] = "asx", domain[] = "";
    Onnx__ValueInfoProto *input = value_info(p, p->net->input);
    Onnx__ValueInfoProto *output = value_info(p, p->net->output);
    const char *folder = strrchr(p->net->name, '/'); /* whose folders are nobody's business */
    char *name = asx_pen_text(p, "%s", folder ? folder + 1 : p->net->name);
    if (p->failed)
        return NULL;
    Onnx__OperatorSetIdProto set = ONNX__OPERATOR_SET_ID_PROTO__INIT, *sets[] = {&set};
    set.domain = domain;
    set.has_version = 1;
    set.version = OPSET;
    Onnx__GraphProto graph = ONNX__GRAPH_PROTO__INIT;
    graph.name = name;
    graph.n_node = p->n_nodes;
    graph.node = p->node;
    graph.n_initializer = p->n_tensors;
    graph.initializer = p->tensor;
    graph.n_input = graph.n_output = 1;
    graph.input = &input;
    graph.output = &output;
    Onnx__ModelProto model = ONNX__MODEL_PROTO__INIT;
    model.n_metadata_props = p->n_notes;
    model.metadata_props = p->note;
    model.has_ir_version = 1;
    model.ir_version = IR_VERSION;
    model.producer_name = producer;
    model.n_opset_import = 1;
    model.opset_import = sets;
    model.graph = &graph;
    *n = onnx__model_proto__get_packed_size(&model);
    void *bytes = asx_array_new(*n, 1);
    if (bytes)
        onnx__model_proto__pack(&model, bytes);
    return bytes;
}

asx_status asx_onnx_write(void **out, size_t *n, const asx_network *network, asx_error *err)
{
    asx_pen p = {.net = network};
    asx_status status = ASX_OK;
    for (size_t i = 0; i < network->n_nodes && !status; i++)
        status = write_node(&p, &network->node[i], err);
    write_clips(&p);
    size_t size = 0;
    void *bytes = status ? NULL : pack(&p, &size);
    if (!status && !bytes)
        status = asx_fail(err, ASX_ENOMEM, "network as ONNX: out of memory");
    if (!status) {
        *out = bytes;
        *n = size;
    }
    asx_pen_fini(&p);
    return status;
}

asx_status asx_network_save(const asx_network *network, const char *path, asx_error *err)
{
    void *bytes = NULL;
    size_t n = 0;
    asx_status status = asx_onnx_write(&bytes, &n, network, err);
    if (status)
        return status;
    FILE *f = fopen(path, "wb");
    bool good = f && fwrite(bytes, 1, n, f) == n;
    if (f && fclose(f) != 0)
        good = false;
    if (!good)
        status = asx_fail(err, ASX_EIO, "%s: cannot write: %s", path, strerror(errno));
    free(bytes);
    return status;
}
