/* A stored campaign whose designs are evaluated outside of asx: by a batch system, or by a program
 * of the user's. Accuracy comes from there, cost from the campaign's machine. */
#ifndef ASX_CLI_OUTSIDE_H
#define ASX_CLI_OUTSIDE_H

#include "exploration.h"
#include "separable_model.h"

typedef struct outside {
    workbench w;
    asx_store *store;
    int64_t campaign;        /* its id */
    asx_store_inputs inputs; /* tier 'measured', but no accuracies that asx measured itself */
    asx_ledger ledger;
    separable_model *model; /* for searchers that compute */
} outside;

/**
 * @param path      of the campaign file; NULL: the embedded one
 * @param database  NULL: the campaign's name with .db
 * @param o         stays where it is until outside_close, which is due in any case
 */
ASX_NODISCARD asx_status outside_open(outside *o, const char *path, const char *database,
                                      asx_error *err);
void outside_close(outside *o);

/** The campaign's search, on what it was told. @param o  its model is made if the searcher wants it
 */
ASX_NODISCARD asx_status outside_search(asx_search *out, outside *o, asx_error *err);

/** Seconds since 1970, UTC. */
int64_t outside_now(void);

#endif
