/* Runs a prepared network on a batch, node by node. */
#include <string.h>

#include "ops.h"
#include "plan.h"

/* What the nodes of one batch see. */
typedef struct frame {
    const asx_plan *plan;
    const asx_run *run;
    float *base; /* workspace */
    size_t first_image, n_images;
} frame;

static asx_tensor tensor(const frame *f, size_t value)
{
    return (asx_tensor){&f->plan->network->value[value], f->base + f->plan->offset[value]};
}

/* Dense layers work on rows of the last logical dimension, so a feature map is turned into its
 * logical order before one and back after it; convolutions take it as it is stored. */
static asx_status run_layer(const frame *f, const asx_node *node, asx_error *err)
{
    const asx_plan *plan = f->plan;
    const size_t layer = (size_t)node->layer;
    const asx_layer_setting *set = f->run->layer ? &f->run->layer[layer] : NULL;
    const asx_tensor in = tensor(f, node->input[0]), out = tensor(f, node->output);
    const bool dense = node->op == ASX_OP_DENSE;
    const bool turn_in = dense && !asx_tensor_is_logical(in.value);
    const bool turn_out = dense && !asx_tensor_is_logical(out.value);
    const float *x = in.data;
    float *y = out.data;

    if (f->run->observe) {
        asx_status status =
            f->run->observe(f->run->state, layer, f->first_image, x, f->n_images, err);
        if (status)
            return status;
    }
    if (turn_in) {
        float *logical = f->base + plan->logical;
        asx_tensor_to_logical(logical, in, plan->batch);
        x = logical;
    }
    if (turn_out)
        y = f->base + plan->logical + plan->logical_size;
    if (set && set->rounder) {
        float *rounded = f->base + plan->rounded;
        asx_rounder_apply(rounded, x, plan->batch * asx_value_n_elements(in.value), set->rounder,
                          set->scale);
        x = rounded;
    }
    const asx_dnn_weights *weights = set && set->weights ? set->weights : plan->weights[layer];
    asx_status status =
        asx_dnn_run(plan->op[layer], y, x, weights, node->bias, f->base + plan->scratch, err);
    if (status)
        return asx_fail_context(err, status, "layer '%s'", node->name);
    if (turn_out)
        asx_tensor_from_logical(out, y, plan->batch);
    return ASX_OK;
}

static void run_concat(const frame *f, const asx_node *node)
{
    size_t at = 0;
    for (size_t i = 0; i < node->n_inputs; i++) {
        const asx_tensor in = tensor(f, node->input[i]);
        asx_op_concat(tensor(f, node->output), in, node, at, f->plan->batch);
        at += in.value->dim[node->axis];
    }
}

static asx_status run_node(const frame *f, const asx_node *node, asx_error *err)
{
    const size_t n = f->plan->batch;
    const asx_tensor out = tensor(f, node->output), in = tensor(f, node->input[0]);
    switch (node->op) {
    case ASX_OP_CONV:
    case ASX_OP_DENSE:
        return run_layer(f, node, err);
    case ASX_OP_SCALE:
        asx_op_scale(out, in, node, n);
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
    case ASX_OP_LOG_SOFTMAX:
        asx_op_softmax(out, in, node, n);
        break;
    case ASX_OP_ADD:
        asx_op_add(out, in, tensor(f, node->input[1]), n);
        break;
    case ASX_OP_CONCAT:
        run_concat(f, node);
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
        asx_op_reshape(out, in, f->base + f->plan->logical, n);
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
    case ASX_N_OPS:
        break;
    }
    return ASX_OK;
}

asx_status asx_plan_run(const asx_plan *plan, float *logits, const float *images,
                        size_t first_image, size_t n_images, const asx_run *run, float *workspace,
                        asx_error *err)
{
    const asx_network *net = plan->network;
    const frame f = {.plan = plan,
                     .run = run,
                     .base = workspace,
                     .first_image = first_image,
                     .n_images = n_images};
    const asx_tensor in = tensor(&f, net->input), out = tensor(&f, net->output);
    const size_t size = asx_value_n_elements(in.value);

    /* the kernels always compute a whole batch: the same arithmetic for an image wherever it is */
    asx_tensor_from_logical(in, images, n_images);
    memset(in.data + n_images * size, 0, (plan->batch - n_images) * size * sizeof *in.data);
    for (size_t i = 0; i < net->n_nodes; i++) {
        asx_status status = run_node(&f, &net->node[i], err);
        if (status)
            return status;
    }
    asx_tensor_to_logical(logits, out, n_images);
    return ASX_OK;
}
