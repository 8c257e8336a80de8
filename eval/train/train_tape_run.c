/* Runs a tape on a batch: forward, node by node. */
#include "train_frame.h"
#include "train_norm.h"

static asx_status run_layer(const asx_tape_frame *f, const asx_node *node, const asx_tape_part *p,
                            asx_error *err)
{
    const asx_tensor in = asx_tape_value(f, node->input[0]), out = asx_tape_value(f, node->output);
    const bool turn = asx_tape_turns(node, out.value);
    const float *x = asx_tape_input(f, node, in);
    const float *bias = p->normalised ? f->tape->zero : f->run->parameter + p->bias;
    float *y = p->normalised ? f->room + p->raw : turn ? asx_tape_turned(f, 1) : out.data;
    const asx_status status =
        asx_dnn_layer_forward(p->kernel, y, x, (const char *)f->run->packed + p->packed, bias,
                              f->room + f->tape->scratch, err);
    if (status != ASX_OK)
        return asx_fail_context(err, status, "layer '%s'", node->name);
    if (p->normalised) {
        float *mean = asx_tape_statistics(f, p);
        asx_norm_forward(out.data, mean, mean + node->n_biases, y, f->run->parameter + p->gamma,
                         f->run->parameter + p->bias, asx_tape_rows(f, node), node->n_biases);
    } else if (turn) {
        asx_tensor_from_logical(out, y, f->tape->batch);
    }
    return ASX_OK;
}

/* asx_op_scale takes its constants from the node: those of the step stand in. */
static void run_scale(const asx_tape_frame *f, const asx_values *values, const asx_node *node,
                      const asx_tape_part *p)
{
    union {
        const float *in;
        float *out;
    } weight = {.in = f->run->parameter + p->weight}, bias = {.in = f->run->parameter + p->bias};
    asx_node now = *node;
    now.weight = weight.out;
    now.bias = bias.out;
    asx_op_scale(values, &now);
}

static asx_status run_node(const asx_tape_frame *f, const asx_values *values, const asx_node *node,
                           asx_error *err)
{
    if (!asx_op_types[node->op].forward)
        return run_layer(f, node, asx_tape_part_of(f, node), err);
    if (node->op == ASX_OP_SCALE)
        run_scale(f, values, node, asx_tape_part_of(f, node));
    else
        asx_op_types[node->op].forward(values, node);
    return ASX_OK;
}

asx_status asx_tape_forward(const float **logits, const asx_tape *tape, const asx_tape_run *run,
                            asx_tape_worker *worker, const float *images, asx_error *err)
{
    const asx_tape_frame f = {.tape = tape, .run = run, .room = worker->room};
    asx_tensor_from_logical(asx_tape_value(&f, tape->network->input), images, tape->batch);
    const asx_values values = {.value = tape->network->value,
                               .offset = tape->value,
                               .workspace = worker->room,
                               .scratch = asx_tape_turned(&f, 0),
                               .batch = tape->batch};
    for (size_t i = 0; i < tape->n_nodes; i++) {
        const asx_status status = run_node(&f, &values, &tape->network->node[i], err);
        if (status != ASX_OK)
            return status;
    }
    *logits = asx_tape_value(&f, tape->logits).data;
    return ASX_OK;
}
