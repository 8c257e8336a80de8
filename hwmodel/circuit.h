/* Circuits: every way to compute the words of a layer in columns of lanes, and what each costs.
 *
 * A column adds the products of `rows` lanes in space and their sum to one accumulator. Its lanes
 * select the multiples of alphabets for all digits at once, or a digit at a time; or multiply; or
 * AND one bit of an operand at a time with the other. Which trees there are for which lanes is the
 * technology's matter: where it has no coefficients a circuit is not offered. */
#ifndef ASX_HWMODEL_CIRCUIT_H
#define ASX_HWMODEL_CIRCUIT_H

#include "lane.h"

/* {enumerator, text} */
#define ASX_CIRCUIT_LIST(X)                                                                        \
    X(ASX_CIRCUIT_SELECT, "selection")                                                             \
    X(ASX_CIRCUIT_DIGITS_INNER, "digit-serial, inner loop")                                        \
    X(ASX_CIRCUIT_DIGITS_OUTER, "digit-serial, outer loop")                                        \
    X(ASX_CIRCUIT_BAUGH_WOOLEY, "Baugh-Wooley")                                                    \
    X(ASX_CIRCUIT_BOOTH, "Booth")                                                                  \
    X(ASX_CIRCUIT_WEIGHT_BITS, "bit-serial weights")                                               \
    X(ASX_CIRCUIT_ACTIVATION_BITS, "bit-serial activations")

typedef enum asx_circuit_kind {
#define ASX_ENUM(name, text) name,
    ASX_CIRCUIT_LIST(ASX_ENUM)
#undef ASX_ENUM
        ASX_N_CIRCUITS
} asx_circuit_kind;

typedef struct asx_circuit {
    asx_circuit_kind kind;
    asx_tree tree;
} asx_circuit;

/* What it has to compute. */
typedef struct asx_circuit_ask {
    asx_word weight, activation; /* the activation's alphabets do not matter */
    asx_operands operands;       /* with the operations that a weight stays the same */
    unsigned rows;               /* of a column, at least 2, at most ASX_COLUMN_ROWS_MAX */
    unsigned sums;               /* that the accumulator alternates between while a weight stays */
} asx_circuit_ask;

/* Energies in pJ by part, all passes of an operation together. */
typedef struct asx_circuit_price {
    asx_circuit circuit;
    double mac[ASX_N_PARTS];  /* per multiply-accumulate: the lane */
    double tree[ASX_N_PARTS]; /* per multiply-accumulate: its share of the tree */
    double sum[ASX_N_PARTS];  /* per result of a column: the adder to its sum, shared by its rows */
    double bank[ASX_N_PARTS]; /* per activation that enters a bank, its lanes_per_bank lanes */
    unsigned passes;          /* per product */
    unsigned row_bits;        /* that a lane gives to the tree in a pass */
    double stored;            /* bits of the column's sum that change when it is latched */
    double delay_ns;          /* the longest path, not pipelined */
    double idle;    /* share of operations in which the lane keeps its operands; 0: not gated */
    double masked;  /* bits of the product that toggle per operation where zeros are let through */
    double settled; /* energy of lane and tree without glitches, as a share of theirs */
} asx_circuit_price;

typedef struct asx_circuit_prices {
    asx_circuit_price list[ASX_N_CIRCUITS]; /* of each kind the tree of least energy */
    size_t n;
} asx_circuit_prices;

const char *asx_circuit_text(asx_circuit_kind kind);

/** Whether its lanes can keep their operands where an activation is 0. */
bool asx_circuit_gates(asx_circuit_kind kind);

/**
 * Every circuit for the words, of each kind with its best tree. Thread-safe; worked out once.
 * @param out     borrowed from `prices`; n = 0 where the technology has no columns
 * @param prices  as for lanes
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL for rows beyond the limits
 * Cost: a look-up; the first time some milliseconds.
 */
ASX_NODISCARD asx_status asx_circuits_get(const asx_circuit_prices **out, asx_lane_prices *prices,
                                          const asx_circuit_ask *ask, asx_error *err);

_Static_assert((int)ASX_N_CIRCUITS == (int)ASX_N_CIRCUIT_KINDS, "unit.h knows all kinds");

void asx_column_union_add(asx_column_union *columns, const asx_word *weight,
                          const asx_word *activation, const asx_circuit *circuit);
void asx_column_union_merge(asx_column_union *columns, const asx_column_union *other);

/** Adds area or leakage of `n_lanes` lanes in columns of `rows`, with `n_banks` banks. Lanes of
 * several kinds stand side by side; trees and sums are shared, the largest is built. */
void asx_column_union_size(double *part, const asx_column_union *columns,
                           const asx_technology *technology, const asx_lane_style *style,
                           asx_term_measure measure, double n_lanes, double n_banks, unsigned rows);

/** The longest path of any of them, in ns. */
double asx_column_union_delay_ns(const asx_column_union *columns, const asx_technology *technology,
                                 const asx_lane_style *style, unsigned rows);

#endif
