#include "layer.h"

#include <stdlib.h>

#include "dse/memory.h"

/* Some ten seconds; a layer of 128 x 128 weights of 8 bits has 8 million. */
static const double PAIRS_MAX = 1e7;

static uint64_t low_bits(unsigned n)
{
    return n >= 64 ? UINT64_MAX : ((uint64_t)1 << n) - 1;
}

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
            const uint64_t mask = l->mask[j * l->inputs + i] & low_bits(input_bits[i]);
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
            uint64_t plus, minus;
            asx_bespoke_digits(&plus, &minus, l->weight[j * l->inputs + i]);
            digits += __builtin_popcountll(plus | minus);
        }
        pairs += digits * digits / 2;
    }
    return pairs;
}

asx_status shared_sums_init(shared_sums *s, const asx_bespoke_layer *l, const unsigned *input_bits,
                            const asx_bespoke_build *how, asx_error *err)
{
    const size_t most = l->inputs * l->outputs;
    *s = (shared_sums){.input = asx_array_new(most, sizeof *s->input),
                       .mask = asx_array_new(most, sizeof *s->mask)};
    if (!s->input || !s->mask)
        return asx_fail(err, ASX_ENOMEM, "no memory for the adders of a layer");
    for (size_t k = 0; k < most; k++) {
        const uint64_t mask = l->mask[k] & low_bits(input_bits[k % l->inputs]);
        if (in_graph(l, k / l->inputs, k % l->inputs, mask))
            (void)column_of(s, k % l->inputs, mask);
    }
    if (s->n_columns == 0 || s->n_columns > ASX_ADDERS_SIDE_MAX ||
        l->outputs > ASX_ADDERS_SIDE_MAX || pairs_of(l) > PAIRS_MAX)
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

/* Nodes of a graph that are words of their own: inputs, and adders that are used more than once. */
typedef struct nodes {
    const asx_adder_graph *graph;
    word *value;    /* [inputs + n] */
    unsigned *uses; /* [inputs + n] */
} nodes;

/* Adds what comes along a wire; an adder that nothing else uses is no sum of its own. */
static void add_wire(heap *h, const nodes *n, asx_wire w)
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

static void count_uses(nodes *n)
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
    uint64_t most = 0;
    for (unsigned k = 0; k < w->n; k++) {
        if (!(mask >> k & 1))
            is.bit[k] = LITERAL_FALSE;
        if (is.bit[k] != LITERAL_FALSE)
            most += (uint64_t)1 << k;
    }
    is.low = 0;
    is.high = (int64_t)most < w->high ? (int64_t)most : w->high;
    return is;
}

static bool make_nodes(nodes *n, const shared_sums *s, const word *in, gates *g)
{
    const size_t all = n->graph->inputs + n->graph->n;
    n->value = asx_array_new(all, sizeof *n->value);
    n->uses = asx_array_new(all, sizeof *n->uses);
    if (!n->value || !n->uses)
        return false;
    count_uses(n);
    for (size_t c = 0; c < s->n_columns; c++)
        n->value[c] = masked(&in[s->input[c]], s->mask[c]);
    for (size_t i = 0; i < n->graph->n; i++) {
        if (n->uses[n->graph->inputs + i] < 2)
            continue;
        heap h = {0};
        for (int side = 0; side < 2; side++)
            add_wire(&h, n, n->graph->adder[i][side]);
        heap_sum(&n->value[n->graph->inputs + i], &h, g);
    }
    return true;
}

/* The copies that the digits of a weight ask for. */
static void add_product(heap *h, const asx_bespoke_layer *l, size_t j, size_t i, const word *in)
{
    uint64_t plus, minus;
    asx_bespoke_digits(&plus, &minus, l->weight[j * l->inputs + i]);
    for (unsigned k = 0; (plus | minus) >> k; k++)
        if ((plus | minus) >> k & 1)
            heap_add_bits(h, in, l->mask[j * l->inputs + i], k, minus >> k & 1, l->cut[j]);
}

bool layer_sums(word *out, const asx_bespoke_layer *l, const word *in, const shared_sums *shared,
                gates *g)
{
    nodes n = {.graph = shared ? shared->graph : NULL};
    const bool ready = !n.graph || make_nodes(&n, shared, in, g);
    for (size_t j = 0; j < l->outputs && ready; j++) {
        heap h = {0};
        heap_add_constant(&h, l->bias[j]);
        for (size_t i = 0; i < l->inputs; i++)
            if (!n.graph || l->cut[j] > 0)
                add_product(&h, l, j, i, &in[i]);
        if (n.graph)
            add_wire(&h, &n, n.graph->output[j]);
        heap_sum(&out[j], &h, g);
    }
    free(n.value);
    free(n.uses);
    return ready;
}

static literal any_of(const word *w, unsigned from, unsigned to, gates *g)
{
    literal any = LITERAL_FALSE;
    for (unsigned k = from; k < to; k++)
        any = gates_or(g, any, w->bit[k], USE_ACTIVATION);
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
    while (w.n < 63 && w.high >> w.n)
        w.n++;
    const literal over = saturating ? any_of(sum, drop + w.n, top, g) : (literal)LITERAL_FALSE;
    for (unsigned k = 0; k < w.n; k++) {
        const literal bit = k + drop < top ? sum->bit[k + drop] : (literal)LITERAL_FALSE;
        w.bit[k] = gates_and(g, positive, gates_or(g, bit, over, USE_ACTIVATION), USE_ACTIVATION);
    }
    return w;
}
