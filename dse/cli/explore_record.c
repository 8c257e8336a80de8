/* Provenance of a run: the campaign with all it depends on, and when who worked on it. */
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "dse/text.h"
#include "exploration.h"
#include "machine_text.h"
#include "processor.h"
#include "results/campaign.h"
#include "version.h"

static void now(char *out, size_t n)
{
    const time_t t = time(NULL);
    struct tm tm;
    gmtime_r(&t, &tm);
    strftime(out, n, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

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
    machine_text_print(machine, asx_machine_params_of(w->machine),
                       asx_machine_workload(w->machine));
}

static asx_status begin_run(exploration *x, const char *started, asx_error *err)
{
    char processor[PROCESSOR_SIZE];
    processor_name(processor);
    const asx_run_record record = {.version = ASX_VERSION,
                                   .build = ASX_BUILD,
                                   .processor = processor,
                                   .threads = x->options->threads,
                                   .process = getpid(),
                                   .started = started};
    const asx_status st = asx_run_begin(&x->run, x->store, x->campaign, &record, err);
    if (st == ASX_OK)
        watch_begin(&x->watch, x->store, x->run);
    return st;
}

asx_status exploration_campaign(int64_t *id, asx_store *store, const workbench *w, asx_error *err)
{
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
        .baseline = exploration_baseline,
        .seed = w->campaign->seed,
        .version = ASX_VERSION,
        .created = created,
    };
    asx_status st = ASX_OK;
    if (objectives.failed || limits.failed || data.failed || machine.failed)
        st = asx_fail(err, ASX_ENOMEM, "no memory for the campaign's record");
    if (st == ASX_OK)
        st = asx_campaign_add(id, store, &record, workbench_workload(w), err);
    asx_text_fini(&machine);
    asx_text_fini(&data);
    asx_text_fini(&limits);
    asx_text_fini(&objectives);
    return st;
}

asx_status exploration_begin(exploration *x, asx_error *err)
{
    char started[32];
    now(started, sizeof started);
    const asx_status st = exploration_campaign(&x->campaign, x->store, x->w, err);
    return st == ASX_OK ? begin_run(x, started, err) : st;
}

asx_status exploration_end(exploration *x, const explore_result *result, asx_error *err)
{
    char stopped[32];
    now(stopped, sizeof stopped);
    const asx_status st = watch_flush(&x->watch, err);
    return st == ASX_OK ? asx_run_end(x->store, x->run, stopped, asx_search_end_text(result->end),
                                      &result->progress, err)
                        : st;
}
