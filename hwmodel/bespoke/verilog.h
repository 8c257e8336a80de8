/* Private: texts in Verilog-2005. */
#ifndef ASX_HWMODEL_BESPOKE_VERILOG_H
#define ASX_HWMODEL_BESPOKE_VERILOG_H

#include "circuit.h"
#include "dse/text.h"

/** Module asx_bespoke: what a network computes. @return whether there was memory for what it needs beside the text */
bool verilog_describe(asx_text *to, const asx_bespoke *network);

/** Module asx_bespoke_cells: a circuit's cells. */
void verilog_wire(asx_text *to, const asx_bespoke_circuit *circuit);

/** Bits of all inputs, and of a class; at least 1. */
unsigned verilog_input_bits(const asx_bespoke *b);
unsigned verilog_class_bits(const asx_bespoke *b);

#endif
