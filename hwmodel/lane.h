/* Lanes: what one multiply-accumulate costs in energy where a technology gives terms, with the
 * activity that the dataflow and the operands' statistics make; and what lanes that serve all
 * layers take in area, leakage and delay. */
#ifndef ASX_HWMODEL_LANE_H
#define ASX_HWMODEL_LANE_H

#include <stdbool.h>

#include "dse/cost.h"
#include "mac.h"
#include "technology_private.h"
#include "unit.h"

/* Circuits that a machine is built of, and the operands that it sees. */
typedef struct asx_lane_style {
    asx_family asm_family, exact_family;
    asx_mapping mapping;
    double lanes_per_bank;
    asx_operands operands; /* where a layer's own are not known; `hold` is a layer's */
} asx_lane_style;

/* Toggles as a share of what they are with uniform operands: the factors for circuits whose
 * energies are known for these only. */
typedef struct asx_lane_activity {
    double product, sum;
} asx_lane_activity;

/* pJ by part: per multiply-accumulate, and per use of a bank. */
typedef struct asx_lane_price {
    double lane[ASX_N_PARTS], bank[ASX_N_PARTS];
    double idle, masked;        /* as in a column's price (circuit.h) */
    asx_lane_activity activity; /* asx_lane_activity_get's */
} asx_lane_price;

/* Prices once worked out are kept: activity takes half a millisecond. Thread-safe. */
typedef struct asx_lane_prices asx_lane_prices;

ASX_NODISCARD asx_status asx_lane_prices_new(asx_lane_prices **out,
                                             const asx_technology *technology,
                                             const asx_lane_style *style, asx_error *err);
void asx_lane_prices_free(asx_lane_prices *prices);

/**
 * @param out     borrowed from `prices`
 * @param serial  a digit at a time on one digit's circuit; the price is for all digits
 * @param operands  with the operations that a weight stays the same
 * @return ASX_OK; ASX_ENOMEM
 */
ASX_NODISCARD asx_status asx_lane_price_get(const asx_lane_price **out, asx_lane_prices *prices,
                                            const asx_word *weight, const asx_word *activation,
                                            bool serial, const asx_operands *operands,
                                            asx_error *err);

/** @return ASX_OK; ASX_ENOMEM */
ASX_NODISCARD asx_status asx_lane_activity_get(asx_lane_activity *out, asx_lane_prices *prices,
                                               const asx_word *weight, const asx_word *activation,
                                               const asx_operands *operands, asx_error *err);

/** The technology's coefficients for one kind of the style's circuits. */
const asx_terms *asx_lane_terms(const asx_technology *technology, const asx_lane_style *style,
                                bool exact, asx_term_measure measure);

/** Adds area or leakage of `n_lanes` lanes and `n_banks` banks. */
void asx_lane_union_size(double *part, const asx_lane_union *lanes,
                         const asx_technology *technology, const asx_lane_style *style,
                         asx_term_measure measure, double n_lanes, double n_banks);

/** The longest path, in ns. */
double asx_lane_union_delay_ns(const asx_lane_union *lanes, const asx_technology *technology,
                               const asx_lane_style *style);

/** The operand whose word is beyond what the style's circuits were fitted to: "weights",
 * "activations"; NULL: none. @param range, bits  set with it */
const char *asx_lane_beyond(const asx_terms_range **range, unsigned *bits, const asx_word *weight,
                            const asx_word *activation, const asx_technology *technology,
                            const asx_lane_style *style);

/** Whether the technology has the style's families: ASX_OK; ASX_EINVAL names the missing one. */
ASX_NODISCARD asx_status asx_lane_style_check(const asx_lane_style *style,
                                              const asx_technology *technology, asx_error *err);

#endif
