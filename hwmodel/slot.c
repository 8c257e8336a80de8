#include "slot.h"

unsigned asx_slot_of(const asx_word *word)
{
    if (word->kind == ASX_WORD_CSD)
        return ASX_SLOT_WIDE + word->parameter[0];
    return word->kind == ASX_WORD_WIDE
               ? ASX_SLOT_WIDE
               : 2 * (word->digit_width - ASX_DIGIT_WIDTH_MIN) + (unsigned)word->digits;
}

void asx_slot_fill(asx_word *word, unsigned slot)
{
    if (slot == ASX_SLOT_WIDE) { /* one digit: as wide as the widest */
        word->kind = ASX_WORD_WIDE;
        word->digits = ASX_DIGITS_UNSIGNED;
        word->digit_width = word->bits - !word->non_negative;
        return;
    }
    if (slot > ASX_SLOT_WIDE) {
        word->kind = ASX_WORD_CSD;
        word->parameter[0] = (uint8_t)(slot - ASX_SLOT_WIDE);
        word->digits = ASX_DIGITS_SIGNED;
        word->digit_width = 2;
        return;
    }
    word->kind = ASX_WORD_DIGITS;
    word->digit_width = ASX_DIGIT_WIDTH_MIN + slot / 2;
    word->digits = slot % 2 ? ASX_DIGITS_SIGNED : ASX_DIGITS_UNSIGNED;
}

asx_word asx_slot_digit(const asx_word *word)
{
    asx_word one = *word;
    if (word->kind == ASX_WORD_CSD) {
        one.bits = asx_word_digit_bits(word, 0);
        one.parameter[0] = 1;
        return one;
    }
    const unsigned bits = word->digit_width + (word->digits == ASX_DIGITS_UNSIGNED);
    if (one.bits > bits)
        one.bits = bits;
    return one;
}
