/* The parts of a campaign that other modules define: calibration and searcher. */
#include "campaign_private.h"

asx_status asx_campaign_calibration_options(asx_calibration_options *out, const asx_campaign *c,
                                            asx_error *err)
{
    static const asx_campaign_calibration none = {0};
    const asx_campaign_calibration *k = c->spec->calibration ? c->spec->calibration : &none;
    const char *ranges = asx_campaign_text("calibration.ranges", k->ranges);
    asx_error inner;
    *out = asx_calibration_options_default();
    if (asx_ranging_parse(&out->ranging, ranges, &inner) < 0)
        return asx_campaign_fail(c, err, inner.status, k->ranges, "calibration.ranges: %s",
                                 inner.message);
    if (asx_rounding_parse(&out->rounding, asx_campaign_text("calibration.rounding", k->rounding),
                           &inner) < 0)
        return asx_campaign_fail(c, err, inner.status, k->rounding, "calibration.rounding: %s",
                                 inner.message);
    if (k->percentile && out->ranging != ASX_RANGING_PERCENTILE)
        return asx_campaign_fail(c, err, ASX_EINVAL, NULL,
                                 "calibration.percentile: it is for 'ranges: percentile' only");
    size_t off = 0;
    long long bits = 0;
    asx_status status =
        asx_campaign_word(&off, c, "calibration.bias_correction", k->bias_correction, err);
    if (status == ASX_OK)
        status =
            asx_campaign_number(&out->percentile, c, "calibration.percentile", k->percentile, err);
    if (status == ASX_OK)
        status =
            asx_campaign_integer(&bits, c, "calibration.multiplier_bits", k->multiplier_bits, err);
    out->bias_correction = off == 0;
    out->multiplier_bits = (unsigned)bits;
    return status;
}

asx_status asx_campaign_searcher(const asx_searcher_type **type, asx_params *params,
                                 const asx_campaign *c, asx_error *err)
{
    static const asx_campaign_search none = {0};
    const asx_campaign_search *s = c->spec->search ? c->spec->search : &none;
    const char *name = asx_campaign_text("search.algorithm", s->algorithm);
    asx_error inner;
    if (asx_searcher_find(type, name, &inner) < 0)
        return asx_campaign_fail(c, err, inner.status, s->algorithm, "search.algorithm: %s",
                                 inner.message);
    asx_params_init(params, (*type)->params);
    return asx_campaign_set_params(params, c, "search", s->parameters, s->parameters_count, err);
}
