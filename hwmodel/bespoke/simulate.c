/* The cells of a circuit on rows, a row a bit of a word. */
#include "simulate.h"

#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"

enum { ROWS = 64 };

static uint64_t evaluate(const cell_instance *is, uint64_t a, uint64_t b, uint64_t c)
{
    switch (is->cell) {
    case ASX_CELL_INV:
        return ~a;
    case ASX_CELL_NAND2:
        return ~(a & b);
    case ASX_CELL_NOR2:
        return ~(a | b);
    case ASX_CELL_AND2:
        return a & b;
    case ASX_CELL_OR2:
        return a | b;
    case ASX_CELL_XOR2:
        return a ^ b;
    case ASX_CELL_XNOR2:
        return ~(a ^ b);
    case ASX_CELL_FA:
        return (a & b) | (c & (a | b));
    case ASX_CELL_MUX2:
        return (c & b) | (~c & a);
    case ASX_CELL_DFF:
    case ASX_N_CELLS:
        break;
    }
    return 0;
}

void simulate_cell(uint64_t *out, uint64_t *sum, const cell_instance *is, uint64_t a, uint64_t b,
                   uint64_t c)
{
    *out = evaluate(is, a, b, c);
    *sum = a ^ b ^ c;
}

void simulate_cells(uint64_t *net, const uint64_t *before, const asx_bespoke_circuit *c)
{
    for (size_t i = 0; i < c->cells.n; i++) {
        const cell_instance *is = &c->cells.cell[i];
        if (is->cell == ASX_CELL_DFF) {
            net[is->out] = net[is->a] << 1 | before[is->a] >> (ROWS - 1);
            continue;
        }
        net[is->out] = evaluate(is, net[is->a], net[is->b], net[is->c]);
        if (is->cell == ASX_CELL_FA)
            net[is->sum] = net[is->a] ^ net[is->b] ^ net[is->c];
    }
}

/* Inputs are the first gates, in order. */
static void set_inputs(uint64_t *net, const asx_bespoke_circuit *c, const uint32_t *row, size_t n)
{
    size_t at = 1;
    for (size_t i = 0; i < c->inputs; i++)
        for (unsigned k = 0; k < c->input_bits[i]; k++, at++) {
            net[2 * at] = 0;
            for (size_t r = 0; r < n; r++)
                net[2 * at] |= (uint64_t)(row[r * c->inputs + i] >> k & 1) << r;
        }
}

static uint32_t class_of(const uint64_t *net, const asx_bespoke_circuit *c, size_t r)
{
    uint32_t label = 0;
    for (unsigned k = 0; k < c->answer.n; k++)
        label |= (uint32_t)(net[c->answer.bit[k]] >> r & 1) << k;
    return label;
}

/* A class comes as many rows behind its row as there are registers one after the other. */
asx_status asx_bespoke_circuit_run(uint32_t *label, const asx_bespoke_circuit *c,
                                   const uint32_t *row, size_t n, asx_error *err)
{
    const size_t nets = c->cells.n_nets;
    uint64_t *net = asx_array_new(2 * nets, sizeof *net);
    if (!net)
        return asx_fail(err, ASX_ENOMEM, "no memory to simulate a circuit");
    uint64_t *before = net + nets;
    net[LITERAL_TRUE] = before[LITERAL_TRUE] = UINT64_MAX;
    for (size_t first = 0; first < n + c->latency; first += ROWS) {
        const size_t left = first < n ? n - first : 0;
        set_inputs(net, c, left ? row + first * c->inputs : row, left < ROWS ? left : ROWS);
        simulate_cells(net, before, c);
        for (size_t r = 0; r < ROWS; r++)
            if (first + r >= c->latency && first + r - c->latency < n)
                label[first + r - c->latency] = class_of(net, c, r);
        if (c->latency > 0)
            memcpy(before, net, nets * sizeof *net);
    }
    free(net);
    return ASX_OK;
}
