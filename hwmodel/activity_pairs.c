/* Operands of two operations in a row. Where a weight stays, the second activation is the next pixel's:
 * a Gaussian copula joins the two as closely as the network does, whatever their distribution. */
#include <math.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "activity_private.h"

uint16_t asx_place_following(const asx_operand_draws *s, uint16_t place, uint16_t by)
{
    const double r = s->likeness;
    const double u = gsl_cdf_ugaussian_P(r * s->normal[place] + sqrt(1 - r * r) * s->normal[by]);
    const unsigned to = (unsigned)(u * ASX_OPERAND_DRAWS);
    return (uint16_t)(to < ASX_OPERAND_DRAWS ? to : ASX_OPERAND_DRAWS - 1);
}

static void look_up(int32_t *out, const int32_t *value, const uint16_t *place, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        out[i] = value[place[i]];
}

void asx_sampling_draw(asx_sampling *s, unsigned turn)
{
    const asx_operand_draws *d = s->draws;
    asx_draw_weights(s->was.weight, 2 * s->t.stream, turn);
    asx_draw_inputs(s->was.input, 2 * s->t.stream, turn);
    if (s->t.same_weight)
        memcpy(s->now.weight, s->was.weight, sizeof s->now.weight);
    else
        asx_draw_weights(s->now.weight, 2 * s->t.stream + 1, turn);
    if (s->t.same_input)
        memcpy(s->now.input, s->was.input, sizeof s->now.input);
    else
        asx_draw_inputs(s->now.input, 2 * s->t.stream + 1, turn);
    for (unsigned i = 0; s->t.follows && d->normal && i < s->n; i++)
        s->now.input[i] = asx_place_following(d, s->was.input[i], s->now.input[i]);
    look_up(s->was.w, d->w, s->was.weight, s->n);
    look_up(s->now.w, d->w, s->now.weight, s->n);
    look_up(s->was.x, d->input, s->was.input, s->n);
    look_up(s->now.x, d->input, s->now.input, s->n);
}
