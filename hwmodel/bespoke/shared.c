#include "shared.h"

#include <stdlib.h>

#include "dse/bits.h"
#include "dse/memory.h"
#include "ranges.h"

/* Some ten seconds; a layer of 128 x 128 weights of 8 bits has 8 million. */
static const double PAIRS_MAX = 1e7;

/* The column of an input with some bits wired; a new one where there is none. */
static size_t column_of(shared_sums *s, size_t input, uint64_t mask)
{
    for (size_t c = 0; c < s->n_columns; c++)
        if (s->input[c] == input && s->mask[c] == mask)
            return c;
    s->input[s->n_columns] = input;
    s->mask[s->n_columns] = mask;
    return s->n_columns++;
}

static bool in_graph(const asx_bespoke_layer *l, size_t j, size_t i, uint64_t mask)
{
    return l->cut[j] == 0 && l->weight[j * l->inputs + i] != 0 && mask != 0;
}

static asx_status make_graph(shared_sums *s, const asx_bespoke_layer *l, const unsigned *input_bits,
                             int32_t *matrix, const asx_bespoke_build *how, asx_error *err)
{
    const size_t columns = s->n_columns;
    const asx_adder_options options = {
        .effort = how->effort, .stop = how->stop, .stop_state = how->stop_state};
    for (size_t j = 0; j < l->outputs; j++)
        for (size_t i = 0; i < l->inputs; i++) {
            const uint64_t mask = l->mask[j * l->inputs + i] & asx_low_bits(input_bits[i]);
            if (in_graph(l, j, i, mask))
                matrix[j * columns + column_of(s, i, mask)] = l->weight[j * l->inputs + i];
        }
    return asx_adder_graph_new(&s->graph, matrix, l->outputs, columns, &options, err);
}

/* Pairs of digits that sharing would count: what its time goes with. */
static double pairs_of(const asx_bespoke_layer *l)
{
    double pairs = 0;
    for (size_t j = 0; j < l->outputs; j++) {
        double digits = 0;
        for (size_t i = 0; i < l->inputs; i++) {
            digits += asx_signed_digit_count(l->weight[j * l->inputs + i]);
        }
        pairs += digits * digits / 2;
    }
    return pairs;
}

asx_status shared_sums_init(shared_sums *s, const asx_bespoke_layer *l, const unsigned *input_bits,
                            const asx_bespoke_build *how, asx_error *err)
{
    const size_t most = l->inputs * l->outputs;
    *s = (shared_sums){.n_inputs = l->inputs};
    if (l->outputs > ASX_ADDERS_SIDE_MAX || pairs_of(l) > PAIRS_MAX)
        return ASX_OK;
    s->input = asx_array_new(most, sizeof *s->input);
    s->mask = asx_array_new(most, sizeof *s->mask);
    if (!s->input || !s->mask)
        return asx_fail(err, ASX_ENOMEM, "no memory for the adders of a layer");
    for (size_t k = 0; k < most; k++) {
        const uint64_t mask = l->mask[k] & asx_low_bits(input_bits[k % l->inputs]);
        if (in_graph(l, k / l->inputs, k % l->inputs, mask))
            (void)column_of(s, k % l->inputs, mask);
    }
    if (s->n_columns == 0 || s->n_columns > ASX_ADDERS_SIDE_MAX)
        return ASX_OK;
    int32_t *matrix = asx_array_new(l->outputs * s->n_columns, sizeof *matrix);
    const asx_status status =
        matrix ? make_graph(s, l, input_bits, matrix, how, err)
               : asx_fail(err, ASX_ENOMEM, "no memory for the adders of a layer");
    free(matrix);
    return status;
}

void shared_sums_fini(shared_sums *s)
{
    asx_adder_graph_free(s->graph);
    free(s->input);
    free(s->mask);
    *s = (shared_sums){0};
}

/* Adds what comes along a wire; an adder that nothing else uses is no sum of its own. */
static void add_wire(heap *h, const shared_words *n, asx_wire w)
{
    const asx_adder_graph *g = n->graph;
    if (w.node == ASX_NO_NODE)
        return;
    if (w.node < g->inputs || n->uses[w.node] > 1) {
        heap_add(h, &n->value[w.node], w.shift, w.negative);
        return;
    }
    for (int side = 0; side < 2; side++) {
        asx_wire of = g->adder[w.node - g->inputs][side];
        of.shift += w.shift;
        of.negative = of.negative != w.negative;
        add_wire(h, n, of);
    }
}

static void count_uses(shared_words *n)
{
    const asx_adder_graph *g = n->graph;
    for (size_t i = 0; i < g->n; i++)
        for (int side = 0; side < 2; side++)
            n->uses[g->adder[i][side].node]++;
    for (size_t o = 0; o < g->outputs; o++)
        if (g->output[o].node != ASX_NO_NODE)
            n->uses[g->output[o].node]++;
}

/* Those bits of a word that are wired. */
static word masked(const word *w, uint64_t mask)
{
    word is = *w;
    for (unsigned k = 0; k < w->n; k++)
        if (!(mask >> k & 1))
            is.bit[k] = LITERAL_FALSE;
    is.low = 0;
    is.high = (int64_t)word_most(w, mask, 0);
    return is;
}

/* A user that takes `width` bits takes so many of what comes along a wire. */
static void ask(unsigned *taken, asx_wire w, unsigned width)
{
    if (w.node != ASX_NO_NODE && width > w.shift && width - w.shift > taken[w.node])
        taken[w.node] = width - w.shift;
}

/* What nobody takes of a sum is not made: sums modulo 2^n are right in their lowest n bits. */
static word node_word(const node_range *r, unsigned taken)
{
    word w = {.n = taken};
    if (r->beyond)
        return w;
    word whole = word_between(r->low, r->high);
    return whole.n <= taken ? whole : w;
}

/* From the outputs back. @param range  [nodes] @param taken  [nodes] zeros */
static void set_widths(shared_words *n, const node_range *range, unsigned *taken, const word *out)
{
    const asx_adder_graph *g = n->graph;
    for (size_t o = 0; o < g->outputs; o++)
        ask(taken, g->output[o], out[o].n);
    for (size_t at = g->inputs + g->n; at-- > g->inputs;) {
        n->value[at] = node_word(&range[at], taken[at]);
        const unsigned width = n->uses[at] > 1 ? n->value[at].n : taken[at];
        for (int side = 0; side < 2; side++)
            ask(taken, g->adder[at - g->inputs][side], width);
    }
}

static bool find_widths(shared_words *n, const shared_sums *s, const word *in, const word *out,
                        patience *until)
{
    const size_t all = n->graph->inputs + n->graph->n;
    node_range *range = asx_array_new(all, sizeof *range);
    unsigned *taken = asx_array_new(all, sizeof *taken);
    const bool ready = range && taken && ranges_find(range, s, in, until);
    if (ready)
        set_widths(n, range, taken, out);
    free(taken);
    free(range);
    return ready;
}

bool shared_words_init(shared_words *n, const shared_sums *s, const word *in, const word *out,
                       gates *g)
{
    const size_t all = s->graph->inputs + s->graph->n;
    *n = (shared_words){.graph = s->graph,
                        .value = asx_array_new(all, sizeof *n->value),
                        .uses = asx_array_new(all, sizeof *n->uses)};
    if (!n->value || !n->uses)
        return false;
    count_uses(n);
    if (!find_widths(n, s, in, out, g->until))
        return false;
    for (size_t c = 0; c < s->n_columns; c++)
        n->value[c] = masked(&in[s->input[c]], s->mask[c]);
    for (size_t i = 0; i < s->graph->n && !g->failed; i++) {
        if (n->uses[s->graph->inputs + i] < 2)
            continue;
        heap h = {0};
        for (int side = 0; side < 2; side++)
            add_wire(&h, n, s->graph->adder[i][side]);
        heap_sum(&n->value[s->graph->inputs + i], &h, g);
    }
    return true;
}

void shared_words_fini(shared_words *n)
{
    free(n->value);
    free(n->uses);
    *n = (shared_words){0};
}

void shared_words_add(heap *h, const shared_words *n, size_t j)
{
    add_wire(h, n, n->graph->output[j]);
}
