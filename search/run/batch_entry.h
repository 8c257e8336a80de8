/* Private: what the three ways of working through a batch share. */
#ifndef ASX_SEARCH_BATCH_ENTRY_H
#define ASX_SEARCH_BATCH_ENTRY_H

#include <omp.h>
#include <stdatomic.h>

#include "batch.h"
#include "dse/text.h"
#include "point_set.h"
#include "volume.h"

/* A point that took less took next to no time. */
#define ASX_BATCH_QUICK_S 1e-4

typedef struct asx_batch_entry {
    const asx_gene *point;
    asx_design design;
    asx_text text;
    asx_evaluation evaluation;
    double seconds;   /* of the evaluation */
    bool recalled;    /* the ledger had it */
    bool booked;      /* guarded by the lock */
    atomic_bool done; /* all of the above but `booked` is final */
} asx_batch_entry;

struct asx_batch {
    const asx_search *config;
    asx_archive *archive;
    asx_progress *progress;
    double start_s;
    asx_batch_entry *entry;
    asx_point_set seen;
    asx_volume volume; /* guarded by the lock */
    omp_lock_t lock;   /* guards the ledger, and all of the following but `halt` */
    size_t n;          /* entries of this batch */
    size_t settled;    /* so many are booked and archived */
    double unbooked_s;
    bool broken;    /* broken: ledger or observer failed, so no more of them */
    size_t culprit; /* the entry whose failure is reported */
    asx_status status;
    asx_error error;
    atomic_bool halt;  /* begin no further evaluation */
    size_t chunk_size; /* designs evaluated together, where that is cheaper */
};

/* batch_entry.c */

/** Frees what an entry holds. */
void asx_batch_release(asx_batch_entry *e);

/** Decodes an entry's design and asks the ledger for it. */
ASX_NODISCARD asx_status asx_batch_recall(asx_batch *batch, asx_batch_entry *e, asx_error *err);

/** Evaluates an entry; a failure names the design. */
ASX_NODISCARD asx_status asx_batch_evaluate(asx_batch *batch, asx_batch_entry *e, asx_error *err);

/* With the lock held, or on one thread only: */

/** The failure of the earliest entry is the one to report. */
void asx_batch_fail(asx_batch *batch, size_t culprit, asx_status status, const asx_error *error);

/** Books and publishes in order as far as entries are done; `all`: beyond gaps. */
void asx_batch_settle(asx_batch *batch, bool all);

/** Brings the progress' hypervolume up to date.
 *  @param objective  of a new feasible point, or NULL @param force  be exact */
ASX_NODISCARD asx_status asx_batch_watch(asx_batch *batch, const double *objective, bool force,
                                         asx_error *err);

/** Whether the configuration's `stop` says so; then nothing further begins. */
bool asx_batch_stops(asx_batch *batch);

/* batch_each.c */

/** Hands all entries to an evaluator that has others work for it. */
void asx_batch_process_each(asx_batch *batch);

/* batch_many.c */

/** Works through the entries in chunks that are evaluated together. */
void asx_batch_process_many(asx_batch *batch);

#endif
