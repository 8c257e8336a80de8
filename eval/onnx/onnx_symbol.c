/* Names of the ONNX graph: which are constants, which are values of the network, who uses them. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dse/file.h"
#include "dse/memory.h"
#include "onnx_ops.h"

/* The slot of a name, or the free one where it belongs. */
static asx_onnx_symbol *locate(const asx_onnx_symbols *symbols, const char *name)
{
    size_t i = (size_t)asx_hash(name, strlen(name), 0) & symbols->mask;
    while (symbols->slot[i].name && strcmp(symbols->slot[i].name, name) != 0)
        i = (i + 1) & symbols->mask;
    return &symbols->slot[i];
}

asx_onnx_symbol *asx_onnx_find(const asx_onnx *in, const char *name)
{
    asx_onnx_symbol *symbol = locate(&in->symbols, name);
    return symbol->name ? symbol : NULL;
}

static asx_status declare_constant(asx_onnx *in, const Onnx__TensorProto *tensor, asx_error *err)
{
    if (!tensor->name || !*tensor->name)
        return asx_fail(err, ASX_EPARSE, "%s: an initializer has no name", in->file);
    asx_onnx_symbol *symbol = locate(&in->symbols, tensor->name);
    if (symbol->name)
        return asx_fail(err, ASX_EPARSE, "%s: '%s' is defined twice", in->file, tensor->name);
    *symbol = (asx_onnx_symbol){.name = tensor->name, .tensor = tensor};
    return ASX_OK;
}

static asx_status declare_output(asx_onnx *in, const char *name, asx_error *err)
{
    asx_onnx_symbol *symbol = locate(&in->symbols, name);
    if (symbol->name)
        return asx_fail(err, ASX_EPARSE, "%s: '%s' is defined twice", in->file, name);
    *symbol = (asx_onnx_symbol){.name = name};
    return ASX_OK;
}

/* Its numbers are read later, by asx_onnx_read_sparse. */
static asx_status declare_sparse(asx_onnx *in, const Onnx__SparseTensorProto *sparse,
                                 asx_error *err)
{
    if (!sparse->values || !sparse->values->name || !*sparse->values->name)
        return asx_fail(err, ASX_EPARSE, "%s: a sparse initializer has no name", in->file);
    return declare_output(in, sparse->values->name, err);
}

/* Inputs that are also initializers (before IR version 4 all were) keep their constant. */
static void declare_inputs(asx_onnx *in)
{
    for (size_t i = 0; i < in->graph->n_input; i++) {
        const char *name = in->graph->input[i]->name;
        if (!name || !*name)
            continue;
        asx_onnx_symbol *symbol = locate(&in->symbols, name);
        if (!symbol->name)
            *symbol = (asx_onnx_symbol){.name = name};
    }
}

static void note_infos(asx_onnx *in, Onnx__ValueInfoProto *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        asx_onnx_symbol *symbol = list[i]->name ? asx_onnx_find(in, list[i]->name) : NULL;
        if (symbol && !symbol->info)
            symbol->info = list[i];
    }
}

static void use_name(void *state, const char *name)
{
    asx_onnx_symbol *symbol = asx_onnx_find(state, name);
    if (symbol)
        symbol->uses++;
}

/* Nodes come before those that use their outputs, so one pass from the end counts the uses by nodes
 * that the output of the graph depends on. */
static void count_uses(asx_onnx *in)
{
    const Onnx__GraphProto *graph = in->graph;
    asx_onnx_symbol *symbol = asx_onnx_find(in, in->output);
    if (symbol)
        symbol->uses++;
    for (size_t i = graph->n_node; i-- > 0;) {
        const Onnx__NodeProto *node = graph->node[i];
        const bool looks = node->op_type && strcmp(node->op_type, "Shape") == 0;
        bool live = false;
        for (size_t k = 0; k < node->n_output; k++)
            live = live || ((symbol = asx_onnx_find(in, node->output[k])) && symbol->uses > 0);
        for (size_t k = 0; live && k < node->n_input; k++) {
            if ((symbol = asx_onnx_find(in, node->input[k]))) {
                symbol->uses++;
                symbol->looks += looks;
            }
        }
        if (live)
            asx_onnx_captured(node, use_name, in);
    }
}

asx_status asx_onnx_symbols_init(asx_onnx *in, asx_error *err)
{
    const Onnx__GraphProto *graph = in->graph;
    size_t n = graph->n_initializer + graph->n_sparse_initializer + graph->n_input;
    for (size_t i = 0; i < graph->n_node; i++)
        n += graph->node[i]->n_output;
    size_t capacity = 16;
    while (capacity < 2 * n)
        capacity *= 2;
    in->symbols.slot = asx_array_new(capacity, sizeof *in->symbols.slot);
    in->symbols.mask = capacity - 1;
    if (!in->symbols.slot)
        return asx_fail(err, ASX_ENOMEM, "%s: no memory for %zu names", in->file, n);

    asx_status status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < graph->n_initializer; i++)
        status = declare_constant(in, graph->initializer[i], err);
    for (size_t i = 0; status == ASX_OK && i < graph->n_sparse_initializer; i++)
        status = declare_sparse(in, graph->sparse_initializer[i], err);
    if (status == ASX_OK)
        declare_inputs(in);
    for (size_t i = 0; i < graph->n_node; i++) {
        const Onnx__NodeProto *node = graph->node[i];
        for (size_t k = 0; status == ASX_OK && k < node->n_output; k++) {
            if (*node->output[k])
                status = declare_output(in, node->output[k], err);
        }
    }
    if (status != ASX_OK)
        return status;
    note_infos(in, graph->input, graph->n_input);
    note_infos(in, graph->value_info, graph->n_value_info);
    note_infos(in, graph->output, graph->n_output);
    count_uses(in);
    return status;
}

bool asx_onnx_is_live(const asx_onnx *in, const Onnx__NodeProto *node)
{
    for (size_t i = 0; i < node->n_output; i++) {
        const asx_onnx_symbol *symbol = asx_onnx_find(in, node->output[i]);
        if (symbol && symbol->uses > 0)
            return true;
    }
    return false;
}

bool asx_onnx_has_input(const Onnx__NodeProto *node, size_t i)
{
    return i < node->n_input && *node->input[i];
}

bool asx_onnx_is_constant_symbol(const asx_onnx_symbol *symbol)
{
    return symbol && (symbol->tensor || symbol->constant);
}

bool asx_onnx_is_constant(const asx_onnx *in, const Onnx__NodeProto *node, size_t i)
{
    return asx_onnx_has_input(node, i) &&
           asx_onnx_is_constant_symbol(asx_onnx_find(in, node->input[i]));
}

asx_status asx_onnx_value_as_is(size_t *out, bool *lifted, const asx_onnx *in,
                                const Onnx__NodeProto *node, size_t i, asx_error *err)
{
    if (!asx_onnx_has_input(node, i))
        return asx_fail(err, ASX_EINVAL, "input %zu is missing", i);
    const asx_onnx_symbol *symbol = asx_onnx_find(in, node->input[i]);
    if (asx_onnx_is_constant_symbol(symbol))
        return asx_fail(err, ASX_EUNSUPPORTED, "input '%s' is a constant", node->input[i]);
    if (!symbol || !symbol->computed)
        return asx_fail(err, ASX_EINVAL, "input '%s' is not computed by any node before",
                        node->input[i]);
    if (symbol->batch_axis > 0)
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "the batch is dimension %zu of input '%s', which recurrent layers, "
                        "Transpose, Squeeze, Reshape and Gather take",
                        symbol->batch_axis, node->input[i]);
    *out = symbol->value;
    *lifted = symbol->lifted;
    return ASX_OK;
}
