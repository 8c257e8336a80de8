/* The ONNX importer: from the bytes of a file to a network, node by node. */
#include <stdlib.h>
#include <string.h>

#include "dse/file.h"
#include "dse/memory.h"
#include "dse/number.h"
#include "onnx_ops.h"
#include "onnx_write.h"

asx_status asx_onnx_emit(asx_onnx *in, const Onnx__NodeProto *node, asx_node *made,
                         const size_t *input, size_t n_inputs, asx_value *shape, asx_error *err)
{
    if (node->n_output == 0 || !*node->output[0])
        return asx_fail(err, ASX_EPARSE, "it has no output");
    made->name = asx_string_copy(node->name && *node->name ? node->name : node->output[0]);
    made->input = asx_array_copy(input, n_inputs, sizeof *input);
    made->n_inputs = n_inputs;
    asx_status status = ASX_OK;
    if (!made->name || !made->input)
        status = asx_fail(err, ASX_ENOMEM, "no memory for a node");
    if (status == ASX_OK)
        status = asx_onnx_define(&made->output, in, node->output[0], shape, in->net->n_nodes, err);
    if (status == ASX_OK)
        status = asx_network_add_node(in->net, made, err);
    if (status != ASX_OK)
        asx_node_fini(made);
    return status;
}

asx_status asx_onnx_emit_unary(asx_onnx *in, const Onnx__NodeProto *node, asx_node *made,
                               size_t input, asx_value *shape, asx_error *err)
{
    return asx_onnx_emit(in, node, made, &input, 1, shape, err);
}

/* The version of the operators; other domains may be declared, their operators are refused. */
static asx_status read_opset(asx_onnx *in, const Onnx__ModelProto *model, asx_error *err)
{
    in->opset = 0;
    for (size_t i = 0; i < model->n_opset_import; i++) {
        const Onnx__OperatorSetIdProto *set = model->opset_import[i];
        if (!set->domain || !*set->domain || strcmp(set->domain, "ai.onnx") == 0)
            in->opset = set->version;
    }
    if (in->opset == 0)
        return asx_fail(err, ASX_EPARSE, "%s: it names no operator set", in->file);
    if (in->opset < ASX_ONNX_OPSET_MIN || in->opset > ASX_ONNX_OPSET_MAX)
        return asx_fail(err, ASX_EUNSUPPORTED, "%s: operator set %lld (known: %d to %d)", in->file,
                        (long long)in->opset, ASX_ONNX_OPSET_MIN, ASX_ONNX_OPSET_MAX);
    return ASX_OK;
}

/* The one input that is not a constant, the one output. */
static asx_status find_ends(const Onnx__ValueInfoProto **input, const char **output,
                            const asx_onnx *in, asx_error *err)
{
    const Onnx__GraphProto *graph = in->graph;
    *input = NULL;
    for (size_t i = 0; i < graph->n_input; i++) {
        const char *name = graph->input[i]->name;
        const asx_onnx_symbol *symbol = name && *name ? asx_onnx_find(in, name) : NULL;
        if (!symbol)
            return asx_fail(err, ASX_EPARSE, "%s: an input has no name", in->file);
        if (asx_onnx_is_constant_symbol(symbol))
            continue;
        if (*input)
            return asx_fail(err, ASX_EUNSUPPORTED, "%s: several inputs ('%s' and '%s')", in->file,
                            (*input)->name, name);
        *input = graph->input[i];
    }
    if (!*input)
        return asx_fail(err, ASX_EINVAL, "%s: the network has no input", in->file);
    if (graph->n_output != 1)
        return asx_fail(err, ASX_EUNSUPPORTED, "%s: the network has %zu outputs, not 1", in->file,
                        graph->n_output);
    if (!graph->output[0]->name || !asx_onnx_find(in, graph->output[0]->name))
        return asx_fail(err, ASX_EINVAL, "%s: no node computes the output '%s'", in->file,
                        graph->output[0]->name ? graph->output[0]->name : "");
    *output = graph->output[0]->name;
    return ASX_OK;
}

static asx_status define_input(asx_onnx *in, const Onnx__ValueInfoProto *info, asx_error *err)
{
    const Onnx__TypeProto__Tensor *type =
        info->type && info->type->value_case == ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE
            ? info->type->tensor_type
            : NULL;
    const Onnx__TensorShapeProto *shape = type ? type->shape : NULL;
    if (!shape || type->elem_type != ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT)
        return asx_fail(err, ASX_EUNSUPPORTED, "%s: input '%s' is not a float tensor with a shape",
                        in->file, info->name);
    if (shape->n_dim < 2 || shape->n_dim > 4)
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "%s: input '%s' has %zu dimensions (2 to 4, the batch first)", in->file,
                        info->name, shape->n_dim);
    asx_value value = {.rank = shape->n_dim - 1};
    for (size_t i = 0; i < shape->n_dim; i++) {
        const Onnx__TensorShapeProto__Dimension *dim = shape->dim[i];
        const bool fixed = dim->value_case == ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE;
        if (i == 0)
            in->batch = fixed && dim->dim_value > 0 ? dim->dim_value : 0;
        else if (!fixed || dim->dim_value <= 0)
            return asx_fail(err, ASX_EUNSUPPORTED, "%s: dimension %zu of input '%s' is not fixed",
                            in->file, i, info->name);
        else
            value.dim[i - 1] = (size_t)dim->dim_value;
    }
    if (value.rank == 3 && asx_onnx_is_turned(in, info->name)) {
        const size_t channels = value.dim[2];
        memmove(value.dim + 1, value.dim, 2 * sizeof *value.dim);
        value.dim[0] = channels;
        in->channels_last = true;
    }
    asx_status status = asx_onnx_define(&in->net->input, in, info->name, &value, SIZE_MAX, err);
    return status == ASX_OK ? ASX_OK
                            : asx_fail_context(err, status, "%s: input '%s'", in->file, info->name);
}

/* Whether `word` is one of the blank-separated `words`. */
static bool is_listed(const char *words, const char *word)
{
    const size_t n = strlen(word);
    for (const char *at = words; n > 0 && (at = strstr(at, word)); at += n) {
        if ((at == words || at[-1] == ' ') && (at[n] == ' ' || at[n] == '\0'))
            return true;
    }
    return false;
}

static asx_status import_node(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    const asx_onnx_op *op = node->op_type ? asx_onnx_op_find(node->op_type) : NULL;
    const bool standard = !node->domain || !*node->domain || strcmp(node->domain, "ai.onnx") == 0;
    if (!standard)
        return asx_fail(err, ASX_EUNSUPPORTED, "operators of '%s' are not known", node->domain);
    if (!op)
        return asx_fail(err, ASX_EUNSUPPORTED, "this operator is not known");
    if (node->n_input < op->min_inputs || node->n_input > op->max_inputs)
        return asx_fail(err, ASX_EINVAL, "it has %zu inputs (%zu to %zu)", node->n_input,
                        op->min_inputs, op->max_inputs);
    for (size_t i = 0; i < node->n_attribute; i++) {
        const char *name = node->attribute[i]->name;
        if (!name || !is_listed(op->attributes, name))
            return asx_fail(err, ASX_EUNSUPPORTED, "attribute '%s' is not known", name ? name : "");
    }
    if (op->evaluate && asx_onnx_all_constant(in, node))
        return asx_onnx_evaluate(in, node, op->evaluate, err);
    if (!op->import)
        return asx_fail(err, ASX_EUNSUPPORTED, "it is only known for constants");
    return op->import(in, node, err);
}

static asx_status import_nodes(asx_onnx *in, asx_error *err)
{
    for (size_t i = 0; i < in->graph->n_node; i++) {
        const Onnx__NodeProto *node = in->graph->node[i];
        if (!asx_onnx_is_live(in, node))
            continue; /* left over: not imported */
        asx_status status = import_node(in, node, err);
        if (status != ASX_OK)
            return asx_fail_context(err, status, "%s: node '%s' (%s)", in->file,
                                    node->name && *node->name ? node->name : node->output[0],
                                    node->op_type ? node->op_type : "");
    }
    return ASX_OK;
}

static asx_status finish(asx_onnx *in, const char *output, asx_error *err)
{
    asx_network *net = in->net;
    char text[96];
    const asx_onnx_symbol *symbol = asx_onnx_find(in, output);
    if (!symbol->computed)
        return asx_fail(err, ASX_EINVAL, "%s: no node computes the output '%s'", in->file, output);
    net->output = symbol->value;
    if (net->work.n_layers == 0)
        return asx_fail(err, ASX_EINVAL, "%s: the network has no layer with weights", in->file);
    const asx_value *y = &net->value[net->output], *x = &net->value[net->input];
    if (y->dim[0] < 2 || asx_value_n_elements(y) != y->dim[0])
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "%s: output '%s' is %s per image, not one number for each of 2 or more "
                        "classes",
                        in->file, output, asx_onnx_shape_text(text, sizeof text, y->rank, y->dim));
    memcpy(net->input_shape, x->dim, sizeof net->input_shape);
    return ASX_OK;
}

/* Notes of our own are read, others are not ours to judge. */
static asx_status read_clips(asx_onnx *in, const Onnx__ModelProto *model, asx_error *err)
{
    for (size_t i = 0; i < model->n_metadata_props; i++) {
        const char *key = model->metadata_props[i]->key, *text = model->metadata_props[i]->value;
        const size_t prefix = strlen(ASX_ONNX_CLIP);
        asx_node *node = NULL;
        double clip;
        if (!key || strncmp(key, ASX_ONNX_CLIP, prefix) != 0)
            continue;
        for (size_t j = 0; j < in->net->n_nodes; j++) {
            const int layer = in->net->node[j].layer;
            if (layer != ASX_NO_LAYER && strcmp(in->net->work.layer[layer].name, key + prefix) == 0)
                node = &in->net->node[j];
        }
        if (!node)
            return asx_fail(err, ASX_EINVAL, "%s: '%s': there is no such layer", in->file, key);
        const asx_status status = asx_number_parse(&clip, text ? text : "", 1e-30, 1e30, key, err);
        if (status)
            return asx_fail_context(err, status, "%s", in->file);
        node->clip = (float)clip;
    }
    return ASX_OK;
}

static asx_status import_graph(asx_onnx *in, const Onnx__ModelProto *model, asx_error *err)
{
    const Onnx__ValueInfoProto *input = NULL;
    const char *output = NULL;
    asx_status status = read_opset(in, model, err);
    if (status == ASX_OK)
        status = asx_onnx_symbols_init(in, err);
    if (status == ASX_OK)
        status = find_ends(&input, &output, in, err);
    if (status == ASX_OK)
        status = define_input(in, input, err);
    if (status == ASX_OK)
        status = import_nodes(in, err);
    if (status == ASX_OK)
        status = finish(in, output, err);
    if (status == ASX_OK)
        status = read_clips(in, model, err);
    return status;
}

static asx_status unpack(Onnx__ModelProto **out, const char *name, const void *bytes, size_t n,
                         asx_error *err)
{
    Onnx__ModelProto *model = NULL;
    if (n > 0 && n <= ASX_ONNX_FILE_MAX && asx_onnx_scan(&onnx__model_proto__descriptor, bytes, n))
        model = onnx__model_proto__unpack(NULL, n, bytes);
    if (!model || !model->graph) {
        const bool empty = model != NULL;
        onnx__model_proto__free_unpacked(model, NULL);
        return asx_fail(err, ASX_EPARSE, "%s: %s", name,
                        empty ? "it holds no network" : "it is not an ONNX file, or damaged");
    }
    *out = model;
    return ASX_OK;
}

asx_status asx_network_parse(asx_network **out, const char *name, const void *bytes, size_t n,
                             asx_error *err)
{
    Onnx__ModelProto *model = NULL;
    asx_status status = unpack(&model, name, bytes, n, err);
    if (status != ASX_OK)
        return status;
    asx_onnx in = {.file = name,
                   .graph = model->graph,
                   .net = asx_array_new(1, sizeof *in.net),
                   /* every weight of the file sixteen times, and small files in any case */
                   .budget = 4 * n + ((size_t)1 << 22)};
    if (!in.net || !(in.net->name = asx_string_copy(name)))
        status = asx_fail(err, ASX_ENOMEM, "%s: no memory for the network", name);
    if (status == ASX_OK)
        status = asx_workload_init(&in.net->work, name, err);
    if (status == ASX_OK)
        status = import_graph(&in, model, err);
    if (status == ASX_OK) {
        in.net->hash = asx_hash(bytes, n, 0);
        *out = in.net;
        in.net = NULL;
    }
    asx_network_free(in.net);
    for (size_t i = 0; i < in.n_constants; i++) {
        asx_onnx_constant_fini(in.constant[i]);
        free(in.constant[i]);
    }
    free(in.constant);
    free(in.use);
    free(in.symbols.slot);
    onnx__model_proto__free_unpacked(model, NULL);
    return status;
}

asx_status asx_network_load(asx_network **out, const char *path, asx_error *err)
{
    char *bytes = NULL;
    size_t n;
    asx_status status = asx_file_read(&bytes, &n, path, ASX_ONNX_FILE_MAX, err);
    if (status == ASX_OK)
        status = asx_network_parse(out, path, bytes, n, err);
    free(bytes);
    return status;
}
