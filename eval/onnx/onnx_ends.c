/* Inputs and outputs of the graph: which of them is the image, what is asked of the network. */
#include <stdio.h>
#include <string.h>

#include "dse/memory.h"
#include "onnx_elements.h"
#include "onnx_ops.h"

/* ---- the input ---- */

/* Whether nodes read the name as nothing but weights: an export without parameters
 * (export_params=False in PyTorch) makes inputs of them. */
static bool is_weight(const asx_onnx *in, const char *name)
{
    static const char *const takers[] = {"Conv", "ConvTranspose", "Gemm", "BatchNormalization",
                                         "MatMul"};
    for (size_t i = 0; i < in->graph->n_node; i++) {
        const Onnx__NodeProto *node = in->graph->node[i];
        bool takes = false;
        for (size_t k = 0; node->op_type && k < sizeof takers / sizeof *takers; k++)
            takes = takes || strcmp(node->op_type, takers[k]) == 0;
        for (size_t k = 0; k < node->n_input; k++) {
            if (strcmp(node->input[k], name) == 0 && (k == 0 || !takes))
                return false;
        }
    }
    return true;
}

static const Onnx__TypeProto__Tensor *tensor_type(const Onnx__ValueInfoProto *info)
{
    return info->type && info->type->value_case == ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE
               ? info->type->tensor_type
               : NULL;
}

static bool is_fixed(const Onnx__TensorShapeProto__Dimension *dim)
{
    return dim->value_case == ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE &&
           dim->dim_value > 0;
}

/* Makes a tensor without numbers of an input that is a weight, where its shape is fixed. */
static asx_status take_as_weight(bool *taken, asx_onnx *in, const Onnx__ValueInfoProto *info,
                                 asx_onnx_symbol *symbol, asx_error *err)
{
    const Onnx__TypeProto__Tensor *type = tensor_type(info);
    const Onnx__TensorShapeProto *shape = type ? type->shape : NULL;
    *taken = false;
    for (size_t i = 0; shape && i < shape->n_dim; i++) {
        if (!is_fixed(shape->dim[i]))
            shape = NULL;
    }
    if (!shape || !is_weight(in, info->name))
        return ASX_OK;
    asx_onnx_constant weight = {.rank = 0};
    if (shape->n_dim > ASX_ONNX_RANK_MAX)
        return ASX_OK;
    for (weight.rank = 0; weight.rank < shape->n_dim; weight.rank++)
        weight.dim[weight.rank] = (size_t)shape->dim[weight.rank]->dim_value;
    asx_status status = asx_onnx_unknown(&weight, in, info->name, err);
    if (status == ASX_OK)
        status = asx_onnx_keep_as(in, symbol, &weight, err);
    asx_onnx_constant_fini(&weight);
    *taken = status == ASX_OK;
    return status;
}

static asx_status find_input(const Onnx__ValueInfoProto **input, asx_onnx *in, asx_error *err)
{
    const Onnx__GraphProto *graph = in->graph;
    const Onnx__ValueInfoProto *unread = NULL;
    *input = NULL;
    for (size_t i = 0; i < graph->n_input; i++) {
        const char *name = graph->input[i]->name;
        asx_onnx_symbol *symbol = name && *name ? asx_onnx_find(in, name) : NULL;
        bool taken = false;
        if (!symbol)
            return asx_fail(err, ASX_EPARSE, "%s: an input has no name", in->file);
        if (asx_onnx_is_constant_symbol(symbol))
            continue;
        if (symbol->uses == 0) {
            unread = unread ? unread : graph->input[i];
            continue;
        }
        asx_status status =
            *input ? take_as_weight(&taken, in, graph->input[i], symbol, err) : ASX_OK;
        if (status != ASX_OK)
            return asx_fail_context(err, status, "%s: input '%s'", in->file, name);
        if (*input && !taken && in->price)
            continue; /* shapes, once the image is there */
        if (*input && !taken)
            return asx_fail(err, ASX_EUNSUPPORTED,
                            "%s: several inputs ('%s' and '%s'); a network of one input is read",
                            in->file, (*input)->name, name);
        if (!taken)
            *input = graph->input[i];
    }
    if (!*input)
        *input = unread; /* what is wrong is found at the nodes */
    return *input || in->result
               ? ASX_OK
               : asx_fail(err, ASX_EINVAL, "%s: the network has no input", in->file);
}

/* Whether nothing but recurrent layers of layout 0 reads a name: its batch is the second dimension. */
static bool is_sequence(const asx_onnx *in, const char *name)
{
    static const char *const takers[] = {"LSTM", "GRU", "RNN"};
    bool read = false;
    for (size_t i = 0; i < in->graph->n_node; i++) {
        const Onnx__NodeProto *node = in->graph->node[i];
        const Onnx__AttributeProto *layout = asx_onnx_attribute(node, "layout");
        bool takes = false;
        for (size_t k = 0; node->op_type && k < sizeof takers / sizeof *takers; k++)
            takes = takes || (strcmp(node->op_type, takers[k]) == 0 && !(layout && layout->i == 1));
        for (size_t k = 0; k < node->n_input; k++) {
            if (strcmp(node->input[k], name) != 0)
                continue;
            if (k > 0 || !takes)
                return false;
            read = true;
        }
    }
    return read;
}

asx_status asx_onnx_define_input(asx_onnx *in, asx_error *err)
{
    const Onnx__ValueInfoProto *info = NULL;
    if (!asx_onnx_find(in, in->output))
        return asx_fail(err, ASX_EINVAL, "%s: no node computes the output '%s'", in->file,
                        in->output);
    asx_status status = find_input(&info, in, err);
    if (status != ASX_OK || !info)
        return status;
    const Onnx__TypeProto__Tensor *type = tensor_type(info);
    const Onnx__TensorShapeProto *shape = type ? type->shape : NULL;
    if (!shape || !asx_onnx_type_is_number(type->elem_type))
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "%s: input '%s' is of type %s or has no shape: a tensor of numbers is "
                        "wanted",
                        in->file, info->name, asx_onnx_type_text(type ? type->elem_type : 0));
    if (shape->n_dim < 2 || shape->n_dim > 4)
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "%s: input '%s' has %zu dimensions (2 to 4, the batch first)", in->file,
                        info->name, shape->n_dim);
    asx_value value = {.rank = shape->n_dim - 1};
    const size_t batch = shape->n_dim == 3 && is_sequence(in, info->name) ? 1 : 0;
    in->batch = is_fixed(shape->dim[batch]) ? shape->dim[batch]->dim_value : 0;
    for (size_t i = 0, at = 0; i < shape->n_dim; i++) {
        if (i == batch)
            continue;
        if (!is_fixed(shape->dim[i]))
            return asx_fail(err, ASX_EUNSUPPORTED,
                            "%s: dimension %zu of input '%s' is not fixed: export the network for "
                            "one size",
                            in->file, i, info->name);
        value.dim[at++] = (size_t)shape->dim[i]->dim_value;
    }
    if (value.rank == 3 && asx_onnx_is_turned(in, info->name)) {
        const size_t channels = value.dim[2];
        memmove(value.dim + 1, value.dim, 2 * sizeof *value.dim);
        value.dim[0] = channels;
        in->channels_last = true;
    }
    value.non_negative = type->elem_type == ONNX__TENSOR_PROTO__DATA_TYPE__UINT8;
    status = asx_onnx_define(&in->net->input, in, info->name, &value, SIZE_MAX, err);
    if (status == ASX_OK)
        asx_onnx_find(in, info->name)->batch_axis = batch;
    for (size_t i = 0; in->price && status == ASX_OK && i < in->graph->n_input; i++) {
        const asx_onnx_symbol *symbol = asx_onnx_find(in, in->graph->input[i]->name);
        if (symbol->uses > 0 && !symbol->computed && !asx_onnx_is_constant_symbol(symbol))
            status = asx_onnx_skip_input(in, in->graph->input[i], err);
    }
    return status == ASX_OK ? ASX_OK
                            : asx_fail_context(err, status, "%s: input '%s'", in->file, info->name);
}

/* ---- the output ---- */

asx_status asx_onnx_choose_output(asx_onnx *in, const char *wanted, asx_error *err)
{
    const Onnx__GraphProto *graph = in->graph;
    asx_network *net = in->net;
    char names[256];
    size_t n = 0;
    names[0] = '\0';
    for (size_t i = 0; i < graph->n_output; i++) {
        const char *name = graph->output[i]->name ? graph->output[i]->name : "";
        if (!in->output && *name && (!wanted || strcmp(name, wanted) == 0))
            in->output = name;
        const int written = n < sizeof names ? snprintf(names + n, sizeof names - n, "%s'%s'",
                                                        i > 0 ? ", " : "", name)
                                             : 0;
        n += written > 0 ? (size_t)written : 0;
    }
    if (graph->n_output == 0)
        return asx_fail(err, ASX_EINVAL, "%s: the network has no output", in->file);
    if (!in->output && !wanted)
        return asx_fail(err, ASX_EPARSE, "%s: its output has no name", in->file);
    if (!in->output)
        return asx_fail(err, ASX_ENOTFOUND, "%s: output '%s' is not one of %s", in->file,
                        wanted ? wanted : "", names);
    net->n_outputs = graph->n_output;
    net->output_name = asx_string_copy(in->output);
    return net->output_name
               ? ASX_OK
               : asx_fail(err, ASX_ENOMEM, "no memory for an output of '%s'", in->file);
}

/* The node that computes a value; NULL for the input. */
static const asx_node *producer_of(const asx_onnx *in, size_t value)
{
    const size_t node = in->use[value].producer;
    return node == SIZE_MAX ? NULL : &in->net->node[node];
}

/* A network for two classes may end in one number: class 1 if it is above 0, or above 1/2 where a
 * sigmoid made it, which is the same without the sigmoid. A zero in front makes it one of two. */
static asx_status append_class_zero(asx_onnx *in, asx_error *err)
{
    asx_network *net = in->net;
    asx_node pad = {.op = ASX_OP_PAD, .layer = ASX_NO_LAYER, .before = {1}};
    asx_value y = {.rank = 1, .dim = {2}};
    size_t value = net->output;
    const asx_node *node = producer_of(in, value);
    for (; node && node->op == ASX_OP_RESHAPE; node = producer_of(in, value))
        value = node->input[0];
    net->sigmoid_cut = node && node->op == ASX_OP_SIGMOID;
    if (net->sigmoid_cut)
        value = node->input[0];
    if (net->value[value].rank > 1) {
        asx_node flat = {.op = ASX_OP_RESHAPE, .layer = ASX_NO_LAYER};
        asx_value one = {.rank = 1, .dim = {1}};
        asx_status status = asx_onnx_insert(&value, in, &flat, value, &one, 1, err);
        if (status != ASX_OK)
            return status;
    }
    net->one_logit = true;
    return asx_onnx_insert(&net->output, in, &pad, value, &y, 1, err);
}

/* No layer at all, or none but in what is left out. */
static asx_status no_layer(const asx_onnx *in, asx_error *err)
{
    asx_text text = {0};
    size_t n;
    const asx_skipped *s = asx_network_skipped(in->net, &n);
    if (n == 0)
        return asx_fail(err, ASX_EINVAL, "%s: the network has no layer with weights", in->file);
    asx_network_print_skipped(&text, in->net);
    const asx_status status = asx_fail(
        err, ASX_EINVAL, "%s: no layer with weights is left without %s; '%s' cannot be run: %s",
        in->file, text.s ? text.s : "", s->node, s->why);
    asx_text_fini(&text);
    return status;
}

asx_status asx_onnx_finish(asx_onnx *in, asx_error *err)
{
    asx_network *net = in->net;
    const asx_onnx_symbol *symbol = asx_onnx_find(in, in->output);
    if (symbol && symbol->skipped) {
        const asx_status ended = asx_onnx_end_loose(in, err);
        if (ended != ASX_OK)
            return asx_fail_context(err, ended, "%s", in->file);
    }
    if (!symbol || !symbol->computed)
        return asx_fail(err, ASX_EINVAL, "%s: no node computes the output '%s' from the input",
                        in->file, in->output);
    Onnx__NodeProto end = ONNX__NODE_PROTO__INIT; /* a reader of the output, as the file has it */
    char *name = net->output_name;
    end.n_input = 1;
    end.input = &name;
    asx_status status = asx_onnx_value_of_batch(&net->output, in, &end, 0, symbol->batch_axis, err);
    if (status != ASX_OK)
        return asx_fail_context(err, status, "%s", in->file);
    if (symbol->step > 0 && (status = asx_onnx_end_quantised(in, symbol, err)) != ASX_OK)
        return asx_fail_context(err, status, "%s", in->file);
    if (net->work.n_layers == 0 && !in->result)
        return no_layer(in, err);
    const asx_value *x = &net->value[net->input];
    const bool line = x->rank == 2 && asx_onnx_find(in, x->name)->other != ASX_ONNX_NO_VALUE;
    net->input_shape[0] = x->dim[0];
    net->input_shape[1] = line ? 1 : x->dim[1];
    net->input_shape[2] = line ? x->dim[1] : x->dim[2];
    if (asx_value_n_elements(&net->value[net->output]) == 1 && !in->result && net->n_skipped == 0)
        status = append_class_zero(in, err);
    if (status == ASX_OK)
        status = asx_onnx_prune(net, err);
    return status == ASX_OK ? ASX_OK : asx_fail_context(err, status, "%s", in->file);
}
