#include "groups.h"

#include <math.h>
#include <stdlib.h>

#include "dse/memory.h"
#include "integer_ops.h"

static asx_scaling scaling_of(const asx_groups *g, const asx_network *net, const asx_node *node)
{
    return g->cuts[node - net->node] ? ASX_SCALE_SAME : asx_integer_ops[node->op].scaling;
}

/* From the end: a value is read by layers alone if all its readers are, or show it to such. */
static void find_cuts(asx_groups *g, const asx_network *net, bool *other)
{
    other[net->output] = true;
    for (size_t i = net->n_nodes; i-- > 0;) {
        const asx_node *node = &net->node[i];
        const bool shows = asx_integer_ops[node->op].scaling == ASX_SCALE_SAME;
        g->cuts[i] = node->op == ASX_OP_QUANTIZE && !other[node->output];
        for (size_t j = 0; j < node->n_inputs; j++)
            if (!asx_node_has_weights(node) && !(shows && !other[node->output]))
                other[node->input[j]] = true;
    }
}

static size_t find(size_t *of_value, size_t v)
{
    while (of_value[v] != v)
        v = of_value[v] = of_value[of_value[v]];
    return v;
}

/* All steps of a layer read and write in the same scales. */
static void unite_steps(asx_groups *g, const asx_network *net)
{
    for (size_t i = 0; i < net->n_nodes; i++) {
        const asx_node *node = &net->node[i];
        if (node->repeat == 0)
            continue;
        size_t k = i;
        while (net->node[k].layer != node->layer || net->node[k].repeat != 0)
            k--;
        const asx_node *first = &net->node[k];
        g->of_value[find(g->of_value, node->input[0])] = find(g->of_value, first->input[0]);
        g->of_value[find(g->of_value, node->output)] = find(g->of_value, first->output);
    }
}

static void unite(asx_groups *g, const asx_network *net)
{
    for (size_t v = 0; v < net->n_values; v++)
        g->of_value[v] = v;
    for (size_t i = 0; i < net->n_nodes; i++) {
        const asx_node *node = &net->node[i];
        for (size_t j = 0; scaling_of(g, net, node) != ASX_SCALE_OWN && j < node->n_inputs; j++)
            g->of_value[find(g->of_value, node->input[j])] = find(g->of_value, node->output);
    }
    unite_steps(g, net);
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
            if (scaling_of(g, net, node) == ASX_SCALE_OWN)
                *reader =
                    (*reader == NOBODY || *reader == node->layer) && asx_node_has_weights(node)
                        ? node->layer
                        : ASX_NO_READER;
            else if (scaling_of(g, net, node) == ASX_SCALE_SUM)
                *reader = ASX_NO_READER;
        }
    }
    g->reader[g->of_value[net->output]] = ASX_NO_READER;
    for (size_t v = 0; v < net->n_values; v++)
        if (g->reader[v] == NOBODY)
            g->reader[v] = ASX_NO_READER;
}

/* Whether a node leaves integers of a Quantize's step if it reads such: moved, added; means do not, but
 * are near enough where the step is one of more than 8 bits. */
static bool keeps_step(const asx_groups *g, const asx_network *net, const asx_node *node,
                       const asx_node *quantizer)
{
    if (scaling_of(g, net, node) != ASX_SCALE_SUM)
        return scaling_of(g, net, node) == ASX_SCALE_SAME;
    return node->op == ASX_OP_ADD || node->op == ASX_OP_SUB ||
           (quantizer && quantizer->high - quantizer->low > UINT8_MAX);
}

/* The Quantize that alone writes a group, or several of one step. */
static void find_writers(asx_groups *g, const asx_network *net, bool *mixed)
{
    for (size_t v = 0; v < net->n_values; v++)
        mixed[v] = v == g->of_value[net->input];
    for (size_t i = 0; i < net->n_nodes; i++) {
        const asx_node *node = &net->node[i];
        const size_t group = g->of_value[node->output];
        if (keeps_step(g, net, node, g->quantizer[group]))
            continue;
        if (node->op != ASX_OP_QUANTIZE ||
            (g->quantizer[group] && fabsf(g->quantizer[group]->alpha - node->alpha) > 0))
            mixed[group] = true;
        g->quantizer[group] = node;
    }
    for (size_t v = 0; v < net->n_values; v++)
        if (mixed[v])
            g->quantizer[v] = NULL;
}

/* The Quantize that alone reads a group, or several of one step. */
static void find_last(const asx_node **out, const asx_groups *g, const asx_network *net,
                      bool *mixed)
{
    for (size_t v = 0; v < net->n_values; v++)
        mixed[v] = v == g->of_value[net->output];
    for (size_t i = 0; i < net->n_nodes; i++) {
        const asx_node *node = &net->node[i];
        for (size_t j = 0; j < node->n_inputs; j++) {
            const size_t group = g->of_value[node->input[j]];
            if (scaling_of(g, net, node) == ASX_SCALE_SAME)
                continue;
            if (node->op != ASX_OP_QUANTIZE ||
                (out[group] && fabsf(out[group]->alpha - node->alpha) > 0))
                mixed[group] = true;
            out[group] = node;
        }
    }
    for (size_t v = 0; v < net->n_values; v++)
        if (mixed[v])
            out[v] = NULL;
}

/* Whoever writes a group comes first. */
static asx_status find_steps(asx_groups *g, const asx_network *net, bool *mixed, asx_error *err)
{
    const asx_node **reader = asx_array_new(net->n_values, sizeof(const asx_node *));
    if (!reader)
        return asx_fail(err, ASX_ENOMEM, "no memory for groups of values");
    find_writers(g, net, mixed);
    find_last(reader, g, net, mixed);
    for (size_t v = 0; v < net->n_values; v++)
        if (!g->quantizer[v])
            g->quantizer[v] = reader[v];
    for (size_t i = 0; i < net->n_nodes; i++)
        if (g->cuts[i])
            g->shared[g->of_value[net->node[i].output]] = true;
    free(reader);
    return ASX_OK;
}

static void find_relus(asx_groups *g, const asx_network *net)
{
    for (size_t i = 0; i + 1 < net->n_nodes; i++) {
        const asx_node *node = &net->node[i], *next = &net->node[i + 1];
        size_t n_readers = node->output == net->output;
        for (size_t k = i + 1; k < net->n_nodes; k++)
            for (size_t j = 0; j < net->node[k].n_inputs; j++)
                n_readers += net->node[k].input[j] == node->output;
        g->relu[i] = (asx_node_has_weights(node) || node->op == ASX_OP_ADD) &&
                     next->op == ASX_OP_RELU && next->input[0] == node->output && n_readers == 1;
    }
}

asx_status asx_groups_init(asx_groups *out, const asx_network *network, asx_error *err)
{
    const size_t n = network->n_values;
    asx_groups g = {.of_value = asx_array_new(n, sizeof *g.of_value),
                    .reader = asx_array_new(n, sizeof *g.reader),
                    .quantizer = asx_array_new(n, sizeof(const asx_node *)),
                    .shared = asx_array_new(n, sizeof *g.shared),
                    .cuts = asx_array_new(network->n_nodes, sizeof *g.cuts),
                    .relu = asx_array_new(network->n_nodes, sizeof *g.relu)};
    bool *mark = asx_array_new(n, sizeof *mark);
    asx_status status = ASX_OK;
    if (!g.of_value || !g.reader || !g.quantizer || !g.shared || !g.cuts || !g.relu || !mark) {
        status = asx_fail(err, ASX_ENOMEM, "no memory for groups of values");
        goto done;
    }
    find_cuts(&g, network, mark);
    unite(&g, network);
    find_readers(&g, network);
    find_relus(&g, network);
    status = find_steps(&g, network, mark, err);
    if (status == ASX_OK) {
        *out = g;
        g = (asx_groups){0};
    }
done:
    free(mark);
    asx_groups_fini(&g);
    return status;
}

void asx_groups_fini(asx_groups *groups)
{
    if (!groups)
        return;
    free(groups->of_value);
    free(groups->reader);
    free(groups->quantizer);
    free(groups->shared);
    free(groups->cuts);
    free(groups->relu);
    *groups = (asx_groups){0};
}
