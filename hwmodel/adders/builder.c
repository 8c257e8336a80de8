#include "builder.h"

#include <stdlib.h>

#include "dse/memory.h"

bool builder_init(builder *b, size_t inputs)
{
    *b = (builder){.inputs = inputs};
    b->capacity = 64;
    b->adder = asx_array_new(b->capacity, sizeof *b->adder);
    b->depth = asx_array_new(inputs + b->capacity, sizeof *b->depth);
    return b->adder && b->depth;
}

void builder_fini(builder *b)
{
    free(b->adder);
    free(b->depth);
    *b = (builder){0};
}

unsigned builder_depth(const builder *b, asx_wire wire)
{
    return wire.node == ASX_NO_NODE ? 0 : b->depth[wire.node];
}

static bool grow(builder *b)
{
    if (b->n < b->capacity)
        return true;
    size_t capacity = b->capacity, with_inputs = b->inputs + b->capacity;
    void *adder = asx_array_grow(b->adder, &capacity, b->n + 1, sizeof *b->adder);
    if (adder)
        b->adder = adder;
    void *depth = asx_array_grow(b->depth, &with_inputs, b->inputs + capacity, sizeof *b->depth);
    if (depth)
        b->depth = depth;
    if (!adder || !depth)
        return false;
    b->capacity = capacity;
    return true;
}

asx_wire builder_add(builder *b, asx_wire left, asx_wire right)
{
    if (left.node == ASX_NO_NODE || right.node == ASX_NO_NODE)
        return left.node == ASX_NO_NODE ? right : left;
    b->failed = b->failed || !grow(b);
    if (b->failed)
        return wire_zero();
    const unsigned shift = left.shift < right.shift ? left.shift : right.shift;
    const bool negative = left.negative && right.negative;
    const unsigned deep = b->depth[left.node], other = b->depth[right.node];
    left.shift -= shift;
    right.shift -= shift;
    left.negative = left.negative && !negative;
    right.negative = right.negative && !negative;
    b->adder[b->n][0] = left;
    b->adder[b->n][1] = right;
    b->depth[b->inputs + b->n] = 1 + (deep > other ? deep : other);
    return (asx_wire){.node = b->inputs + b->n++, .shift = shift, .negative = negative};
}

/* Whether `a` is to be added before `b`: shallower, then of lower weight, so that sums stay short. */
static bool before(const builder *b, asx_wire x, asx_wire y)
{
    const unsigned dx = builder_depth(b, x), dy = builder_depth(b, y);
    return dx != dy ? dx < dy : x.shift < y.shift;
}

/* Takes out the first to be added. */
static asx_wire take_first(const builder *b, asx_wire *wire, size_t *n)
{
    size_t best = 0;
    for (size_t i = 1; i < *n; i++)
        if (before(b, wire[i], wire[best]))
            best = i;
    const asx_wire first = wire[best];
    wire[best] = wire[--*n];
    return first;
}

asx_wire builder_sum(builder *b, asx_wire *wire, size_t n)
{
    if (n == 0)
        return wire_zero();
    while (n > 1) {
        const asx_wire left = take_first(b, wire, &n), right = take_first(b, wire, &n);
        wire[n++] = builder_add(b, left, right);
    }
    return wire[0];
}

static void mark(const builder *b, bool *used, asx_wire w)
{
    if (w.node != ASX_NO_NODE && w.node >= b->inputs)
        used[w.node - b->inputs] = true;
}

/* Where each node goes when those that nobody needs are left out; how many adders stay. */
static size_t renumber(const builder *b, size_t *place, bool *used, const asx_wire *output,
                       size_t outputs)
{
    size_t n = 0;
    for (size_t o = 0; o < outputs; o++)
        mark(b, used, output[o]);
    for (size_t i = b->n; i-- > 0;)
        for (int side = 0; used[i] && side < 2; side++)
            mark(b, used, b->adder[i][side]);
    for (size_t i = 0; i < b->inputs; i++)
        place[i] = i;
    for (size_t i = 0; i < b->n; i++)
        if (used[i])
            place[b->inputs + i] = b->inputs + n++;
    return n;
}

static asx_wire placed(asx_wire w, const size_t *place)
{
    if (w.node != ASX_NO_NODE)
        w.node = place[w.node];
    return w;
}

static asx_adder_graph *copy_used(const builder *b, size_t *place, bool *used,
                                  const asx_wire *output, size_t outputs)
{
    asx_adder_graph *g = asx_array_new(1, sizeof *g);
    if (!g)
        return NULL;
    *g = (asx_adder_graph){.inputs = b->inputs, .outputs = outputs};
    g->n = renumber(b, place, used, output, outputs);
    g->adder = asx_array_new(g->n, sizeof *g->adder);
    g->output = asx_array_new(outputs, sizeof *g->output);
    if (!g->adder || !g->output) {
        asx_adder_graph_free(g);
        return NULL;
    }
    for (size_t i = 0, k = 0; i < b->n; i++)
        if (used[i]) {
            g->adder[k][0] = placed(b->adder[i][0], place);
            g->adder[k++][1] = placed(b->adder[i][1], place);
        }
    for (size_t o = 0; o < outputs; o++)
        g->output[o] = placed(output[o], place);
    return g;
}

asx_adder_graph *builder_take(builder *b, const asx_wire *output, size_t outputs)
{
    bool *used = asx_array_new(b->n, sizeof *used);
    size_t *place = asx_array_new(b->inputs + b->n, sizeof *place);
    asx_adder_graph *g =
        used && place && !b->failed ? copy_used(b, place, used, output, outputs) : NULL;
    free(place);
    free(used);
    builder_fini(b);
    return g;
}
