/* Lists of alphabet sets as campaigns write them. */
#include "set_list.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dse/format.h"
#include "dse/memory.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* A word of the list: `text` up to a blank or the end. */
static bool take(const char **cursor, const char *text)
{
    const size_t n = strlen(text);
    if (strncmp(*cursor, text, n) != 0 || ((*cursor)[n] && !is_blank((*cursor)[n])))
        return false;
    *cursor += n;
    return true;
}

static asx_status parse_max(asx_set_choice *out, const char **cursor, asx_error *err)
{
    const char *s = *cursor;
    unsigned n = 0;
    while (is_blank(*s))
        s++;
    while (*s >= '0' && *s <= '9' && n < 1000)
        n = 10 * n + (unsigned)(*s++ - '0');
    if (n < 1 || n > 128 || (*s && !is_blank(*s)))
        return asx_fail(err, ASX_EPARSE,
                        "alphabet sets: 'max' needs a number in 1 .. 128 at '%.32s'", *cursor);
    out->max = n;
    *cursor = s;
    return ASX_OK;
}

static asx_status parse_choice(asx_set_choice *out, const char **cursor, asx_error *err)
{
    *out = (asx_set_choice){0};
    if (take(cursor, "none"))
        return ASX_OK;
    if (take(cursor, "all")) {
        out->max = 128;
        return ASX_OK;
    }
    if (take(cursor, "max"))
        return parse_max(out, cursor, err);
    if (**cursor != '{')
        return asx_fail(err, ASX_EPARSE,
                        "alphabet sets: all, none, max N or {1,3} must stand at '%.32s'", *cursor);
    asx_status status = asx_alphabet_set_parse(&out->set, cursor, err);
    if (status == ASX_OK && **cursor && !is_blank(**cursor))
        return asx_fail(err, ASX_EPARSE, "alphabet sets: a blank must stand at '%.32s'", *cursor);
    return status;
}

asx_status asx_set_list_parse(asx_set_list *out, const char *text, asx_error *err)
{
    asx_set_list list = {0};
    asx_status status = ASX_OK;
    while (status == ASX_OK) {
        while (is_blank(*text))
            text++;
        if (!*text)
            break;
        asx_set_choice *item = asx_array_grow(list.item, &list.capacity, list.n + 1, sizeof *item);
        if (!item) {
            status = asx_fail(err, ASX_ENOMEM, "no memory for alphabet sets");
            break;
        }
        list.item = item;
        status = parse_choice(&list.item[list.n], &text, err);
        list.n++;
    }
    if (status == ASX_OK && list.n == 0)
        status =
            asx_fail(err, ASX_EINVAL, "no alphabet sets: all, none, max N or {1,3} are needed");
    if (status != ASX_OK) {
        asx_set_list_fini(&list);
        return status;
    }
    *out = list;
    return ASX_OK;
}

void asx_set_list_fini(asx_set_list *list)
{
    if (!list)
        return;
    free(list->item);
    *list = (asx_set_list){0};
}

/* Sets of 1 .. max out of n things: the sum of binomials, saturating. Pascal's row by row. */
static size_t count_sets(unsigned n, unsigned max)
{
    size_t row[129] = {1}; /* binomials of the row so far; n <= 128 */
    for (unsigned i = 1; i <= n; i++) {
        for (unsigned k = i; k > 0; k--)
            row[k] = row[k] > SIZE_MAX - row[k - 1] ? SIZE_MAX : row[k] + row[k - 1];
    }
    size_t sum = 0;
    for (unsigned k = 1; k <= n && k <= max; k++)
        sum = sum > SIZE_MAX - row[k] ? SIZE_MAX : sum + row[k];
    return sum;
}

size_t asx_set_list_count(const asx_set_list *list, unsigned digit_width)
{
    size_t sum = 0;
    for (size_t i = 0; i < list->n; i++) {
        const unsigned max = list->item[i].max;
        const size_t n = max ? count_sets(1u << (digit_width - 1), max) : 1;
        sum = sum > SIZE_MAX - n ? SIZE_MAX : sum + n;
    }
    return sum;
}

static asx_status append(asx_word_list *out, const asx_word *word, asx_error *err)
{
    asx_word *item = asx_array_grow(out->item, &out->capacity, out->n + 1, sizeof *item);
    if (!item)
        return asx_fail(err, ASX_ENOMEM, "no memory for words");
    out->item = item;
    out->item[out->n++] = *word;
    return ASX_OK;
}

/* The largest alphabet that a digit of the word can use. */
static unsigned largest_usable(const asx_word *like, bool activation)
{
    asx_word word = *like;
    word.non_negative = activation;
    for (unsigned a = 1; a < 1u << word.digit_width; a += 2)
        word.set = asx_alphabet_set_with(word.set, a);
    word = asx_word_reduce(&word);
    unsigned largest = 0;
    for (unsigned a = 0; (a = asx_alphabet_set_next(word.set, a)) != 0;)
        largest = a;
    return largest;
}

/* Appends `like` with its set and each of 1 .. `left` more alphabets in from .. largest. */
static asx_status add_subsets(asx_word_list *out, size_t limit, const asx_word *like, unsigned from,
                              unsigned largest, unsigned left, asx_error *err)
{
    asx_status status = ASX_OK;
    for (unsigned a = from; a <= largest && status == ASX_OK; a += 2) {
        asx_word word = *like;
        word.set = asx_alphabet_set_with(word.set, a);
        if (out->n >= limit)
            return asx_fail(err, ASX_EINVAL, "more than %d sets for one word of %u bits",
                            ASX_FORMATS_MAX, like->bits);
        if (asx_word_check(&word, NULL) == ASX_OK)
            status = append(out, &word, err);
        if (status == ASX_OK && left > 1)
            status = add_subsets(out, limit, &word, a + 2, largest, left - 1, err);
    }
    return status;
}

asx_status asx_set_choice_words(asx_word_list *out, const asx_set_choice *choice,
                                const asx_word *like, bool activation, asx_error *err)
{
    asx_word word = *like;
    word.set = choice->set;
    if (choice->max)
        return add_subsets(out, out->n + ASX_FORMATS_MAX, &word, 1,
                           largest_usable(&word, activation), choice->max, err);
    if (asx_word_check(&word, NULL) != ASX_OK)
        return ASX_OK;
    word.non_negative = activation;
    word = asx_word_reduce(&word);
    word.non_negative = false;
    if (asx_word_is_plain(&word)) {
        word.digit_width = ASX_DIGIT_WIDTH_DEFAULT;
        word.digits = ASX_DIGITS_UNSIGNED;
    }
    return append(out, &word, err);
}
