#include "hwmodel/mapping.h"

#include <stdio.h>

#include "plan.h"

static asx_status fixed(asx_layer_mapping *out, const asx_machine *m, asx_placement placement,
                        size_t layer, const asx_format *format, asx_error *err)
{
    asx_cost cost;
    asx_unit unit;
    asx_status status = asx_machine_layer_cost(&cost, m, placement, layer, format, err);
    if (status == ASX_OK)
        status = asx_machine_unit(&unit, m, placement, layer, format, err);
    if (status != ASX_OK)
        return status;
    *out = (asx_layer_mapping){.dataflow = "fixed",
                               .circuit = unit.bit_serial                    ? "bit-serial"
                                          : unit.multiply_w                  ? "multiplier"
                                          : unit.n_digits > 1 && unit.serial ? "digit-serial"
                                                                             : "selection",
                               .passes = unit.positions,
                               .utilisation = (double)asx_layer_n_macs(&m->work.layer[layer]) /
                                              (m->lanes * cost.cycles)};
    return ASX_OK;
}

asx_status asx_machine_mapping(asx_layer_mapping *out, const asx_machine *machine,
                               asx_placement placement, size_t layer, const asx_format *format,
                               asx_error *err)
{
    const asx_plan *plan = NULL;
    if (layer >= machine->work.n_layers)
        return asx_fail(err, ASX_EINVAL, "layer %zu: network '%s' has %zu", layer,
                        machine->work.name, machine->work.n_layers);
    if (machine->mapping == ASX_MAP_FIXED)
        return fixed(out, machine, placement, layer, format, err);
    const asx_status status = asx_plan_get(&plan, machine, placement, layer, format, err);
    if (status != ASX_OK)
        return status;
    asx_text text = {0};
    const asx_flow_counts *c = &plan->counts;
    const double steps = plan->steps;
    const asx_layer_other *other = &machine->work.layer[layer].other;
    asx_dataflow_print(&text, &plan->flow);
    if (text.failed)
        return asx_fail(err, ASX_ENOMEM, "no memory for the name of a dataflow");
    *out = (asx_layer_mapping){.circuit = plan->circuit.name,
                               .passes = plan->circuit.passes,
                               .utilisation = plan->utilisation,
                               .hold = c->hold,
                               .weight_reads = steps * c->w_reads,
                               .buffer_reads = steps * c->buffer_reads,
                               .lane_loads = steps * c->w_loads,
                               .input_reads = steps * c->x_reads,
                               .line_reads = steps * c->line_reads,
                               .row_loads = steps * c->x_loads,
                               .input_writes = steps * plan->x_written,
                               .sums = steps * c->sums,
                               .spills = steps * c->spills,
                               .image = other->image,
                               .added = (double)other->added,
                               .pooled = (double)other->pooled,
                               .wide_writes = (double)other->wide_writes,
                               .wide_reads = (double)other->wide_reads,
                               .off_chip_bits = plan->spill_bits};
    if (asx_placements[placement]->on_bitlines) { /* weights never move */
        out->weight_reads = out->buffer_reads = out->lane_loads = 0;
        out->hold = plan->counts.hold * plan->counts.w_loads / plan->n_weights;
    }
    snprintf(out->dataflow, sizeof out->dataflow, "%s", text.s);
    asx_text_fini(&text);
    return ASX_OK;
}
