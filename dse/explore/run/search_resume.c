/* States of searches in the database's cache, by the hash of all that they depend on. */
#include "search_resume.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/file.h"
#include "session_private.h"

/* The choices of a model; what it computes of an array depends on the same as costs do. */
static uint64_t hash_model(const asx_separable *m, uint64_t seed)
{
    const double number[] = {(double)m->n_placements, (double)m->n_groups, m->most_bits,
                             m->excess_pj, m->step_bits};
    uint64_t h = asx_hash(number, sizeof number, seed);
    for (double damage = 1.0 / 1024; damage < 1024; damage *= 2) {
        const double drop = m->drop(m->state, damage);
        h = asx_hash(&drop, sizeof drop, h);
    }
    for (size_t k = 0; k < m->n_placements; k++) {
        for (size_t g = 0; g < m->n_groups; g++) {
            const asx_separable_choice *c = m->choice[k * m->n_groups + g];
            for (size_t i = 0; i < m->n_choices[g]; i++) {
                const double value[] = {c[i].damage, c[i].energy_pj, c[i].latency_ns,
                                        c[i].weight_bits, (double)c[i].need};
                h = asx_hash(value, sizeof value, h);
            }
            h = asx_hash(&m->n_choices[g], sizeof m->n_choices[g], h);
        }
        h = asx_hash(m->need[k], m->n_needs[k] * sizeof *m->need[k], h);
    }
    return h;
}

/* What is asked of the model. */
static uint64_t hash_search(const asx_search *s, uint64_t seed)
{
    const char *name = s->searcher->name;
    uint64_t h = hash_model(s->model, asx_hash(name, strlen(name), seed));
    h = asx_hash(s->objective, s->n_objectives * sizeof *s->objective, h);
    h = asx_hash(s->limits.max, sizeof s->limits.max, h);
    for (const asx_param_spec *p = s->searcher->params; p && p->name; p++) {
        const double value = asx_params_get(&s->params, p->name);
        h = asx_hash(&value, sizeof value, asx_hash(p->name, strlen(p->name), h));
    }
    return h;
}

static asx_status keep(void *state, const void *bytes, size_t n, asx_error *err)
{
    const asx_search_resume *r = state;
    return asx_store_cache_put(r->store, r->key, bytes, n, err);
}

asx_status asx_search_resume_init(asx_search_resume *out, asx_search *search,
                                  const asx_exploration *x, asx_error *err)
{
    const uint64_t costs = asx_session_cost_key(x->session);
    size_t n = 0;
    if (costs == ASX_NO_KEY)
        return asx_fail(err, ASX_ENOMEM, "no memory for the key of a search");
    *out = (asx_search_resume){.store = x->store};
    snprintf(out->key, sizeof out->key, "exact/%016llx",
             (unsigned long long)hash_search(search, costs));
    const asx_status status = asx_store_cache_get(&out->bytes, &n, x->store, out->key, err);
    out->resume = (asx_resume){out->bytes, n, keep, out};
    if (status == ASX_OK)
        search->resume = &out->resume;
    return status;
}

void asx_search_resume_fini(asx_search_resume *resume)
{
    if (!resume)
        return;
    free(resume->bytes);
    resume->bytes = NULL;
}
