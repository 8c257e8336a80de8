#include "price.h"

#include <math.h>
#include <stdlib.h>

#include "cell_library.h"
#include "dse/memory.h"
#include "dse/seed.h"
#include "registers.h"
#include "simulate.h"

enum { WORDS = 16 /* of 64 rows each that toggles are counted over */ };

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

/* Changes from row to row of a net whose words follow each other. */
static size_t changes(uint64_t now, uint64_t before, bool first)
{
    size_t n = 0;
    uint64_t turned = now ^ (now << 1 | before >> 63);
    if (first)
        turned &= ~(uint64_t)1;
    for (; turned; turned &= turned - 1)
        n++;
    return n;
}

/* What changes at each cell's output, rows being drawn evenly: energy a row in *mj. @return whether there was memory */
static bool count_toggles(asx_bespoke_price *p, double *mj, const asx_bespoke_circuit *c)
{
    size_t n = 0, toggles = 0, outputs = 0, bits = 0;
    uint64_t *net = asx_array_new(2 * c->cells.n_nets, sizeof *net);
    if (!net)
        return false;
    uint64_t *before = net + c->cells.n_nets;
    double all = 0;
    for (size_t i = 0; i < c->inputs; i++)
        bits += c->input_bits[i];
    net[LITERAL_TRUE] = before[LITERAL_TRUE] = UINT64_MAX;
    for (size_t at = 0; at < WORDS; at++) {
        for (size_t i = 1; i <= bits; i++)
            net[2 * i] = asx_seed_bits(1, i, at);
        simulate_cells(net, before, c);
        for (size_t i = 0; i < c->cells.n; i++) {
            const cell_instance *is = &c->cells.cell[i];
            n = changes(net[is->out], before[is->out], at == 0);
            n += is->sum ? changes(net[is->sum], before[is->sum], at == 0) : 0;
            all += (double)n * asx_cell_toggle_mj(c->library, is->cell);
            toggles += n;
            outputs += is->sum ? 2 : 1;
        }
        for (size_t i = 0; i < c->cells.n_nets; i++)
            before[i] = net[i];
    }
    free(net);
    const double rows = WORDS * 64 - 1;
    *mj = all / rows + (double)p->cell[ASX_CELL_DFF] * cell_library_clock_mj(c->library);
    p->toggles = outputs ? (double)toggles / rows / ((double)outputs / WORDS) : 0;
    return true;
}

/* @return whether there was memory */
static bool find_power(asx_bespoke_price *p, const asx_bespoke_circuit *c)
{
    double mj = 0;
    if (!asx_cell_library_switches(c->library)) {
        p->power_mw = p->leakage_mw / cell_library_static_share(c->library);
        return true;
    }
    if (!count_toggles(p, &mj, c))
        return false;
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
    if (!find_power(&p, c))
        return false;
    c->price = p;
    return true;
}

asx_bespoke_price asx_bespoke_circuit_price(const asx_bespoke_circuit *c)
{
    return c->price;
}
