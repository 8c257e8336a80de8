/* Words that are told apart by what they can represent. */
#include "keyed_words.h"

#include <stdlib.h>

#include "dse/file.h"
#include "dse/format.h"
#include "dse/grid.h"
#include "dse/memory.h"
#include "dse/menu.h"

static int compare_numbers(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

int asx_word_key_compare(const asx_word_key *a, const asx_word_key *b)
{
    int order = compare_numbers(a->part[0], b->part[0]);
    return order ? order : compare_numbers(a->part[1], b->part[1]);
}

/* The same key, then the cheapest name first: of signed and unsigned digits, "s" sorts first. */
static int compare_words(const void *x, const void *y)
{
    const asx_keyed_word *a = x, *b = y;
    int order = asx_word_key_compare(&a->key, &b->key);
    if (!order)
        order = compare_numbers(a->n_alphabets, b->n_alphabets);
    if (!order)
        order = compare_numbers(a->code_bits, b->code_bits);
    return order ? order : compare_numbers(b->word.digits, a->word.digits);
}

static asx_status hash_grid(asx_word_key *key, const asx_word *word, asx_error *err)
{
    asx_grid *grid = NULL;
    asx_status status = asx_grid_new(&grid, word, err);
    if (status != ASX_OK)
        return status;
    for (int i = 0; i < 2; i++)
        key->part[i] =
            asx_hash(asx_grid_values(grid), asx_grid_size(grid) * sizeof(int32_t), key->part[i]);
    asx_grid_free(grid);
    return ASX_OK;
}

/* A plain word stays apart from an alphabet set that represents everything: the circuits differ. */
static asx_status make_keyed(asx_keyed_word *out, const asx_word *word, bool activation,
                             asx_error *err)
{
    const bool plain = asx_word_is_plain(word);
    asx_keyed_word keyed = {.word = *word,
                            .n_alphabets = asx_alphabet_set_count(word->set),
                            .code_bits = asx_word_code_bits(word)};
    keyed.key.part[0] = (uint64_t)word->kind << 32 | (2 * word->bits + plain);
    keyed.key.part[1] = ~keyed.key.part[0];
    asx_status status = plain ? ASX_OK : hash_grid(&keyed.key, word, err);
    /* menus of the same values differ in who chooses which */
    const uint64_t menu[] = {asx_word_shape(word), word->list[0], word->list[1], word->list[2],
                             word->list[3]};
    for (int i = 0; status == ASX_OK && asx_word_is_menu(word) && i < 2; i++)
        keyed.key.part[i] = asx_hash(menu, sizeof menu, keyed.key.part[i]);
    if (status == ASX_OK && activation && !plain) {
        const asx_word non_negative = asx_word_with_sign(word, true);
        status = hash_grid(&keyed.key, &non_negative, err);
    }
    if (status == ASX_OK)
        *out = keyed;
    return status;
}

asx_status asx_keyed_add_distinct(asx_keyed_list *out, const asx_word_list *words, bool activation,
                                  asx_error *err)
{
    asx_status status = ASX_OK;
    asx_keyed_word *item =
        asx_array_grow(out->item, &out->capacity, out->n + words->n, sizeof *item);
    if (!item)
        return asx_fail(err, ASX_ENOMEM, "no memory for a list of formats");
    out->item = item;
    item += out->n;
    for (size_t i = 0; i < words->n && status == ASX_OK; i++)
        status = make_keyed(&item[i], &words->item[i], activation, err);
    if (status != ASX_OK)
        return status;
    if (words->n)
        qsort(item, words->n, sizeof *item, compare_words);
    size_t n = 0;
    for (size_t i = 0; i < words->n; i++) {
        if (i == 0 || asx_word_key_compare(&item[i].key, &item[n - 1].key) != 0)
            item[n++] = item[i];
    }
    out->n += n;
    return out->n > ASX_FORMATS_MAX
               ? asx_fail(err, ASX_EINVAL, "the choices allow more than %d formats",
                          ASX_FORMATS_MAX)
               : ASX_OK;
}
