/* The price of a circuit. */
#ifndef ASX_HWMODEL_BESPOKE_PRICE_H
#define ASX_HWMODEL_BESPOKE_PRICE_H

#include "circuit.h"

/** Sets circuit->price. @return whether there was memory, and nothing stopped */
bool circuit_price(asx_bespoke_circuit *circuit);

#endif
