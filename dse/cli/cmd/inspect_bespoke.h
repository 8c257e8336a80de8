/* What a campaign of bespoke classifiers is made of. */
#ifndef ASX_CLI_INSPECT_BESPOKE_H
#define ASX_CLI_INSPECT_BESPOKE_H

#include "explore/campaign.h"
#include "look.h"

/** Opens its table and its cells, and prints what is in them and what a run would do. @return as asx_bespoke_open */
ASX_NODISCARD asx_status inspect_bespoke(const asx_campaign *campaign, const look *l,
                                         asx_error *err);

#endif
