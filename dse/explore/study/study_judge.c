/* How predictions rank designs, beside how measurements rank them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "study.h"

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* tau of the designs whose measured drop is not above the median: where a search ends up. */
static asx_status best_half(asx_rank *tau, const double *x, const double *drop, size_t n,
                            uint64_t seed, asx_error *err)
{
    double *memory = asx_array_new(3 * n, sizeof *memory);
    if (!memory)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", n);
    double *sorted = memory, *a = memory + n, *b = memory + 2 * n;
    size_t m = 0;
    for (size_t i = 0; i < n; i++)
        sorted[i] = drop[i];
    qsort(sorted, n, sizeof *sorted, compare);
    for (size_t i = 0; i < n; i++)
        if (drop[i] <= sorted[(n - 1) / 2]) {
            a[m] = x[i];
            b[m++] = drop[i];
        }
    const double value = asx_rank_tau(a, b, m);
    *tau = (asx_rank){value, value, value}; /* two designs have no interval */
    const asx_status status = m < 3 ? ASX_OK : asx_rank_correlation(tau, NULL, a, b, m, seed, err);
    free(memory);
    return status;
}

asx_status study_rank(asx_proxy_ranking **out, study *t, const char *name, size_t kind, int x,
                      int y, asx_error *err)
{
    const uint64_t seed = t->session->campaign->seed;
    const study_sample *j = &t->sample[kind];
    asx_proxy_ranking r = {.proxy = name, .kind = (asx_study_kind)kind};
    asx_status status =
        asx_rank_correlation(&r.tau, &r.rho, j->drop[x], j->drop[y], j->n, seed, err);
    if (status == ASX_OK)
        status = best_half(&r.best_half, j->drop[x], j->drop[y], j->n, seed, err);
    if (status != ASX_OK)
        return status;
    t->out.ranking[t->out.n_rankings] = r;
    if (out)
        *out = &t->out.ranking[t->out.n_rankings];
    t->out.n_rankings++;
    return ASX_OK;
}

/* Turns predicted damage into points, and looks where they are off. */
static asx_status trust(study *t, const asx_proxy_ranking *r, const asx_proxy *proxy,
                        asx_error *err)
{
    study_sample *j = &t->sample[r->kind];
    asx_proxy_trust *out = &t->out.trust[t->out.n_trusts++];
    for (size_t i = 0; i < j->n; i++)
        j->drop[STUDY_PREDICTED][i] = asx_proxy_drop(proxy, j->drop[STUDY_PREDICTED][i]);
    *out = (asx_proxy_trust){.ranking = *r,
                             .plain_tau = t->plain[r->kind].value,
                             .own_half = t->own_half[r->kind].value};
    return asx_additivity_find(&out->where, j->drop[STUDY_PREDICTED], j->drop[STUDY_WHOLE], j->n,
                               err);
}

asx_status study_judge(study *t, size_t kind, const char *name, const asx_proxy *trusted,
                       asx_error *err)
{
    asx_proxy_ranking *r = NULL;
    asx_status status = study_rank(&r, t, name, kind, STUDY_PREDICTED, STUDY_WHOLE, err);
    if (status == ASX_OK && strcmp(name, asx_proxy_type_name(0)) == 0)
        t->plain[kind] = r->tau;
    return status == ASX_OK && trusted ? trust(t, r, trusted, err) : status;
}

asx_status study_agree_with_themselves(study *t, asx_error *err)
{
    asx_status status = ASX_OK;
    for (size_t k = 0; status == ASX_OK && k < ASX_STUDY_KINDS; k++) {
        const study_sample *j = &t->sample[k];
        t->own_half[k] = (asx_rank){NAN, NAN, NAN};
        if (j->halves)
            status = best_half(&t->own_half[k], j->drop[STUDY_FIRST], j->drop[STUDY_SECOND], j->n,
                               t->session->campaign->seed, err);
    }
    return status;
}
