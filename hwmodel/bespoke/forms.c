/* From the outputs on: users are done before what they use. */
#include "forms.h"

#include <math.h>

typedef struct mapping {
    const gates *g;
    const asx_cell_library *library;
    asx_bespoke_carry carry;
    form *form; /* [g->n] */
} mapping;

static unsigned phase(literal a)
{
    return a & 1 ? PHASE_NEGATIVE : PHASE_POSITIVE;
}

static double area(const mapping *m, asx_cell c)
{
    return asx_cell_area_mm2(m->library, c);
}

/* What it costs more to have a literal. */
static double extra(const mapping *m, literal a)
{
    const form *n = &m->form[a >> 1];
    if (n->wanted & phase(a))
        return 0;
    const bool inverter = n->wanted != 0 || (m->g->gate[a >> 1].kind == GATE_INPUT && (a & 1));
    return inverter ? area(m, ASX_CELL_INV) : 0;
}

static void want(mapping *m, literal a)
{
    if (a > LITERAL_TRUE)
        m->form[a >> 1].wanted |= (unsigned char)phase(a);
}

/* An inverter where the form gives another phase than is wanted. */
static double inverter_of(const mapping *m, const form *n, unsigned has)
{
    return n->wanted & ~has ? area(m, ASX_CELL_INV) : 0;
}

static void map_and(mapping *m, const gate *w, form *n)
{
    static const struct {
        asx_cell cell;
        unsigned has;
        literal inverse; /* of the inputs */
    } forms[] = {{ASX_CELL_NAND2, PHASE_NEGATIVE, 0},
                 {ASX_CELL_AND2, PHASE_POSITIVE, 0},
                 {ASX_CELL_NOR2, PHASE_POSITIVE, 1},
                 {ASX_CELL_OR2, PHASE_NEGATIVE, 1}};
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
size_t form_inputs(literal in[FORM_INPUTS], const gate *w, bool dual, bool joined)
{
    const literal d = dual;
    size_t n = 0;
    for (int i = 0; i < 3; i++)
        in[n++] = w->in[i] ^ (w->kind == GATE_CHOICE && i == 0 ? 0 : d);
    if (w->kind == GATE_CHOICE && joined)
        return n;
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

static double form_cost(const mapping *m, const gate *w, const form *n, bool dual, bool joined)
{
    literal in[FORM_INPUTS] = {0};
    const size_t k = form_inputs(in, w, dual, joined);
    double cost = (w->kind == GATE_CHOICE || joined ? 3 : 4) * area(m, ASX_CELL_NAND2);
    if (w->kind == GATE_CHOICE && joined)
        cost = area(m, ASX_CELL_MUX2);
    if (is_and_or(m, w))
        cost = 2 * area(m, ASX_CELL_AND2) + area(m, ASX_CELL_OR2);
    cost += inverter_of(m, n, dual ? PHASE_NEGATIVE : PHASE_POSITIVE);
    if (w->kind != GATE_CHOICE && joined && !m->form[w->in[3] >> 1].strict)
        cost += area(m, ASX_CELL_XOR2);
    for (size_t i = 0; i < k; i++)
        cost += extra(m, in[i]);
    return cost;
}

static void map_nands(mapping *m, const gate *w, form *n)
{
    literal in[FORM_INPUTS] = {0};
    double least = INFINITY;
    const bool may_join = w->kind == GATE_MAJORITY
                              ? w->in[3] > LITERAL_TRUE
                              : asx_cell_library_has(m->library, ASX_CELL_MUX2);
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
    n->has = n->dual ? PHASE_NEGATIVE : PHASE_POSITIVE;
    n->and_or = is_and_or(m, w);
    const size_t k = form_inputs(in, w, n->dual, n->joined);
    for (size_t i = 0; i < k; i++)
        want(m, in[i]);
    if (n->joined && w->kind == GATE_MAJORITY) /* now it is of use */
        m->form[w->in[3] >> 1].alive = true;
}

static void mark(mapping *m, literal a)
{
    if (a > LITERAL_TRUE)
        m->form[a >> 1].alive = m->form[a >> 1].strict = true;
}

/* What outputs need, but for exclusive ors that only carries ask for: whether they do is a matter of cost. */
static void mark_alive(mapping *m, const word *outputs)
{
    for (unsigned k = 0; k < outputs->n; k++) {
        mark(m, outputs->bit[k]);
        want(m, outputs->bit[k]);
    }
    for (size_t i = m->g->n; i-- > 1;)
        for (int k = 0; m->form[i].alive && k < 3; k++)
            mark(m, m->g->gate[i].in[k]);
}

/* Counts who takes what, and finds the carry of every exclusive or. */
static void count_uses(mapping *m, const word *outputs)
{
    for (unsigned k = 0; k < outputs->n; k++)
        m->form[outputs->bit[k] >> 1].uses++;
    for (size_t i = 1; i < m->g->n; i++) {
        const gate *w = &m->g->gate[i];
        for (int k = 0; m->form[i].alive && k < 3; k++)
            m->form[w->in[k] >> 1].uses++;
        if (m->form[i].alive && w->kind == GATE_MAJORITY && w->use == USE_FULL_ADDER &&
            w->in[3] > LITERAL_TRUE)
            m->form[w->in[3] >> 1].carry = (uint32_t)i;
    }
}

/* Carry and sum of three bits whose exclusive or of two nobody else takes are one cell. */
static void pair_adders(mapping *m, const word *outputs)
{
    if (!asx_cell_library_has(m->library, ASX_CELL_FA) || m->carry == ASX_BESPOKE_AND_OR ||
        area(m, ASX_CELL_FA) >= 2 * area(m, ASX_CELL_XOR2) + 3 * area(m, ASX_CELL_NAND2))
        return;
    count_uses(m, outputs);
    for (size_t i = 1; i < m->g->n; i++) {
        const gate *w = &m->g->gate[i];
        for (int k = 0; m->form[i].alive && w->kind == GATE_XOR && k < 2; k++) {
            form *both = &m->form[w->in[k] >> 1];
            const uint32_t carry = both->carry;
            if (!carry || both->uses != 1 || m->form[carry].partner || m->form[i].partner ||
                m->g->gate[carry].in[2] >> 1 != w->in[1 - k] >> 1)
                continue;
            m->form[i].partner = carry;
            m->form[carry].partner = (uint32_t)i;
            both->alive = both->strict = false;
        }
    }
}

/* @param at  of carry and sum the one that comes first: users of both are done */
static void map_adder(mapping *m, size_t at)
{
    const bool first = m->g->gate[at].kind == GATE_MAJORITY;
    const size_t carry = first ? at : m->form[at].partner, sum = first ? m->form[at].partner : at;
    const gate *w = &m->g->gate[carry];
    const unsigned odd = (w->in[0] ^ w->in[1] ^ w->in[2]) & 1;
    double least = INFINITY;
    for (unsigned dual = 0; dual < 2; dual++) {
        const unsigned has = dual ? PHASE_NEGATIVE : PHASE_POSITIVE;
        const unsigned sum_has = dual ^ odd ? PHASE_NEGATIVE : PHASE_POSITIVE;
        double cost = inverter_of(m, &m->form[carry], has) + inverter_of(m, &m->form[sum], sum_has);
        for (int i = 0; i < 3; i++)
            cost += extra(m, form_adder_input(w, i, dual));
        if (cost >= least)
            continue;
        least = cost;
        m->form[carry].dual = dual;
        m->form[carry].has = (unsigned char)has;
        m->form[sum].has = (unsigned char)sum_has;
    }
    for (int i = 0; i < 3; i++)
        want(m, form_adder_input(w, i, m->form[carry].dual));
}

enum { FORM_STEPS = 2 };

static void choose_forms(mapping *m)
{
    for (size_t i = m->g->n; i-- > 1 && patience_spend(m->g->until, FORM_STEPS);) {
        const gate *w = &m->g->gate[i];
        form *n = &m->form[i];
        if (!n->alive || (n->partner && n->partner < i))
            continue;
        if (n->partner)
            map_adder(m, i);
        else if (w->kind == GATE_AND)
            map_and(m, w, n);
        else if (w->kind == GATE_MAJORITY || w->kind == GATE_CHOICE)
            map_nands(m, w, n);
        else if (w->kind == GATE_INPUT)
            n->has = PHASE_POSITIVE;
    }
}

void forms_choose(form *f, const gates *g, const word *outputs, const asx_cell_library *library,
                  asx_bespoke_carry carry)
{
    mapping m = {.g = g, .library = library, .carry = carry, .form = f};
    mark_alive(&m, outputs);
    pair_adders(&m, outputs);
    choose_forms(&m);
}
