/* Kinds of words: what a word of each is made of. Private.
 *
 * Everything that differs between kinds is a function of this table, and a kind is one file that ends
 * in its table (word_minifloat.c). Whoever uses words asks dse/word.h, dse/grid.h and dse/codec.h. */
#ifndef ASX_DSE_WORD_TYPE_H
#define ASX_DSE_WORD_TYPE_H

#include "dse/text.h"
#include "dse/word.h"
#include "dse/word_kind.h"

/* NULL: as words of digits do it. */
typedef struct asx_word_type {
    /* Whether a text is one of these, and its word: all fields, checked. `*s` moves behind it. */
    bool (*starts)(const char *s);
    asx_status (*parse)(asx_word *out, const char **s, asx_error *err);
    void (*print)(asx_text *text, const asx_word *word);
    /* Of a word whose fields may be anything. */
    asx_status (*check)(const asx_word *word, asx_error *err);
    asx_word (*with_sign)(const asx_word *word, bool non_negative);
    const char *(*family)(const asx_word *word);

    /* Words that are stored as a whole: the code of a value, and back. False: there is none. */
    unsigned (*code_bits)(const asx_word *word);
    bool (*encode)(uint32_t *code, const asx_word *word, int64_t value);
    bool (*decode)(int64_t *value, const asx_word *word, uint32_t code);
    int32_t (*max)(const asx_word *word); /* with these: the largest value */

    /* The word with a sign of these bits and parameters. NULL: it takes more to tell, and menus have none. */
    asx_word (*of_parameters)(unsigned bits, const uint8_t *parameter);

    /* Words of digits of another kind. Digit i, times 2^(digit_width i), is one of
     * asx_word_digit_values, and split finds those that make up a value of the range. */
    unsigned (*n_digits)(const asx_word *word);
    unsigned (*digit_bits)(const asx_word *word, unsigned i);
    bool (*split)(int32_t *digit, const asx_word *word, int32_t value);

    /* What a circuit sees of it: words with the same have the same circuit. */
    asx_word (*circuit)(const asx_word *word);

    /* The families it has, for lists of formats: word number `i` of those of a length
     * (asx_word_length). False: there are no more. */
    bool (*of_bits)(asx_word *out, unsigned bits, unsigned i);
} asx_word_type;

/* Members that words which are stored as a whole cannot do without: functions of these names. */
#define ASX_WORD_STORED_WHOLE                                                                      \
    .starts = starts, .parse = parse, .print = print, .check = check, .family = family,            \
    .code_bits = code_bits, .encode = encode, .decode = decode, .max = max, .circuit = circuit

/** Whether a text is a number with this letter behind. */
bool asx_word_starts_with_count(const char *s, char letter);

/** Reads a small number without sign or leading zero behind `*s`. */
asx_status asx_word_parse_count(unsigned *out, const char **s, const char *what, asx_error *err);

/** @return NULL for words of digits */
const asx_word_type *asx_word_type_of(const asx_word *word);

/** The type whose text this is, behind the operand's letter. @return NULL: digits */
const asx_word_type *asx_word_type_at(const char *s);

extern const asx_word_type asx_word_minifloat, asx_word_csd, asx_word_apot, asx_word_values,
    asx_word_wide;

#endif
