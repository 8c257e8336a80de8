/* Gradients of a tape: node by node, in the opposite order. */
#include <math.h>
#include <string.h>

#include "train_back.h"
#include "train_frame.h"
#include "train_norm.h"
#include "vector.h"

/* The gradient of value `v`, made ready to be added to. */
static asx_tensor adding(const asx_frame *f, size_t v)
{
    const asx_tensor d = asx_frame_gradient(f, v);
    if (!f->touched[v])
        memset(d.data, 0, f->tape->batch * asx_value_n_elements(d.value) * sizeof *d.data);
    f->touched[v] = true;
    return d;
}

/* The same for operators that can also overwrite. @param add what to tell them */
static asx_tensor touching(const asx_frame *f, size_t v, bool *add)
{
    *add = f->touched[v];
    f->touched[v] = true;
    return asx_frame_gradient(f, v);
}

/* Beyond the ends of its word a rounded input is a constant. */
ASX_VECTORISED static void pass_inside(float *dx, const float *d, const float *x, size_t n,
                                       float low, float high, bool add)
{
    if (add) {
#pragma omp simd
        for (size_t i = 0; i < n; i++) {
            const float g = d[i];
            dx[i] += ((x[i] >= low) & (x[i] <= high)) ? g : 0;
        }
    } else {
#pragma omp simd
        for (size_t i = 0; i < n; i++) {
            const float g = d[i];
            dx[i] = ((x[i] >= low) & (x[i] <= high)) ? g : 0;
        }
    }
}

/* Gradient by the scale s of rounded inputs, x^ = s Q(x / s), see train_weights.h: of every input,
 * d (x^ - x) / s inside the ends of the word and d x^ / s beyond. */
ASX_VECTORISED static double scale_gradient(const float *d, const float *x, size_t n,
                                            const asx_rounder *rounder, double s)
{
    enum { BLOCK = 256, LANES = 16 };
    const float low = (float)(s * asx_rounder_low(rounder));
    const float high = (float)(s * asx_rounder_high(rounder));
    float rounded[BLOCK];
    double sum = 0;
    for (size_t i = 0; i < n; i += BLOCK) {
        const size_t m = n - i < BLOCK ? n - i : BLOCK;
        float lane[LANES] = {0};
        asx_rounder_apply(rounded, x + i, m, rounder, s);
        for (size_t j = 0; j < m; j++) {
            const float v = x[i + j], inside = v >= low && v <= high ? v : 0;
            lane[j % LANES] += d[i + j] * (rounded[j] - inside);
        }
        for (size_t l = 0; l < LANES; l++)
            sum += (double)lane[l];
    }
    return sum / s;
}

/* Turned gradients wait in room 1 until the weights are done with dy there. */
static asx_status back_data(const asx_frame *f, const asx_node *node, const asx_tape_part *p,
                            const float *dy, asx_error *err)
{
    const asx_tape *t = f->tape;
    const asx_tensor x = asx_frame_value(f, node->input[0]);
    const size_t n = t->batch * asx_value_n_elements(x.value);
    const asx_rounder *rounder = f->run->rounder ? f->run->rounder[node->layer] : NULL;
    bool add;
    const asx_tensor dx = touching(f, node->input[0], &add);
    const bool turn = asx_frame_turns(node, x.value), direct = !turn && !rounder && !add;
    /* the weights' gradient is known by now, so their input's room is free */
    float *d = direct ? dx.data : f->room + t->rounded;
    const asx_status status = asx_dnn_layer_back_data(
        p->kernel, d, dy, (const char *)f->run->packed + p->packed, f->room + t->scratch, err);
    if (status || direct)
        return status;
    if (turn) {
        asx_tensor_from_logical((asx_tensor){x.value, asx_frame_turned(f, 0)}, d, t->batch);
        d = asx_frame_turned(f, 0);
    }
    if (rounder) {
        const double s = f->run->scale[node->layer];
        f->gradient[t->n_parameters + (size_t)node->layer] =
            (float)scale_gradient(d, x.data, n, rounder, s) /
            sqrtf((float)asx_value_n_elements(x.value));
        pass_inside(dx.data, d, x.data, n, (float)(s * asx_rounder_low(rounder)),
                    (float)(s * asx_rounder_high(rounder)), add);
    } else {
        asx_back_add(dx, d, t->batch, add);
    }
    return ASX_OK;
}

static asx_status back_layer(const asx_frame *f, const asx_node *node, const asx_tape_part *p,
                             asx_error *err)
{
    const asx_tape *t = f->tape;
    const asx_tensor out = asx_frame_gradient(f, node->output);
    const float *dy = out.data;
    if (asx_frame_turns(node, out.value)) {
        asx_tensor_to_logical(asx_frame_turned(f, 1), out, t->batch);
        dy = asx_frame_turned(f, 1);
    }
    const float *x = asx_frame_input(f, node, asx_frame_value(f, node->input[0]));
    float *dbias = f->gradient + p->bias;
    if (p->normalised) {
        const float *mean = asx_frame_statistics(f, p);
        asx_norm_backward(out.data, f->gradient + p->gamma, f->gradient + p->bias, f->room + p->raw,
                          mean, mean + node->n_biases, f->run->parameter + p->gamma,
                          asx_frame_rows(f, node), node->n_biases);
        dbias = asx_frame_turned(f, 1); /* not used: the layer has none */
    }
    asx_status status = asx_dnn_layer_back_weights(p->kernel, f->gradient + p->weight, dbias, x, dy,
                                                   f->room + t->scratch, err);
    if (!status && t->wanted[node->input[0]])
        status = back_data(f, node, p, dy, err);
    return status ? asx_fail_context(err, status, "layer '%s'", node->name) : ASX_OK;
}

static void back_scale(const asx_frame *f, const asx_node *node, const asx_tape_part *p)
{
    const asx_tensor x = asx_frame_value(f, node->input[0]);
    const asx_tensor dx =
        f->tape->wanted[node->input[0]] ? adding(f, node->input[0]) : (asx_tensor){x.value, NULL};
    asx_back_scale(dx, f->gradient + p->weight, f->gradient + p->bias, x.data,
                   asx_frame_gradient(f, node->output).data, f->run->parameter + p->weight,
                   f->tape->batch);
}

static void back_pointwise(const asx_frame *f, const asx_node *node)
{
    const size_t n = f->tape->batch;
    const float *y = asx_frame_value(f, node->output).data,
                *dy = asx_frame_gradient(f, node->output).data;
    bool add;
    const asx_tensor dx = touching(f, node->input[0], &add);
    if (node->op == ASX_OP_RELU)
        asx_back_relu(dx, y, dy, n, add);
    else if (node->op == ASX_OP_CLIP)
        asx_back_clip(dx, y, dy, node, n, add);
    else
        asx_back_sigmoid(dx, y, dy, n, add);
}

static void back_add(const asx_frame *f, const asx_node *node)
{
    for (size_t j = 0; j < 2; j++)
        if (f->tape->wanted[node->input[j]]) {
            bool add;
            const asx_tensor dx = touching(f, node->input[j], &add);
            asx_back_add(dx, asx_frame_gradient(f, node->output).data, f->tape->batch, add);
        }
}

static void back_concat(const asx_frame *f, const asx_node *node)
{
    size_t at = 0;
    for (size_t j = 0; j < node->n_inputs; j++) {
        const size_t v = node->input[j];
        if (f->tape->wanted[v])
            asx_back_concat(adding(f, v), asx_frame_gradient(f, node->output), node, at,
                            f->tape->batch);
        at += f->tape->network->value[v].dim[node->axis];
    }
}

/* Operators that take one value and have no parameters: they add. */
static void back_unary(const asx_frame *f, const asx_node *node)
{
    const size_t n = f->tape->batch;
    const asx_tensor dx = adding(f, node->input[0]), dy = asx_frame_gradient(f, node->output);
    const float *x = asx_frame_value(f, node->input[0]).data,
                *y = asx_frame_value(f, node->output).data;
    switch (node->op) {
    case ASX_OP_SOFTMAX:
        asx_back_softmax(dx, y, dy.data, node, n);
        break;
    case ASX_OP_MAX_POOL:
        asx_back_max_pool(dx, x, y, dy, node, n);
        break;
    case ASX_OP_AVERAGE_POOL:
        asx_back_average_pool(dx, dy, node, n);
        break;
    case ASX_OP_REDUCE_MEAN:
        asx_back_reduce_mean(dx, dy, node, n);
        break;
    case ASX_OP_RESHAPE:
        asx_back_reshape(dx, dy, n);
        break;
    case ASX_OP_TRANSPOSE:
        asx_back_transpose(dx, dy, node, n);
        break;
    case ASX_OP_SLICE:
        asx_back_slice(dx, dy, node, n);
        break;
    case ASX_OP_PAD:
        asx_back_pad(dx, dy, node, n);
        break;
    default:
        break; /* asx_tape_new has refused it */
    }
}

static asx_status back_node(const asx_frame *f, size_t i, asx_error *err)
{
    const asx_node *node = &f->tape->network->node[i];
    const asx_tape_part *part = &f->tape->part[f->tape->part_of_node[i]];
    switch (node->op) {
    case ASX_OP_CONV:
    case ASX_OP_DENSE:
        return back_layer(f, node, part, err);
    case ASX_OP_SCALE:
        back_scale(f, node, part);
        break;
    case ASX_OP_RELU:
    case ASX_OP_CLIP:
    case ASX_OP_SIGMOID:
        back_pointwise(f, node);
        break;
    case ASX_OP_ADD:
        back_add(f, node);
        break;
    case ASX_OP_CONCAT:
        back_concat(f, node);
        break;
    default:
        back_unary(f, node);
        break;
    }
    return ASX_OK;
}

asx_status asx_tape_backward(float *gradients, const asx_tape *tape, const asx_tape_run *run,
                             asx_desk *desk, const float *dlogits, asx_error *err)
{
    const asx_frame f = {.tape = tape,
                         .run = run,
                         .room = desk->room,
                         .touched = desk->touched,
                         .gradient = gradients};
    const asx_tensor d = asx_frame_gradient(&f, tape->logits);
    memset(desk->touched, 0, tape->network->n_values * sizeof *desk->touched);
    memset(gradients, 0, tape->n_gradients * sizeof *gradients);
    memcpy(d.data, dlogits, tape->batch * asx_value_n_elements(d.value) * sizeof *dlogits);
    desk->touched[tape->logits] = true;
    for (size_t i = tape->n_nodes; i-- > 0;) {
        const size_t out = tape->network->node[i].output;
        if (!tape->wanted[out] || !desk->touched[out])
            continue;
        const asx_status status = back_node(&f, i, err);
        if (status)
            return status;
    }
    return ASX_OK;
}
