/* Networks of gates: what is constant or there already makes none. */
#ifndef ASX_HWMODEL_GATES_H
#define ASX_HWMODEL_GATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "patience.h"

/* A gate's output, 2 * gate, or its inverse, 2 * gate + 1. Gate 0 is constant. */
typedef uint32_t literal;
enum { LITERAL_FALSE = 0, LITERAL_TRUE = 1 };

typedef enum gate_kind {
    GATE_CONSTANT,
    GATE_INPUT,
    GATE_AND,
    GATE_XOR,
    GATE_MAJORITY, /* in[3]: the exclusive or of the first two, if it is there */
    GATE_CHOICE    /* in[0] ? in[1] : in[2] */
} gate_kind;

/* What a gate is for. */
typedef enum gate_use {
    USE_OTHER,
    USE_FULL_ADDER, /* the carry of one, or of a half adder */
    USE_COMPARED,   /* a bit that is compared */
    USE_CHOSEN      /* a bit of what passes the winner on */
} gate_use;

typedef struct gate {
    literal in[4];
    unsigned char kind, use, part;
    float arrival; /* about when its output is there, in delays of a NAND */
} gate;

typedef struct gates {
    gate *gate;
    size_t n, capacity;
    uint32_t *slot; /* [1 << bits]: gates by what they are, 0: free */
    unsigned bits;
    unsigned char part; /* of gates to come */
    patience *until;
    bool failed; /* an allocation was, or until->stopped: gates are constant from then on */
} gates;

/** @param until  asked all along, borrowed for as long as gates are made, and made cells of */
void gates_init(gates *g, patience *until);
void gates_fini(gates *g);

static inline literal literal_not(literal a)
{
    return a ^ 1;
}

literal gates_input(gates *g);
literal gates_and(gates *g, literal a, literal b, gate_use use);
literal gates_or(gates *g, literal a, literal b, gate_use use);
literal gates_xor(gates *g, literal a, literal b, gate_use use);
literal gates_choice(gates *g, literal select, literal a, literal b, gate_use use);

/** Two or three of three. @param with_xor  the exclusive or of two of them is made, too, and used */
literal gates_majority(gates *g, const literal in[3], bool with_xor, gate_use use);

/** The sum of three bits: *carry and the bit. */
literal gates_full_adder(gates *g, literal *carry, const literal in[3]);

float gates_arrival(const gates *g, literal a);

#endif
