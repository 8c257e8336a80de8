/* The number format of one layer and its text. */
#include "dse/format.h"

/* What stood in the text, before it is known what it means together. */
typedef struct format_text {
    unsigned weight_bits, activation_bits, digit_width;
    bool is_signed, has_width;
    asx_alphabet_set weight_set, activation_set;
} format_text;

/* Reads a small number without sign or leading zero behind `*s`. */
static asx_status parse_count(unsigned *out, const char **s, const char *what, asx_error *err)
{
    const char *end = *s;
    unsigned n = 0;
    while (*end >= '0' && *end <= '9' && end - *s < 4)
        n = 10 * n + (unsigned)(*end++ - '0');
    if (end == *s || end - *s > 3 || (**s == '0' && end - *s > 1))
        return asx_fail(err, ASX_EPARSE, "%s must stand at '%.32s'", what, *s);
    *s = end;
    *out = n;
    return ASX_OK;
}

static asx_status parse_parts(format_text *out, const char **s, asx_error *err)
{
    asx_status status;
    if (**s != 'w')
        return asx_fail(err, ASX_EPARSE, "'w' and the weight bits must stand at '%.32s'", *s);
    ++*s;
    if ((status = parse_count(&out->weight_bits, s, "the number of weight bits", err)) != ASX_OK)
        return status;
    if (**s == 's') {
        out->is_signed = true;
        ++*s;
    }
    if (**s == 'q') {
        out->has_width = true;
        ++*s;
        if ((status = parse_count(&out->digit_width, s, "the digit width", err)) != ASX_OK)
            return status;
    }
    if (**s == '{' && (status = asx_alphabet_set_parse(&out->weight_set, s, err)) != ASX_OK)
        return status;
    if (**s != 'a')
        return asx_fail(err, ASX_EPARSE, "'a' and the activation bits must stand at '%.32s'", *s);
    ++*s;
    if ((status = parse_count(&out->activation_bits, s, "the number of activation bits", err)) !=
        ASX_OK)
        return status;
    if (**s == '{')
        return asx_alphabet_set_parse(&out->activation_set, s, err);
    return ASX_OK;
}

static asx_word make_word(const format_text *parts, unsigned bits, bool is_signed,
                          asx_alphabet_set set)
{
    bool plain = asx_alphabet_set_is_empty(set);
    return (asx_word){
        .bits = bits,
        .digit_width = plain || !parts->has_width ? ASX_DIGIT_WIDTH_DEFAULT : parts->digit_width,
        .digits = is_signed && !plain ? ASX_DIGITS_SIGNED : ASX_DIGITS_UNSIGNED,
        .set = set,
    };
}

/* Whatever is written must mean something: a print of the format could not show it again. */
static asx_status check_parts(const format_text *parts, asx_error *err)
{
    bool weight_set = !asx_alphabet_set_is_empty(parts->weight_set);
    bool any_set = weight_set || !asx_alphabet_set_is_empty(parts->activation_set);
    if (parts->is_signed && !weight_set)
        return asx_fail(err, ASX_EINVAL, "'s' needs an alphabet set for the weights");
    if (parts->has_width && !any_set)
        return asx_fail(err, ASX_EINVAL, "'q%u' needs an alphabet set", parts->digit_width);
    return ASX_OK;
}

asx_status asx_format_parse_at(asx_format *out, const char **cursor, asx_error *err)
{
    const char *s = *cursor;
    format_text parts = {0};
    asx_format format;
    asx_status status = parse_parts(&parts, &s, err);
    if (status == ASX_OK)
        status = check_parts(&parts, err);
    if (status == ASX_OK) {
        format.weight = make_word(&parts, parts.weight_bits, parts.is_signed, parts.weight_set);
        format.activation = make_word(&parts, parts.activation_bits, false, parts.activation_set);
        status = asx_word_check(&format.weight, err);
        if (status != ASX_OK)
            status = asx_fail_context(err, status, "weights");
        else if ((status = asx_word_check(&format.activation, err)) != ASX_OK)
            status = asx_fail_context(err, status, "activations");
    }
    if (status != ASX_OK)
        return asx_fail_context(err, status, "format '%.48s'", *cursor);
    *cursor = s;
    *out = format;
    return ASX_OK;
}

asx_status asx_format_parse(asx_format *out, const char *text, asx_error *err)
{
    asx_format format;
    const char *end = text;
    asx_status status = asx_format_parse_at(&format, &end, err);
    if (status != ASX_OK)
        return status;
    if (*end)
        return asx_fail(err, ASX_EPARSE, "format '%.48s': nothing may stand at '%.32s'", text, end);
    *out = format;
    return ASX_OK;
}

void asx_format_print(asx_text *text, const asx_format *format)
{
    const asx_word *weight = &format->weight, *activation = &format->activation;
    const bool plain_weight = asx_word_is_plain(weight);
    const asx_word *digits = plain_weight ? activation : weight;
    asx_text_add(text, "w%u", weight->bits);
    if (!plain_weight && weight->digits == ASX_DIGITS_SIGNED)
        asx_text_add(text, "s");
    if (!asx_word_is_plain(digits) && digits->digit_width != ASX_DIGIT_WIDTH_DEFAULT)
        asx_text_add(text, "q%u", digits->digit_width);
    asx_alphabet_set_print(text, weight->set);
    asx_text_add(text, "a%u", activation->bits);
    asx_alphabet_set_print(text, activation->set);
}

bool asx_format_equal(const asx_format *a, const asx_format *b)
{
    const asx_word x = asx_format_activation(a, false), y = asx_format_activation(b, false);
    return asx_word_equal(&a->weight, &b->weight) && asx_word_equal(&x, &y);
}

bool asx_format_is_asm(const asx_format *format)
{
    return !asx_word_is_plain(&format->weight);
}

asx_word asx_format_activation(const asx_format *format, bool non_negative)
{
    asx_word word = format->activation;
    word.non_negative = non_negative;
    return word;
}
