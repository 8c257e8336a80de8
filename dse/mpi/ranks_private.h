/* What the files of this folder share: the ranks as each of them sees them. Private. */
#ifndef ASX_RANKS_RANKS_PRIVATE_H
#define ASX_RANKS_RANKS_PRIVATE_H

#include <pthread.h>

#include "deaths.h"
#include "post.h"
#include "ranks.h"

enum { ASX_RANKS_HOST_SIZE = 64, ASX_RANKS_PROOFS_MAX = 16 };

/* Who a rank is. */
typedef struct asx_ranks_hello {
    char host[ASX_RANKS_HOST_SIZE];
    uint64_t processors; /* hash of which it may run on */
    size_t n_processors;
    int64_t pid;
    uint64_t pids; /* asx_deaths_namespace: whose numbers of processes are the same */
} asx_ranks_hello;

/* What rank 0 answers. */
typedef struct asx_ranks_welcome {
    size_t sharing; /* ranks on the same processors */
    asx_ranks_hello leader;
} asx_ranks_welcome;

/* A rank as rank 0 knows it. */
typedef struct asx_ranks_member {
    asx_ranks_hello hello;
    bool greeted, gone, died;
    uint64_t proof[ASX_RANKS_PROOFS_MAX];
    size_t n_proofs; /* 0: not there yet */
    char *refusal;   /* NULL: none */
    size_t n_out;    /* jobs that it has */
} asx_ranks_member;

/* Before the bytes of a job and of an answer. `run` tells answers of a run that failed from others. */
typedef struct asx_ranks_head {
    uint64_t run, number;
    double seconds;
    asx_status status;
} asx_ranks_head;

/* A job that waits at the rank that is to work on it. */
typedef struct asx_ranks_letter {
    struct asx_ranks_letter *next;
    char *bytes;
    size_t n;
} asx_ranks_letter;

/* A task that all work on; of rank 0. */
typedef struct asx_ranks_work {
    const asx_crew_task *task; /* NULL: none */
    uint64_t run;
    size_t n_out;   /* jobs, own ones among them */
    bool dry;       /* there was no job to hand out when it was last asked for one */
    bool stopped;   /* it says stop, and the others were told */
    bool own;       /* this rank has a job */
    double job_s;   /* that a job takes; 0: nobody knows yet */
    size_t *weight; /* [capacity] of job `number` modulo capacity, while it is out */
    size_t capacity;
    asx_status status;
    asx_error error;
} asx_ranks_work;

struct asx_ranks {
    asx_post *post;
    asx_deaths *deaths;
    asx_ranks_lost *lost;
    size_t rank, size, threads;
    pthread_mutex_t lock;   /* of all that follows */
    pthread_cond_t changed; /* whatever */
    /* rank 0 */
    asx_ranks_member *member; /* [size] */
    asx_ranks_work work;
    const asx_crew_server *server; /* own */
    asx_crew crew;
    asx_crew_figures figures;
    double counted_s; /* when the figures were brought up to date */
    /* the others */
    bool welcome, end;
    bool alone; /* rank 0 died */
    asx_ranks_hello leader;
    uint64_t stopped; /* jobs of runs up to this are to end early */
    size_t sharing;   /* ranks on the same processors */
    asx_ranks_letter *inbox, **last;
};

/* ---- ranks_common.c ---- */

double asx_ranks_now_s(void);

/** With the lock held: waits for a change, a second at most. */
void asx_ranks_wait(asx_ranks *ranks);

/** Of rank 0, with the lock held: "rank 3 (node7)". */
void asx_ranks_name(char out[ASX_RANKS_HOST_SIZE + 32], const asx_ranks *ranks, size_t rank);

/** With the lock held: whether a rank died or was silent for too long; the message says which. */
ASX_NODISCARD asx_status asx_ranks_check_alive(asx_ranks *ranks, asx_error *err);

/** Why work ends when a rank died. @return `err->status` */
asx_status asx_ranks_say_died(size_t rank, const char *host, asx_error *err);

/** Of the others: why rank 0 says nothing. */
ASX_NODISCARD asx_status asx_ranks_leader_silent(const asx_ranks *ranks, asx_error *err);

/** With the lock held: whether there is still somebody to wait for. */
bool asx_ranks_leader_there(const asx_ranks *ranks);

/** Sends a copy. */
void asx_ranks_send(asx_ranks *ranks, size_t rank, asx_post_kind kind, const void *bytes, size_t n);

/** Sends an answer or a job. @param bytes [n], may be NULL */
void asx_ranks_send_with_head(asx_ranks *ranks, size_t rank, asx_post_kind kind,
                              const asx_ranks_head *head, const char *bytes, size_t n);

/* ---- ranks_lead.c: rank 0 ---- */

/** A message that came to rank 0, with the lock held. */
void asx_ranks_lead_arrived(asx_ranks *ranks, size_t rank, asx_post_kind kind, const char *bytes,
                            size_t n);

/** asx_crew.run and asx_crew.figures. @param state the ranks */
ASX_NODISCARD asx_status asx_ranks_run(void *state, const asx_crew_task *task, asx_error *err);
asx_crew_figures asx_ranks_figures(void *state);

#endif
