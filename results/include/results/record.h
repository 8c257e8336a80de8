/* Campaigns in the database: what was asked, and of which network, data and technology. */
#ifndef ASX_RESULTS_RECORD_H
#define ASX_RESULTS_RECORD_H

#include <stdint.h>

#include "dse/api.h"
#include "dse/error.h"
#include "dse/evaluation.h"
#include "dse/score.h"
#include "dse/workload.h"
#include "results/store.h"

#ifdef __cplusplus
extern "C" {
#endif

/* {member and column}: texts of a campaign, in the order of the table. Two campaigns are the same
 * if all of these and the seed are. */
#define ASX_RECORD_TEXT_LIST(X)                                                                    \
    X(name)                                                                                        \
    X(text)         /* the campaign file */                                                        \
    X(objectives)   /* "drop energy" */                                                            \
    X(limits)       /* "drop=2", or "" */                                                          \
    X(network)      /* file name */                                                                \
    X(network_hash) /* 16 hexadecimal digits */                                                    \
    X(data)         /* file names */                                                               \
    X(data_hash)                                                                                   \
    X(technology)      /* name */                                                                  \
    X(technology_text) /* its CSV file */                                                          \
    X(machine)         /* "name=value ..." */                                                      \
    X(baseline)        /* text of the design that savings are quoted against */

typedef struct asx_record {
#define ASX_MEMBER(name) const char *name;
    ASX_RECORD_TEXT_LIST(ASX_MEMBER)
#undef ASX_MEMBER
    uint64_t seed;
    asx_score score;     /* what accuracies are; depends on the data, whose hash tells it */
    const char *version; /* of the program */
    const char *created; /* UTC, ISO 8601, given by the caller: the library reads no clock */
} asx_record;

/**
 * Finds or adds a campaign and its workload.
 * @param record  a NULL text counts as ""; strings are borrowed for the call
 * @return ASX_OK; ASX_EINVAL without a name; ASX_EDB
 */
ASX_API ASX_NODISCARD asx_status asx_record_add(int64_t *id, asx_store *store,
                                                const asx_record *record, const asx_workload *work,
                                                asx_error *err);

/** The newest campaign of a name, or the one of this number (2 or #2). If `name` is NULL: the newest that was run or has
 *  evaluations besides those of studies, else the newest of all. ASX_EINVAL if one campaign has this name and another this
 *  number; ASX_ENOTFOUND lists the names. */
ASX_API ASX_NODISCARD asx_status asx_record_find(int64_t *id, asx_store *store, const char *name,
                                                 asx_error *err);

/**
 * Reads a campaign and its workload back.
 * @param record  asx_record_fini it
 * @param work    asx_workload_fini it; may be NULL
 * @return ASX_OK; ASX_ENOTFOUND; ASX_ENOMEM; ASX_EDB
 */
ASX_API ASX_NODISCARD asx_status asx_record_read(asx_record *record, asx_workload *work,
                                                 asx_store *store, int64_t id, asx_error *err);

/** Releases what asx_record_read filled in. Not for records whose strings are the caller's. */
ASX_API void asx_record_fini(asx_record *record);

/**
 * The numbers of all campaigns, oldest first.
 * @param out  [n] owned by the caller, free(); NULL if there are none
 */
ASX_API ASX_NODISCARD asx_status asx_record_ids(int64_t **out, size_t *n, asx_store *store,
                                                asx_error *err);

/** The hash that campaigns are told apart by: of all texts and the seed. */
ASX_API uint64_t asx_record_key(const asx_record *record);

/* record_terms.c */

/**
 * What a record minimises: "drop energy".
 * @param out  [ASX_N_OBJECTIVES], `*n` of them are written, at least one
 * @return ASX_OK; ASX_EDB if there are none or too many; ASX_ENOTFOUND for another word
 */
ASX_API ASX_NODISCARD asx_status asx_record_objectives(asx_objective *out, size_t *n,
                                                       const char *text, asx_error *err);

/**
 * The limits that a record states: "drop=2 energy=1e6"; none: "".
 * @return ASX_OK; ASX_EDB, ASX_ENOTFOUND or ASX_EPARSE for a word that is no limit
 */
ASX_API ASX_NODISCARD asx_status asx_record_limits(asx_limits *out, const char *text,
                                                   asx_error *err);

/** The same of a stored campaign. */
ASX_API ASX_NODISCARD asx_status asx_record_read_limits(asx_limits *out, asx_store *store,
                                                        int64_t id, asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
