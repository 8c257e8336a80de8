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

static asx_status evaluate(void *state, const asx_design *design, asx_evaluation *inout,
                           asx_error *err)
{
    recall_state *s = state;
    bool found = false;
    asx_text formats = {0};
    char *text = NULL;
    asx_design_print_formats(&formats, design, s->work);
    asx_status st = asx_text_take(&text, &formats, err);
    if (st < 0)
        return st;
    pthread_mutex_lock(&s->lock);
    st = asx_store_find_accuracy(&inout->accuracy, &found, s->store, text, s->inputs, err);
    pthread_mutex_unlock(&s->lock);
    if (st == ASX_OK && !found)
        st = s->inner.type->evaluate(s->inner.state, design, inout, err);
    free(text);
    return st;
}

static void release(void *state)
{
    recall_state *s = state;
    asx_evaluator_fini(&s->inner);
    asx_store_free(s->store);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

asx_status recall_new(asx_evaluator *out, asx_evaluator *inner, const char *path,
                      const asx_workload *work, const asx_store_inputs *inputs, asx_error *err)
{
    static const asx_evaluator_type type = {
        .name = "recall", .evaluate = evaluate, .free = release};
    recall_state *s = asx_array_new(1, sizeof *s);
    if (!s) {
        asx_evaluator_fini(inner);
        return asx_fail(err, ASX_ENOMEM, "no memory for an evaluator");
    }
    *s = (recall_state){.inner = *inner, .work = work, .inputs = inputs};
    *inner = (asx_evaluator){0};
    pthread_mutex_init(&s->lock, NULL);
    const asx_status st = asx_store_open(&s->store, path, ASX_STORE_READ, err);
    if (st < 0)
        release(s);
    else
        *out = (asx_evaluator){.type = &type, .state = s};
    return st;
}
