/* Every layer's costs under every format come from designs that use the format in this layer alone,
 * or throughout: without leakage and off-chip weights, they depend on the layer's format alone. */
#include "separable_model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "hwmodel/share.h"

struct separable_model {
    asx_separable model;
    const workbench *w;
    asx_shares **shares; /* [n_placements] */
    size_t *n_needs;
    size_t *n_choices;
    asx_separable_choice **choice;
    size_t *layer;         /* layers in the order of groups */
    size_t *first;         /* [n_groups + 1] into `layer` */
    asx_cost *cost, *some; /* [n_layers] workspace */
    asx_design design;
};

static double drop(const void *state, double damage)
{
    const separable_model *m = state;
    return asx_proxy_drop(m->w->proxy, damage);
}

static bool cover(const void *state, size_t placement, const uint32_t *need, size_t n,
                  uint32_t other)
{
    const separable_model *m = state;
    return asx_shares_cover(m->shares[placement], need, n, other);
}

static asx_status share(double *leakage, double *area_um2, const void *state, size_t placement,
                        const uint32_t *need, size_t n, double weight_bits, asx_error *err)
{
    const separable_model *m = state;
    double nw = 0;
    const asx_status st =
        asx_shares_price(&nw, area_um2, m->shares[placement], need, n, weight_bits, err);
    *leakage = 1e-6 * nw; /* nW x ns = 1e-6 pJ */
    return st;
}

/* The model leaves off-chip traffic of weights to `most_bits`. */
static double own_energy(const asx_cost *cost)
{
    double sum = 0;
    for (int p = 0; p < ASX_N_PARTS; p++)
        sum += p == ASX_PART_LEAKAGE ? 0 : cost->energy_part_pj[p];
    return sum;
}

/* Groups: the genes behind the placement, then one for all pinned layers if there are any. */
static asx_status make_groups(separable_model *m, asx_error *err)
{
    const asx_space *space = m->w->space;
    const size_t n_layers = asx_space_n_layers(space), n_genes = asx_space_n_genes(space);
    size_t n = 0;
    m->layer = asx_array_new(n_layers, sizeof *m->layer);
    m->first = asx_array_new(n_genes + 1, sizeof *m->first);
    m->n_choices = asx_array_new(n_genes, sizeof *m->n_choices);
    if (!m->layer || !m->first || !m->n_choices)
        return asx_fail(err, ASX_ENOMEM, "no memory for a model");
    for (size_t g = 1; g <= n_genes; g++) {
        const size_t gene = g < n_genes ? g : ASX_GENE_PINNED, begin = n;
        for (size_t l = 0; l < n_layers; l++)
            if (asx_space_layer_gene(space, l) == gene)
                m->layer[n++] = l;
        if (g == n_genes && n == begin)
            break;
        m->first[g] = n;
        m->n_choices[g - 1] = g < n_genes ? asx_space_choices(space, g) : 1;
        m->model.n_groups = g;
    }
    return ASX_OK;
}

static asx_status add_layer(asx_separable_choice *c, const separable_model *m, size_t layer,
                            const asx_format *format, asx_error *err)
{
    size_t index = 0;
    const asx_status st = asx_proxy_find(&index, m->w->proxy, format, err);
    if (st < 0)
        return st;
    c->damage += asx_proxy_damage(m->w->proxy, layer, index);
    c->energy_pj += own_energy(&m->cost[layer]);
    c->latency_ns += m->cost[layer].latency_ns;
    c->weight_bits += m->cost[layer].weight_bits;
    return ASX_OK;
}

/* Costs of a layer in a design whose weights fit on chip: with `light` elsewhere if need be. */
static asx_status price_layers(separable_model *m, const asx_format *format,
                               const asx_format *light, asx_error *err)
{
    const size_t n_layers = m->design.n_layers;
    const double room = asx_shares_most_bits(m->shares[0]);
    asx_cost total;
    for (size_t l = 0; l < n_layers; l++)
        m->design.format[l] = *format;
    asx_status st = asx_machine_cost(&total, m->cost, m->w->machine, &m->design, err);
    if (st < 0 || total.weight_bits <= room)
        return st;
    for (size_t alone = 0; st == ASX_OK && alone < n_layers; alone++) {
        for (size_t l = 0; l < n_layers; l++)
            m->design.format[l] = l == alone ? *format : *light;
        st = asx_machine_cost(&total, m->some, m->w->machine, &m->design, err);
        m->cost[alone] = m->some[alone];
        if (st == ASX_OK && total.weight_bits > room)
            st = asx_fail(err, ASX_EUNSUPPORTED,
                          "exact search: %.0f weight bits do not fit into the %.0f on chip, and "
                          "off-chip traffic does not add up over layers: raise weight_kb, or "
                          "search with another algorithm",
                          total.weight_bits, room);
    }
    for (size_t l = 0; l < n_layers; l++)
        m->design.format[l] = *format;
    return st;
}

/* One format, everywhere it may be, under one placement. */
static asx_status fill_format(separable_model *m, size_t placement, size_t number,
                              const asx_format *format, const asx_format *light, asx_error *err)
{
    const size_t n_groups = m->model.n_groups;
    asx_status st = price_layers(m, format, light, err);
    for (size_t g = 0; st == ASX_OK && g + 1 < asx_space_n_genes(m->w->space); g++) {
        const size_t begin = m->first[g], n = m->first[g + 1] - begin;
        asx_separable_choice *c = &m->choice[placement * n_groups + g][number];
        for (size_t i = 0; st == ASX_OK && i < n; i++)
            st = add_layer(c, m, m->layer[begin + i], format, err);
        if (st == ASX_OK)
            st = asx_shares_add(&c->need, m->shares[placement], m->layer + begin, n,
                                m->design.format, err);
    }
    return st;
}

/* The format whose weights take the fewest bits. */
static const asx_format *find_light(const asx_format *format, size_t n)
{
    const asx_format *light = &format[0];
    for (size_t i = 1; i < n; i++)
        if (asx_word_code_bits(&format[i].weight) < asx_word_code_bits(&light->weight))
            light = &format[i];
    return light;
}

/* All pinned layers together; the others' format does not matter. */
static asx_status fill_pinned(separable_model *m, size_t placement, const asx_format *light,
                              asx_error *err)
{
    const size_t g = asx_space_n_genes(m->w->space) - 1, n_groups = m->model.n_groups;
    if (n_groups == g)
        return ASX_OK;
    asx_separable_choice *c = m->choice[placement * n_groups + g];
    const size_t begin = m->first[g], n = m->first[g + 1] - begin;
    asx_status st = ASX_OK;
    for (size_t l = 0; l < m->design.n_layers; l++) {
        const asx_format *pinned = asx_space_pinned(m->w->space, l);
        m->design.format[l] = pinned ? *pinned : *light;
    }
    st = asx_machine_cost(&(asx_cost){0}, m->cost, m->w->machine, &m->design, err);
    for (size_t i = 0; st == ASX_OK && i < n; i++)
        st = add_layer(c, m, m->layer[begin + i], &m->design.format[m->layer[begin + i]], err);
    if (st == ASX_OK)
        st = asx_shares_add(&c->need, m->shares[placement], m->layer + begin, n, m->design.format,
                            err);
    return st;
}

static asx_status fill_placement(separable_model *m, size_t k, asx_error *err)
{
    size_t n_formats = 0, n_placements = 0;
    const asx_format *format = asx_space_formats(m->w->space, &n_formats);
    m->design.placement = asx_space_placements(m->w->space, &n_placements)[k];
    asx_status st = asx_shares_new(&m->shares[k], m->w->machine, m->design.placement, err);
    for (size_t g = 0; st == ASX_OK && g < m->model.n_groups; g++) {
        asx_separable_choice *c = asx_array_new(m->n_choices[g], sizeof *c);
        m->choice[k * m->model.n_groups + g] = c;
        if (!c)
            st = asx_fail(err, ASX_ENOMEM, "no memory for a model");
    }
    const asx_format *light = find_light(format, n_formats);
    for (size_t f = 0; st == ASX_OK && f < n_formats; f++)
        st = fill_format(m, k, f, &format[f], light, err);
    if (st == ASX_OK)
        st = fill_pinned(m, k, light, err);
    if (st == ASX_OK)
        m->n_needs[k] = asx_shares_count(m->shares[k]);
    return st;
}

asx_status separable_model_new(separable_model **out, const workbench *w, asx_error *err)
{
    separable_model *m = asx_array_new(1, sizeof *m);
    if (!m)
        return asx_fail(err, ASX_ENOMEM, "no memory for a model");
    m->w = w;
    asx_space_placements(w->space, &m->model.n_placements);
    const size_t n_layers = asx_space_n_layers(w->space), n = m->model.n_placements;
    asx_status st = asx_design_init(&m->design, n_layers, err);
    if (st == ASX_OK)
        st = make_groups(m, err);
    m->shares = asx_array_new(n, sizeof(asx_shares *));
    m->n_needs = asx_array_new(n, sizeof *m->n_needs);
    m->choice = asx_array_new(n * (m->model.n_groups + 1), sizeof(asx_separable_choice *));
    m->cost = asx_array_new(n_layers, sizeof *m->cost);
    m->some = asx_array_new(n_layers, sizeof *m->some);
    if (st == ASX_OK && (!m->shares || !m->n_needs || !m->choice || !m->cost || !m->some))
        st = asx_fail(err, ASX_ENOMEM, "no memory for a model");
    for (size_t k = 0; st == ASX_OK && k < n; k++)
        st = fill_placement(m, k, err);
    if (st < 0) {
        separable_model_free(m);
        return st;
    }
    m->model.n_choices = m->n_choices;
    m->model.choice = (const asx_separable_choice *const *)m->choice;
    m->model.n_needs = m->n_needs;
    m->model.most_bits = asx_shares_most_bits(m->shares[0]);
    m->model.step_bits = asx_shares_step_bits(m->shares[0]);
    m->model.state = m;
    m->model.drop = drop;
    m->model.cover = cover;
    m->model.share = share;
    *out = m;
    return ASX_OK;
}

void separable_model_free(separable_model *m)
{
    if (!m)
        return;
    for (size_t k = 0; k < m->model.n_placements; k++) {
        if (m->shares)
            asx_shares_free(m->shares[k]);
        for (size_t g = 0; m->choice && g < m->model.n_groups; g++)
            free(m->choice[k * m->model.n_groups + g]);
    }
    free(m->shares);
    free(m->n_needs);
    free(m->n_choices);
    free(m->choice);
    free(m->layer);
    free(m->first);
    free(m->cost);
    free(m->some);
    asx_design_fini(&m->design);
    free(m);
}

const asx_separable *separable_model_of(const separable_model *m)
{
    return &m->model;
}
