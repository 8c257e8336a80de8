/* The price of one dataflow and circuit for a job. Private to plans. */
#ifndef ASX_HWMODEL_PLAN_PRICE_H
#define ASX_HWMODEL_PLAN_PRICE_H

#include "plan.h"

typedef struct asx_plan_pricing {
    const asx_machine *machine;
    const asx_rates *rate;
    const asx_job *job;
    bool on_bitlines;
    double x_written;  /* activations that were written for this layer */
    double scaling_pj; /* of one output */
    double adding_pj;  /* of two 16-bit values, latched */
} asx_plan_pricing;

/** Adds energies by part; leakage and off-chip memory apart. */
void asx_plan_price(double *part, const asx_plan_pricing *p, const asx_dataflow *flow,
                    const asx_flow_counts *c, const asx_plan_circuit *k);

double asx_plan_cycles(const asx_plan_pricing *p, const asx_dataflow *flow,
                       const asx_flow_counts *c, const asx_plan_circuit *k);

#endif
