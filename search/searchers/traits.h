/* Private: numbers that describe a format, for searchers that learn of formats from those that are like them. */
#ifndef ASX_SEARCH_TRAITS_H
#define ASX_SEARCH_TRAITS_H

#include <stddef.h>

#include "dse/space.h"

/* Of the weights' word and of the activations': length, digits, alphabets, stored bits, error of rounding. */
enum { ASX_TRAITS_OF_WORD = 14, ASX_TRAITS = 2 * ASX_TRAITS_OF_WORD };

/**
 * Traits of all formats of a space, each scaled to [0, 1] over the list; one that is the same for all is 0.
 * @param out  [formats][ASX_TRAITS] owned by the caller, free()
 * @return ASX_OK; ASX_ENOMEM
 * Cost: 2^bits for each word, at most 2^12.
 */
ASX_NODISCARD asx_status asx_traits_new(double **out, const asx_space *space, asx_error *err);

/** Whether a format is richer than another: long words first, plain ones before sets, large sets before small ones. */
bool asx_format_richer(const asx_format *a, const asx_format *b);

#endif
