/* Words that one circuit can be built for: of each width and kind of digits the union of a machine's
 * words has lanes of its own. Private. */
#ifndef ASX_HWMODEL_SLOT_H
#define ASX_HWMODEL_SLOT_H

#include "dse/word.h"
#include "dse/word_kind.h"

/* Of every width of digits unsigned and signed ones, in this order; then one wide digit; then sums of
 * 1, 2, ... signed powers. */
enum {
    ASX_SLOTS_OF_DIGITS = 2 * (ASX_DIGIT_WIDTH_MAX - ASX_DIGIT_WIDTH_MIN + 1),
    ASX_SLOT_WIDE = ASX_SLOTS_OF_DIGITS,
    ASX_N_SLOTS = ASX_SLOT_WIDE + 1 + ASX_CSD_TERMS_MAX
};

/** @param word  as a circuit sees it (asx_word_circuit), not plain */
unsigned asx_slot_of(const asx_word *word);

/** Sets what all words of a slot have in common, of a word whose bits and set are known. */
void asx_slot_fill(asx_word *word, unsigned slot);

/** The word that a digit-serial lane is built for: one digit and its sign. */
asx_word asx_slot_digit(const asx_word *word);

#endif
