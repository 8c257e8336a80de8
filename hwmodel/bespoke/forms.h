/* In which form each gate is built: which cells, and which phases of its inputs they take. */
#ifndef ASX_HWMODEL_FORMS_H
#define ASX_HWMODEL_FORMS_H

#include "gates.h"
#include "hwmodel/bespoke.h"
#include "sum.h"

enum { PHASE_POSITIVE = 1, PHASE_NEGATIVE = 2, FORM_INPUTS = 6 };

typedef struct form {
    unsigned char wanted; /* phases of the output that users take */
    unsigned char has;    /* the one that is there without an inverter; not of exclusive ors */
    bool alive;           /* it is built */
    bool strict;          /* also without being the exclusive or of a carry */
    bool dual;            /* of majorities and choices: with inverted inputs */
    bool joined;          /* of majorities: with the exclusive or; of choices: one cell */
    bool and_or;          /* of carries: of AND and OR cells */
    asx_cell cell;        /* of AND gates */
    unsigned uses;        /* inputs of gates that are built and take it */
    uint32_t carry;       /* of an exclusive or: a majority that has it */
    uint32_t partner;     /* carry and sum that one cell makes: the other one; 0: none */
} form;

/** @param f  [g->n], zeros before */
void forms_choose(form *f, const gates *g, const word *outputs, const asx_cell_library *library,
                  asx_bespoke_carry carry);

/** What a full-adder cell takes for a carry; its sum has an odd number of inverted inputs, or not. */
static inline literal form_adder_input(const gate *carry, int i, bool dual)
{
    return carry->in[i] ^ (literal)dual;
}

/** What the cells of a majority or a choice take: the three inputs, then the inverse of the choice's first, the exclusive or of
 *  the first two, or their inverses. @return how many */
size_t form_inputs(literal in[FORM_INPUTS], const gate *w, bool dual, bool joined);

#endif
