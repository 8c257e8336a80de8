#include "effects.h"

#include <math.h>
#include <stdlib.h>

#include "dse/memory.h"

/* Variance of a design around its sum, and what an effect's never falls below, in units of an
 * unknown effect's: where effects are no constants, the latest designs count most. */
static const float NOISE = 0.001F, VARIANCE_LEAST = 0.0001F;

asx_status asx_effects_init(asx_effects *out, const asx_space *space, size_t n_objectives,
                            asx_error *err)
{
    *out = (asx_effects){.n_genes = asx_space_n_genes(space), .n_objectives = n_objectives};
    out->first = asx_array_new(out->n_genes + 1, sizeof *out->first);
    out->n_met = asx_array_new(out->n_genes, sizeof *out->n_met);
    if (out->first && out->n_met) {
        for (size_t g = 0; g < out->n_genes; g++)
            out->first[g + 1] = out->first[g] + asx_space_choices(space, g);
        const size_t n = out->first[out->n_genes];
        out->effect = asx_array_new(n, n_objectives * sizeof *out->effect);
        out->variance = asx_array_new(n, sizeof *out->variance);
        out->met = asx_array_new(n, sizeof *out->met);
        for (size_t i = 0; out->variance && i < n; i++)
            out->variance[i] = 1;
    }
    if (!out->effect || !out->variance || !out->met)
        return asx_fail(err, ASX_ENOMEM, "no memory for the effects of genes");
    return ASX_OK;
}

void asx_effects_fini(asx_effects *e)
{
    if (!e)
        return;
    free(e->first);
    free(e->effect);
    free(e->variance);
    free(e->met);
    free(e->n_met);
    *e = (asx_effects){0};
}

void asx_effects_learn(asx_effects *e, const asx_gene *point, const double *objective)
{
    const size_t d = e->n_objectives;
    float total = NOISE;
    for (size_t g = 0; g < e->n_genes; g++)
        total += e->variance[e->first[g] + point[g]];
    for (size_t j = 0; j < d; j++) {
        double rest = objective[j];
        for (size_t g = 0; g < e->n_genes; g++)
            rest -= (double)e->effect[(e->first[g] + point[g]) * d + j];
        for (size_t g = 0; g < e->n_genes; g++) {
            const size_t i = e->first[g] + point[g];
            e->effect[i * d + j] += (float)rest * e->variance[i] / total;
        }
    }
    for (size_t g = 0; g < e->n_genes; g++) {
        const size_t i = e->first[g] + point[g];
        if (e->variance[i] >= 1)
            e->met[e->first[g] + e->n_met[g]++] = point[g];
        e->variance[i] = fmaxf(e->variance[i] * (1 - e->variance[i] / total), VARIANCE_LEAST);
    }
}

asx_gene asx_effects_choose(const asx_effects *e, size_t gene, const double *weight)
{
    const size_t first = e->first[gene], d = e->n_objectives;
    asx_gene best = e->met[first];
    double least = INFINITY;
    for (size_t k = 0; k < e->n_met[gene]; k++) {
        const asx_gene value = e->met[first + k];
        double sum = 0;
        for (size_t j = 0; j < d; j++)
            sum += weight[j] * (double)e->effect[(first + value) * d + j];
        if (sum < least) {
            least = sum;
            best = value;
        }
    }
    return best;
}
