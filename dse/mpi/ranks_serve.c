/* The other ranks: work on what rank 0 sends, until it says that there will be no more. */
#include <stdlib.h>
#include <string.h>

#include "ranks_private.h"

typedef struct line_state {
    asx_ranks *ranks;
    asx_ranks_head head;
} line_state;

static asx_status note(void *state, const char *bytes, size_t n, asx_error *err)
{
    const line_state *l = state;
    (void)err;
    asx_ranks_send_with_head(l->ranks, 0, ASX_POST_NOTE, &l->head, bytes, n);
    return ASX_OK;
}

static bool stop(void *state)
{
    const line_state *l = state;
    pthread_mutex_lock(&l->ranks->lock);
    const bool result = l->ranks->end || l->ranks->alone || l->head.run <= l->ranks->stopped;
    pthread_mutex_unlock(&l->ranks->lock);
    return result;
}

static void work_on(asx_ranks *r, const asx_ranks_letter *job, const asx_crew_server *server)
{
    line_state state = {.ranks = r};
    const asx_crew_line line = {note, stop, &state};
    asx_text answer = {0};
    asx_error error = {0};
    memcpy(&state.head, job->bytes, sizeof state.head);
    const double start = asx_ranks_now_s();
    asx_post_be_calm(r->post, ASX_RANKS_SILENCE_S); /* what comes now can wait for the answer */
    asx_status status = server->serve(server->state, &answer, job->bytes + sizeof state.head,
                                      job->n - sizeof state.head, &line, &error);
    if (status == ASX_OK && answer.failed)
        status = asx_fail(&error, ASX_ENOMEM, "no memory for an answer");
    state.head.seconds = asx_ranks_now_s() - start;
    state.head.status = status;
    asx_post_be_calm(r->post, 0);
    if (status == ASX_OK)
        asx_ranks_send_with_head(r, 0, ASX_POST_ANSWER, &state.head, answer.s, answer.n);
    else
        asx_ranks_send_with_head(r, 0, ASX_POST_ANSWER, &state.head, error.message,
                                 strlen(error.message));
    asx_text_fini(&answer);
}

/* The next job; NULL: there will be none. */
static asx_ranks_letter *receive(asx_ranks *r)
{
    pthread_mutex_lock(&r->lock);
    while (!r->inbox && !r->end && asx_ranks_leader_there(r))
        asx_ranks_wait(r);
    asx_ranks_letter *l = r->end || r->alone ? NULL : r->inbox;
    if (l) {
        r->inbox = l->next;
        r->last = r->inbox ? r->last : &r->inbox;
    }
    pthread_mutex_unlock(&r->lock);
    return l;
}

asx_status asx_ranks_serve(asx_ranks *ranks, const asx_ranks_proof *proof, size_t n,
                           const asx_crew_server *server, asx_error *err)
{
    uint64_t hash[ASX_RANKS_PROOFS_MAX];
    for (size_t i = 0; i < n && i < ASX_RANKS_PROOFS_MAX; i++)
        hash[i] = proof[i].hash;
    asx_ranks_send(ranks, 0, ASX_POST_PROOF, hash, n * sizeof *hash);
    for (asx_ranks_letter *job; (job = receive(ranks));) {
        work_on(ranks, job, server);
        free(job->bytes);
        free(job);
    }
    pthread_mutex_lock(&ranks->lock);
    const bool ended = ranks->end;
    pthread_mutex_unlock(&ranks->lock);
    return ended ? ASX_OK : asx_ranks_leader_silent(ranks, err);
}
