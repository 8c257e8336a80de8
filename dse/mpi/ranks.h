/* The ranks of an MPI job as a crew (dse/crew.h): rank 0 leads, the others work for it, and it works
 * as well. All calls of MPI are made by one thread of each rank, which begins and ends MPI too
 * (MPI_THREAD_FUNNELED): nobody waits for messages while he computes, and who has nothing to do
 * sleeps.
 *
 * A rank that fails says so and why, by its number and host. One that dies without a word is noticed
 * at once by rank 0 if both are on one machine (rank 0 itself by rank 1); on another one it is missed
 * when it was silent for ASX_RANKS_SILENCE_S, if the launcher has not ended the job before. */
#ifndef ASX_RANKS_H
#define ASX_RANKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dse/crew.h"
#include "dse/error.h"

enum { ASX_RANKS_SILENCE_S = 120 };

typedef struct asx_ranks asx_ranks;

/** A rank died: said at once, by a thread of its own, as the launcher may end this one next. What fails
 *  of it says the same. */
typedef void asx_ranks_lost(const char *message);

/**
 * Begins MPI and meets the others.
 * @param out  asx_ranks_end it
 * @param lost called at most once
 * @return ASX_OK; ASX_ENOMEM; ASX_EIO if a thread or MPI cannot be had
 */
ASX_NODISCARD asx_status asx_ranks_start(asx_ranks **out, asx_ranks_lost *lost, asx_error *err);

size_t asx_ranks_number(const asx_ranks *ranks);
size_t asx_ranks_size(const asx_ranks *ranks);

/** Processors for this rank: those it may run on, divided by the ranks of its machine that may run
 *  on the same; at least 1. */
size_t asx_ranks_threads(const asx_ranks *ranks);

/* Something that must be the same for all, and its hash. */
typedef struct asx_ranks_proof {
    const char *name;
    uint64_t hash;
} asx_ranks_proof;

/**
 * Rank 0: waits for the proofs of all others and compares them with its own.
 * @param proof  [n], the same names on all ranks
 * @return ASX_OK; ASX_EINVAL "rank 3 (node7): its data are not those of rank 0"; what a rank said that
 *         could not begin, in its words
 */
ASX_NODISCARD asx_status asx_ranks_prove(asx_ranks *ranks, const asx_ranks_proof *proof, size_t n,
                                         asx_error *err);

/** Rank 0: the crew. @param own  works here; borrowed. Borrowed from the ranks */
const asx_crew *asx_ranks_crew(asx_ranks *ranks, const asx_crew_server *own);

/** The others: send their proofs, and work until rank 0 ends. Failures of jobs go to rank 0.
 *  @return ASX_OK; ASX_EIO if rank 0 is silent */
ASX_NODISCARD asx_status asx_ranks_serve(asx_ranks *ranks, const asx_ranks_proof *proof, size_t n,
                                         const asx_crew_server *server, asx_error *err);

/** The others, instead: why this rank cannot work. */
void asx_ranks_refuse(asx_ranks *ranks, const char *why);

/**
 * Ends MPI. Rank 0 tells the others; the others wait for that.
 * @param failed  of rank 0: others may still work on what nobody wants; if they do not end within
 *                seconds the job is aborted
 */
void asx_ranks_end(asx_ranks *ranks, bool failed);

#endif
