/* The number format of one operand, and which digit values its alphabet set supports. */
#ifndef ASX_DSE_WORD_H
#define ASX_DSE_WORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dse/alphabet.h"
#include "dse/api.h"
#include "dse/error.h"
#include "dse/text.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    ASX_WORD_BITS_MIN = 2,
    ASX_WORD_BITS_MAX = 16,
    ASX_WORD_DIGITS_MAX = 8,
    ASX_VALUE_BITS_MAX = 20, /* of other words than plain ones and digits */
    ASX_DIGIT_VALUES_MAX = 257,
    ASX_WORD_PARAMETERS = 4
};

typedef enum asx_digits {
    ASX_DIGITS_UNSIGNED, /* sign and magnitude; the magnitude is cut into digits 0 .. 2^q - 1 */
    ASX_DIGITS_SIGNED    /* balanced radix-2^q digits -2^(q-1) .. 2^(q-1), no separate sign */
} asx_digits;

/* A word of `bits` bits. With an empty `set` it is plain binary (two's complement, or unsigned if
 * `non_negative`) and `digits`, `digit_width` do not matter. Ranges of the integers it stands for:
 *
 *   plain, or signed digits    -2^(bits-1) .. 2^(bits-1) - 1
 *   unsigned digits            -(2^(bits-1) - 1) .. 2^(bits-1) - 1
 *   non_negative               0 .. 2^bits - 1   (activations behind a ReLU: no sign bit)
 *   minifloats                 -largest .. largest, or 0 .. largest
 *
 * Whatever the kind, `bits` is the length of the integers, not of what is stored. */
typedef struct asx_word {
    unsigned bits;
    unsigned digit_width; /* q */
    asx_digits digits;
    bool non_negative;
    asx_alphabet_set set;
    uint8_t kind;                           /* dse/word_kind.h; 0: plain, or digits */
    uint8_t parameter[ASX_WORD_PARAMETERS]; /* of kinds that have some; else 0 */
    uint64_t list
        [4]; /* of lists of values: bit v + 128, from the first number's lowest, for the value v; else 0 */
} asx_word;

/**
 * @return ASX_OK; ASX_EINVAL if bits or digit width are out of range, an alphabet does not fit the
 *         digit (odd, < 2^q), signed digits are combined with non_negative, or no alphabet of the
 *         set can be used by any digit (the word could only be 0)
 */
ASX_API ASX_NODISCARD asx_status asx_word_check(const asx_word *word, asx_error *err);

ASX_API bool asx_word_is_plain(const asx_word *word);
/** The word with and without a sign: `bits` of digits are the same then, of minifloats one fewer. */
ASX_API asx_word asx_word_with_sign(const asx_word *word, bool non_negative);

/** Its length as people speak of it: of digits and plain words `bits`, of others what is stored. */
ASX_API unsigned asx_word_length(const asx_word *word);

/** Appends the alphabets that its text names, "{1,3}", or what it says instead, "e2m1"; nothing for plain words. */
ASX_API void asx_word_print_set(asx_text *text, const asx_word *word);

/** Which family of formats it belongs to: "integers", "alphabets", "minifloats", "shifts", "values", ... */
ASX_API const char *asx_word_family(const asx_word *word);

/**
 * Word number `i` of a family, other than integers and alphabets, that is stored in `bits` bits, sign
 * included. @return false if there are no more
 */
ASX_API bool asx_family_word(asx_word *out, const char *family, unsigned bits, unsigned i);

/** What the circuit that multiplies by such a word sees of it: words of digits and of one wide digit. */
ASX_API asx_word asx_word_circuit(const asx_word *word);

/** All but bits, sign and set as one number, to look words up by. Equal words have equal ones. */
ASX_API uint64_t asx_word_shape(const asx_word *word);

ASX_API bool asx_word_equal(const asx_word *a, const asx_word *b);
ASX_API int32_t asx_word_min(const asx_word *word); /* of the range above */
ASX_API int32_t asx_word_max(const asx_word *word);

/** Number of digits: ceil(magnitude bits / q), for signed digits ceil(bits / q); 0 for a plain
 * word. */
ASX_API unsigned asx_word_n_digits(const asx_word *word);

/** Bits of digit `i` counted from the least significant: q, or fewer for the top digit. */
ASX_API unsigned asx_word_digit_bits(const asx_word *word, unsigned i);

/**
 * The supported values of digit `i`, ascending; for signed digits both signs.
 *
 * V(A, q) = {0} u {a 2^s : a in A, s >= 0, a 2^s < 2^q}, cut to the digit's range: 0 .. 2^t - 1 for
 * an unsigned digit of t bits, -2^(t-1) .. 2^(t-1) for a signed one (there: every supported a 2^s).
 *
 * @param values  room for ASX_DIGIT_VALUES_MAX
 * @return how many
 */
ASX_API size_t asx_word_digit_values(int32_t *values, const asx_word *word, unsigned i);

/**
 * The digits that make up a value: sum over i of digit[i] 2^(digit_width i) = value, each with the
 * value's sign where the word has sign and magnitude. Of several ways the one that is stored.
 *
 * @param digit  [asx_word_n_digits]
 * @return false if the value is not representable
 */
ASX_API bool asx_word_split(int32_t *digit, const asx_word *word, int32_t value);

/**
 * Bits that storing one word costs: for a plain word `bits`; else the sum over digits of
 * ceil(log2 |values|), plus the sign bit of unsigned digits that have one.
 */
ASX_API unsigned asx_word_code_bits(const asx_word *word);

/**
 * The same for one code over all digits: ceil(log2 of the product of their |values|), plus the
 * sign bit. 12-bit {1}: 5 x 5 x 4 values take 7 bits, digit by digit 3 + 3 + 2.
 */
ASX_API unsigned asx_word_joint_bits(const asx_word *word);

/** The same format without the alphabets that no digit can use; the representable set is unchanged.
 */
ASX_API asx_word asx_word_reduce(const asx_word *word);

#ifdef __cplusplus
}
#endif

#endif
