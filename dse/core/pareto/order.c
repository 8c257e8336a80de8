/* Stable merge sort of rows; sets of ranks as a hierarchy of bitmaps (a van Emde Boas tree in
 * spirit, with words of 64 bits for the recursion). */
#include "dse/order.h"

#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"

/* The first key beside the row's number saves most look-ups into the rows. */
typedef struct item {
    double key;
    size_t row;
} item;

typedef struct keys {
    const double *row;
    size_t stride, n;
} keys;

static bool item_after(const item *a, const item *b, const keys *k)
{
    if (a->key < b->key || a->key > b->key)
        return a->key > b->key;
    const double *x = k->row + a->row * k->stride, *y = k->row + b->row * k->stride;
    for (size_t i = 1; i < k->n; i++)
        if (x[i] < y[i] || x[i] > y[i])
            return x[i] > y[i];
    return false;
}

static void merge(item *out, const item *in, size_t n_left, size_t n, const keys *k)
{
    size_t i = 0, j = n_left, o = 0;
    while (i < n_left && j < n)
        out[o++] = item_after(&in[i], &in[j], k) ? in[j++] : in[i++];
    memcpy(out + o, in + i, (n_left - i) * sizeof *in);
    memcpy(out + o + (n_left - i), in + j, (n - j) * sizeof *in);
}

bool asx_order_rows(size_t *index, size_t n, const double *row, size_t stride, size_t n_keys)
{
    if (n < 2)
        return true;
    const keys k = {row, stride, n_keys};
    item *memory = asx_array_new(n, 2 * sizeof *memory);
    if (!memory)
        return false;
    item *from = memory, *to = memory + n;
    for (size_t i = 0; i < n; i++)
        from[i] = (item){row[index[i] * stride], index[i]};
    for (size_t width = 1; width < n; width *= 2) {
        for (size_t i = 0; i < n; i += 2 * width) {
            size_t rest = n - i;
            size_t left = rest < width ? rest : width;
            merge(to + i, from + i, left, rest < 2 * width ? rest : 2 * width, &k);
        }
        item *swap = from;
        from = to;
        to = swap;
    }
    for (size_t i = 0; i < n; i++)
        index[i] = from[i].row;
    free(memory);
    return true;
}

bool asx_order_ranks(size_t *rank, const double *value, size_t n, size_t stride)
{
    size_t *order = asx_array_new(n, sizeof *order);
    for (size_t i = 0; order && i < n; i++)
        order[i] = i;
    const bool ok = order && asx_order_rows(order, n, value, stride, 1);
    for (size_t i = 0, r = 0; ok && i < n; i++) {
        if (i > 0 && value[order[i] * stride] > value[order[i - 1] * stride])
            r++;
        rank[order[i]] = r;
    }
    free(order);
    return ok;
}

bool asx_rank_set_init(asx_rank_set *set, size_t bound)
{
    *set = (asx_rank_set){{NULL}, 0};
    size_t n_words = bound;
    do {
        n_words = (n_words + 63) / 64;
        uint64_t *words = asx_array_new(n_words, sizeof *words);
        if (!words) {
            asx_rank_set_fini(set);
            return false;
        }
        set->level[set->n_levels++] = words;
    } while (n_words > 1);
    return true;
}

void asx_rank_set_fini(asx_rank_set *set)
{
    if (!set)
        return;
    for (size_t l = 0; l < set->n_levels; l++)
        free(set->level[l]);
    set->n_levels = 0;
}

void asx_rank_set_add(asx_rank_set *set, size_t rank)
{
    for (size_t l = 0; l < set->n_levels; l++, rank /= 64)
        set->level[l][rank / 64] |= UINT64_C(1) << rank % 64;
}

void asx_rank_set_remove(asx_rank_set *set, size_t rank)
{
    for (size_t l = 0; l < set->n_levels; l++, rank /= 64) {
        set->level[l][rank / 64] &= ~(UINT64_C(1) << rank % 64);
        if (set->level[l][rank / 64])
            break;
    }
}

static size_t lowest(uint64_t word)
{
    return (size_t)__builtin_ctzll(word);
}

static size_t highest(uint64_t word)
{
    return 63 - (size_t)__builtin_clzll(word);
}

size_t asx_rank_set_floor(const asx_rank_set *set, size_t rank)
{
    /* bits 0 .. rank of the word; on the levels above, the words before this one */
    uint64_t mask = UINT64_MAX >> (63 - rank % 64);
    for (size_t l = 0; l < set->n_levels; l++) {
        uint64_t word = set->level[l][rank / 64] & mask;
        if (word) {
            rank = rank / 64 * 64 + highest(word);
            while (l-- > 0)
                rank = rank * 64 + highest(set->level[l][rank]);
            return rank;
        }
        rank /= 64;
        mask = (UINT64_C(1) << rank % 64) - 1;
    }
    return ASX_RANK_NONE;
}

size_t asx_rank_set_ceil(const asx_rank_set *set, size_t rank)
{
    uint64_t mask = UINT64_MAX << rank % 64;
    for (size_t l = 0; l < set->n_levels; l++) {
        uint64_t word = set->level[l][rank / 64] & mask;
        if (word) {
            rank = rank / 64 * 64 + lowest(word);
            while (l-- > 0)
                rank = rank * 64 + lowest(set->level[l][rank]);
            return rank;
        }
        rank /= 64;
        mask = rank % 64 == 63 ? 0 : UINT64_MAX << (rank % 64 + 1);
    }
    return ASX_RANK_NONE;
}
