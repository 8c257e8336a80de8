#include "groups.h"

#include <stdlib.h>

#include "dse/memory.h"

/* What an operator asks of the scales of what it reads and writes. */
typedef enum demand {
    OWN,  /* its output has a scale of its own */
    SAME, /* all have one scale */
    SUM   /* the same, and it wants room above or below the words it reads */
} demand;

static demand demand_of(asx_op op)
{
    switch (op) {
    case ASX_OP_ADD:
    case ASX_OP_AVERAGE_POOL:
    case ASX_OP_REDUCE_MEAN:
        return SUM;
    case ASX_OP_RELU:
    case ASX_OP_CLIP:
    case ASX_OP_MAX_POOL:
    case ASX_OP_CONCAT:
    case ASX_OP_RESHAPE:
    case ASX_OP_TRANSPOSE:
    case ASX_OP_SLICE:
    case ASX_OP_PAD:
        return SAME;
    default:
        return OWN;
    }
}

static size_t find(size_t *of_value, size_t v)
{
    while (of_value[v] != v)
        v = of_value[v] = of_value[of_value[v]];
    return v;
}

static void unite(asx_groups *g, const asx_network *net)
{
    for (size_t v = 0; v < net->n_values; v++)
        g->of_value[v] = v;
    for (size_t i = 0; i < net->n_nodes; i++) {
        const asx_node *node = &net->node[i];
        for (size_t j = 0; demand_of(node->op) != OWN && j < node->n_inputs; j++)
            g->of_value[find(g->of_value, node->input[j])] = find(g->of_value, node->output);
    }
    for (size_t v = 0; v < net->n_values; v++)
        g->of_value[v] = find(g->of_value, v);
}

/* More than one reader, or one that wants room, is none. */
static void find_readers(asx_groups *g, const asx_network *net)
{
    enum { NOBODY = -2 }; /* has read it yet */
    for (size_t v = 0; v < net->n_values; v++)
        g->reader[v] = NOBODY;
    for (size_t i = 0; i < net->n_nodes; i++) {
        const asx_node *node = &net->node[i];
        for (size_t j = 0; j < node->n_inputs; j++) {
            int *reader = &g->reader[g->of_value[node->input[j]]];
            if (demand_of(node->op) == OWN)
                *reader = *reader == NOBODY ? node->layer : ASX_NO_READER;
            else if (demand_of(node->op) == SUM)
                *reader = ASX_NO_READER;
        }
    }
    g->reader[g->of_value[net->output]] = ASX_NO_READER;
    for (size_t v = 0; v < net->n_values; v++)
        if (g->reader[v] == NOBODY)
            g->reader[v] = ASX_NO_READER;
}

static void find_relus(asx_groups *g, const asx_network *net)
{
    for (size_t i = 0; i + 1 < net->n_nodes; i++) {
        const asx_node *node = &net->node[i], *next = &net->node[i + 1];
        size_t n_readers = node->output == net->output;
        for (size_t k = i + 1; k < net->n_nodes; k++)
            for (size_t j = 0; j < net->node[k].n_inputs; j++)
                n_readers += net->node[k].input[j] == node->output;
        g->relu[i] = (node->layer != ASX_NO_LAYER || node->op == ASX_OP_ADD) &&
                     next->op == ASX_OP_RELU && next->input[0] == node->output && n_readers == 1;
    }
}

asx_status asx_groups_init(asx_groups *out, const asx_network *network, asx_error *err)
{
    asx_groups g = {.of_value = asx_array_new(network->n_values, sizeof *g.of_value),
                    .reader = asx_array_new(network->n_values, sizeof *g.reader),
                    .relu = asx_array_new(network->n_nodes, sizeof *g.relu)};
    if (!g.of_value || !g.reader || !g.relu) {
        asx_groups_fini(&g);
        return asx_fail(err, ASX_ENOMEM, "groups of values: out of memory");
    }
    unite(&g, network);
    find_readers(&g, network);
    find_relus(&g, network);
    *out = g;
    return ASX_OK;
}

void asx_groups_fini(asx_groups *groups)
{
    free(groups->of_value);
    free(groups->reader);
    free(groups->relu);
    *groups = (asx_groups){0};
}
