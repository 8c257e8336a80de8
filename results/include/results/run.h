/* Runs in the database: which process worked on a campaign when, how far it is and how it ended. */
#ifndef ASX_RESULTS_RUN_H
#define ASX_RESULTS_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "dse/error.h"
#include "dse/observer.h"
#include "results/store.h"

#ifdef __cplusplus
extern "C" {
#endif

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
ASX_API ASX_NODISCARD asx_status asx_run_begin(int64_t *id, asx_store *store, int64_t campaign,
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

/** Books a moment of a run, at once, whatever waits in the store's ledgers. */
ASX_API ASX_NODISCARD asx_status asx_run_note(asx_store *store, int64_t id,
                                              const asx_moment *moment, asx_error *err);

/**
 * Books how a run ended; a run without an end was killed. Flushes the store's ledgers before, and
 * keeps the campaign's front behind.
 * @return ASX_OK; ASX_ENOTFOUND for an unknown run; ASX_ENOMEM; ASX_EDB
 */
ASX_API ASX_NODISCARD asx_status asx_run_end(asx_store *store, int64_t id, const char *stopped,
                                             const char *reason, const asx_progress *progress,
                                             asx_error *err);

/* ---- looking at them ---- */

/* A run as the database has it. Texts are the entry's. */
typedef struct asx_run_entry {
    int64_t id, campaign;
    size_t threads; /* 0: all */
    int64_t process;
    double evaluated; /* designs; NAN: it has not ended */
    double elapsed_s; /* of a run that has not ended: up to now */
    char *version, *build, *processor, *started;
    char *reason; /* why it stopped; NULL: it works, or was killed */
} asx_run_entry;

/**
 * The runs of a campaign, oldest first.
 * @param campaign  0: of all
 * @param out       [n] asx_run_list_free it; NULL if there are none
 * @return ASX_OK; ASX_ENOMEM; ASX_EDB
 */
ASX_API ASX_NODISCARD asx_status asx_run_list(asx_run_entry **out, size_t *n, asx_store *store,
                                              int64_t campaign, asx_error *err);
ASX_API void asx_run_list_free(asx_run_entry *run, size_t n);

/* Where a run is, by the last moment it booked. */
typedef struct asx_run_pace {
    char stage[64];     /* "" if it never said so */
    double done, total; /* designs of this stage; NAN: not known */
    double left_s; /* to the end of the stage, by the rate of the last minute; NAN: not known */
    double factor; /* that is proven so far; NAN: nothing */
} asx_run_pace;

/** @param id  a run's; of one that booked no moment, or that is not there, nothing is known */
ASX_API ASX_NODISCARD asx_status asx_run_pace_read(asx_run_pace *out, asx_store *store, int64_t id,
                                                   asx_error *err);

/* A moment at which an exact search had proven something. */
typedef struct asx_run_proof {
    double elapsed_s; /* since its stage began */
    double factor;
    bool begins; /* it is the first of its stage */
} asx_run_proof;

/**
 * What the newest run of a campaign that proved something had proven, over time.
 * @param out  [n] owned by the caller, free(); NULL if nothing was proven
 * @return ASX_OK; ASX_ENOMEM; ASX_EDB
 */
ASX_API ASX_NODISCARD asx_status asx_run_proven(asx_run_proof **out, size_t *n, asx_store *store,
                                                int64_t campaign, asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
