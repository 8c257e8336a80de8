#include "integer_ops.h"

#include <math.h>
#include <string.h>

#include "eval/dyadic.h"
#include "eval/measure.h"
#include "integer_mean.h"
#include "lookups.h"
#include "vector.h"

bool asx_integer_is_rectified(const asx_integer *design, const asx_frame *frame,
                              const asx_node *node)
{
    return design->groups->relu[node - frame->plan->network->node];
}

static asx_tensor output_of(const asx_frame *f, const asx_node *node)
{
    const asx_values values = asx_frame_values(f);
    return asx_values_at(&values, node->output);
}

static void run_as_floats(const asx_frame *f, const asx_node *node)
{
    const asx_values values = asx_frame_values(f);
    asx_op_types[node->op].forward(&values, node);
}

/* Nothing is left to do where the node before did it, and in place. */
static void run_relu(const asx_integer *s, const asx_frame *f, const asx_node *node)
{
    const size_t *offset = f->plan->offset;
    const bool done = node != f->plan->network->node && asx_integer_is_rectified(s, f, node - 1) &&
                      offset[node->input[0]] == offset[node->output];
    if (!done)
        run_as_floats(f, node);
}

ASX_VECTORISED static void add(float *y, const float *a, const float *b, size_t n, float low,
                               float high)
{
    for (size_t i = 0; i < n; i++)
        y[i] = asx_clamp(a[i] + b[i], low, high);
}

static void run_add(const asx_integer *s, const asx_frame *f, const asx_node *node)
{
    const asx_values v = asx_frame_values(f);
    const asx_tensor out = asx_values_at(&v, node->output);
    const float limit = s->limit[node->output];
    add(out.data, asx_values_at(&v, node->input[0]).data, asx_values_at(&v, node->input[1]).data,
        v.batch * asx_value_n_elements(out.value),
        asx_integer_is_rectified(s, f, node) ? 0 : -limit, limit);
}

ASX_VECTORISED static void subtract(float *y, const float *a, const float *b, size_t n, float limit)
{
    for (size_t i = 0; i < n; i++)
        y[i] = asx_clamp(a[i] - b[i], -limit, limit);
}

static void run_sub(const asx_integer *s, const asx_frame *f, const asx_node *node)
{
    const asx_values v = asx_frame_values(f);
    const asx_tensor out = asx_values_at(&v, node->output);
    subtract(out.data, asx_values_at(&v, node->input[0]).data,
             asx_values_at(&v, node->input[1]).data, v.batch * asx_value_n_elements(out.value),
             s->limit[node->output]);
}

/* Exact where the products fit a double. */
ASX_VECTORISED static void multiply(float *y, const float *a, const float *b, size_t n,
                                    double factor, double limit)
{
    for (size_t i = 0; i < n; i++)
        y[i] = (float)asx_to_integer_wide(
            asx_clamp_wide((double)a[i] * (double)b[i] * factor, -limit, limit));
}

static void run_mul(const asx_integer *s, const asx_frame *f, const asx_node *node)
{
    const asx_values v = asx_frame_values(f);
    const asx_tensor out = asx_values_at(&v, node->output);
    const float *a = asx_values_at(&v, node->input[0]).data,
                *b = asx_values_at(&v, node->input[1]).data;
    const size_t n = v.batch * asx_value_n_elements(out.value);
    const double limit = (double)s->limit[node->output];
    enum { EXACT_BITS = 53 - 2 * 16 }; /* of the factor: integers have 16 bits at most */
    const double factor = asx_dyadic_real(
        asx_dyadic_of(s->scale[node->input[0]] * s->scale[node->input[1]] / s->scale[node->output],
                      s->multiplier_bits));
    if (s->multiplier_bits <= EXACT_BITS) {
        multiply(out.data, a, b, n, factor, limit);
        return;
    }
    for (size_t i = 0; i < n; i++)
        out.data[i] = (float)asx_dyadic_scale((double)a[i] * (double)b[i], factor, -limit, limit);
}

static float rounded(double v, double limit)
{
    return isnan(v) ? 0 : (float)fmax(-limit, fmin(rint(v), limit));
}

/* A quotient is no integer, so this one is rounded in doubles. */
static void run_div(const asx_integer *s, const asx_frame *f, const asx_node *node)
{
    const asx_values v = asx_frame_values(f);
    const asx_tensor out = asx_values_at(&v, node->output);
    const float *a = asx_values_at(&v, node->input[0]).data,
                *b = asx_values_at(&v, node->input[1]).data;
    const size_t n = v.batch * asx_value_n_elements(out.value);
    const double limit = (double)s->limit[node->output];
    const double factor =
        s->scale[node->input[0]] / (s->scale[node->input[1]] * s->scale[node->output]);
    for (size_t i = 0; i < n; i++)
        out.data[i] = rounded((double)a[i] / (double)b[i] * factor, limit);
}

/* An operand of a product in its word, in a room of the workspace. */
static asx_tensor round_operand(float *room, asx_tensor x, size_t batch, const asx_rounder *rounder,
                                double factor)
{
    asx_rounder_requantise(room, x.data, batch * asx_value_n_elements(x.value), rounder, factor);
    return (asx_tensor){.value = x.value, .data = room};
}

static void run_matmul(const asx_integer *s, const asx_frame *f, const asx_node *node)
{
    const asx_integer_layer *l = &s->layer[node->layer];
    const asx_values v = asx_frame_values(f);
    const asx_tensor out = asx_values_at(&v, node->output);
    const size_t n = v.batch * asx_value_n_elements(out.value);
    const double limit = (double)s->limit[node->output];
    const asx_tensor a =
        round_operand(f->workspace + f->plan->rounded, asx_values_at(&v, node->input[0]), v.batch,
                      l->rounder, l->factor);
    const asx_tensor b =
        round_operand(f->workspace + f->plan->second, asx_values_at(&v, node->input[1]), v.batch,
                      l->second, l->second_factor);
    asx_multiply(out, a, b, v.batch);
    for (size_t i = 0; i < n; i++)
        out.data[i] =
            (float)asx_dyadic_scale((double)out.data[i], l->product_factor, -limit, limit);
}

static void run_constant(const asx_integer *s, const asx_frame *f, const asx_node *node)
{
    const asx_tensor out = output_of(f, node);
    run_as_floats(f, node);
    asx_integers_of(out.data, out.data, f->plan->batch * asx_value_n_elements(out.value),
                    s->scale[node->output], s->limit[node->output]);
}

int32_t asx_integer_constant(const asx_integer *integer, size_t value, float constant)
{
    const double limit = (double)integer->limit[value];
    return (int32_t)fmax(-limit, fmin(rint((double)constant / integer->scale[value]), limit));
}

/* Clip and Pad, whose constants are reals. */
static void run_with_constants(const asx_integer *s, const asx_frame *f, const asx_node *node)
{
    asx_node local = *node;
    local.low = (float)asx_integer_constant(s, node->output, node->low);
    local.high = (float)asx_integer_constant(s, node->output, node->high);
    local.fill = (float)asx_integer_constant(s, node->output, node->fill);
    run_as_floats(f, &local);
}

static void run_mean(const asx_integer *s, const asx_frame *f, const asx_node *node)
{
    const asx_values values = asx_frame_values(f);
    const asx_mean_rule rule = {s->multiplier_bits, (double)s->limit[node->output]};
    asx_integer_mean(&values, node, rule);
}

/* Through the reals that the integers stand for, which wait where the output goes. */
static void run_on_reals(const asx_integer *s, const asx_frame *f, const asx_node *node)
{
    const asx_values v = asx_frame_values(f);
    const asx_tensor out = asx_values_at(&v, node->output), in = asx_values_at(&v, node->input[0]);
    const size_t n = v.batch * asx_value_n_elements(out.value);
    asx_node local = *node;
    local.input = &local.output;
    asx_reals_of(out.data, in.data, n, s->scale[node->input[0]]);
    run_as_floats(f, &local);
    asx_integers_of(out.data, out.data, n, s->scale[node->output], s->limit[node->output]);
}

/* A function of one number: looked up where that is less work than a table. */
static void run_point(const asx_integer *s, const asx_frame *f, const asx_node *node)
{
    enum { BATCHES = 4 }; /* there will be at least as many */
    const asx_values v = asx_frame_values(f);
    const asx_tensor out = asx_values_at(&v, node->output), in = asx_values_at(&v, node->input[0]);
    const size_t n = v.batch * asx_value_n_elements(out.value);
    const asx_lookup_of of = {.node = node,
                              .scale_in = s->scale[node->input[0]],
                              .scale_out = s->scale[node->output],
                              .limit_in = s->limit[node->input[0]],
                              .limit_out = s->limit[node->output]};
    const float *table = NULL;
    if (BATCHES * n > 2 * (size_t)of.limit_in)
        table = asx_lookups_find(s->lookups, &of);
    if (!table)
        asx_lookups_compute(out.data, in.data, n, &of);
    for (size_t i = 0; table && i < n; i++)
        out.data[i] = table[(ptrdiff_t)in.data[i]];
}

void asx_integer_ends(int32_t *low, int32_t *high, const asx_integer *integer,
                      const asx_node *quantize)
{
    static const double SLACK = 1e-3; /* ends that are integers are them */
    const double limit = (double)integer->limit[quantize->output];
    const double unit = (double)quantize->alpha / integer->scale[quantize->output];
    *low = (int32_t)fmax(-limit, floor((double)quantize->low * unit + SLACK));
    *high = (int32_t)fmin(limit, ceil((double)quantize->high * unit - SLACK));
}

/* Layers alone read it: what is left to do is to cut off, their words round. */
static void cut(const asx_integer *s, const asx_frame *f, const asx_node *node)
{
    int32_t low, high;
    asx_node clip = *node;
    asx_integer_ends(&low, &high, s, node);
    clip.op = ASX_OP_CLIP;
    clip.low = (float)low;
    clip.high = (float)high;
    run_as_floats(f, &clip);
}

static void run_quantize(const asx_integer *s, const asx_frame *f, const asx_node *node)
{
    if (s->groups->cuts[node - f->plan->network->node])
        cut(s, f, node);
    else
        run_on_reals(s, f, node);
}

const asx_integer_op asx_integer_ops[ASX_N_OPS] = {
    [ASX_OP_CONV] = {ASX_SCALE_OWN, NULL},
    [ASX_OP_DENSE] = {ASX_SCALE_OWN, NULL},
    [ASX_OP_SCALE] = {ASX_SCALE_OWN, run_on_reals},
    [ASX_OP_RELU] = {ASX_SCALE_SAME, run_relu},
    [ASX_OP_CLIP] = {ASX_SCALE_SAME, run_with_constants},
    [ASX_OP_QUANTIZE] = {ASX_SCALE_OWN, run_quantize},
    [ASX_OP_SIGMOID] = {ASX_SCALE_OWN, run_point},
    [ASX_OP_SOFTMAX] = {ASX_SCALE_OWN, run_on_reals},
    [ASX_OP_LOG_SOFTMAX] = {ASX_SCALE_OWN, run_on_reals},
    [ASX_OP_ADD] = {ASX_SCALE_SUM, run_add},
    [ASX_OP_SUB] = {ASX_SCALE_SUM, run_sub},
    [ASX_OP_MUL] = {ASX_SCALE_OWN, run_mul},
    [ASX_OP_DIV] = {ASX_SCALE_OWN, run_div},
    [ASX_OP_MAX] = {ASX_SCALE_SAME, NULL},
    [ASX_OP_MIN] = {ASX_SCALE_SAME, NULL},
    [ASX_OP_MATMUL] = {ASX_SCALE_OWN, run_matmul},
    [ASX_OP_NORMALISE] = {ASX_SCALE_OWN, run_on_reals},
    [ASX_OP_CONSTANT] = {ASX_SCALE_OWN, run_constant},
    [ASX_OP_FUNCTION] = {ASX_SCALE_OWN, run_point},
    [ASX_OP_CONCAT] = {ASX_SCALE_SAME, NULL},
    [ASX_OP_MAX_POOL] = {ASX_SCALE_SAME, NULL},
    [ASX_OP_AVERAGE_POOL] = {ASX_SCALE_SUM, run_mean},
    [ASX_OP_REDUCE_MEAN] = {ASX_SCALE_SUM, run_mean},
    [ASX_OP_RESHAPE] = {ASX_SCALE_SAME, NULL},
    [ASX_OP_TRANSPOSE] = {ASX_SCALE_SAME, NULL},
    [ASX_OP_SLICE] = {ASX_SCALE_SAME, NULL},
    [ASX_OP_PICK] = {ASX_SCALE_SAME, run_with_constants},
    [ASX_OP_PAD] = {ASX_SCALE_SAME, run_with_constants},
    [ASX_OP_UNKNOWN] = {ASX_SCALE_OWN, NULL}, /* never run */
};

static const char *name_of(const asx_node *node)
{
    return node->op == ASX_OP_FUNCTION ? asx_function_text(node->function) : asx_op_text(node->op);
}

void asx_network_between_words(asx_text *out, const asx_network *network)
{
    const char *between = "";
    for (size_t i = 0; i < network->n_nodes; i++) {
        const asx_node *node = &network->node[i];
        size_t n = 0;
        bool first = true;
        for (size_t k = 0; k < network->n_nodes; k++) {
            const bool same = strcmp(name_of(&network->node[k]), name_of(node)) == 0;
            n += same;
            first = first && !(same && k < i);
        }
        const asx_integer_op *op = &asx_integer_ops[node->op];
        if (!first || (op->forward != run_on_reals && op->forward != run_point))
            continue;
        asx_text_add(out, "%s%zu %s", between, n, name_of(node));
        between = ", ";
    }
}
