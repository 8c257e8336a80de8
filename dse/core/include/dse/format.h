/* The number format of one layer: weights and activations, and its text "w8s{1,3}a8".
 *
 *   format := "w" word "a" word | "w" word ("/" word)+ "a" word "@" (group | "ch")
 *   word   := bits ["s"] ["q" width] [set] | minifloat | bits "c" terms | bits "p"
 *   set    := "{" odd ("," odd)* "}"
 *
 * A minifloat is eXmY, X bits of exponent and Y of mantissa (word_minifloat.c): we4m3a8, we2m1ae4m3.
 * 8c2 are sums of at most two signed powers (word_csd.c), 5p additive powers of two (word_apot.c).
 *
 * Between words of weights '/' makes a menu: w4{1}/4{3}a8@128 lets every 128 input weights choose, @ch every output
 * channel (dse/menu.h); their digits' widths say nothing of the activations'.
 *
 * "s" (signed digits, weights only) and "q" (digit width when it is not 4) are allowed only where a
 * set makes them mean something. The weights' width is the activations' too, unless these have
 * their own: w8q3{1}a8{1,3} has digits of 3 bits in both, w5{1,3,5}a6q6{1,3} of 4 and of 6. */
#ifndef ASX_DSE_FORMAT_H
#define ASX_DSE_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

#include "dse/api.h"
#include "dse/error.h"
#include "dse/text.h"
#include "dse/word.h"

#ifdef __cplusplus
extern "C" {
#endif

/* `activation.non_negative` is no part of the format (the layer's input decides): false after
 * parsing, ignored by print and equal; see asx_format_activation. */
/* The format of the baseline's layers, see ASX_BASELINE in dse/design.h. */
#define ASX_BASELINE_FORMAT "w8a8"

typedef struct asx_format {
    asx_word weight, activation;
} asx_format;

/** Reads a format at `*cursor` and moves it behind; checks both words. */
ASX_API ASX_NODISCARD asx_status asx_format_parse_at(asx_format *out, const char **cursor,
                                                     asx_error *err);

/** The same for a whole string: anything behind the format is an error. */
ASX_API ASX_NODISCARD asx_status asx_format_parse(asx_format *out, const char *text,
                                                  asx_error *err);

/** Appends the canonical text; parse(print(f)) equals f. */
ASX_API void asx_format_print(asx_text *text, const asx_format *format);

ASX_API bool asx_format_equal(const asx_format *a, const asx_format *b);

/** A total order of formats; 0 where asx_format_equal holds. @return below 0, 0 or above it */
ASX_API int asx_format_compare(const asx_format *a, const asx_format *b);

/** Multiplier-less: the weights have an alphabet set. */
ASX_API bool asx_format_is_asm(const asx_format *format);

/** The activation word as a layer sees it: with its input's sign known. */
ASX_API asx_word asx_format_activation(const asx_format *format, bool non_negative);

/* What a campaign allows; the product of all lists, duplicates removed. */
typedef struct asx_format_choices {
    const unsigned *weight_bits, *digit_width, *activation_bits;
    const unsigned *activation_width; /* n_activation_widths 0: each weight's own */
    const asx_digits *digits;
    size_t n_weight_bits, n_digit_widths, n_activation_bits, n_digits, n_activation_widths;
    const asx_word *weight_words; /* of other families, beside those of the sets */
    size_t n_weight_words;
    const char *weight_sets;     /* words: all, none, "max N", "{1,3}"; NULL: weight_words alone */
    const char *activation_sets; /* the same */
} asx_format_choices;

enum { ASX_FORMATS_MAX = 65535 };

/**
 * All distinct formats of the choices: unusable alphabets removed (asx_word_reduce), then every
 * representable set kept once, under its cheapest name (fewest alphabets, then fewest stored bits,
 * then text order). Plain words stay apart from sets that represent everything, and words of
 * different bits from each other. An activation set counts in both forms a layer may see, signed
 * and non-negative. Sets that a combination of bits and digits cannot use are left out of it.
 *
 * @param out    owned by the caller, free(); ordered by weight bits, activation bits, then text
 * @param n_raw  how many the choices spell before duplicates are removed; may be NULL
 * @return ASX_OK; ASX_ENOMEM; ASX_EPARSE for ill-formed sets; ASX_EINVAL for an empty choice, a set
 * that no combination can use, or more than ASX_FORMATS_MAX
 */
ASX_API ASX_NODISCARD asx_status asx_format_list(asx_format **out, size_t *n, size_t *n_raw,
                                                 const asx_format_choices *choices, asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
