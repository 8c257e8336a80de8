/* Seals: a hash of every row as it was stored, so that one that changed by itself is found.
 *
 * The hash of an evaluation, its design and its breakdown stands in the breakdown. Those of the smaller tables, and of
 * the schema itself, are a set, the table `seal`: connections that write have triggers of their own that keep it, so
 * that no statement need know. `recalled` has no seals: an index holds all that its rows do, and the file's structure is
 * checked anyway; kept fronts are looked for anew when they are checked. */
#ifndef ASX_RESULTS_SEAL_H
#define ASX_RESULTS_SEAL_H

#include "db.h"
#include "dse/text.h"

/** What the checks are called, in the order of asx_seal_query. */
#define ASX_SEAL_CHECK_LIST(X)                                                                     \
    X(ASX_SEAL_EVALUATIONS, "evaluations are as they were stored")                                 \
    X(ASX_SEAL_ROWS, "other rows are as they were stored")                                         \
    X(ASX_SEAL_MISSING, "no stored row is missing or changed")

typedef enum asx_seal_check {
#define ASX_SEAL_ENUM(name, text) name,
    ASX_SEAL_CHECK_LIST(ASX_SEAL_ENUM)
#undef ASX_SEAL_ENUM
        ASX_SEAL_N_CHECKS
} asx_seal_check;

/** Makes asx_seal(...) known to a connection: the hash of its arguments, whatever they are. */
asx_status asx_seal_add_function(asx_store *store, asx_error *err);

/** From now on what this connection writes is sealed; evaluations seal themselves (ASX_DB_ADD_BREAKDOWN). */
asx_status asx_seal_watch(asx_store *store, asx_error *err);

/** Seals all rows of the smaller tables, and the schema, as they are now. In a transaction. */
asx_status asx_seal_rows(asx_store *store, asx_error *err);

/** Seals the evaluations that have no seal yet. In a transaction. */
asx_status asx_seal_evaluations(asx_store *store, asx_error *err);

/** Takes out rows of the smaller tables that are not as they were stored. In a transaction, without references
 * enforced; those that other rows are about are the caller's matter before. */
asx_status asx_seal_take_out(asx_store *store, asx_error *err);

/** A query for the ids of rows of `table` that are not as they were stored; `column` is the id. */
asx_status asx_seal_wrong(asx_text *out, asx_store *store, const char *table, const char *column,
                          asx_error *err);

/** Appends a query that gives the number of faults and an example. @param schema  "main", or what is attached */
asx_status asx_seal_query(asx_text *out, asx_store *store, asx_seal_check which, const char *schema,
                          asx_error *err);

/* Of columns of an evaluation, its design and its breakdown; and that a breakdown b has another one. */
#define ASX_SEAL_OF_EVALUATION                                                                     \
    "asx_seal(placement, formats, inputs, campaign, " ASX_DB_EVALUATION ASX_DB_BREAKDOWN ")"
#define ASX_SEAL_BROKEN "b.seal IS NOT " ASX_SEAL_OF_EVALUATION

#endif
