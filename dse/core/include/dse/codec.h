/* The stored form of a word: per digit an index into its supported values, and the sign.
 * decode(encode(v)) = v for every representable v. */
#ifndef ASX_DSE_CODEC_H
#define ASX_DSE_CODEC_H

#include <stdint.h>

#include "dse/api.h"
#include "dse/error.h"
#include "dse/word.h"

#ifdef __cplusplus
extern "C" {
#endif

/*   code = sign . index[n-1] . ... . index[0]      (sign: unsigned digits with a sign only)
 *
 * index[i] takes ceil(log2 |values of digit i|) bits and points into the ascending list of
 * asx_word_digit_values. A plain word is stored as itself (two's complement), a minifloat as sign,
 * exponent and mantissa, which is its joint code too. Where signed digits
 * could write a value in two ways, the one whose lowest differing digit is smaller in magnitude
 * (then the positive one) is used. Zero has the sign bit 0. */
typedef struct asx_codec asx_codec;

ASX_API ASX_NODISCARD asx_status asx_codec_new(asx_codec **out, const asx_word *word,
                                               asx_error *err);
ASX_API void asx_codec_free(asx_codec *codec);

/** asx_word_code_bits of the word; at most 32. */
ASX_API unsigned asx_codec_bits(const asx_codec *codec);

/** @return ASX_OK; ASX_EINVAL if `value` is not representable */
ASX_API ASX_NODISCARD asx_status asx_codec_encode(uint32_t *code, const asx_codec *codec,
                                                  int32_t value, asx_error *err);

/** @return ASX_OK; ASX_EINVAL if `code` has bits beyond the width, an index beyond its list, a
 *  negative zero, stands for a value outside the word's range, or is not the code that encoding
 *  its value gives */
ASX_API ASX_NODISCARD asx_status asx_codec_decode(int32_t *value, const asx_codec *codec,
                                                  uint32_t code, asx_error *err);

/** What a decoder makes of any bits, of memories with faults too: an index beyond its list reads as 0, which is what the
 *  built machine does (eval/program/data/rtl), and the sum of the digits may lie outside the word's range.
 *  @param code  bits beyond the width are ignored */
ASX_API int32_t asx_codec_read(const asx_codec *codec, uint32_t code);

/* The same with one number for all digits together, which wastes no part of a bit per digit:
 *
 *   joint = sign . (index[0] + n[0] (index[1] + n[1] (index[2] + ...)))      n[i] = |values of i|
 */

/** asx_word_joint_bits of the word. */
ASX_API unsigned asx_codec_joint_bits(const asx_codec *codec);

/** @param code  as asx_codec_encode makes it @return the joint code */
ASX_API uint32_t asx_codec_join(const asx_codec *codec, uint32_t code);

/** Back from a joint code: split(join(code)) = code.
 *  @return ASX_OK; ASX_EINVAL if `joint` is no such number */
ASX_API ASX_NODISCARD asx_status asx_codec_split(uint32_t *code, const asx_codec *codec,
                                                 uint32_t joint, asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
