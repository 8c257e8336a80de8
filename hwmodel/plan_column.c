/* Columns as circuits of plans: products of a column's depth are added in space, behind each other
 * in a tree of the kind that needs least. In memory they are what published digital macros are made
 * of, so what silicon needs beyond gate level (component `macro`) is a factor on their energies. */
#include <math.h>

#include "dse/number.h"
#include "plan.h"
#include "technology_private.h"

/* 1 where the technology does not say. */
double asx_macro_factor(const asx_technology *technology, asx_quantity quantity)
{
    const asx_model *model = &technology->model[ASX_COMPONENT_MACRO][quantity];
    return model->n_terms > 0 ? model->coefficient[0] : 1;
}

/* A path that is a little longer than the clock allows is cut behind the tree, where a column has one
 * word; a longer one between lanes and tree, where each lane has its own. */
static double cut_bits(const asx_circuit_price *price, const asx_machine *m)
{
    const double little = 1.5;
    return price->delay_ns <= little * m->cycle_ns
               ? (price->row_bits + asx_log2_ceil(m->depth)) / (double)m->depth
               : price->row_bits;
}

static asx_plan_circuit circuit_of(const asx_circuit_price *price, const asx_word *weight,
                                   const asx_machine *m, bool in_memory)
{
    const double factor = in_memory ? asx_macro_factor(m->technology, ASX_QUANTITY_ENERGY) : 1;
    asx_plan_circuit out = {.name = asx_circuit_text(price->circuit.kind),
                            .weight = *weight,
                            .column = true,
                            .circuit = price->circuit,
                            .passes = price->passes,
                            .stages = 1,
                            .gated = m->gate_zeros && asx_circuit_gates(price->circuit.kind),
                            .idle = price->idle,
                            .masked = price->masked,
                            .cut_bits = cut_bits(price, m)};
    for (asx_part p = 0; p < ASX_N_PARTS; p++) {
        out.mac[p] = factor * (price->mac[p] + price->tree[p]);
        out.sum[p] = factor * price->sum[p];
        out.bank[p] = factor * price->bank[p];
    }
    if (m->pipeline && !in_memory)
        out.stages = fmax(1, ceil(price->delay_ns / m->cycle_ns));
    return out;
}

asx_status asx_plan_columns(asx_plan_circuit *list, size_t *n, const asx_machine *machine,
                            asx_placement placement, const asx_job *job, const asx_word *weight,
                            double hold, asx_error *err)
{
    const bool in_memory = asx_placements[placement]->on_bitlines;
    const asx_circuit_prices *found = NULL;
    asx_circuit_ask ask = {.weight = *weight,
                           .activation = job->activation,
                           .operands = asx_machine_operands(machine, job->layer),
                           .rows = machine->depth,
                           .sums = (unsigned)hold};
    if (!machine->prices || machine->depth < 2 || machine->depth > ASX_COLUMN_ROWS_MAX)
        return ASX_OK;
    ask.operands.hold = (unsigned)hold;
    const asx_status status = asx_circuits_get(&found, machine->prices, &ask, err);
    for (size_t i = 0; status == ASX_OK && i < found->n && *n < ASX_PLAN_CIRCUITS_MAX; i++)
        list[(*n)++] = circuit_of(&found->list[i], weight, machine, in_memory);
    return status;
}
