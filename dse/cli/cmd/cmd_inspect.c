/* asx inspect: what a campaign is about: the network's layers, the data, the size of the space. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "explore/campaign_keys.h"
#include "explore/floating.h"
#include "explore/plan.h"
#include "inspect_bespoke.h"
#include "inspect_network.h"
#include "look_options.h"
#include "option.h"
#include "session_options.h"
#include "table.h"

static const option_usage usage = {
    .synopsis = "inspect [CAMPAIGN.yaml] [--unknown price] [--format table|csv|json]",
    .about =
        "Shows the network's layers with weights (their names are those that designs and campaign "
        "files use), the design space with its exact size, the data set, the float network's accuracy beside "
        "guessing, and the defaults in force, and how long a run takes on this machine, from a short timing. Fails where a run would. Without "
        "a campaign: the embedded one.",
    .max_arguments = 1};

enum { FACTS, DEFAULTS, LAYERS, SKIPPED, N_TABLES };

static const table_column fact_columns[] = {{"what", TABLE_TEXT, 0}, {"value", TABLE_TEXT, 0}, {0}};

static const table_column default_columns[] = {
    {"key", TABLE_TEXT, 0}, {"default", TABLE_TEXT, 0}, {0}};

static const table_column layer_columns[] = {{"layer", TABLE_TEXT, 0},
                                             {"kind", TABLE_TEXT, 0},
                                             {"input", TABLE_TEXT, 0},
                                             {"output", TABLE_TEXT, 0},
                                             {"kernel", TABLE_TEXT, 0},
                                             {"stride", TABLE_TEXT, 0},
                                             {"groups", TABLE_INTEGER, 0},
                                             {"weights", TABLE_INTEGER, 0},
                                             {"macs", TABLE_INTEGER, 0},
                                             {"input_sign", TABLE_TEXT, 0},
                                             {0}};

static const table_column skipped_columns[] = {{"skipped", TABLE_TEXT, 0},
                                               {"operator", TABLE_TEXT, 0},
                                               {"macs", TABLE_NUMBER, 0},
                                               {"why", TABLE_TEXT, 0},
                                               {0}};

/* What is searched where accuracy is not known. */
static void add_objectives(table *t, const asx_campaign *c)
{
    asx_text text = {0};
    for (size_t i = 0; i < c->n_objectives; i++)
        asx_text_add(&text, "%s%s", i ? ", " : "", asx_objective_text(c->objective[i]));
    inspect_fact(t, "search", "costs alone (%s); accuracy is not known", text.s ? text.s : "");
    asx_text_fini(&text);
}

static asx_status add_space(table *t, const asx_session *s, asx_error *err)
{
    char *size = NULL;
    size_t n = 0;
    const asx_status status = asx_space_size_text(&size, s->space, err);
    if (status != ASX_OK)
        return status;
    asx_space_formats(s->space, &n);
    inspect_fact(t, "formats", "%zu distinct of %zu", n, s->n_formats_raw);
    inspect_fact(t, "genes", "%zu", asx_space_n_genes(s->space));
    if (strlen(size) > 12)
        inspect_fact(t, "designs", "%s (%.1e)", size, strtod(size, NULL));
    else
        inspect_fact(t, "designs", "%s", size);
    free(size);
    if (s->campaign->search_tier == ASX_TIER_COSTS)
        add_objectives(t, s->campaign);
    return ASX_OK;
}

static void add_data(table *t, const asx_session *s)
{
    const size_t *shape = asx_dataset_shape(s->data);
    inspect_fact(t, "images", "%zu of %zux%zux%zu", asx_dataset_size(s->data), shape[0], shape[1],
                 shape[2]);
    const asx_score *score = asx_dataset_score(s->data);
    asx_text measure = {0};
    asx_score_print(&measure, score);
    if (!asx_score_counts(score) || score->top > 1)
        inspect_fact(t, "measure", "%s", measure.s ? measure.s : "");
    asx_text_fini(&measure);
    inspect_fact(t, "calibrate", "%zu:%zu", s->calibrate.first, s->calibrate.end);
    inspect_fact(t, "ranges", "%s", asx_ranging_text(s->campaign->calibration.ranging));
    inspect_fact(t, "rounding", "%s", asx_rounding_text(s->campaign->calibration.rounding));
    inspect_fact(t, "bias_correction", "%s",
                 s->campaign->calibration.bias_correction ? "on" : "off");
    inspect_fact(t, "multiplier_bits", "%u", s->campaign->calibration.multiplier_bits);
    for (int i = 0; i < ASX_N_SUBSETS; i++)
        if (s->has_subset[i])
            inspect_fact(t, asx_subset_text((asx_subset)i), "%zu:%zu", s->subset[i].first,
                         s->subset[i].end);
}

static void add_time(table *t, const asx_plan *p)
{
    char time[40];
    if (p->seconds < 90)
        snprintf(time, sizeof time, "%.0f s", fmax(p->seconds, 1));
    else if (p->seconds < 5400)
        snprintf(time, sizeof time, "%.0f min", p->seconds / 60);
    else if (p->seconds < 2e5)
        snprintf(time, sizeof time, "%.1f h", p->seconds / 3600);
    else
        snprintf(time, sizeof time, "%.3g days", p->seconds / 86400);
    inspect_fact(
        t, "time",
        "about %s on %d threads%s%s: %.4g accuracies to search, %.4g to report, %.0f images/s",
        time, p->threads, p->proves ? ", and the proof" : "", p->trains ? ", and training" : "",
        p->searched, p->reported, p->per_s);
}

/* Images whose numbers ranges are set by. The search sees those of 'select' anyway; others should be new to a design. */
static void add_calibrate(table *t, const asx_session *s)
{
    const asx_shared_images shared = asx_session_shared_calibrate(s);
    inspect_fact(t, "shared", "of the images of calibrate, select %zu, confirm %zu, report %zu",
                 shared.shared[ASX_SUBSET_SELECT], shared.shared[ASX_SUBSET_CONFIRM],
                 shared.shared[ASX_SUBSET_REPORT]);
    for (int i = ASX_SUBSET_CONFIRM; i < ASX_N_SUBSETS; i++)
        if (shared.shared[i] > 0)
            fprintf(
                stderr,
                "warning: calibration sees %zu images of '%s', if not their labels: data.calibrate "
                "should lie in 'select' or in no part\n",
                shared.shared[i], asx_subset_text((asx_subset)i));
}

/* Images to train on. Those that designs are judged on as well are told of. */
static asx_status add_train(table *t, const asx_session *s, asx_error *err)
{
    asx_shared_images shared;
    const asx_status status = asx_session_shared_images(&shared, s, err);
    if (status != ASX_OK)
        return status;
    inspect_fact(t, "train", "%zu images; among them of select %zu, confirm %zu, report %zu",
                 shared.seen, shared.shared[ASX_SUBSET_SELECT], shared.shared[ASX_SUBSET_CONFIRM],
                 shared.shared[ASX_SUBSET_REPORT]);
    for (int i = 0; i < ASX_N_SUBSETS; i++)
        if (shared.shared[i] > 0)
            fprintf(
                stderr,
                "warning: training sees %zu images of '%s': trained networks look better there than they are\n",
                shared.shared[i], asx_subset_text((asx_subset)i));
    return ASX_OK;
}

/* The keys that the file leaves out, and what holds for them: not those of what it has nothing of. */
static void add_defaults(table *t, const asx_campaign *c, const asx_campaign_key *keys,
                         const char *section)
{
    for (const asx_campaign_key *k = keys; k->name; k++) {
        char path[100];
        snprintf(path, sizeof path, "%s%s%s", section, *section ? "." : "", k->name);
        const bool given = asx_campaign_gives(c->spec, path);
        if (k->keys && !k->list &&
            (given || (strcmp(path, "train") != 0 && strcmp(path, "data") != 0)))
            add_defaults(t, c, k->keys, path);
        const bool generated = strcmp(k->name, "seed") == 0 || strcmp(k->name, "count") == 0;
        const bool drawn = c->spec->data && strcmp(c->spec->data->format, "glyphs") == 0;
        if (given || !k->standard || (generated && strcmp(section, "search") != 0 && !drawn))
            continue;
        table_text(t, path);
        table_text(t, k->standard);
    }
}

/* What a run needs and does: what it would refuse fails here too. @param guesses  told when all is printed */
static asx_status add_run(table *t, asx_floating *f, asx_session *s, asx_error *err)
{
    asx_text text = {0};
    asx_plan plan;
    asx_status status = asx_session_floating(f, s, ASX_SUBSET_SELECT, err);
    if (status == ASX_OK)
        status = asx_plan_make(&plan, s, err);
    if (status != ASX_OK)
        return status;
    asx_floating_print(&text, f);
    inspect_fact(t, "float", "%s", text.s ? text.s : "");
    if (!isnan(s->campaign->expect))
        inspect_fact(t, "expected", "%.4g %%", s->campaign->expect);
    add_time(t, &plan);
    asx_text_fini(&text);
    return ASX_OK;
}

static bool is_measurable(const asx_session *s)
{
    return s->data && asx_network_check_weights(s->network, NULL) == ASX_OK &&
           asx_network_check_classes(s->network, NULL) == ASX_OK;
}

static asx_status new_tables(table **t, asx_error *err)
{
    const struct {
        const char *name;
        const table_column *columns;
    } made[N_TABLES] = {[FACTS] = {"facts", fact_columns},
                        [DEFAULTS] = {"defaults", default_columns},
                        [SKIPPED] = {"skipped", skipped_columns},
                        [LAYERS] = {"layers", layer_columns}};
    asx_status status = ASX_OK;
    for (int i = 0; i < N_TABLES && status == ASX_OK; i++)
        status = table_new(&t[i], made[i].name, made[i].columns, err);
    if (status == ASX_OK)
        table_for_people(t[LAYERS], NULL, "groups input_sign stride kernel");
    return status;
}

static asx_status fill_tables(table **t, asx_floating *f, asx_session *s, asx_error *err)
{
    asx_status status = inspect_network(t[FACTS], s, err);
    if (status == ASX_OK)
        status = add_space(t[FACTS], s, err);
    if (status == ASX_OK && s->data) {
        add_data(t[FACTS], s);
        add_calibrate(t[FACTS], s);
    }
    if (status == ASX_OK && s->data && s->campaign->spec->train)
        status = add_train(t[FACTS], s, err);
    if (status == ASX_OK && is_measurable(s))
        status = add_run(t[FACTS], f, s, err);
    if (status != ASX_OK)
        return status;
    add_defaults(t[DEFAULTS], s->campaign, asx_campaign_keys(), "");
    inspect_layers(t[LAYERS], asx_session_workload(s));
    inspect_skipped(t[SKIPPED], s->network);
    return ASX_OK;
}

/* The last table only where something is left out. */
static asx_status print_tables(table **t, const asx_session *s, const look *l, asx_error *err)
{
    size_t skipped = 0;
    asx_network_skipped(s->network, &skipped);
    session_remark(s, false);
    return look_print(l, t, skipped > 0 ? N_TABLES : N_TABLES - 1, err);
}

static asx_status inspect(asx_session *s, const look *l, asx_error *err)
{
    asx_floating f = {0};
    table *t[N_TABLES] = {NULL};
    asx_status status = asx_session_need_space(s, err);
    if (status == ASX_OK && s->campaign->spec->data)
        status = asx_session_need_data(s, err);
    if (status == ASX_OK && s->data)
        status = asx_session_check(s, err);
    if (status == ASX_OK)
        status = new_tables(t, err);
    if (status == ASX_OK)
        status = fill_tables(t, &f, s, err);
    if (status == ASX_OK)
        status = print_tables(t, s, l, err);
    if (status == ASX_OK && f.accuracy.images > 0)
        status = asx_floating_check(&f, s, err);
    for (int i = 0; i < N_TABLES; i++)
        table_free(t[i]);
    return status;
}

/* @param unknown  of nodes that cannot be run; NULL: as the campaign says */
static asx_status open_and_inspect(const char *path, const char *unknown, const look *l,
                                   asx_error *err)
{
    asx_campaign *campaign = NULL;
    asx_session s = {0};
    asx_status status = asx_campaign_load(&campaign, path, getenv, err);
    if (status != ASX_OK)
        return status;
    if (campaign->bespoke) {
        status = inspect_bespoke(campaign, l, err);
        asx_campaign_free(campaign);
        return status;
    }
    if (unknown)
        campaign->price_unknown = strcmp(unknown, "price") == 0;
    status = asx_session_open(&s, campaign, err);
    if (status == ASX_OK)
        status = inspect(&s, l, err);
    asx_session_close(&s);
    return status;
}

int cmd_inspect(int argc, char **argv)
{
    look l = LOOK_DEFAULT;
    const char *unknown = NULL;
    const option options[] = {
        OPTION_OF_CHOICE(&unknown, "unknown", "refuse|price",
                         "operators in the network that cannot be run: refuse it, or leave them "
                         "out for costs (default: as the campaign says)"),
        OPTION_LOOK(l),
        {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;

    asx_error err = {0};
    return cmd_end(open_and_inspect(args.argument[0], unknown, &l, &err), &err);
}
