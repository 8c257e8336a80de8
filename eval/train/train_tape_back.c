/* Gradients of a tape: node by node, in the opposite order. */
#include <math.h>
#include <string.h>

#include "train_back.h"
#include "train_norm.h"
#include "vector.h"

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
static asx_status back_data(const asx_tape_frame *f, const asx_node *node, const asx_tape_part *p,
                            const float *dy, asx_error *err)
{
    const asx_tape *t = f->tape;
    const asx_tensor x = asx_tape_value(f, node->input[0]);
    const size_t n = t->batch * asx_value_n_elements(x.value);
    const asx_rounder *rounder = f->run->rounder ? f->run->rounder[node->layer] : NULL;
    bool add;
    const asx_tensor dx = asx_tape_touching(f, node->input[0], &add);
    const bool turn = asx_tape_turns(node, x.value), direct = !turn && !rounder && !add;
    /* the weights' gradient is known by now, so their input's room is free */
    float *d = direct ? dx.data : f->room + t->rounded;
    const asx_status status = asx_dnn_layer_back_data(
        p->kernel, d, dy, (const char *)f->run->packed + p->packed, f->room + t->scratch, err);
    if (status != ASX_OK || direct)
        return status;
    if (turn) {
        asx_tensor_from_logical((asx_tensor){x.value, asx_tape_turned(f, 0)}, d, t->batch);
        d = asx_tape_turned(f, 0);
    }
    if (rounder) {
        const double s = f->run->scale[node->layer];
        f->gradient[t->n_parameters + (size_t)node->layer] =
            (float)scale_gradient(d, x.data, n, rounder, s) /
            sqrtf((float)asx_value_n_elements(x.value));
        pass_inside(dx.data, d, x.data, n, (float)(s * asx_rounder_low(rounder)),
                    (float)(s * asx_rounder_high(rounder)), add);
    } else {
        asx_back_pass(dx, d, t->batch, add);
    }
    return ASX_OK;
}

static asx_status back_layer(const asx_tape_frame *f, const asx_node *node, const asx_tape_part *p,
                             asx_error *err)
{
    const asx_tape *t = f->tape;
    const asx_tensor out = asx_tape_gradient(f, node->output);
    const float *dy = out.data;
    if (asx_tape_turns(node, out.value)) {
        asx_tensor_to_logical(asx_tape_turned(f, 1), out, t->batch);
        dy = asx_tape_turned(f, 1);
    }
    const float *x = asx_tape_input(f, node, asx_tape_value(f, node->input[0]));
    float *dbias = f->gradient + p->bias;
    if (p->normalised) {
        const float *mean = asx_tape_statistics(f, p);
        asx_norm_backward(out.data, f->gradient + p->gamma, f->gradient + p->bias, f->room + p->raw,
                          mean, mean + node->n_biases, f->run->parameter + p->gamma,
                          asx_tape_rows(f, node), node->n_biases);
        dbias = asx_tape_turned(f, 1); /* not used: the layer has none */
    }
    asx_status status = asx_dnn_layer_back_weights(p->kernel, f->gradient + p->weight, dbias, x, dy,
                                                   f->room + t->scratch, err);
    if (status == ASX_OK && t->wanted[node->input[0]])
        status = back_data(f, node, p, dy, err);
    return status ? asx_fail_context(err, status, "layer '%s'", node->name) : ASX_OK;
}

asx_status asx_tape_backward(float *gradients, const asx_tape *tape, const asx_tape_run *run,
                             asx_tape_worker *worker, const float *dlogits, asx_error *err)
{
    const asx_tape_frame f = {.tape = tape,
                              .run = run,
                              .room = worker->room,
                              .touched = worker->touched,
                              .gradient = gradients};
    const asx_tensor d = asx_tape_gradient(&f, tape->logits);
    memset(worker->touched, 0, tape->network->n_values * sizeof *worker->touched);
    memset(gradients, 0, tape->n_gradients * sizeof *gradients);
    memcpy(d.data, dlogits, tape->batch * asx_value_n_elements(d.value) * sizeof *dlogits);
    worker->touched[tape->logits] = true;
    for (size_t i = tape->n_nodes; i-- > 0;) {
        const asx_node *node = &tape->network->node[i];
        asx_status status = ASX_OK;
        if (!tape->wanted[node->output] || !worker->touched[node->output])
            continue;
        if (asx_tape_ops[node->op].backward)
            asx_tape_ops[node->op].backward(&f, node);
        else
            status = back_layer(&f, node, asx_tape_part_of(&f, node), err);
        if (status != ASX_OK)
            return status;
    }
    return ASX_OK;
}
