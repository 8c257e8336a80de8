/* What the values of a word are made of. Kinds other than digits have texts and codes of their own; how
 * one is added stands in dse/README.md. */
#ifndef ASX_DSE_WORD_KIND_H
#define ASX_DSE_WORD_KIND_H

#include <stddef.h>

#include "dse/api.h"
#include "dse/word.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum asx_word_kind {
    ASX_WORD_DIGITS,    /* plain, or digits of an alphabet set */
    ASX_WORD_MINIFLOAT, /* eXmY: sign, exponent, mantissa (word_minifloat.c) */
    ASX_WORD_CSD,       /* sums of at most k signed powers of two (word_csd.c) */
    ASX_WORD_APOT,      /* additive powers of two (word_apot.c) */
    ASX_WORD_VALUES,    /* a list of integers (word_values.c) */
    ASX_WORD_WIDE, /* one digit of any width; has no text: what circuits see (asx_word_circuit) */
    ASX_WORD_MENU, /* a choice of words, group by group (dse/menu.h) */
    ASX_N_WORD_KINDS
} asx_word_kind;

enum { ASX_CSD_TERMS_MAX = 4 };

/** The plain word of the same length (asx_word_length): what exact multipliers would take instead. */
ASX_API asx_word asx_word_exact(const asx_word *word);

/**
 * The word whose values are the first column of a CSV, with or without a name above. Integers of -128 .. 127 are taken as they
 * are; other numbers are scaled so that the largest magnitude is 127, and rounded. The word knows nothing of the file.
 * @param out  untouched on failure
 * @return ASX_OK; as asx_csv_parse_as; ASX_EINVAL with file and line if a value is there twice, with the file if 0 is not
 */
ASX_API ASX_NODISCARD asx_status asx_word_load_values(asx_word *out, const char *path,
                                                      asx_error *err);

/** The families of formats by number, integers and alphabets first. @return NULL if there are no more */
ASX_API const char *asx_family_name(size_t i);

#ifdef __cplusplus
}
#endif

#endif
