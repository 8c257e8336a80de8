/* What can be done with an adder graph. */
#include <stdlib.h>

#include "dse/bits.h"
#include "dse/memory.h"
#include "hwmodel/adders.h"

void asx_adder_graph_free(asx_adder_graph *g)
{
    if (!g)
        return;
    free(g->adder);
    free(g->output);
    free(g);
}

static int64_t value(const int64_t *node, asx_wire w)
{
    if (w.node == ASX_NO_NODE)
        return 0;
    const uint64_t moved = (uint64_t)node[w.node] << w.shift;
    return (int64_t)(w.negative ? -moved : moved);
}

void asx_adder_graph_run(int64_t *y, const asx_adder_graph *g, const int64_t *x, int64_t *work)
{
    for (size_t i = 0; i < g->inputs; i++)
        work[i] = x[i];
    for (size_t i = 0; i < g->n; i++)
        work[g->inputs + i] = (int64_t)((uint64_t)value(work, g->adder[i][0]) +
                                        (uint64_t)value(work, g->adder[i][1]));
    for (size_t o = 0; o < g->outputs; o++)
        y[o] = value(work, g->output[o]);
}

asx_status asx_adder_graph_depth(unsigned *depth, const asx_adder_graph *g, asx_error *err)
{
    unsigned *of = asx_array_new(g->inputs + g->n, sizeof *of), most = 0;
    if (!of)
        return asx_fail(err, ASX_ENOMEM, "no memory for the depth of an adder graph");
    for (size_t i = 0; i < g->n; i++) {
        const unsigned left = of[g->adder[i][0].node], right = of[g->adder[i][1].node];
        of[g->inputs + i] = 1 + (left > right ? left : right);
    }
    for (size_t o = 0; o < g->outputs; o++)
        if (g->output[o].node != ASX_NO_NODE && of[g->output[o].node] > most)
            most = of[g->output[o].node];
    free(of);
    *depth = most;
    return ASX_OK;
}

size_t asx_adders_of_digits(const int32_t *matrix, size_t rows, size_t columns)
{
    size_t adders = 0;
    for (size_t r = 0; r < rows; r++) {
        size_t digits = 0;
        for (size_t c = 0; c < columns; c++)
            digits += asx_signed_digit_count(matrix[r * columns + c]);
        adders += digits > 0 ? digits - 1 : 0;
    }
    return adders;
}
