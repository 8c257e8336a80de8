/* Runs a tape on a batch: forward, node by node. */
#include "train_frame.h"
#include "train_norm.h"

static asx_status run_layer(const asx_frame *f, const asx_node *node, const asx_tape_part *p,
                            asx_error *err)
{
    const asx_tensor in = asx_frame_value(f, node->input[0]),
                     out = asx_frame_value(f, node->output);
    const bool turn = asx_frame_turns(node, out.value);
    const float *x = asx_frame_input(f, node, in);
    const float *bias = p->normalised ? f->tape->zero : f->run->parameter + p->bias;
    float *y = p->normalised ? f->room + p->raw : turn ? asx_frame_turned(f, 1) : out.data;
    const asx_status status =
        asx_dnn_layer_forward(p->kernel, y, x, (const char *)f->run->packed + p->packed, bias,
                              f->room + f->tape->scratch, err);
    if (status)
        return asx_fail_context(err, status, "layer '%s'", node->name);
    if (p->normalised) {
        float *mean = asx_frame_statistics(f, p);
        asx_norm_forward(out.data, mean, mean + node->n_biases, y, f->run->parameter + p->gamma,
                         f->run->parameter + p->bias, asx_frame_rows(f, node), node->n_biases);
    } else if (turn) {
        asx_tensor_from_logical(out, y, f->tape->batch);
    }
    return ASX_OK;
}

/* asx_op_scale takes its constants from the node: those of the step stand in. */
static void run_scale(const asx_frame *f, const asx_node *node, const asx_tape_part *p)
{
    const asx_tensor in = asx_frame_value(f, node->input[0]),
                     out = asx_frame_value(f, node->output);
    union {
        const float *in;
        float *out;
    } weight = {.in = f->run->parameter + p->weight}, bias = {.in = f->run->parameter + p->bias};
    const asx_node now = {.op = ASX_OP_SCALE, .weight = weight.out, .bias = bias.out};
    asx_op_scale(out, in, &now, f->tape->batch);
}

static asx_status run_node(const asx_frame *f, size_t i, asx_error *err)
{
    const asx_node *node = &f->tape->network->node[i];
    const asx_tape_part *part = &f->tape->part[f->tape->part_of_node[i]];
    const size_t n = f->tape->batch;
    const asx_tensor out = asx_frame_value(f, node->output),
                     in = asx_frame_value(f, node->input[0]);
    size_t at = 0;
    switch (node->op) {
    case ASX_OP_CONV:
    case ASX_OP_DENSE:
        return run_layer(f, node, part, err);
    case ASX_OP_SCALE:
        run_scale(f, node, part);
        break;
    case ASX_OP_RELU:
        asx_op_relu(out, in, n);
        break;
    case ASX_OP_CLIP:
        asx_op_clip(out, in, node, n);
        break;
    case ASX_OP_SIGMOID:
        asx_op_sigmoid(out, in, n);
        break;
    case ASX_OP_SOFTMAX:
        asx_op_softmax(out, in, node, n);
        break;
    case ASX_OP_ADD:
        asx_op_add(out, in, asx_frame_value(f, node->input[1]), n);
        break;
    case ASX_OP_CONCAT:
        for (size_t j = 0; j < node->n_inputs; j++) {
            const asx_tensor part_in = asx_frame_value(f, node->input[j]);
            asx_op_concat(out, part_in, node, at, n);
            at += part_in.value->dim[node->axis];
        }
        break;
    case ASX_OP_MAX_POOL:
        asx_op_max_pool(out, in, node, n);
        break;
    case ASX_OP_AVERAGE_POOL:
        asx_op_average_pool(out, in, node, n);
        break;
    case ASX_OP_REDUCE_MEAN:
        asx_op_reduce_mean(out, in, node, n);
        break;
    case ASX_OP_RESHAPE:
        asx_op_reshape(out, in, asx_frame_turned(f, 0), n);
        break;
    case ASX_OP_TRANSPOSE:
        asx_op_transpose(out, in, node, n);
        break;
    case ASX_OP_SLICE:
        asx_op_slice(out, in, node, n);
        break;
    case ASX_OP_PAD:
        asx_op_pad(out, in, node, n);
        break;
    default:
        break; /* asx_tape_new has refused it */
    }
    return ASX_OK;
}

asx_status asx_tape_forward(const float **logits, const asx_tape *tape, const asx_tape_run *run,
                            asx_desk *desk, const float *images, asx_error *err)
{
    const asx_frame f = {.tape = tape, .run = run, .room = desk->room};
    asx_tensor_from_logical(asx_frame_value(&f, tape->network->input), images, tape->batch);
    for (size_t i = 0; i < tape->n_nodes; i++) {
        const asx_status status = run_node(&f, i, err);
        if (status)
            return status;
    }
    *logits = asx_frame_value(&f, tape->logits).data;
    return ASX_OK;
}
