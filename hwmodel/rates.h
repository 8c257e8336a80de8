/* What moving a bit costs between the parts of a machine, worked out once. pJ per bit. */
#ifndef ASX_HWMODEL_RATES_H
#define ASX_HWMODEL_RATES_H

#include "hwmodel/machine.h"
#include "price.h"

typedef struct asx_rates {
    double w_read, w_wire, w_port; /* weight memory: its reads, its bus; bits a cycle */
    double tag_read;               /* of a menu's tags, where words stay on bit-lines */
    double w_write;                /* of weights that come from off chip */
    double buffer_read, buffer_write, buffer_port;
    double x_read, x_write, x_port; /* activation memory */
    double line_read, line_write;
    double read_wire, enter_wire, write_wire, sum_wire; /* see floorplan.h */
    double sum_read, sum_write, sum_port;
    double reg, mux, gate; /* a bit; a gate */
    double dram;
    double leakage; /* pJ per cycle, of all but the lanes, for 8-bit words */
} asx_rates;

ASX_NODISCARD asx_status asx_rates_init(asx_rates *out, const asx_machine *machine,
                                        asx_placement placement, asx_error *err);

#endif
