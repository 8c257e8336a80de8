/* Campaigns that are searched by costs alone: those that say so, have no data, or whose network cannot be run. */
#include "campaign_private.h"

void asx_campaign_search_costs(asx_campaign *c)
{
    const bool given = c->spec->search && c->spec->search->tier;
    if (given && c->search_tier != ASX_TIER_COSTS) /* who asks for accuracy is told what it lacks */
        return;
    c->search_tier = ASX_TIER_COSTS;
    c->measured = c->n_confirm_drops = 0;
    c->confirms = false;
    if (c->spec->objectives_count > 0)
        return;
    c->objective[0] = ASX_ENERGY;
    c->objective[1] = ASX_AREA;
    c->n_objectives = 2;
}

/* Why nothing is known of accuracy, and what would change that. */
static const char *reason(const asx_campaign *c)
{
    if (c->spec->search && c->spec->search->tier)
        return "'search: { tier: costs }' knows none; take another tier";
    if (!c->spec->data)
        return "the campaign has no 'data', and knows costs alone; give 'data'";
    return c->price_unknown ? "with 'unknown: price' the network is priced, not run"
                            : "the network has shapes only, no weights, and cannot be run; put the "
                              "file of weights beside it";
}

static asx_status refuse(const asx_campaign *c, const char *value, const char *what,
                         const char *instead, asx_error *err)
{
    return asx_campaign_fail(c, err, ASX_EINVAL, value, "%s: it is about accuracy, but %s%s", what,
                             reason(c), instead);
}

asx_status asx_campaign_check_costs(const asx_campaign *c, asx_error *err)
{
    const asx_campaign_verify *v = c->spec->verify;
    const asx_campaign_limits *l = c->spec->limits;
    const asx_campaign_search *s = c->spec->search;
    for (unsigned i = 0; i < c->spec->objectives_count; i++)
        if (c->objective[i] == ASX_DROP)
            return refuse(c, c->spec->objectives[i], "objectives: 'drop'",
                          ", or take two or more of energy, latency, area, storage, energy_delay "
                          "and power_mw",
                          err);
    if (l && l->drop)
        return refuse(c, l->drop, "limits.drop", ", or leave it out", err);
    if (v && (v->drops_count > 0 || c->trained > 0))
        return refuse(c, v->trained, v->drops_count > 0 ? "verify.drops" : "verify.trained",
                      ", or leave it out", err);
    if (s && c->rounds > 0)
        return refuse(c, s->rounds, "search.rounds", ", or leave it out", err);
    return asx_faults_any(&c->calibration.faults)
               ? refuse(c, NULL, "faults", ", or leave it out", err)
               : ASX_OK;
}
