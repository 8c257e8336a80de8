/* Measuring designs of the front, and what that says of the proxy. */
#include <stdio.h>
#include <stdlib.h>

#include "dse/memory.h"
#include "dse/word_kind.h"
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

/* The cheapest designs of a family within the limits that answers are confirmed for, behind others. */
static asx_status take_family(asx_design *out, size_t *n, const asx_exploration *x,
                              const char *family, asx_placement placement, asx_error *err)
{
    const asx_campaign *c = x->session->campaign;
    char where[100];
    snprintf(where, sizeof where, "family = '%s' and placement = '%s'", family,
             asx_placement_text(placement));
    const asx_front_options options = {
        .id = x->campaign, .tier = asx_tier_text(c->search_tier), .where = where};
    const asx_row *last = NULL;
    asx_front f = {0};
    asx_status status = asx_front_load(&f, x->store, &options, err);
    for (size_t i = 0; status == ASX_OK && i < c->n_confirm_drops; i++) {
        const asx_row *row = asx_front_cheapest(&f, asx_front_cost(&f), c->confirm_drop[i]);
        if (!row || row == last)
            continue;
        status = asx_design_parse(&out[*n], row->design, asx_session_workload(x->session), err);
        *n += status == ASX_OK;
        last = row;
    }
    asx_front_fini(&f);
    return status;
}

/* Where several families are searched, what each would answer on its own is reported, too, so that
 * they can be compared on images that nothing was chosen by. */
static asx_status measure_families(size_t *done, asx_exploration *x, asx_error *err)
{
    size_t n = 0, families = 0;
    while (asx_family_name(families))
        families++;
    const size_t room = families * ASX_N_PLACEMENTS * ASX_CONFIRM_DROPS_MAX;
    asx_design *design = asx_array_new(room, sizeof *design);
    asx_accuracy *accuracy = asx_array_new(room, sizeof *accuracy);
    asx_status status =
        design && accuracy ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", room);
    for (size_t i = 0; status == ASX_OK && i < families * ASX_N_PLACEMENTS; i++)
        status = take_family(design, &n, x, asx_family_name(i / ASX_N_PLACEMENTS),
                             (asx_placement)(i % ASX_N_PLACEMENTS), err);
    if (status == ASX_OK && n > 0)
        status = asx_stage_measure_designs(accuracy, done, x, "measuring the families' answers",
                                           ASX_SUBSET_REPORT, design, n, err);
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
    const asx_campaign_space *space = c->spec->space;
    if (status == ASX_OK && x->session->has_subset[ASX_SUBSET_REPORT] && space &&
        space->formats_count > 1 && !asx_watcher_stops(x->options->watcher))
        status = measure_families(&result->reported, x, err);
    asx_front_fini(&f);
    return status;
}
