#include "sum.h"

#include <stdlib.h>

#include "dse/bits.h"
#include "dse/memory.h"

void heap_fini(heap *h)
{
    for (unsigned i = 0; i < WORD_BITS_MAX; i++)
        free(h->column[i].bit);
    *h = (heap){0};
}

literal word_bit(const word *w, unsigned k)
{
    if (k < w->n)
        return w->bit[k];
    return w->with_sign ? w->bit[w->n - 1] : LITERAL_FALSE;
}

word word_between(int64_t low, int64_t high)
{
    const unsigned above = asx_bit_length(high > 0 ? (uint64_t)high : 0);
    const unsigned below = asx_bit_length(low < 0 ? ~(uint64_t)low : 0);
    return (word){.n = (above > below ? above : below) + (low < 0),
                  .with_sign = low < 0,
                  .low = low,
                  .high = high};
}

uint64_t word_most(const word *w, uint64_t mask, unsigned from)
{
    uint64_t most = 0;
    for (unsigned k = from; k < w->n; k++)
        if (mask >> k & 1 && w->bit[k] != LITERAL_FALSE)
            most |= (uint64_t)1 << k;
    const uint64_t high = (uint64_t)w->high & ~asx_low_bits(from);
    return most < high ? most : high;
}

word word_of_input(gates *g, unsigned bits)
{
    word w = word_between(0, (int64_t)asx_low_bits(bits));
    for (unsigned k = 0; k < bits; k++)
        w.bit[k] = gates_input(g);
    return w;
}

static void put(heap *h, unsigned at, literal bit)
{
    column *c = &h->column[at];
    waiting *grown = asx_array_grow(c->bit, &c->capacity, c->n + 1, sizeof *grown);
    h->failed = h->failed || !grown;
    if (!grown)
        return;
    c->bit = grown;
    grown[c->n++] = (waiting){.order = c->came++, .bit = bit};
}

/* One bit of weight 2^at or -2^at. */
static void add_bit(heap *h, unsigned at, literal bit, bool negative)
{
    if (bit == LITERAL_FALSE || at >= WORD_BITS_MAX)
        return;
    if (bit == LITERAL_TRUE) {
        h->constant += (negative ? -(uint64_t)1 : (uint64_t)1) << at;
        return;
    }
    if (negative)
        h->constant -= (uint64_t)1 << at;
    put(h, at, negative ? literal_not(bit) : bit);
}

void heap_add_constant(heap *h, int64_t value)
{
    h->constant += (uint64_t)value;
}

void heap_add(heap *h, const word *w, unsigned shift, bool negative)
{
    for (unsigned k = 0; k < w->n; k++)
        add_bit(h, k + shift, w->bit[k], negative != (w->with_sign && k + 1 == w->n));
}

void heap_add_bits(heap *h, const word *w, uint64_t mask, unsigned shift, bool negative,
                   unsigned cut)
{
    for (unsigned k = 0; k < w->n; k++)
        if (mask >> k & 1 && k + shift >= cut)
            add_bit(h, k + shift, w->bit[k], negative);
}

static bool is_earlier(const waiting *a, const waiting *b)
{
    return a->arrival != b->arrival ? a->arrival < b->arrival : a->order < b->order;
}

static void swap(waiting *a, waiting *b)
{
    const waiting kept = *a;
    *a = *b;
    *b = kept;
}

/* Bit i goes up to where none above it is later. */
static void rise(column *c, size_t i)
{
    for (; i > 0 && is_earlier(&c->bit[i], &c->bit[(i - 1) / 2]); i = (i - 1) / 2)
        swap(&c->bit[i], &c->bit[(i - 1) / 2]);
}

static void sink(column *c, size_t i)
{
    for (;;) {
        size_t first = i;
        for (size_t below = 2 * i + 1; below <= 2 * i + 2 && below < c->n; below++)
            if (is_earlier(&c->bit[below], &c->bit[first]))
                first = below;
        if (first == i)
            return;
        swap(&c->bit[i], &c->bit[first]);
        i = first;
    }
}

static void queue(column *c, const gates *g)
{
    for (size_t i = 0; i < c->n; i++) {
        c->bit[i].arrival = gates_arrival(g, c->bit[i].bit);
        rise(c, i);
    }
}

static literal take_earliest(column *c)
{
    const literal bit = c->bit[0].bit;
    c->bit[0] = c->bit[--c->n];
    sink(c, 0);
    return bit;
}

static void carry(heap *h, unsigned at, literal bit, unsigned width)
{
    if (at + 1 < width)
        add_bit(h, at + 1, bit, false);
}

/* One bit of a column is left, and what goes on to the next. */
static literal reduce(heap *h, unsigned at, unsigned width, gates *g)
{
    column *c = &h->column[at];
    literal up = LITERAL_FALSE;
    queue(c, g);
    while (c->n > 2 && !h->failed) {
        /* the latest of the three goes in where the way is shortest */
        const literal a = take_earliest(c), b = take_earliest(c), l = take_earliest(c);
        const literal bit = gates_full_adder(g, &up, (const literal[3]){a, b, l});
        carry(h, at, up, width);
        put(h, at, bit);
        if (h->failed)
            break;
        c->bit[c->n - 1].arrival = gates_arrival(g, bit);
        rise(c, c->n - 1);
    }
    const literal one = h->constant >> at & 1 ? LITERAL_TRUE : LITERAL_FALSE;
    if (c->n == 0)
        return one;
    const literal a = take_earliest(c);
    if (c->n == 0) {
        if (one)
            carry(h, at, a, width);
        return a ^ one;
    }
    const literal b = take_earliest(c);
    const literal bit = gates_full_adder(g, &up, (const literal[3]){a, b, one});
    carry(h, at, up, width);
    return bit;
}

void heap_sum(word *w, heap *h, gates *g)
{
    for (unsigned k = 0; k < w->n; k++)
        w->bit[k] = reduce(h, k, w->n, g);
    g->failed = g->failed || h->failed;
    heap_fini(h);
}
