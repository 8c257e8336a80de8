/* The thread that makes all calls of MPI: sends what it is given, hands over what comes. Private. */
#ifndef ASX_RANKS_POST_H
#define ASX_RANKS_POST_H

#include <stdbool.h>
#include <stddef.h>

#include "dse/error.h"

typedef enum asx_post_kind {
    ASX_POST_HELLO,   /* to 0: who this is; ASX_POST_HELLO from 0: how many share its processors */
    ASX_POST_PROOF,   /* to 0: hashes */
    ASX_POST_REFUSAL, /* to 0: why this rank cannot work */
    ASX_POST_JOB,     /* from 0 */
    ASX_POST_ANSWER,  /* to 0 */
    ASX_POST_NOTE,    /* to 0 */
    ASX_POST_STOP,    /* from 0: long jobs are to end early */
    ASX_POST_ALIVE,   /* both ways, every few seconds */
    ASX_POST_END,     /* from 0: there will be no more */
    ASX_POST_BYE,     /* to 0: the last of a rank */
    ASX_POST_N_KINDS
} asx_post_kind;

/** A message that came. @param bytes [n], taken over: free() */
typedef void asx_post_arrived(void *state, size_t rank, asx_post_kind kind, char *bytes, size_t n);

typedef struct asx_post asx_post;

/** Begins MPI in a thread of its own. @param arrived  called by that thread */
ASX_NODISCARD asx_status asx_post_new(asx_post **out, asx_post_arrived *arrived, void *state,
                                      asx_error *err);

size_t asx_post_rank(const asx_post *post);
size_t asx_post_size(const asx_post *post);

/** From now on messages are handed over: not before `state` is ready for them. */
void asx_post_open(asx_post *post);

/** Sends; by any thread. @param bytes [n], taken over. Without memory nothing is sent, and the rank is
 *  missed */
void asx_post_send(asx_post *post, size_t rank, asx_post_kind kind, char *bytes, size_t n);

/** Nothing that matters is expected to come for so long: looks for it are rare until then. Replaces
 *  what was said before; 0: anything may come now. */
void asx_post_be_calm(asx_post *post, double seconds);

/** Seconds since a rank was last heard of. */
double asx_post_silence_s(asx_post *post, size_t rank);

/** Sends what waits, ends MPI and the thread. @param abort_code  not 0: ends the job at once */
void asx_post_free(asx_post *post, int abort_code);

#endif
