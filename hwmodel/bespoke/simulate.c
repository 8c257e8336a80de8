/* The gates of a circuit on rows, a row a bit of a word. */
#include <stdlib.h>
#include <string.h>

#include "circuit.h"
#include "dse/memory.h"

enum { ROWS = 64 };

static uint64_t value_of(const uint64_t *value, literal a)
{
    return a & 1 ? ~value[a >> 1] : value[a >> 1];
}

static uint64_t evaluate(const gate *w, const uint64_t *value)
{
    const uint64_t a = value_of(value, w->in[0]), b = value_of(value, w->in[1]);
    const uint64_t c = value_of(value, w->in[2]);
    switch ((gate_kind)w->kind) {
    case GATE_AND:
        return a & b;
    case GATE_XOR:
        return a ^ b;
    case GATE_MAJORITY:
        return (a & b) | (a & c) | (b & c);
    case GATE_CHOICE:
        return (a & b) | (~a & c);
    case GATE_CONSTANT:
    case GATE_INPUT:
        break;
    }
    return 0;
}

/* Inputs are the first gates, in order. */
static void run(uint64_t *value, const asx_bespoke_circuit *c, const uint32_t *row, size_t n)
{
    size_t at = 1;
    value[0] = 0;
    for (size_t i = 0; i < c->inputs; i++)
        for (unsigned k = 0; k < c->input_bits[i]; k++, at++) {
            value[at] = 0;
            for (size_t r = 0; r < n; r++)
                value[at] |= (uint64_t)(row[r * c->inputs + i] >> k & 1) << r;
        }
    for (; at < c->gates.n; at++)
        value[at] = evaluate(&c->gates.gate[at], value);
}

asx_status asx_bespoke_circuit_run(uint32_t *label, const asx_bespoke_circuit *c,
                                   const uint32_t *row, size_t n, asx_error *err)
{
    uint64_t *value = asx_array_new(c->gates.n, sizeof *value);
    if (!value)
        return asx_fail(err, ASX_ENOMEM, "no memory to simulate a circuit");
    for (size_t first = 0; first < n; first += ROWS) {
        const size_t here = n - first < ROWS ? n - first : ROWS;
        run(value, c, row + first * c->inputs, here);
        for (size_t r = 0; r < here; r++) {
            label[first + r] = 0;
            for (unsigned k = 0; k < c->answer.n; k++)
                label[first + r] |= (uint32_t)(value_of(value, c->answer.bit[k]) >> r & 1) << k;
        }
    }
    free(value);
    return ASX_OK;
}
