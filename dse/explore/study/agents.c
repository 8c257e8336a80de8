/* Agents on one campaign: a search for each agent and seed, and what it knew after each evaluation. */
#include "explore/agents.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/design.h"
#include "dse/estimate.h"
#include "dse/memory.h"
#include "dse/order.h"
#include "dse/pareto.h"
#include "recall.h"
#include "search/run.h"
#include "search_builder.h"
#include "separable_model.h"

typedef struct contest {
    asx_session *session;
    const asx_agents_options *options;
    asx_store *store;
    asx_store_inputs inputs;
    asx_ledger ledger;
    asx_evaluator evaluator;
    asx_separable_model *model;
    asx_agents out;
} contest;

/* ---- what evaluates ---- */

static asx_status open_database(contest *c, asx_error *err)
{
    const asx_session *s = c->session;
    int64_t campaign = 0;
    asx_status status = asx_store_open(&c->store, c->options->database, ASX_STORE_CREATE, err);
    if (status == ASX_OK)
        status = asx_session_record(&campaign, c->store, s, err);
    c->inputs = asx_session_inputs_on(s, s->subset[ASX_SUBSET_SELECT]);
    return status == ASX_OK ? asx_store_ledger(&c->ledger, c->store, campaign, &c->inputs, 1, err)
                            : status;
}

static asx_status make_accuracy(asx_evaluator *out, contest *c, asx_error *err)
{
    asx_session *s = c->session;
    asx_evaluator inner = {0};
    if (c->options->tier == ASX_TIER_PROXY) {
        const asx_status status = asx_session_need_proxy(s, err);
        return status == ASX_OK ? asx_proxy_evaluator(out, s->proxy, err) : status;
    }
    asx_status status = asx_session_need_measure(s, ASX_SUBSET_SELECT, err);
    if (status == ASX_OK && c->options->database)
        status = open_database(c, err);
    if (status == ASX_OK)
        status = asx_measure_evaluator(&inner, s->measure[ASX_SUBSET_SELECT], err);
    if (status == ASX_OK && c->store)
        return asx_recall_new(out, &inner, c->options->database, asx_session_workload(s),
                              &c->inputs, err);
    *out = inner;
    return status;
}

static asx_status make_evaluator(contest *c, asx_error *err)
{
    asx_evaluator accuracy = {0}, hardware = {0};
    asx_status status = make_accuracy(&accuracy, c, err);
    if (status == ASX_OK)
        status = asx_machine_evaluator(&hardware, c->session->machine, err);
    if (status != ASX_OK) {
        asx_evaluator_fini(&accuracy);
        return status;
    }
    return asx_evaluator_join(&c->evaluator, &accuracy, &hardware, err);
}

/* Hypervolumes are those that the campaign's runs print. */
static asx_status find_reference(contest *c, asx_error *err)
{
    const asx_campaign *campaign = c->session->campaign;
    asx_design design = {0};
    asx_evaluation e = {0};
    asx_status status =
        asx_design_parse(&design, ASX_BASELINE, asx_session_workload(c->session), err);
    if (status == ASX_OK)
        status = asx_evaluator_run(&c->evaluator, &design, &e, err);
    if (status == ASX_OK)
        c->out.reference = asx_reference_point_of(campaign->objective, campaign->n_objectives,
                                                  &campaign->limits, campaign->score.point, &e);
    asx_design_fini(&design);
    return status;
}

/* ---- one agent with one seed ---- */

/* "name:parameter=value:..." */
static asx_status read_agent(asx_search *search, const char *text, asx_error *err)
{
    char *copy = asx_string_copy(text);
    uint64_t given = 0;
    if (!copy)
        return asx_fail(err, ASX_ENOMEM, "no memory for an agent's name");
    char *next = strchr(copy, ':');
    if (next)
        *next++ = '\0';
    asx_status status = asx_searcher_find(&search->searcher, copy, err);
    if (status == ASX_OK && search->searcher->wants_model)
        status =
            asx_fail(err, ASX_EUNSUPPORTED,
                     "'%s' computes the front of a model: it asks for no budget of designs", copy);
    if (status == ASX_OK)
        asx_params_init(&search->params, search->searcher->params);
    while (status == ASX_OK && next) {
        char *name = next, *value = strchr(name, '=');
        next = strchr(name, ':');
        if (next)
            *next++ = '\0';
        if (!value || (next && value > next))
            status = asx_fail(err, ASX_EINVAL, "agent '%s': '%s' is no NAME=VALUE", text, name);
        if (status != ASX_OK)
            break;
        *value++ = '\0';
        status = asx_params_set_once(&search->params, &given, name, value, err);
    }
    free(copy);
    return status;
}

static asx_status need_model(asx_search *search, contest *c, asx_error *err)
{
    asx_status status = ASX_OK;
    if (!asx_searcher_wants_model(search->searcher, &search->params))
        return ASX_OK;
    if (!c->model) {
        status = asx_session_need_proxy(c->session, err);
        if (status == ASX_OK)
            status = asx_separable_model_new(&c->model, c->session, err);
    }
    search->model = status == ASX_OK ? asx_separable_model_of(c->model) : NULL;
    return status;
}

/* Prefixes of what it evaluated. */
static asx_status follow(asx_agent_run *run, const contest *c, asx_error *err)
{
    const size_t d = c->out.n_objectives;
    double *front = asx_array_new(run->n, d * sizeof *front);
    size_t n = 0;
    asx_status status = front ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for a trajectory");
    for (size_t i = 0; status == ASX_OK && i < run->n; i++) {
        const double *row = run->objective + i * d;
        bool beaten = !run->feasible[i];
        for (size_t k = 0; !beaten && k < n; k++)
            beaten = asx_pareto_dominates(front + k * d, row, d) ||
                     asx_pareto_equal(front + k * d, row, d);
        run->hypervolume[i] = i > 0 ? run->hypervolume[i - 1] : 0;
        if (beaten)
            continue;
        size_t kept = 0;
        for (size_t k = 0; k < n; k++)
            if (!asx_pareto_dominates(row, front + k * d, d))
                memmove(front + d * kept++, front + k * d, d * sizeof *front);
        memcpy(front + d * kept, row, d * sizeof *front);
        n = kept + 1;
        status =
            asx_reference_point_hypervolume(&run->hypervolume[i], &c->out.reference, front, n, err);
    }
    free(front);
    return status;
}

static asx_status keep(asx_agent_run *run, const asx_archive *a, const contest *c, asx_error *err)
{
    const size_t d = c->out.n_objectives;
    run->n = asx_archive_size(a);
    run->objective = asx_array_new(run->n, d * sizeof *run->objective);
    run->feasible = asx_array_new(run->n, sizeof *run->feasible);
    run->hypervolume = asx_array_new(run->n, sizeof *run->hypervolume);
    if (!run->objective || !run->feasible || !run->hypervolume)
        return asx_fail(err, ASX_ENOMEM, "no memory for a trajectory of %zu designs", run->n);
    for (size_t i = 0; i < run->n; i++) {
        memcpy(run->objective + i * d, asx_archive_objective(a, i), d * sizeof *run->objective);
        run->feasible[i] = !(asx_archive_violation(a, i) > 0);
    }
    return follow(run, c, err);
}

static asx_status search_once(asx_agent_run *run, contest *c, const char *agent, size_t seed,
                              asx_error *err)
{
    const asx_agents_options *o = c->options;
    asx_search_outcome outcome = {0};
    asx_search search = asx_session_search(c->session);
    asx_status status = read_agent(&search, agent, err);
    if (status == ASX_OK)
        status = need_model(&search, c, err);
    search.evaluator = &c->evaluator;
    search.ledger = c->store ? &c->ledger : NULL;
    search.budget = o->budget;
    search.threads = o->threads;
    search.stop = o->stop;
    search.stop_state = o->stop_state;
    search.seed += seed;
    run->seed = search.seed;
    run->agent = asx_string_copy(agent);
    if (status == ASX_OK && !run->agent)
        status = asx_fail(err, ASX_ENOMEM, "no memory for an agent's name");
    if (status == ASX_OK)
        status = asx_search_run(&outcome, &search, err);
    if (status == ASX_OK && outcome.end == ASX_END_INTERRUPTED)
        status = asx_fail(err, ASX_EINTERRUPTED, "stopped while '%s' searched", agent);
    if (status == ASX_OK)
        status = keep(run, outcome.archive, c, err);
    asx_search_outcome_fini(&outcome);
    return status;
}

/* ---- all of them ---- */

/* Those that learn or sample: they need neither a model nor all designs. */
static size_t list_agents(const char *out[], size_t room)
{
    size_t n = 0;
    for (size_t i = 0; asx_searchers[i] && n < room; i++)
        if (!asx_searchers[i]->wants_model && strcmp(asx_searchers[i]->name, "enumerate") != 0)
            out[n++] = asx_searchers[i]->name;
    return n;
}

static asx_status check(const asx_agents_options *o, const char *const *agent, size_t n,
                        asx_error *err)
{
    asx_status status = ASX_OK;
    if (o->budget == 0 || o->n_seeds == 0)
        return asx_fail(err, ASX_EINVAL, "a budget of %zu designs and %zu seeds, not at least 1",
                        o->budget, o->n_seeds);
    if (o->tier != ASX_TIER_PROXY && o->tier != ASX_TIER_MEASURED)
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "agents are compared on the tiers proxy and measured, not '%s'",
                        asx_tier_text(o->tier));
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
        asx_search search = {0};
        status = read_agent(&search, agent[i], err);
    }
    return status;
}

static asx_status run_all(contest *c, const char *const *agent, asx_error *err)
{
    asx_agents *out = &c->out;
    const asx_campaign *campaign = c->session->campaign;
    out->n_objectives = campaign->n_objectives;
    memcpy(out->objective, campaign->objective, out->n_objectives * sizeof *out->objective);
    out->run = asx_array_new(out->n_agents, out->n_seeds * sizeof *out->run);
    asx_status status =
        out->run ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for %zu agents", out->n_agents);
    if (status == ASX_OK)
        status = asx_session_need_space(c->session, err);
    if (status == ASX_OK)
        status = make_evaluator(c, err);
    if (status == ASX_OK)
        status = find_reference(c, err);
    for (size_t i = 0; status == ASX_OK && i < out->n_agents * out->n_seeds; i++)
        status = search_once(&out->run[i], c, agent[i / out->n_seeds], i % out->n_seeds, err);
    return status;
}

asx_status asx_agents_run(asx_agents *out, asx_session *s, const asx_agents_options *o,
                          asx_error *err)
{
    enum { ROOM = 64 };
    const char *all[ROOM];
    const size_t n_all = list_agents(all, ROOM);
    const char *const *agent = o->agent ? o->agent : all;
    contest c = {.session = s, .options = o};
    c.out.n_agents = o->agent ? o->n_agents : n_all;
    c.out.n_seeds = o->n_seeds;
    c.out.budget = o->budget;
    asx_status status = check(o, agent, c.out.n_agents, err);
    if (status == ASX_OK)
        status = asx_session_need_data(s, err);
    if (status == ASX_OK)
        status = run_all(&c, agent, err);
    if (status == ASX_OK)
        *out = c.out;
    else
        asx_agents_fini(&c.out);
    asx_separable_model_free(c.model);
    asx_evaluator_fini(&c.evaluator);
    asx_store_free(c.store);
    return status;
}

void asx_agents_fini(asx_agents *a)
{
    if (!a)
        return;
    for (size_t i = 0; a->run && i < a->n_agents * a->n_seeds; i++) {
        free(a->run[i].agent);
        free(a->run[i].objective);
        free(a->run[i].feasible);
        free(a->run[i].hypervolume);
    }
    free(a->run);
    *a = (asx_agents){.run = NULL};
}

asx_agents_point asx_agents_at(const asx_agents *a, size_t agent, size_t evaluations)
{
    const double n = (double)a->n_seeds;
    double sum = 0, square = 0;
    for (size_t k = 0; k < a->n_seeds; k++) {
        const asx_agent_run *r = &a->run[agent * a->n_seeds + k];
        const size_t upto = evaluations < r->n ? evaluations : r->n;
        sum += upto ? r->hypervolume[upto - 1] : 0;
    }
    const double mean = sum / n;
    for (size_t k = 0; k < a->n_seeds; k++) {
        const asx_agent_run *r = &a->run[agent * a->n_seeds + k];
        const size_t upto = evaluations < r->n ? evaluations : r->n;
        const double off = (upto ? r->hypervolume[upto - 1] : 0) - mean;
        square += off * off;
    }
    if (n < 2)
        return (asx_agents_point){mean, NAN, NAN};
    const double half = asx_estimate_reach(a->n_seeds) * sqrt(square / (n - 1) / n);
    return (asx_agents_point){mean, fmax(mean - half, 0), mean + half};
}
