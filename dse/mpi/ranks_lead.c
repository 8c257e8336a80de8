/* Rank 0: hands out jobs, takes answers, and works on jobs itself. */
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "ranks_private.h"

/* Of jobs that take less than this a rank has several, so that it never waits for the next one. */
static const double SHORT_S = 0.02;
enum { AHEAD = 4 };

static void count(asx_ranks *r)
{
    const double now = asx_ranks_now_s(), since = now - r->counted_s;
    size_t busy = r->work.own;
    for (size_t i = 1; i < r->size; i++)
        busy += r->member[i].n_out > 0;
    r->figures.worked_s += since * (double)busy;
    *(r->work.task && r->work.dry ? &r->figures.dry_s : &r->figures.late_s) +=
        since * (double)(r->size - busy);
    r->counted_s = now;
}

asx_crew_figures asx_ranks_figures(void *state)
{
    asx_ranks *r = state;
    pthread_mutex_lock(&r->lock);
    count(r);
    const asx_crew_figures figures = r->figures;
    pthread_mutex_unlock(&r->lock);
    return figures;
}

/* The first failure stands. */
static void fail(asx_ranks_work *w, asx_status status, const asx_error *error)
{
    if (w->status != ASX_OK || status == ASX_OK)
        return;
    w->status = status;
    w->error = *error;
}

static bool goes_on(const asx_ranks_work *w)
{
    return w->task && w->status == ASX_OK && !w->stopped;
}

static void look_whether_to_stop(asx_ranks *r)
{
    asx_ranks_work *w = &r->work;
    if (!w->task->stop || w->stopped || !w->task->stop(w->task->state))
        return;
    w->stopped = true;
    for (size_t i = 1; i < r->size; i++)
        if (r->member[i].n_out > 0)
            asx_ranks_send(r, i, ASX_POST_STOP, &w->run, sizeof w->run);
}

/* The next job for a rank, with its weight remembered. @return whether there is one */
static bool next_job(asx_ranks *r, size_t rank, asx_crew_job *job)
{
    asx_ranks_work *w = &r->work;
    asx_error error = {0};
    *job = (asx_crew_job){.worker = rank};
    look_whether_to_stop(r);
    if (!goes_on(w))
        return false;
    const asx_status status = w->task->next(w->task->state, job, &error);
    fail(w, status, &error);
    w->dry = job->bytes.n == 0;
    size_t *weight = w->dry || status != ASX_OK
                         ? NULL
                         : asx_array_grow(w->weight, &w->capacity, job->number + 1, sizeof *weight);
    if (!weight) {
        if (!w->dry && status == ASX_OK)
            fail(w, ASX_ENOMEM, &(asx_error){ASX_ENOMEM, "no memory for a job"});
        asx_text_fini(&job->bytes);
        return false;
    }
    w->weight = weight;
    w->weight[job->number] = job->weight;
    r->figures.out += job->weight;
    w->n_out++;
    return true;
}

static void hand_out(asx_ranks *r, size_t rank)
{
    asx_ranks_work *w = &r->work;
    asx_ranks_member *m = &r->member[rank];
    const size_t most = w->job_s > 0 && w->job_s < SHORT_S ? AHEAD : 1;
    asx_crew_job job;
    while (m->n_out < most && next_job(r, rank, &job)) {
        const asx_ranks_head head = {.run = w->run, .number = job.number};
        asx_ranks_send_with_head(r, rank, ASX_POST_JOB, &head, job.bytes.s, job.bytes.n);
        asx_text_fini(&job.bytes);
        m->n_out++;
    }
}

/* Those without a job first. */
static void hand_out_all(asx_ranks *r)
{
    count(r);
    for (size_t i = 1; i < r->size && goes_on(&r->work); i++)
        if (r->member[i].n_out == 0)
            hand_out(r, i);
}

/* The next answer is expected when a share of a job's time has passed: the ranks are at different
 * places of theirs. */
static void expect_answers(asx_ranks *r)
{
    const double share_s = r->work.job_s / (double)r->size;
    asx_post_be_calm(r->post, share_s > SHORT_S ? share_s / 2 : 0);
}

static void take(asx_ranks *r, size_t number, const asx_crew_answer *answer)
{
    asx_ranks_work *w = &r->work;
    asx_error error = {0};
    w->n_out--;
    r->figures.out -= w->weight[number];
    w->job_s = w->job_s > 0 ? 0.9 * w->job_s + 0.1 * answer->seconds : answer->seconds;
    if (w->status == ASX_OK)
        fail(w, w->task->take(w->task->state, number, answer, &error), &error);
}

/* ---- what comes ---- */

static void take_from(asx_ranks *r, size_t rank, const char *bytes, size_t n)
{
    asx_ranks_work *w = &r->work;
    asx_ranks_head h;
    char name[ASX_RANKS_HOST_SIZE + 32];
    asx_error error;
    if (n < sizeof h)
        return;
    memcpy(&h, bytes, sizeof h);
    if (!w->task || h.run != w->run || h.number >= w->capacity)
        return; /* of a task that failed */
    asx_crew_answer answer = {
        .bytes = bytes + sizeof h, .n = n - sizeof h, .seconds = h.seconds, .status = h.status};
    if (h.status != ASX_OK) {
        asx_ranks_name(name, r, rank);
        (void)asx_fail(&error, h.status, "%s: %.*s", name, (int)answer.n, answer.bytes);
        answer.message = error.message;
        answer.n = 0;
    }
    count(r);
    r->member[rank].n_out--;
    take(r, h.number, &answer);
    hand_out(r, rank);
    hand_out_all(r); /* an answer may have made jobs */
    expect_answers(r);
}

static void note_from(asx_ranks *r, const char *bytes, size_t n)
{
    asx_ranks_work *w = &r->work;
    asx_ranks_head h;
    asx_error error = {0};
    if (n < sizeof h)
        return;
    memcpy(&h, bytes, sizeof h);
    if (w->task && h.run == w->run && w->status == ASX_OK && w->task->note)
        fail(w, w->task->note(w->task->state, h.number, bytes + sizeof h, n - sizeof h, &error),
             &error);
}

static char *copy_text(const char *bytes, size_t n)
{
    char *text = asx_array_new(n + 1, 1);
    if (text && n > 0)
        memcpy(text, bytes, n);
    return text;
}

void asx_ranks_lead_arrived(asx_ranks *ranks, size_t rank, asx_post_kind kind, const char *bytes,
                            size_t n)
{
    asx_ranks_member *m = &ranks->member[rank];
    if (kind == ASX_POST_HELLO && n == sizeof m->hello) {
        memcpy(&m->hello, bytes, n);
        m->hello.host[sizeof m->hello.host - 1] = '\0';
        m->greeted = true;
    } else if (kind == ASX_POST_PROOF && n <= sizeof m->proof) {
        memcpy(m->proof, bytes, n);
        m->n_proofs = n / sizeof *m->proof;
    } else if (kind == ASX_POST_REFUSAL && !m->refusal) {
        m->refusal = copy_text(bytes, n);
    } else if (kind == ASX_POST_ANSWER) {
        take_from(ranks, rank, bytes, n);
    } else if (kind == ASX_POST_NOTE) {
        note_from(ranks, bytes, n);
    } else if (kind == ASX_POST_BYE) {
        m->gone = true;
    }
}

/* ---- this rank's own jobs ---- */

typedef struct own_line {
    asx_ranks *ranks;
    size_t number;
} own_line;

static asx_status own_note(void *state, const char *bytes, size_t n, asx_error *err)
{
    const own_line *l = state;
    const asx_crew_task *task = l->ranks->work.task;
    if (!task->note)
        return ASX_OK;
    pthread_mutex_lock(&l->ranks->lock);
    const asx_status status = task->note(task->state, l->number, bytes, n, err);
    pthread_mutex_unlock(&l->ranks->lock);
    return status;
}

static bool own_stop(void *state)
{
    const own_line *l = state;
    pthread_mutex_lock(&l->ranks->lock);
    look_whether_to_stop(l->ranks);
    const bool stop = l->ranks->work.stopped || l->ranks->work.status != ASX_OK;
    pthread_mutex_unlock(&l->ranks->lock);
    return stop;
}

/* With the lock held, which is open while it works. */
static void work_on(asx_ranks *r, asx_crew_job *job)
{
    own_line own = {r, job->number};
    const asx_crew_line line = {own_note, own_stop, &own};
    asx_text bytes = {0};
    asx_error error = {0};
    count(r);
    r->work.own = true;
    pthread_mutex_unlock(&r->lock);
    const double start = asx_ranks_now_s();
    const asx_status status =
        r->server->serve(r->server->state, &bytes, job->bytes.s, job->bytes.n, &line, &error);
    const asx_crew_answer answer = {.bytes = bytes.s ? bytes.s : "",
                                    .n = bytes.n,
                                    .seconds = asx_ranks_now_s() - start,
                                    .status = bytes.failed ? ASX_ENOMEM : status,
                                    .message =
                                        bytes.failed ? "no memory for an answer" : error.message};
    pthread_mutex_lock(&r->lock);
    count(r);
    r->work.own = false;
    asx_post_be_calm(r->post, 0);
    take(r, job->number, &answer);
    asx_text_fini(&bytes);
    asx_text_fini(&job->bytes);
}

asx_status asx_ranks_run(void *state, const asx_crew_task *task, asx_error *err)
{
    asx_ranks *r = state;
    asx_ranks_work *w = &r->work;
    asx_error lost;
    pthread_mutex_lock(&r->lock);
    count(r);
    *w = (asx_ranks_work){
        .task = task, .run = w->run + 1, .weight = w->weight, .capacity = w->capacity};
    r->figures.out = 0;
    for (size_t i = 1; i < r->size; i++)
        r->member[i].n_out = 0;
    while (w->status == ASX_OK) {
        asx_crew_job job;
        hand_out_all(r);
        if (next_job(r, 0, &job))
            work_on(r, &job);
        else if (w->n_out == 0)
            break;
        else if (w->status == ASX_OK)
            asx_ranks_wait(r);
        fail(w, asx_ranks_check_alive(r, &lost), &lost);
    }
    count(r);
    const asx_status status = w->status;
    if (status != ASX_OK && err)
        *err = w->error;
    w->task = NULL;
    w->dry = false;
    r->figures.out = 0;
    pthread_mutex_unlock(&r->lock);
    return status;
}
