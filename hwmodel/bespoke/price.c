#include "price.h"

#include <math.h>
#include <stdlib.h>

#include "cell_library.h"
#include "dse/memory.h"
#include "registers.h"
#include "toggles.h"

/* The longest path: to the class, from what is registered, to where it is registered. @return whether there was memory */
static bool find_delay(asx_bespoke_price *p, const asx_bespoke_circuit *c)
{
    const bool piped = c->pipeline != ASX_BESPOKE_UNPIPED;
    const double start = piped ? asx_cell_delay_ms(c->library, ASX_CELL_DFF) : 0;
    const double end = piped ? cell_library_setup_ms(c->library) : 0;
    double *ready = asx_array_new(c->cells.n_nets, sizeof *ready);
    double longest = 0;
    if (!ready)
        return false;
    for (size_t i = 0; piped && i < c->cells.n_nets; i++)
        ready[i] = start;
    for (size_t i = 0; i < c->cells.n; i++) {
        const cell_instance *is = &c->cells.cell[i];
        const double in = fmax(fmax(ready[is->a], ready[is->b]), ready[is->c]);
        if (is->cell == ASX_CELL_DFF) {
            longest = fmax(longest, in + end);
            continue;
        }
        ready[is->out] = in + asx_cell_delay_ms(c->library, is->cell);
        if (is->cell == ASX_CELL_FA)
            ready[is->sum] = ready[is->out];
    }
    for (unsigned k = 0; k < c->answer.n; k++)
        longest = fmax(longest, ready[c->answer.bit[k]] + end);
    free(ready);
    p->latency = c->latency;
    p->period_ms = longest;
    p->delay_ms = longest * (double)(c->latency + 1);
    return true;
}

bool circuit_power(asx_bespoke_circuit *c)
{
    asx_bespoke_price *p = &c->price;
    toggles t;
    if (!asx_cell_library_switches(c->library)) {
        p->power_mw = p->leakage_mw / cell_library_static_share(c->library);
        return true;
    }
    if (!toggles_count(&t, c))
        return false;
    double mj = 0, changes = 0, outputs = 0;
    for (asx_cell k = 0; k < ASX_N_CELLS; k++) {
        mj += (double)t.of[k] * asx_cell_toggle_mj(c->library, k);
        changes += (double)t.of[k];
        outputs += (double)p->cell[k] * (k == ASX_CELL_FA ? 2 : 1);
    }
    mj = mj / (double)t.rows + (double)p->cell[ASX_CELL_DFF] * cell_library_clock_mj(c->library);
    p->toggles = outputs > 0 ? changes / (double)t.rows / outputs : 0;
    p->rate_hz = c->rate_hz;
    p->power_mw = p->leakage_mw + mj * c->rate_hz;
    return true;
}

bool circuit_price(asx_bespoke_circuit *c)
{
    asx_bespoke_price p = {.n_parts = 2 * c->n_layers + 1};
    if (!cells_make(&c->cells, &p, &c->gates, &c->answer, c->library, c->carry) ||
        (c->pipeline != ASX_BESPOKE_UNPIPED && !registers_insert(c)) || !find_delay(&p, c))
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
    c->price = p;
    return true;
}

asx_bespoke_price asx_bespoke_circuit_price(const asx_bespoke_circuit *c)
{
    return c->price;
}

bool asx_bespoke_keeps_rate(const asx_bespoke_price *price)
{
    return price->rate_hz * price->period_ms <= 1e3;
}
