/* The number format of one layer and its text. */
#include "dse/format.h"

#include <string.h>

#include "word_menu.h"
#include "word_type.h"

/* What stood in the text of an operand, before it is known what it means beside the other. */
typedef struct operand_text {
    unsigned bits, digit_width;
    bool is_signed, has_width;
    asx_alphabet_set set;
    bool typed;    /* a word that is no digits: */
    asx_word word; /* itself */
} operand_text;

/* Words with '/' between them: more than one make a menu, of groups that stand behind the format. */
typedef struct menu_text {
    asx_word word[ASX_MENU_WORDS_MAX];
    size_t n;
} menu_text;

static asx_status parse_word(operand_text *out, const char **s, bool weight, asx_error *err)
{
    const asx_word_type *type = asx_word_type_at(*s);
    if (type) {
        out->typed = true;
        return type->parse(&out->word, s, err);
    }
    asx_status status = asx_word_parse_count(
        &out->bits, s, weight ? "the number of weight bits" : "the number of activation bits", err);
    if (status != ASX_OK)
        return status;
    if (weight && **s == 's') {
        out->is_signed = true;
        ++*s;
    }
    if (**s == 'q') {
        out->has_width = true;
        ++*s;
        if ((status = asx_word_parse_count(&out->digit_width, s, "the digit width", err)) != ASX_OK)
            return status;
    }
    return **s == '{' ? asx_alphabet_set_parse(&out->set, s, err) : ASX_OK;
}

static bool has_set(const operand_text *text)
{
    return !asx_alphabet_set_is_empty(text->set);
}

/* Whatever is written must mean something: a print of the format could not show it again. The width
 * of the weights' digits is that of the activations' where these do not say their own. */
static asx_status check_texts(const operand_text *w, const operand_text *a, asx_error *err)
{
    if (w->is_signed && !has_set(w))
        return asx_fail(err, ASX_EINVAL, "'s' needs an alphabet set for the weights");
    if (a->has_width && !has_set(a))
        return asx_fail(err, ASX_EINVAL, "'q%u' needs an alphabet set for the activations",
                        a->digit_width);
    if (w->has_width && !has_set(w) && (!has_set(a) || a->has_width))
        return asx_fail(err, ASX_EINVAL, "'q%u' needs an alphabet set%s", w->digit_width,
                        has_set(a) ? " for the weights" : "");
    return ASX_OK;
}

static asx_word make_word(const operand_text *text, const operand_text *like)
{
    const operand_text *width = text->has_width ? text : like;
    if (text->typed)
        return text->word;
    return (asx_word){
        .bits = text->bits,
        .digit_width =
            has_set(text) && width->has_width ? width->digit_width : ASX_DIGIT_WIDTH_DEFAULT,
        .digits = text->is_signed && has_set(text) ? ASX_DIGITS_SIGNED : ASX_DIGITS_UNSIGNED,
        .set = text->set,
    };
}

static asx_status parse_operand(operand_text *out, const char **s, bool weight, asx_error *err)
{
    if (**s != (weight ? 'w' : 'a'))
        return asx_fail(err, ASX_EPARSE, "'%s bits must stand at '%.32s'",
                        weight ? "w' and the weight" : "a' and the activation", *s);
    ++*s;
    return parse_word(out, s, weight, err);
}

/* The words of a menu behind its first, which `inout` is: from here on the text is that of a whole word. */
static asx_status parse_menu(menu_text *menu, operand_text *inout, const char **s, asx_error *err)
{
    static const operand_text none = {0};
    operand_text one = *inout;
    asx_status status = ASX_OK;
    menu->n = 0;
    while (status == ASX_OK && menu->n < ASX_MENU_WORDS_MAX) {
        status = check_texts(&one, &none, err);
        menu->word[menu->n++] = make_word(&one, &one);
        if (**s != '/') {
            *inout = (operand_text){.typed = true};
            return status;
        }
        ++*s;
        one = none;
        if (status == ASX_OK)
            status = parse_word(&one, s, true, err);
    }
    return status == ASX_OK
               ? asx_fail(err, ASX_EINVAL, "a menu of more than %d words", ASX_MENU_WORDS_MAX)
               : status;
}

static asx_status parse_group(asx_word *out, const menu_text *menu, const char **s, asx_error *err)
{
    unsigned group = 0;
    asx_status status = ASX_OK;
    if (**s != '@')
        return asx_fail(err, ASX_EPARSE,
                        "'@' and the weights that choose together, or '@ch', must stand behind a "
                        "menu's format, at '%.32s'",
                        *s);
    ++*s;
    if (strncmp(*s, "ch", 2) == 0)
        *s += 2;
    else if (**s < '1' || **s > '9')
        status = asx_fail(err, ASX_EPARSE, "'ch' or the size of a group must stand at '%.32s'", *s);
    else {
        const char *digits = *s;
        while (**s >= '0' && **s <= '9' && group <= ASX_MENU_GROUP_MAX)
            group = 10 * group + (unsigned)(*(*s)++ - '0');
        if (group > ASX_MENU_GROUP_MAX)
            status = asx_fail(err, ASX_EPARSE, "groups of %.*s weights are outside %d .. %d",
                              (int)strspn(digits, "0123456789"), digits, ASX_MENU_GROUP_MIN,
                              ASX_MENU_GROUP_MAX);
    }
    return status == ASX_OK ? asx_menu_make(out, menu->word, menu->n, group, err) : status;
}

/* Words of other kinds must have a form without sign. */
static asx_status check_activation(const asx_word *word, asx_error *err)
{
    const asx_word without = asx_word_with_sign(word, true);
    return asx_word_check(word->kind ? &without : word, err);
}

asx_status asx_format_parse_at(asx_format *out, const char **cursor, asx_error *err)
{
    const char *s = *cursor;
    operand_text weight = {0}, activation = {0};
    menu_text menu = {.n = 0};
    asx_format format;
    asx_status status = parse_operand(&weight, &s, true, err);
    if (status == ASX_OK && *s == '/')
        status = parse_menu(&menu, &weight, &s, err);
    if (status == ASX_OK)
        status = parse_operand(&activation, &s, false, err);
    if (status == ASX_OK)
        status = check_texts(&weight, &activation, err);
    if (status == ASX_OK && menu.n > 0)
        status = parse_group(&weight.word, &menu, &s, err);
    if (status == ASX_OK) {
        format.weight = make_word(&weight, &weight);
        format.activation = make_word(&activation, &weight);
        status = asx_word_check(&format.weight, err);
        if (status != ASX_OK)
            status = asx_fail_context(err, status, "weights");
        else if ((status = check_activation(&format.activation, err)) != ASX_OK)
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

static bool has_digits(const asx_word *word)
{
    return word->kind == ASX_WORD_DIGITS && !asx_word_is_plain(word);
}

/* @param width  of the word that 'q' speaks of here  @param usual  what goes without saying */
static void print_word(asx_text *text, const asx_word *word, unsigned width, unsigned usual)
{
    if (word->kind != ASX_WORD_DIGITS) {
        asx_word_print(text, word);
        return;
    }
    asx_text_add(text, "%u", word->bits);
    if (has_digits(word) && word->digits == ASX_DIGITS_SIGNED)
        asx_text_add(text, "s");
    if (width != usual)
        asx_text_add(text, "q%u", width);
    asx_alphabet_set_print(text, word->set);
}

void asx_format_print(asx_text *text, const asx_format *format)
{
    const asx_word *weight = &format->weight, *activation = &format->activation;
    const unsigned own = has_digits(activation) ? activation->digit_width : ASX_DIGIT_WIDTH_DEFAULT;
    /* plain weights leave the 'q' to the activations' digits, whose width a typed word cannot say */
    const unsigned first = has_digits(weight)          ? weight->digit_width
                           : asx_word_is_plain(weight) ? own
                                                       : ASX_DIGIT_WIDTH_DEFAULT;
    asx_text_add(text, "w");
    print_word(text, weight, first, ASX_DIGIT_WIDTH_DEFAULT);
    asx_text_add(text, "a");
    print_word(text, activation, has_digits(activation) ? own : first, first);
    asx_menu_print_group(text, weight);
}

asx_status asx_menu_parse(asx_word *out, const char *text, asx_error *err)
{
    const char *s = text;
    operand_text first = {0};
    menu_text menu = {.n = 0};
    asx_word made;
    asx_status status = parse_word(&first, &s, true, err);
    if (status == ASX_OK)
        status = parse_menu(&menu, &first, &s, err);
    if (status == ASX_OK)
        status = parse_group(&made, &menu, &s, err);
    if (status == ASX_OK && *s)
        status = asx_fail(err, ASX_EPARSE, "nothing may stand at '%.32s'", s);
    if (status != ASX_OK)
        return asx_fail_context(err, status, "menu '%.48s'", text);
    *out = made;
    return ASX_OK;
}

bool asx_format_equal(const asx_format *a, const asx_format *b)
{
    const asx_word x = asx_format_activation(a, false), y = asx_format_activation(b, false);
    return asx_word_equal(&a->weight, &b->weight) && asx_word_equal(&x, &y);
}

static int order(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int compare_words(const asx_word *a, const asx_word *b)
{
    int c = order(a->bits, b->bits);
    if (c == 0)
        c = order(a->set.odd[1], b->set.odd[1]);
    if (c == 0)
        c = order(a->set.odd[0], b->set.odd[0]);
    if (c == 0)
        c = order(asx_word_shape(a), asx_word_shape(b));
    for (size_t i = 0; c == 0 && i < sizeof a->list / sizeof *a->list; i++)
        c = order(a->list[i], b->list[i]);
    return c;
}

int asx_format_compare(const asx_format *a, const asx_format *b)
{
    const int weight = compare_words(&a->weight, &b->weight);
    return weight != 0 ? weight : compare_words(&a->activation, &b->activation);
}

bool asx_format_is_asm(const asx_format *format)
{
    return !asx_word_is_plain(&format->weight);
}

asx_word asx_format_activation(const asx_format *format, bool non_negative)
{
    return asx_word_with_sign(&format->activation, non_negative);
}
