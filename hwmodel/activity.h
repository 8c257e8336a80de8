/* Activity: how many bits toggle per operation inside a multiply-accumulate unit.
 *
 * Word-level simulation of the unit under a stream of operands: after each operation every word in
 * it (a multiple a x, a digit's product, a partial sum, ...) is compared with its value before; the
 * mean Hamming distance is what the settled circuit toggles. Glitches are not simulated; their
 * share is in the coefficients of the terms. Streams are stratified samples in a fixed
 * pseudo-random order, so numbers are the same on every run. */
#ifndef ASX_HWMODEL_ACTIVITY_H
#define ASX_HWMODEL_ACTIVITY_H

#include <stdbool.h>

#include "dse/error.h"
#include "dse/word.h"

/* Statistics of the operands. Reference data were made with the classes below. */
typedef struct asx_operands {
    bool uniform;            /* both operands uniform over their words; else as follows */
    double weight_sigma;     /* Gaussian weights: sigma as a share of the largest magnitude */
    double activation_sigma; /* half-normal activations: the same */
    double zero;             /* share of activations that are 0 besides: behind a ReLU */
    bool truncate;           /* values are cut towards 0 instead of rounded */
    unsigned hold;           /* operations that a weight stays the same */
} asx_operands;

/* The reference data's stimuli: "uniform", "nn" and, weights held 64 operations, "nn_ws". Their
 * sigmas are not published. That of activations shows in what pre-computer banks alone spend under
 * "nn", as a share of "uniform"; that of weights is the simple ratio that fits settled energies. */
extern const asx_operands asx_operands_uniform, asx_operands_nn, asx_operands_nn_ws;

/* Toggles per operation, in bits. */
typedef struct asx_digit_activity {
    double product;  /* digit x x */
    double alphabet; /* the selected multiple, before the shift */
    double partial;  /* the sum of this digit's and all lower digits' products */
    double change;   /* share of operations that change the digit */
} asx_digit_activity;

typedef struct asx_activity {
    double input;                                /* x */
    double multiple[(ASX_ALPHABET_MAX + 1) / 2]; /* a x, at (a - 1) / 2: of the set, and 3 x, 5 x */
    asx_digit_activity digit[ASX_WORD_DIGITS_MAX];
    double weight;            /* bits of the plain weight word */
    double product;           /* of magnitudes */
    double sign;              /* share of operations that change the weight's sign */
    double sum;               /* the accumulator */
    double cells[2], rows[2]; /* partial products and rows of partial sums: Baugh-Wooley, Booth */
} asx_activity;

/**
 * @param weight      as represented: plain, or with a set; weights go to the nearest representable
 * @param activation  its alphabet set does not matter
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL for an ill-formed word
 * Cost: about half a millisecond, and O(2^bits) of the weight.
 */
ASX_NODISCARD asx_status asx_activity_init(asx_activity *out, const asx_word *weight,
                                           const asx_word *activation, const asx_operands *operands,
                                           asx_error *err);

#endif
