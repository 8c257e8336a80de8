/* A crew: processes that share the work of one of them, its leader. Who measures, makes tables or
 * trains hands out jobs and takes answers; where they are worked on is the crew's affair (the ranks
 * of an MPI job: dse/mpi). Without a crew everything is done here.
 *
 * Jobs and answers are bytes. They hold structs as they lie in memory, so they are for processes of
 * the same program that hold the same inputs, which is what a crew proves before it begins. */
#ifndef ASX_DSE_CREW_H
#define ASX_DSE_CREW_H

#include <stdbool.h>
#include <stddef.h>

#include "dse/api.h"
#include "dse/error.h"
#include "dse/text.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a job begins with, which says who works on it. */
typedef enum asx_crew_kind {
    ASX_CREW_MEASURE, /* answers of designs on images */
    ASX_CREW_CHANGE,  /* how far designs' answers are from another's: rows of the proxy's table */
    ASX_CREW_ERRORS,  /* errors of words: the same table */
    ASX_CREW_TRAIN,   /* a design's training */
    ASX_CREW_WAIT,    /* nothing for some seconds: benchmarks of crews */
    ASX_CREW_N_KINDS
} asx_crew_kind;

typedef struct asx_crew_job {
    asx_text bytes; /* the kind (asx_crew_begin), then what belongs to it */
    size_t number;  /* the task's name for it: 0, 1, 2, ... */
    size_t weight;  /* designs that it is about, for those who watch */
    size_t worker;  /* 0 .. n - 1: who is to work on it, for tasks that give everybody its own */
} asx_crew_job;

/* What became of a job. */
typedef struct asx_crew_answer {
    const char *bytes; /* [n], borrowed for the call */
    size_t n;
    double seconds;    /* that somebody worked on it */
    asx_status status; /* else: the job failed, for reasons of its own or of whoever worked on it */
    const char *message;
} asx_crew_answer;

/* Work to be shared. The functions are called one at a time, by any thread. */
typedef struct asx_crew_task {
    /** The next job. Left without bytes: there is none now; it is asked for again after every answer,
     *  and the task ends when nothing is out. */
    asx_status (*next)(void *state, asx_crew_job *job, asx_error *err);
    asx_status (*take)(void *state, size_t number, const asx_crew_answer *answer, asx_error *err);
    /** What a job tells on its way. May be NULL. */
    asx_status (*note)(void *state, size_t number, const char *bytes, size_t n, asx_error *err);
    /** May be NULL. True: no further job is begun, long ones end early, and what is out is taken. */
    bool (*stop)(void *state);
    void *state;
} asx_crew_task;

/* What a crew did so far; times are sums over all who work. */
typedef struct asx_crew_figures {
    size_t out;      /* designs that somebody works on or is sent */
    double worked_s; /* with a job */
    double dry_s;    /* without one, as there was none to hand out */
    double late_s;   /* without one, though there was */
} asx_crew_figures;

typedef struct asx_crew {
    size_t n; /* who work; the leader is one of them */
    /** Has a task worked on by all. @return ASX_OK; what the task's functions say; ASX_EIO if one who
     *  works was lost */
    asx_status (*run)(void *state, const asx_crew_task *task, asx_error *err);
    asx_crew_figures (*figures)(void *state);
    void *state;
} asx_crew;

/* How somebody who works on a long job tells of it, and hears that it should end. */
typedef struct asx_crew_line {
    asx_status (*note)(void *state, const char *bytes, size_t n, asx_error *err);
    bool (*stop)(void *state);
    void *state;
} asx_crew_line;

/* Who works on jobs. */
typedef struct asx_crew_server {
    /** @param answer appended to */
    asx_status (*serve)(void *state, asx_text *answer, const char *job, size_t n,
                        const asx_crew_line *line, asx_error *err);
    void *state;
} asx_crew_server;

/** Begins a job: its kind. */
ASX_API void asx_crew_begin(asx_text *job, asx_crew_kind kind);

/** The kind of a job; ASX_CREW_N_KINDS if it has none. */
ASX_API asx_crew_kind asx_crew_kind_of(const char *job, size_t n);

/* Bytes of a job or an answer that are still to be read. */
typedef struct asx_crew_reader {
    const char *at;
    size_t left;
    bool failed; /* there were fewer than asked for */
} asx_crew_reader;

/** Of a job, behind its kind. */
ASX_API asx_crew_reader asx_crew_read(const char *job, size_t n);

/** Copies the next bytes; zeros if there are too few. */
ASX_API void asx_crew_get(void *to, asx_crew_reader *from, size_t n);

/** The next bytes where they lie; NULL if there are too few. */
ASX_API const char *asx_crew_at(asx_crew_reader *from, size_t n);

/** @return ASX_OK if all was there and nothing is left */
ASX_API ASX_NODISCARD asx_status asx_crew_read_end(const asx_crew_reader *from, asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
