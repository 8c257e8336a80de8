/* Writes a network as ONNX, operator set 13, or what newer functions want. What was folded stays folded; names of layers survive
 * in the names of their weights. */
#include "onnx_write.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "dse/output.h"
#include "eval/network.h"
#include "onnx_writers.h"

enum { IR_VERSION = 8 };

static char *value_name(asx_pen *p, size_t v)
{
    if (v == p->net->input)
        return asx_pen_text(p, "input");
    return v == p->net->output ? asx_pen_text(p, "output") : asx_pen_text(p, "v%zu", v);
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
        asx_onnx_write_norm(p, n, NULL, NULL, node->n_biases);
}

static void write_node(asx_pen *p, const asx_node *node)
{
    const asx_onnx_writer *writer = &asx_onnx_writers[node->op];
    const char *op_type = writer->op_type ? writer->op_type : asx_op_text(node->op);
    Onnx__NodeProto *n = asx_pen_node(p, op_type, asx_pen_text(p, "%s", node->name));
    char *last = value_name(p, node->output);
    char *output = node->normalised && last ? asx_pen_text(p, "%s/layer", last) : last;
    for (size_t i = 0; i < node->n_inputs; i++)
        asx_pen_input(p, n, value_name(p, node->input[i]));
    asx_pen_output(p, n, output);
    if (!p->failed)
        writer->write(p, n, node);
    if (node->normalised)
        write_norm(p, node, output, last);
}

/* Learned ends of layers' inputs, which ONNX has no place for. */
static void write_clips(asx_pen *p)
{
    for (size_t i = 0; i < p->net->n_nodes; i++) {
        const asx_node *node = &p->net->node[i];
        if (node->layer != ASX_NO_LAYER && node->clip > 0)
            asx_pen_note(p, asx_pen_text(p, ASX_ONNX_CLIP "%s", asx_pen_part_name(p, node)),
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

static bool has_qonnx(const asx_pen *p)
{
    for (size_t i = 0; i < p->n_nodes; i++)
        if (p->node[i]->domain && strcmp(p->node[i]->domain, ASX_ONNX_QONNX) == 0)
            return true;
    return false;
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
    Onnx__OperatorSetIdProto set = ONNX__OPERATOR_SET_ID_PROTO__INIT, qonnx = set,
                             *sets[] = {&set, &qonnx};
    qonnx.domain = (char[]){ASX_ONNX_QONNX};
    qonnx.has_version = 1;
    qonnx.version = 1;
    set.domain = domain;
    set.has_version = 1;
    set.version = asx_onnx_written_opset(p);
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
    model.n_opset_import = has_qonnx(p) ? 2 : 1;
    model.opset_import = sets;
    model.graph = &graph;
    *n = onnx__model_proto__get_packed_size(&model);
    void *bytes = asx_array_new(*n, 1);
    if (bytes)
        onnx__model_proto__pack(&model, bytes);
    return bytes;
}

asx_status asx_onnx_write_as(void **out, size_t *n, const asx_network *network,
                             const asx_onnx_style *style, asx_error *err)
{
    asx_pen p = {.net = network, .qonnx = style->qonnx};
    if (network->n_skipped > 0)
        return asx_network_check_weights(network, err);
    if (asx_network_has_steps(network))
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "network '%s' has recurrent layers, which are not written", network->name);
    for (size_t i = 0; i < style->n_notes; i++)
        asx_pen_note(&p, asx_pen_text(&p, "%s", style->note[i].key),
                     asx_pen_text(&p, "%s", style->note[i].value));
    for (size_t i = 0; i < network->n_nodes && !p.failed; i++)
        write_node(&p, &network->node[i]);
    write_clips(&p);
    size_t size = 0;
    void *bytes = pack(&p, &size);
    asx_pen_fini(&p);
    if (!bytes)
        return asx_fail(err, ASX_ENOMEM, "no memory for a network as ONNX");
    *out = bytes;
    *n = size;
    return ASX_OK;
}

asx_status asx_onnx_write(void **out, size_t *n, const asx_network *network, asx_error *err)
{
    return asx_onnx_write_as(out, n, network, &(asx_onnx_style){0}, err);
}

asx_status asx_network_print(asx_text *out, const asx_network *network, asx_error *err)
{
    void *bytes = NULL;
    size_t n = 0;
    const asx_status status = asx_onnx_write(&bytes, &n, network, err);
    if (status == ASX_OK)
        asx_text_add_bytes(out, bytes, n);
    free(bytes);
    return status == ASX_OK && out->failed
               ? asx_fail(err, ASX_ENOMEM, "no memory for a network's file")
               : status;
}

asx_status asx_network_save(const asx_network *network, const char *path, asx_error *err)
{
    void *bytes = NULL;
    size_t n = 0;
    asx_status status = asx_onnx_write(&bytes, &n, network, err);
    if (status != ASX_OK)
        return status;
    status = asx_output_write(path, bytes, n, NULL, err);
    free(bytes);
    return status;
}
