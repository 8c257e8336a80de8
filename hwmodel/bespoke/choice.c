#include "choice.h"

#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"

/* Whether a >= b, from the lowest bit on: a higher one decides where it differs. In two's complement the highest bit
 * counts the other way round. */
static literal is_greater_or_equal(const word *a, const word *b, uint64_t bits, gates *g)
{
    const bool with_sign = bits == 0 && (a->with_sign || b->with_sign);
    if (bits == 0 && (a->low >= b->high || a->high < b->low))
        return a->low >= b->high ? LITERAL_TRUE : LITERAL_FALSE;
    unsigned n = a->n > b->n ? a->n : b->n;
    if (a->with_sign != b->with_sign) /* the other one needs a sign, too */
        n++;
    if (bits != 0)
        while (n < 64 && bits >> n && (a->with_sign || b->with_sign))
            n++;
    literal ge = LITERAL_TRUE;
    for (unsigned k = 0; k < n; k++) {
        if (bits != 0 && !(bits >> k & 1))
            continue;
        literal x = word_bit(a, k), y = literal_not(word_bit(b, k));
        if (with_sign && k + 1 == n) {
            x = literal_not(x);
            y = literal_not(y);
        }
        ge = gates_majority(g, (const literal[3]){x, y, ge}, false, USE_COMPARED);
    }
    return ge;
}

static word winner(literal left_wins, const word *a, const word *b, gates *g)
{
    word w = {.n = a->n > b->n ? a->n : b->n, .with_sign = a->with_sign || b->with_sign};
    if (a->with_sign != b->with_sign)
        w.n++;
    for (unsigned k = 0; k < w.n; k++)
        w.bit[k] = gates_choice(g, left_wins, word_bit(a, k), word_bit(b, k), USE_CHOSEN);
    w.low = a->low < b->low ? a->low : b->low;
    w.high = a->high > b->high ? a->high : b->high;
    return w;
}

static word word_of_index(size_t index, size_t n)
{
    word w = word_between(0, (int64_t)n - 1);
    for (unsigned k = 0; k < w.n; k++)
        w.bit[k] = index >> k & 1 ? LITERAL_TRUE : LITERAL_FALSE;
    return w;
}

bool choose_greatest(word *class, const word *output, size_t n, const asx_bespoke_compare *compare,
                     gates *g)
{
    word *value = asx_array_new(2 * n, sizeof *value);
    word *index = asx_array_new(2 * n, sizeof *index);
    const bool ready = value && index;
    if (ready) {
        memcpy(value, output, n * sizeof *value);
        for (size_t i = 0; i < n; i++)
            index[i] = word_of_index(i, n);
        for (size_t i = 0; i + 1 < n; i++) {
            const size_t left = compare[i].left, right = compare[i].right;
            const literal wins =
                is_greater_or_equal(&value[left], &value[right], compare[i].bits, g);
            value[n + i] = winner(wins, &value[left], &value[right], g);
            index[n + i] = winner(wins, &index[left], &index[right], g);
        }
        *class = index[2 * n - 2];
    }
    free(index);
    free(value);
    return ready;
}
