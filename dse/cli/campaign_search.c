/* The sections 'search' and 'verify' of a campaign file: numbers, tier, what fits together. */
#include <string.h>

#include "campaign.h"

static asx_status check_trained(const campaign *c, asx_error *err)
{
    bool drop = false;
    for (size_t i = 0; i < c->n_objectives; i++)
        drop = drop || c->objective[i] == ASX_DROP;
    if (!drop)
        return campaign_fail(c, err, ASX_EINVAL, NULL,
                             "verify.trained: training makes drops smaller, and 'drop' is no "
                             "objective");
    if (!c->file->train)
        return campaign_fail(c, err, ASX_EINVAL, NULL,
                             "verify.trained: the campaign has no 'train', which training needs");
    return ASX_OK;
}

asx_status campaign_search_options(campaign *c, asx_error *err)
{
    static const campaign_search none = {0};
    const campaign_search *s = c->file->search ? c->file->search : &none;
    static const campaign_verify unverified = {0};
    const campaign_verify *v = c->file->verify ? c->file->verify : &unverified;
    const bool per_layer =
        c->file->space && c->file->space->scope && strcmp(c->file->space->scope, "layer") == 0;
    asx_error inner;
    c->search_tier = per_layer ? ASX_TIER_PROXY : ASX_TIER_MEASURED;
    if (s->tier && (asx_tier_parse(&c->search_tier, s->tier, &inner) < 0 ||
                    (c->search_tier != ASX_TIER_PROXY && c->search_tier != ASX_TIER_MEASURED)))
        return campaign_fail(c, err, ASX_EINVAL, s->tier,
                             "search.tier: '%s' is not one of proxy, measured", s->tier);
    long long seed = 1, budget = 0, rounds = 0, per_round = 16, measured = 50, trained = 0;
    asx_status st = campaign_integer(&seed, c, "search.seed", s->seed, 0, INT64_MAX, err);
    if (st == ASX_OK)
        st = campaign_integer(&budget, c, "search.budget", s->budget, 0, 1000000000, err);
    if (st == ASX_OK)
        st = campaign_integer(&rounds, c, "search.rounds", s->rounds, 0, 100, err);
    if (st == ASX_OK)
        st = campaign_integer(&per_round, c, "search.per_round", s->per_round, 1, 10000, err);
    if (st == ASX_OK && rounds > 0 && c->search_tier != ASX_TIER_PROXY)
        st = campaign_fail(c, err, ASX_EINVAL, NULL,
                           "search.rounds: they teach the proxy, but this search is of tier '%s'",
                           asx_tier_text(c->search_tier));
    if (st == ASX_OK)
        st = campaign_integer(&measured, c, "verify.measured", v->measured, 0, 1000000, err);
    if (st == ASX_OK)
        st = campaign_integer(&trained, c, "verify.trained", v->trained, 0, 1000000, err);
    if (st == ASX_OK)
        st = campaign_number(&c->train_minutes, c, "verify.minutes", v->minutes, 0.01, 1e6, err);
    if (st == ASX_OK && trained > 0)
        st = check_trained(c, err);
    c->seed = (uint64_t)seed;
    c->budget = (size_t)budget;
    c->rounds = (size_t)rounds;
    c->per_round = (size_t)per_round;
    c->measured = (size_t)measured;
    c->trained = (size_t)trained;
    return st;
}
