#include "price.h"

#include "cell_library.h"
#include "cells.h"

bool circuit_price(asx_bespoke_circuit *c)
{
    asx_bespoke_price p = {.n_parts = 2 * c->n_layers + 1};
    if (!cells_count(&p, &c->gates, &c->answer, c->library, c->carry))
        return false;
    for (size_t l = 0; l < c->n_layers; l++)
        p.part[2 * l].shared = c->shared[l];
    for (asx_cell k = 0; k < ASX_N_CELLS; k++) {
        for (size_t i = 0; i < p.n_parts; i++)
            p.cell[k] += p.part[i].cell[k];
        p.area_cm2 += (double)p.cell[k] * asx_cell_area_mm2(c->library, k) / 100;
        p.leakage_mw += (double)p.cell[k] * asx_cell_leakage_mw(c->library, k);
    }
    p.power_mw = p.leakage_mw / cell_library_static_share(c->library);
    c->price = p;
    return true;
}

asx_bespoke_price asx_bespoke_circuit_price(const asx_bespoke_circuit *c)
{
    return c->price;
}
