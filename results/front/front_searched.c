/* The tier that a campaign was searched on. */
#include "front_searched.h"

#include <stdlib.h>

#include "candidates.h"

static asx_status has_booked(bool *out, const asx_front *f, asx_store *store, asx_tier tier,
                             asx_error *err)
{
    int64_t *inputs = NULL;
    size_t n = 0;
    const asx_status status =
        asx_booked_inputs(&inputs, &n, store, f->campaign, asx_tier_text(tier),
                          asx_subset_text(ASX_SUBSET_SELECT), err);
    *out = n > 0;
    free(inputs);
    return status;
}

asx_status asx_front_find_searched(asx_tier *out, const asx_front *f, asx_store *store,
                                   asx_error *err)
{
    bool predicted = false, priced = false;
    asx_status status = has_booked(&predicted, f, store, ASX_TIER_PROXY, err);
    if (status == ASX_OK && !predicted)
        status = has_booked(&priced, f, store, ASX_TIER_COSTS, err);
    *out = predicted ? ASX_TIER_PROXY : priced ? ASX_TIER_COSTS : ASX_TIER_MEASURED;
    return status;
}
