#include "outside.h"

#include <string.h>
#include <time.h>

#include "dse/file.h"
#include "dse/text.h"

enum { BOOKINGS_PER_COMMIT = 1000 };

int64_t outside_now(void)
{
    return (int64_t)time(NULL);
}

/* Told accuracies must not be taken for measured ones: the same images, but another evaluator. */
static asx_store_inputs inputs_of(const workbench *w)
{
    static const char about[] = "told";
    asx_store_inputs inputs = exploration_inputs(w, ASX_TIER_MEASURED, SUBSET_SELECT);
    inputs.accuracy_key = asx_hash(about, strlen(about), inputs.accuracy_key);
    inputs.about = about;
    return inputs;
}

static asx_status open_store(outside *o, const char *database, asx_error *err)
{
    asx_text path = {0};
    asx_status st = workbench_database(&path, &o->w, database, err);
    if (st == ASX_OK)
        st = asx_store_open(&o->store, path.s, ASX_STORE_CREATE, err);
    asx_text_fini(&path);
    return st;
}

asx_status outside_open(outside *o, const char *path, const char *database, asx_error *err)
{
    *o = (outside){0};
    asx_status st = workbench_open(&o->w, path, err);
    if (st == ASX_OK)
        st = workbench_need_space(&o->w, err);
    if (st == ASX_OK)
        st = workbench_need_data(&o->w, err);
    if (st == ASX_OK)
        st = open_store(o, database, err);
    if (st == ASX_OK)
        st = exploration_campaign(&o->campaign, o->store, &o->w, err);
    if (st == ASX_OK) {
        o->inputs = inputs_of(&o->w);
        st = asx_store_ledger(&o->ledger, o->store, o->campaign, &o->inputs, BOOKINGS_PER_COMMIT,
                              err);
    }
    return st;
}

void outside_close(outside *o)
{
    separable_model_free(o->model);
    asx_store_free(o->store);
    workbench_close(&o->w);
}

asx_status outside_search(asx_search *out, outside *o, asx_error *err)
{
    const campaign *c = o->w.campaign;
    asx_search search = {.space = o->w.space,
                         .work = workbench_workload(&o->w),
                         .seed = c->seed,
                         .objective = c->objective,
                         .n_objectives = c->n_objectives,
                         .limits = c->limits,
                         .ledger = &o->ledger,
                         .budget = c->budget};
    asx_status st = campaign_searcher(&search.searcher, &search.params, c, err);
    if (st == ASX_OK && asx_searcher_wants_model(search.searcher, &search.params)) {
        st = workbench_need_proxy(&o->w, err);
        if (st == ASX_OK)
            st = separable_model_new(&o->model, &o->w, err);
        search.model = st == ASX_OK ? separable_model_of(o->model) : NULL;
    }
    if (st == ASX_OK)
        *out = search;
    return st;
}
