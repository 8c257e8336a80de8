/* Inside the prices of lanes and of circuits. */
#ifndef ASX_HWMODEL_LANE_PRIVATE_H
#define ASX_HWMODEL_LANE_PRIVATE_H

#include "circuit.h"
#include "memo.h"

struct asx_lane_prices {
    const asx_technology *technology; /* borrowed */
    asx_lane_style style;
    asx_activity_store *activities;
    asx_memo *lanes, *circuits;
};

ASX_NODISCARD asx_status asx_circuits_new(asx_memo **out, asx_error *err);

asx_family asx_circuit_family(asx_circuit_kind kind, const asx_lane_style *style);

/** A lane in a column, without a bank. */
asx_mac asx_circuit_mac(const asx_word *weight, const asx_word *activation,
                        const asx_circuit *circuit, unsigned rows);

/** Whether coefficients are known for a tree of this style. */
bool asx_circuit_has_tree(const asx_terms *terms, asx_tree tree);

void asx_word_widen(asx_word *word, const asx_word *other);
/** By an activation, whose alphabets are its decoder's matter. */
void asx_word_widen_input(asx_word *word, const asx_word *input);

#endif
