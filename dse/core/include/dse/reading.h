/* What memories hold for a word, and what every pattern of bits in them reads as: codes seen from the side of faults.
 *
 * The built machine's code is an index per digit (dse/codec.h). Another one, which a decoder of a table per word could
 * have, is chosen so that one flipped bit changes values least. */
#ifndef ASX_DSE_READING_H
#define ASX_DSE_READING_H

#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "dse/error.h"
#include "dse/word.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Which pattern stands for which value: {enumerator, name, help}. */
#define ASX_CODE_LIST(X)                                                                           \
    X(ASX_CODE_INDEX, "index", "an index per digit, as the machine is built")                      \
    X(ASX_CODE_ROBUST, "robust", "of a table per word: one flipped bit changes values least")

typedef enum asx_code {
#define ASX_ENUM(name, text, help) name,
    ASX_CODE_LIST(ASX_ENUM)
#undef ASX_ENUM
        ASX_N_CODES
} asx_code;

/** Its name, as texts of faults have it. */
ASX_API const char *asx_code_text(asx_code code);

/* Patterns of so many bits have tables; so many, robust ones. */
enum { ASX_READING_BITS_MAX = 16, ASX_ROBUST_BITS_MAX = 8 };

/* Immutable. */
typedef struct asx_reading asx_reading;

/**
 * @param often  [representable values, ascending as asx_grid_values has them] how often each is stored, in any unit, not
 *               all 0; NULL: equally often. Only robust codes depend on it
 * @return ASX_OK; ASX_ENOMEM; what asx_word_check says; ASX_EUNSUPPORTED for codes of too many bits
 * Cost: a robust code of 8 bits takes some ten milliseconds; up to 3 bits it is the best of all codes, else one that
 *       no exchange of two patterns improves (the binary switching algorithm: K. Zeger, A. Gersho, Pseudo-Gray coding,
 *       IEEE Trans. Communications 38 (1990)), begun from three orders, the machine's among them
 */
ASX_API ASX_NODISCARD asx_status asx_reading_new(asx_reading **out, const asx_word *word,
                                                 asx_code code, const double *often,
                                                 asx_error *err);
ASX_API void asx_reading_free(asx_reading *reading);

/** Bits of a pattern. */
ASX_API unsigned asx_reading_bits(const asx_reading *reading);

/** The pattern of a representable value. */
ASX_API uint32_t asx_reading_code(const asx_reading *reading, int32_t value);

/** What a pattern reads as. @param code  below 2^bits */
ASX_API int32_t asx_reading_value(const asx_reading *reading, uint32_t code);

/**
 * Mean squared change of the value when one bit of its code flips, in units of the word's integers, squared:
 *     sum over v of often(v) (v - read(code(v) xor 2^bit))^2 / sum of often
 * @param often  as above
 */
ASX_API double asx_reading_flip_error(const asx_reading *reading, const double *often,
                                      unsigned bit);

/* What becomes of a stored bit, independently of all others. */
typedef struct asx_bit_channel {
    double to_0; /* probability that a 1 reads as 0 */
    double to_1; /* that a 0 reads as 1 */
} asx_bit_channel;

/**
 * Mean squared change of the value when every stored bit goes through the channel: exact, all patterns of faults in it.
 * @return ASX_OK; ASX_ENOMEM. Cost: O(bits 2^bits)
 */
ASX_API ASX_NODISCARD asx_status asx_reading_error(double *out, const asx_reading *reading,
                                                   const double *often,
                                                   const asx_bit_channel *channel, asx_error *err);

/* What a flipped bit of a code does, in parts of the stored words. */
typedef struct asx_flip_effect {
    int digit; /* whose index the bit is of, from the least significant; -1: the sign, or a plain or robust word's */
    double error;    /* asx_reading_flip_error */
    double sign;     /* the value changes its sign */
    double alphabet; /* the digit becomes one of another alphabet */
    double shift;    /* the digit stays of its alphabet and is shifted otherwise */
    double zero;     /* the digit becomes 0, or was 0; of a word without digits: the value */
} asx_flip_effect;

/** What flipping bit `bit` of every stored word does. @param often  as above. Cost: O(representable values) */
ASX_API asx_flip_effect asx_reading_effect(const asx_reading *reading, const double *often,
                                           unsigned bit);

#ifdef __cplusplus
}
#endif

#endif
