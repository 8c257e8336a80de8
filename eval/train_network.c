#include "train_network.h"

#include <stdlib.h>

#include "dse/memory.h"

static asx_status copy_node(asx_node *out, const asx_node *node, asx_error *err)
{
    asx_node n = *node;
    n.name = asx_string_copy(node->name);
    n.input = asx_array_copy(node->input, node->n_inputs, sizeof *n.input);
    n.weight =
        node->weight ? asx_array_copy(node->weight, node->n_weights, sizeof *n.weight) : NULL;
    n.bias = node->bias ? asx_array_copy(node->bias, node->n_biases, sizeof *n.bias) : NULL;
    const bool failed = (node->name && !n.name) || !n.input || (node->weight && !n.weight) ||
                        (node->bias && !n.bias);
    if (failed) {
        asx_node_fini(&n);
        return asx_fail(err, ASX_ENOMEM, "copy of node '%s': out of memory", node->name);
    }
    *out = n;
    return ASX_OK;
}

asx_status asx_network_copy(asx_network **out, const asx_network *network, asx_error *err)
{
    asx_network *net = asx_array_new(1, sizeof *net);
    if (!net || !(net->name = asx_string_copy(network->name))) {
        free(net);
        return asx_fail(err, ASX_ENOMEM, "copy of a network: out of memory");
    }
    asx_status status = asx_workload_copy(&net->work, &network->work, err);
    for (size_t i = 0; i < network->n_values && !status; i++) {
        size_t index;
        status = asx_network_add_value(&index, net, &network->value[i], err);
    }
    for (size_t i = 0; i < network->n_nodes && !status; i++) {
        asx_node node = {0};
        status = copy_node(&node, &network->node[i], err);
        if (!status)
            status = asx_network_add_node(net, &node, err);
        asx_node_fini(&node);
    }
    if (status) {
        asx_network_free(net);
        return status;
    }
    net->hash = network->hash;
    net->input = network->input;
    net->output = network->output;
    for (size_t i = 0; i < 3; i++)
        net->input_shape[i] = network->input_shape[i];
    *out = net;
    return ASX_OK;
}
