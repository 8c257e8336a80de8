/* Layers of the workload, named after the modules of the framework the network was trained in.
 *
 * A PyTorch module "layer1.0.conv1" shows as the weight "layer1.0.conv1.weight"; where the exporter
 * replaced the weight by a folded "onnx::Conv_256", as the scopes "/layer1/layer1.0/conv1/Conv" of
 * the node or of its output. Keras writes "model/conv2d/Conv2D/ReadVariableOp:0". */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "dse/text.h"
#include "onnx_ops.h"

enum { LAYERS_MAX = 2048, NAME_MAX_BYTES = 96 };

static bool starts_with(const char *s, size_t n, const char *prefix)
{
    const size_t m = strlen(prefix);
    return n >= m && memcmp(s, prefix, m) == 0;
}

static bool ends_with(const char *s, size_t n, const char *suffix)
{
    const size_t m = strlen(suffix);
    return n >= m && memcmp(s + n - m, suffix, m) == 0;
}

/* "Conv", "Conv_12", "12": made up by an exporter, no name of a module. */
static bool is_anonymous(const char *s, size_t n, const char *op)
{
    static const char *const made_up[] = {"onnx::", "onnx__", "const_fold_opt__", "_v_"};
    for (size_t i = 0; i < sizeof made_up / sizeof *made_up; i++) {
        if (starts_with(s, n, made_up[i]))
            return true;
    }
    size_t i = starts_with(s, n, op) ? strlen(op) : 0;
    while (i < n && (s[i] == '_' || isdigit((unsigned char)s[i])))
        i++;
    return i == n;
}

/* What exporters append to the name of a module. */
static size_t strip_suffixes(const char *s, size_t n)
{
    static const char *const suffix[] = {
        ".weight",
        "_weight",
        "/weight",
        ".weights",
        "_weights",
        ".kernel",
        "/kernel",
        "_kernel",
        "_quant",
        "_quantized",
        "/depthwise_kernel",
        "_output_0",
        "_weights_fused_bn",
        ":0",
        "/Conv2D",
        "/BiasAdd",
        "/ReadVariableOp",
        "/Conv",
        "/Gemm",
        "/MatMul",
        "/Cast",
        "/Read",
        "/depthwise",
    };
    for (bool found = true; found;) {
        found = false;
        for (size_t i = 0; i < sizeof suffix / sizeof *suffix; i++) {
            if (ends_with(s, n, suffix[i])) {
                n -= strlen(suffix[i]);
                found = true;
            }
        }
    }
    return n;
}

/* Appends the scopes "layer1/layer1.0/conv1" as "layer1.0.conv1": a scope that the next one repeats
 * is left out. */
static void join_scopes(asx_text *out, const char *s, size_t n)
{
    while (n > 0) {
        const char *slash = memchr(s, '/', n);
        const size_t length = slash ? (size_t)(slash - s) : n;
        const char *next = s + length + 1;
        const size_t rest = slash ? n - length - 1 : 0;
        const bool repeated = rest > length && memcmp(next, s, length) == 0 && next[length] == '.';
        if (!repeated && length > 0)
            asx_text_add(out, "%s%.*s", out->n ? "." : "", (int)length, s);
        s = next;
        n = rest;
    }
}

/* Writes the module's name that `name` tells, nothing if it tells none. */
static void derive(asx_text *out, const char *name, const char *op)
{
    static const char keras[] = "StatefulPartitionedCall/";
    size_t n = name ? strlen(name) : 0;
    if (n == 0 || n > 8 * NAME_MAX_BYTES)
        return;
    if (starts_with(name, n, keras)) {
        name += strlen(keras);
        n -= strlen(keras);
    }
    const bool bare = strip_suffixes(name, n) == n;
    n = strip_suffixes(name, n);
    if (name[0] == '/' && n > 0) {
        if (!is_anonymous(name + 1, n - 1, op))
            join_scopes(out, name + 1, n - 1);
    } else if (n > 0 && !(is_anonymous(name, n, op) && (bare || !isdigit((unsigned char)*name)))) {
        asx_text_add(out, "%.*s", (int)n, name);
    }
}

/* Cuts to a reasonable length and to the characters that names of layers may have. */
static void sanitise(char *s)
{
    if (strlen(s) > NAME_MAX_BYTES)
        s[NAME_MAX_BYTES] = '\0';
    for (; *s; s++) {
        if (!(isalnum((unsigned char)*s) && (unsigned char)*s < 128) && !strchr("._-/:[]", *s))
            *s = '_';
    }
}

/* How many layers are called `name`, or `name` and a number. */
static size_t count_namesakes(const asx_workload *work, const char *name, bool *taken)
{
    const size_t n = strlen(name);
    size_t count = 0;
    *taken = false;
    for (size_t i = 0; i < work->n_layers; i++) {
        const char *other = work->layer[i].name;
        const bool same = strcmp(other, name) == 0;
        *taken = *taken || same;
        if (same || (strncmp(other, name, n) == 0 && other[n] == '_' &&
                     other[n + 1 + strspn(other + n + 1, "0123456789")] == '\0'))
            count++;
    }
    return count;
}

/* Makes `*text` unique: "fc", "fc_2", "fc_3". */
static asx_status make_unique(char **text, const asx_workload *work, asx_error *err)
{
    bool taken;
    size_t number = count_namesakes(work, *text, &taken) + 1;
    if (!taken)
        return ASX_OK;
    for (;; number++) {
        asx_text longer = {0};
        char *candidate = NULL;
        asx_text_add(&longer, "%s_%zu", *text, number);
        asx_status status = asx_text_take(&candidate, &longer, err);
        if (status != ASX_OK)
            return status;
        count_namesakes(work, candidate, &taken);
        if (!taken) {
            free(*text);
            *text = candidate;
            return ASX_OK;
        }
        free(candidate);
    }
}

/* "conv1", "fc2", ...: the n-th layer of its kind. */
static void number(asx_text *out, const asx_workload *work, asx_layer_kind kind)
{
    size_t n = 1;
    for (size_t i = 0; i < work->n_layers; i++)
        n += work->layer[i].kind == kind;
    asx_text_add(out, "%s%zu",
                 kind == ASX_LAYER_CONV    ? "conv"
                 : kind == ASX_LAYER_DENSE ? "fc"
                                           : "product",
                 n);
}

/* @param out owned by the caller */
static asx_status make_name(char **out, const asx_onnx *in, const Onnx__NodeProto *node,
                            size_t weight, asx_layer_kind kind, asx_error *err)
{
    const asx_onnx_symbol *symbol = asx_onnx_find(in, node->input[weight]);
    const char *of_weight = kind == ASX_LAYER_PRODUCT ? NULL
                            : symbol->tensor          ? symbol->tensor->name
                                                      : symbol->constant->name;
    const char *source[] = {of_weight, node->name, node->n_output > 0 ? node->output[0] : NULL};
    asx_text name = {0};
    for (size_t i = 0; name.n == 0 && i < sizeof source / sizeof *source; i++)
        derive(&name, source[i], node->op_type);
    if (name.n == 0)
        number(&name, &in->net->work, kind);
    if (!name.failed)
        sanitise(name.s);
    char *text = NULL;
    asx_status status = asx_text_take(&text, &name, err);
    if (status == ASX_OK)
        status = make_unique(&text, &in->net->work, err);
    if (status == ASX_OK) {
        *out = text;
        text = NULL;
    }
    free(text);
    return status;
}

asx_status asx_onnx_add_layer(int *index, asx_onnx *in, const Onnx__NodeProto *node, size_t weight,
                              asx_layer *layer, asx_error *err)
{
    asx_workload *work = &in->net->work;
    if (work->n_layers >= LAYERS_MAX)
        return asx_fail(err, ASX_EUNSUPPORTED, "more than %d layers with weights", LAYERS_MAX);
    if (asx_layer_n_outputs(layer) > ASX_ONNX_MACS_MAX / asx_layer_depth(layer))
        return asx_fail(err, ASX_EINVAL, "more than %zu multiplications", ASX_ONNX_MACS_MAX);
    asx_status status = make_name(&layer->name, in, node, weight, layer->kind, err);
    if (status != ASX_OK)
        return status;
    status = asx_workload_add(work, layer, err);
    if (status == ASX_OK)
        *index = (int)(work->n_layers - 1);
    free(layer->name);
    layer->name = NULL;
    return status;
}
