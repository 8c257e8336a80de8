/* How a layer runs on a machine: the dataflow and the circuit that were chosen for it, and what
 * happens under them. Counts are words per inference. */
#ifndef ASX_HWMODEL_MAPPING_H
#define ASX_HWMODEL_MAPPING_H

#include <stdbool.h>
#include <stddef.h>

#include "dse/api.h"
#include "hwmodel/machine.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct asx_layer_mapping {
    char dataflow[96];   /* "window 16; weight held 8; buffer; lines", "fixed" */
    const char *circuit; /* "multiplier", "selection", "digit-serial", "bit-serial" */
    unsigned passes;     /* cycles per product */
    double utilisation;  /* products per lane and cycle, 0 to 1 */
    double hold;         /* operations in a row that a lane has the same weight */
    double weight_reads; /* from the weight memory; each is written to the buffer if there is one */
    double buffer_reads; /* from the weight buffer */
    double lane_loads;   /* weights that enter a lane */
    double input_reads; /* from the activation memory; each is written to the line buffer, if any */
    double line_reads;  /* from the line buffer */
    double row_loads;   /* activations that enter a row of the array */
    double input_writes;            /* activations written for the layer, by the one before it */
    double sums;                    /* additions to a column's sum */
    double spills;                  /* sums written to their memory, and read again */
    bool image;                     /* the input comes from outside */
    double added, pooled;           /* behind the layer: elements added, read by pools */
    double wide_writes, wide_reads; /* of these, with 16 bits */
    double off_chip_bits;           /* activations out and back, and what is fetched again */
} asx_layer_mapping;

/**
 * @param out  written on success; under the fixed mapping only names, passes and utilisation
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL as asx_machine_layer_cost
 */
ASX_API ASX_NODISCARD asx_status asx_machine_mapping(asx_layer_mapping *out,
                                                     const asx_machine *machine,
                                                     asx_placement placement, size_t layer,
                                                     const asx_format *format, asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
