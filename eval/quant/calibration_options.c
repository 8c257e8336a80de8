/* How a network is calibrated: names, defaults, limits. */
#include "calibration_private.h"
#include "dse/name.h"
#include "eval/dyadic.h"

static const char *const RANGINGS[] = {
#define ASX_TEXT(name, text, help) text,
    ASX_RANGING_LIST(ASX_TEXT)
#undef ASX_TEXT
        NULL};

const char *asx_ranging_text(asx_ranging ranging)
{
    return RANGINGS[ranging];
}

asx_status asx_ranging_parse(asx_ranging *out, const char *text, asx_error *err)
{
    size_t i = 0;
    const asx_status status = asx_name_find(&i, "ranging", text, RANGINGS, err);
    if (status == ASX_OK)
        *out = (asx_ranging)i;
    return status;
}

static const char *const ROUNDINGS[] = {
#define ASX_TEXT(name, text, help) text,
    ASX_ROUNDING_LIST(ASX_TEXT)
#undef ASX_TEXT
        NULL};

const char *asx_rounding_text(asx_rounding rounding)
{
    return ROUNDINGS[rounding];
}

asx_status asx_rounding_parse(asx_rounding *out, const char *text, asx_error *err)
{
    size_t i = 0;
    const asx_status status = asx_name_find(&i, "rounding", text, ROUNDINGS, err);
    if (status == ASX_OK)
        *out = (asx_rounding)i;
    return status;
}

asx_calibration_options asx_calibration_options_default(void)
{
    return (asx_calibration_options){.ranging = ASX_RANGING_MSE,
                                     .percentile = 99.99,
                                     .bias_correction = true,
                                     .multiplier_bits = 16,
                                     .faults = asx_faults_none(),
                                     .batch = 0,
                                     .share_bytes = (size_t)64 << 20,
                                     .cache_bytes = (size_t)128 << 20};
}

enum { BATCH_MAX = 4096 };

asx_status asx_calibration_options_check(const asx_calibration_options *o, asx_error *err)
{
    if ((unsigned)o->ranging >= ASX_N_RANGINGS)
        return asx_fail(err, ASX_EINVAL, "ranging %d is unknown", (int)o->ranging);
    if ((unsigned)o->rounding >= ASX_N_ROUNDINGS)
        return asx_fail(err, ASX_EINVAL, "rounding %d is unknown", (int)o->rounding);
    if (!(o->percentile >= 50 && o->percentile <= 100))
        return asx_fail(err, ASX_EINVAL, "percentile %g is outside 50 .. 100", o->percentile);
    if (o->batch > BATCH_MAX)
        return asx_fail(err, ASX_EINVAL, "batch of %zu images is outside 0 .. %d", o->batch,
                        BATCH_MAX);
    if (o->multiplier_bits < ASX_DYADIC_BITS_MIN || o->multiplier_bits > ASX_DYADIC_BITS_MAX)
        return asx_fail(err, ASX_EINVAL, "multipliers of %u bits are outside %d .. %d",
                        o->multiplier_bits, ASX_DYADIC_BITS_MIN, ASX_DYADIC_BITS_MAX);
    return ASX_OK;
}
