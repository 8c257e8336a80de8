/* Without leakage and weights from off chip, a layer's costs depend on its own format alone; those
 * two depend on sums and on a union over layers, which dse/separable.h has terms for. */
#include "separable_model.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "hwmodel/share.h"

struct asx_separable_model {
    asx_separable model;
    const asx_session *session;
    asx_shares **shares; /* [n_placements] */
    size_t *n_needs;
    asx_need_set **need;
    size_t *n_choices;
    asx_separable_choice **choice;
    size_t *layer; /* layers in the order of groups */
    size_t *first; /* [n_groups + 1] into `layer` */
    bool *ordered;
    uint16_t **number; /* [n_layers][choices of its group]: formats in the proxy's table */
    asx_design design; /* workspace */
};

static double drop(const void *state, double damage)
{
    const asx_separable_model *m = state;
    return m->session->proxy ? asx_proxy_drop(m->session->proxy, damage) : 0;
}

static asx_status share(double *leakage, double *area_um2, const void *state, size_t placement,
                        const asx_need_set *set, double weight_bits, asx_error *err)
{
    const asx_separable_model *m = state;
    double nw = 0;
    const asx_status status =
        asx_shares_price(&nw, area_um2, m->shares[placement], set, weight_bits, err);
    *leakage = 1e-6 * nw; /* nW x ns = 1e-6 pJ */
    return status;
}

static const asx_format *format_of(const asx_separable_model *m, size_t layer, size_t choice)
{
    size_t n;
    const asx_format *pinned = asx_space_pinned(m->session->space, layer);
    return pinned ? pinned : &asx_space_formats(m->session->space, &n)[choice];
}

/* Formats and layers were priced before, so that this cannot fail. */
static double latency(const void *state, size_t placement, size_t group, size_t choice, double off)
{
    const asx_separable_model *m = state;
    double sum = 0;
    for (size_t i = m->first[group]; i < m->first[group + 1]; i++) {
        double ns = 0;
        const asx_status status = asx_shares_latency(&ns, m->shares[placement], m->layer[i],
                                                     format_of(m, m->layer[i], choice), off, NULL);
        assert(status == ASX_OK);
        (void)status;
        sum += ns;
    }
    return sum;
}

/* ---- damage that is no sum over layers ---- */

static asx_status damage(double *out, const void *state, const uint16_t *choice, asx_error *err)
{
    const asx_separable_model *m = state;
    uint16_t *format = asx_array_new(asx_space_n_layers(m->session->space), sizeof *format);
    if (!format)
        return asx_fail(err, ASX_ENOMEM, "no memory for a design's formats");
    for (size_t g = 0; g < m->model.n_groups; g++)
        for (size_t i = m->first[g]; i < m->first[g + 1]; i++)
            format[m->layer[i]] = m->number[m->layer[i]][choice[g]];
    asx_proxy_score(out, m->session->proxy, format, 1);
    free(format);
    return ASX_OK;
}

/* Between choices of groups and formats of layers: weights one way, slopes, added up, the other. */
static void move(double *of_choice, double *of_format, const asx_separable_model *m, bool back)
{
    const size_t n_formats = asx_proxy_n_formats(m->session->proxy);
    for (size_t g = 0, at = 0; g < m->model.n_groups; at += m->n_choices[g++])
        for (size_t i = m->first[g]; i < m->first[g + 1]; i++) {
            const size_t l = m->layer[i];
            for (size_t c = 0; c < m->n_choices[g]; c++) {
                double *format = &of_format[l * n_formats + m->number[l][c]];
                if (back)
                    of_choice[at + c] += *format;
                else
                    *format += of_choice[at + c];
            }
        }
}

static asx_status tangent(double *constant, double *slope, const void *state, const double *weight,
                          asx_error *err)
{
    const asx_separable_model *m = state;
    const asx_proxy *proxy = m->session->proxy;
    const size_t n = asx_space_n_layers(m->session->space) * asx_proxy_n_formats(proxy);
    size_t n_all = 0;
    for (size_t g = 0; g < m->model.n_groups; g++)
        n_all += m->n_choices[g];
    double *share_of = asx_array_new(n, sizeof *share_of);
    double *slope_of = asx_array_new(n, sizeof *slope_of);
    double *given = asx_array_copy(weight, n_all, sizeof *given);
    asx_status status = share_of && slope_of && given
                            ? ASX_OK
                            : asx_fail(err, ASX_ENOMEM, "no memory for a tangent");
    if (status == ASX_OK) {
        move(given, share_of, m, false);
        status = asx_proxy_tangent(constant, slope_of, proxy, share_of, err);
    }
    if (status == ASX_OK) {
        memset(slope, 0, n_all * sizeof *slope);
        move(slope, slope_of, m, true);
    }
    free(share_of);
    free(slope_of);
    free(given);
    return status;
}

static asx_status make_numbers(asx_separable_model *m, asx_error *err)
{
    const asx_proxy *proxy = m->session->proxy;
    if (!proxy || asx_proxy_adds_up(proxy))
        return ASX_OK;
    m->number = asx_array_new(asx_space_n_layers(m->session->space), sizeof(uint16_t *));
    asx_status status = m->number ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for a model");
    for (size_t g = 0; status == ASX_OK && g < m->model.n_groups; g++)
        for (size_t i = m->first[g]; status == ASX_OK && i < m->first[g + 1]; i++) {
            const size_t l = m->layer[i];
            m->number[l] = asx_array_new(m->n_choices[g], sizeof(uint16_t));
            if (!m->number[l])
                return asx_fail(err, ASX_ENOMEM, "no memory for a model");
            for (size_t c = 0; status == ASX_OK && c < m->n_choices[g]; c++) {
                size_t index = 0;
                status = asx_proxy_find(&index, proxy, format_of(m, l, c), err);
                m->number[l][c] = (uint16_t)index;
            }
        }
    m->model.damage = damage;
    m->model.tangent = tangent;
    return status;
}

static double own_energy(const asx_cost *cost)
{
    double sum = 0;
    for (int p = 0; p < ASX_N_PARTS; p++)
        sum += p == ASX_PART_LEAKAGE ? 0 : cost->energy_part_pj[p];
    return sum;
}

/* Groups: the genes behind the placement, then one for all pinned layers if there are any. */
static asx_status make_groups(asx_separable_model *m, asx_error *err)
{
    const asx_space *space = m->session->space;
    const size_t n_layers = asx_space_n_layers(space), n_genes = asx_space_n_genes(space);
    size_t n = 0;
    m->layer = asx_array_new(n_layers, sizeof *m->layer);
    m->first = asx_array_new(n_genes + 1, sizeof *m->first);
    m->n_choices = asx_array_new(n_genes, sizeof *m->n_choices);
    m->ordered = asx_array_new(n_genes, sizeof *m->ordered);
    if (!m->layer || !m->first || !m->n_choices || !m->ordered)
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
        m->ordered[g - 1] = n - begin == 1; /* cycles = the largest of terms of its own */
        m->model.n_groups = g;
    }
    return ASX_OK;
}

static asx_status add_layer(asx_separable_choice *c, const asx_separable_model *m, size_t layer,
                            const asx_format *format, asx_error *err)
{
    size_t index = 0;
    asx_cost cost;
    const asx_proxy *proxy = m->session->proxy; /* NULL: of costs alone */
    asx_status status = proxy ? asx_proxy_find(&index, proxy, format, err) : ASX_OK;
    if (status == ASX_OK)
        status = asx_machine_layer_cost(&cost, m->session->machine, m->design.placement, layer,
                                        format, err);
    if (status != ASX_OK)
        return status;
    c->damage += proxy ? asx_proxy_damage(proxy, layer, index) : 0;
    c->energy_pj += own_energy(&cost);
    c->latency_ns += cost.latency_ns;
    c->weight_bits += cost.weight_bits;
    return ASX_OK;
}

/* A group under one choice. */
static asx_status fill_choice(asx_separable_model *m, size_t placement, size_t g, size_t number,
                              asx_error *err)
{
    const size_t begin = m->first[g], n = m->first[g + 1] - begin;
    asx_separable_choice *c = &m->choice[placement * m->model.n_groups + g][number];
    asx_status status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
        const size_t l = m->layer[begin + i];
        m->design.format[l] = *format_of(m, l, number);
        status = add_layer(c, m, l, &m->design.format[l], err);
    }
    return status == ASX_OK ? asx_shares_add(&c->need, m->shares[placement], m->layer + begin, n,
                                             m->design.format, err)
                            : status;
}

static asx_status find_sets(asx_separable_model *m, size_t k, asx_error *err)
{
    m->n_needs[k] = asx_shares_count(m->shares[k]);
    m->need[k] = asx_array_new(m->n_needs[k], sizeof(asx_need_set));
    if (!m->need[k])
        return asx_fail(err, ASX_ENOMEM, "no memory for a model");
    return asx_shares_sets(m->need[k], m->shares[k], err);
}

/* Costs of many formats take seconds: who watches is told, and asked. */
static asx_status go_on(const asx_separable_model *m, size_t done, size_t total, asx_error *err)
{
    const asx_work_watch *w = m->session->watch;
    if (w && w->progress)
        w->progress(w->state, "costs of layers' formats", done, total);
    return w && w->stop && w->stop(w->state) ? asx_fail(err, ASX_EINTERRUPTED, "stopped") : ASX_OK;
}

static asx_status fill_placement(asx_separable_model *m, size_t k, asx_error *err)
{
    size_t n_placements = 0;
    m->design.placement = asx_space_placements(m->session->space, &n_placements)[k];
    asx_status status =
        asx_shares_new(&m->shares[k], m->session->machine, m->design.placement, err);
    for (size_t g = 0; status == ASX_OK && g < m->model.n_groups; g++) {
        asx_separable_choice *c = asx_array_new(m->n_choices[g], sizeof *c);
        m->choice[k * m->model.n_groups + g] = c;
        if (!c)
            status = asx_fail(err, ASX_ENOMEM, "no memory for a model");
        for (size_t i = 0; status == ASX_OK && i < m->n_choices[g]; i++) {
            status =
                go_on(m, k * m->model.n_groups + g, m->model.n_placements * m->model.n_groups, err);
            if (status == ASX_OK)
                status = fill_choice(m, k, g, i, err);
        }
    }
    return status == ASX_OK ? find_sets(m, k, err) : status;
}

asx_status asx_separable_model_new(asx_separable_model **out, const asx_session *s, asx_error *err)
{
    asx_separable_model *m = asx_array_new(1, sizeof *m);
    if (!m)
        return asx_fail(err, ASX_ENOMEM, "no memory for a model");
    m->session = s;
    asx_space_placements(s->space, &m->model.n_placements);
    const size_t n_layers = asx_space_n_layers(s->space), n = m->model.n_placements;
    asx_status status = asx_design_init(&m->design, n_layers, err);
    if (status == ASX_OK)
        status = make_groups(m, err);
    if (status == ASX_OK)
        status = make_numbers(m, err);
    m->shares = asx_array_new(n, sizeof(asx_shares *));
    m->n_needs = asx_array_new(n, sizeof *m->n_needs);
    m->choice = asx_array_new(n * (m->model.n_groups + 1), sizeof(asx_separable_choice *));
    m->need = asx_array_new(n, sizeof(asx_need_set *));
    if (status == ASX_OK && (!m->shares || !m->n_needs || !m->choice || !m->need))
        status = asx_fail(err, ASX_ENOMEM, "no memory for a model");
    for (size_t k = 0; status == ASX_OK && k < n; k++)
        status = fill_placement(m, k, err);
    if (status == ASX_OK)
        status = asx_shares_excess_pj(&m->model.excess_pj, m->shares[0], err);
    if (status != ASX_OK) {
        asx_separable_model_free(m);
        return status;
    }
    m->model.n_choices = m->n_choices;
    m->model.choice = (const asx_separable_choice *const *)m->choice;
    m->model.ordered = m->ordered;
    m->model.n_needs = m->n_needs;
    m->model.need = (const asx_need_set *const *)m->need;
    m->model.most_bits = asx_shares_most_bits(m->shares[0]);
    m->model.step_bits = asx_shares_step_bits(m->shares[0]);
    m->model.state = m;
    m->model.drop = drop;
    m->model.share = share;
    m->model.latency = latency;
    *out = m;
    return ASX_OK;
}

void asx_separable_model_free(asx_separable_model *m)
{
    if (!m)
        return;
    for (size_t k = 0; k < m->model.n_placements; k++) {
        if (m->shares)
            asx_shares_free(m->shares[k]);
        if (m->need)
            free(m->need[k]);
        for (size_t g = 0; m->choice && g < m->model.n_groups; g++)
            free(m->choice[k * m->model.n_groups + g]);
    }
    for (size_t l = 0; m->number && l < asx_space_n_layers(m->session->space); l++)
        free(m->number[l]);
    free(m->number);
    free(m->shares);
    free(m->n_needs);
    free(m->n_choices);
    free(m->choice);
    free(m->layer);
    free(m->first);
    free(m->ordered);
    free(m->need);
    asx_design_fini(&m->design);
    free(m);
}

const asx_separable *asx_separable_model_of(const asx_separable_model *m)
{
    return &m->model;
}
