/* How far a campaign is, from what its database holds: while its run works, and after. */
#ifndef ASX_CLI_STANDING_H
#define ASX_CLI_STANDING_H

#include "dse/text.h"
#include "results/store.h"

typedef struct standing {
    double front;       /* designs that asx front prints; NAN: there is none */
    double hypervolume; /* of these, as a share of the box up to `reference`; NAN: not computed */
    asx_text reference; /* "drop=20 energy_pj=663816" */
    char stage[64];     /* what the run was at when it last said so; "" if it never did */
    double done, total; /* designs of this stage; total NAN: not known */
    double left_s; /* to the end of the stage, by the rate of the last minute; NAN: not known */
    double factor; /* that an exact search has proven so far; NAN: nothing */
} standing;

/**
 * @param run  of the campaign; 0: it has none
 * @param out  standing_fini it
 */
ASX_NODISCARD asx_status standing_read(standing *out, asx_store *store, int64_t campaign,
                                       int64_t run, asx_error *err);
void standing_fini(standing *s);

#endif
