#include "bespoke_options.h"

asx_status bespoke_build(asx_bespoke_build *out, const bespoke_options *o, asx_error *err)
{
    const asx_status status = asx_bespoke_build_of(out, o->sharing, o->as_published, err);
    return status == ASX_OK ? status : asx_fail_context(err, status, "option '--sharing'");
}
