/* Networks for costs only: nodes that cannot be run become shapes where these are known. */
#include "onnx_skip.h"

#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"

static asx_status note(asx_onnx *in, const char *name, const char *op, const char *why,
                       const size_t *macs, asx_error *err)
{
    asx_network *net = in->net;
    asx_skipped *grown = asx_array_grow(net->skipped, &net->skipped_capacity, net->n_skipped + 1,
                                        sizeof *net->skipped);
    if (!grown)
        return asx_fail(err, ASX_ENOMEM, "no memory for a list of nodes");
    net->skipped = grown;
    asx_skipped *s = &grown[net->n_skipped++];
    *s = (asx_skipped){.node = asx_string_copy(name),
                       .op = asx_string_copy(op),
                       .why = asx_string_copy(why),
                       .counted = macs != NULL,
                       .macs = macs ? *macs : 0};
    return s->node && s->op && s->why ? ASX_OK
                                      : asx_fail(err, ASX_ENOMEM, "no memory for a list of nodes");
}

/* The values that a node reads, its graphs within too. */
typedef struct readings {
    const asx_onnx *in;
    size_t *value, n, capacity;
    bool failed;
} readings;

static void read_name(void *state, const char *name)
{
    readings *r = state;
    const asx_onnx_symbol *s = asx_onnx_find(r->in, name);
    if (!s || !s->computed || r->failed)
        return;
    size_t *grown = asx_array_grow(r->value, &r->capacity, r->n + 1, sizeof *r->value);
    r->failed = !grown;
    if (!grown)
        return;
    r->value = grown;
    r->value[r->n++] = s->value;
}

static void read_all(readings *r, const Onnx__NodeProto *node)
{
    for (size_t i = 0; i < node->n_input; i++)
        if (*node->input[i])
            read_name(r, node->input[i]);
    asx_onnx_captured(node, read_name, r);
}

/* Adds a node that computes `name`, of which nothing but the shape is known. */
static asx_status put_unknown(asx_onnx *in, const char *node, const char *name, const size_t *input,
                              size_t n, asx_value *y, asx_error *err)
{
    asx_node made = {.op = ASX_OP_UNKNOWN,
                     .layer = ASX_NO_LAYER,
                     .name = asx_string_copy(node),
                     .input = asx_array_new(n > 0 ? n : 1, sizeof *made.input),
                     .n_inputs = n};
    asx_status status = ASX_OK;
    if (!made.name || !made.input)
        status = asx_fail(err, ASX_ENOMEM, "no memory for a node");
    for (size_t i = 0; status == ASX_OK && i < n; i++)
        made.input[i] = input[i];
    if (status == ASX_OK)
        status = asx_onnx_define(&made.output, in, name, y, in->net->n_nodes, err);
    if (status == ASX_OK)
        status = asx_network_add_node(in->net, &made, err);
    asx_node_fini(&made);
    return status;
}

static asx_status let_loose(asx_onnx *in, const readings *r, asx_error *err)
{
    for (size_t i = 0; i < r->n; i++) {
        size_t *grown =
            asx_array_grow(in->loose, &in->loose_capacity, in->n_loose + 1, sizeof *grown);
        if (!grown)
            return asx_fail(err, ASX_ENOMEM, "no memory for a list of values");
        in->loose = grown;
        in->loose[in->n_loose++] = r->value[i];
    }
    return ASX_OK;
}

/* Each output by its shape; those without are left out. A node of constants has none for an image. */
static asx_status put_outputs(asx_onnx *in, const Onnx__NodeProto *node, const char *name,
                              const readings *r, asx_error *err)
{
    asx_status status = ASX_OK;
    bool loose = false;
    for (size_t k = 0; status == ASX_OK && k < node->n_output; k++) {
        asx_onnx_symbol *symbol = asx_onnx_find(in, node->output[k]);
        asx_value y;
        size_t batch_axis;
        if (!symbol || symbol->computed)
            continue;
        symbol->skipped = !(r->n > 0 && asx_onnx_output_shape(&y, &batch_axis, in, node, k));
        loose = loose || symbol->skipped;
        if (!symbol->skipped)
            status = put_unknown(in, name, node->output[k], r->value, r->n, &y, err);
        if (!symbol->skipped)
            symbol->batch_axis = batch_axis;
    }
    return status == ASX_OK && loose ? let_loose(in, r, err) : status;
}

/* Layers of a node that was given up half-way; its nodes are pruned. */
static void forget_layers(asx_network *net, size_t layers)
{
    asx_workload *work = &net->work;
    for (size_t i = 0; i < net->n_nodes; i++)
        if (net->node[i].layer >= (int)layers)
            net->node[i].layer = ASX_NO_LAYER;
    while (work->n_layers > layers)
        free(work->layer[--work->n_layers].name);
}

asx_status asx_onnx_skip(asx_onnx *in, const Onnx__NodeProto *node, const char *why, size_t layers,
                         asx_error *err)
{
    const char *name = node->name && *node->name ? node->name
                       : node->n_output > 0      ? node->output[0]
                                                 : "";
    readings r = {.in = in};
    asx_value y;
    size_t macs = 0, batch_axis;
    if (in->net->work.n_layers > layers)
        forget_layers(in->net, layers);
    read_all(&r, node);
    const bool shown = node->n_output > 0 && asx_onnx_output_shape(&y, &batch_axis, in, node, 0);
    const bool counted = asx_onnx_count_skipped(&macs, in, node, shown ? &y : NULL);
    asx_status status = r.failed ? asx_fail(err, ASX_ENOMEM, "no memory for a list of values")
                                 : asx_onnx_check_attention(in, node, err);
    if (status == ASX_OK)
        status =
            note(in, name, node->op_type ? node->op_type : "", why, counted ? &macs : NULL, err);
    if (status == ASX_OK)
        status = put_outputs(in, node, name, &r, err);
    free(r.value);
    return status;
}

typedef struct search {
    const asx_onnx *in;
    const char *found;
} search;

static void look(void *state, const char *name)
{
    search *s = state;
    const asx_onnx_symbol *symbol = asx_onnx_find(s->in, name);
    if (!s->found && symbol && symbol->skipped)
        s->found = symbol->name;
}

const char *asx_onnx_reads_skipped(const asx_onnx *in, const Onnx__NodeProto *node)
{
    search s = {in, NULL};
    for (size_t i = 0; i < node->n_input; i++)
        if (*node->input[i])
            look(&s, node->input[i]);
    asx_onnx_captured(node, look, &s);
    return s.found;
}

asx_status asx_onnx_skip_input(asx_onnx *in, const Onnx__ValueInfoProto *info, asx_error *err)
{
    const size_t none = 0;
    asx_value y;
    asx_onnx_symbol *symbol = asx_onnx_find(in, info->name);
    asx_status status = note(in, info->name, "input", "a network of one input is run", &none, err);
    symbol->skipped = !asx_onnx_image_shape(&y, in, info->name);
    if (status == ASX_OK && !symbol->skipped)
        status = put_unknown(in, info->name, info->name, NULL, 0, &y, err);
    return status;
}

asx_status asx_onnx_end_loose(asx_onnx *in, asx_error *err)
{
    asx_value y = {.rank = 1, .dim = {1}};
    asx_onnx_symbol *symbol = asx_onnx_find(in, in->output);
    symbol->skipped = false;
    return put_unknown(in, in->output, in->output, in->loose, in->n_loose, &y, err);
}
