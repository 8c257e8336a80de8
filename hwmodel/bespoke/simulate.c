/* The cells of a circuit on rows, a row a bit of a word. */
#include <stdlib.h>
#include <string.h>

#include "circuit.h"
#include "dse/memory.h"

enum { ROWS = 64 };

static uint64_t evaluate(asx_cell cell, uint64_t a, uint64_t b)
{
    switch (cell) {
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
    case ASX_N_CELLS:
        break;
    }
    return 0;
}

/* Inputs are the first gates, in order. */
static void run(uint64_t *net, const asx_bespoke_circuit *c, const uint32_t *row, size_t n)
{
    size_t at = 1;
    net[LITERAL_FALSE] = 0;
    net[LITERAL_TRUE] = UINT64_MAX;
    for (size_t i = 0; i < c->inputs; i++)
        for (unsigned k = 0; k < c->input_bits[i]; k++, at++) {
            net[2 * at] = 0;
            for (size_t r = 0; r < n; r++)
                net[2 * at] |= (uint64_t)(row[r * c->inputs + i] >> k & 1) << r;
        }
    for (size_t i = 0; i < c->cells.n; i++) {
        const cell_instance *is = &c->cells.cell[i];
        net[is->out] = evaluate(is->cell, net[is->a], net[is->b]);
    }
}

asx_status asx_bespoke_circuit_run(uint32_t *label, const asx_bespoke_circuit *c,
                                   const uint32_t *row, size_t n, asx_error *err)
{
    uint64_t *net = asx_array_new(c->cells.n_nets, sizeof *net);
    if (!net)
        return asx_fail(err, ASX_ENOMEM, "no memory to simulate a circuit");
    for (size_t first = 0; first < n; first += ROWS) {
        const size_t here = n - first < ROWS ? n - first : ROWS;
        run(net, c, row + first * c->inputs, here);
        for (size_t r = 0; r < here; r++) {
            label[first + r] = 0;
            for (unsigned k = 0; k < c->answer.n; k++)
                label[first + r] |= (uint32_t)(net[c->answer.bit[k]] >> r & 1) << k;
        }
    }
    free(net);
    return ASX_OK;
}
