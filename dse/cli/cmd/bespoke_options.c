#include "bespoke_options.h"

asx_status bespoke_check_pipeline(const char *text, asx_error *err)
{
    unsigned pipeline = 0;
    return asx_bespoke_pipeline_parse(&pipeline, text, err);
}

asx_status bespoke_build(asx_bespoke_build *out, const bespoke_options *o, asx_error *err)
{
    const asx_status status = asx_bespoke_build_of(out, o->sharing, o->as_published, err);
    if (status != ASX_OK)
        return asx_fail_context(err, status, "option '--sharing'");
    out->rate_hz = o->rate;
    return asx_bespoke_pipeline_parse(&out->pipeline, o->pipeline, err);
}
