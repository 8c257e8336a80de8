/* A campaign as the database remembers it, with its machine rebuilt: neither the campaign file nor
 * the network is needed to work out what a design costs. */
#ifndef ASX_EXPLORE_STORED_H
#define ASX_EXPLORE_STORED_H

#include "dse/api.h"
#include "dse/output.h"
#include "explore/campaign.h"
#include "hwmodel/machine.h"
#include "results/record.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct asx_stored {
    asx_record record;
    asx_workload work;
    asx_technology *technology;
    asx_machine *machine;
} asx_stored;

/** @param s  stored_fini it, whatever is returned */
ASX_API ASX_NODISCARD asx_status asx_stored_read(asx_stored *s, asx_store *store, int64_t campaign,
                                                 asx_error *err);
ASX_API void asx_stored_fini(asx_stored *s);

/**
 * Adds a database, what SQLite keeps beside it, and the files of its campaigns (asx_campaign_files), whose paths are taken
 * from the database's folder.
 * @param output  the file to be written: it is added if it says what a campaign's file said
 * @return ASX_OK; ASX_ENOMEM; why the database cannot be read
 */
ASX_API ASX_NODISCARD asx_status asx_stored_files(asx_kept *out, const char *database,
                                                  const char *output, asx_campaign_lookup *lookup,
                                                  asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
