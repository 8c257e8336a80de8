/* The representable set R of a word: every integer that is a sum of supported digits at their
 * places, within the word's range; and the two rules that bring other numbers onto it. */
#ifndef ASX_DSE_GRID_H
#define ASX_DSE_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "dse/error.h"
#include "dse/word.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct asx_grid asx_grid;

/** Cost: O(2^bits) time and memory. @return ASX_OK, ASX_ENOMEM, or what asx_word_check says */
ASX_API ASX_NODISCARD asx_status asx_grid_new(asx_grid **out, const asx_word *word, asx_error *err);
ASX_API void asx_grid_free(asx_grid *grid);

/** Number of representable values, and the values, ascending, borrowed from `grid`. */
ASX_API size_t asx_grid_size(const asx_grid *grid);
ASX_API const int32_t *asx_grid_values(const asx_grid *grid);
ASX_API bool asx_grid_has(const asx_grid *grid, int32_t value);
ASX_API bool asx_grid_equal(const asx_grid *a, const asx_grid *b);

/**
 * The representable value nearest to `x`, ties away from zero; beyond the ends, the end. x finite.
 * Cost: O(1), one table look-up.
 */
ASX_API int32_t asx_grid_nearest(const asx_grid *grid, double x);

/**
 * The representable value nearest to an integer, for what was rounded to integers before. There a
 * tie is no rare event but every other integer of a gap of 2; away from zero, ties would make all
 * numbers larger on average. So they go to the value whose rank, counted from zero, is even.
 * Cost: O(log n).
 */
ASX_API int32_t asx_grid_nearest_even(const asx_grid *grid, int32_t value);

/**
 * Digit-by-digit rounding with carry, as a circuit would do it: from the least significant digit
 * up, each digit of `value` (plus the carry into it) goes to the nearest supported value or to the
 * carry 2^q, ties away from zero; the top digit saturates. Digits are those of the magnitude; a low
 * signed digit also takes the supported values below 0, by a carry. A representable value stays
 * itself. Never better than asx_grid_nearest, which it is for words that have no digits of one width.
 *
 * @param value  within the word's range
 */
ASX_API int32_t asx_grid_round_digits(const asx_grid *grid, int32_t value);

#ifdef __cplusplus
}
#endif

#endif
