#include "layer.h"

#include "dse/bits.h"

/* The copies that the digits of a weight ask for. */
static void add_product(heap *h, const asx_bespoke_layer *l, size_t j, size_t i, const word *in)
{
    uint64_t plus, minus;
    asx_signed_digits(&plus, &minus, l->weight[j * l->inputs + i]);
    for (unsigned k = 0; (plus | minus) >> k; k++)
        if ((plus | minus) >> k & 1)
            heap_add_bits(h, in, l->mask[j * l->inputs + i], k, minus >> k & 1, l->cut[j]);
}

/* Without a cut a product is greatest at the greatest input, else each side's copies are. */
static void bound_product(int64_t *low, int64_t *high, const asx_bespoke_layer *l, size_t j,
                          size_t i, const word *in)
{
    const uint64_t mask = l->mask[j * l->inputs + i];
    const int64_t weight = l->weight[j * l->inputs + i];
    uint64_t plus, minus;
    asx_signed_digits(&plus, &minus, weight);
    if (l->cut[j] == 0) {
        *(weight < 0 ? low : high) += weight * (int64_t)word_most(in, mask, 0);
        return;
    }
    for (unsigned k = 0; (plus | minus) >> k; k++) {
        const int64_t most = (int64_t)(word_most(in, mask, l->cut[j] > k ? l->cut[j] - k : 0) << k);
        *low -= minus >> k & 1 ? most : 0;
        *high += plus >> k & 1 ? most : 0;
    }
}

/* A sum, as wide as it can be: not wider than asx_bespoke_sum_bounds says. */
static word sum_word(const asx_bespoke_layer *l, size_t j, const word *in)
{
    int64_t low = l->bias[j], high = l->bias[j];
    for (size_t i = 0; i < l->inputs; i++)
        bound_product(&low, &high, l, j, i, &in[i]);
    return word_between(low, high);
}

bool layer_sums(word *out, const asx_bespoke_layer *l, const word *in, const shared_sums *shared,
                gates *g)
{
    shared_words words = {0};
    for (size_t j = 0; j < l->outputs && patience_spend(g->until, l->inputs); j++)
        out[j] = sum_word(l, j, in);
    const bool ready =
        !g->until->stopped && (!shared || shared_words_init(&words, shared, in, out, g));
    for (size_t j = 0; j < l->outputs && ready && !g->failed; j++) {
        heap h = {0};
        heap_add_constant(&h, l->bias[j]);
        for (size_t i = 0; i < l->inputs; i++)
            if (!shared || l->cut[j] > 0)
                add_product(&h, l, j, i, &in[i]);
        if (shared)
            shared_words_add(&h, &words, j);
        heap_sum(&out[j], &h, g);
    }
    shared_words_fini(&words);
    return ready;
}

static literal any_of(const word *w, unsigned from, unsigned to, gates *g)
{
    literal any = LITERAL_FALSE;
    for (unsigned k = from; k < to; k++)
        any = gates_or(g, any, w->bit[k], USE_OTHER);
    return any;
}

word layer_activate(const asx_bespoke_layer *l, const word *sum, gates *g)
{
    if (l->activation == ASX_BESPOKE_LINEAR)
        return *sum;
    word w = {.low = asx_bespoke_activate(l, sum->low), .high = asx_bespoke_activate(l, sum->high)};
    const bool saturating = l->activation == ASX_BESPOKE_SATURATING;
    const unsigned drop = saturating ? l->drop : 0, top = sum->n - sum->with_sign;
    const literal positive =
        sum->with_sign ? literal_not(sum->bit[sum->n - 1]) : (literal)LITERAL_TRUE;
    if (sum->high <= 0 || w.high == 0)
        return w;
    w.n = asx_bit_length((uint64_t)w.high);
    const literal over = saturating ? any_of(sum, drop + w.n, top, g) : (literal)LITERAL_FALSE;
    for (unsigned k = 0; k < w.n; k++) {
        const literal bit = k + drop < top ? sum->bit[k + drop] : (literal)LITERAL_FALSE;
        w.bit[k] = gates_and(g, positive, gates_or(g, bit, over, USE_OTHER), USE_OTHER);
    }
    return w;
}
