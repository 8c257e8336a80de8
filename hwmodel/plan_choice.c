/* Which circuits there are for a job's words: exact words may also be selected from all alphabets, and
 * those of one wide digit multiplied. */
#include "dse/word_kind.h"
#include "plan.h"

/* The same values as a plain word's but the most negative, from digits that can be anything. */
static asx_word all_alphabets(const asx_word *plain)
{
    asx_word word = {.bits = plain->bits,
                     .digit_width = ASX_DIGIT_WIDTH_DEFAULT,
                     .non_negative = plain->non_negative};
    const unsigned magnitude = plain->bits - !plain->non_negative;
    const unsigned digit = magnitude < word.digit_width ? magnitude : word.digit_width;
    for (unsigned a = 1; a < 1u << digit; a += 2)
        word.set = asx_alphabet_set_with(word.set, a);
    return word;
}

/* Words of one wide digit, as integers to an exact multiplier. */
static asx_status plan_decoded(asx_plan_circuit *list, size_t *n, const asx_machine *machine,
                               asx_placement placement, const asx_job *job, double hold,
                               asx_error *err)
{
    const asx_word integer = {.bits = job->weight.bits, .digit_width = ASX_DIGIT_WIDTH_DEFAULT};
    asx_status status = ASX_OK;
    if (integer.bits > ASX_WORD_BITS_MAX)
        return ASX_OK;
    if (!asx_placements[placement]->on_bitlines)
        status = asx_plan_lane(
            list, n, machine, placement, job, hold,
            (asx_plan_circuit){.name = "multiplier", .weight = integer, .passes = 1}, err);
    return status == ASX_OK
               ? asx_plan_columns(list, n, machine, placement, job, &integer, hold, err)
               : status;
}

asx_status asx_plan_circuits(asx_plan_circuit *out, size_t *n, const asx_machine *machine,
                             asx_placement placement, const asx_job *job, double hold,
                             asx_error *err)
{
    const bool bitlines = asx_placements[placement]->on_bitlines;
    const bool plain = asx_word_is_plain(&job->weight);
    const asx_word set = plain ? all_alphabets(&job->weight) : job->weight;
    asx_status status = ASX_OK;
    *n = 0;
    if (plain)
        status = asx_plan_lane(out, n, machine, placement, job, hold,
                               (asx_plan_circuit){.name = bitlines ? "bit-serial" : "multiplier",
                                                  .weight = job->weight,
                                                  .passes = bitlines ? job->weight.bits : 1},
                               err);
    if (status == ASX_OK)
        status = asx_plan_selections(out, n, machine, placement, job, &set, hold, err);
    if (status == ASX_OK && plain)
        status = asx_plan_columns(out, n, machine, placement, job, &job->weight, hold, err);
    if (status == ASX_OK)
        status = asx_plan_columns(out, n, machine, placement, job, &set, hold, err);
    if (status == ASX_OK && job->weight.kind == ASX_WORD_WIDE)
        status = plan_decoded(out, n, machine, placement, job, hold, err);
    return status == ASX_OK ? asx_plan_mantissas(out, n, machine, placement, job, hold, err)
                            : status;
}
