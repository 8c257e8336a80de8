/* A campaign's record in a database: all it depends on, and the keys of its evaluations. */
#include <stdio.h>
#include <time.h>

#include "dse/design.h"
#include "dse/text.h"
#include "dse/word_kind.h"
#include "explore/version.h"
#include "machine_text.h"
#include "results/record.h"
#include "session_private.h"

void asx_now(char out[ASX_NOW_SIZE])
{
    const time_t t = time(NULL);
    struct tm tm;
    gmtime_r(&t, &tm);
    strftime(out, ASX_NOW_SIZE, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

static void print_campaign(asx_text *objectives, asx_text *limits, asx_text *data,
                           asx_text *machine, const asx_session *s)
{
    const asx_campaign *c = s->campaign;
    for (size_t i = 0; i < c->n_objectives; i++)
        asx_text_add(objectives, "%s%s", i ? " " : "", asx_objective_text(c->objective[i]));
    for (int o = 0; o < ASX_N_OBJECTIVES; o++)
        if (c->limits.max[o] < 1e300)
            asx_text_add(limits, "%s%s=%.17g", limits->n ? " " : "",
                         asx_objective_text((asx_objective)o), c->limits.max[o]);
    asx_text_add(data, "%s", s->data ? c->spec->data->format : "");
    for (unsigned i = 0; s->data && i < c->spec->data->files_count; i++)
        asx_text_add(data, " %s", c->spec->data->files[i]);
    asx_machine_text_print(machine, asx_machine_params_of(s->machine),
                           asx_machine_workload(s->machine));
}

/* Lists of values are in files that may change: they stand below the campaign, so that another list is another campaign. */
static void print_text(asx_text *text, const asx_session *s)
{
    size_t n = 0;
    asx_text_add(text, "%s", s->campaign->text);
    if (!s->space || s->campaign->spec->space->weights.values_count == 0)
        return;
    const asx_format *format = asx_space_formats(s->space, &n);
    for (size_t i = 0; i < n; i++)
        if (format[i].weight.kind == ASX_WORD_VALUES &&
            (i == 0 || !asx_word_equal(&format[i].weight, &format[i - 1].weight))) {
            asx_text_add(text, "%s# space.weights.values: ",
                         text->n > 0 && text->s[text->n - 1] != '\n' ? "\n" : "");
            asx_format_print(text, &format[i]);
            asx_text_add(text, "\n");
        }
}

asx_status asx_session_record(int64_t *id, asx_store *store, const asx_session *s, asx_error *err)
{
    char network_hash[20], data_hash[20] = "", created[ASX_NOW_SIZE];
    asx_text objectives = {0}, limits = {0}, data = {0}, machine = {0}, text = {0};
    print_text(&text, s);
    print_campaign(&objectives, &limits, &data, &machine, s);
    snprintf(network_hash, sizeof network_hash, "%016llx",
             (unsigned long long)asx_network_hash(s->network));
    if (s->data) /* a search of costs alone reads none */
        snprintf(data_hash, sizeof data_hash, "%016llx",
                 (unsigned long long)asx_dataset_hash(s->data));
    asx_now(created);
    size_t n = 0;
    const asx_record record = {
        .name = s->campaign->spec->name,
        .text = text.s,
        .objectives = objectives.s,
        .limits = limits.s,
        .network = s->campaign->spec->network,
        .network_hash = network_hash,
        .data = data.s,
        .data_hash = data_hash,
        .technology = asx_technology_name(s->technology),
        .technology_text = asx_technology_text(s->technology, &n),
        .machine = machine.s,
        .baseline = ASX_BASELINE,
        .seed = s->campaign->seed,
        .score = s->data ? *asx_dataset_score(s->data) : s->campaign->score,
        .version = asx_version(),
        .created = created,
    };
    asx_status status = ASX_OK;
    if (objectives.failed || limits.failed || data.failed || machine.failed || text.failed)
        status = asx_fail(err, ASX_ENOMEM, "no memory for the campaign's record");
    if (status == ASX_OK)
        status = asx_record_add(id, store, &record, asx_session_workload(s), err);
    asx_text_fini(&text);
    asx_text_fini(&machine);
    asx_text_fini(&data);
    asx_text_fini(&limits);
    asx_text_fini(&objectives);
    return status;
}

asx_store_inputs asx_session_inputs(const asx_session *s, asx_tier tier, asx_subset subset)
{
    return (asx_store_inputs){.tier = tier,
                              .subset = asx_subset_text(subset),
                              .accuracy_key = asx_session_accuracy_key(s, tier, subset),
                              .cost_key = asx_session_cost_key(s),
                              .about = asx_tier_text(tier)};
}
