#include "plan_run.h"

#include <string.h>

static asx_status run_float_layer(const asx_frame *f, const asx_node *node, float *y,
                                  const float *x, asx_error *err)
{
    const asx_plan *plan = f->plan;
    const size_t layer = (size_t)node->layer;
    return asx_dnn_run(plan->op[layer], y, x, plan->weights[layer], node->bias,
                       f->workspace + plan->scratch, err);
}

static const asx_numerics FLOATS = {.layer = run_float_layer};

static const asx_numerics *numerics_of(const asx_frame *frame)
{
    return frame->run->numerics ? frame->run->numerics : &FLOATS;
}

asx_values asx_frame_values(const asx_frame *frame)
{
    const asx_plan *plan = frame->plan;
    return (asx_values){.value = plan->network->value,
                        .offset = plan->offset,
                        .workspace = frame->workspace,
                        .scratch = frame->workspace + plan->logical,
                        .batch = plan->batch};
}

/* Dense layers work on rows of the last logical dimension, so a feature map is turned into its
 * logical order before one and back after it; convolutions take it as it is stored. */
static asx_status run_layer(const asx_frame *f, const asx_values *values, const asx_node *node,
                            asx_error *err)
{
    const asx_plan *plan = f->plan;
    const asx_tensor in = asx_values_at(values, node->input[0]),
                     out = asx_values_at(values, node->output);
    const bool dense = node->op == ASX_OP_DENSE;
    const bool turn_in = dense && !asx_tensor_is_logical(in.value);
    const bool turn_out = dense && !asx_tensor_is_logical(out.value);
    const float *x = in.data;
    float *y = out.data;

    if (f->run->observe) {
        asx_status status =
            f->run->observe(f->run->watcher, node, f->first_image, x, f->n_images, err);
        if (status != ASX_OK)
            return status;
    }
    if (turn_in) {
        float *logical = f->workspace + plan->logical;
        asx_tensor_to_logical(logical, in, plan->batch);
        x = logical;
    }
    if (turn_out)
        y = f->workspace + plan->logical + plan->logical_size;
    asx_status status = numerics_of(f)->layer(f, node, y, x, err);
    if (status != ASX_OK)
        return asx_fail_context(err, status, "layer '%s'", node->name);
    if (turn_out)
        asx_tensor_from_logical(out, y, plan->batch);
    return ASX_OK;
}

static asx_status observe_product(const asx_frame *f, const asx_values *values,
                                  const asx_node *node, asx_error *err)
{
    const asx_run *run = f->run;
    asx_status status = ASX_OK;
    if (run->observe)
        status = run->observe(run->watcher, node, f->first_image,
                              asx_values_at(values, node->input[0]).data, f->n_images, err);
    if (status == ASX_OK && run->observe_second)
        status = run->observe_second(run->watcher, node, f->first_image,
                                     asx_values_at(values, node->input[1]).data, f->n_images, err);
    return status;
}

static asx_status run_node(const asx_frame *f, const asx_values *values, const asx_node *node,
                           asx_error *err)
{
    const asx_numerics *numerics = numerics_of(f);
    if (!asx_op_types[node->op].forward)
        return run_layer(f, values, node, err);
    if (node->layer != ASX_NO_LAYER) {
        const asx_status status = observe_product(f, values, node, err);
        if (status != ASX_OK)
            return status;
    }
    if (numerics->operate)
        numerics->operate(f, node);
    else
        asx_op_types[node->op].forward(values, node);
    return ASX_OK;
}

void asx_plan_load(const asx_frame *frame, const float *images)
{
    const asx_plan *plan = frame->plan;
    const asx_values values = asx_frame_values(frame);
    const asx_tensor in = asx_values_at(&values, plan->network->input);
    const size_t size = asx_value_n_elements(in.value), n = frame->n_images;

    /* the kernels always compute a whole batch: the same arithmetic for an image wherever it is */
    asx_tensor_from_logical(in, images, n);
    memset(in.data + n * size, 0, (plan->batch - n) * size * sizeof *in.data);
    if (frame->run->see)
        frame->run->see(frame->run->watcher, plan->network->input, in.data, n * size);
    if (numerics_of(frame)->load)
        numerics_of(frame)->load(frame);
}

/* Whether a row of nodes begins that may be one copy: none of its values is asked for. */
static bool is_one_copy(const asx_frame *frame, size_t node, size_t end)
{
    const asx_shuffle *move = &frame->plan->shuffle[node];
    return move->n_nodes > 0 && move->n_nodes <= end - node && !frame->run->see;
}

asx_status asx_plan_steps(const asx_frame *frame, size_t first, size_t end, asx_error *err)
{
    const asx_network *net = frame->plan->network;
    const asx_values values = asx_frame_values(frame);
    for (size_t i = first; i < end; i++) {
        const asx_node *node = &net->node[i];
        if (is_one_copy(frame, i, end)) {
            asx_shuffle_run(&frame->plan->shuffle[i], &values, node);
            i += frame->plan->shuffle[i].n_nodes - 1;
            continue;
        }
        const asx_status status = run_node(frame, &values, node, err);
        if (status != ASX_OK)
            return status;
        if (frame->run->see)
            frame->run->see(frame->run->watcher, node->output,
                            asx_values_at(&values, node->output).data,
                            frame->n_images * asx_value_n_elements(&net->value[node->output]));
    }
    return ASX_OK;
}

void asx_plan_logits(const asx_frame *frame, float *logits)
{
    const asx_values values = asx_frame_values(frame);
    asx_tensor_to_logical(logits, asx_values_at(&values, frame->plan->network->output),
                          frame->n_images);
    if (numerics_of(frame)->unload)
        numerics_of(frame)->unload(frame, logits);
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
    if (status == ASX_OK)
        asx_plan_logits(&frame, logits);
    return status;
}
