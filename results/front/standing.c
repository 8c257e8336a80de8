/* Run status. */
#include "results/standing.h"

#include <math.h>

#include "results/certificate.h"
#include "results/front.h"

static asx_status measure(asx_standing *s, const asx_front *f, asx_error *err)
{
    asx_reference_point r;
    const asx_status status = asx_front_hypervolume(&s->hypervolume, f, err);
    if (status == ASX_OK && !isnan(s->hypervolume) && asx_front_reference(&r, f))
        asx_reference_point_print(&s->reference, &r);
    return status;
}

static asx_status read_proven(double *factor, asx_store *store, int64_t campaign, asx_error *err)
{
    asx_certificate c = {.factor = NAN};
    const asx_status status = asx_certificate_read(&c, store, campaign, err);
    if (isfinite(c.factor))
        *factor = c.factor;
    asx_certificate_fini(&c);
    return status;
}

asx_status asx_standing_read(asx_standing *out, asx_store *store, int64_t campaign, int64_t run,
                             asx_error *err)
{
    asx_standing s = {.front = NAN, .hypervolume = NAN};
    asx_front f = {0};
    asx_status status =
        asx_front_load(&f, store, &(asx_front_options){.id = campaign, .few = true}, err);
    if (status == ASX_OK) {
        s.front = (double)f.n;
        status = measure(&s, &f, err);
    }
    if (status == ASX_OK && s.reference.failed)
        status = asx_fail(err, ASX_ENOMEM, "no memory for a reference point");
    if (status == ASX_OK)
        status = asx_run_pace_read(&s.pace, store, run, err);
    if (status == ASX_OK && isnan(s.pace.factor)) /* the run is past it, or has solved anew */
        status = read_proven(&s.pace.factor, store, campaign, err);
    if (status == ASX_OK)
        status = asx_float_network_read(&s.float_network, &s.float_known, store, campaign,
                                        ASX_SUBSET_SELECT, err);
    asx_front_fini(&f);
    if (status == ASX_OK)
        *out = s;
    else
        asx_standing_fini(&s);
    return status;
}

void asx_standing_fini(asx_standing *s)
{
    if (!s)
        return;
    asx_text_fini(&s->reference);
    *s = (asx_standing){0};
}
