#include "cells.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"

enum { POSITIVE = 1, NEGATIVE = 2, FORM_INPUTS = 6 };

/* Of each gate. */
typedef struct need {
    unsigned char wanted; /* POSITIVE, NEGATIVE */
    unsigned char has;    /* what is there without an inverter */
    bool alive, strict;   /* strict: also without being the exclusive or of a carry */
    bool dual, joined;    /* forms of majorities and choices */
    asx_cell cell;        /* of AND and XOR */
    double ready[2];      /* ms until the output, the inverse */
} need;

typedef struct mapping {
    const gates *g;
    const asx_cell_library *library;
    asx_bespoke_carry carry;
    asx_bespoke_price *price;
    need *need; /* [g->n] */
} mapping;

static unsigned phase(literal a)
{
    return a & 1 ? NEGATIVE : POSITIVE;
}

static double area(const mapping *m, asx_cell c)
{
    return asx_cell_area_mm2(m->library, c);
}

/* What it costs more to have a literal. */
static double extra(const mapping *m, literal a)
{
    const need *n = &m->need[a >> 1];
    if (n->wanted & phase(a))
        return 0;
    const bool inverter = n->wanted != 0 || (m->g->gate[a >> 1].kind == GATE_INPUT && (a & 1));
    return inverter ? area(m, ASX_CELL_INV) : 0;
}

static void want(mapping *m, literal a)
{
    if (a > LITERAL_TRUE)
        m->need[a >> 1].wanted |= (unsigned char)phase(a);
}

/* An inverter where the form gives another phase than is wanted. */
static double inverter_of(const mapping *m, const need *n, unsigned has)
{
    return n->wanted & ~has ? area(m, ASX_CELL_INV) : 0;
}

static void map_and(mapping *m, const gate *w, need *n)
{
    static const struct {
        asx_cell cell;
        unsigned has;
        literal inverse; /* of the inputs */
    } forms[] = {{ASX_CELL_NAND2, NEGATIVE, 0},
                 {ASX_CELL_AND2, POSITIVE, 0},
                 {ASX_CELL_NOR2, POSITIVE, 1},
                 {ASX_CELL_OR2, NEGATIVE, 1}};
    double least = INFINITY;
    size_t best = 0;
    for (size_t f = 0; f < sizeof forms / sizeof *forms; f++) {
        const double cost = area(m, forms[f].cell) + inverter_of(m, n, forms[f].has) +
                            extra(m, w->in[0] ^ forms[f].inverse) +
                            extra(m, w->in[1] ^ forms[f].inverse);
        if (cost < least) {
            least = cost;
            best = f;
        }
    }
    n->cell = forms[best].cell;
    n->has = (unsigned char)forms[best].has;
    want(m, w->in[0] ^ forms[best].inverse);
    want(m, w->in[1] ^ forms[best].inverse);
}

/* What the NAND cells of a form take, of majorities and choices. */
static size_t inputs_of(literal in[FORM_INPUTS], const gate *w, bool dual, bool joined)
{
    const literal d = dual;
    size_t n = 0;
    for (int i = 0; i < 3; i++)
        in[n++] = w->in[i] ^ (w->kind == GATE_CHOICE && i == 0 ? 0 : d);
    if (w->kind == GATE_CHOICE)
        in[n++] = literal_not(w->in[0]);
    else if (joined) /* the exclusive or of two inverted bits is that of the bits */
        in[n++] = w->in[3];
    else {
        in[n++] = literal_not(in[0]);
        in[n++] = literal_not(in[1]);
    }
    return n;
}

/* Whether a carry is of two AND and an OR, whatever is cheaper. */
static bool is_and_or(const mapping *m, const gate *w)
{
    return m->carry == ASX_BESPOKE_AND_OR && w->kind == GATE_MAJORITY && w->use == USE_FULL_ADDER &&
           w->in[3] > LITERAL_TRUE;
}

static double form_cost(const mapping *m, const gate *w, const need *n, bool dual, bool joined)
{
    literal in[FORM_INPUTS] = {0};
    const size_t k = inputs_of(in, w, dual, joined);
    double cost = (w->kind == GATE_CHOICE || joined ? 3 : 4) * area(m, ASX_CELL_NAND2);
    if (is_and_or(m, w))
        cost = 2 * area(m, ASX_CELL_AND2) + area(m, ASX_CELL_OR2);
    cost += inverter_of(m, n, dual ? NEGATIVE : POSITIVE);
    if (joined && !m->need[w->in[3] >> 1].strict)
        cost += area(m, ASX_CELL_XOR2);
    for (size_t i = 0; i < k; i++)
        cost += extra(m, in[i]);
    return cost;
}

static void map_nands(mapping *m, const gate *w, need *n)
{
    literal in[FORM_INPUTS] = {0};
    double least = INFINITY;
    const bool may_join = w->kind == GATE_MAJORITY && w->in[3] > LITERAL_TRUE;
    for (int f = 0; f < 4; f++) {
        const bool dual = f & 1, joined = f & 2;
        if ((joined && !may_join) || (!joined && is_and_or(m, w)))
            continue;
        const double cost = form_cost(m, w, n, dual, joined);
        if (cost < least) {
            least = cost;
            n->dual = dual;
            n->joined = joined;
        }
    }
    n->has = n->dual ? NEGATIVE : POSITIVE;
    const size_t k = inputs_of(in, w, n->dual, n->joined);
    for (size_t i = 0; i < k; i++)
        want(m, in[i]);
    if (n->joined) /* now it is of use */
        m->need[w->in[3] >> 1].alive = true;
}

static void mark(mapping *m, literal a)
{
    if (a > LITERAL_TRUE)
        m->need[a >> 1].alive = m->need[a >> 1].strict = true;
}

/* What outputs need, but for exclusive ors that only carries ask for: whether they do is a matter of cost. */
static void mark_alive(mapping *m, const word *outputs)
{
    for (unsigned k = 0; k < outputs->n; k++) {
        mark(m, outputs->bit[k]);
        want(m, outputs->bit[k]);
    }
    for (size_t i = m->g->n; i-- > 1;)
        for (int k = 0; m->need[i].alive && k < 3; k++)
            mark(m, m->g->gate[i].in[k]);
}

static void choose_forms(mapping *m)
{
    for (size_t i = m->g->n; i-- > 1;) {
        const gate *w = &m->g->gate[i];
        need *n = &m->need[i];
        if (!n->alive)
            continue;
        if (w->kind == GATE_AND)
            map_and(m, w, n);
        else if (w->kind == GATE_MAJORITY || w->kind == GATE_CHOICE)
            map_nands(m, w, n);
        else if (w->kind == GATE_INPUT)
            n->has = POSITIVE;
    }
}

/* Phases that are there for whoever takes either. */
static unsigned there(const need *n)
{
    return n->wanted ? n->wanted : n->has;
}

/* An exclusive or takes inputs as they come: of two that are inverted, or none, it is one, else the inverse. */
static void map_xor(mapping *m, const gate *w, need *n)
{
    const unsigned a = there(&m->need[w->in[0] >> 1]), b = there(&m->need[w->in[1] >> 1]);
    const bool either = a == (POSITIVE | NEGATIVE) || b == (POSITIVE | NEGATIVE);
    unsigned has = a == b ? POSITIVE : NEGATIVE;
    n->cell = ASX_CELL_XOR2;
    if (either)
        has = n->wanted == NEGATIVE ? NEGATIVE : POSITIVE;
    const bool other = n->wanted && !(n->wanted & has);
    if (other && area(m, ASX_CELL_XNOR2) <= area(m, ASX_CELL_XOR2) + area(m, ASX_CELL_INV)) {
        n->cell = ASX_CELL_XNOR2;
        has ^= POSITIVE | NEGATIVE;
    }
    n->has = (unsigned char)has;
}

static void count(mapping *m, const gate *w, asx_cell cell, size_t n)
{
    m->price->part[w->part].cell[cell] += n;
}

static double ready(const mapping *m, literal a)
{
    return a > LITERAL_TRUE ? m->need[a >> 1].ready[a & 1] : 0;
}

static double delay(const mapping *m, asx_cell c)
{
    return asx_cell_delay_ms(m->library, c);
}

static double latest(const mapping *m, const literal *in, size_t n)
{
    double last = 0;
    for (size_t i = 0; i < n; i++)
        last = fmax(last, ready(m, in[i]));
    return last;
}

/* Of NAND cells in two stages. */
static double nands_ready(const mapping *m, const gate *w, const need *n)
{
    literal in[FORM_INPUTS] = {0};
    const size_t k = inputs_of(in, w, n->dual, n->joined);
    const double two = is_and_or(m, w) ? delay(m, ASX_CELL_AND2) + delay(m, ASX_CELL_OR2)
                                       : 2 * delay(m, ASX_CELL_NAND2);
    if (w->kind == GATE_CHOICE || n->joined)
        return latest(m, in, k) + two;
    /* of three stages, of which the third input sees two */
    const double pair = fmax(fmax(ready(m, in[0]), ready(m, in[1])), latest(m, in + 3, 2));
    return fmax(pair + delay(m, ASX_CELL_NAND2), ready(m, in[2])) + two;
}

static double xor_ready(const mapping *m, const gate *w, const need *n)
{
    double last = 0;
    for (int i = 0; i < 2; i++) {
        const need *of = &m->need[w->in[i] >> 1];
        const unsigned has = there(of);
        const double first = fmin(has & POSITIVE ? of->ready[0] : INFINITY,
                                  has & NEGATIVE ? of->ready[1] : INFINITY);
        last = fmax(last, first);
    }
    return last + delay(m, n->cell);
}

static double and_ready(const mapping *m, const gate *w, const need *n)
{
    const literal inverse = n->cell == ASX_CELL_NOR2 || n->cell == ASX_CELL_OR2;
    const literal in[2] = {w->in[0] ^ inverse, w->in[1] ^ inverse};
    return latest(m, in, 2) + delay(m, n->cell);
}

/* Counts the cells of a gate, and says when its phases are there. */
static void place(mapping *m, const gate *w, need *n)
{
    double at = 0;
    if (w->kind == GATE_XOR) {
        map_xor(m, w, n);
        count(m, w, n->cell, 1);
        at = xor_ready(m, w, n);
    } else if (w->kind == GATE_AND) {
        count(m, w, n->cell, 1);
        at = and_ready(m, w, n);
    } else if (w->kind != GATE_INPUT) {
        const bool and_or = is_and_or(m, w);
        count(m, w, ASX_CELL_AND2, and_or ? 2 : 0);
        count(m, w, ASX_CELL_OR2, and_or ? 1 : 0);
        count(m, w, ASX_CELL_NAND2, and_or ? 0 : w->kind == GATE_CHOICE || n->joined ? 3 : 4);
        at = nands_ready(m, w, n);
    }
    const bool inverter = (n->wanted & ~n->has) != 0;
    if (inverter)
        count(m, w, ASX_CELL_INV, 1);
    n->ready[0] = n->ready[1] = at;
    n->ready[n->has == POSITIVE ? 1 : 0] += inverter ? delay(m, ASX_CELL_INV) : 0;
    asx_bespoke_part *part = &m->price->part[w->part];
    part->full_adders += w->use == USE_FULL_ADDER && w->kind == GATE_MAJORITY;
    part->half_adders +=
        (w->use == USE_FULL_ADDER || w->use == USE_HALF_ADDER) && w->kind == GATE_AND;
    part->compared += w->use == USE_COMPARED;
    part->chosen += w->use == USE_CHOSEN;
}

bool cells_count(asx_bespoke_price *price, const gates *g, const word *outputs,
                 const asx_cell_library *library, asx_bespoke_carry carry)
{
    mapping m = {.g = g,
                 .library = library,
                 .carry = carry,
                 .price = price,
                 .need = asx_array_new(g->n, sizeof *m.need)};
    if (!m.need)
        return false;
    mark_alive(&m, outputs);
    choose_forms(&m);
    for (size_t i = 1; i < g->n; i++)
        if (m.need[i].alive)
            place(&m, &g->gate[i], &m.need[i]);
    for (unsigned k = 0; k < outputs->n; k++)
        price->delay_ms = fmax(price->delay_ms, ready(&m, outputs->bit[k]));
    free(m.need);
    return true;
}
