#include "gates.h"

#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"

enum { FIRST_BITS = 12, GATES_MAX = INT32_MAX /* twice as many literals fit */ };
static const float XOR_DELAY = 2.5F, GATE_DELAY = 1.2F, PAIR_DELAY = 2.0F;

void gates_init(gates *g, patience *until)
{
    *g = (gates){.bits = FIRST_BITS, .until = until};
    g->slot = asx_array_new((size_t)1 << g->bits, sizeof *g->slot);
    g->gate = asx_array_grow(NULL, &g->capacity, 1, sizeof *g->gate);
    g->failed = !g->slot || !g->gate;
    if (g->gate)
        g->gate[0] = (gate){.kind = GATE_CONSTANT};
    g->n = 1;
}

void gates_fini(gates *g)
{
    free(g->gate);
    free(g->slot);
    *g = (gates){0};
}

float gates_arrival(const gates *g, literal a)
{
    return g->failed ? 0 : g->gate[a >> 1].arrival;
}

static bool same(const gate *a, const gate *b)
{
    return a->kind == b->kind && a->in[0] == b->in[0] && a->in[1] == b->in[1] &&
           a->in[2] == b->in[2];
}

static size_t find(const gates *g, const gate *what)
{
    const size_t mask = ((size_t)1 << g->bits) - 1;
    uint64_t h = what->kind;
    for (int i = 0; i < 3; i++)
        h = (h ^ what->in[i]) * 0x9e3779b97f4a7c15u;
    size_t at = (size_t)(h >> (64 - g->bits));
    while (g->slot[at] && !same(&g->gate[g->slot[at]], what))
        at = (at + 1) & mask;
    return at;
}

static bool grow(gates *g)
{
    gate *grown =
        g->n < GATES_MAX ? asx_array_grow(g->gate, &g->capacity, g->n + 1, sizeof *grown) : NULL;
    if (!grown)
        return false;
    g->gate = grown;
    if (2 * g->n < (size_t)1 << g->bits)
        return true;
    free(g->slot);
    g->slot = asx_array_new((size_t)2 << g->bits, sizeof *g->slot);
    if (!g->slot)
        return false;
    g->bits++;
    for (size_t i = 1; i < g->n; i++)
        if (g->gate[i].kind != GATE_INPUT)
            g->slot[find(g, &g->gate[i])] = (uint32_t)i;
    return true;
}

/* The gate that is there already, or a new one. */
static literal make(gates *g, gate what)
{
    g->failed = g->failed || !patience_spend(g->until, 1) || !grow(g);
    if (g->failed)
        return LITERAL_FALSE;
    const size_t at = find(g, &what);
    if (g->slot[at])
        return 2 * g->slot[at];
    what.part = g->part;
    g->slot[at] = (uint32_t)g->n;
    g->gate[g->n] = what;
    return (literal)(2 * g->n++);
}

literal gates_input(gates *g)
{
    g->failed = g->failed || !grow(g);
    if (g->failed)
        return LITERAL_FALSE;
    g->gate[g->n] = (gate){.kind = GATE_INPUT, .part = g->part};
    return (literal)(2 * g->n++);
}

static float later(const gates *g, literal a, literal b)
{
    const float x = gates_arrival(g, a), y = gates_arrival(g, b);
    return x > y ? x : y;
}

static void sort_two(literal *a, literal *b)
{
    if (*a > *b) {
        const literal swap = *a;
        *a = *b;
        *b = swap;
    }
}

literal gates_and(gates *g, literal a, literal b, gate_use use)
{
    sort_two(&a, &b);
    if (a == LITERAL_FALSE || a == literal_not(b))
        return LITERAL_FALSE;
    if (a == LITERAL_TRUE || a == b)
        return b;
    return make(g, (gate){.kind = GATE_AND,
                          .in = {a, b, 0, 0},
                          .use = (unsigned char)use,
                          .arrival = later(g, a, b) + GATE_DELAY});
}

literal gates_or(gates *g, literal a, literal b, gate_use use)
{
    return literal_not(gates_and(g, literal_not(a), literal_not(b), use));
}

literal gates_xor(gates *g, literal a, literal b, gate_use use)
{
    const literal inverse = (a ^ b) & 1;
    a &= ~(literal)1;
    b &= ~(literal)1;
    sort_two(&a, &b);
    if (a == b)
        return inverse;
    if (a == LITERAL_FALSE)
        return b ^ inverse;
    return inverse ^ make(g, (gate){.kind = GATE_XOR,
                                    .in = {a, b, 0, 0},
                                    .use = (unsigned char)use,
                                    .arrival = later(g, a, b) + XOR_DELAY});
}

literal gates_choice(gates *g, literal select, literal a, literal b, gate_use use)
{
    if (select & 1) {
        const literal swap = a;
        a = b;
        b = swap;
        select ^= 1;
    }
    if (a == b || select == LITERAL_FALSE)
        return b;
    if (a == literal_not(b))
        return literal_not(gates_xor(g, select, a, use));
    if (a == LITERAL_FALSE)
        return gates_and(g, literal_not(select), b, use);
    if (a == LITERAL_TRUE)
        return gates_or(g, select, b, use);
    if (b == LITERAL_FALSE)
        return gates_and(g, select, a, use);
    if (b == LITERAL_TRUE)
        return gates_or(g, literal_not(select), a, use);
    const literal inverse = a & b & 1;
    const float when = later(g, a, b), chosen = gates_arrival(g, select);
    return inverse ^ make(g, (gate){.kind = GATE_CHOICE,
                                    .in = {select, a ^ inverse, b ^ inverse, 0},
                                    .use = (unsigned char)use,
                                    .arrival = (when > chosen ? when : chosen) + PAIR_DELAY});
}

/* Of a constant or equal pair among three: what is left. @return whether it is simple */
static bool simple_majority(gates *g, literal *out, const literal in[3], gate_use use)
{
    for (int i = 0; i < 3; i++) {
        const literal a = in[i], b = in[(i + 1) % 3], c = in[(i + 2) % 3];
        if (a <= LITERAL_TRUE) {
            *out = a ? gates_or(g, b, c, use) : gates_and(g, b, c, use);
            return true;
        }
        if (a >> 1 == b >> 1) {
            *out = a == b ? a : c;
            return true;
        }
    }
    return false;
}

literal gates_majority(gates *g, const literal in[3], bool with_xor, gate_use use)
{
    literal out = LITERAL_FALSE;
    if (simple_majority(g, &out, in, use))
        return out;
    /* majority is its own dual: at most one input inverted */
    const literal inverse = (in[0] & 1) + (in[1] & 1) + (in[2] & 1) >= 2;
    gate what = {.kind = GATE_MAJORITY,
                 .in = {in[0] ^ inverse, in[1] ^ inverse, in[2] ^ inverse, LITERAL_FALSE},
                 .use = (unsigned char)use};
    what.arrival = later(g, in[0], in[1]) + (with_xor ? XOR_DELAY : 0);
    if (gates_arrival(g, in[2]) > what.arrival)
        what.arrival = gates_arrival(g, in[2]);
    what.arrival += PAIR_DELAY;
    if (with_xor)
        what.in[3] = gates_xor(g, what.in[0], what.in[1], USE_OTHER);
    return inverse ^ make(g, what);
}

literal gates_full_adder(gates *g, literal *carry, const literal in[3])
{
    *carry = gates_majority(g, in, true, USE_FULL_ADDER);
    return gates_xor(g, gates_xor(g, in[0], in[1], USE_OTHER), in[2], USE_OTHER);
}
