/* Evaluators and ledgers for the stages of a run. */
#include "exploration.h"
#include "recall.h"

const char exploration_baseline[] = "vn: w8a8";

asx_store_inputs exploration_inputs(const workbench *w, asx_tier tier, workbench_subset subset)
{
    return (asx_store_inputs){.tier = tier,
                              .subset = workbench_subset_text(subset),
                              .accuracy_key = workbench_accuracy_key(w, tier, subset),
                              .cost_key = workbench_cost_key(w),
                              .about = asx_tier_text(tier)};
}

/* Accuracy at the tier, then costs. `inputs` is borrowed by the result. */
static asx_status make_evaluator(asx_evaluator *out, exploration *x, const asx_store_inputs *inputs,
                                 workbench_subset subset, asx_error *err)
{
    workbench *w = x->w;
    asx_evaluator accuracy = {0}, recalled = {0}, hardware = {0};
    asx_status st;
    if (inputs->tier == ASX_TIER_PROXY) {
        st = asx_proxy_evaluator(&recalled, w->proxy, err);
    } else {
        st = asx_measure_evaluator(&accuracy, w->measure[subset], err);
        if (st == ASX_OK)
            st = recall_new(&recalled, &accuracy, asx_store_path(x->store), workbench_workload(w),
                            inputs, err);
    }
    if (st == ASX_OK)
        st = asx_machine_evaluator(&hardware, w->machine, err);
    if (st < 0) {
        asx_evaluator_fini(&recalled);
        return st;
    }
    return asx_evaluator_join(out, &recalled, &hardware, err);
}

/* The baseline need not be in the space, so it is found or evaluated by itself. */
static asx_status evaluate_baseline(exploration_desk *desk, const workbench *w, asx_error *err)
{
    const asx_ledger *ledger = &desk->ledger;
    asx_evaluation e = {0};
    asx_design design = {0};
    asx_status st = ASX_OK;
    if (ledger->find)
        st = ledger->find(ledger->state, exploration_baseline, &e, &desk->baseline_known, err);
    if (st == ASX_OK && !desk->baseline_known) {
        st = asx_design_parse(&design, exploration_baseline, workbench_workload(w), err);
        if (st == ASX_OK)
            st = asx_evaluator_run(&desk->evaluator, &design, &e, err);
        if (st == ASX_OK && ledger->book)
            st = ledger->book(ledger->state, exploration_baseline, &design, &e, err);
        asx_design_fini(&design);
    }
    if (st == ASX_OK)
        desk->reference = reference_of(w->campaign->objective, w->campaign->n_objectives,
                                       &w->campaign->limits, &e);
    return st;
}

asx_status exploration_desk_init(exploration_desk *desk, exploration *x, asx_tier tier,
                                 workbench_subset subset, asx_error *err)
{
    enum { CHEAP = 1000 }; /* bookings of predictions per commit */
    *desk = (exploration_desk){.inputs = exploration_inputs(x->w, tier, subset)};
    asx_status st = make_evaluator(&desk->evaluator, x, &desk->inputs, subset, err);
    if (st == ASX_OK)
        st = asx_store_ledger(&desk->ledger, x->store, x->campaign, &desk->inputs,
                              tier == ASX_TIER_PROXY ? CHEAP : 1, err);
    return st == ASX_OK ? evaluate_baseline(desk, x->w, err) : st;
}

asx_status exploration_desk_predict(exploration_desk *desk, exploration *x, asx_error *err)
{
    *desk = (exploration_desk){.inputs = exploration_inputs(x->w, ASX_TIER_PROXY, SUBSET_SELECT)};
    const asx_status st = make_evaluator(&desk->evaluator, x, &desk->inputs, SUBSET_SELECT, err);
    return st == ASX_OK ? evaluate_baseline(desk, x->w, err) : st;
}

void exploration_desk_fini(exploration_desk *desk)
{
    asx_evaluator_fini(&desk->evaluator);
}

asx_search exploration_search(exploration *x, exploration_desk *desk)
{
    const campaign *c = x->w->campaign;
    return (asx_search){.space = x->w->space,
                        .work = workbench_workload(x->w),
                        .seed = c->seed,
                        .objective = c->objective,
                        .n_objectives = c->n_objectives,
                        .limits = c->limits,
                        .evaluator = &desk->evaluator,
                        .reference = desk->reference.value,
                        .ledger = desk->ledger.book ? &desk->ledger : NULL,
                        .observer = &x->observer,
                        .threads = x->options->threads,
                        .stop = x->options->stop};
}
