/* The section 'train' of a campaign: how training learns. */
#include "campaign_private.h"

static asx_status take_choices(asx_train_options *o, const asx_campaign *c,
                               const asx_campaign_train *t, asx_error *err)
{
    asx_error inner;
    const char *optimiser = asx_campaign_text("train.optimiser", t->optimiser);
    const char *schedule = asx_campaign_text("train.schedule", t->schedule);
    const char *surrogate = asx_campaign_text("train.surrogate", t->surrogate);
    if (asx_optimiser_parse(&o->optimiser, optimiser, &inner) < 0)
        return asx_campaign_fail(c, err, inner.status, t->optimiser, "train.optimiser: %s",
                                 inner.message);
    if (asx_schedule_parse(&o->schedule, schedule, &inner) < 0)
        return asx_campaign_fail(c, err, inner.status, t->schedule, "train.schedule: %s",
                                 inner.message);
    if (asx_surrogate_parse(&o->surrogate, surrogate, &inner) < 0)
        return asx_campaign_fail(c, err, inner.status, t->surrogate, "train.surrogate: %s",
                                 inner.message);
    return ASX_OK;
}

asx_status asx_campaign_train_options(asx_train_options *out, const asx_campaign *c, asx_error *err)
{
    static const asx_campaign_train none = {0};
    const asx_campaign_train *t = c->spec->train ? c->spec->train : &none;
    asx_train_options o = asx_train_options_default();
    o.seed = c->seed;
    o.faults = c->calibration.faults;
    asx_status status = take_choices(&o, c, t, err);
    if (status == ASX_OK)
        status =
            asx_campaign_set_params(&o.number, c, "train", t->parameters, t->parameters_count, err);
    if (status == ASX_OK)
        *out = o;
    return status;
}
