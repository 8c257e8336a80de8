#include "explore/worker.h"

#include <stdlib.h>
#include <string.h>

#include "campaign_private.h"
#include "dse/file.h"
#include "dse/memory.h"
#include "eval/serve.h"
#include "explore/trained.h"
#include "explore/version.h"
#include "session_private.h"
#include "train_away.h"

struct asx_worker {
    asx_session *session;
    asx_proxy_server *proxy;
    asx_train_server *train;
};

asx_status asx_worker_new(asx_worker **out, asx_session *s, asx_error *err)
{
    asx_worker *w = asx_array_new(1, sizeof *w);
    if (!w)
        return asx_fail(err, ASX_ENOMEM, "no memory to work for others");
    w->session = s;
    *out = w;
    return ASX_OK;
}

void asx_worker_free(asx_worker *worker)
{
    if (!worker)
        return;
    asx_proxy_server_free(worker->proxy);
    asx_train_server_free(worker->train);
    free(worker);
}

static asx_status serve_table(asx_text *answer, asx_worker *w, const char *job, size_t n,
                              asx_error *err)
{
    const asx_session *s = w->session;
    asx_status status = ASX_OK;
    if (!w->proxy)
        status = asx_proxy_server_new(&w->proxy, s->calibration, s->data, err);
    return status == ASX_OK ? asx_proxy_serve(answer, w->proxy, job, n, err) : status;
}

asx_status asx_worker_serve(void *state, asx_text *answer, const char *job, size_t n,
                            const asx_crew_line *line, asx_error *err)
{
    asx_worker *w = state;
    asx_session *s = w->session;
    asx_status status = asx_session_need_calibration(s, err);
    if (status != ASX_OK)
        return status;
    switch (asx_crew_kind_of(job, n)) {
    case ASX_CREW_MEASURE:
        return asx_measure_serve(answer, s->calibration, s->data, job, n, err);
    case ASX_CREW_CHANGE:
    case ASX_CREW_ERRORS:
        return serve_table(answer, w, job, n, err);
    case ASX_CREW_TRAIN:
        if (!w->train)
            status = asx_train_server_new(&w->train, s, err);
        return status == ASX_OK ? asx_train_serve(answer, w->train, job, n, line, err) : status;
    case ASX_CREW_WAIT:
    case ASX_CREW_N_KINDS:
        break;
    }
    return asx_fail(err, ASX_EPARSE, "a job of a kind that is not known here");
}

/* Which images are for what, and how the network is calibrated. */
static uint64_t hash_rules(const asx_session *s)
{
    uint64_t h = 0;
    for (int i = 0; i < ASX_N_SUBSETS; i++) {
        const uint64_t key = asx_session_accuracy_key(s, ASX_TIER_MEASURED, (asx_subset)i);
        h = asx_hash(&key, sizeof key, h);
    }
    return h;
}

static asx_status add_training(uint64_t *hash, const asx_campaign *c, asx_error *err)
{
    asx_train_options o;
    asx_text text = {0};
    asx_status status = asx_campaign_train_options(&o, c, err);
    if (status != ASX_OK)
        return status;
    const uint64_t part[] = {(uint64_t)o.optimiser, (uint64_t)o.schedule, (uint64_t)o.surrogate,
                             o.seed};
    asx_params_print(&text, &o.number);
    if (text.failed)
        status = asx_fail(err, ASX_ENOMEM, "no memory for a campaign's parameters");
    else
        *hash = asx_hash(part, sizeof part, asx_hash(text.s ? text.s : "", text.n, *hash));
    asx_text_fini(&text);
    return status;
}

asx_status asx_worker_know_inputs(asx_worker_inputs *out, asx_session *s, asx_error *err)
{
    const char *version = asx_version(), *build = asx_build();
    asx_status status = asx_session_need_data(s, err);
    if (status != ASX_OK)
        return status;
    asx_worker_inputs in = {
        .program = asx_hash(build, strlen(build), asx_hash(version, strlen(version), 0)),
        .network = asx_network_hash(s->network),
        .data = asx_dataset_hash(s->data),
        .rules = hash_rules(s)};
    status = add_training(&in.rules, s->campaign, err);
    if (status == ASX_OK)
        *out = in;
    return status;
}
