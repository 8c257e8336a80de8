/* Words that are told apart by what they can represent, and the cheapest name of each. Private. */
#ifndef ASX_DSE_KEYED_WORDS_H
#define ASX_DSE_KEYED_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dse/error.h"
#include "dse/word.h"
#include "set_list.h"

/* What a word can represent, as 128 bits of hash: words are the same to a network iff equal. */
typedef struct asx_word_key {
    uint64_t part[2];
} asx_word_key;

typedef struct asx_keyed_word {
    asx_word word;
    asx_word_key key;
    unsigned n_alphabets, code_bits;
} asx_keyed_word;

typedef struct asx_keyed_list {
    asx_keyed_word *item;
    size_t n, capacity;
} asx_keyed_list;

int asx_word_key_compare(const asx_word_key *a, const asx_word_key *b);

/**
 * Keys of the words, and one word of each key appended to `out`.
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL for more than ASX_FORMATS_MAX; what asx_grid_new says
 */
ASX_NODISCARD asx_status asx_keyed_add_distinct(asx_keyed_list *out, const asx_word_list *words,
                                                bool activation, asx_error *err);

#endif
