/* A session that works for another process on the same campaign: its jobs (dse/crew.h). */
#ifndef ASX_EXPLORE_WORKER_H
#define ASX_EXPLORE_WORKER_H

#include <stdint.h>

#include "dse/api.h"
#include "dse/crew.h"
#include "explore/session.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct asx_worker asx_worker;

/** @param s  borrowed; used by one thread at a time. Opens what jobs need when they need it */
ASX_API ASX_NODISCARD asx_status asx_worker_new(asx_worker **out, asx_session *s, asx_error *err);
ASX_API void asx_worker_free(asx_worker *worker);

/** Works on a job: a function of asx_crew_server, its `state` the worker. */
ASX_API ASX_NODISCARD asx_status asx_worker_serve(void *state, asx_text *answer, const char *job,
                                                  size_t n, const asx_crew_line *line,
                                                  asx_error *err);

/* What sessions must have in common to work on the same campaign, as hashes. */
typedef struct asx_worker_inputs {
    uint64_t program; /* version, commit, compiler */
    uint64_t network, data;
    uint64_t rules; /* which images are for what, calibration, training */
} asx_worker_inputs;

/** @param out  what the session has; opens its data. @return as asx_session_need_data; ASX_ENOMEM */
ASX_API ASX_NODISCARD asx_status asx_worker_know_inputs(asx_worker_inputs *out, asx_session *s,
                                                        asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
