#include "slot.h"

#include "dse/word_kind.h"

unsigned asx_slot_of(const asx_word *word)
{
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
    word->kind = ASX_WORD_DIGITS;
    word->digit_width = ASX_DIGIT_WIDTH_MIN + slot / 2;
    word->digits = slot % 2 ? ASX_DIGITS_SIGNED : ASX_DIGITS_UNSIGNED;
}

asx_word asx_slot_digit(const asx_word *word)
{
    asx_word one = *word;
    const unsigned bits = word->digit_width + (word->digits == ASX_DIGITS_UNSIGNED);
    if (one.bits > bits)
        one.bits = bits;
    return one;
}
