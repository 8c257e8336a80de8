/* The ONNX importer: from the bytes of a file to a network, node by node. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/file.h"
#include "dse/memory.h"
#include "dse/number.h"
#include "held.h"
#include "onnx_ops.h"
#include "onnx_rewrite.h"
#include "onnx_write.h"
#include "other_work.h"

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
    const char *domain = node->domain ? node->domain : "";
    const bool standard = !*domain || strcmp(domain, "ai.onnx") == 0;
    const bool qonnx =
        strcmp(domain, "qonnx.custom_op.general") == 0 || strcmp(domain, "onnx.brevitas") == 0;
    if (!standard && !qonnx)
        return asx_fail(err, ASX_EUNSUPPORTED, "operators of '%s' are not known", domain);
    const asx_onnx_op *op = node->op_type ? asx_onnx_op_find(node->op_type, qonnx) : NULL;
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
    size_t batch = 0;
    asx_onnx_turner *turner = standard ? asx_onnx_turned(&batch, in, node) : NULL;
    if (turner)
        return turner(in, node, batch, err);
    if (!op->import && op->evaluate && asx_onnx_is_mover(op->name))
        return asx_onnx_pick(in, node, op->evaluate, err);
    if (!op->import)
        return asx_fail(err, ASX_EUNSUPPORTED, "it is only known for constants");
    asx_status status = asx_onnx_check_quantised(in, node, err);
    if (status == ASX_OK)
        status = op->import(in, node, err);
    if (status == ASX_OK)
        asx_onnx_pass_quantised(in, node);
    return status;
}

/* For costs, what is not known is left out; what is wrong is wrong. */
static asx_status price_node(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    const size_t layers = in->net->work.n_layers;
    const char *skipped = asx_onnx_reads_skipped(in, node);
    asx_error inner = {0};
    char why[128];
    if (skipped) {
        snprintf(why, sizeof why, "it reads '%s'", skipped);
        return asx_onnx_skip(in, node, why, layers, err);
    }
    const asx_status status = import_node(in, node, &inner);
    if (status == ASX_EUNSUPPORTED)
        return asx_onnx_skip(in, node, inner.message, layers, err);
    return status == ASX_OK ? ASX_OK : asx_fail(err, status, "%s", inner.message);
}

static asx_status import_nodes(asx_onnx *in, asx_error *err)
{
    for (size_t i = 0; i < in->graph->n_node; i++) {
        const Onnx__NodeProto *node = in->graph->node[i];
        if (!asx_onnx_is_live(in, node))
            continue; /* left over: not imported */
        asx_status status = in->price ? price_node(in, node, err) : import_node(in, node, err);
        if (status != ASX_OK)
            return asx_fail_context(err, status, "%s: node '%s' (%s)", in->file,
                                    node->name && *node->name ? node->name : node->output[0],
                                    node->op_type ? node->op_type : "");
    }
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
        if (status != ASX_OK)
            return asx_fail_context(err, status, "%s", in->file);
        node->clip = (float)clip;
    }
    return ASX_OK;
}

static asx_status import_graph(asx_onnx *in, Onnx__ModelProto *model, const char *output,
                               asx_error *err)
{
    asx_status status = read_opset(in, model, err);
    if (status == ASX_OK && (status = asx_onnx_rewrite(model, err)) != ASX_OK)
        return asx_fail_context(err, status, "%s", in->file);
    if (status == ASX_OK)
        status = asx_onnx_choose_output(in, output, err);
    if (status == ASX_OK)
        status = asx_onnx_symbols_init(in, err);
    if (status == ASX_OK)
        status = asx_onnx_read_sparse(in, err);
    if (status == ASX_OK)
        status = asx_onnx_define_input(in, err);
    if (status == ASX_OK)
        status = import_nodes(in, err);
    if (status == ASX_OK && in->result &&
        asx_onnx_is_constant_symbol(asx_onnx_find(in, in->output)))
        return asx_onnx_named(in->result, in, in->output, err);
    if (status == ASX_OK)
        status = asx_onnx_finish(in, err);
    if (status == ASX_OK)
        status = read_clips(in, model, err);
    return status;
}

static asx_status unpack(Onnx__ModelProto **out, const char *name, const void *bytes, size_t n,
                         asx_error *err)
{
    Onnx__ModelProto *model = NULL;
    const asx_status status = asx_onnx_unpack(&model, name, bytes, n, err);
    if (status != ASX_OK)
        return status;
    if (!model || !model->graph) {
        const bool empty = model != NULL;
        onnx__model_proto__free_unpacked(model, NULL);
        return asx_fail(err, ASX_EPARSE, "%s: %s", name,
                        empty ? "it holds no network" : "it is not an ONNX file, or damaged");
    }
    *out = model;
    return ASX_OK;
}

/* What is read, and how. */
typedef struct source {
    const char *name, *folder; /* folder of the model, for weights beside it; NULL: there is none */
    const char *output;        /* the one wanted; NULL: the first */
    const void *bytes;
    size_t n;
    bool price; /* what cannot be run is left out */
} source;

/* @param result see asx_onnx */
static asx_status parse(asx_network **out, asx_onnx_constant *result, const source *s,
                        asx_error *err)
{
    const char *name = s->name, *output = s->output;
    const size_t n = s->n;
    Onnx__ModelProto *model = NULL;
    asx_status status = unpack(&model, name, s->bytes, n, err);
    if (status != ASX_OK)
        return status;
    asx_onnx in = {.file = name,
                   .folder = s->folder,
                   .result = result,
                   .price = s->price,
                   .graph = model->graph,
                   .net = asx_array_new(1, sizeof *in.net),
                   /* every weight of the file sixteen times, and small files in any case */
                   .budget = 4 * n + ((size_t)1 << 22)};
    if (!in.net || !(in.net->name = asx_string_copy(name)))
        status = asx_fail(err, ASX_ENOMEM, "%s: no memory for the network", name);
    if (status == ASX_OK)
        status = asx_workload_init(&in.net->work, name, err);
    if (status == ASX_OK)
        status = import_graph(&in, model, output, err);
    const bool constant = result && (result->f || result->i);
    if (status == ASX_OK && !constant)
        asx_network_settle_held(in.net);
    if (status == ASX_OK && !constant)
        status = asx_network_count_other_work(in.net, err);
    if (status == ASX_OK && constant) {
        *out = NULL;
    } else if (status == ASX_OK) {
        in.net->hash = asx_hash(s->bytes, n, in.net->hash); /* on top of weights beside the file */
        if (output)
            in.net->hash = asx_hash(output, strlen(output), in.net->hash);
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
    free(in.beside);
    free(in.loose);
    free(in.symbols.slot);
    onnx__model_proto__free_unpacked(model, NULL);
    return status;
}

asx_status asx_network_parse(asx_network **out, const char *name, const void *bytes, size_t n,
                             asx_error *err)
{
    return parse(out, NULL, &(source){.name = name, .bytes = bytes, .n = n}, err);
}

asx_status asx_network_parse_priced(asx_network **out, const char *name, const void *bytes,
                                    size_t n, asx_error *err)
{
    return parse(out, NULL, &(source){.name = name, .bytes = bytes, .n = n, .price = true}, err);
}

asx_status asx_onnx_import_any(asx_network **out, asx_onnx_constant *result, const char *name,
                               const void *bytes, size_t n, asx_error *err)
{
    *result = (asx_onnx_constant){0};
    return parse(out, result, &(source){.name = name, .bytes = bytes, .n = n}, err);
}

static asx_status load(asx_network **out, const char *path, const char *output, bool price,
                       asx_error *err)
{
    char *bytes = NULL, *folder = asx_string_copy(path);
    size_t n;
    asx_status status = folder ? asx_file_read(&bytes, &n, path, ASX_ONNX_FILE_MAX, err)
                               : asx_fail(err, ASX_ENOMEM, "no memory for a path");
    if (status == ASX_OK) {
        char *slash = strrchr(folder, '/');
        if (slash)
            slash[slash == folder] = '\0';
        const source s = {path, slash ? folder : ".", output, bytes, n, price};
        status = parse(out, NULL, &s, err);
    }
    free(folder);
    free(bytes);
    return status;
}

asx_status asx_network_load_output(asx_network **out, const char *path, const char *output,
                                   asx_error *err)
{
    return load(out, path, output, false, err);
}

asx_status asx_network_load_priced(asx_network **out, const char *path, const char *output,
                                   asx_error *err)
{
    return load(out, path, output, true, err);
}

asx_status asx_network_load(asx_network **out, const char *path, asx_error *err)
{
    return load(out, path, NULL, false, err);
}
