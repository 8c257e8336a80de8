/* Registers of a pipeline. */
#ifndef ASX_HWMODEL_REGISTERS_H
#define ASX_HWMODEL_REGISTERS_H

#include "circuit.h"

/**
 * Puts registers into the cells of a circuit, by circuit->pipeline: whatever is taken in a later stage than it is made in goes
 * through a chain of flip-flops, one for each stage between, which all that take it share. Stages are the layers with their
 * activations, the comparisons the last; or as many cells one after the other as are no longer than so many adders, and an
 * inverter. Inputs and the class have none of their own. Sets circuit->latency.
 *
 * @return whether there was memory
 */
bool registers_insert(asx_bespoke_circuit *circuit);

#endif
