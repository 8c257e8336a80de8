#include "cells.h"

#include <stdlib.h>

#include "dse/memory.h"

/* What is being wired. */
typedef struct wiring {
    cells *to;
    const gates *g;
    form *form;
    const asx_cell_library *library;
    unsigned char part;
} wiring;

void cells_add(cells *c, cell_instance is)
{
    cell_instance *grown = asx_array_grow(c->cell, &c->capacity, c->n + 1, sizeof *grown);
    c->failed = c->failed || !grown;
    if (!grown)
        return;
    c->cell = grown;
    grown[c->n++] = is;
}

static void add(wiring *w, asx_cell cell, uint32_t out, uint32_t a, uint32_t b)
{
    cells_add(w->to,
              (cell_instance){.cell = cell, .out = out, .a = a, .b = b, .c = a, .part = w->part});
}

static uint32_t inside(wiring *w, asx_cell cell, uint32_t a, uint32_t b)
{
    const uint32_t out = (uint32_t)w->to->n_nets++;
    add(w, cell, out, a, b);
    return out;
}

/* Phases that are there for whoever takes either. */
static unsigned there(const wiring *w, literal a)
{
    const form *f = &w->form[a >> 1];
    return f->wanted ? f->wanted : f->has;
}

static literal in_phase(literal a, unsigned phase)
{
    return (a & ~(literal)1) | (phase == PHASE_NEGATIVE);
}

static double area(const wiring *w, asx_cell c)
{
    return asx_cell_area_mm2(w->library, c);
}

/* An exclusive or takes inputs as they come: of two that are inverted, or none, it is one, else the inverse. */
static void wire_xor(wiring *w, size_t at, const gate *g, form *f)
{
    unsigned a = there(w, g->in[0]), b = there(w, g->in[1]);
    const unsigned both = PHASE_POSITIVE | PHASE_NEGATIVE;
    const unsigned liked = f->wanted == PHASE_NEGATIVE ? PHASE_NEGATIVE : PHASE_POSITIVE;
    if (a == both)
        a = b == both                                            ? liked
            : (b == PHASE_POSITIVE) == (liked == PHASE_POSITIVE) ? PHASE_POSITIVE
                                                                 : PHASE_NEGATIVE;
    if (b == both)
        b = (a == PHASE_POSITIVE) == (liked == PHASE_POSITIVE) ? PHASE_POSITIVE : PHASE_NEGATIVE;
    unsigned has = a == b ? PHASE_POSITIVE : PHASE_NEGATIVE;
    asx_cell cell = ASX_CELL_XOR2;
    if (f->wanted && !(f->wanted & has) &&
        area(w, ASX_CELL_XNOR2) <= area(w, ASX_CELL_XOR2) + area(w, ASX_CELL_INV)) {
        cell = ASX_CELL_XNOR2;
        has ^= both;
    }
    f->has = (unsigned char)has;
    add(w, cell, in_phase((literal)(2 * at), has), in_phase(g->in[0], a), in_phase(g->in[1], b));
}

static void wire_and(wiring *w, uint32_t out, const gate *g, const form *f)
{
    const literal inverse = f->cell == ASX_CELL_NOR2 || f->cell == ASX_CELL_OR2;
    add(w, f->cell, out, g->in[0] ^ inverse, g->in[1] ^ inverse);
}

/* The two stages of a carry or a choice. */
static void wire_nands(wiring *w, uint32_t out, const gate *g, const form *f)
{
    literal in[FORM_INPUTS] = {0};
    (void)form_inputs(in, g, f->dual, f->joined);
    const asx_cell first = f->and_or ? ASX_CELL_AND2 : ASX_CELL_NAND2;
    uint32_t pair, other;
    if (g->kind == GATE_CHOICE && f->joined) {
        cells_add(w->to, (cell_instance){.cell = ASX_CELL_MUX2,
                                         .out = out,
                                         .a = in[2],
                                         .b = in[1],
                                         .c = in[0],
                                         .part = w->part});
        return;
    }
    if (g->kind == GATE_CHOICE) {
        pair = inside(w, ASX_CELL_NAND2, in[0], in[1]);
        other = inside(w, ASX_CELL_NAND2, in[3], in[2]);
    } else {
        const uint32_t either = f->joined ? in[3] : inside(w, ASX_CELL_NAND2, in[3], in[4]);
        pair = inside(w, first, in[0], in[1]);
        other = inside(w, first, either, in[2]);
    }
    add(w, f->and_or ? ASX_CELL_OR2 : ASX_CELL_NAND2, out, pair, other);
}

/* Carry and sum, at the first of both. */
static void wire_adder(wiring *w, size_t at, const form *f)
{
    if (f->partner < at)
        return;
    const bool first = w->g->gate[at].kind == GATE_MAJORITY;
    const size_t carry = first ? at : f->partner, sum = first ? f->partner : at;
    const gate *g = &w->g->gate[carry];
    const bool dual = w->form[carry].dual;
    cells_add(w->to, (cell_instance){.cell = ASX_CELL_FA,
                                     .out = in_phase((literal)(2 * carry), w->form[carry].has),
                                     .sum = in_phase((literal)(2 * sum), w->form[sum].has),
                                     .a = form_adder_input(g, 0, dual),
                                     .b = form_adder_input(g, 1, dual),
                                     .c = form_adder_input(g, 2, dual),
                                     .part = w->part});
}

static void count_use(asx_bespoke_part *part, const gate *g)
{
    const bool of_adder = g->use == USE_FULL_ADDER;
    part->full_adders += of_adder && g->kind == GATE_MAJORITY;
    part->half_adders += of_adder && g->kind == GATE_AND;
    part->compared += g->use == USE_COMPARED;
    part->chosen += g->use == USE_CHOSEN;
}

static void wire_gate(wiring *w, size_t at, const gate *g, form *f)
{
    const unsigned both = PHASE_POSITIVE | PHASE_NEGATIVE;
    const uint32_t out = in_phase((literal)(2 * at), f->has);
    w->part = g->part;
    if (f->partner)
        wire_adder(w, at, f);
    else if (g->kind == GATE_XOR)
        wire_xor(w, at, g, f);
    else if (g->kind == GATE_AND)
        wire_and(w, out, g, f);
    else if (g->kind != GATE_INPUT)
        wire_nands(w, out, g, f);
    if (f->wanted & ~f->has) {
        const literal is = in_phase((literal)(2 * at), f->has);
        add(w, ASX_CELL_INV, in_phase(is, f->has ^ both), is, is);
    }
}

bool cells_make(cells *out, asx_bespoke_price *price, const gates *g, const word *outputs,
                const asx_cell_library *library, asx_bespoke_carry carry)
{
    *out = (cells){.n_nets = 2 * g->n};
    wiring w = {.to = out, .g = g, .library = library};
    w.form = asx_array_new(g->n, sizeof *w.form);
    if (!w.form)
        return false;
    forms_choose(w.form, g, outputs, library, carry);
    for (size_t i = 1; i < g->n && patience_spend(g->until, 1); i++)
        if (w.form[i].alive) {
            wire_gate(&w, i, &g->gate[i], &w.form[i]);
            count_use(&price->part[g->gate[i].part], &g->gate[i]);
        }
    free(w.form);
    return !out->failed && !g->until->stopped;
}

void cells_fini(cells *c)
{
    free(c->cell);
    *c = (cells){0};
}
