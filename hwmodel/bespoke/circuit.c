/* A bespoke network as a circuit. */
#include "circuit.h"

#include <stdlib.h>
#include <string.h>

#include "choice.h"
#include "dse/bits.h"
#include "dse/memory.h"
#include "layer.h"
#include "price.h"

static asx_status no_memory(asx_error *err)
{
    return asx_fail(err, ASX_ENOMEM, "no memory for the circuit of a bespoke network");
}

void asx_bespoke_circuit_free(asx_bespoke_circuit *c)
{
    if (!c)
        return;
    gates_fini(&c->gates);
    cells_fini(&c->cells);
    free(c->input_bits);
    free(c);
}

/* Layer after layer from `in`, which holds as many words as the widest layer, to the class. */
static bool build_layers(asx_bespoke_circuit *c, const asx_bespoke *b, const shared_sums *sums,
                         word *in, word *out)
{
    gates *g = &c->gates;
    for (size_t i = 0; i < c->inputs; i++)
        in[i] = word_of_input(g, b->input_bits[i]);
    for (size_t at = 0; at < b->n_layers; at++) {
        const asx_bespoke_layer *l = &b->layer[at];
        g->part = (unsigned char)(2 * at);
        if (!layer_sums(out, l, in, c->shared[at] ? &sums[at] : NULL, g))
            return false;
        g->part++;
        for (size_t j = 0; j < l->outputs; j++)
            in[j] = layer_activate(l, &out[j], g);
    }
    g->part = (unsigned char)(2 * b->n_layers);
    return choose_greatest(&c->answer, in, b->layer[b->n_layers - 1].outputs, b->compare, g);
}

static asx_status stopped(asx_error *err)
{
    return asx_fail(err, ASX_EINTERRUPTED, "stopped while a circuit was built");
}

/* Builds and prices it with the layers shared that `c` says. */
static asx_status build(asx_bespoke_circuit *c, const asx_bespoke *b, const shared_sums *sums,
                        patience *until, asx_error *err)
{
    if (!patience_ask(until))
        return stopped(err);
    const size_t n = asx_bespoke_widest(b);
    word *in = asx_array_new(2 * n, sizeof *in);
    gates_init(&c->gates, until);
    c->inputs = b->layer[0].inputs;
    c->n_layers = b->n_layers;
    c->input_bits = asx_array_copy(b->input_bits, c->inputs, 1);
    const bool built = in && c->input_bits && !c->gates.failed &&
                       build_layers(c, b, sums, in, in + n) && !c->gates.failed && circuit_price(c);
    c->gates.until = NULL;
    free(in);
    return built ? ASX_OK : until->stopped ? stopped(err) : no_memory(err);
}

/* Bits of the words that come into layer `at`. */
static asx_status input_widths(unsigned *bits, const asx_bespoke *b, size_t at, asx_error *err)
{
    const size_t n = asx_bespoke_widest(b);
    uint64_t *most = asx_array_new(2 * n, sizeof *most);
    if (!most)
        return no_memory(err);
    for (size_t i = 0; i < b->layer[0].inputs; i++)
        most[i] = asx_low_bits(b->input_bits[i]);
    for (size_t l = 0; l < at; l++) {
        asx_bespoke_outputs_max(most + n, &b->layer[l], most);
        memcpy(most, most + n, n * sizeof *most);
    }
    for (size_t i = 0; i < b->layer[at].inputs; i++)
        bits[i] = asx_bit_length(most[i]);
    free(most);
    return ASX_OK;
}

static asx_status share_layer(shared_sums *s, const asx_bespoke *b, size_t at,
                              const asx_bespoke_build *how, asx_error *err)
{
    unsigned *bits = asx_array_new(b->layer[at].inputs, sizeof *bits);
    asx_status status = bits ? input_widths(bits, b, at, err) : no_memory(err);
    if (status == ASX_OK)
        status = shared_sums_init(s, &b->layer[at], bits, how, err);
    free(bits);
    return status;
}

/* Circuits of one network that differ in which layers are shared. */
typedef struct choices {
    const asx_bespoke *network;
    const shared_sums *sums;
    const asx_cell_library *library;
    const asx_bespoke_build *how;
    patience *until;
    asx_bespoke_circuit *best;               /* the smallest one as yet, or NULL */
    bool built[1 << ASX_BESPOKE_LAYERS_MAX]; /* by the layers that are shared, a bit each */
} choices;

/* Builds one, unless it was built before, and keeps it if it is smaller. */
static asx_status try_shared(choices *of, unsigned shared, asx_error *err)
{
    if (of->built[shared])
        return ASX_OK;
    of->built[shared] = true;
    asx_bespoke_circuit *c = asx_array_new(1, sizeof *c);
    if (!c)
        return no_memory(err);
    c->library = of->library;
    c->carry = of->how->carry;
    c->pipeline = of->how->pipeline;
    c->rate_hz = of->how->rate_hz > 0 ? of->how->rate_hz : ASX_BESPOKE_RATE_HZ;
    for (unsigned at = 0; at < of->network->n_layers; at++)
        c->shared[at] = shared >> at & 1;
    const asx_status status = build(c, of->network, of->sums, of->until, err);
    if (status == ASX_OK && (!of->best || c->price.area_cm2 < of->best->price.area_cm2)) {
        asx_bespoke_circuit *swap = of->best;
        of->best = c;
        c = swap;
    }
    asx_bespoke_circuit_free(c);
    return status;
}

static unsigned best_of(const choices *of)
{
    unsigned shared = 0;
    for (unsigned at = 0; at < of->network->n_layers; at++)
        shared |= (unsigned)of->best->shared[at] << at;
    return shared;
}

/* From all layers on their own, and from all shared, each layer in turn the other way: a layer's words, and with them the
 * next one's gates, depend on how it is built. */
static asx_status build_best(choices *of, asx_bespoke_sharing sharing, asx_error *err)
{
    const size_t n = of->network->n_layers;
    unsigned all = 0;
    for (unsigned at = 0; at < n; at++)
        all |= (unsigned)(of->sums[at].graph != NULL) << at;
    asx_status status = try_shared(of, sharing == ASX_BESPOKE_SHARED ? all : 0, err);
    if (status == ASX_OK && sharing == ASX_BESPOKE_SMALLER)
        status = try_shared(of, all, err);
    for (unsigned at = 0; at < n && status == ASX_OK && sharing == ASX_BESPOKE_SMALLER; at++)
        if (all >> at & 1)
            status = try_shared(of, best_of(of) ^ 1u << at, err);
    return status;
}

asx_status asx_bespoke_circuit_new(asx_bespoke_circuit **out, const asx_bespoke *network,
                                   const asx_cell_library *library, const asx_bespoke_build *how,
                                   asx_error *err)
{
    asx_status status = asx_bespoke_check(network, err);
    shared_sums sums[ASX_BESPOKE_LAYERS_MAX] = {{0}};
    patience until = {.stop = how->stop, .state = how->stop_state, .limit = SIZE_MAX};
    choices of = {
        .network = network, .sums = sums, .library = library, .how = how, .until = &until};
    if (status == ASX_OK && how->pipeline != ASX_BESPOKE_UNPIPED &&
        !asx_cell_library_has(library, ASX_CELL_DFF))
        status =
            asx_fail(err, ASX_EINVAL, "library '%s' has no flip-flop (DFF), which registers need",
                     asx_cell_library_name(library));
    for (size_t at = 0; at < network->n_layers && status == ASX_OK; at++)
        if (how->sharing != ASX_BESPOKE_COLUMNS)
            status = share_layer(&sums[at], network, at, how, err);
    if (status == ASX_OK)
        status = build_best(&of, how->sharing, err);
    if (status == ASX_OK && !circuit_power(of.best))
        status = no_memory(err);
    for (size_t at = 0; at < ASX_BESPOKE_LAYERS_MAX; at++)
        shared_sums_fini(&sums[at]);
    if (status == ASX_OK)
        *out = of.best;
    else
        asx_bespoke_circuit_free(of.best);
    return status;
}
