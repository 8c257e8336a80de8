#include "program_making.h"

#include <math.h>
#include <stdlib.h>

#include "dse/memory.h"
#include "emit_c.h"
#include "integer_ops.h"

double asx_making_unit(const asx_making *m, size_t value)
{
    return (double)m->scale[value];
}

const asx_groups *asx_making_groups(const asx_making *m)
{
    return m->program->parts->engine.groups;
}

bool asx_dyadic_is_one(asx_dyadic factor)
{
    return !(fabs(asx_dyadic_real(factor) - 1) > 0);
}

float asx_making_scale(asx_making *m, double wanted, double numerator, double denominator,
                       bool divides, asx_dyadic factor)
{
    const unsigned bits = m->program->multiplier_bits;
    float up = (float)wanted, down = up;
    for (int i = 0; i < 4; i++) {
        for (int k = 0; k < 2; k++) {
            const float s = k ? down : up;
            const asx_dyadic got = asx_dyadic_of(
                divides ? numerator / (double)s : numerator * (double)s / denominator, bits);
            if (got.multiplier == factor.multiplier && got.shift == factor.shift)
                return s;
        }
        up = nextafterf(up, INFINITY);
        down = nextafterf(down, 0);
    }
    m->n_off++;
    return (float)wanted;
}

/* ---- scales of values ---- */

/* Groups whose integers somebody reads who is no layer that takes them as they are. */
static void find_rounded(asx_making *m)
{
    const asx_groups *g = asx_making_groups(m);
    m->rounded[g->of_value[m->from->output]] = true;
    for (size_t i = 0; i < m->from->n_nodes; i++) {
        const asx_node *node = &m->from->node[i];
        const bool shows = g->cuts[i] || asx_integer_ops[node->op].scaling == ASX_SCALE_SAME;
        const bool takes =
            asx_node_has_weights(node) &&
            asx_dyadic_is_one(m->program->parts->engine.layer[node->layer].input_factor);
        for (size_t k = 0; !shows && !takes && k < node->n_inputs; k++)
            m->rounded[g->of_value[node->input[k]]] = true;
    }
}

static void set_group(asx_making *m, size_t value, float scale)
{
    const size_t *group = asx_making_groups(m)->of_value;
    for (size_t v = 0; v < m->from->n_values; v++)
        if (group[v] == group[value])
            m->scale[v] = scale;
}

/* Where the unit is not free: the image, the logits, products; and what is an integer of the same
 * step behind a file's Quantize. */
static void find_fixed(const asx_making *m, bool *fixed)
{
    const asx_program *p = m->program;
    const asx_groups *g = asx_making_groups(m);
    fixed[g->of_value[p->input]] = fixed[g->of_value[p->output]] = true;
    for (size_t i = 0; i < p->n_steps; i++) {
        const asx_step *s = &p->step[i];
        if (s->kind == ASX_STEP_MUL)
            fixed[g->of_value[s->input[0]]] = fixed[g->of_value[s->input[1]]] =
                fixed[g->of_value[s->output]] = true;
    }
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < m->from->n_nodes; i++) {
            const asx_node *node = &m->from->node[i];
            if (node->op != ASX_OP_QUANTIZE)
                continue;
            bool *in = &fixed[g->of_value[node->input[0]]],
                 *out = &fixed[g->of_value[node->output]];
            more = more || *in != *out;
            *in = *out = *in || *out;
        }
    }
}

/* Between layers the unit is free: integers times a power of two near their scale are exact, and so
 * are sums of them and, where a factor has few digits, what is half-way between two integers. */
static asx_status set_scales(asx_making *m, asx_error *err)
{
    const size_t n = m->from->n_values;
    bool *fixed = asx_array_new(n, sizeof *fixed);
    if (!fixed)
        return asx_fail(err, ASX_ENOMEM, "no memory for scales of values");
    find_fixed(m, fixed);
    for (size_t v = 0; v < n; v++) {
        const double scale = m->program->value[v].scale;
        m->scale[v] =
            (float)(fixed[asx_making_groups(m)->of_value[v]] ? scale : exp2(rint(log2(scale))));
    }
    free(fixed);
    return ASX_OK;
}

/* How many bytes of an image become other integers at a scale: by its reciprocal, as asx computes, or
 * by division, as QuantizeLinear does. Without bytes: whether the reciprocal is another. */
static size_t count_off(const asx_making *m, float scale)
{
    const asx_program_value *v = &m->program->value[m->program->input];
    const float inverse = (float)(1 / (double)scale);
    size_t n = 0;
    if (!m->data)
        return inverse != (float)(1 / v->scale);
    for (size_t c = 0; c < asx_dataset_shape(m->data)[0]; c++) {
        const float *real = asx_dataset_of_bytes(m->data, c);
        for (size_t b = 0; b < 256; b++) {
            const float wanted = (float)asx_program_image_integer(m->program, real[b]);
            const float limit = (float)v->limit;
            n += fminf(fmaxf(rintf(real[b] * inverse), -limit), limit) != wanted ||
                 fminf(fmaxf(rintf(real[b] / scale), -limit), limit) != wanted;
        }
    }
    return n;
}

/* The float near an image's scale at which all its bytes become the integers that they are. */
static void fit_image(asx_making *m)
{
    enum { TRIES = 16 };
    const float scale = (float)m->program->value[m->program->input].scale;
    float up = scale, down = scale, best = scale;
    size_t least = count_off(m, scale);
    for (int i = 0; least > 0 && i < 2 * TRIES; i++) {
        float *s = i % 2 ? &down : &up;
        *s = nextafterf(*s, i % 2 ? 0 : INFINITY);
        const size_t n = count_off(m, *s);
        best = n < least ? *s : best;
        least = n < least ? n : least;
    }
    set_group(m, m->program->input, best);
    m->n_off += least;
}

/* The factor of a product is that of three scales: the output's is what it has to be. */
static void fit_products(asx_making *m)
{
    const asx_program *p = m->program;
    for (size_t i = 0; i < p->n_steps; i++) {
        const asx_step *s = &p->step[i];
        if (s->kind == ASX_STEP_MUL)
            set_group(
                m, s->output,
                asx_making_scale(m, p->value[s->output].scale,
                                 asx_making_unit(m, s->input[0]) * asx_making_unit(m, s->input[1]),
                                 1, true, s->factor[0]));
    }
}

/* Words of 16 bits without sign are longer than other values; with one they have no type in ONNX. */
static asx_status check_room(const asx_making *m, asx_error *err)
{
    for (size_t v = 0; v < m->from->n_values; v++)
        if (m->rounded[asx_making_groups(m)->of_value[v]] && !m->from->value[v].non_negative &&
            m->program->value[v].limit > -INT16_MIN)
            return asx_fail(err, ASX_EUNSUPPORTED, "value '%s' has 17 bits, more than ONNX's words",
                            m->from->value[v].name);
    return ASX_OK;
}

asx_status asx_making_scales(asx_making *m, asx_error *err)
{
    find_rounded(m);
    asx_status status = check_room(m, err);
    if (status == ASX_OK)
        status = set_scales(m, err);
    if (status == ASX_OK) {
        fit_image(m);
        fit_products(m);
    }
    return status;
}
