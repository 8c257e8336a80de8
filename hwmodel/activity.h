/* Activity: how many bits toggle per pass inside a multiply-accumulate unit.
 *
 * Word-level simulation of the unit under pairs of operands that follow one another: every word in
 * it (a multiple a x, a digit's product, a partial sum, ...) is compared with its value before; the
 * mean Hamming distance is what the settled circuit toggles. Glitches are not simulated; their
 * share is in the coefficients of the terms.
 *
 * What follows what is a small set of transitions with exact frequencies: with weights held h
 * operations, h - 1 of h find the same weight and another activation. Each transition is sampled by
 * itself, operands stratified in a fixed pseudo-random order, so the mean has no bias however long
 * weights are held, and numbers are the same on every run. Sums are simulated as sequences. */
#ifndef ASX_HWMODEL_ACTIVITY_H
#define ASX_HWMODEL_ACTIVITY_H

#include <stdbool.h>

#include "dse/error.h"
#include "dse/word.h"
#include "dse/workload.h"

/* Statistics of the operands. Reference data were made with the classes below. */
typedef struct asx_operands {
    bool uniform;            /* both operands uniform over their words; else as follows */
    double weight_sigma;     /* Gaussian weights: sigma as a share of the largest magnitude */
    double activation_sigma; /* half-normal activations: the same */
    double zero;             /* share of activations that are 0 besides: behind a ReLU */
    bool truncate;           /* values are cut towards 0 instead of rounded */
    /* [ASX_OPERAND_KNOTS], borrowed: quantiles of 8-bit codes (dse/workload.h) instead of the spreads, with
     * a number that differs where they do; NULL: none */
    const int16_t *weight_quantile, *activation_quantile;
    uint64_t weight_number, activation_number;
    double likeness; /* of activations that meet the same weight one after the other */
    bool gated;      /* lanes keep their operand where the activation is 0 */
    unsigned hold;   /* operations that a weight stays the same */
} asx_operands;

/* The reference data's stimuli: "uniform", "nn" and, weights held 64 operations, "nn_ws". */
extern const asx_operands asx_operands_uniform, asx_operands_nn, asx_operands_nn_ws;

/* In which order a product's passes come. */
typedef enum asx_pass_order {
    ASX_PASSES_ONE,   /* all at once */
    ASX_PASSES_INNER, /* a digit of the weight at a time, all digits of one product in a row */
    ASX_PASSES_OUTER, /* a digit of the weight at a time, it stays for all operations that the
                             * weight is held */
    ASX_PASSES_WEIGHT_BITS, /* a bit of the plain weight at a time, top first, which stays */
    ASX_PASSES_ACTIVATION_BITS
} asx_pass_order;

typedef struct asx_schedule {
    asx_pass_order order;
    unsigned rows; /* products that are added in space, at most ASX_COLUMN_ROWS_MAX; 0, 1: none */
    unsigned sums; /* sums that the accumulator alternates between while a weight is held; 0, 1:
                    * one running sum */
} asx_schedule;

enum { ASX_TREE_LEVELS_MAX = 10, ASX_COLUMN_ROWS_MAX = 1 << ASX_TREE_LEVELS_MAX };

/* Toggles in bits, of one digit in a pass that works on it. */
typedef struct asx_digit_activity {
    double product;  /* digit x x */
    double alphabet; /* the selected multiple, before the shift */
    double partial;  /* the sum of this digit's and all lower digits' products */
    double select;   /* the digit itself */
    double change;   /* share of passes that change the digit */
} asx_digit_activity;

/* Toggles in bits, per pass. */
typedef struct asx_activity {
    double passes;                               /* of one product */
    double turn;                                 /* share of passes that follow another digit's */
    double input;                                /* x, or its bit */
    double multiple[(ASX_ALPHABET_MAX + 1) / 2]; /* a x, at (a - 1) / 2: of the set, and 3 x, 5 x */
    asx_digit_activity digit[ASX_WORD_DIGITS_MAX];
    double weight;  /* bits of the plain weight word */
    double product; /* of magnitudes */
    double sign;    /* share of passes that change the weight's sign */
    double row;     /* the pass's product with its sign, as it enters a sum */
    double level[ASX_TREE_LEVELS_MAX + 1]; /* a sum of 2^i such; [0] is `row` */
    double sum, stored;                    /* accumulator of a single row: adder; register */
    double root_sum, root_stored;          /* the same of the sum of `rows` */
    double cells[2], rows[2]; /* partial products and rows of partial sums: Baugh-Wooley, Booth */
    double idle; /* share of operations that are gated: all toggles but of rows, levels and sums are
                  * of the others then, per operation of all */
} asx_activity;

/** Whether lanes under a schedule can keep their operands while activations are 0: those that work on
 * a product at once, or that hold a digit while activations go by. Where the digit of a product
 * changes under an operand that is kept nothing would be saved, and a bit of 0 moves nothing. */
bool asx_activity_gates(asx_pass_order order);

/* What activities of the same words have in common, whatever their schedule: operands drawn and
 * transitions sampled, once. Thread-safe. Numbers do not depend on what is in it. */
typedef struct asx_activity_store asx_activity_store;

ASX_NODISCARD asx_status asx_activity_store_new(asx_activity_store **out, asx_error *err);
void asx_activity_store_free(asx_activity_store *store);

/**
 * @param weight      as represented: plain, or with a set; weights go to the nearest representable
 * @param activation  its alphabet set does not matter
 * @param schedule    NULL: all at once, a single running sum
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL for an ill-formed word, or an order that it cannot take
 * Cost: some tens of microseconds, more where nothing is known of the words, and O(2^bits).
 */
ASX_NODISCARD asx_status asx_activity_get(asx_activity *out, asx_activity_store *store,
                                          const asx_word *weight, const asx_word *activation,
                                          const asx_operands *operands,
                                          const asx_schedule *schedule, asx_error *err);

/** The same with a store of its own. */
ASX_NODISCARD asx_status asx_activity_init(asx_activity *out, const asx_word *weight,
                                           const asx_word *activation, const asx_operands *operands,
                                           const asx_schedule *schedule, asx_error *err);

#endif
