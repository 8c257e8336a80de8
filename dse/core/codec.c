/* The stored form of a word. */
#include "dse/codec.h"

#include <stdbool.h>
#include <stdlib.h>

#include "dse/memory.h"
#include "dse/menu.h"
#include "word_type.h"

/* One digit's stored form: an index of `bits` bits into its supported values. */
typedef struct digit_code {
    unsigned bits;
    int32_t place; /* 2^(q i) */
    size_t n;
    int32_t value[ASX_DIGIT_VALUES_MAX]; /* ascending */
} digit_code;

struct asx_codec {
    asx_word word;
    const asx_word_type *whole; /* of words that are stored as a whole; else NULL */
    unsigned bits, n_digits;
    bool sign; /* a sign bit of its own */
    digit_code digit[ASX_WORD_DIGITS_MAX + 1];
};

static void digit_code_init(digit_code *digit, const asx_word *word, unsigned i)
{
    digit->n = asx_word_digit_values(digit->value, word, i);
    digit->place = (int32_t)1 << (i * word->digit_width);
    while (((size_t)1 << digit->bits) < digit->n)
        digit->bits++;
}

/* Of a value that the digit has. */
static uint32_t index_of(const digit_code *digit, int32_t value)
{
    size_t low = 0, high = digit->n;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        *(digit->value[middle] <= value ? &low : &high) = middle;
    }
    return (uint32_t)low;
}

asx_status asx_codec_new(asx_codec **out, const asx_word *word, asx_error *err)
{
    asx_status status = asx_word_check(word, err);
    if (status != ASX_OK)
        return status;
    if (asx_word_is_menu(word))
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "a menu has the codes of its words, group by group; none of its own");
    asx_codec *codec = asx_array_new(1, sizeof *codec);
    if (!codec)
        return asx_fail(err, ASX_ENOMEM, "no memory for a codec of %u bits", word->bits);
    codec->word = *word;
    codec->bits = asx_word_code_bits(word);
    const asx_word_type *type = asx_word_type_of(word);
    codec->whole = type && type->encode ? type : NULL;
    codec->n_digits = codec->whole ? 0 : asx_word_n_digits(word);
    codec->sign = codec->n_digits && word->digits == ASX_DIGITS_UNSIGNED && !word->non_negative;
    for (unsigned i = 0; i < codec->n_digits; i++)
        digit_code_init(&codec->digit[i], word, i);
    *out = codec;
    return ASX_OK;
}

void asx_codec_free(asx_codec *codec)
{
    free(codec);
}

unsigned asx_codec_bits(const asx_codec *codec)
{
    return codec->bits;
}

static uint32_t mask_of(unsigned bits)
{
    return (uint32_t)(((uint64_t)1 << bits) - 1);
}

static bool write_code(uint32_t *out, const asx_codec *codec, int32_t value)
{
    const asx_word *word = &codec->word;
    uint32_t code = 0;
    int32_t digit[ASX_WORD_DIGITS_MAX];
    if (codec->whole)
        return codec->whole->encode(out, word, value);
    if (value < asx_word_min(word) || value > asx_word_max(word))
        return false;
    if (codec->n_digits == 0) {
        *out = (uint32_t)value & mask_of(codec->bits);
        return true;
    }
    if (!asx_word_split(digit, word, value))
        return false;
    for (unsigned i = 0, shift = 0; i < codec->n_digits; shift += codec->digit[i++].bits)
        code |= index_of(&codec->digit[i], codec->sign ? abs(digit[i]) : digit[i]) << shift;
    if (codec->sign && value < 0)
        code |= (uint32_t)1 << (codec->bits - 1);
    *out = code;
    return true;
}

asx_status asx_codec_encode(uint32_t *code, const asx_codec *codec, int32_t value, asx_error *err)
{
    if (!write_code(code, codec, value))
        return asx_fail(err, ASX_EINVAL, "%ld cannot be encoded: it is not representable",
                        (long)value);
    return ASX_OK;
}

static asx_status decode_digits(int32_t *value, const asx_codec *codec, uint32_t code,
                                asx_error *err)
{
    int32_t sum = 0;
    uint32_t rest = code;
    for (unsigned i = 0; i < codec->n_digits; i++) {
        const digit_code *digit = &codec->digit[i];
        const uint32_t index = rest & mask_of(digit->bits);
        if (index >= digit->n)
            return asx_fail(err, ASX_EINVAL, "code %#lx: index %lu of digit %u is outside 0 .. %zu",
                            (unsigned long)code, (unsigned long)index, i, digit->n - 1);
        sum += digit->value[index] * digit->place;
        rest >>= digit->bits;
    }
    const bool negative = codec->sign && rest;
    if (negative && sum == 0)
        return asx_fail(err, ASX_EINVAL, "code %#lx is a negative zero", (unsigned long)code);
    *value = negative ? -sum : sum;
    return ASX_OK;
}

asx_status asx_codec_decode(int32_t *value, const asx_codec *codec, uint32_t code, asx_error *err)
{
    if (code & ~mask_of(codec->bits))
        return asx_fail(err, ASX_EINVAL, "code %#lx is wider than %u bits", (unsigned long)code,
                        codec->bits);
    if (codec->whole) {
        int64_t whole = 0;
        if (!codec->whole->decode(&whole, &codec->word, code))
            return asx_fail(err, ASX_EINVAL, "code %#lx is no number, or a negative zero",
                            (unsigned long)code);
        *value = (int32_t)whole;
        return ASX_OK;
    }
    if (codec->n_digits == 0) {
        const uint32_t top = code >> (codec->bits - 1) << codec->bits;
        *value = codec->word.non_negative ? (int32_t)code : (int32_t)code - (int32_t)top;
        return ASX_OK;
    }
    int32_t sum = 0;
    asx_status status = decode_digits(&sum, codec, code, err);
    if (status != ASX_OK)
        return status;
    uint32_t again = 0;
    if (!write_code(&again, codec, sum))
        return asx_fail(err, ASX_EINVAL, "code %#lx stands for %ld, outside %ld .. %ld",
                        (unsigned long)code, (long)sum, (long)asx_word_min(&codec->word),
                        (long)asx_word_max(&codec->word));
    if (again != code)
        return asx_fail(err, ASX_EINVAL, "code %#lx is not the code of its value %ld: that is %#lx",
                        (unsigned long)code, (long)sum, (unsigned long)again);
    *value = sum;
    return ASX_OK;
}

int32_t asx_codec_read(const asx_codec *codec, uint32_t code)
{
    int32_t sum = 0;
    uint32_t rest = code & mask_of(codec->bits);
    if (codec->whole) { /* what is no number is read as none */
        int64_t whole = 0;
        return codec->whole->decode(&whole, &codec->word, rest) ? (int32_t)whole : 0;
    }
    if (codec->n_digits == 0) {
        const uint32_t top = rest >> (codec->bits - 1) << codec->bits;
        return codec->word.non_negative ? (int32_t)rest : (int32_t)rest - (int32_t)top;
    }
    for (unsigned i = 0; i < codec->n_digits; i++) {
        const digit_code *digit = &codec->digit[i];
        const uint32_t index = rest & mask_of(digit->bits);
        if (index < digit->n)
            sum += digit->value[index] * digit->place;
        rest >>= digit->bits;
    }
    return codec->sign && rest ? -sum : sum;
}

unsigned asx_codec_joint_bits(const asx_codec *codec)
{
    return asx_word_joint_bits(&codec->word);
}

uint32_t asx_codec_join(const asx_codec *codec, uint32_t code)
{
    uint32_t joint = 0;
    unsigned shift = codec->bits - codec->sign;
    if (codec->n_digits == 0)
        return code;
    if (codec->sign)
        joint = code >> shift << (asx_codec_joint_bits(codec) - 1);
    uint32_t together = 0;
    for (unsigned i = codec->n_digits; i-- > 0;) {
        const digit_code *digit = &codec->digit[i];
        shift -= digit->bits;
        together = together * (uint32_t)digit->n + (code >> shift & mask_of(digit->bits));
    }
    return joint | together;
}

asx_status asx_codec_split(uint32_t *code, const asx_codec *codec, uint32_t joint, asx_error *err)
{
    const unsigned bits = asx_codec_joint_bits(codec), sum_bits = bits - codec->sign;
    if (joint & ~mask_of(bits))
        return asx_fail(err, ASX_EINVAL, "joint code %#lx is wider than %u bits",
                        (unsigned long)joint, bits);
    if (codec->n_digits == 0) {
        *code = joint;
        return ASX_OK;
    }
    uint32_t rest = joint & mask_of(sum_bits), out = 0;
    unsigned shift = 0;
    for (unsigned i = 0; i < codec->n_digits; i++) {
        const digit_code *digit = &codec->digit[i];
        out |= rest % (uint32_t)digit->n << shift;
        rest /= (uint32_t)digit->n;
        shift += digit->bits;
    }
    if (rest > 0)
        return asx_fail(err, ASX_EINVAL, "joint code %#lx is beyond the digits' values",
                        (unsigned long)joint);
    if (codec->sign)
        out |= joint >> sum_bits << shift;
    *code = out;
    return ASX_OK;
}
