/* Measuring designs of the front, and what that says of the proxy. */
#include <stdlib.h>

#include "dse/memory.h"
#include "exploration.h"
#include "explore/additivity.h"

/* Tells where the designs of the front show that the proxy is off. Those that it makes too little
 * of are the first to come to the front, so this is about the front, not about all designs. */
static asx_status tell_where_off(const asx_exploration *x, const asx_design *design,
                                 const asx_accuracy *accuracy, size_t n, asx_error *err)
{
    double *drop = asx_array_new(2 * n + 1, sizeof *drop);
    asx_text text = {0};
    asx_additivity a = {0};
    size_t known = 0;
    asx_status status = drop ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", n);
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
        asx_accuracy predicted = {0};
        status = asx_proxy_design(&predicted, x->session->proxy, &design[i], err);
        drop[known] = predicted.drop;
        drop[n + known] = accuracy[i].drop;
        known += accuracy[i].images > 0;
    }
    if (status == ASX_OK)
        status = asx_additivity_find(&a, drop, drop + n, known, err);
    if (status == ASX_OK)
        asx_additivity_say(&text, &a);
    if (text.n && !text.failed)
        asx_watcher_say(x->options->watcher, ASX_SAY_WARNING,
                        "on the front the proxy %s: go by measured drops there", text.s);
    asx_text_fini(&text);
    free(drop);
    return status;
}

/* Designs spread evenly along the front. */
static asx_status take_designs(asx_design *out, const asx_front *f, size_t n,
                               const asx_workload *work, asx_error *err)
{
    asx_status status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
        const asx_row *row = asx_front_row(f, n > 1 ? i * (f->n - 1) / (n - 1) : 0);
        status = asx_design_parse(&out[i], row->design, work, err);
    }
    return status;
}

/* Up to `max` designs of the front. */
static asx_status measure_front(size_t *done, asx_exploration *x, const asx_front *f,
                                asx_subset subset, size_t max, asx_error *err)
{
    const asx_session *s = x->session;
    const size_t n = f->n < max ? f->n : max;
    asx_design *design = asx_array_new(n + 1, sizeof *design);
    asx_accuracy *accuracy = asx_array_new(n + 1, sizeof *accuracy);
    asx_status status = design && accuracy
                            ? take_designs(design, f, n, asx_session_workload(s), err)
                            : asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", n);
    if (status == ASX_OK)
        status = asx_stage_measure_designs(accuracy, done, x, "measuring the front", subset, design,
                                           n, err);
    /* a proxy that rounds have taught has seen them, which proves nothing */
    if (status == ASX_OK && subset == ASX_SUBSET_SELECT && s->proxy && !s->campaign->rounds)
        status = tell_where_off(x, design, accuracy, n, err);
    for (size_t i = 0; design && i < n; i++)
        asx_design_fini(&design[i]);
    free(accuracy);
    free(design);
    return status;
}

asx_status asx_stage_measure(asx_explore_result *result, asx_exploration *x, asx_error *err)
{
    const asx_campaign *c = x->session->campaign;
    /* of that tier, so that what was trained since does not change what is measured */
    const asx_front_options options = {
        .id = x->campaign, .tier = asx_tier_text(c->search_tier), .few = true};
    asx_front f = {0};
    if (c->measured == 0)
        return ASX_OK;
    asx_status status = asx_front_load(&f, x->store, &options, err);
    if (status == ASX_OK && c->search_tier == ASX_TIER_PROXY)
        status = measure_front(&result->measured, x, &f, ASX_SUBSET_SELECT, c->measured, err);
    if (status == ASX_OK && x->session->has_subset[ASX_SUBSET_REPORT])
        status = measure_front(&result->reported, x, &f, ASX_SUBSET_REPORT, c->measured, err);
    asx_front_fini(&f);
    return status;
}
