/* What an accelerator does beside its layers' products: who reads a tensor, what is added, what is
 * pooled, and which of that waits in memory with 16 bits.
 *
 * Element-wise operators, reshapes, slices and paddings are views: they happen on the way in or out
 * of a layer. A product's second operand is written to the memory of weights instead of the
 * activations'. The operand of an addition that is made last is added as it leaves the array; the
 * other one was written with 16 bits before and is read now. The input of a pool is written with 16
 * bits and read by its windows. Each is booked on the last layer before it. */
#include "other_work.h"

#include <stdlib.h>

#include "dse/memory.h"

/* A tensor in memory: what a view shows is another's. */
typedef struct tensor {
    size_t root;    /* value that it shows */
    size_t readers; /* layers, of a root */
    size_t made;    /* number of the node that makes it, + 1; 0: the image */
    bool wide;      /* written with 16 bits already */
} tensor;

/* Other pairs of values are booked as additions are: two operands, one of them from memory. That a
 * multiplier is dearer than an adder is not. */
static bool is_pair(const asx_node *node)
{
    return node->op == ASX_OP_ADD || node->op == ASX_OP_SUB || node->op == ASX_OP_MUL ||
           node->op == ASX_OP_DIV || node->op == ASX_OP_MAX || node->op == ASX_OP_MIN;
}

static bool is_view(const asx_node *node)
{
    if (is_pair(node))
        return false;
    switch (node->op) {
    case ASX_OP_CONV:
    case ASX_OP_DENSE:
    case ASX_OP_CONCAT:
    case ASX_OP_MATMUL:
    case ASX_OP_UNKNOWN:
    case ASX_OP_CONSTANT:
    case ASX_OP_MAX_POOL:
    case ASX_OP_AVERAGE_POOL:
    case ASX_OP_REDUCE_MEAN:
        return false;
    default:
        return true;
    }
}

static bool is_pool(const asx_node *node)
{
    return node->op == ASX_OP_MAX_POOL || node->op == ASX_OP_AVERAGE_POOL ||
           node->op == ASX_OP_REDUCE_MEAN;
}

/* Layers after the node that made a tensor, up to the one that reads it, keep it in memory. */
static void hold(asx_network *net, size_t elements, size_t made, size_t now)
{
    for (size_t i = made; i < now; i++)
        if (net->node[i].layer != ASX_NO_LAYER && net->node[i].repeat == 0)
            net->work.layer[net->node[i].layer].other.held += elements;
}

/* `value` is read with 16 bits by node `now`; `elements` of it. */
static void read_wide(asx_network *net, tensor *all, size_t value, size_t elements, size_t now,
                      asx_layer_other *other)
{
    tensor *t = &all[all[value].root];
    const size_t n = asx_value_n_elements(&net->value[all[value].root]);
    if (!t->wide)
        other->wide_writes += n;
    t->wide = true;
    other->wide_reads += elements;
    hold(net, n, t->made, now);
}

static void add(asx_network *net, tensor *all, size_t i, asx_layer_other *other)
{
    const asx_node *node = &net->node[i];
    const size_t n = asx_value_n_elements(&net->value[node->output]);
    size_t first = node->input[0];
    if (all[all[first].root].made > all[all[node->input[1]].root].made)
        first = node->input[1];
    const size_t shown = asx_value_n_elements(&net->value[all[first].root]);
    other->added += n;
    read_wide(net, all, first, shown < n ? shown : n, i, other);
}

static void pool(asx_network *net, tensor *all, size_t i, asx_layer_other *other)
{
    const asx_node *node = &net->node[i];
    const size_t in = asx_value_n_elements(&net->value[node->input[0]]);
    const size_t out = asx_value_n_elements(&net->value[node->output]);
    const size_t reads =
        node->op == ASX_OP_REDUCE_MEAN ? in : out * node->window.kernel[0] * node->window.kernel[1];
    other->pooled += reads;
    read_wide(net, all, node->input[0], reads, i, other);
}

static void count(asx_network *net, tensor *all)
{
    asx_layer_other none = {0}, *other = &none;
    for (size_t v = 0; v < net->n_values; v++)
        all[v].root = v;
    for (size_t i = 0; i < net->n_nodes; i++) {
        const asx_node *node = &net->node[i];
        all[node->output].made = i + 1;
        if (node->layer != ASX_NO_LAYER) {
            other = &net->work.layer[node->layer].other;
            all[all[node->input[0]].root].readers++;
        } else if (is_pair(node)) {
            add(net, all, i, other);
        } else if (is_pool(node)) {
            pool(net, all, i, other);
        } else if (is_view(node) && node->n_inputs > 0) {
            all[node->output].root = all[node->input[0]].root;
        }
    }
    for (size_t i = 0; i < net->n_nodes; i++) {
        const asx_node *node = &net->node[i];
        if (node->layer == ASX_NO_LAYER)
            continue;
        const size_t root = all[node->input[0]].root;
        net->work.layer[node->layer].other.readers = all[root].readers;
        net->work.layer[node->layer].other.image = root == net->input;
    }
}

asx_status asx_network_count_other_work(asx_network *network, asx_error *err)
{
    tensor *all = asx_array_new(network->n_values, sizeof *all);
    if (!all)
        return asx_fail(err, ASX_ENOMEM, "no memory to count a network's work");
    for (size_t i = 0; i < network->work.n_layers; i++)
        network->work.layer[i].other = (asx_layer_other){0};
    count(network, all);
    free(all);
    return ASX_OK;
}
