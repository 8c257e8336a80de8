#include "turn.h"

#include <stdlib.h>

#include "builder.h"
#include "dse/memory.h"

/* For each node of the graph what uses it: wires of the new graph, one after the other. */
typedef struct users {
    size_t *first; /* [nodes + 1] */
    size_t *n;     /* [nodes] as yet */
    asx_wire *wire;
} users;

static void count(users *u, asx_wire w)
{
    if (w.node != ASX_NO_NODE)
        u->first[w.node + 1]++;
}

static bool users_init(users *u, const asx_adder_graph *g)
{
    const size_t nodes = g->inputs + g->n;
    u->first = asx_array_new(nodes + 1, sizeof *u->first);
    u->n = asx_array_new(nodes, sizeof *u->n);
    u->wire = asx_array_new(2 * g->n + g->outputs, sizeof *u->wire);
    if (!u->first || !u->n || !u->wire)
        return false;
    for (size_t i = 0; i < g->n; i++)
        for (int side = 0; side < 2; side++)
            count(u, g->adder[i][side]);
    for (size_t o = 0; o < g->outputs; o++)
        count(u, g->output[o]);
    for (size_t i = 0; i < nodes; i++)
        u->first[i + 1] += u->first[i];
    return true;
}

/* What `by` becomes in the new graph goes along a wire of the old one, backwards. */
static void use(users *u, asx_wire old, asx_wire by)
{
    if (old.node != ASX_NO_NODE && by.node != ASX_NO_NODE)
        u->wire[u->first[old.node] + u->n[old.node]++] = wire_move(by, old.shift, old.negative);
}

static void users_fini(users *u)
{
    free(u->first);
    free(u->n);
    free(u->wire);
}

static asx_adder_graph *turn(const asx_adder_graph *g, users *u, asx_wire *output)
{
    builder b;
    if (!builder_init(&b, g->outputs)) {
        builder_fini(&b);
        return NULL;
    }
    for (size_t o = 0; o < g->outputs; o++)
        use(u, g->output[o], (asx_wire){.node = o});
    for (size_t i = g->n; i-- > 0;) {
        const size_t node = g->inputs + i;
        const asx_wire sum = builder_sum(&b, u->wire + u->first[node], u->n[node]);
        for (int side = 0; side < 2; side++)
            use(u, g->adder[i][side], sum);
    }
    for (size_t i = 0; i < g->inputs; i++)
        output[i] = builder_sum(&b, u->wire + u->first[i], u->n[i]);
    return builder_take(&b, output, g->inputs);
}

asx_adder_graph *turn_graph(const asx_adder_graph *g)
{
    users u = {0};
    asx_wire *output = asx_array_new(g->inputs, sizeof *output);
    asx_adder_graph *turned = users_init(&u, g) && output ? turn(g, &u, output) : NULL;
    free(output);
    users_fini(&u);
    return turned;
}
