#include "explore.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "dse/memory.h"
#include "dse/text.h"
#include "front.h"
#include "progress.h"
#include "recall.h"
#include "results/campaign.h"
#include "results/store.h"
#include "search/searcher.h"
#include "separable_model.h"
#include "turn.h"
#include "version.h"

static const char baseline_text[] = "vn: w8a8";

/* A run in progress: the workbench's campaign in an open database. */
typedef struct exploration {
    workbench *w;
    const explore_options *options;
    asx_store *store;
    int64_t campaign, run;
    progress_line line;
    asx_observer observer;
} exploration;

static void now(char *out, size_t n)
{
    const time_t t = time(NULL);
    struct tm tm;
    gmtime_r(&t, &tm);
    strftime(out, n, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

/* ---- provenance ---- */

static void print_campaign(asx_text *objectives, asx_text *limits, asx_text *data,
                           asx_text *machine, const workbench *w)
{
    const campaign *c = w->campaign;
    for (size_t i = 0; i < c->n_objectives; i++)
        asx_text_add(objectives, "%s%s", i ? " " : "", asx_objective_text(c->objective[i]));
    for (int o = 0; o < ASX_N_OBJECTIVES; o++)
        if (c->limits.max[o] < 1e300)
            asx_text_add(limits, "%s%s=%.17g", limits->n ? " " : "",
                         asx_objective_text((asx_objective)o), c->limits.max[o]);
    asx_text_add(data, "%s", c->file->data->format);
    for (unsigned i = 0; i < c->file->data->files_count; i++)
        asx_text_add(data, " %s", c->file->data->files[i]);
    asx_params_print(machine, asx_machine_params_of(w->machine));
}

static asx_status add_campaign(exploration *x, asx_error *err)
{
    const workbench *w = x->w;
    char network_hash[20], data_hash[20], created[32];
    asx_text objectives = {0}, limits = {0}, data = {0}, machine = {0};
    print_campaign(&objectives, &limits, &data, &machine, w);
    snprintf(network_hash, sizeof network_hash, "%016llx",
             (unsigned long long)asx_network_hash(w->network));
    snprintf(data_hash, sizeof data_hash, "%016llx", (unsigned long long)asx_dataset_hash(w->data));
    now(created, sizeof created);
    size_t n = 0;
    const asx_campaign_record record = {
        .name = w->campaign->file->name,
        .text = w->campaign->text,
        .objectives = objectives.s,
        .limits = limits.s,
        .network = w->campaign->file->network,
        .network_hash = network_hash,
        .data = data.s,
        .data_hash = data_hash,
        .technology = asx_technology_name(w->technology),
        .technology_text = asx_technology_text(w->technology, &n),
        .machine = machine.s,
        .baseline = baseline_text,
        .seed = w->campaign->seed,
        .version = ASX_VERSION,
        .created = created,
    };
    asx_status st = ASX_OK;
    if (objectives.failed || limits.failed || data.failed || machine.failed)
        st = asx_fail(err, ASX_ENOMEM, "no memory for the campaign's record");
    if (st == ASX_OK)
        st = asx_campaign_add(&x->campaign, x->store, &record, workbench_workload(w), err);
    if (st == ASX_OK)
        st = asx_run_begin(&x->run, x->store, x->campaign, ASX_VERSION, created, err);
    asx_text_fini(&machine);
    asx_text_fini(&data);
    asx_text_fini(&limits);
    asx_text_fini(&objectives);
    return st;
}

/* ---- evaluators ---- */

static asx_store_inputs make_inputs(const workbench *w, asx_tier tier, workbench_subset subset)
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

/* One design outside the search: found in the ledger, or evaluated and booked. */
static asx_status evaluate_one(bool *found, const asx_ledger *ledger,
                               const asx_evaluator *evaluator, const char *text,
                               const asx_workload *work, asx_error *err)
{
    asx_evaluation e = {0};
    asx_design design = {0};
    asx_status st = ledger->find(ledger->state, text, &e, found, err);
    if (st < 0 || *found)
        return st;
    st = asx_design_parse(&design, text, work, err);
    if (st == ASX_OK)
        st = asx_evaluator_run(evaluator, &design, &e, err);
    if (st == ASX_OK)
        st = ledger->book(ledger->state, text, &design, &e, err);
    asx_design_fini(&design);
    return st;
}

/* ---- the two stages ---- */

/* The baseline is evaluated before all others. If the search came across it, it called it known
 * before, which to the user it was not. */
static asx_status count_baseline(asx_search_outcome *outcome, const workbench *w, asx_error *err)
{
    asx_design design = {0};
    size_t row;
    asx_gene *point = asx_array_new(asx_space_n_genes(w->space), sizeof *point);
    if (!point)
        return asx_fail(err, ASX_ENOMEM, "no memory for a point");
    const asx_status st = asx_design_parse(&design, baseline_text, workbench_workload(w), err);
    if (st == ASX_OK && asx_space_encode(point, w->space, &design, NULL) == ASX_OK &&
        asx_archive_find(&row, outcome->archive, point)) {
        outcome->progress.evaluated++;
        outcome->progress.recalled--;
    }
    asx_design_fini(&design);
    free(point);
    return st;
}

/* What the searcher vouches for stays with the campaign. */
static asx_status store_report(exploration *x, const char *report, asx_error *err)
{
    char key[64];
    if (!report)
        return ASX_OK;
    snprintf(key, sizeof key, "certificate/%lld", (long long)x->campaign);
    return asx_store_cache_put(x->store, key, report, strlen(report) + 1, err);
}

static asx_status search(explore_result *result, exploration *x, asx_error *err)
{
    workbench *w = x->w;
    const campaign *c = w->campaign;
    const asx_store_inputs inputs = make_inputs(w, c->search_tier, SUBSET_SELECT);
    asx_evaluator evaluator = {0};
    asx_ledger ledger;
    asx_search_outcome outcome = {0};
    separable_model *model = NULL;
    bool baseline_known = false;
    asx_search config = {.space = w->space,
                         .work = workbench_workload(w),
                         .seed = c->seed,
                         .objective = c->objective,
                         .n_objectives = c->n_objectives,
                         .limits = c->limits,
                         .evaluator = &evaluator,
                         .ledger = &ledger,
                         .observer = &x->observer,
                         .budget = c->budget,
                         .threads = x->options->threads,
                         .stop = x->options->stop};
    asx_status st = campaign_searcher(&config.searcher, &config.params, c, err);
    if (st == ASX_OK && config.searcher->wants_model && c->search_tier == ASX_TIER_PROXY) {
        st = separable_model_new(&model, w, err);
        config.model = st == ASX_OK ? separable_model_of(model) : NULL;
    }
    if (st == ASX_OK)
        st = make_evaluator(&evaluator, x, &inputs, SUBSET_SELECT, err);
    if (st == ASX_OK)
        st = asx_store_ledger(&ledger, x->store, x->campaign, &inputs,
                              c->search_tier == ASX_TIER_PROXY ? 1000 : 1, err);
    if (st == ASX_OK)
        st = evaluate_one(&baseline_known, &ledger, &evaluator, baseline_text, config.work, err);
    if (st == ASX_OK)
        st = asx_search_run(&outcome, &config, err);
    progress_end(&x->line);
    if (st == ASX_OK && !baseline_known)
        st = count_baseline(&outcome, w, err);
    if (st == ASX_OK)
        st = asx_store_flush(x->store, err);
    if (st == ASX_OK)
        st = store_report(x, outcome.report, err);
    if (st == ASX_OK) {
        result->end = outcome.end;
        result->progress = outcome.progress;
        result->report = outcome.report;
        outcome.report = NULL;
    }
    asx_search_outcome_fini(&outcome);
    separable_model_free(model);
    asx_evaluator_fini(&evaluator);
    return st;
}

/* Measures up to `max` designs spread evenly along the front, and the baseline, on one set of
 * images. */
static asx_status measure_front(size_t *done, exploration *x, const front *f,
                                workbench_subset subset, size_t max, asx_error *err)
{
    workbench *w = x->w;
    const size_t n = f->n < max ? f->n : max;
    asx_status st = workbench_need_measure(w, subset, err);
    if (st < 0)
        return st;
    const asx_store_inputs inputs = make_inputs(w, ASX_TIER_MEASURED, subset);
    asx_evaluator evaluator = {0};
    asx_ledger ledger;
    bool known = false;
    st = make_evaluator(&evaluator, x, &inputs, subset, err);
    if (st == ASX_OK)
        st = asx_store_ledger(&ledger, x->store, x->campaign, &inputs, 1, err);
    if (st == ASX_OK)
        st = evaluate_one(&known, &ledger, &evaluator, baseline_text, workbench_workload(w), err);
    for (size_t i = 0; st == ASX_OK && i < n && !x->options->stop(NULL); i++) {
        const size_t k = n > 1 ? i * (f->n - 1) / (n - 1) : 0;
        progress_step(&x->line, "measuring the front", i + 1, n);
        st = evaluate_one(&known, &ledger, &evaluator, f->rows.row[f->index[k]].design,
                          workbench_workload(w), err);
        *done += st == ASX_OK;
    }
    progress_end(&x->line);
    asx_evaluator_fini(&evaluator);
    return st;
}

static asx_status verify(explore_result *result, exploration *x, asx_error *err)
{
    const campaign *c = x->w->campaign;
    front f = {0};
    if (c->measured == 0)
        return ASX_OK;
    asx_status st = front_load(&f, x->store, &(front_options){.id = x->campaign}, err);
    if (st == ASX_OK && c->search_tier == ASX_TIER_PROXY)
        st = measure_front(&result->measured, x, &f, SUBSET_SELECT, c->measured, err);
    if (st == ASX_OK && x->w->has_subset[SUBSET_REPORT])
        st = measure_front(&result->reported, x, &f, SUBSET_REPORT, c->measured, err);
    front_fini(&f);
    return st;
}

/* ---- the run ---- */

static asx_status check_subsets(const workbench *w, asx_error *err)
{
    const asx_range *s = &w->subset[SUBSET_SELECT], *r = &w->subset[SUBSET_REPORT];
    if (w->has_subset[SUBSET_REPORT] && s->first < r->end && r->first < s->end)
        return campaign_fail(w->campaign, err, ASX_EINVAL, NULL,
                             "data.report: %zu:%zu and 'select' %zu:%zu share images: the search "
                             "must not see what it is judged on",
                             r->first, r->end, s->first, s->end);
    return ASX_OK;
}

static asx_status prepare(explore_result *result, workbench *w, asx_error *err)
{
    const asx_searcher_type *type;
    asx_params params;
    /* cheap checks before expensive work */
    asx_status st = campaign_searcher(&type, &params, w->campaign, err);
    if (st == ASX_OK)
        st = workbench_need_space(w, err);
    if (st == ASX_OK)
        st = asx_space_size_text(&result->space_size, w->space, err);
    if (st == ASX_OK)
        st = workbench_need_data(w, err);
    if (st == ASX_OK)
        st = check_subsets(w, err);
    return st;
}

static asx_status run_stages(explore_result *result, exploration *x, asx_error *err)
{
    workbench *w = x->w;
    asx_status st = w->campaign->search_tier == ASX_TIER_PROXY
                        ? workbench_need_proxy(w, err)
                        : workbench_need_measure(w, SUBSET_SELECT, err);
    if (st == ASX_OK)
        st = search(result, x, err);
    if (st == ASX_OK && result->end != ASX_END_INTERRUPTED)
        st = verify(result, x, err);
    if (st == ASX_OK && x->options->stop(NULL))
        result->end = ASX_END_INTERRUPTED;
    return st;
}

asx_status explore_run(explore_result *result, workbench *w, const explore_options *options,
                       asx_error *err)
{
    exploration x = {.w = w, .options = options};
    explore_result r = {0};
    char stopped[32];
    int turn = TURN_NONE;
    progress_init(&x.line, &x.observer);
    asx_status st = prepare(&r, w, err);
    if (st == ASX_OK)
        st = asx_store_open(&x.store, options->database, ASX_STORE_CREATE, err);
    if (st == ASX_OK)
        st = turn_take(&turn, options->database, options->stop, err);
    if (st == ASX_OK)
        st = add_campaign(&x, err);
    r.campaign = x.campaign;
    if (st == ASX_OK)
        st = run_stages(&r, &x, err);
    progress_end(&x.line);
    if (st == ASX_OK) {
        now(stopped, sizeof stopped);
        st = asx_run_end(x.store, x.run, stopped, asx_search_end_text(r.end), &r.progress, err);
    }
    asx_store_free(x.store);
    turn_end(turn);
    if (st < 0)
        explore_result_fini(&r);
    else
        *result = r;
    return st;
}

void explore_result_fini(explore_result *result)
{
    free(result->space_size);
    free(result->report);
    *result = (explore_result){0};
}
