#include "train_tape.h"

#include <stdlib.h>

#include "dse/memory.h"
#include "train_back.h"

enum { ALIGN = 16 }; /* floats: 64 bytes */

static size_t aligned(size_t n)
{
    return (n + ALIGN - 1) / ALIGN * ALIGN;
}

static bool is_softmax(const asx_node *node)
{
    return node->op == ASX_OP_SOFTMAX || node->op == ASX_OP_LOG_SOFTMAX;
}

/* The loss is taken of logits: a last softmax is left out. */
static void find_logits(asx_tape *t)
{
    const asx_network *net = t->network;
    t->n_nodes = net->n_nodes;
    t->logits = net->output;
    while (t->n_nodes > 0 && t->logits == net->node[t->n_nodes - 1].output &&
           is_softmax(&net->node[t->n_nodes - 1]))
        t->logits = net->node[--t->n_nodes].input[0];
}

static size_t n_uses(const asx_tape *t, size_t value)
{
    size_t n = value == t->logits;
    for (size_t i = 0; i < t->n_nodes; i++)
        for (size_t j = 0; j < t->network->node[i].n_inputs; j++)
            n += t->network->node[i].input[j] == value;
    return n;
}

/* Whether the backward pass of the node that made `value` can do without it. */
static bool is_spare(const asx_tape *t, size_t value)
{
    for (size_t i = 0; i < t->n_nodes; i++)
        if (t->network->node[i].output == value)
            return asx_tape_ops[t->network->node[i].op].forgets;
    return false; /* the images */
}

/* An operator may overwrite an input that nobody else looks at; and so may its gradient. */
static bool works_in_place(const asx_tape *t, const asx_node *node)
{
    return asx_tape_ops[node->op].overwrites && n_uses(t, node->input[0]) == 1 &&
           is_spare(t, node->input[0]);
}

static void place_values(asx_tape *t)
{
    const asx_network *net = t->network;
    const size_t n = aligned(t->batch * asx_value_n_elements(&net->value[net->input]));
    t->value[net->input] = t->size;
    t->size += n;
    for (size_t i = 0; i < t->n_nodes; i++) {
        const asx_node *node = &net->node[i];
        if (works_in_place(t, node)) {
            t->value[node->output] = t->value[node->input[0]];
            continue;
        }
        const size_t room = aligned(t->batch * asx_value_n_elements(&net->value[node->output]));
        asx_tape_part *part = asx_tape_ops[node->op].learns ? &t->part[t->part_of_node[i]] : NULL;
        t->value[node->output] = t->size;
        t->size += room;
        if (part && part->normalised) {
            part->raw = t->size;
            t->size += room;
        }
    }
}

static void place_gradients(asx_tape *t)
{
    const asx_network *net = t->network;
    for (size_t i = 0; i < t->n_nodes; i++) {
        const asx_node *node = &net->node[i];
        bool wanted = asx_tape_ops[node->op].learns;
        for (size_t j = 0; j < node->n_inputs; j++)
            wanted = wanted || t->wanted[node->input[j]];
        t->wanted[node->output] = wanted;
        if (!wanted)
            continue;
        if (works_in_place(t, node)) {
            t->gradient[node->output] = t->gradient[node->input[0]];
            continue;
        }
        t->gradient[node->output] = t->size;
        t->size += aligned(t->batch * asx_value_n_elements(&net->value[node->output]));
    }
}

static asx_status make_kernel(asx_dnn_layer **out, const asx_tape *t, const asx_node *node,
                              asx_error *err)
{
    const asx_value *x = &t->network->value[node->input[0]];
    const asx_value *y = &t->network->value[node->output];
    const asx_window *w = &node->window;
    if (node->op == ASX_OP_DENSE) {
        const size_t in = x->dim[x->rank - 1];
        return asx_dnn_layer_dense_new(out, t->batch * (asx_value_n_elements(x) / in), in,
                                       y->dim[y->rank - 1], err);
    }
    const asx_dnn_conv shape = {.batch = t->batch,
                                .groups = node->groups,
                                .in_c = x->dim[0],
                                .in_h = x->dim[1],
                                .in_w = x->dim[2],
                                .out_c = y->dim[0],
                                .out_h = y->dim[1],
                                .out_w = y->dim[2],
                                .kernel = {w->kernel[0], w->kernel[1]},
                                .stride = {w->stride[0], w->stride[1]},
                                .dilation = {w->dilation[0], w->dilation[1]},
                                .before = {w->before[0], w->before[1]},
                                .after = {w->after[0], w->after[1]}};
    return asx_dnn_layer_conv_new(out, &shape, t->choice.half, err);
}

static asx_status make_parts(asx_tape *t, asx_error *err)
{
    for (size_t i = 0; i < t->n_nodes; i++) {
        const asx_node *node = &t->network->node[i];
        if (!asx_tape_ops[node->op].learns)
            continue;
        asx_tape_part *p = &t->part[t->n_parts];
        t->part_of_node[i] = t->n_parts++;
        *p = (asx_tape_part){.node = node,
                             .weight = t->n_parameters,
                             .bias = t->n_parameters + node->n_weights,
                             .packed = t->packed_bytes};
        t->n_parameters += node->n_weights + node->n_biases;
        if (t->choice.normalises && node->normalised) {
            p->normalised = true;
            p->gamma = t->n_parameters;
            p->statistic = t->n_statistics;
            t->n_parameters += node->n_biases;
            t->n_statistics += 2 * node->n_biases;
        }
        if (node->op == ASX_OP_SCALE)
            continue;
        const asx_status status = make_kernel(&p->kernel, t, node, err);
        if (status != ASX_OK)
            return asx_fail_context(err, status, "layer '%s'", node->name);
        t->packed_bytes += asx_dnn_layer_packed_bytes(p->kernel);
    }
    return ASX_OK;
}

/* Rooms behind values and gradients: each as large as the largest that wants it. */
static void add_rooms(asx_tape *t)
{
    size_t most = 0, scratch = 0;
    for (size_t i = 0; i < t->network->n_values; i++) {
        const size_t n = asx_value_n_elements(&t->network->value[i]);
        most = n > most ? n : most;
    }
    for (size_t i = 0; i < t->n_parts; i++) {
        const size_t n = t->part[i].kernel ? asx_dnn_layer_scratch_bytes(t->part[i].kernel) : 0;
        scratch = n > scratch ? n : scratch;
    }
    t->turned_size = aligned(t->batch * most);
    t->statistics = t->size;
    t->rounded = t->statistics + aligned(t->n_statistics);
    t->turned = t->rounded + t->turned_size;
    t->scratch = t->turned + 2 * t->turned_size;
    t->size = t->scratch + aligned(scratch / sizeof(float) + 1);
}

asx_status asx_tape_new(asx_tape **out, const asx_network *network, asx_tape_choice choice,
                        asx_error *err)
{
    asx_tape *t = asx_array_new(1, sizeof *t);
    if (!t)
        return asx_fail(err, ASX_ENOMEM, "no memory for the tape of the network");
    t->network = network;
    t->choice = choice;
    t->batch = choice.batch;
    t->part = asx_array_new(network->n_nodes, sizeof *t->part);
    t->part_of_node = asx_array_new(network->n_nodes, sizeof *t->part_of_node);
    t->wanted = asx_array_new(network->n_values, sizeof *t->wanted);
    t->value = asx_array_new(network->n_values, sizeof *t->value);
    t->gradient = asx_array_new(network->n_values, sizeof *t->gradient);
    asx_status status = ASX_OK;
    if (!t->part || !t->part_of_node || !t->wanted || !t->value || !t->gradient)
        status = asx_fail(err, ASX_ENOMEM, "no memory for the tape of the network");
    if (status == ASX_OK) {
        find_logits(t);
        status = make_parts(t, err);
    }
    if (status == ASX_OK && !(t->zero = asx_array_new(t->n_statistics + 1, sizeof *t->zero)))
        status = asx_fail(err, ASX_ENOMEM, "no memory for the tape of the network");
    if (status != ASX_OK) {
        asx_tape_free(t);
        return status;
    }
    t->n_gradients = t->n_parameters + network->work.n_layers;
    place_values(t);
    place_gradients(t);
    add_rooms(t);
    *out = t;
    return ASX_OK;
}

void asx_tape_free(asx_tape *tape)
{
    if (!tape)
        return;
    for (size_t i = 0; i < tape->n_parts; i++)
        asx_dnn_layer_free(tape->part[i].kernel);
    free(tape->part);
    free(tape->part_of_node);
    free(tape->wanted);
    free(tape->value);
    free(tape->gradient);
    free(tape->zero);
    free(tape);
}

asx_status asx_tape_pack(const asx_tape *tape, void *packed, const float *parameter, asx_error *err)
{
    for (size_t i = 0; i < tape->n_parts; i++) {
        const asx_tape_part *p = &tape->part[i];
        if (!p->kernel)
            continue;
        const asx_status status =
            asx_dnn_layer_pack(p->kernel, (char *)packed + p->packed, parameter + p->weight, err);
        if (status != ASX_OK)
            return asx_fail_context(err, status, "layer '%s'", p->node->name);
    }
    return ASX_OK;
}

asx_status asx_tape_worker_init(asx_tape_worker *worker, const asx_tape *tape, asx_error *err)
{
    asx_tape_worker d = {NULL, asx_array_new(tape->network->n_values, sizeof *d.touched)};
    if (tape->size <= SIZE_MAX / sizeof(float) - ALIGN)
        d.room = aligned_alloc(ALIGN * sizeof(float), aligned(tape->size) * sizeof(float));
    if (!d.room || !d.touched) {
        asx_tape_worker_fini(&d);
        return asx_fail(err, ASX_ENOMEM, "no memory for buffers for %zu images", tape->batch);
    }
    *worker = d;
    return ASX_OK;
}

void asx_tape_worker_fini(asx_tape_worker *worker)
{
    if (!worker)
        return;
    free(worker->room);
    free(worker->touched);
    *worker = (asx_tape_worker){0};
}
