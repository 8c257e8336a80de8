/* Menus of words (dse/menu.h): how one holds its words, four bytes each, where a list of values has its list.
 *
 *   text := word {"/" word}, and behind the format "@" (group | "ch")        (format.c reads both)
 *
 * A menu is no type of words: what it is as a word follows from its words, and is asked of these (word.c). */
#include "word_menu.h"

#include <stdlib.h>
#include <string.h>

#include "dse/file.h"
#include "dse/number.h"
#include "word_type.h"

enum { GROUP_LOW, GROUP_HIGH, WORDS, HASH }; /* the parameters */

bool asx_word_is_menu(const asx_word *w)
{
    return w->kind == ASX_WORD_MENU;
}

/* kind:3 bits:5, then of digits kind:1 width:4 alphabets:16, 1 the lowest; of others their parameters. */
static uint32_t pack(const asx_word *w)
{
    const uint32_t head = (uint32_t)w->kind << 29 | (uint32_t)w->bits << 24;
    const uint8_t *p = w->parameter;
    if (w->kind != ASX_WORD_DIGITS)
        return head | (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 4 | p[3];
    if (asx_alphabet_set_is_empty(w->set))
        return head;
    return head | (uint32_t)w->digits << 20 | w->digit_width << 16 | (uint32_t)w->set.odd[0];
}

static asx_word unpack(uint32_t packed)
{
    asx_word w = {.kind = (uint8_t)(packed >> 29), .bits = packed >> 24 & 31};
    const asx_word_type *type = asx_word_type_of(&w);
    const uint8_t p[ASX_WORD_PARAMETERS] = {(uint8_t)(packed >> 16), (uint8_t)(packed >> 8),
                                            packed >> 4 & 15, packed & 15};
    if (w.kind != ASX_WORD_DIGITS)
        return type && type->of_parameters ? type->of_parameters(w.bits, p) : w;
    w.set.odd[0] = packed & 0xffff;
    w.digit_width = w.set.odd[0] ? packed >> 16 & 15 : ASX_DIGIT_WIDTH_DEFAULT;
    w.digits = packed >> 20 & 1 ? ASX_DIGITS_SIGNED : ASX_DIGITS_UNSIGNED;
    return w;
}

static size_t count(const asx_word *w)
{
    return w->parameter[WORDS] <= ASX_MENU_WORDS_MAX ? w->parameter[WORDS] : 0;
}

size_t asx_menu_words(asx_word *out, const asx_word *word)
{
    if (!asx_word_is_menu(word)) {
        *out = *word;
        return 1;
    }
    for (size_t i = 0; i < count(word); i++)
        out[i] = unpack((uint32_t)(word->list[i / 2] >> 32 * (i % 2)));
    return count(word);
}

unsigned asx_menu_group(const asx_word *menu)
{
    return menu->parameter[GROUP_LOW] | (unsigned)menu->parameter[GROUP_HIGH] << 8;
}

size_t asx_menu_together(const asx_word *menu, size_t depth)
{
    const unsigned group = asx_word_is_menu(menu) ? asx_menu_group(menu) : 0;
    return group > 0 && group < depth ? group : depth;
}

unsigned asx_menu_tag_bits(const asx_word *word)
{
    return asx_word_is_menu(word) ? asx_log2_ceil(count(word)) : 0;
}

asx_status asx_menu_check_word(const asx_word *w, asx_error *err)
{
    const asx_word_type *type = asx_word_type_of(w);
    const bool digits = w->kind == ASX_WORD_DIGITS;
    if (w->non_negative || !(digits || (type && type->of_parameters)))
        return asx_fail(err, ASX_EINVAL,
                        "a menu's words are digits, integers, minifloats, sums of powers "
                        "of two or apot, no lists and no menus");
    if (digits && (w->set.odd[1] || w->set.odd[0] >> 16))
        return asx_fail(err, ASX_EINVAL, "words of a menu take alphabets of at most 31");
    return ASX_OK;
}

static int compare(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

asx_status asx_menu_build(asx_word *out, const asx_word *word, size_t n, unsigned group,
                          asx_error *err)
{
    asx_word w = {.digit_width = ASX_DIGIT_WIDTH_DEFAULT, .kind = ASX_WORD_MENU};
    uint32_t packed[ASX_MENU_WORDS_MAX];
    if (n < ASX_MENU_WORDS_MIN || n > ASX_MENU_WORDS_MAX)
        return asx_fail(err, ASX_EINVAL, "a menu of %zu words; %d to %d are possible", n,
                        ASX_MENU_WORDS_MIN, ASX_MENU_WORDS_MAX);
    if (group != 0 && (group < ASX_MENU_GROUP_MIN || group > ASX_MENU_GROUP_MAX))
        return asx_fail(err, ASX_EINVAL, "groups of %u weights are outside %d .. %d", group,
                        ASX_MENU_GROUP_MIN, ASX_MENU_GROUP_MAX);
    for (size_t i = 0; i < n; i++) {
        packed[i] = pack(&word[i]);
        w.bits = word[i].bits > w.bits ? word[i].bits : w.bits;
        w.set = asx_alphabet_set_union(w.set, word[i].set);
    }
    qsort(packed, n, sizeof *packed, compare);
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && packed[i] == packed[i - 1])
            return asx_fail(err, ASX_EINVAL, "a menu has the same word twice");
        w.list[i / 2] |= (uint64_t)packed[i] << 32 * (i % 2);
    }
    w.parameter[GROUP_LOW] = (uint8_t)group;
    w.parameter[GROUP_HIGH] = (uint8_t)(group >> 8);
    w.parameter[WORDS] = (uint8_t)n;
    w.parameter[HASH] = (uint8_t)asx_hash(w.list, sizeof w.list, 0); /* shapes differ with words */
    *out = w;
    return ASX_OK;
}
