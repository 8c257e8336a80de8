/* The sections 'search' and 'verify' of a campaign file: numbers, tier, what fits together. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "campaign_private.h"
#include "eval/proxy.h"

static asx_status check_trained(const asx_campaign *c, asx_error *err)
{
    bool drop = false;
    for (size_t i = 0; i < c->n_objectives; i++)
        drop = drop || c->objective[i] == ASX_DROP;
    if (!drop)
        return asx_campaign_fail(c, err, ASX_EINVAL, NULL,
                                 "verify.trained: training makes drops smaller, and 'drop' is no "
                                 "objective");
    if (asx_score_labels(&c->score) != ASX_LABEL_CLASS)
        return asx_campaign_fail(
            c, err, ASX_EUNSUPPORTED, c->spec->data->measure,
            "verify.trained: training is for labels that are classes of images, not "
            "for data.measure: %s",
            c->spec->data->measure);
    if (c->own_classes)
        return asx_campaign_fail(c, err, ASX_EUNSUPPORTED, c->spec->data->classes,
                                 "verify.trained: training learns what labels say, which are not "
                                 "right with data.classes: network");
    if (!c->spec->train)
        return asx_campaign_fail(
            c, err, ASX_EINVAL, NULL,
            "verify.trained: the campaign has no 'train', which training needs");
    return ASX_OK;
}

/* Keeps the limits ascending, each once. */
static void add_drop(asx_campaign *c, double drop)
{
    size_t at = 0;
    while (at < c->n_confirm_drops && c->confirm_drop[at] < drop)
        at++;
    if (at < c->n_confirm_drops && c->confirm_drop[at] <= drop)
        return;
    for (size_t i = c->n_confirm_drops++; i > at; i--)
        c->confirm_drop[i] = c->confirm_drop[i - 1];
    c->confirm_drop[at] = drop;
}

/* As much of the measure as counts like so many points: as one would write it. */
static double in_points(double drop, double point)
{
    char text[32];
    snprintf(text, sizeof text, "%.12g", drop * point);
    return strtod(text, NULL);
}

static asx_status take_drops(asx_campaign *c, const asx_campaign_verify *v, asx_error *err)
{
    asx_campaign_entries given;
    const bool percent = strcmp(asx_score_unit(&c->score), "%") == 0;
    const bool faults = asx_faults_any(&c->calibration.faults);
    c->n_confirm_drops = 0;
    c->confirms = (c->measured > 0 || v->drops_count > 0) && !faults;
    if (faults && v->drops_count > 0)
        return asx_campaign_fail(c, err, ASX_EINVAL, NULL,
                                 "verify.drops: answers are confirmed by counts of images, which "
                                 "accuracies over devices with 'faults' have not");
    asx_status status =
        asx_campaign_entries_of(&given, c, "verify.drops", v->drops, v->drops_count, err);
    for (size_t i = 0; status == ASX_OK && i < given.n; i++) {
        double drop = 0;
        status = asx_campaign_number(&drop, c, "verify.drops", given.entry[i], err);
        if (status == ASX_OK)
            add_drop(c, v->drops_count > 0 ? drop : in_points(drop, c->score.point));
    }
    if (percent ? fabs(c->limits.max[ASX_DROP]) < 100 : isfinite(c->limits.max[ASX_DROP]))
        add_drop(c, c->limits.max[ASX_DROP]);
    return status;
}

static asx_status take_search(asx_campaign *c, const asx_campaign_search *s, asx_error *err)
{
    const asx_campaign_space *space = c->spec->space;
    const bool per_layer = space && space->scope && strcmp(space->scope, "layer") == 0;
    size_t tier = per_layer ? ASX_TIER_PROXY : ASX_TIER_MEASURED;
    long long seed = 0;
    c->proxy = asx_proxy_default_type();
    asx_status status = asx_campaign_word(&tier, c, "search.tier", s->tier, err);
    if (status == ASX_OK)
        status = asx_campaign_word(&c->proxy, c, "search.proxy", s->proxy, err);
    if (status == ASX_OK)
        status = asx_campaign_integer(&seed, c, "search.seed", s->seed, err);
    if (status == ASX_OK)
        status = asx_campaign_size(&c->budget, c, "search.budget", s->budget, err);
    if (status == ASX_OK)
        status = asx_campaign_size(&c->rounds, c, "search.rounds", s->rounds, err);
    if (status == ASX_OK)
        status = asx_campaign_size(&c->per_round, c, "search.per_round", s->per_round, err);
    c->search_tier = tier <= ASX_TIER_MEASURED ? (asx_tier)tier : ASX_TIER_COSTS; /* of its words */
    if (status == ASX_OK && tier == ASX_TIER_PROXY && asx_faults_any(&c->calibration.faults))
        status =
            asx_campaign_fail(c, err, ASX_EINVAL, s->tier,
                              "search.tier: proxies know nothing of 'faults'; with these it is "
                              "'measured'");
    c->seed = (uint64_t)seed;
    if (status == ASX_OK && c->rounds > 0 && c->search_tier == ASX_TIER_MEASURED)
        status = asx_campaign_fail(
            c, err, ASX_EINVAL, NULL,
            "search.rounds: they teach the proxy, but this search is of tier '%s'",
            asx_tier_text(c->search_tier));
    return status;
}

static asx_status take_verify(asx_campaign *c, const asx_campaign_verify *v, asx_error *err)
{
    asx_status status = asx_campaign_size(&c->measured, c, "verify.measured", v->measured, err);
    if (status == ASX_OK)
        status = asx_campaign_size(&c->trained, c, "verify.trained", v->trained, err);
    if (status == ASX_OK)
        status = asx_campaign_number(&c->train_minutes, c, "verify.minutes", v->minutes, err);
    if (status == ASX_OK && c->trained > 0)
        status = check_trained(c, err);
    return status == ASX_OK ? take_drops(c, v, err) : status;
}

asx_status asx_campaign_search_options(asx_campaign *c, asx_error *err)
{
    static const asx_campaign_search none = {0};
    static const asx_campaign_verify unverified = {0};
    asx_status status = take_search(c, c->spec->search ? c->spec->search : &none, err);
    if (status == ASX_OK)
        status = take_verify(c, c->spec->verify ? c->spec->verify : &unverified, err);
    if (status == ASX_OK && c->search_tier == ASX_TIER_COSTS)
        asx_campaign_search_costs(c);
    return status;
}

asx_status asx_campaign_set_point(asx_campaign *c, double point, asx_error *err)
{
    static const asx_campaign_verify unverified = {0};
    c->score.point = point;
    return take_drops(c, c->spec->verify ? c->spec->verify : &unverified, err);
}

asx_status asx_campaign_expectation(asx_campaign *c, asx_error *err)
{
    const char *raw = c->spec->data ? c->spec->data->expect : NULL;
    c->expect = NAN;
    c->expect_any = raw && strcmp(raw, "any") == 0;
    if (!raw || c->expect_any)
        return ASX_OK;
    asx_error inner;
    if (asx_campaign_number(&c->expect, c, "data.expect", raw, &inner) == ASX_OK)
        return ASX_OK;
    c->expect = NAN;
    return asx_fail(err, inner.status, "%s, or 'any'", inner.message);
}
