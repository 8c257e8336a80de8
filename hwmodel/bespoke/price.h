/* The price of a circuit. */
#ifndef ASX_HWMODEL_BESPOKE_PRICE_H
#define ASX_HWMODEL_BESPOKE_PRICE_H

#include "circuit.h"

/** Sets circuit->price but for what circuit_power does. @return whether there was memory, and nothing stopped */
bool circuit_price(asx_bespoke_circuit *circuit);

/** Sets power, toggles and rate of circuit->price, which costs more. @return whether there was memory */
bool circuit_power(asx_bespoke_circuit *circuit);

#endif
