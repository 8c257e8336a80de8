/* Run status: how far a campaign is, from what its database holds, while its run works and after. */
#ifndef ASX_RESULTS_STANDING_H
#define ASX_RESULTS_STANDING_H

#include <stdbool.h>
#include <stdint.h>

#include "dse/api.h"
#include "dse/error.h"
#include "dse/text.h"
#include "results/float_network.h"
#include "results/run.h"
#include "results/store.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct asx_standing {
    double front;       /* designs of the campaign's front (asx_front_load) */
    double hypervolume; /* of these, as a share of the box up to `reference`; NAN: not computed */
    asx_text reference; /* "drop=20 energy_pj=663816"; empty where there is no hypervolume */
    bool
        float_known; /* whether `float_network` was stored: no run of before schema version 10 did */
    asx_float_network float_network; /* on the select images */
    asx_run_pace pace; /* of the run; `factor` of the campaign, where this run proved none */
} asx_standing;

/**
 * @param run  of the campaign; 0: it has none
 * @param out  asx_standing_fini it; untouched on failure
 * @return ASX_OK; ASX_ENOTFOUND for an unknown campaign; ASX_ENOMEM; ASX_EDB
 * Cost: that of asx_front_load with `few`, and of a hypervolume.
 */
ASX_API ASX_NODISCARD asx_status asx_standing_read(asx_standing *out, asx_store *store,
                                                   int64_t campaign, int64_t run, asx_error *err);
ASX_API void asx_standing_fini(asx_standing *s);

#ifdef __cplusplus
}
#endif

#endif
