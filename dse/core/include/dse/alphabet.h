/* Alphabets and alphabet sets: the odd multiples of the input that an ASM precomputes. */
#ifndef ASX_DSE_ALPHABET_H
#define ASX_DSE_ALPHABET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "dse/error.h"
#include "dse/text.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    ASX_DIGIT_WIDTH_MIN = 2,
    ASX_DIGIT_WIDTH_MAX = 8,
    ASX_DIGIT_WIDTH_DEFAULT = 4,
    ASX_ALPHABET_MAX = 255 /* the largest alphabet of the widest digit */
};

/* A set of alphabets: bit i of odd[j] stands for the alphabet 2 (64 j + i) + 1. The empty set means
 * "no alphabet set": a plain binary word on a conventional multiplier. */
typedef struct asx_alphabet_set {
    uint64_t odd[2];
} asx_alphabet_set;

ASX_API bool asx_alphabet_set_is_empty(asx_alphabet_set set);
ASX_API bool asx_alphabet_set_has(asx_alphabet_set set, unsigned alphabet);
ASX_API bool asx_alphabet_set_equal(asx_alphabet_set a, asx_alphabet_set b);

/** `set` with one more alphabet, which must be odd and at most ASX_ALPHABET_MAX. */
ASX_API asx_alphabet_set asx_alphabet_set_with(asx_alphabet_set set, unsigned alphabet);
ASX_API asx_alphabet_set asx_alphabet_set_union(asx_alphabet_set a, asx_alphabet_set b);
ASX_API unsigned asx_alphabet_set_count(asx_alphabet_set set);

/** The smallest alphabet greater than `after`, 0 when there is none: for (a = 0; (a = next(s, a));)
 */
ASX_API unsigned asx_alphabet_set_next(asx_alphabet_set set, unsigned after);

/** The set whose alphabets are the one bits of `index`, bit i for 2 i + 1: 1 .. 255 are all of q
 * = 4. */
ASX_API asx_alphabet_set asx_alphabet_set_from_index(uint64_t index);

/**
 * Reads "{1,3,5}" at `*cursor` and moves it behind the brace. Any order, no duplicates.
 * @return ASX_OK; ASX_EPARSE with the offending part (`*cursor` and `*out` untouched)
 */
ASX_API ASX_NODISCARD asx_status asx_alphabet_set_parse(asx_alphabet_set *out, const char **cursor,
                                                        asx_error *err);

/** Appends "{1,3,5}"; nothing for the empty set. */
ASX_API void asx_alphabet_set_print(asx_text *text, asx_alphabet_set set);

#ifdef __cplusplus
}
#endif

#endif
