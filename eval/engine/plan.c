#include "plan.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "ops.h"

enum { ALIGN = 16 }; /* floats: 64 bytes, a cache line and the widest vector */

static size_t aligned(size_t n)
{
    return (n + ALIGN - 1) / ALIGN * ALIGN;
}

size_t asx_plan_batch(const asx_network *network)
{
    enum { CACHE_BYTES = 4 << 20, BATCH_MIN = 2, BATCH_MAX = 16 };
    size_t largest = 0, batch = BATCH_MAX;
    for (size_t i = 0; i < network->n_nodes; i++) {
        const asx_node *node = &network->node[i];
        size_t n = asx_value_n_elements(&network->value[node->output]);
        for (size_t j = 0; j < node->n_inputs; j++)
            n += asx_value_n_elements(&network->value[node->input[j]]);
        largest = n > largest ? n : largest;
    }
    while (batch > BATCH_MIN && largest > CACHE_BYTES / sizeof(float) / batch)
        batch /= 2;
    return batch;
}

size_t asx_plan_block(const asx_plan *plan)
{
    enum { BLOCK = 32 };
    return plan->batch < BLOCK ? BLOCK / plan->batch * plan->batch : plan->batch;
}

static void find_lives(asx_life *out, const asx_network *net, const asx_shuffle *move)
{
    out[net->input] = (asx_life){0};
    for (size_t i = 0; i < net->n_nodes; i++) {
        const asx_node *node = &net->node[i];
        out[node->output] = (asx_life){.first = i + 1, .last = i + 1};
        for (size_t j = 0; j < node->n_inputs; j++)
            out[node->input[j]].last = i + 1;
    }
    for (size_t i = 0; i < net->n_nodes; i++) { /* what a row reads is there until its end */
        for (size_t j = 0; move[i].n_nodes > 0 && j < net->node[i].n_inputs; j++) {
            asx_life *life = &out[net->node[i].input[j]];
            if (life->last < i + move[i].n_nodes)
                life->last = i + move[i].n_nodes;
        }
    }
    out[net->output].last = net->n_nodes + 1;
}

/* The lowest place where value `v` collides with none of the values placed before it that live at
 * the same time. */
static size_t first_fit(const asx_plan *plan, const bool *placed, size_t v)
{
    const asx_network *net = plan->network;
    const asx_life *alive = plan->life;
    const size_t need = aligned(plan->batch * asx_value_n_elements(&net->value[v]));
    size_t at = 0;
    for (bool moved = true; moved;) {
        moved = false;
        for (size_t o = 0; o < net->n_values; o++) {
            if (!placed[o] || alive[o].last < alive[v].first || alive[v].last < alive[o].first)
                continue;
            const size_t start = plan->offset[o];
            const size_t end = start + aligned(plan->batch * asx_value_n_elements(&net->value[o]));
            if (start < at + need && at < end) {
                at = end;
                moved = true;
            }
        }
    }
    return at;
}

/* Buffers of dead values are used again; pointwise operators work in place on a dying input. */
static asx_status place_values(asx_plan *plan, asx_error *err)
{
    const asx_network *net = plan->network;
    bool *placed = asx_array_new(net->n_values, sizeof *placed);
    if (!placed)
        return asx_fail(err, ASX_ENOMEM, "no memory for buffers of the network");
    find_lives(plan->life, net, plan->shuffle);
    placed[net->input] = true;
    plan->size = aligned(plan->batch * asx_value_n_elements(&net->value[net->input]));
    for (size_t i = 0; i < net->n_nodes; i++) {
        const asx_node *node = &net->node[i];
        const size_t v = node->output, source = node->n_inputs > 0 ? node->input[0] : v;
        if (asx_op_types[node->op].in_place && plan->life[source].last == i + 1)
            plan->offset[v] = plan->offset[source];
        else
            plan->offset[v] = first_fit(plan, placed, v);
        placed[v] = true;
        const size_t end =
            plan->offset[v] + aligned(plan->batch * asx_value_n_elements(&net->value[v]));
        plan->size = end > plan->size ? end : plan->size;
    }
    free(placed);
    return ASX_OK;
}

static asx_status make_conv(asx_dnn_op **out, const asx_plan *plan, const asx_node *node,
                            asx_dnn_words words, asx_error *err)
{
    const asx_window *w = &node->window;
    const size_t *x = plan->network->value[node->input[0]].dim;
    const size_t *y = plan->network->value[node->output].dim;
    const asx_dnn_conv shape = {.batch = plan->batch,
                                .groups = node->groups,
                                .in_c = x[0],
                                .in_h = x[1],
                                .in_w = x[2],
                                .out_c = y[0],
                                .out_h = y[1],
                                .out_w = y[2],
                                .kernel = {w->kernel[0], w->kernel[1]},
                                .stride = {w->stride[0], w->stride[1]},
                                .dilation = {w->dilation[0], w->dilation[1]},
                                .before = {w->before[0], w->before[1]},
                                .after = {w->after[0], w->after[1]},
                                .words = words};
    return asx_dnn_conv_new(out, &shape, err);
}

static asx_status make_op(asx_dnn_op **out, const asx_plan *plan, const asx_node *node,
                          asx_dnn_words words, asx_error *err)
{
    if (node->op == ASX_OP_CONV)
        return make_conv(out, plan, node, words, err);
    const asx_value *x = &plan->network->value[node->input[0]];
    const asx_value *y = &plan->network->value[node->output];
    const size_t in = x->dim[x->rank - 1], n_out = y->dim[y->rank - 1];
    const size_t rows = plan->batch * (asx_value_n_elements(x) / in);
    return asx_dnn_dense_new(out, words, rows, in, n_out, err);
}

static asx_status make_layer(asx_plan *plan, const asx_node *node, asx_error *err)
{
    const size_t layer = (size_t)node->layer;
    plan->n_steps[layer]++;
    if (node->repeat > 0)
        return ASX_OK;
    const bool positive = plan->network->work.layer[layer].input_non_negative;
    plan->node[layer] = node;
    if (!asx_node_has_weights(node))
        return ASX_OK;
    asx_status status = make_op(&plan->op[layer], plan, node, ASX_DNN_FLOAT, err);
    if (status == ASX_OK)
        status = asx_dnn_weights_new(&plan->weights[layer], plan->op[layer], node->weight, err);
    const asx_dnn_words words = positive ? ASX_DNN_UNSIGNED : ASX_DNN_SIGNED;
    plan->integer_limit[layer] = asx_dnn_weight_limit(words);
    if (status == ASX_OK && plan->integer_limit[layer] > 0)
        status = make_op(&plan->integer_op[layer], plan, node, words, err);
    return status ? asx_fail_context(err, status, "layer '%s'", node->name) : ASX_OK;
}

static asx_status make_layers(asx_plan *plan, asx_error *err)
{
    const asx_network *net = plan->network;
    for (size_t i = 0; i < net->n_nodes; i++)
        if (net->node[i].layer != ASX_NO_LAYER) {
            asx_status status = make_layer(plan, &net->node[i], err);
            if (status != ASX_OK)
                return status;
        }
    return ASX_OK;
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* Rooms behind the values: each as large as the largest that wants it. */
static void add_rooms(asx_plan *plan)
{
    const asx_network *net = plan->network;
    size_t inputs = 0, second = 0, logical = 0, scratch = 0;
    for (size_t i = 0; i < net->work.n_layers; i++) {
        const size_t n = asx_plan_layer_inputs(plan, i);
        const asx_dnn_op *op[] = {plan->op[i], plan->integer_op[i]};
        inputs = n > inputs ? n : inputs;
        if (!asx_node_has_weights(plan->node[i]))
            second = larger(second, asx_plan_second_inputs(plan, i));
        for (size_t k = 0; k < 2; k++) {
            const size_t bytes = op[k] ? asx_dnn_scratch_bytes(op[k]) : 0;
            scratch = bytes > scratch ? bytes : scratch;
        }
    }
    for (size_t i = 0; i < net->n_values; i++) {
        const size_t n = asx_value_n_elements(&net->value[i]);
        if (!asx_tensor_is_logical(&net->value[i]) && n > logical)
            logical = n;
    }
    plan->rounded = plan->size;
    plan->second = plan->rounded + aligned(plan->batch * inputs);
    plan->logical = plan->second + aligned(plan->batch * second);
    plan->logical_size = aligned(plan->batch * logical);
    plan->scratch = plan->logical + 2 * plan->logical_size;
    plan->size = plan->scratch + aligned(scratch / sizeof(float) + 1);
}

static asx_status add_no_bias(asx_plan *plan, asx_error *err)
{
    size_t channels = 1;
    for (size_t i = 0; i < plan->network->work.n_layers; i++)
        channels = larger(channels, plan->node[i]->n_biases);
    plan->no_bias = asx_array_new(channels, sizeof *plan->no_bias);
    return plan->no_bias ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for %zu biases", channels);
}

asx_status asx_plan_new(asx_plan **out, const asx_network *network, size_t batch, asx_error *err)
{
    const size_t n = network->work.n_layers;
    asx_plan *plan = asx_array_new(1, sizeof *plan);
    asx_status status = ASX_OK;
    if (!plan)
        return asx_fail(err, ASX_ENOMEM, "no memory for a plan of the network");
    plan->network = network;
    plan->batch = batch;
    plan->node = asx_array_new(n, sizeof *plan->node);
    plan->n_steps = asx_array_new(n, sizeof *plan->n_steps);
    plan->op = asx_array_new(n, sizeof *plan->op);
    plan->integer_op = asx_array_new(n, sizeof *plan->integer_op);
    plan->integer_limit = asx_array_new(n, sizeof *plan->integer_limit);
    plan->weights = asx_array_new(n, sizeof *plan->weights);
    plan->offset = asx_array_new(network->n_values, sizeof *plan->offset);
    plan->life = asx_array_new(network->n_values, sizeof *plan->life);
    if (!plan->node || !plan->n_steps || !plan->op || !plan->integer_op || !plan->integer_limit ||
        !plan->weights || !plan->offset || !plan->life)
        status = asx_fail(err, ASX_ENOMEM, "no memory for a plan of the network");
    if (status == ASX_OK)
        status = asx_shuffles_new(&plan->shuffle, network, err);
    if (status == ASX_OK)
        status = place_values(plan, err);
    if (status == ASX_OK)
        status = make_layers(plan, err);
    if (status == ASX_OK)
        status = add_no_bias(plan, err);
    if (status != ASX_OK) {
        asx_plan_free(plan);
        return status;
    }
    add_rooms(plan);
    *out = plan;
    return ASX_OK;
}

void asx_plan_free(asx_plan *plan)
{
    if (!plan)
        return;
    for (size_t i = 0; i < plan->network->work.n_layers; i++) {
        if (plan->op)
            asx_dnn_op_free(plan->op[i]);
        if (plan->integer_op)
            asx_dnn_op_free(plan->integer_op[i]);
        if (plan->weights)
            asx_dnn_weights_free(plan->weights[i]);
    }
    asx_shuffles_free(plan->shuffle, plan->network);
    free(plan->node);
    free(plan->n_steps);
    free(plan->op);
    free(plan->integer_op);
    free(plan->integer_limit);
    free(plan->weights);
    free(plan->no_bias);
    free(plan->offset);
    free(plan->life);
    free(plan);
}

float *asx_plan_workspace(const asx_plan *plan)
{
    if (plan->size > SIZE_MAX / sizeof(float) - ALIGN)
        return NULL;
    return aligned_alloc(ALIGN * sizeof(float), aligned(plan->size) * sizeof(float));
}

size_t asx_plan_layer_inputs(const asx_plan *plan, size_t layer)
{
    return asx_value_n_elements(&plan->network->value[plan->node[layer]->input[0]]);
}

size_t asx_plan_second_inputs(const asx_plan *plan, size_t layer)
{
    return asx_value_n_elements(&plan->network->value[plan->node[layer]->input[1]]);
}
