/* Lifetime of networks, growth of their graph, and what callers may ask of them. */
#include "eval/network.h"

#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "dse/text.h"
#include "graph.h"

const char *asx_op_text(asx_op op)
{
    static const char *const text[] = {
#define ASX_TEXT(name, text) [name] = text,
        ASX_OP_LIST(ASX_TEXT)
#undef ASX_TEXT
    };
    return (unsigned)op < ASX_N_OPS ? text[op] : "?";
}

size_t asx_value_n_elements(const asx_value *value)
{
    size_t n = 1;
    for (size_t i = 0; i < value->rank; i++)
        n *= value->dim[i];
    return n;
}

bool asx_network_has_steps(const asx_network *network)
{
    for (size_t i = 0; i < network->work.n_layers; i++)
        if (network->work.layer[i].steps > 1)
            return true;
    return false;
}

void asx_node_fini(asx_node *node)
{
    if (!node)
        return;
    free(node->name);
    free(node->input);
    free(node->weight);
    free(node->bias);
    free(node->held.weight_scale);
    free(node->pick);
    memset(node, 0, sizeof *node);
}

asx_status asx_network_add_value(size_t *out, asx_network *network, const asx_value *value,
                                 asx_error *err)
{
    char *name = asx_string_copy(value->name);
    if (!name)
        return asx_fail(err, ASX_ENOMEM, "no memory for a value of the network");
    asx_value *grown = asx_array_grow(network->value, &network->value_capacity,
                                      network->n_values + 1, sizeof *grown);
    if (!grown) {
        free(name);
        return asx_fail(err, ASX_ENOMEM, "no memory for the values of the network");
    }
    network->value = grown;
    asx_value *added = &grown[network->n_values];
    *added = *value;
    added->name = name;
    for (size_t i = added->rank; i < ASX_RANK_MAX; i++)
        added->dim[i] = 1;
    *out = network->n_values++;
    return ASX_OK;
}

asx_status asx_network_add_node(asx_network *network, asx_node *node, asx_error *err)
{
    asx_node *grown =
        asx_array_grow(network->node, &network->node_capacity, network->n_nodes + 1, sizeof *grown);
    if (!grown)
        return asx_fail(err, ASX_ENOMEM, "no memory for the nodes of the network");
    network->node = grown;
    grown[network->n_nodes++] = *node;
    memset(node, 0, sizeof *node);
    return ASX_OK;
}

void asx_network_free(asx_network *network)
{
    if (!network)
        return;
    for (size_t i = 0; i < network->n_values; i++)
        free(network->value[i].name);
    for (size_t i = 0; i < network->n_nodes; i++)
        asx_node_fini(&network->node[i]);
    free(network->value);
    free(network->node);
    free(network->name);
    free(network->lacks);
    for (size_t i = 0; i < network->n_skipped; i++) {
        free(network->skipped[i].node);
        free(network->skipped[i].op);
        free(network->skipped[i].why);
    }
    free(network->skipped);
    free(network->output_name);
    asx_workload_fini(&network->work);
    free(network);
}

const asx_workload *asx_network_workload(const asx_network *network)
{
    return &network->work;
}

const size_t *asx_network_input_shape(const asx_network *network)
{
    return network->input_shape;
}

size_t asx_network_n_classes(const asx_network *network)
{
    return asx_value_n_elements(&network->value[network->output]);
}

const size_t *asx_network_output_shape(const asx_network *network, size_t *rank)
{
    const asx_value *y = &network->value[network->output];
    *rank = y->rank;
    return y->dim;
}

const char *asx_network_output_name(const asx_network *network)
{
    return network->output_name ? network->output_name : "";
}

size_t asx_network_n_outputs(const asx_network *network)
{
    return network->n_outputs > 0 ? network->n_outputs : 1;
}

const char *asx_network_lacks(const asx_network *network)
{
    return network->lacks;
}

const asx_skipped *asx_network_skipped(const asx_network *network, size_t *n)
{
    *n = network->n_skipped;
    return network->skipped;
}

void asx_network_print_skipped(asx_text *out, const asx_network *network)
{
    enum { SHOWN = 3 };
    size_t macs = 0, uncounted = 0;
    for (size_t i = 0; i < network->n_skipped; i++) {
        const asx_skipped *s = &network->skipped[i];
        if (i < SHOWN)
            asx_text_add(out, "%s'%s' (%s)", i > 0 ? ", " : "", s->node, s->op);
        macs += s->macs;
        uncounted += !s->counted;
    }
    if (network->n_skipped > SHOWN)
        asx_text_add(out, " and %zu more", network->n_skipped - SHOWN);
    if (macs > 0 || uncounted == 0)
        asx_text_add(out, ": %zu multiply-accumulates", macs);
    if (uncounted > 0)
        asx_text_add(out,
                     macs > 0 ? " and those of %zu that cannot be counted"
                              : ": multiply-accumulates of %zu that cannot be counted",
                     uncounted);
}

/* @return ASX_OK; ASX_EUNSUPPORTED */
static asx_status check_skipped(const asx_network *network, asx_error *err)
{
    asx_text text = {0};
    if (network->n_skipped == 0)
        return ASX_OK;
    asx_network_print_skipped(&text, network);
    const asx_status status = asx_fail(err, ASX_EUNSUPPORTED,
                                       "network '%s' is read for costs only (unknown: price): it "
                                       "cannot be run without %s",
                                       network->name, text.s ? text.s : "");
    asx_text_fini(&text);
    return status;
}

asx_status asx_network_check_weights(const asx_network *network, asx_error *err)
{
    if (network->n_skipped > 0)
        return check_skipped(network, err);
    if (!network->lacks)
        return ASX_OK;
    return asx_fail(err, ASX_EUNSUPPORTED,
                    "network '%s' has shapes only: no file holds the numbers of '%s' (for costs "
                    "none are needed; for accuracy, put the file of weights beside the model)",
                    network->name, network->lacks);
}

asx_status asx_network_check_classes(const asx_network *network, asx_error *err)
{
    const asx_value *y = &network->value[network->output];
    size_t sides = 0;
    for (size_t i = 0; i < y->rank; i++)
        sides += y->dim[i] > 1;
    if (sides == 1)
        return ASX_OK;
    asx_text shape = {0};
    for (size_t i = 0; i < y->rank; i++)
        asx_text_add(&shape, "%s%zu", i > 0 ? ", " : "", y->dim[i]);
    const asx_status status =
        asx_fail(err, ASX_EUNSUPPORTED,
                 "output '%s' of network '%s' is [%s] per image, not a number per class: costs, "
                 "but no accuracy",
                 asx_network_output_name(network), network->name, shape.s ? shape.s : "");
    asx_text_fini(&shape);
    return status;
}

bool asx_network_is_one_number(const asx_network *network)
{
    return network->one_logit;
}

size_t asx_network_n_parameters(const asx_network *network)
{
    size_t n = 0;
    for (size_t i = 0; i < network->n_nodes; i++)
        if (network->node[i].repeat == 0)
            n += network->node[i].n_weights + network->node[i].n_biases;
    return n;
}

uint64_t asx_network_hash(const asx_network *network)
{
    return network->hash;
}
