/* Promotion with the help of others: every candidate whose start is there is somebody's job. What a
 * training begins with is decided as if they were trained one after the other, so that the networks
 * are the same whoever trains them, and when. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/file.h"
#include "dse/memory.h"
#include "dse/output.h"
#include "explore/trained.h"
#include "promoting.h"
#include "train_away.h"
#include "train_steps.h"

typedef enum stage { WAITS, OUT, DONE } stage;

typedef struct training {
    asx_promotion *p;
    stage *stage;   /* [n] */
    size_t *number; /* [n_out] the candidate of a job */
    size_t n_out, n_done;
} training;

static asx_status path_of(asx_text *out, const asx_promotion *p, size_t i, const char *ending,
                          asx_error *err)
{
    asx_status status = asx_trained_path(out, asx_store_path(p->x->store), p->x->session,
                                         &p->candidate[i].design, err);
    asx_text_add(out, "%s", ending);
    return status == ASX_OK && out->failed ? asx_fail(err, ASX_ENOMEM, "no memory for a path")
                                           : status;
}

static void tell(const training *t)
{
    asx_watcher_say(t->p->x->options->watcher, ASX_SAY_STATUS, "%zu of %zu trained, %zu at work",
                    t->n_done, t->p->n, t->n_out - t->n_done);
}

/* Those that an earlier run trained need no job. */
static asx_status look_up(training *t, asx_error *err)
{
    asx_promotion *p = t->p;
    asx_status status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < p->n; i++) {
        asx_text path = {0};
        asx_promotion_plan plan = {0};
        bool booked = false;
        status = asx_promotion_is_booked(&booked, p, &p->candidate[i], err);
        if (status == ASX_OK && !booked)
            status = asx_promotion_plan_read(&plan, p->x->store, p->x->campaign, p->key,
                                             p->candidate[i].text, err);
        if (status == ASX_OK)
            status = path_of(&path, p, i, "", err);
        const bool whole =
            status == ASX_OK && (booked || plan.epochs > 0) && asx_promotion_has_network(path.s);
        if (whole && !booked)
            status = asx_promotion_measure(p, &p->candidate[i], path.s, err);
        if (status == ASX_OK && (booked || whole))
            t->stage[i] = DONE;
        /* nothing is late: each is trained before another asks for it */
        p->candidate[i].trained = whole || !booked;
        asx_promotion_plan_fini(&plan);
        asx_text_fini(&path);
    }
    return status;
}

/* ---- handing out ---- */

static asx_status plan_of(asx_promotion_plan *out, const asx_promotion *p, size_t i, asx_error *err)
{
    const asx_promotion_candidate *c = &p->candidate[i];
    asx_promotion_plan plan = {0};
    asx_text path = {0};
    asx_status status =
        asx_promotion_plan_read(&plan, p->x->store, p->x->campaign, p->key, c->text, err);
    if (status == ASX_OK && plan.epochs == 0) {
        const size_t near = asx_promotion_nearest(p, i);
        plan.epochs = (size_t)asx_params_get(&p->options.number, "epochs");
        if (near < p->n && !(plan.start = asx_string_copy(p->candidate[near].text)))
            status = asx_fail(err, ASX_ENOMEM, "no memory for a design's text");
        if (status == ASX_OK)
            status = path_of(&path, p, i, "", err);
        if (status == ASX_OK) {
            (void)remove(path.s); /* of another campaign or other options */
            status = asx_promotion_write_plan(p, c->text, &plan, err);
        }
    }
    asx_text_fini(&path);
    if (status != ASX_OK)
        asx_promotion_plan_fini(&plan);
    else
        *out = plan;
    return status;
}

/* A file's bytes; none where there is no file. */
static void read_if_there(asx_text *out, const char *path)
{
    char *bytes = NULL;
    size_t n = 0;
    if (asx_file_read(&bytes, &n, path, (size_t)1 << 30, NULL) == ASX_OK)
        asx_text_add_bytes(out, bytes, n);
    free(bytes);
}

static asx_status read_start(asx_text *out, const asx_promotion *p, const char *text,
                             asx_error *err)
{
    asx_network *network = NULL;
    asx_status status = text ? asx_promotion_load(&network, p, text, err) : ASX_OK;
    if (status == ASX_OK && network)
        status = asx_network_print(out, network, err);
    asx_network_free(network);
    return status;
}

static asx_status write_job(asx_text *job, const asx_promotion *p, size_t i,
                            const asx_promotion_plan *plan, asx_error *err)
{
    const asx_design *design = &p->candidate[i].design;
    asx_text path = {0}, start = {0}, checkpoint = {0};
    asx_status status = read_start(&start, p, plan->start, err);
    if (status == ASX_OK)
        status = path_of(&path, p, i, ".checkpoint", err);
    if (status == ASX_OK) {
        read_if_there(&checkpoint, path.s);
        const asx_train_job head = {plan->epochs, start.n, checkpoint.n};
        asx_crew_begin(job, ASX_CREW_TRAIN);
        asx_text_add_bytes(job, (const char *)&head, sizeof head);
        asx_text_add_bytes(job, start.s, start.n);
        asx_text_add_bytes(job, checkpoint.s, checkpoint.n);
        asx_text_add_bytes(job, (const char *)design->format,
                           design->n_layers * sizeof *design->format);
        if (job->failed || start.failed || checkpoint.failed)
            status = asx_fail(err, ASX_ENOMEM, "no memory for a training");
    }
    asx_text_fini(&checkpoint);
    asx_text_fini(&start);
    asx_text_fini(&path);
    return status;
}

/* Whether what it begins with is trained. */
static bool is_ready(const training *t, size_t i)
{
    const size_t near = asx_promotion_nearest(t->p, i);
    return near == t->p->n || t->stage[near] == DONE;
}

static asx_status next(void *state, asx_crew_job *job, asx_error *err)
{
    training *t = state;
    asx_promotion_plan plan = {0};
    size_t i = 0;
    while (i < t->p->n && (t->stage[i] != WAITS || !is_ready(t, i)))
        i++;
    if (i == t->p->n)
        return ASX_OK;
    asx_status status = plan_of(&plan, t->p, i, err);
    if (status == ASX_OK)
        status = write_job(&job->bytes, t->p, i, &plan, err);
    asx_promotion_plan_fini(&plan);
    if (status != ASX_OK)
        return asx_fail_context(err, status, "training '%.200s'", t->p->candidate[i].text);
    job->number = t->n_out;
    job->weight = 1;
    t->stage[i] = OUT;
    t->number[t->n_out++] = i;
    tell(t);
    return ASX_OK;
}

/* ---- taking ---- */

static asx_status book(const asx_promotion *p, size_t i, const asx_train_answer *answer,
                       asx_error *err)
{
    asx_session *s = p->x->session;
    const asx_design *design = &p->candidate[i].design;
    asx_status status = ASX_OK;
    for (int k = 0; k < ASX_N_SUBSETS && status == ASX_OK; k++) {
        const asx_store_inputs inputs = asx_trained_inputs(s, (asx_subset)k, p->key);
        if (k != ASX_SUBSET_REPORT || s->has_subset[k])
            status = asx_trained_book(p->x->store, p->x->campaign, s, &inputs, design,
                                      &answer->accuracy[k], err);
    }
    return status;
}

static asx_status take_network(training *t, size_t i, const asx_train_answer *head,
                               const char *file, size_t n, asx_error *err)
{
    asx_text path = {0}, checkpoint = {0};
    asx_status status = path_of(&path, t->p, i, "", err);
    if (status == ASX_OK)
        status = path_of(&checkpoint, t->p, i, ".checkpoint", err);
    if (status == ASX_OK)
        status = asx_output_write(path.s, file, n, NULL, err);
    if (status == ASX_OK)
        status = book(t->p, i, head, err);
    if (status == ASX_OK)
        (void)remove(checkpoint.s);
    asx_text_fini(&checkpoint);
    asx_text_fini(&path);
    return status;
}

static asx_status take(void *state, size_t number, const asx_crew_answer *answer, asx_error *err)
{
    training *t = state;
    const size_t i = t->number[number];
    asx_train_answer head;
    if (answer->status != ASX_OK)
        return asx_fail(err, answer->status, "training '%.200s': %.250s", t->p->candidate[i].text,
                        answer->message);
    if (answer->n < sizeof head)
        return asx_fail(err, ASX_EPARSE, "training '%.200s': an answer of %zu bytes",
                        t->p->candidate[i].text, answer->n);
    memcpy(&head, answer->bytes, sizeof head);
    if (head.interrupted)
        return ASX_OK; /* its checkpoint is kept, and the run ends */
    const asx_status status =
        take_network(t, i, &head, answer->bytes + sizeof head, answer->n - sizeof head, err);
    t->stage[i] = DONE;
    t->n_done++;
    tell(t);
    return status;
}

static asx_status note(void *state, size_t number, const char *bytes, size_t n, asx_error *err)
{
    const training *t = state;
    asx_train_note head;
    asx_text path = {0};
    if (n < sizeof head)
        return asx_fail(err, ASX_EPARSE, "a checkpoint of %zu bytes", n);
    memcpy(&head, bytes, sizeof head);
    asx_status status = path_of(&path, t->p, t->number[number], ".checkpoint", err);
    if (status == ASX_OK)
        status = asx_output_write(path.s, bytes + sizeof head, n - sizeof head, NULL, err);
    if (status == ASX_OK)
        status = asx_promotion_add_spent(t->p, head.seconds, err);
    asx_text_fini(&path);
    return status;
}

static bool stop(void *state)
{
    const training *t = state;
    return asx_watcher_stops(t->p->x->options->watcher);
}

asx_status asx_promotion_run_away(size_t *trained, asx_promotion *p, asx_error *err)
{
    const asx_crew *crew = p->x->session->crew;
    training t = {.p = p,
                  .stage = asx_array_new(p->n + 1, sizeof *t.stage),
                  .number = asx_array_new(p->n + 1, sizeof *t.number)};
    const asx_crew_task task = {next, take, note, stop, &t};
    asx_status status = t.stage && t.number
                            ? ASX_OK
                            : asx_fail(err, ASX_ENOMEM, "no memory for %zu trainings", p->n);
    if (status == ASX_OK)
        status = look_up(&t, err);
    if (status == ASX_OK)
        status = asx_monitor_stage(&p->x->monitor, "training", 0, err);
    if (status == ASX_OK)
        status = crew->run(crew->state, &task, err);
    for (size_t i = 0; status == ASX_OK && i < p->n; i++)
        *trained += t.stage[i] == DONE;
    free(t.number);
    free(t.stage);
    return status;
}
