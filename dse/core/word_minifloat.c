/* Minifloats: a sign, X bits of exponent, Y of mantissa, as in the OCP's formats for machine
 * learning (OFP8 1.0 of 2023: e4m3, e5m2; MX 1.0 of 2023: e2m1, e2m3, e3m2).
 *
 *   text := "e" X "m" Y ["f" | "n" | "i"] ["z"]
 *
 *   f  every code is a number (the default)
 *   n  all ones are no number: e4m3's default, whose largest value is 448
 *   i  the highest exponent is infinity and what is no number, as in IEEE 754: e5m2's default
 *   z  no subnormals: the exponent 0 is zero, with the mantissa 0 only
 *
 * Values are integers here, multiples of the smallest subnormal: m for the exponent 0, else
 * (2^Y + m) 2^(e - 1). The bias is a factor 2^-bias of all of them, which scales take up. Without a
 * mantissa, eXm0, values are powers of two: shifts.
 *
 * A magnitude is an odd number below 2^(Y + 1) times a power of two: one digit of as many bits as
 * the largest has, of these alphabets. So e2m1 has the values and the circuit of w5{1,3}. */
#include <stdlib.h>

#include "word_type.h"

enum { EXPONENT, MANTISSA, SPECIAL, FLUSH }; /* the parameters */
enum { FINITE, NAN_ONLY, IEEE };
/* exponents of 5 bits are formats that there are, with values of too many bits to be words */
enum { EXPONENT_MIN = 2, EXPONENT_MAX = 5, EXPONENT_FITS = 4, STORED_MAX = 8 };

static unsigned exponent_bits(const asx_word *w)
{
    return w->parameter[EXPONENT];
}

static unsigned mantissa_bits(const asx_word *w)
{
    return w->parameter[MANTISSA];
}

static unsigned usual_special(unsigned x, unsigned y)
{
    return x == 4 && y == 3 ? NAN_ONLY : x == 5 && y == 2 ? IEEE : FINITE;
}

/* The highest exponent whose codes are numbers. */
static unsigned top_exponent(unsigned x, unsigned special)
{
    return (1u << x) - 1 - (special == IEEE);
}

static asx_word make(unsigned x, unsigned y, unsigned special, bool flush)
{
    const unsigned q = y + top_exponent(x, special);
    asx_word word = {.bits = q + 1,
                     .digit_width = q,
                     .digits = ASX_DIGITS_UNSIGNED,
                     .kind = ASX_WORD_MINIFLOAT,
                     .parameter = {(uint8_t)x, (uint8_t)y, (uint8_t)special, flush}};
    for (unsigned a = 1; a < 2u << y; a += 2)
        word.set = asx_alphabet_set_with(word.set, a);
    return word;
}

static asx_word of_parameters(unsigned bits, const uint8_t *p)
{
    (void)bits;
    return make(p[EXPONENT], p[MANTISSA], p[SPECIAL], p[FLUSH]);
}

static void print(asx_text *text, const asx_word *w)
{
    static const char letter[] = {'f', 'n', 'i'};
    const unsigned special = w->parameter[SPECIAL];
    asx_text_add(text, "e%um%u", exponent_bits(w), mantissa_bits(w));
    if (special != usual_special(exponent_bits(w), mantissa_bits(w)))
        asx_text_add(text, "%c", letter[special]);
    if (w->parameter[FLUSH])
        asx_text_add(text, "z");
}

static asx_status check_parameters(unsigned x, unsigned y, unsigned special, asx_error *err)
{
    if (x < EXPONENT_MIN || x > EXPONENT_MAX)
        return asx_fail(err, ASX_EINVAL, "e%um%u: an exponent of %u bits is outside %d .. %d", x, y,
                        x, EXPONENT_MIN, EXPONENT_FITS);
    if (1 + x + y > STORED_MAX)
        return asx_fail(err, ASX_EINVAL, "e%um%u: %u bits, a minifloat has at most %d", x, y,
                        1 + x + y, STORED_MAX);
    if (special == NAN_ONLY && y == 0)
        return asx_fail(err, ASX_EINVAL, "e%um0n: without a mantissa that is e%um0i", x, x);
    const unsigned bits = make(x, y, special, false).bits;
    if (bits > ASX_VALUE_BITS_MAX)
        return asx_fail(err, ASX_EINVAL,
                        "e%um%u: as multiples of the smallest its values are integers of %u bits, "
                        "words have at most %d",
                        x, y, bits, ASX_VALUE_BITS_MAX);
    return ASX_OK;
}

static asx_status check(const asx_word *w, asx_error *err)
{
    const asx_status status =
        check_parameters(exponent_bits(w), mantissa_bits(w), w->parameter[SPECIAL], err);
    if (status != ASX_OK)
        return status;
    const asx_word made =
        make(exponent_bits(w), mantissa_bits(w), w->parameter[SPECIAL], w->parameter[FLUSH]);
    if (w->parameter[SPECIAL] > IEEE || w->parameter[FLUSH] > 1 ||
        w->bits != made.bits - w->non_negative || w->digit_width != made.digit_width ||
        w->digits != made.digits || !asx_alphabet_set_equal(w->set, made.set))
        return asx_fail(err, ASX_EINVAL, "e%um%u: the word's fields are not a minifloat's",
                        exponent_bits(w), mantissa_bits(w));
    return ASX_OK;
}

static bool starts(const char *s)
{
    return *s == 'e';
}

static asx_status parse(asx_word *out, const char **s, asx_error *err)
{
    const char *end = *s + 1;
    unsigned x = 0, y = 0;
    asx_status status = asx_word_parse_count(&x, &end, "the number of exponent bits", err);
    if (status == ASX_OK && *end != 'm')
        status = asx_fail(err, ASX_EPARSE, "'m' and the mantissa bits must stand at '%.32s'", end);
    end += status == ASX_OK;
    if (status == ASX_OK)
        status = asx_word_parse_count(&y, &end, "the number of mantissa bits", err);
    if (status != ASX_OK)
        return status;
    unsigned special = usual_special(x, y);
    if (*end == 'f' || *end == 'n' || *end == 'i') {
        special = *end == 'f' ? FINITE : *end == 'n' ? NAN_ONLY : IEEE;
        end++;
    }
    const bool flush = *end == 'z';
    if ((status = check_parameters(x, y, special, err)) != ASX_OK)
        return status;
    *s = end + flush;
    *out = make(x, y, special, flush);
    return ASX_OK;
}

static asx_word with_sign(const asx_word *w, bool non_negative)
{
    asx_word word = *w;
    word.non_negative = non_negative;
    word.bits = w->digit_width + !non_negative;
    return word;
}

static const char *family(const asx_word *w)
{
    return mantissa_bits(w) ? "minifloats" : "shifts";
}

static unsigned code_bits(const asx_word *w)
{
    return exponent_bits(w) + mantissa_bits(w) + !w->non_negative;
}

/* code = sign . exponent . mantissa; a word without sign has no sign bit. Zero has the sign 0. */
static bool decode(int64_t *value, const asx_word *w, uint32_t code)
{
    const unsigned y = mantissa_bits(w), special = w->parameter[SPECIAL];
    const uint32_t m = code & ((1u << y) - 1), e = code >> y & ((1u << exponent_bits(w)) - 1);
    const bool negative = code >> (y + exponent_bits(w)) & 1;
    if (e > top_exponent(exponent_bits(w), special))
        return false;
    if (special == NAN_ONLY && e == (1u << exponent_bits(w)) - 1 && m == (1u << y) - 1)
        return false;
    if (e == 0 && ((w->parameter[FLUSH] && m) || (negative && !m)))
        return false;
    const int64_t magnitude = e ? (int64_t)(m | 1u << y) << (e - 1) : m;
    *value = negative ? -magnitude : magnitude;
    return true;
}

static bool encode(uint32_t *code, const asx_word *w, int64_t value)
{
    const unsigned y = mantissa_bits(w);
    uint64_t m = (uint64_t)llabs(value);
    uint32_t e = m >> y ? 1 : 0;
    int64_t back = 0;
    for (; m >> (y + 1); m /= 2)
        e++;
    const uint32_t made =
        (uint32_t)(value < 0) << (y + exponent_bits(w)) | e << y | ((uint32_t)m & ((1u << y) - 1));
    if (e > top_exponent(exponent_bits(w), w->parameter[SPECIAL]) ||
        (value < 0 && w->non_negative) || !decode(&back, w, made) || back != value)
        return false;
    *code = made;
    return true;
}

static int32_t max(const asx_word *w)
{
    uint32_t code = (1u << (exponent_bits(w) + mantissa_bits(w))) - 1;
    int64_t value = 0;
    while (!decode(&value, w, code))
        code--;
    return (int32_t)value;
}

/* Codes that are no numbers save a circuit nothing; nor does having no subnormals. */
static asx_word circuit(const asx_word *w)
{
    asx_word word = *w;
    word.kind = w->digit_width <= ASX_DIGIT_WIDTH_DEFAULT ? ASX_WORD_DIGITS : ASX_WORD_WIDE;
    for (size_t i = 0; i < ASX_WORD_PARAMETERS; i++)
        word.parameter[i] = 0;
    return word;
}

/* eXmY of as many bits, the shortest exponent first: e2m5, e3m4, ..., down to the shift. */
static bool of_bits(asx_word *out, unsigned bits, unsigned i)
{
    for (unsigned x = EXPONENT_MIN; x <= EXPONENT_MAX && x < bits; x++) {
        const unsigned y = bits - 1 - x, special = usual_special(x, y);
        if (check_parameters(x, y, special, NULL) == ASX_OK && i-- == 0) {
            *out = make(x, y, special, false);
            return true;
        }
    }
    return false;
}

const asx_word_type asx_word_minifloat = {ASX_WORD_STORED_WHOLE, .with_sign = with_sign,
                                          .of_parameters = of_parameters, .of_bits = of_bits};
