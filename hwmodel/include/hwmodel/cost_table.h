/* Costs of every format of every layer, worked out once: a design is then look-ups, and the union
 * of what its layers need.
 *
 * The table is shared by threads; each has a pricer of its own, which remembers the unions it met.
 */
#ifndef ASX_HWMODEL_COST_TABLE_H
#define ASX_HWMODEL_COST_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "hwmodel/machine.h"

typedef struct asx_cost_table asx_cost_table;
typedef struct asx_pricer asx_pricer;

/* An asx_cost without its parts. */
typedef struct asx_cost_total {
    double energy_pj, latency_ns, cycles, area_um2, weight_bits;
} asx_cost_total;

/**
 * @param machine  borrowed for the life of `out`
 * @param format   [n_formats], copied; at most 65535
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL as asx_machine_layer_cost
 */
ASX_NODISCARD asx_status asx_cost_table_new(asx_cost_table **out, const asx_machine *machine,
                                            asx_placement placement, const asx_format *format,
                                            size_t n_formats, asx_error *err);
void asx_cost_table_free(asx_cost_table *table);

/** @param table  borrowed for the life of `out` */
ASX_NODISCARD asx_status asx_pricer_new(asx_pricer **out, const asx_cost_table *table,
                                        asx_error *err);
void asx_pricer_free(asx_pricer *pricer);

/**
 * Cost of a design: asx_machine_cost's totals, but for the order of additions (within 1e-12).
 *
 * @param choice  [n_layers], numbers of formats
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL for a number that the table does not have
 * Cost: some 0.1 us for 20 layers, but for unions not met before, and for designs whose weights
 * exceed the memory: these are priced by asx_machine_cost.
 */
ASX_NODISCARD asx_status asx_pricer_cost(asx_cost_total *out, asx_pricer *pricer,
                                         const uint16_t *choice, asx_error *err);

#endif
