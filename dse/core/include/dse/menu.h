/* Menus of words: the groups of a layer's weights choose a word each, and the choice is stored beside the weights.
 *
 *   w4{1}/4{3}a8@128    every 128 input weights of an output channel, in the order of memory, choose between two words
 *   w4{1}/4{3}a8@ch     every output channel does
 *
 * The values of all words are integers on the one scale of their channel, so sums are those of a layer of one word. */
#ifndef ASX_DSE_MENU_H
#define ASX_DSE_MENU_H

#include <stdbool.h>
#include <stddef.h>

#include "dse/api.h"
#include "dse/error.h"
#include "dse/word.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    ASX_MENU_WORDS_MIN = 2,
    ASX_MENU_WORDS_MAX = 8,
    ASX_MENU_GROUP_MIN = 2,
    ASX_MENU_GROUP_MAX = 65535
};

/**
 * A menu, itself a word of weights. Its words are any but lists of values and other menus; their order does not matter.
 *
 * @param group  input weights that choose together; 0: all of an output channel
 * @return ASX_OK; ASX_EINVAL for too few words, too many, the same twice, one that cannot be in a menu, words without a
 *         common circuit, a group out of range; `out` untouched
 */
ASX_API ASX_NODISCARD asx_status asx_menu_make(asx_word *out, const asx_word *word, size_t n,
                                               unsigned group, asx_error *err);

/** Reads "4{1}/4{3}@128", to the end. @return as asx_menu_make; ASX_EPARSE */
ASX_API ASX_NODISCARD asx_status asx_menu_parse(asx_word *out, const char *text, asx_error *err);

ASX_API bool asx_word_is_menu(const asx_word *word);

/** The words of a menu, in its order; of another word that itself. @param out [ASX_MENU_WORDS_MAX] @return how many */
ASX_API size_t asx_menu_words(asx_word *out, const asx_word *word);

/** How many input weights of a channel have one word, of `depth`: a menu's group, or all. */
ASX_API size_t asx_menu_together(const asx_word *word, size_t depth);

/** Bits that are stored with a group to tell its word: ceil(log2 of the words). 0 for another word. */
ASX_API unsigned asx_menu_tag_bits(const asx_word *word);

#ifdef __cplusplus
}
#endif

#endif
