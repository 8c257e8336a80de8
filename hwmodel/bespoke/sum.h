/* Sums of many words of gates, column by column. */
#ifndef ASX_HWMODEL_SUM_H
#define ASX_HWMODEL_SUM_H

#include "gates.h"

enum { WORD_BITS_MAX = 64 };

/* A whole number of gates. */
typedef struct word {
    literal bit[WORD_BITS_MAX];
    unsigned n;        /* bits; above are zeros, or copies of the highest one */
    bool with_sign;    /* two's complement */
    int64_t low, high; /* it is never beyond */
} word;

/* A bit of a column; of those that are there at the same time the first that came is the first to be added. */
typedef struct waiting {
    float arrival;
    unsigned order;
    literal bit;
} waiting;

typedef struct column {
    waiting *bit; /* once it is being reduced: a binary heap, the earliest first */
    size_t n, capacity;
    unsigned came;
} column;

/* What is to be added. */
typedef struct heap {
    column column[WORD_BITS_MAX];
    uint64_t constant;
    bool failed;
} heap;

void heap_fini(heap *h);

/** Adds 2^shift times a word, or subtracts it: -b is 1 - b with the constant -1. */
void heap_add(heap *h, const word *w, unsigned shift, bool negative);

/** Adds bits of a word that are not less than 0 as one shifted copy, without those that end up below column `cut`. */
void heap_add_bits(heap *h, const word *w, uint64_t mask, unsigned shift, bool negative,
                   unsigned cut);

void heap_add_constant(heap *h, int64_t value);

/** The sum modulo 2^n, n = w->n, which is set before, as are sign and bounds; the heap is empty then. Three bits of a column
 *  become one and a carry by a full adder, the earliest first, two by a half adder. */
void heap_sum(word *w, heap *h, gates *g);

/** A word, as wide as its bounds ask for, whose bits are still to be made. */
word word_between(int64_t low, int64_t high);

/** The greatest value of some bits of a word that is not less than 0, of those from bit `from` on. */
uint64_t word_most(const word *w, uint64_t mask, unsigned from);

/** A word without bits: a constant, not less than 0. */
word word_of_input(gates *g, unsigned bits);

/** Bit k, where need be of the sign. */
literal word_bit(const word *w, unsigned k);

#endif
