/* Images that need no download: the digits 0 .. 9 drawn with strokes, distorted, cluttered and
 * noisy. They stand in for a data set in the embedded campaign, in tests and in examples. */
#ifndef ASX_EVAL_GLYPHS_H
#define ASX_EVAL_GLYPHS_H

#include <stdint.h>

#include "dse/api.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ASX_GLYPH_SIZE = 16, ASX_GLYPH_PIXELS = 16 * 16, ASX_GLYPH_CLASSES = 10 };

/**
 * Draws image number `index` of the data set named by `seed`.
 *
 * The image is a function of (seed, index) alone, the same on every machine whose double is IEEE's
 * (only + - * / and sqrt are used). Images 10 k .. 10 k + 9 show each class once, in random order.
 *
 * @param pixels  ASX_GLYPH_PIXELS bytes, [h][w], ink is bright
 * @return the class, 0 .. 9
 */
ASX_API unsigned asx_glyph_draw(uint8_t *pixels, uint64_t seed, uint64_t index);

#ifdef __cplusplus
}
#endif

#endif
