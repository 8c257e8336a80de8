#include "price.h"

#include <math.h>
#include <stdlib.h>

#include "cell_library.h"
#include "dse/memory.h"

/* The longest path to the class. @return whether there was memory */
static bool find_delay(double *out, const asx_bespoke_circuit *c)
{
    double *ready = asx_array_new(c->cells.n_nets, sizeof *ready);
    if (!ready)
        return false;
    for (size_t i = 0; i < c->cells.n; i++) {
        const cell_instance *is = &c->cells.cell[i];
        ready[is->out] = fmax(ready[is->a], ready[is->b]) + asx_cell_delay_ms(c->library, is->cell);
    }
    *out = 0;
    for (unsigned k = 0; k < c->answer.n; k++)
        *out = fmax(*out, ready[c->answer.bit[k]]);
    free(ready);
    return true;
}

bool circuit_price(asx_bespoke_circuit *c)
{
    asx_bespoke_price p = {.n_parts = 2 * c->n_layers + 1};
    if (!cells_make(&c->cells, &p, &c->gates, &c->answer, c->library, c->carry) ||
        !find_delay(&p.delay_ms, c))
        return false;
    for (size_t l = 0; l < c->n_layers; l++)
        p.part[2 * l].shared = c->shared[l];
    for (size_t i = 0; i < c->cells.n; i++) {
        const cell_instance *is = &c->cells.cell[i];
        p.part[is->part].cell[is->cell]++;
        p.cell[is->cell]++;
    }
    for (asx_cell k = 0; k < ASX_N_CELLS; k++) {
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
