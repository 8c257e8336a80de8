/* Minifloats with a multiplier: the activation is multiplied by the mantissa, exactly, and a lane of
 * the one alphabet 1 shifts that product by the exponent, gives it the sign, and adds. The multiplier
 * is an exact one of so few bits; the lane's energy is that of an activation which is longer by them.
 * A column's tree and sum are those of its shifters. Neither part has rows as part of the other, so
 * what they do to each other's glitches is not known; a register stands between them. */
#include "dse/number.h"
#include "dse/word_kind.h"
#include "plan.h"

/* Bits of the mantissa with its leading one. */
static unsigned mantissa_bits(const asx_word *weight)
{
    unsigned last = 0;
    for (unsigned a = 0; (a = asx_alphabet_set_next(weight->set, a)) != 0;)
        last = a;
    return asx_log2_ceil((size_t)last + 1);
}

static asx_word shifter_of(const asx_word *weight, unsigned shorter)
{
    asx_word word = *weight;
    word.set = asx_alphabet_set_from_index(1);
    word.bits -= shorter;
    word.digit_width -= shorter;
    return word;
}

/* Adds the multiplier's energy to a circuit of shifters for longer activations. */
static void complete(asx_plan_circuit *c, const asx_plan_circuit *of, const asx_job *job,
                     double multiplier_pj, unsigned bits)
{
    *c = *of;
    c->name = "mantissa multiplier";
    c->weight = shifter_of(&job->weight, 0);
    c->mantissa = bits;
    c->mac[ASX_PART_MULTIPLY] += multiplier_pj;
    c->stages = of->stages + 1;
    c->cut_bits = ((of->stages - 1) * of->cut_bits + job->activation.bits + bits) / of->stages;
}

asx_status asx_plan_mantissas(asx_plan_circuit *list, size_t *n, const asx_machine *machine,
                              asx_placement placement, const asx_job *job, double hold,
                              asx_error *err)
{
    const unsigned bits = mantissa_bits(&job->weight);
    if (job->weight.kind != ASX_WORD_WIDE || bits < 2 || !machine->prices)
        return ASX_OK;
    const asx_word shifter = shifter_of(&job->weight, bits - 1), mantissa = asx_mantissa_word(bits);
    asx_plan_circuit shifters[ASX_PLAN_CIRCUITS_MAX];
    asx_operands operands = asx_machine_operands(machine, job->layer);
    const asx_lane_price *multiplier = NULL;
    asx_job longer = *job;
    size_t n_shifters = 0;
    longer.weight = shifter;
    longer.activation.bits += bits;
    operands.hold = (unsigned)hold;
    asx_status status = asx_lane_price_get(&multiplier, machine->prices, &mantissa,
                                           &job->activation, false, &operands, err);
    if (status == ASX_OK && !asx_placements[placement]->on_bitlines)
        status = asx_plan_selections(shifters, &n_shifters, machine, placement, &longer, &shifter,
                                     hold, err);
    if (status == ASX_OK)
        status = asx_plan_columns(shifters, &n_shifters, machine, placement, &longer, &shifter,
                                  hold, err);
    const double factor = asx_placements[placement]->on_bitlines
                              ? asx_macro_factor(machine->technology, ASX_QUANTITY_ENERGY)
                              : 1;
    for (size_t i = 0; status == ASX_OK && i < n_shifters && *n < ASX_PLAN_CIRCUITS_MAX; i++)
        complete(&list[(*n)++], &shifters[i], job, factor * multiplier->lane[ASX_PART_MULTIPLY],
                 bits);
    return status;
}
