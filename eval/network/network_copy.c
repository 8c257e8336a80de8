#include "network_copy.h"

#include <math.h>
#include <stdlib.h>

#include "dse/memory.h"
#include "dse/seed.h"

static asx_status copy_node(asx_node *out, const asx_node *node, asx_error *err)
{
    asx_node n = *node;
    n.name = asx_string_copy(node->name);
    n.input = asx_array_copy(node->input, node->n_inputs, sizeof *n.input);
    n.weight =
        node->weight ? asx_array_copy(node->weight, node->n_weights, sizeof *n.weight) : NULL;
    n.bias = node->bias ? asx_array_copy(node->bias, node->n_biases, sizeof *n.bias) : NULL;
    n.held.weight_scale = node->held.weight_scale ? asx_array_copy(node->held.weight_scale,
                                                                   node->n_biases, sizeof *n.bias)
                                                  : NULL;
    n.pick = node->pick ? asx_array_copy(node->pick, node->n_picks, sizeof *n.pick) : NULL;
    const bool failed = (node->pick && !n.pick) ||
                        (node->held.weight_scale && !n.held.weight_scale) ||
                        (node->name && !n.name) || !n.input || (node->weight && !n.weight) ||
                        (node->bias && !n.bias);
    if (failed) {
        asx_node_fini(&n);
        return asx_fail(err, ASX_ENOMEM, "no memory for a copy of node '%s'", node->name);
    }
    *out = n;
    return ASX_OK;
}

asx_status asx_network_copy(asx_network **out, const asx_network *network, asx_error *err)
{
    if (network->n_skipped > 0) /* a copy is made to be run */
        return asx_network_check_weights(network, err);
    asx_network *net = asx_array_new(1, sizeof *net);
    if (!net || !(net->name = asx_string_copy(network->name))) {
        free(net);
        return asx_fail(err, ASX_ENOMEM, "no memory for a copy of a network");
    }
    asx_status status = asx_workload_copy(&net->work, &network->work, err);
    for (size_t i = 0; i < network->n_values && status == ASX_OK; i++) {
        size_t index;
        status = asx_network_add_value(&index, net, &network->value[i], err);
    }
    for (size_t i = 0; i < network->n_nodes && status == ASX_OK; i++) {
        asx_node node = {0};
        status = copy_node(&node, &network->node[i], err);
        if (status == ASX_OK)
            status = asx_network_add_node(net, &node, err);
        asx_node_fini(&node);
    }
    if (status != ASX_OK) {
        asx_network_free(net);
        return status;
    }
    net->hash = network->hash;
    net->input = network->input;
    net->output = network->output;
    net->one_logit = network->one_logit;
    net->sigmoid_cut = network->sigmoid_cut;
    for (size_t i = 0; i < 3; i++)
        net->input_shape[i] = network->input_shape[i];
    *out = net;
    return ASX_OK;
}

void asx_network_randomise(asx_network *network, uint64_t seed)
{
    for (size_t i = 0; i < network->n_nodes; i++) {
        asx_node *node = &network->node[i];
        if (!asx_node_has_weights(node) || node->repeat > 0)
            continue;
        const double depth = (double)node->n_weights / (double)node->n_biases;
        const bool last = (size_t)node->layer + 1 == network->work.n_layers;
        const double size = sqrt((last ? 1 : 2) / depth);
        for (size_t j = 0; j < node->n_weights; j++)
            node->weight[j] = (float)(size * asx_seed_normal(seed, i, j));
        for (size_t j = 0; j < node->n_biases; j++)
            node->bias[j] = 0;
        free(node->held.weight_scale); /* these weights lie on no grid */
        node->held = (asx_held){0};
    }
}
