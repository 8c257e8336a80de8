/* Private: a circuit, for the files that map, price and simulate it. */
#ifndef ASX_HWMODEL_BESPOKE_CIRCUIT_H
#define ASX_HWMODEL_BESPOKE_CIRCUIT_H

#include "cells.h"

/* Gates: part 2 l is the sums of layer l, 2 l + 1 its activation, the last one argmax. */
struct asx_bespoke_circuit {
    const asx_cell_library *library;
    asx_bespoke_carry carry;
    unsigned pipeline;
    double rate_hz;
    size_t latency; /* registers one after the other, from a row to its class */
    gates gates;
    cells cells;
    size_t inputs, n_layers;
    unsigned char *input_bits; /* [inputs] */
    bool shared[ASX_BESPOKE_LAYERS_MAX];
    word answer;
    asx_bespoke_price price;
};

#endif
