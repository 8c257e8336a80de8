/* Private to external evaluation: what is open. */
#ifndef ASX_EXPLORE_EXTERNAL_PRIVATE_H
#define ASX_EXPLORE_EXTERNAL_PRIVATE_H

#include "dse/ledger.h"
#include "explore/external.h"
#include "search_builder.h"

struct asx_external {
    asx_session session;
    asx_store *store;
    int64_t campaign;        /* its id */
    asx_store_inputs inputs; /* tier 'measured'; unless they are `own`, no accuracies that asx
                              * measured itself */
    asx_ledger ledger;
    asx_separable_model *model; /* for searchers that compute */
};

/** Opens a campaign. @param own  evaluations will be asx's own */
ASX_NODISCARD asx_status asx_external_open_as(asx_external **out, asx_campaign *campaign,
                                              const char *database, bool own, asx_error *err);

/**
 * Books an evaluation with the campaign's costs unless it is known; it is on the disk before its
 * lease is over (asx_external_settle).
 */
ASX_NODISCARD asx_status asx_external_book(bool *known, asx_external *e, const asx_accuracy *found,
                                           const asx_design *design, asx_error *err);

/** Commits what was booked, then ends the leases of these designs. @param design [n] texts */
ASX_NODISCARD asx_status asx_external_settle(asx_external *e, const char *const *design, size_t n,
                                             asx_error *err);

#endif
