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
    while (first + n < net->n_nodes && (only_moves(&net->node[first + n]) ||
                                        (n == 0 && net->node[first].op == ASX_OP_CONCAT))) {
        const asx_node *node = &net->node[first + n++];
        const asx_node *next = first + n < net->n_nodes ? node + 1 : NULL;
        if (!next || next->input[0] != node->output || n_readers(net, node->output) != 1)
            break;
    }
    return n;
}

/* Elements of all inputs of a node. */
static size_t n_read(const asx_network *net, const asx_node *node)
{
    size_t n = 0;
    for (size_t k = 0; k < node->n_inputs; k++)
        n += asx_value_n_elements(&net->value[node->input[k]]);
    return n;
}

/* Takes a row's elements apart by the inputs they come from. @param number [n_out] of the element among those of all inputs */
static asx_status part(asx_shuffle *move, const asx_network *net, const asx_node *node,
                       const float *number, size_t n_out, asx_error *err)
{
    move->part = asx_array_new(node->n_inputs, sizeof *move->part);
    if (!move->part)
        return asx_fail(err, ASX_ENOMEM, "no memory for the order of %zu elements", n_out);
    size_t first = 0;
    for (size_t k = 0; k < node->n_inputs; k++) {
        asx_shuffle_part *p = &move->part[k];
        const size_t end = first + asx_value_n_elements(&net->value[node->input[k]]);
        for (size_t i = 0; i < n_out; i++)
            p->n += (size_t)number[i] >= first && (size_t)number[i] < end;
        p->from = asx_array_new(p->n, sizeof *p->from);
        p->to = node->n_inputs > 1 ? asx_array_new(p->n, sizeof *p->to) : NULL;
        if (!p->from || (node->n_inputs > 1 && !p->to))
            return asx_fail(err, ASX_ENOMEM, "no memory for the order of %zu elements", n_out);
        for (size_t i = 0, at = 0; i < n_out; i++)
            if ((size_t)number[i] >= first && (size_t)number[i] < end) {
                p->from[at] = (uint32_t)((size_t)number[i] - first);
                if (p->to)
                    p->to[at] = (uint32_t)i;
                at++;
            }
        first = end;
    }
    return ASX_OK;
}

static bool takes_turns(const asx_shuffle *move, size_t n_inputs)
{
    for (size_t k = 0; k < n_inputs; k++)
        for (size_t i = 0; i < move->part[k].n; i++)
            if (move->part[k].n != move->part[0].n || move->part[k].from[i] != i ||
                !move->part[k].to || move->part[k].to[i] != n_inputs * i + k)
                return false;
    return true;
}

/* The operators themselves say where an element comes from: they move the elements' numbers. */
static asx_status find_sources(asx_shuffle *move, const asx_network *net, size_t first,
                               asx_error *err)
{
    const asx_node *node = &net->node[first], *last = node + move->n_nodes - 1;
    const size_t n = n_read(net, node), n_out = asx_value_n_elements(&net->value[last->output]);
    size_t room = n; /* a slice with steps of 0 repeats */
    for (size_t i = 0; i < move->n_nodes; i++) {
        const size_t made = asx_value_n_elements(&net->value[node[i].output]);
        room = made > room ? made : room;
    }
    size_t *offset = asx_array_new(net->n_values, sizeof *offset);
    float *number = asx_array_new((move->n_nodes + 2) * room, sizeof *number);
    asx_status status = ASX_OK;
    if (!offset || !number) {
        status = asx_fail(err, ASX_ENOMEM, "no memory for the order of %zu elements", n);
        goto done;
    }
    for (size_t i = 0; i < n; i++)
        number[i] = (float)i;
    for (size_t k = 0, at = 0; k < node->n_inputs; k++) {
        offset[node->input[k]] = at;
        at += asx_value_n_elements(&net->value[node->input[k]]);
    }
    for (size_t i = 0; i < move->n_nodes; i++)
        offset[node[i].output] = (i + 1) * room;
    const asx_values values = {.value = net->value,
                               .offset = offset,
                               .workspace = number,
                               .scratch = number + (move->n_nodes + 1) * room,
                               .batch = 1};
    for (size_t i = 0; i < move->n_nodes; i++)
        asx_op_types[node[i].op].forward(&values, &node[i]);
    status = part(move, net, node, number + offset[last->output], n_out, err);
    if (status == ASX_OK)
        move->halves = node->n_inputs == 2 && takes_turns(move, 2);
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
        if (n < 2 || n_read(network, &network->node[i]) > MOST)
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
    for (size_t i = 0; shuffles && i < network->n_nodes; i++) {
        for (size_t k = 0; shuffles[i].part && k < network->node[i].n_inputs; k++) {
            free(shuffles[i].part[k].from);
            free(shuffles[i].part[k].to);
        }
        free(shuffles[i].part);
    }
    free(shuffles);
}

ASX_VECTORISED static void gather(float *restrict out, const float *restrict in,
                                  const uint32_t *restrict from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[i] = in[from[i]];
}

static void scatter(float *restrict out, const uint32_t *restrict to, const float *restrict in,
                    const uint32_t *restrict from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[to[i]] = in[from[i]];
}

ASX_VECTORISED static void take_turns(float *restrict out, const float *restrict a,
                                      const float *restrict b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = a[i];
        out[2 * i + 1] = b[i];
    }
}

static void put_together(float *out, size_t n, const asx_values *values, const asx_node *first)
{
    const float *a = asx_values_at(values, first->input[0]).data,
                *b = asx_values_at(values, first->input[1]).data;
    for (size_t i = 0; i < values->batch; i++)
        take_turns(out + i * n, a + i * n / 2, b + i * n / 2, n / 2);
}

void asx_shuffle_run(const asx_shuffle *move, const asx_values *values, const asx_node *first)
{
    const asx_tensor out = asx_values_at(values, first[move->n_nodes - 1].output);
    const size_t n = asx_value_n_elements(out.value);
    if (move->halves) {
        put_together(out.data, n, values, first);
        return;
    }
    for (size_t k = 0; k < first->n_inputs; k++) {
        const asx_shuffle_part *p = &move->part[k];
        const asx_tensor in = asx_values_at(values, first->input[k]);
        const size_t n_in = asx_value_n_elements(in.value);
        for (size_t b = 0; b < values->batch; b++)
            if (p->to)
                scatter(out.data + b * n, p->to, in.data + b * n_in, p->from, p->n);
            else
                gather(out.data + b * n, in.data + b * n_in, p->from, p->n);
    }
}
