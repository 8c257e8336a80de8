/* Units: what one lane of the array, one of its columns and one pre-computer bank consist of.
 *
 * The same description gives the energy of a multiply-accumulate of one layer (its own digits and
 * alphabets; the rest is gated), and area and leakage of the array that all layers share (the
 * union). */
#ifndef ASX_HWMODEL_UNIT_H
#define ASX_HWMODEL_UNIT_H

#include <stdbool.h>
#include <stdint.h>

#include "dse/alphabet.h"
#include "dse/cost.h"
#include "dse/word.h"
#include "price.h"
#include "slot.h"

/* One digit of a weight: pick a multiple of x, shift it. Bits are in excess of x's own. */
typedef struct asx_digit_unit {
    asx_alphabet_set set;   /* alphabets the digit can use */
    unsigned n_values;      /* codes a decoder tells apart */
    unsigned shift_max;     /* shifts 0 .. shift_max */
    unsigned multiple_bits; /* of the largest multiple */
    unsigned value_bits;    /* of the largest multiple, shifted */
    unsigned offset;        /* the digit's place in the word */
    bool sign;              /* has a sign of its own */
} asx_digit_unit;

/* Columns that can do what several layers need: of each kind and slot the union of words, of
 * each kind the trees (circuit.h). All zero to begin with. */
enum { ASX_N_CIRCUIT_KINDS = 7 };

typedef struct asx_column_union {
    asx_word asm_weight[2][ASX_N_SLOTS];        /* [serial]; bits 0: none */
    asx_word exact_weight[ASX_N_CIRCUIT_KINDS]; /* [kind], of plain words */
    asx_word activation;
    uint64_t trees; /* bit kind x number of trees + tree */
} asx_column_union;

/* Lanes that can do what every layer needs, as words: of each slot the union of the words that
 * have it. Of the circuits for them the largest of each term is built.
 * All zero to begin with. */
typedef struct asx_lane_union {
    asx_word asm_weight[ASX_N_SLOTS]; /* bits 0: none */
    asx_word exact_weight;            /* the same */
    asx_word activation;
    bool serial;
} asx_lane_union;

void asx_lane_union_add(asx_lane_union *lanes, const asx_word *weight, const asx_word *activation,
                        bool serial);
void asx_lane_union_merge(asx_lane_union *lanes, const asx_lane_union *other);

typedef struct asx_unit {
    unsigned multiply_w, multiply_x;           /* exact multiplier; 0: none */
    unsigned n_digits;                         /* of an ASM; 0: none */
    asx_digit_unit digit[ASX_WORD_DIGITS_MAX]; /* [n_digits] */
    bool serial;                               /* one digit at a time on one digit's circuit */
    bool sign;                                 /* sign and magnitude: negate the product */
    asx_alphabet_set bank;                     /* multiples to compute beforehand */
    unsigned segment, bit_serial; /* cells per bit-line; weight bits worked one at a time */
    unsigned x_bits, product_bits, tree_bits, sum_bits;
    unsigned positions;  /* places a partial product may be added at: passes per MAC */
    unsigned latch_bits; /* a weight as it is held in the lane */
    unsigned w_codes;    /* codes that the decoder of weights tells apart; 0: none */
    unsigned x_values;   /* codes that the decoder of activations tells apart; 0: none */
    unsigned hold;       /* sums that a column holds */
    unsigned weight_buffer, line_buffer, sum_memory; /* 1: is used */
    unsigned pipeline_bits;                          /* of a lane */
    unsigned gate_bits;       /* of a lane's product that are let through or not; 0: not gated */
    asx_lane_union lanes;     /* for technologies that give terms (lane.h) */
    asx_column_union columns; /* the same, of columns */
} asx_unit;

/** Describes the arithmetic for a weight on an activation; the rest of `out` is zero. */
void asx_unit_init(asx_unit *out, const asx_word *weight, const asx_word *activation);

/** Makes `unit` able to do what `other` does, too. */
void asx_unit_merge(asx_unit *unit, const asx_unit *other);

/** A digit-serial lane has one circuit, for the widest of all digits. */
void asx_unit_keep_widest(asx_unit *unit);

/** Makes a digit's circuit able to do what another's does. */
void asx_digit_merge(asx_digit_unit *digit, const asx_digit_unit *other);

/* Each adds `count` of a thing to the parts, priced. */
void asx_unit_add_lane(double *part, double count, const asx_unit *unit, const asx_price *price);
void asx_unit_add_tree(double *part, double count, const asx_unit *unit, const asx_price *price);
void asx_unit_add_column(double *part, double count, const asx_unit *unit, const asx_price *price);
void asx_unit_add_registers(double *part, double count, const asx_unit *unit,
                            const asx_price *price); /* a column without its adder */
void asx_unit_add_bank(double *part, double count, const asx_unit *unit, const asx_price *price);

/** Adders of the pre-computer for one more alphabet, the multiples in `built` being there. */
unsigned asx_bank_adders(asx_alphabet_set built, unsigned alphabet);

#endif
