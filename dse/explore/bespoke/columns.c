#include "columns.h"
#include "dse/bits.h"

#include <string.h>

enum { COLUMNS = 64 };

/* mm2 by the cells of the library: a full adder of two XOR and three NAND, a half adder of XOR and AND, a gate of AND or OR; a
 * bit of a comparator is the carry of an adder and an inverter, of a choice an AND-OR of two. */
static const double FULL = 2.83, HALF = 1.48, GATE = 0.5, COMPARED = 1.5, CHOSEN = 1.43;

/* The bits of a sum by column, and what is constant in it. */
typedef struct heap {
    unsigned char height[COLUMNS];
    int64_t constant;
    double low, high; /* of the sum */
} heap;

/* The bits of a copy; a negative one is that of inverted bits less their sum: -b = (1 - b) - 1. */
static void add_copy(heap *h, uint64_t bits, unsigned shift, bool negative)
{
    for (; bits; bits &= bits - 1) {
        unsigned low = 0;
        while (!(bits >> low & 1))
            low++;
        const unsigned column = low + shift;
        if (column >= COLUMNS - 1)
            continue;
        h->height[column] = (unsigned char)(h->height[column] + (h->height[column] < 255));
        h->constant -= negative ? (int64_t)1 << column : 0;
        h->low -= negative ? (double)((uint64_t)1 << column) : 0;
        h->high += negative ? 0 : (double)((uint64_t)1 << column);
    }
}

static void fill_heap(heap *h, const asx_bespoke_layer *l, size_t j, const uint64_t *wired)
{
    *h = (heap){.constant = l->bias[j], .low = (double)l->bias[j], .high = (double)l->bias[j]};
    for (size_t i = 0; i < l->inputs; i++) {
        const size_t at = j * l->inputs + i;
        uint64_t plus, minus, bits = l->mask[at] & wired[i];
        if (l->weight[at] == 0 || bits == 0)
            continue;
        asx_signed_digits(&plus, &minus, l->weight[at]);
        for (unsigned k = 0; (plus | minus) >> k; k++) {
            const unsigned lost = l->cut[j] > k ? l->cut[j] - k : 0;
            if ((plus | minus) >> k & 1)
                add_copy(h, bits >> lost << lost, k, minus >> k & 1);
        }
    }
}

/* Columns of the sum: two's complement where it can be negative. */
static unsigned sum_width(const heap *h)
{
    const double reach = h->high > -h->low - 1 ? h->high : -h->low - 1;
    const unsigned n = reach < 1 ? 0 : asx_bit_length((uint64_t)reach);
    return n + (h->low < 0) > COLUMNS - 1 ? COLUMNS - 1 : n + (h->low < 0);
}

/* Every column down to one bit, from the lowest on; carries of the last column are of no use. */
static void count_adders(columns_count *c, const heap *h, unsigned width)
{
    size_t carries = 0;
    for (unsigned i = 0; i < width; i++) {
        size_t n = h->height[i] + carries;
        bool one = h->constant >> i & 1;
        for (carries = 0; n > 2; n -= 2, carries++)
            c->full++;
        if (n == 2) {
            c->half++; /* with a constant one it is as large */
            carries++;
            one = false;
        } else if (n == 1 && one) { /* an inverter; the carry is the bit itself */
            carries++;
        }
    }
}

/* @param used  the bits of the output that somebody reads @return those that can be set */
static uint64_t count_activation(columns_count *c, const asx_bespoke_layer *l, const heap *h,
                                 unsigned width, uint64_t used)
{
    const unsigned n = width - (h->low < 0);
    unsigned kept = n > l->drop ? n - l->drop : 0;
    uint64_t bits = kept < 63 ? ((uint64_t)1 << kept) - 1 : INT64_MAX;
    unsigned over = 0;
    if (h->high <= 0)
        return 0;
    if (l->activation == ASX_BESPOKE_SATURATING && (uint64_t)l->max < bits) {
        over = kept - asx_bit_length((uint64_t)l->max);
        bits = (uint64_t)l->max;
    }
    kept = asx_bit_length(bits);
    size_t read = 0;
    for (uint64_t left = bits & used; left; left &= left - 1)
        read++;
    c->gates += (h->low < 0 ? read : 0) + (over > 0 ? read + over - 1 : 0);
    return bits;
}

/* What the next layer reads of each output. */
static uint64_t bits_read(const asx_bespoke *b, size_t at, size_t j)
{
    uint64_t used = 0;
    if (at + 1 == b->n_layers)
        return UINT64_MAX;
    const asx_bespoke_layer *next = &b->layer[at + 1];
    for (size_t i = 0; i < next->outputs; i++)
        if (next->weight[i * next->inputs + j] != 0)
            used |= next->mask[i * next->inputs + j];
    return used;
}

static void count_compares(columns_count *c, const asx_bespoke *b, unsigned width, unsigned lowest)
{
    const size_t k = b->layer[b->n_layers - 1].outputs;
    const unsigned names = asx_bit_length(k - 1);
    for (size_t i = 0; i + 1 < k; i++) {
        unsigned n = width - lowest;
        if (b->compare[i].bits) {
            n = 0;
            for (uint64_t left = b->compare[i].bits; left; left &= left - 1)
                n++;
        }
        c->compared += n;
        c->chosen += (i + 2 < k ? width - lowest : 0) + names;
    }
}

columns_count columns_of(const asx_bespoke *b)
{
    columns_count c = {0};
    uint64_t wired[ASX_BESPOKE_WIDTH_MAX], made[ASX_BESPOKE_WIDTH_MAX];
    unsigned widest = 0, lowest = COLUMNS;
    for (size_t i = 0; i < b->layer[0].inputs; i++)
        wired[i] = ((uint64_t)1 << b->input_bits[i]) - 1;
    for (size_t at = 0; at < b->n_layers; at++) {
        const asx_bespoke_layer *l = &b->layer[at];
        for (size_t j = 0; j < l->outputs; j++) {
            const uint64_t used = bits_read(b, at, j);
            heap h;
            made[j] = 0;
            if (used == 0)
                continue;
            fill_heap(&h, l, j, wired);
            unsigned width = sum_width(&h);
            count_adders(&c, &h, width);
            if (l->activation == ASX_BESPOKE_LINEAR) {
                unsigned low = 0;
                while (low < width && h.height[low] == 0 && !(h.constant >> low & 1))
                    low++;
                lowest = low < lowest ? low : lowest;
            } else {
                made[j] = count_activation(&c, l, &h, width, used);
                width = asx_bit_length(made[j]);
                lowest = 0;
            }
            widest = at + 1 == b->n_layers && width > widest ? width : widest;
        }
        memcpy(wired, made, l->outputs * sizeof *made);
    }
    count_compares(&c, b, widest, lowest < widest ? lowest : widest);
    return c;
}

double columns_size(const asx_bespoke *b)
{
    const columns_count c = columns_of(b);
    return FULL * (double)c.full + HALF * (double)c.half + GATE * (double)c.gates +
           COMPARED * (double)c.compared + CHOSEN * (double)c.chosen;
}
