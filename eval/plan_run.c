/* Runs a prepared network on a batch, node by node. */
#include <math.h>
#include <string.h>

#include "integer.h"
#include "ops.h"
#include "plan.h"

static asx_tensor tensor(const asx_frame *f, size_t value)
{
    return (asx_tensor){&f->plan->network->value[value], f->workspace + f->plan->offset[value]};
}

static asx_status run_float_layer(const asx_frame *f, const asx_node *node, float *y,
                                  const float *x, asx_error *err)
{
    const asx_plan *plan = f->plan;
    const size_t layer = (size_t)node->layer;
    const asx_layer_setting *set = f->run->layer ? &f->run->layer[layer] : NULL;
    const asx_dnn_weights *weights = set && set->weights ? set->weights : plan->weights[layer];
    if (set && set->rounder) {
        float *rounded = f->workspace + plan->rounded;
        asx_rounder_apply(rounded, x, plan->batch * asx_plan_layer_inputs(plan, layer),
                          set->rounder, set->scale);
        x = rounded;
    }
    return asx_dnn_run(plan->op[layer], y, x, weights, node->bias, f->workspace + plan->scratch,
                       err);
}

/* Whether the node's Relu is done with it. */
static bool is_rectified(const asx_frame *f, const asx_node *node)
{
    const asx_groups *groups = asx_calibration_groups(f->run->integer->calibration);
    return groups->relu[node - f->plan->network->node];
}

static asx_status run_integer_layer(const asx_frame *f, const asx_node *node, float *y,
                                    const float *x, asx_error *err)
{
    const asx_integer_job job = {f->run->integer, f->plan, f->workspace, is_rectified(f, node)};
    return asx_integer_run_layer(&job, node, y, x, err);
}

/* Dense layers work on rows of the last logical dimension, so a feature map is turned into its
 * logical order before one and back after it; convolutions take it as it is stored. */
static asx_status run_layer(const asx_frame *f, const asx_node *node, asx_error *err)
{
    const asx_plan *plan = f->plan;
    const size_t layer = (size_t)node->layer;
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
        float *logical = f->workspace + plan->logical;
        asx_tensor_to_logical(logical, in, plan->batch);
        x = logical;
    }
    if (turn_out)
        y = f->workspace + plan->logical + plan->logical_size;
    asx_status status = f->run->integer ? run_integer_layer(f, node, y, x, err)
                                        : run_float_layer(f, node, y, x, err);
    if (status)
        return asx_fail_context(err, status, "layer '%s'", node->name);
    if (turn_out)
        asx_tensor_from_logical(out, y, plan->batch);
    return ASX_OK;
}

static void run_concat(const asx_frame *f, const asx_node *node)
{
    size_t at = 0;
    for (size_t i = 0; i < node->n_inputs; i++) {
        const asx_tensor in = tensor(f, node->input[i]);
        asx_op_concat(tensor(f, node->output), in, node, at, f->plan->batch);
        at += in.value->dim[node->axis];
    }
}

static asx_status run_float(const asx_frame *f, const asx_node *node, asx_error *err)
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
        asx_op_reshape(out, in, f->workspace + f->plan->logical, n);
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

/* A real constant as an integer of a scale. */
static float integer_of(float constant, double scale)
{
    const double limit = ASX_INTEGER_MAX;
    return (float)fmax(-limit, fmin(rint((double)constant / scale), limit));
}

/* The same node in integers; see integer.h. */
static asx_status run_integer(const asx_frame *f, const asx_node *node, asx_error *err)
{
    const asx_integer *design = f->run->integer;
    const size_t n = f->plan->batch;
    const asx_tensor out = tensor(f, node->output), in = tensor(f, node->input[0]);
    const double scale = design->scale[node->output];
    asx_node local = *node;
    asx_status status = ASX_OK;
    switch (node->op) {
    case ASX_OP_RELU:
        if (node == f->plan->network->node || !is_rectified(f, node - 1) || in.data != out.data)
            asx_op_relu(out, in, n);
        break;
    case ASX_OP_ADD:
        asx_integer_add(out, in, tensor(f, node->input[1]), is_rectified(f, node), n);
        break;
    case ASX_OP_CLIP:
    case ASX_OP_PAD:
        local.low = integer_of(node->low, scale);
        local.high = integer_of(node->high, scale);
        local.fill = integer_of(node->fill, scale);
        return run_float(f, &local, err);
    case ASX_OP_AVERAGE_POOL:
    case ASX_OP_REDUCE_MEAN:
        status = run_float(f, node, err);
        asx_integer_settle(out, 1, n);
        break;
    case ASX_OP_SCALE:
    case ASX_OP_SIGMOID:
    case ASX_OP_SOFTMAX:
        asx_integer_reals(out, in, design->scale[node->input[0]], n);
        local.input = &local.output;
        status = run_float(f, &local, err);
        asx_integer_settle(out, scale, n);
        break;
    default:
        return run_float(f, node, err);
    }
    return status;
}

void asx_plan_load(const asx_frame *frame, const float *images)
{
    const asx_plan *plan = frame->plan;
    const asx_tensor in = tensor(frame, plan->network->input);
    const size_t size = asx_value_n_elements(in.value), n = frame->n_images;

    /* the kernels always compute a whole batch: the same arithmetic for an image wherever it is */
    asx_tensor_from_logical(in, images, n);
    memset(in.data + n * size, 0, (plan->batch - n) * size * sizeof *in.data);
    if (frame->run->see)
        frame->run->see(frame->run->state, plan->network->input, in.data, n * size);
    if (frame->run->integer)
        asx_integer_load(in, frame->run->integer, plan->batch);
}

asx_status asx_plan_steps(const asx_frame *frame, size_t first, size_t end, asx_error *err)
{
    const asx_network *net = frame->plan->network;
    for (size_t i = first; i < end; i++) {
        const asx_node *node = &net->node[i];
        asx_status status =
            frame->run->integer ? run_integer(frame, node, err) : run_float(frame, node, err);
        if (status)
            return status;
        if (frame->run->see)
            frame->run->see(frame->run->state, node->output, tensor(frame, node->output).data,
                            frame->n_images * asx_value_n_elements(&net->value[node->output]));
    }
    return ASX_OK;
}

void asx_plan_logits(const asx_frame *frame, float *logits)
{
    const size_t v = frame->plan->network->output;
    const asx_tensor out = tensor(frame, v);
    asx_tensor_to_logical(logits, out, frame->n_images);
    if (frame->run->integer)
        asx_integer_reals((asx_tensor){out.value, logits}, (asx_tensor){out.value, logits},
                          frame->run->integer->scale[v], frame->n_images);
}

asx_status asx_plan_run(const asx_plan *plan, float *logits, const float *images,
                        size_t first_image, size_t n_images, const asx_run *run, float *workspace,
                        asx_error *err)
{
    const asx_frame frame = {.plan = plan,
                             .run = run,
                             .workspace = workspace,
                             .first_image = first_image,
                             .n_images = n_images};
    asx_plan_load(&frame, images);
    asx_status status = asx_plan_steps(&frame, 0, plan->network->n_nodes, err);
    if (!status)
        asx_plan_logits(&frame, logits);
    return status;
}
