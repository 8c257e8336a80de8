#include "shuffle.h"

#include <stdlib.h>

#include "dse/memory.h"
#include "vector.h"

/* Floats tell so many elements of an image apart (find_sources). */
enum { MOST = 1 << 24 };

static bool only_moves(const asx_node *node)
{
    return node->op == ASX_OP_RESHAPE || node->op == ASX_OP_TRANSPOSE || node->op == ASX_OP_SLICE;
}

static size_t n_readers(const asx_network *net, size_t value)
{
    size_t n = value == net->output;
    for (size_t i = 0; i < net->n_nodes; i++)
        for (size_t k = 0; k < net->node[i].n_inputs; k++)
            n += net->node[i].input[k] == value;
    return n;
}

static size_t row_length(const asx_network *net, size_t first)
{
    size_t n = 0;
    while (first + n < net->n_nodes && only_moves(&net->node[first + n])) {
        const asx_node *node = &net->node[first + n++];
        const asx_node *next = first + n < net->n_nodes ? node + 1 : NULL;
        if (!next || next->input[0] != node->output || n_readers(net, node->output) != 1)
            break;
    }
    return n;
}

/* The operators themselves say where an element comes from: they move the elements' numbers. */
static asx_status find_sources(asx_shuffle *move, const asx_network *net, size_t first,
                               asx_error *err)
{
    const asx_node *node = &net->node[first], *last = node + move->n_nodes - 1;
    const size_t n = asx_value_n_elements(&net->value[node->input[0]]),
                 n_out = asx_value_n_elements(&net->value[last->output]);
    size_t room = n; /* a slice with steps of 0 repeats */
    for (size_t i = 0; i < move->n_nodes; i++) {
        const size_t made = asx_value_n_elements(&net->value[node[i].output]);
        room = made > room ? made : room;
    }
    size_t *offset = asx_array_new(net->n_values, sizeof *offset);
    float *number = asx_array_new((move->n_nodes + 2) * room, sizeof *number);
    asx_status status = ASX_OK;
    move->from = asx_array_new(n_out, sizeof *move->from);
    if (!offset || !number || !move->from) {
        status = asx_fail(err, ASX_ENOMEM, "no memory for the order of %zu elements", n);
        goto done;
    }
    for (size_t i = 0; i < n; i++)
        number[i] = (float)i;
    for (size_t i = 0; i < move->n_nodes; i++)
        offset[node[i].output] = (i + 1) * room;
    const asx_values values = {.value = net->value,
                               .offset = offset,
                               .workspace = number,
                               .scratch = number + (move->n_nodes + 1) * room,
                               .batch = 1};
    for (size_t i = 0; i < move->n_nodes; i++)
        asx_op_types[node[i].op].forward(&values, &node[i]);
    for (size_t i = 0; i < n_out; i++)
        move->from[i] = (uint32_t)number[offset[last->output] + i];
done:
    free(offset);
    free(number);
    return status;
}

asx_status asx_shuffles_new(asx_shuffle **out, const asx_network *network, asx_error *err)
{
    asx_shuffle *shuffles = asx_array_new(network->n_nodes, sizeof *shuffles);
    asx_status status = ASX_OK;
    if (!shuffles)
        return asx_fail(err, ASX_ENOMEM, "no memory for rows of nodes");
    for (size_t i = 0, n; status == ASX_OK && i < network->n_nodes; i += n ? n : 1) {
        n = row_length(network, i);
        if (n < 2 || asx_value_n_elements(&network->value[network->node[i].input[0]]) > MOST)
            continue;
        shuffles[i].n_nodes = n;
        status = find_sources(&shuffles[i], network, i, err);
    }
    if (status != ASX_OK)
        asx_shuffles_free(shuffles, network);
    else
        *out = shuffles;
    return status;
}

void asx_shuffles_free(asx_shuffle *shuffles, const asx_network *network)
{
    for (size_t i = 0; shuffles && i < network->n_nodes; i++)
        free(shuffles[i].from);
    free(shuffles);
}

ASX_VECTORISED static void gather(float *restrict out, const float *restrict in,
                                  const uint32_t *restrict from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[i] = in[from[i]];
}

void asx_shuffle_run(const asx_shuffle *move, const asx_values *values, const asx_node *first)
{
    const asx_tensor in = asx_values_at(values, first->input[0]),
                     out = asx_values_at(values, first[move->n_nodes - 1].output);
    const size_t n = asx_value_n_elements(out.value), n_in = asx_value_n_elements(in.value);
    for (size_t b = 0; b < values->batch; b++)
        gather(out.data + b * n, in.data + b * n_in, move->from, n);
}
