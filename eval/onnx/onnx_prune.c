/* Takes out of a finished network what its output does not depend on: reshapes that were undone, or
 * a sigmoid that a comparison does without. */
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "onnx_ops.h"

/* Nodes come after those that they read, so one pass from the end finds all. Layers stay: they are
 * in the workload. */
static void mark(bool *live, const asx_network *net)
{
    live[net->input] = live[net->output] = true;
    for (size_t i = net->n_nodes; i-- > 0;) {
        const asx_node *node = &net->node[i];
        live[node->output] = live[node->output] || node->layer != ASX_NO_LAYER;
        for (size_t k = 0; live[node->output] && k < node->n_inputs; k++)
            live[node->input[k]] = true;
    }
}

asx_status asx_onnx_prune(asx_network *net, asx_error *err)
{
    bool *live = asx_array_new(net->n_values, sizeof *live);
    size_t *place = asx_array_new(net->n_values, sizeof *place), n_nodes = 0, n_values = 0;
    asx_status status = ASX_OK;
    if (!live || !place) {
        status = asx_fail(err, ASX_ENOMEM, "no memory for %zu values", net->n_values);
        goto done;
    }
    mark(live, net);
    for (size_t i = 0; i < net->n_nodes; i++) {
        if (live[net->node[i].output])
            net->node[n_nodes++] = net->node[i];
        else
            asx_node_fini(&net->node[i]);
    }
    net->n_nodes = n_nodes;
    for (size_t v = 0; v < net->n_values; v++) {
        place[v] = n_values;
        if (live[v])
            net->value[n_values++] = net->value[v];
        else
            free(net->value[v].name);
    }
    net->n_values = n_values;
    for (size_t i = 0; i < n_nodes; i++) {
        asx_node *node = &net->node[i];
        node->output = place[node->output];
        for (size_t k = 0; k < node->n_inputs; k++)
            node->input[k] = place[node->input[k]];
    }
    net->input = place[net->input];
    net->output = place[net->output];
done:
    free(live);
    free(place);
    return status;
}
