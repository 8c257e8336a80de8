#include "neighbours.h"

#include <stdlib.h>

#include "dse/memory.h"

/* Numbers the word lengths in use from the shortest up. */
static void number_lengths(uint8_t *length, const asx_format *format, size_t n, bool activation)
{
    uint8_t number[ASX_WORD_BITS_MAX + 1] = {0}, count = 0;
    for (unsigned pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < n; i++) {
            const asx_word *w = activation ? &format[i].activation : &format[i].weight;
            if (pass == 0)
                number[w->bits] = 1;
            else
                length[i] = number[w->bits];
        }
        for (size_t b = 0; pass == 0 && b <= ASX_WORD_BITS_MAX; b++)
            number[b] = number[b] ? count++ : 0;
    }
}

asx_status asx_neighbours_init(asx_neighbours *out, const asx_space *space, asx_error *err)
{
    *out = (asx_neighbours){0};
    out->format = asx_space_formats(space, &out->n);
    out->length = asx_array_new(out->n, 2 * sizeof *out->length);
    out->nearest = asx_array_new(out->n, sizeof *out->nearest);
    out->n_nearest = asx_array_new(out->n, sizeof *out->n_nearest);
    if (!out->length || !out->nearest || !out->n_nearest)
        return asx_fail(err, ASX_ENOMEM, "no memory for neighbours of %zu formats", out->n);
    number_lengths(out->length, out->format, out->n, false);
    number_lengths(out->length + out->n, out->format, out->n, true);
    return ASX_OK;
}

void asx_neighbours_fini(asx_neighbours *set)
{
    if (!set)
        return;
    for (size_t i = 0; set->nearest && i < set->n; i++)
        free(set->nearest[i]);
    free(set->length);
    free(set->nearest);
    free(set->n_nearest);
    *set = (asx_neighbours){0};
}

/* Steps between two alphabet sets. A plain word is a step beyond the set of all alphabets. */
static unsigned set_distance(const asx_word *a, const asx_word *b)
{
    enum { OTHER_KIND = 4 };
    if (a->kind != b->kind)
        return OTHER_KIND;
    if (asx_word_is_plain(a) && asx_word_is_plain(b))
        return 0;
    if (asx_word_is_plain(a) || asx_word_is_plain(b)) {
        const asx_word *other = asx_word_is_plain(a) ? b : a;
        return (1u << (other->digit_width - 1)) - asx_alphabet_set_count(other->set) + 1;
    }
    const unsigned both = asx_alphabet_set_count(asx_alphabet_set_union(a->set, b->set));
    const unsigned added = both - asx_alphabet_set_count(a->set);
    const unsigned removed = both - asx_alphabet_set_count(b->set);
    return (added > removed ? added : removed) + (a->digits != b->digits) +
           (a->digit_width != b->digit_width);
}

static unsigned distance(const asx_neighbours *set, size_t a, size_t b)
{
    const asx_format *x = &set->format[a], *y = &set->format[b];
    unsigned steps =
        set_distance(&x->weight, &y->weight) + set_distance(&x->activation, &y->activation);
    for (int k = 0; k < 2; k++) {
        const uint8_t *length = set->length + (size_t)k * set->n;
        steps += (unsigned)abs(length[a] - length[b]);
    }
    return steps;
}

asx_status asx_neighbours_find(const asx_gene **list, size_t *n, asx_neighbours *set, asx_gene gene,
                               asx_error *err)
{
    if (!set->nearest[gene]) {
        asx_gene *found = asx_array_new(set->n, sizeof *found);
        size_t n_found = 0;
        unsigned least = UINT32_MAX;
        if (!found)
            return asx_fail(err, ASX_ENOMEM, "no memory for neighbours of a format");
        for (size_t i = 0; i < set->n; i++) {
            const unsigned steps = i == gene ? UINT32_MAX : distance(set, gene, i);
            if (steps < least)
                n_found = 0;
            least = steps < least ? steps : least;
            if (steps == least && i != gene)
                found[n_found++] = (asx_gene)i;
        }
        asx_gene *fitting = asx_array_copy(found, n_found ? n_found : 1, sizeof *found);
        set->nearest[gene] = fitting ? fitting : found;
        set->n_nearest[gene] = n_found;
        if (fitting)
            free(found);
    }
    *list = set->nearest[gene];
    *n = set->n_nearest[gene];
    return ASX_OK;
}
