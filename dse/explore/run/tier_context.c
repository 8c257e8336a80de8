/* Evaluators and ledgers for the stages of a run. */
#include "exploration.h"
#include "recall.h"
#include "search_builder.h"

static asx_status know_nothing(void *state, const asx_design *design, asx_evaluation *inout,
                               asx_error *err)
{
    (void)state;
    (void)design;
    (void)err;
    inout->accuracy = asx_accuracy_unknown();
    return ASX_OK;
}

/* Accuracy at the tier, then costs. `inputs` is borrowed by the result. */
static asx_status make_evaluator(asx_evaluator *out, asx_exploration *x,
                                 const asx_store_inputs *inputs, asx_subset subset, asx_error *err)
{
    asx_session *s = x->session;
    asx_evaluator accuracy = {0}, recalled = {0}, hardware = {0};
    static const asx_evaluator_type unknown = {.name = "costs alone", .evaluate = know_nothing};
    asx_status status = ASX_OK;
    if (inputs->tier == ASX_TIER_COSTS) {
        recalled.type = &unknown;
    } else if (inputs->tier == ASX_TIER_PROXY) {
        status = asx_proxy_evaluator(&recalled, s->proxy, err);
    } else {
        status = asx_measure_evaluator(&accuracy, s->measure[subset], err);
        if (status == ASX_OK)
            status = asx_recall_new(&recalled, &accuracy, asx_store_path(x->store),
                                    asx_session_workload(s), inputs, err);
    }
    if (status == ASX_OK)
        status = asx_machine_evaluator(&hardware, s->machine, err);
    if (status != ASX_OK) {
        asx_evaluator_fini(&recalled);
        return status;
    }
    return asx_evaluator_join(out, &recalled, &hardware, err);
}

/* The baseline need not be in the space, so it is found or evaluated by itself. */
static asx_status evaluate_baseline(asx_tier_context *context, const asx_session *s, asx_error *err)
{
    const asx_ledger *ledger = &context->ledger;
    asx_evaluation e = {0};
    asx_design design = {0};
    asx_status status = ASX_OK;
    if (ledger->find)
        status = ledger->find(ledger->state, ASX_BASELINE, &e, &context->baseline_known, err);
    if (status == ASX_OK && !context->baseline_known) {
        status = asx_design_parse(&design, ASX_BASELINE, asx_session_workload(s), err);
        if (status == ASX_OK)
            status = asx_evaluator_run(&context->evaluator, &design, &e, err);
        if (status == ASX_OK && ledger->book)
            status = ledger->book(ledger->state, ASX_BASELINE, &design, &e, err);
        asx_design_fini(&design);
    }
    if (status == ASX_OK)
        context->reference =
            asx_reference_point_of(s->campaign->objective, s->campaign->n_objectives,
                                   &s->campaign->limits, s->campaign->score.point, &e);
    return status;
}

asx_status asx_tier_context_init(asx_tier_context *context, asx_exploration *x, asx_tier tier,
                                 asx_subset subset, asx_error *err)
{
    /* bookings per commit: of predictions, of what others measure (the search sees to it that none
     * waits for long), of what is measured here */
    enum { CHEAP = 1000, SHARED = 64, DEAR = 1 };
    const size_t batch = tier == ASX_TIER_PROXY || tier == ASX_TIER_COSTS ? CHEAP
                         : x->session->crew                               ? SHARED
                                                                          : DEAR;
    *context = (asx_tier_context){.inputs = asx_session_inputs(x->session, tier, subset)};
    asx_status status = make_evaluator(&context->evaluator, x, &context->inputs, subset, err);
    if (status == ASX_OK)
        status =
            asx_store_ledger(&context->ledger, x->store, x->campaign, &context->inputs, batch, err);
    return status == ASX_OK ? evaluate_baseline(context, x->session, err) : status;
}

asx_status asx_tier_context_predict(asx_tier_context *context, asx_exploration *x, asx_error *err)
{
    *context = (asx_tier_context){
        .inputs = asx_session_inputs(x->session, ASX_TIER_PROXY, ASX_SUBSET_SELECT)};
    const asx_status status =
        make_evaluator(&context->evaluator, x, &context->inputs, ASX_SUBSET_SELECT, err);
    return status == ASX_OK ? evaluate_baseline(context, x->session, err) : status;
}

void asx_tier_context_fini(asx_tier_context *context)
{
    if (!context)
        return;
    asx_evaluator_fini(&context->evaluator);
}

asx_search asx_exploration_search(asx_exploration *x, asx_tier_context *context)
{
    asx_search search = asx_session_search(x->session);
    search.evaluator = &context->evaluator;
    search.reference = context->reference.value;
    search.ledger = context->ledger.book ? &context->ledger : NULL;
    search.observer = &x->observer;
    search.threads = x->options->threads;
    /* a searcher that need not wait is asked for enough for all; results do not depend on it */
    enum { EACH = 64, FEW_WORKERS = 64 };
    if (x->session->crew && x->session->crew->n > FEW_WORKERS)
        search.batch = EACH * x->session->crew->n;
    if (x->options->watcher) {
        search.stop = x->options->watcher->stop;
        search.stop_state = x->options->watcher->state;
    }
    return search;
}
