/* Terms: what the cost of a gate-level multiply-accumulate unit is a sum of.
 *
 * A measure (energy, area, ...) of a unit is the sum over terms of a coefficient times an amount.
 * Amounts follow from the unit's structure (mac.h): numbers of bits for area and leakage, levels
 * for delay, toggles under given operands (activity.h) for energy. Coefficients are a technology's,
 * one set per family of circuits and mapping to cells, fitted to reference data by hwmodel/fit. */
#ifndef ASX_HWMODEL_TERMS_H
#define ASX_HWMODEL_TERMS_H

#include <stdbool.h>

#include "dse/cost.h"

/* {enumerator, name, part that it is booked on} */
#define ASX_TERM_LIST(X)                                                                               \
    /* alphabet set multipliers: adders for 3x 5x 9x, for 7x 15x, and the second of 11x 13x */         \
    X(ASX_TERM_BANK_ADD, "bank_add", ASX_PART_PRECOMPUTE)                                              \
    X(ASX_TERM_BANK_SUBTRACT, "bank_subtract", ASX_PART_PRECOMPUTE)                                    \
    X(ASX_TERM_BANK_SECOND, "bank_second", ASX_PART_PRECOMPUTE)                                        \
    X(ASX_TERM_BANK_GLITCH, "bank_glitch", ASX_PART_PRECOMPUTE)                                        \
    X(ASX_TERM_BANK_LOAD, "bank_load", ASX_PART_PRECOMPUTE)                                            \
    X(ASX_TERM_SELECT_INPUTS, "select_inputs", ASX_PART_SELECT)                                        \
    X(ASX_TERM_SELECT_ALPHABETS, "select_alphabets", ASX_PART_SELECT)                                  \
    X(ASX_TERM_SELECT_CHANGE, "select_change", ASX_PART_SELECT)                                        \
    X(ASX_TERM_SELECT_LANES, "select_lanes", ASX_PART_SELECT)                                          \
    X(ASX_TERM_SELECT_DRIVE, "select_drive", ASX_PART_SELECT)                                          \
    X(ASX_TERM_WEIGHT_BITS, "weight_bits", ASX_PART_SELECT)                                            \
    X(ASX_TERM_SHIFT_LEVELS, "shift_levels", ASX_PART_SHIFT)                                           \
    X(ASX_TERM_SHIFT_OUTPUT, "shift_output", ASX_PART_SHIFT)                                           \
    X(ASX_TERM_JOIN, "join", ASX_PART_ADD)                                                             \
    X(ASX_TERM_JOIN_DEPTH, "join_depth", ASX_PART_ADD)                                                 \
    X(ASX_TERM_JOIN_WIDTH, "join_width", ASX_PART_ADD)                                                 \
    X(ASX_TERM_SIGN, "sign", ASX_PART_ADD)                                                             \
    X(ASX_TERM_SIGN_LATE, "sign_late", ASX_PART_ADD)                                                   \
    X(ASX_TERM_PRODUCT, "product", ASX_PART_ADD)                                                       \
    X(ASX_TERM_SUM, "sum", ASX_PART_ACCUMULATE)                                                        \
    X(ASX_TERM_SUM_INPUT, "sum_input", ASX_PART_ACCUMULATE)                                            \
    X(ASX_TERM_SUM_DEPTH, "sum_depth", ASX_PART_ACCUMULATE)                                            \
    X(ASX_TERM_SUM_BREADTH, "sum_breadth", ASX_PART_ACCUMULATE)                                        \
    X(ASX_TERM_SUM_VALUES, "sum_values", ASX_PART_ACCUMULATE)                                          \
    X(ASX_TERM_SUM_WIDTH, "sum_width", ASX_PART_ACCUMULATE)                                            \
    X(ASX_TERM_SUM_DIGITS, "sum_digits", ASX_PART_ACCUMULATE)                                          \
    X(ASX_TERM_SUM_CHANGE, "sum_change", ASX_PART_ACCUMULATE)                                          \
    X(ASX_TERM_SUM_LANES, "sum_lanes", ASX_PART_ACCUMULATE)                                            \
    X(ASX_TERM_SUM_ONCE, "sum_once", ASX_PART_ACCUMULATE)                                              \
    /* exact multipliers: cells, rows of partial sums, operands and their drivers */                   \
    X(ASX_TERM_CELLS, "cells", ASX_PART_MULTIPLY)                                                      \
    X(ASX_TERM_ROWS, "rows", ASX_PART_MULTIPLY)                                                        \
    X(ASX_TERM_ROWS_DEPTH, "rows_depth", ASX_PART_MULTIPLY)                                            \
    X(ASX_TERM_ROWS_WIDTH, "rows_width", ASX_PART_MULTIPLY)                                            \
    X(ASX_TERM_ROWS_SKEW, "rows_skew", ASX_PART_MULTIPLY)                                              \
    X(ASX_TERM_ROWS_SUM, "rows_sum", ASX_PART_ACCUMULATE)                                              \
    X(ASX_TERM_PRODUCT_DEPTH, "product_depth", ASX_PART_MULTIPLY)                                      \
    X(ASX_TERM_PRODUCT_SUM, "product_sum", ASX_PART_ACCUMULATE)                                        \
    X(ASX_TERM_WEIGHT_DRIVE, "weight_drive", ASX_PART_MULTIPLY)                                        \
    X(ASX_TERM_INPUT_DRIVE, "input_drive", ASX_PART_MULTIPLY)                                          \
    /* one bit at a time; columns: a tree of each style, its root's sum; digits put to their places */ \
    X(ASX_TERM_BIT_PRODUCT, "bit_product", ASX_PART_MULTIPLY)                                          \
    X(ASX_TERM_PLACE, "place", ASX_PART_SHIFT)                                                         \
    X(ASX_TERM_PLACE_CHANGE, "place_change", ASX_PART_SHIFT)                                           \
    X(ASX_TERM_ROOT, "root", ASX_PART_ACCUMULATE)                                                      \
    X(ASX_TERM_ROOT_ONCE, "root_once", ASX_PART_ACCUMULATE)                                            \
    X(ASX_TERM_BINARY, "binary", ASX_PART_ACCUMULATE)                                                  \
    X(ASX_TERM_BINARY_ROWS, "binary_rows", ASX_PART_ACCUMULATE)                                        \
    X(ASX_TERM_RIPPLE, "ripple", ASX_PART_ACCUMULATE)                                                  \
    X(ASX_TERM_RIPPLE_ROWS, "ripple_rows", ASX_PART_ACCUMULATE)                                        \
    X(ASX_TERM_SAVE, "save", ASX_PART_ACCUMULATE)                                                      \
    X(ASX_TERM_SAVE_ROWS, "save_rows", ASX_PART_ACCUMULATE)                                            \
    X(ASX_TERM_FUSED, "fused", ASX_PART_ACCUMULATE)                                                    \
    X(ASX_TERM_FUSED_ROWS, "fused_rows", ASX_PART_ACCUMULATE)                                          \
    /* delay: levels and carries on the longest path */                                                \
    X(ASX_TERM_PATH, "path", ASX_PART_MULTIPLY)                                                        \
    X(ASX_TERM_PATH_BANK, "path_bank", ASX_PART_PRECOMPUTE)                                            \
    X(ASX_TERM_PATH_BANK_CARRY, "path_bank_carry", ASX_PART_PRECOMPUTE)                                \
    X(ASX_TERM_PATH_SECOND, "path_second", ASX_PART_PRECOMPUTE)                                        \
    X(ASX_TERM_PATH_SECOND_CARRY, "path_second_carry", ASX_PART_PRECOMPUTE)                            \
    X(ASX_TERM_PATH_LANES, "path_lanes", ASX_PART_SELECT)                                              \
    X(ASX_TERM_PATH_SELECT, "path_select", ASX_PART_SELECT)                                            \
    X(ASX_TERM_PATH_ALPHABETS, "path_alphabets", ASX_PART_SELECT)                                      \
    X(ASX_TERM_PATH_DIGITS, "path_digits", ASX_PART_ADD)                                               \
    X(ASX_TERM_PATH_JOIN, "path_join", ASX_PART_ADD)                                                   \
    X(ASX_TERM_PATH_WEIGHT, "path_weight", ASX_PART_MULTIPLY)                                          \
    X(ASX_TERM_PATH_WEIGHT_LOG, "path_weight_log", ASX_PART_MULTIPLY)                                  \
    X(ASX_TERM_PATH_INPUT, "path_input", ASX_PART_MULTIPLY)                                            \
    X(ASX_TERM_PATH_INPUT_LOG, "path_input_log", ASX_PART_MULTIPLY)                                    \
    X(ASX_TERM_PATH_PRODUCT, "path_product", ASX_PART_ADD)                                             \
    X(ASX_TERM_PATH_SUM, "path_sum", ASX_PART_ACCUMULATE)                                              \
    X(ASX_TERM_PATH_SUM_CARRY, "path_sum_carry", ASX_PART_ACCUMULATE)

typedef enum asx_term {
#define ASX_ENUM(name, text, part) name,
    ASX_TERM_LIST(ASX_ENUM)
#undef ASX_ENUM
        ASX_N_TERMS
} asx_term;

/* Circuits: alphabet set multipliers that select all supported values at once, or an alphabet and
 * then a shift; exact multipliers after Baugh and Wooley, or Booth, or a bit of one operand a pass. */
typedef enum asx_family {
    ASX_FAMILY_FLAT,
    ASX_FAMILY_SELECT_SHIFT,
    ASX_FAMILY_BAUGH_WOOLEY,
    ASX_FAMILY_BOOTH,
    ASX_FAMILY_BIT_SERIAL,
    ASX_N_FAMILIES
} asx_family;

/* How a column adds the products of its rows: trees of fast, or of ripple adders; carry-save behind
 * resolved products; one compressor for all rows of all products. */
typedef enum asx_tree {
    ASX_TREE_BINARY,
    ASX_TREE_RIPPLE,
    ASX_TREE_CARRY_SAVE,
    ASX_TREE_FUSED,
    ASX_N_TREES
} asx_tree;

typedef enum asx_mapping {
    ASX_MAPPING_FULL_ADDERS, /* the library's full-adder cells */
    ASX_MAPPING_GATES,       /* simple gates */
    ASX_N_MAPPINGS
} asx_mapping;

typedef enum asx_term_measure {
    ASX_MEASURE_ENERGY,  /* pJ per operation, glitches included */
    ASX_MEASURE_SETTLED, /* the same without glitches: only the last toggle of a cycle counts */
    ASX_MEASURE_AREA,    /* um2 */
    ASX_MEASURE_LEAKAGE, /* nW */
    ASX_MEASURE_DELAY,   /* ps */
    ASX_N_MEASURES
} asx_term_measure;

/* One set of coefficients; `given` once the technology has any. `line`: of its first row. */
typedef struct asx_terms {
    bool given;
    unsigned long line;
    double coefficient[ASX_N_TERMS];
} asx_terms;

/* Bits of the words that coefficients were fitted to. `line` 0: not said, they are for all. */
typedef struct asx_terms_range {
    unsigned low, high;
    unsigned long line;
} asx_terms_range;

enum { ASX_RANGE_WEIGHT, ASX_RANGE_ACTIVATION, ASX_N_RANGES };

typedef struct asx_arithmetic {
    asx_terms terms[ASX_N_FAMILIES][ASX_N_MAPPINGS][ASX_N_MEASURES];
    asx_terms_range range[ASX_N_FAMILIES][ASX_N_MAPPINGS][ASX_N_RANGES];
} asx_arithmetic;

const char *asx_term_text(asx_term term);
asx_part asx_term_part(asx_term term);
const char *asx_family_text(asx_family family);    /* "flat", "selshift", "bw", "booth", "bits" */
const char *asx_tree_text(asx_tree tree);          /* "binary", "ripple", "csa", "fused" */
const char *asx_mapping_text(asx_mapping mapping); /* "fa", "gates" */
const char *asx_measure_text(asx_term_measure measure); /* "energy" */
const char *asx_measure_unit(asx_term_measure measure); /* "pJ" */

/** Reads "flat.fa" or "flat.fa/sign"; `term` is ASX_N_TERMS for the former. False: neither. */
bool asx_terms_parse(asx_family *family, asx_mapping *mapping, asx_term *term, const char *text);
bool asx_measure_parse(asx_term_measure *out, const char *text);

const char *asx_range_text(unsigned range); /* "weight_bits" */

/** Whether a range, if there is one, holds a number of bits. */
bool asx_terms_reach(const asx_terms_range *range, unsigned bits);

/** Sum of coefficient x amount. @param amount  [ASX_N_TERMS] */
double asx_terms_value(const asx_terms *terms, const double *amount);

/** Adds `count` times coefficient x amount to the parts that terms are booked on.
 * @param part  [ASX_N_PARTS] */
void asx_terms_book(double *part, const asx_terms *terms, const double *amount, double count);

/** The first of a tree's two terms: its adders' toggles or bits, then its rows. */
asx_term asx_tree_term(asx_tree tree);
bool asx_term_is_tree(asx_term term);

/** Whether a term is of what rows share: the tree, the sum. */
bool asx_term_is_shared(asx_term term);

#endif
