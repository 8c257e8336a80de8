/* Provenance in the database: which campaigns there are, and the runs that worked on them. */
#ifndef ASX_RESULTS_CAMPAIGN_H
#define ASX_RESULTS_CAMPAIGN_H

#include <stdint.h>

#include "dse/error.h"
#include "dse/observer.h"
#include "dse/workload.h"
#include "results/store.h"

/* {member and column}: texts of a campaign, in the order of the table. Two campaigns are the same
 * if all of these and the seed are. */
#define ASX_CAMPAIGN_TEXT_LIST(X)                                                                  \
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

typedef struct asx_campaign_record {
#define ASX_MEMBER(name) const char *name;
    ASX_CAMPAIGN_TEXT_LIST(ASX_MEMBER)
#undef ASX_MEMBER
    uint64_t seed;
    const char *version; /* of the program */
    const char *created; /* UTC, ISO 8601, given by the caller: the library reads no clock */
} asx_campaign_record;

/**
 * Finds or adds a campaign and its workload.
 * @param record  a NULL text counts as ""; strings are borrowed for the call
 * @return ASX_OK; ASX_EINVAL without a name; ASX_EDB
 */
ASX_NODISCARD asx_status asx_campaign_add(int64_t *id, asx_store *store,
                                          const asx_campaign_record *record,
                                          const asx_workload *work, asx_error *err);

/** The newest campaign of a name, else the one of this number; the newest of all if `name` is NULL.
 *  ASX_ENOTFOUND lists the names. */
ASX_NODISCARD asx_status asx_campaign_find(int64_t *id, asx_store *store, const char *name,
                                           asx_error *err);

/**
 * Reads a campaign and its workload back.
 * @param record  asx_campaign_record_fini it
 * @param work    asx_workload_fini it; may be NULL
 * @return ASX_OK; ASX_ENOTFOUND; ASX_ENOMEM; ASX_EDB
 */
ASX_NODISCARD asx_status asx_campaign_read(asx_campaign_record *record, asx_workload *work,
                                           asx_store *store, int64_t id, asx_error *err);

/** Releases what asx_campaign_read filled in. Not for records whose strings are the caller's. */
void asx_campaign_record_fini(asx_campaign_record *record);

/* A process that works on a campaign. Texts are the caller's; NULL counts as "". */
typedef struct asx_run_record {
    const char *version;   /* of the program */
    const char *build;     /* its commit, compiler and flags, as far as they are known */
    const char *processor; /* that it runs on */
    size_t threads;
    int64_t process;     /* number in the operating system */
    const char *started; /* UTC, ISO 8601 */
} asx_run_record;

/** Books that a process begins to work on a campaign. */
ASX_NODISCARD asx_status asx_run_begin(int64_t *id, asx_store *store, int64_t campaign,
                                       const asx_run_record *record, asx_error *err);

/* How far a run is. */
typedef struct asx_moment {
    double elapsed_s;     /* since the run began, of increasing moments */
    const char *stage;    /* what it is at */
    uint64_t done, total; /* designs of the stage; total 0: not known */
    size_t front;
    double hypervolume; /* share of the box up to the campaign's reference point */
    double factor;      /* that is proven, see the table `moment`; INFINITY: nothing is */
} asx_moment;

/** Books a moment of a run, at once, whatever waits in the store's ledgers. Looked at by SQL. */
ASX_NODISCARD asx_status asx_run_note(asx_store *store, int64_t id, const asx_moment *moment,
                                      asx_error *err);

/** Books how a run ended; a run without an end was killed. Flushes the store's ledgers first. */
ASX_NODISCARD asx_status asx_run_end(asx_store *store, int64_t id, const char *stopped,
                                     const char *reason, const asx_progress *progress,
                                     asx_error *err);

#endif
