#include "genome.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/bits.h"
#include "dse/memory.h"

static void list_codes(genome *g, unsigned digits)
{
    for (int32_t w = -GENOME_CODE_MAX; w <= GENOME_CODE_MAX; w++) {
        const unsigned n = asx_signed_digit_count(w);
        if (n > digits)
            continue;
        g->digits[g->n_codes] = (unsigned char)n;
        g->code[g->n_codes++] = w;
    }
}

/* From where the weight would stand outwards; of two as near the lower one. */
asx_gene genome_nearest(const genome *g, double weight, unsigned digits)
{
    size_t below = 0, above = g->n_codes;
    while (below < above) { /* the first code that is not below the weight */
        const size_t middle = below + (above - below) / 2;
        if (g->code[middle] < weight)
            below = middle + 1;
        else
            above = middle;
    }
    while (above < g->n_codes && g->digits[above] > digits)
        above++;
    while (below > 0 && g->digits[below - 1] > digits)
        below--;
    if (below == 0)
        return (asx_gene)above;
    if (above == g->n_codes)
        return (asx_gene)(below - 1);
    return (asx_gene)(weight - g->code[below - 1] <= g->code[above] - weight ? below - 1 : above);
}

/* The greatest magnitude that a bias is worth having: the sum's own, of weights and inputs at their ends. */
static unsigned find_bias_unit(double reach)
{
    unsigned unit = 0;
    while (reach / (double)((uint64_t)1 << unit) > GENOME_BIAS_ZERO - 1)
        unit++;
    return unit;
}

static void lay_out(genome *g, const asx_bespoke_mlp *mlp)
{
    double reach = (double)((1u << g->bits) - 1);
    size_t at = mlp->layer[0].inputs;
    g->n_layers = mlp->n_layers;
    for (size_t i = 0; i < g->n_layers; i++) {
        genome_layer *l = &g->layer[i];
        l->inputs = mlp->layer[i].inputs;
        l->outputs = mlp->layer[i].outputs;
        l->first = at;
        l->stride = 2 * l->inputs + 2;
        l->form = l->first + l->outputs * l->stride;
        at = l->form + 3;
        reach *= GENOME_CODE_MAX * (double)l->inputs;
        l->bias_unit = find_bias_unit(reach);
    }
    g->compare = at;
    g->n_genes = at + g->layer[g->n_layers - 1].outputs - 1;
}

static void describe_neuron(const genome *g, size_t at, size_t j, uint32_t block)
{
    const genome_layer *l = &g->layer[at];
    const unsigned bits = at == 0 ? g->bits : GENOME_HIDDEN_BITS;
    asx_trait *t = g->trait + l->first + j * l->stride;
    const asx_trait weight = {ASX_TRAIT_ORDER, (uint32_t)g->n_codes, genome_nearest(g, 0, 0),
                              block};
    const asx_trait mask = {ASX_TRAIT_BITS, 1u << bits, (asx_gene)((1u << bits) - 1), block};
    for (size_t i = 0; i < l->inputs; i++) {
        t[i] = weight;
        t[l->inputs + i] = mask;
    }
    t[2 * l->inputs] = (asx_trait){ASX_TRAIT_ORDER, 65536, GENOME_BIAS_ZERO, block};
    t[2 * l->inputs + 1] = (asx_trait){ASX_TRAIT_ORDER, GENOME_CUTS, 0, block};
}

static void describe(const genome *g)
{
    uint32_t block = 1;
    for (size_t f = 0; f < g->layer[0].inputs; f++)
        g->trait[f] = (asx_trait){ASX_TRAIT_ORDER, g->bits + 1, 0, 0};
    for (size_t i = 0; i < g->n_layers; i++, block++) {
        const bool last = i + 1 == g->n_layers;
        const uint32_t bits = last ? GENOME_OUTPUT_BITS : GENOME_HIDDEN_BITS;
        for (size_t j = 0; j < g->layer[i].outputs; j++)
            describe_neuron(g, i, j, block++);
        asx_trait *t = g->trait + g->layer[i].form;
        t[0] = (asx_trait){ASX_TRAIT_ORDER, GENOME_DROPS, 0, block};
        t[1] = (asx_trait){ASX_TRAIT_ORDER, bits, (asx_gene)(bits - 1), block};
        t[2] = (asx_trait){ASX_TRAIT_ORDER, last ? 2 : 1, 0, block};
    }
    for (size_t i = g->compare; i < g->n_genes; i++)
        g->trait[i] = (asx_trait){ASX_TRAIT_ORDER, GENOME_OUTPUT_BITS, 0, block};
}

asx_status genome_init(genome *out, const asx_bespoke_mlp *mlp, unsigned bits, unsigned digits,
                       asx_error *err)
{
    genome g = {.bits = bits};
    list_codes(&g, digits);
    lay_out(&g, mlp);
    g.trait = asx_array_new(g.n_genes, sizeof *g.trait);
    if (!g.trait)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu genes", g.n_genes);
    describe(&g);
    *out = g;
    return ASX_OK;
}

void genome_fini(genome *g)
{
    free(g->trait);
    *g = (genome){0};
}

asx_status genome_network(asx_bespoke **out, const genome *g, asx_error *err)
{
    size_t width[ASX_BESPOKE_MLP_LAYERS + 1] = {g->layer[0].inputs};
    for (size_t i = 0; i < g->n_layers; i++)
        width[i + 1] = g->layer[i].outputs;
    return asx_bespoke_new(out, width, g->n_layers, err);
}

/* ---- decoding ---- */

/* What is wired of an input: a mask of no weight is nothing, and the other way round. */
static void decode_products(asx_bespoke_layer *to, const genome *g, const genome_layer *l, size_t j,
                            const asx_gene *gene, const uint32_t *kept)
{
    for (size_t i = 0; i < l->inputs; i++) {
        const size_t at = j * l->inputs + i;
        const uint32_t mask = gene[l->inputs + i] & kept[i];
        const int32_t weight = mask ? g->code[gene[i]] : 0;
        to->weight[at] = weight;
        to->mask[at] = weight ? mask : 0;
    }
}

/* A bias has the unit of the sum with all bits of the layers before, of which `dropped` are missing; below the cut it would
 * keep columns alive that nothing else is in. */
static int64_t decode_bias(asx_gene gene, unsigned unit, unsigned dropped, unsigned cut)
{
    const int64_t steps = (int64_t)gene - GENOME_BIAS_ZERO;
    const double bias = floor(ldexp((double)steps, (int)unit - (int)dropped));
    return (int64_t)(floor(ldexp(bias, -(int)cut)) * ldexp(1, (int)cut));
}

static void decode_form(asx_bespoke_layer *to, const asx_gene *form, bool last)
{
    const bool linear = last && form[2] == 0;
    to->activation = linear ? ASX_BESPOKE_LINEAR : ASX_BESPOKE_SATURATING;
    to->drop = linear ? 0 : form[0];
    to->max = linear ? 0 : ((int64_t)1 << (form[1] + 1)) - 1;
}

static void decode_compare(asx_bespoke *to, const genome *g, const asx_gene *point)
{
    const asx_bespoke_layer *last = &to->layer[to->n_layers - 1];
    const bool linear = last->activation == ASX_BESPOKE_LINEAR;
    for (size_t i = 0; i + 1 < last->outputs; i++) {
        unsigned low = point[g->compare + i];
        while (!linear && low > 0 && last->max >> low == 0)
            low--; /* at least the highest bit there is */
        to->compare[i].bits = linear || low == 0 ? 0 : (uint64_t)last->max >> low << low;
    }
}

/* A feature of which no product has anything needs no wires. */
static void wire_inputs(asx_bespoke *to)
{
    const asx_bespoke_layer *l = &to->layer[0];
    for (size_t i = 0; i < l->inputs; i++) {
        uint32_t used = 0;
        for (size_t j = 0; j < l->outputs; j++)
            used |= l->mask[j * l->inputs + i];
        if (!used)
            to->input_bits[i] = 0;
    }
}

/* Whether a product has a bit at its neuron's cut or above. */
static bool reaches(const asx_bespoke_layer *l, size_t j, size_t i)
{
    const size_t at = j * l->inputs + i;
    uint64_t plus, minus, top = l->mask[at];
    asx_signed_digits(&plus, &minus, l->weight[at]);
    for (uint64_t digits = plus | minus; digits > 1; digits >>= 1)
        top <<= 1;
    return l->weight[at] != 0 && top >> l->cut[j] != 0;
}

static void clear(asx_bespoke_layer *l, size_t j, size_t i)
{
    l->weight[j * l->inputs + i] = 0;
    l->mask[j * l->inputs + i] = 0;
}

/* @param next  the layer that reads it, tidied; NULL: the outputs are compared */
static void tidy_layer(asx_bespoke_layer *l, const asx_bespoke_layer *next)
{
    for (size_t j = 0; j < l->outputs; j++) {
        bool read = !next;
        for (size_t k = 0; next && k < next->outputs; k++)
            read = read || next->weight[k * next->inputs + j] != 0;
        for (size_t i = 0; i < l->inputs; i++)
            if (!read || !reaches(l, j, i))
                clear(l, j, i);
        l->bias[j] = read ? l->bias[j] : 0;
        l->cut[j] = read ? l->cut[j] : 0;
    }
}

void genome_tidy(asx_bespoke *network)
{
    for (size_t at = network->n_layers; at-- > 0;)
        tidy_layer(&network->layer[at],
                   at + 1 < network->n_layers ? &network->layer[at + 1] : NULL);
    wire_inputs(network);
}

void genome_decode(asx_bespoke *to, const genome *g, const asx_gene *point)
{
    uint32_t kept[ASX_BESPOKE_WIDTH_MAX];
    unsigned dropped = 0;
    for (size_t f = 0; f < g->layer[0].inputs; f++)
        kept[f] = ((1u << g->bits) - 1) & ~((1u << (g->bits - point[f])) - 1);
    for (size_t i = 0; i < g->n_layers; i++) {
        const genome_layer *l = &g->layer[i];
        asx_bespoke_layer *layer = &to->layer[i];
        for (size_t j = 0; j < l->outputs; j++) {
            const asx_gene *gene = point + l->first + j * l->stride;
            decode_products(layer, g, l, j, gene, kept);
            layer->cut[j] = (unsigned char)gene[2 * l->inputs + 1];
            layer->bias[j] = decode_bias(gene[2 * l->inputs], l->bias_unit, dropped, layer->cut[j]);
        }
        decode_form(layer, point + l->form, i + 1 == g->n_layers);
        dropped += layer->drop;
        for (size_t j = 0; j < l->outputs; j++)
            kept[j] = (uint32_t)layer->max;
    }
    decode_compare(to, g, point);
    for (size_t f = 0; f < g->layer[0].inputs; f++)
        to->input_bits[f] = (unsigned char)g->bits;
    wire_inputs(to);
}
