#include "onnx_rewrite.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "onnx_nodes.h"
#include "onnx_shorthand.h"

/* Operators on quantised numbers: each operand is three inputs (numbers, scale, zero point), then
 * come the scale and the zero point of the result. A bias is of int32, its scale the product of
 * those of both operands. */
static const struct {
    const char *name, *domain, *inner;
    size_t operands, bias, result; /* numbers of inputs; bias 0: there is none */
} shorthands[] = {
    {"QLinearConv", "", "Conv", 2, 8, 6},
    {"QLinearMatMul", "", "MatMul", 2, 0, 6},
    {"QLinearAdd", "com.microsoft", "Add", 2, 0, 6},
    {"QLinearMul", "com.microsoft", "Mul", 2, 0, 6},
    {"QGemm", "com.microsoft", "Gemm", 2, 6, 7},
    {"QLinearSigmoid", "com.microsoft", "Sigmoid", 1, 0, 3},
    {"QLinearLeakyRelu", "com.microsoft", "LeakyRelu", 1, 0, 3},
    {"QLinearGlobalAveragePool", "com.microsoft", "GlobalAveragePool", 1, 0, 3},
    {"QLinearAveragePool", "com.microsoft", "AveragePool", 1, 0, 3},
};

enum { N_SHORTHANDS = sizeof shorthands / sizeof *shorthands };

/* The dimension of the second operand that has the outputs, and a scale for each. */
static int64_t output_axis(const Onnx__NodeProto *node, const char *inner)
{
    if (strcmp(inner, "Conv") == 0)
        return 0;
    for (size_t i = 0; i < node->n_attribute; i++)
        if (node->attribute[i]->name && strcmp(node->attribute[i]->name, "transB") == 0)
            return node->attribute[i]->i ? 0 : 1;
    return 1;
}

static void dequantize_operands(asx_onnx_nodes *list, const Onnx__NodeProto *node, size_t k,
                                char (*real)[ASX_ONNX_NAME_MAX])
{
    static const char *const what[] = {"first", "second"};
    for (size_t i = 0; i < shorthands[k].operands; i++) {
        const char *input[] = {node->input[3 * i], node->input[3 * i + 1], node->input[3 * i + 2]};
        Onnx__NodeProto *made = asx_onnx_nodes_add(list, "DequantizeLinear", node->name, input, 3,
                                                   asx_onnx_derived(real[i], node, what[i]));
        if (i == 1)
            asx_onnx_nodes_int(list, made, "axis", output_axis(node, shorthands[k].inner));
    }
}

static void dequantize_bias(asx_onnx_nodes *list, const Onnx__NodeProto *node, size_t bias,
                            char *real)
{
    char scale[ASX_ONNX_NAME_MAX];
    const char *factor[] = {node->input[1], node->input[4]};
    (void)asx_onnx_nodes_add(list, "Mul", node->name, factor, 2,
                             asx_onnx_derived(scale, node, "unit"));
    const char *input[] = {node->input[bias], scale};
    asx_onnx_nodes_int(list,
                       asx_onnx_nodes_add(list, "DequantizeLinear", node->name, input, 2,
                                          asx_onnx_derived(real, node, "bias")),
                       "axis", 0);
}

static void expand(asx_onnx_nodes *list, Onnx__NodeProto *node, size_t k)
{
    char real[3][ASX_ONNX_NAME_MAX], result[ASX_ONNX_NAME_MAX];
    const char *operand[] = {real[0], real[1], real[2]};
    const size_t bias = shorthands[k].bias, at = shorthands[k].result;
    const bool biased = bias > 0 && bias < node->n_input && *node->input[bias];
    dequantize_operands(list, node, k, real);
    if (biased)
        dequantize_bias(list, node, bias, real[2]);
    const bool returns_reals = at >= node->n_input || !*node->input[at]; /* QGemm may */
    Onnx__NodeProto *inner = asx_onnx_nodes_add(
        list, shorthands[k].inner, node->name, operand, shorthands[k].operands + biased,
        returns_reals ? node->output[0] : asx_onnx_derived(result, node, "result"));
    if (inner) { /* moves */
        inner->attribute = node->attribute;
        inner->n_attribute = node->n_attribute;
        node->attribute = NULL;
        node->n_attribute = 0;
    }
    if (returns_reals)
        return;
    const char *input[] = {result, node->input[at],
                           at + 1 < node->n_input ? node->input[at + 1] : ""};
    (void)asx_onnx_nodes_add(list, "QuantizeLinear", node->name, input, 3, node->output[0]);
}

/* QONNX's Trunc (version 1): s (floor(round(x / s + z) / 2^(in - out)) - z), its inputs x, s, z, in
 * and out; the rounding is an attribute. */
enum { TRUNC_INPUTS = 5 };

static bool is_trunc(const Onnx__NodeProto *node)
{
    return node->op_type && strcmp(node->op_type, "Trunc") == 0 && node->domain &&
           (strcmp(node->domain, "qonnx.custom_op.general") == 0 ||
            strcmp(node->domain, "onnx.brevitas") == 0) &&
           node->n_input == TRUNC_INPUTS && node->n_output == 1;
}

static const char *trunc_rounding(const Onnx__NodeProto *node)
{
    for (size_t i = 0; i < node->n_attribute; i++) {
        const ProtobufCBinaryData *s = &node->attribute[i]->s;
        if (s->len == 4 && memcmp(s->data, "CEIL", 4) == 0)
            return "Ceil";
        if (s->len == 5 && memcmp(s->data, "ROUND", 5) == 0)
            return "Round";
    }
    return "Floor";
}

static void expand_trunc(asx_onnx_nodes *list, const Onnx__NodeProto *node)
{
    char name[9][ASX_ONNX_NAME_MAX];
    static const char *const what[] = {"two",     "bits",    "factor", "scaled", "shifted",
                                       "rounded", "divided", "cut",    "back"};
    for (size_t i = 0; i < sizeof what / sizeof *what; i++)
        (void)asx_onnx_derived(name[i], node, what[i]);
    asx_onnx_nodes_number(list, name[0], 2);
    const struct {
        const char *op, *a, *b, *y;
    } steps[] = {{"Sub", node->input[3], node->input[4], name[1]},
                 {"Pow", name[0], name[1], name[2]},
                 {"Div", node->input[0], node->input[1], name[3]},
                 {"Add", name[3], node->input[2], name[4]},
                 {"Round", name[4], NULL, name[5]},
                 {"Div", name[5], name[2], name[6]},
                 {trunc_rounding(node), name[6], NULL, name[7]},
                 {"Sub", name[7], node->input[2], name[8]},
                 {"Mul", name[8], node->input[1], node->output[0]}};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        const char *input[] = {steps[i].a, steps[i].b};
        (void)asx_onnx_nodes_add(list, steps[i].op, node->name, input, steps[i].b ? 2 : 1,
                                 steps[i].y);
    }
}

static size_t find(const Onnx__NodeProto *node)
{
    const char *domain = node->domain ? node->domain : "";
    if (strcmp(domain, "ai.onnx") == 0)
        domain = "";
    size_t k = 0;
    while (k < N_SHORTHANDS && !(node->op_type && strcmp(node->op_type, shorthands[k].name) == 0 &&
                                 strcmp(domain, shorthands[k].domain) == 0))
        k++;
    return k;
}

const char *asx_onnx_rewritten(size_t i)
{
    return i < N_SHORTHANDS ? shorthands[i].name : i == N_SHORTHANDS ? "Trunc" : NULL;
}

static asx_status check(const Onnx__NodeProto *node, bool *is_short, asx_error *err)
{
    const size_t k = find(node);
    *is_short = *is_short || k < N_SHORTHANDS || is_trunc(node) || asx_onnx_is_shorthand(node);
    if (asx_onnx_is_shorthand(node))
        return asx_onnx_check_shorthand(node, err);
    if (k == N_SHORTHANDS || (node->n_input >= shorthands[k].operands * 3 && node->n_output == 1))
        return ASX_OK;
    return asx_fail(err, ASX_EINVAL, "node '%s' (%s): it has %zu inputs and %zu outputs",
                    node->name ? node->name : "", node->op_type, node->n_input, node->n_output);
}

asx_status asx_onnx_rewrite(Onnx__ModelProto *model, asx_error *err)
{
    Onnx__GraphProto *graph = model->graph;
    asx_onnx_nodes list = {0};
    bool is_short = false;
    asx_status status = asx_onnx_inline(model, err);
    for (size_t i = 0; status == ASX_OK && i < graph->n_node; i++)
        status = check(graph->node[i], &is_short, err);
    if (status != ASX_OK || !is_short)
        return status;
    for (size_t i = 0; i < graph->n_node; i++) {
        Onnx__NodeProto *node = graph->node[i];
        const size_t k = find(node);
        if (k < N_SHORTHANDS) {
            expand(&list, node, k);
        } else if (is_trunc(node)) {
            expand_trunc(&list, node);
        } else if (asx_onnx_is_shorthand(node)) {
            asx_onnx_expand_shorthand(&list, node);
        } else {
            asx_onnx_nodes_append(&list, node);
            continue;
        }
        onnx__node_proto__free_unpacked(node, NULL);
    }
    free(graph->node);
    graph->node = list.node;
    graph->n_node = list.n;
    return list.failed ? asx_fail(err, ASX_ENOMEM, "no memory to take nodes apart") : ASX_OK;
}
