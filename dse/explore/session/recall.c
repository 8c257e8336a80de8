#include "recall.h"

#include <pthread.h>
#include <stdlib.h>

#include "dse/memory.h"

typedef struct recall_state {
    asx_evaluator inner;
    asx_store *store; /* used by one thread at a time */
    pthread_mutex_t lock;
    const asx_workload *work;
    const asx_store_inputs *inputs;
} recall_state;

static asx_status find(asx_accuracy *out, bool *found, recall_state *s, const asx_design *design,
                       asx_error *err)
{
    asx_text formats = {0};
    char *text = NULL;
    asx_design_print_formats(&formats, design, s->work);
    asx_status status = asx_text_take(&text, &formats, err);
    if (status != ASX_OK)
        return status;
    pthread_mutex_lock(&s->lock);
    status = asx_store_find_accuracy(out, found, s->store, text, s->inputs, err);
    pthread_mutex_unlock(&s->lock);
    free(text);
    return status;
}

static asx_status evaluate(void *state, const asx_design *design, asx_evaluation *inout,
                           asx_error *err)
{
    recall_state *s = state;
    bool found = false;
    const asx_status status = find(&inout->accuracy, &found, s, design, err);
    if (status != ASX_OK || found)
        return status;
    return s->inner.type->evaluate(s->inner.state, design, inout, err);
}

/* Those that are not in the database, together. Designs that differ in placement only are alike to
 * the inner evaluator, which knows how to share. */
static asx_status evaluate_many(void *state, const asx_design *const *design, size_t n,
                                asx_evaluation *inout, asx_error *err)
{
    recall_state *s = state;
    const asx_design **lacking = asx_array_new(n, sizeof(const asx_design *));
    asx_evaluation *result = asx_array_new(n, sizeof *result);
    size_t *index = asx_array_new(n, sizeof *index), n_lacking = 0;
    asx_status status = lacking && result && index
                            ? ASX_OK
                            : asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", n);
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
        bool found = false;
        status = find(&inout[i].accuracy, &found, s, design[i], err);
        if (status == ASX_OK && !found) {
            index[n_lacking] = i;
            lacking[n_lacking++] = design[i];
        }
    }
    if (status == ASX_OK && n_lacking > 0)
        status = asx_evaluator_run_many(&s->inner, lacking, n_lacking, result, err);
    for (size_t i = 0; status == ASX_OK && i < n_lacking; i++)
        inout[index[i]].accuracy = result[i].accuracy;
    free(index);
    free(result);
    free(lacking);
    return status;
}

/* What the database lacks, on its way to the inner evaluator. */
typedef struct lacking {
    const asx_evaluator_sink *sink;
    const size_t *index;
} lacking;

static asx_status take(void *state, size_t i, const asx_evaluation *e, double seconds,
                       asx_error *err)
{
    const lacking *l = state;
    return l->sink->take(l->sink->state, l->index[i], e, seconds, err);
}

static bool stop(void *state)
{
    const lacking *l = state;
    return l->sink->stop && l->sink->stop(l->sink->state);
}

static asx_status evaluate_each(void *state, const asx_design *const *design, size_t n,
                                const asx_evaluation *known, const asx_evaluator_sink *sink,
                                size_t *culprit, asx_error *err)
{
    recall_state *s = state;
    const asx_design **list = asx_array_new(n, sizeof(const asx_design *));
    asx_evaluation *before = asx_array_new(n, sizeof *before);
    size_t *index = asx_array_new(n, sizeof *index), n_lacking = 0, which = n;
    lacking l = {sink, index};
    const asx_evaluator_sink inner = {take, stop, &l};
    asx_status status = list && before && index
                            ? ASX_OK
                            : asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", n);
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
        asx_evaluation e = known[i];
        bool found = false;
        status = find(&e.accuracy, &found, s, design[i], err);
        if (status == ASX_OK && found)
            status = sink->take(sink->state, i, &e, 0, err);
        if (status == ASX_OK && !found) {
            index[n_lacking] = i;
            before[n_lacking] = e;
            list[n_lacking++] = design[i];
        }
    }
    if (status == ASX_OK && n_lacking > 0) {
        status = s->inner.type->evaluate_each(s->inner.state, list, n_lacking, before, &inner,
                                              &which, err);
        if (status != ASX_OK && which < n_lacking)
            *culprit = index[which];
    }
    free(index);
    free(before);
    free(list);
    return status;
}

static void release(void *state)
{
    recall_state *s = state;
    asx_evaluator_fini(&s->inner);
    asx_store_free(s->store);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

asx_status asx_recall_new(asx_evaluator *out, asx_evaluator *inner, const char *path,
                          const asx_workload *work, const asx_store_inputs *inputs, asx_error *err)
{
    static const asx_evaluator_type type = {
        .name = "recall", .evaluate = evaluate, .free = release, .evaluate_many = evaluate_many};
    static const asx_evaluator_type each = {.name = "recall",
                                            .evaluate = evaluate,
                                            .free = release,
                                            .evaluate_many = evaluate_many,
                                            .evaluate_each = evaluate_each};
    recall_state *s = asx_array_new(1, sizeof *s);
    if (!s) {
        asx_evaluator_fini(inner);
        return asx_fail(err, ASX_ENOMEM, "no memory for an evaluator");
    }
    *s = (recall_state){.inner = *inner, .work = work, .inputs = inputs};
    *inner = (asx_evaluator){0};
    pthread_mutex_init(&s->lock, NULL);
    const asx_status status = asx_store_open(&s->store, path, ASX_STORE_READ, err);
    if (status != ASX_OK)
        release(s);
    else
        *out = (asx_evaluator){.type = s->inner.type->evaluate_each ? &each : &type, .state = s};
    return status;
}
