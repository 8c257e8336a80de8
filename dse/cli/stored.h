/* A campaign as the database remembers it, with its machine rebuilt: neither the campaign file nor
 * the network is needed to work out what a design costs. */
#ifndef ASX_CLI_STORED_H
#define ASX_CLI_STORED_H

#include "hwmodel/machine.h"
#include "results/campaign.h"

typedef struct stored {
    asx_campaign_record record;
    asx_workload work;
    asx_technology *technology;
    asx_machine *machine;
} stored;

/** @param s  stored_fini it, whatever is returned */
ASX_NODISCARD asx_status stored_read(stored *s, asx_store *store, int64_t campaign, asx_error *err);
void stored_fini(stored *s);

#endif
