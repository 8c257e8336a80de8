/* The section 'faults' of a campaign. */
#include <stdio.h>

#include "campaign_private.h"

asx_status asx_campaign_take_faults(asx_faults *out, const asx_campaign *c, asx_error *err)
{
    static const asx_campaign_faults none = {0};
    const asx_campaign_faults *f = c->spec->faults ? c->spec->faults : &none;
    const struct {
        const char *name, *raw;
    } given[] = {{"flips", f->flips},
                 {"stuck", f->stuck},
                 {"stuck_at_0", f->stuck_at_0},
                 {"stuck_at_1", f->stuck_at_1},
                 {"activation_flips", f->activation_flips},
                 {"activation_stuck", f->activation_stuck},
                 {"activation_stuck_at_0", f->activation_stuck_at_0},
                 {"activation_stuck_at_1", f->activation_stuck_at_1},
                 {"spread", f->spread},
                 {"seeds", f->seeds},
                 {"seed", f->seed},
                 {"code", f->code},
                 {"only_bit", f->only_bit}};
    asx_params params;
    asx_error inner;
    asx_params_init(&params, asx_fault_params);
    for (size_t i = 0; i < sizeof given / sizeof *given; i++)
        if (given[i].raw && asx_params_set(&params, given[i].name, given[i].raw, &inner) < 0)
            return asx_campaign_fail(c, err, inner.status, given[i].raw, "faults.%s: %s",
                                     given[i].name, inner.message);
    return asx_faults_of(out, &params, &inner) < 0
               ? asx_campaign_fail(c, err, inner.status, NULL, "faults: %s", inner.message)
               : ASX_OK;
}
