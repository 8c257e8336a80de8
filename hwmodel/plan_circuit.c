/* Lanes that compute a layer's words, and what an array needs of them. */
#include <math.h>
#include <string.h>

#include "dse/number.h"
#include "plan.h"

asx_word asx_mantissa_word(unsigned bits)
{
    return (asx_word){.bits = bits + 1, .digit_width = ASX_DIGIT_WIDTH_DEFAULT};
}

static unsigned widest_value(const asx_unit *unit)
{
    unsigned bits = 0;
    for (unsigned i = 0; i < unit->n_digits; i++)
        if (unit->digit[i].value_bits > bits)
            bits = unit->digit[i].value_bits;
    return bits;
}

void asx_plan_unit_of(asx_unit *out, const asx_machine *m, asx_placement placement,
                      const asx_job *job, const asx_plan_circuit *circuit)
{
    const bool bitlines = asx_placements[placement]->on_bitlines;
    const bool plain = asx_word_is_plain(&circuit->weight);
    asx_unit unit;
    asx_unit_init(&unit, &circuit->weight, &job->activation);
    const unsigned tree = asx_log2_ceil(m->depth);
    unit.tree_bits = unit.product_bits + tree;
    unit.sum_bits = job->unit.sum_bits;
    unit.latch_bits = bitlines ? 0 : job->unit.latch_bits;
    unit.w_codes = job->unit.w_codes;
    unit.x_values = job->unit.x_values;
    unit.positions = circuit->passes;
    if (circuit->column) {
        const asx_circuit multiplier = {ASX_CIRCUIT_BAUGH_WOOLEY, circuit->circuit.tree};
        const asx_word mantissa = asx_mantissa_word(circuit->mantissa);
        if (circuit->mantissa)
            asx_column_union_add(&unit.columns, &mantissa, &job->activation, &multiplier);
        asx_column_union_add(&unit.columns, &circuit->weight, &job->activation, &circuit->circuit);
        unit.multiply_w = unit.multiply_x = unit.n_digits = 0;
        unit.sign = false;
        unit.bank = (asx_alphabet_set){{0}};
        memset(unit.digit, 0, sizeof unit.digit);
    } else if (bitlines) {
        unit.segment = m->segment_rows;
        unit.serial = true;
        unit.bit_serial = plain ? unit.multiply_w : 0;
        unit.multiply_w = unit.multiply_x = 0;
        unit.tree_bits = job->activation.bits + widest_value(&unit) + 1 + tree;
    } else {
        const asx_word built = circuit->serial ? asx_slot_digit(&circuit->weight) : circuit->weight;
        const asx_word mantissa = asx_mantissa_word(circuit->mantissa);
        asx_lane_union_add(&unit.lanes, &built, &job->activation, false);
        if (circuit->mantissa)
            asx_lane_union_add(&unit.lanes, &mantissa, &job->activation, false);
        if (circuit->serial) {
            unit.serial = true;
            unit.tree_bits = job->activation.bits + widest_value(&unit) + 1 + tree;
        }
    }
    *out = unit;
}

/* Energies from the technology's components. */
static void price_components(asx_plan_circuit *c, const asx_unit *unit, double product, double sum,
                             const asx_price *energy)
{
    asx_unit_add_lane(c->mac, product, unit, energy);
    asx_unit_add_bank(c->bank, product, unit, energy);
    asx_unit_add_tree(c->tree, sum * c->passes, unit, energy);
    c->sum[ASX_PART_ACCUMULATE] +=
        sum * c->passes * asx_price_of(energy, ASX_COMPONENT_ADD, unit->sum_bits, 0);
}

/* Components have no activity: an operation costs all of its energy, or none. */
static void gate_components(asx_plan_circuit *c, const asx_unit *unit, double idle)
{
    for (asx_part p = 0; p < ASX_N_PARTS; p++) {
        c->mac[p] *= 1 - idle;
        c->bank[p] *= 1 - idle;
    }
    c->idle = idle;
    c->masked = .5 * unit->product_bits;
}

/* Stages that the clock asks of the longest path through a lane; registers between them hold the
 * product. The circuits on bit-lines have no delays in the tables. */
static void set_stages(asx_plan_circuit *c, const asx_machine *m, const asx_unit *unit)
{
    c->stages = 1;
    c->cut_bits = unit->product_bits;
    if (!m->prices || unit->segment > 0 || !m->pipeline)
        return;
    const double ns = asx_lane_union_delay_ns(&unit->lanes, m->technology, &m->style);
    c->stages = fmax(1, ceil(ns / m->cycle_ns));
}

asx_status asx_plan_lane(asx_plan_circuit *list, size_t *n, const asx_machine *m,
                         asx_placement placement, const asx_job *job, double hold,
                         asx_plan_circuit circuit, asx_error *err)
{
    const bool bitlines = asx_placements[placement]->on_bitlines;
    asx_fault fault = {0};
    const asx_price energy = {m->technology, ASX_QUANTITY_ENERGY, &fault, m->extrapolate};
    asx_operands operands = asx_machine_operands(m, job->layer);
    asx_lane_activity activity = {1, 1};
    asx_unit unit;
    asx_status status = ASX_OK;
    operands.hold = (unsigned)hold;
    operands.gated = circuit.gated = m->gate_zeros && !bitlines && !circuit.serial;
    asx_plan_unit_of(&unit, m, placement, job, &circuit);
    if (!m->prices) {
        price_components(&circuit, &unit, 1, 1, &energy);
        if (circuit.gated)
            gate_components(&circuit, &unit, operands.zero);
    } else if (bitlines) {
        status = asx_lane_activity_get(&activity, m->prices, &circuit.weight, &job->activation,
                                       &operands, err);
        if (status == ASX_OK)
            price_components(&circuit, &unit, activity.product, activity.sum, &energy);
    } else {
        const asx_lane_price *price;
        status = asx_lane_price_get(&price, m->prices, &circuit.weight, &job->activation,
                                    circuit.serial, &operands, err);
        if (status == ASX_OK) {
            memcpy(circuit.mac, price->lane, sizeof circuit.mac);
            memcpy(circuit.bank, price->bank, sizeof circuit.bank);
            circuit.idle = price->idle;
            circuit.masked = price->masked;
        }
    }
    if (status == ASX_OK)
        status = asx_fault_check(&fault, m->technology, err);
    if (status != ASX_OK)
        return status;
    set_stages(&circuit, m, &unit);
    list[(*n)++] = circuit;
    return ASX_OK;
}

asx_status asx_plan_selections(asx_plan_circuit *list, size_t *n, const asx_machine *machine,
                               asx_placement placement, const asx_job *job, const asx_word *set,
                               double hold, asx_error *err)
{
    const bool bitlines = asx_placements[placement]->on_bitlines;
    const unsigned digits = asx_word_n_digits(set);
    asx_status status = ASX_OK;
    if (!bitlines)
        status = asx_plan_lane(list, n, machine, placement, job, hold,
                               (asx_plan_circuit){.name = "selection", .weight = *set, .passes = 1},
                               err);
    if (status == ASX_OK && (bitlines || digits > 1))
        status = asx_plan_lane(list, n, machine, placement, job, hold,
                               (asx_plan_circuit){.name = digits > 1 ? "digit-serial" : "selection",
                                                  .weight = *set,
                                                  .serial = true,
                                                  .passes = digits},
                               err);
    return status;
}
