/* Nodes of the graph as steps, with the engine's constants. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "integer_ops.h"
#include "integer_weights.h"
#include "ops.h"
#include "program_parts.h"

static asx_status no_memory(asx_error *err)
{
    return asx_fail(err, ASX_ENOMEM, "no memory for a step of a program");
}

static void set_window(asx_step *s, const asx_window *w)
{
    for (size_t a = 0; a < 2; a++) {
        s->kernel[a] = w->kernel[a];
        s->stride[a] = w->stride[a];
        s->dilation[a] = w->dilation[a];
        s->before[a] = w->before[a];
        s->after[a] = w->after[a];
    }
}

static asx_status set_layer(asx_step *s, asx_step_parts *own, const asx_program *p,
                            const asx_node *node, asx_error *err)
{
    const asx_integer_layer *l = &p->parts->engine.layer[node->layer];
    const asx_rounded *words = &asx_projection_integers(l->projection)->rounded;
    own->weight = asx_array_copy(words->word, node->n_weights, sizeof *own->weight);
    own->weight_scale = asx_array_copy(words->scale, node->n_biases, sizeof *own->weight_scale);
    own->bias = asx_array_new(node->n_biases, sizeof *own->bias);
    if (!own->weight || !own->weight_scale || !own->bias)
        return no_memory(err);
    s->weight_word = l->weight_word;
    s->input_word = l->input_word;
    for (size_t c = 0; c < node->n_biases; c++)
        own->bias[c] = (int64_t)l->wide_bias[c];
    s->input_factor = l->input_factor;
    s->groups = node->groups ? node->groups : 1;
    s->n_weights = node->n_weights;
    s->n_biases = node->n_biases;
    s->weight = own->weight;
    s->weight_scale = own->weight_scale;
    s->bias = own->bias;
    s->factor = l->output_factor;
    return ASX_OK;
}

static void logical_strides(ptrdiff_t stride[ASX_PROGRAM_RANK], const size_t dim[ASX_PROGRAM_RANK])
{
    ptrdiff_t step = 1;
    for (size_t i = ASX_PROGRAM_RANK; i-- > 0; step *= (ptrdiff_t)dim[i])
        stride[i] = step;
}

/* All of an input, element for element, to where the output begins. */
static asx_move whole(const asx_program_value *out, const asx_program_value *in)
{
    asx_move m = {0};
    memcpy(m.dim, in->dim, sizeof m.dim);
    logical_strides(m.from_stride, in->dim);
    logical_strides(m.to_stride, out->dim);
    return m;
}

/* Trailing dimensions of 1 make strides of values of lower rank right too: dim[i] = 1 beyond it,
 * so that the last of them counts elements. */
static void move_one(asx_move *m, const asx_node *node, const asx_program_value *out)
{
    const asx_move all = *m;
    for (size_t i = 0; i < out->rank; i++) {
        if (node->op == ASX_OP_TRANSPOSE) {
            m->dim[i] = out->dim[i];
            m->from_stride[i] = all.from_stride[node->perm[i]];
        } else if (node->op == ASX_OP_SLICE) {
            m->dim[i] = out->dim[i];
            m->from += (size_t)(node->start[i] * all.from_stride[i]);
            m->from_stride[i] = node->step[i] * all.from_stride[i];
        } else if (node->op == ASX_OP_PAD) {
            m->to += node->before[i] * (size_t)all.to_stride[i];
        }
    }
}

static asx_status set_moves(asx_step *s, asx_step_parts *own, const asx_program *p,
                            const asx_node *node, asx_error *err)
{
    const asx_program_value *out = &p->value[node->output];
    size_t at = 0;
    own->move = asx_array_new(node->n_inputs, sizeof *own->move);
    if (!own->move)
        return no_memory(err);
    for (size_t i = 0; i < node->n_inputs; i++) {
        const asx_program_value *in = &p->value[node->input[i]];
        own->move[i] = whole(out, in);
        if (node->op == ASX_OP_CONCAT) {
            own->move[i].to = at * (size_t)own->move[i].to_stride[node->axis];
            at += in->dim[node->axis];
        } else {
            move_one(&own->move[i], node, out);
        }
    }
    s->kind = ASX_STEP_MOVE;
    s->move = own->move;
    s->fill = asx_integer_constant(&p->parts->engine, node->output, node->fill);
    return ASX_OK;
}

static asx_status set_mean(asx_step *s, const asx_node *node, const asx_value *in, asx_error *err)
{
    s->kind = ASX_STEP_MEAN;
    s->count_padding = node->op == ASX_OP_AVERAGE_POOL && node->count_padding;
    if (node->op == ASX_OP_AVERAGE_POOL) {
        set_window(s, &node->window);
    } else if (asx_is_mean_of_places(node, in)) {
        const asx_window all = {
            .kernel = {in->dim[1], in->dim[2]}, .stride = {1, 1}, .dilation = {1, 1}};
        set_window(s, &all);
    } else {
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "node '%s': a mean over other than the places of a feature map is no step "
                        "of a program",
                        node->name);
    }
    return ASX_OK;
}

static asx_status set_product(asx_step *s, asx_step_parts *own, const asx_program *p,
                              const asx_node *node, asx_error *err)
{
    own->factor = asx_array_new(1, sizeof *own->factor);
    if (!own->factor)
        return no_memory(err);
    *own->factor = asx_dyadic_of(p->value[node->input[0]].scale * p->value[node->input[1]].scale /
                                     p->value[node->output].scale,
                                 p->multiplier_bits);
    s->kind = ASX_STEP_MUL;
    s->factor = own->factor;
    return ASX_OK;
}

/* Operators that are steps as they stand; CONV, which is 0, for the others. */
static const asx_step_kind SIMPLE[ASX_N_OPS] = {[ASX_OP_ADD] = ASX_STEP_ADD,
                                                [ASX_OP_SUB] = ASX_STEP_SUB,
                                                [ASX_OP_MAX] = ASX_STEP_MAX,
                                                [ASX_OP_MIN] = ASX_STEP_MIN,
                                                [ASX_OP_RELU] = ASX_STEP_CLIP};

static void set_bounds(asx_step *s, const asx_integer *engine, const asx_node *node)
{
    s->kind = ASX_STEP_CLIP;
    s->low = asx_integer_constant(engine, node->output, node->low);
    s->high = asx_integer_constant(engine, node->output, node->high);
}

/* What is an integer of a Quantize's step already it leaves as it is. */
static bool keeps_step(const asx_program *p, const asx_node *node)
{
    const double step = (double)node->alpha;
    return !(fabs(p->value[node->input[0]].scale - step) > 0) &&
           !(fabs(p->value[node->output].scale - step) > 0);
}

static asx_status describe(asx_step *s, asx_step_parts *own, const asx_program *p,
                           const asx_node *node, asx_error *err)
{
    const asx_network *net = asx_calibration_network(p->parts->calibration);
    const asx_integer *engine = &p->parts->engine;
    switch (node->op) {
    case ASX_OP_CONV:
        s->kind = ASX_STEP_CONV;
        set_window(s, &node->window);
        return set_layer(s, own, p, node, err);
    case ASX_OP_DENSE:
        s->kind = ASX_STEP_DENSE;
        return set_layer(s, own, p, node, err);
    case ASX_OP_MUL:
        return set_product(s, own, p, node, err);
    case ASX_OP_CLIP:
        set_bounds(s, engine, node);
        return ASX_OK;
    case ASX_OP_QUANTIZE: /* where it does no more than cut off */
        if (!engine->groups->cuts[node - net->node] && !keeps_step(p, node))
            break;
        s->kind = ASX_STEP_CLIP;
        asx_integer_ends(&s->low, &s->high, engine, node);
        return ASX_OK;
    case ASX_OP_MAX_POOL:
        s->kind = ASX_STEP_MAX_POOL;
        set_window(s, &node->window);
        return ASX_OK;
    case ASX_OP_AVERAGE_POOL:
    case ASX_OP_REDUCE_MEAN:
        return set_mean(s, node, &net->value[node->input[0]], err);
    case ASX_OP_CONCAT:
    case ASX_OP_TRANSPOSE:
    case ASX_OP_SLICE:
    case ASX_OP_PAD:
        return set_moves(s, own, p, node, err);
    default:
        if (!SIMPLE[node->op])
            break;
        s->kind = SIMPLE[node->op];
        s->low = node->op == ASX_OP_RELU ? 0 : s->low;
        return ASX_OK;
    }
    if (asx_network_has_steps(net))
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "network '%s' has recurrent layers, whose steps are not computed in "
                        "integers alone (%s)",
                        net->name, asx_op_text(node->op));
    return asx_fail(err, ASX_EUNSUPPORTED,
                    "node '%s': %s is not computed in integers, so it is no step of a program",
                    node->name, asx_op_text(node->op));
}

asx_status asx_program_add_step(asx_program *program, const asx_node *node, asx_error *err)
{
    const asx_network *net = asx_calibration_network(program->parts->calibration);
    const size_t number = (size_t)(node - net->node);
    const bool *rectified = program->parts->engine.groups->relu;
    if (node->op == ASX_OP_RESHAPE) {
        program->parts->alias[node->output] = program->parts->alias[node->input[0]];
        return ASX_OK;
    }
    if (number > 0 && rectified[number - 1])
        return ASX_OK;
    asx_step *s = &program->step[program->n_steps];
    asx_step_parts *own = &program->parts->step[program->n_steps++];
    const int32_t limit = program->value[node->output].limit;
    *s = (asx_step){.name = node->layer == ASX_NO_LAYER ? node->name
                                                        : net->work.layer[node->layer].name,
                    .input = node->input,
                    .n_inputs = node->n_inputs,
                    .output = rectified[number] ? node[1].output : node->output,
                    .low = rectified[number] ? 0 : -limit,
                    .high = limit};
    return describe(s, own, program, node, err);
}
