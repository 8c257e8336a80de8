/* asx inspect: what a campaign is about: the network's layers, the data, the size of the space. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "dse/memory.h"
#include "eval/fitting.h"
#include "explore/campaign_keys.h"
#include "explore/floating.h"
#include "explore/plan.h"
#include "look_options.h"
#include "option.h"
#include "session_options.h"
#include "table.h"

static const option_usage usage = {
    .synopsis = "inspect [CAMPAIGN.yaml] [--format table|csv|json]",
    .about =
        "Shows the network's layers with weights (their names are those that designs and campaign "
        "files use), the design space with its exact size, the data set, the float network's accuracy beside "
        "guessing, and the defaults in force, and how long a run takes on this machine, from a short timing. Fails where a run would. Without "
        "a campaign: the embedded one.",
    .max_arguments = 1};

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

static void fact(table *t, const char *what, const char *format, ...) ASX_PRINTF(3, 4);

static void fact(table *t, const char *what, const char *format, ...)
{
    char value[512];
    va_list args;
    va_start(args, format);
    vsnprintf(value, sizeof value, format, args);
    va_end(args);
    table_text(t, what);
    table_text(t, value);
}

static void shape_text(char *out, size_t n, size_t c, size_t h, size_t s)
{
    snprintf(out, n, "%zux%zux%zu", c, h, s);
}

static void add_layers(table *t, const asx_workload *work)
{
    char text[80];
    for (size_t i = 0; i < work->n_layers; i++) {
        const asx_layer *l = &work->layer[i];
        table_text(t, l->name);
        table_text(t, asx_layer_kind_text(l->kind));
        shape_text(text, sizeof text, l->in_c, l->in_h, l->in_w);
        table_text(t, text);
        shape_text(text, sizeof text, l->out_c, l->out_h, l->out_w);
        table_text(t, text);
        snprintf(text, sizeof text, "%zux%zu", l->kernel_h, l->kernel_w);
        table_text(t, text);
        snprintf(text, sizeof text, "%zux%zu", l->stride_h, l->stride_w);
        table_text(t, text);
        table_integer(t, (long long)l->groups);
        table_integer(t, (long long)asx_layer_n_weights(l));
        table_integer(t, (long long)asx_layer_n_macs(l));
        table_text(t, l->input_non_negative ? "unsigned" : "signed");
    }
}

/* What is asked of the network. */
static void add_output(table *t, const asx_network *net)
{
    size_t rank = 0;
    const size_t *dim = asx_network_output_shape(net, &rank);
    char shape[96] = "";
    asx_error err = {0};
    if (asx_network_n_outputs(net) > 1)
        fact(t, "output", "%s, of %zu", asx_network_output_name(net), asx_network_n_outputs(net));
    if (asx_network_check_classes(net, &err) == ASX_OK) {
        fact(t, "classes", "%zu", asx_network_n_classes(net));
        return;
    }
    for (size_t i = 0, n = 0; i < rank && n < sizeof shape; i++) {
        const int written =
            snprintf(shape + n, sizeof shape - n, "%s%zu", i > 0 ? "x" : "", dim[i]);
        n += written > 0 ? (size_t)written : 0;
    }
    fact(t, "map", "%s per image: no classes, costs only", shape);
}

/* In which words the file holds operands already. */
static void add_held(table *t, const asx_workload *work)
{
    asx_error err = {0};
    asx_design design = {0};
    asx_text text = {0};
    size_t weights = 0, inputs = 0;
    for (size_t i = 0; i < work->n_layers; i++) {
        weights += work->layer[i].held_weight_bits > 0;
        inputs += work->layer[i].held_activation_bits > 0;
    }
    if (weights + inputs == 0)
        return;
    if (asx_design_parse(&design, "file", work, &err) == ASX_OK) {
        asx_design_print_formats(&text, &design, work);
        fact(t, "file", "%s (--design file)", text.s ? text.s : "");
    } else {
        fact(t, "file", "quantised weights in %zu, inputs in %zu of %zu layers", weights, inputs,
             work->n_layers);
    }
    asx_text_fini(&text);
    asx_design_fini(&design);
}

/* Words that the weights lie on as they are, as a design that rounds none of these. */
static asx_status add_fittings(table *t, const asx_network *network, asx_error *err)
{
    const asx_workload *work = asx_network_workload(network);
    asx_fitting *of = asx_array_new(work->n_layers, sizeof *of);
    asx_design design = {0};
    asx_text text = {0};
    size_t n = 0;
    asx_status status = of ? asx_network_fittings(of, network, err)
                           : asx_fail(err, ASX_ENOMEM, "no memory for words of layers");
    if (status == ASX_OK)
        status = asx_design_parse(&design, ASX_BASELINE, work, err);
    for (size_t i = 0; status == ASX_OK && i < work->n_layers; i++)
        if (of[i].found) {
            design.format[i].weight = of[i].word;
            n++;
        }
    if (status == ASX_OK) {
        asx_design_print_formats(&text, &design, work);
        asx_text_add(&text, " (%zu of %zu layers need no rounding)", n, work->n_layers);
        status = text.failed ? asx_fail(err, ASX_ENOMEM, "no memory for words of layers") : ASX_OK;
    }
    if (status == ASX_OK && n > 0) {
        table_text(t, "weights on");
        table_text(t, text.s);
    }
    asx_text_fini(&text);
    asx_design_fini(&design);
    free(of);
    return status;
}

/* What is no product of words: computed in floats, and products of two values. */
static void add_between(table *t, const asx_network *network)
{
    asx_text text = {0};
    size_t products = 0;
    const asx_workload *work = asx_network_workload(network);
    for (size_t i = 0; i < work->n_layers; i++)
        products += work->layer[i].other.products;
    asx_network_between_words(&text, network);
    if (text.s)
        fact(t, "floats", "%s (between words, in the measured tier)", text.s);
    if (products > 0)
        fact(t, "products", "%zu of two values, 16 by 16 bits, not in macs", products);
    asx_text_fini(&text);
}

static asx_status add_network(table *t, const asx_session *s, asx_error *err)
{
    const asx_workload *work = asx_session_workload(s);
    const size_t *shape = asx_network_input_shape(s->network);
    size_t macs = 0;
    for (size_t i = 0; i < work->n_layers; i++)
        macs += asx_layer_n_macs(&work->layer[i]);
    fact(t, "campaign", "%s", s->campaign->spec->name);
    fact(t, "network", "%s", s->campaign->spec->network);
    fact(t, "input", "%zux%zux%zu", shape[0], shape[1], shape[2]);
    add_output(t, s->network);
    fact(t, "parameters", "%zu", asx_network_n_parameters(s->network));
    fact(t, "macs", "%zu", macs);
    add_held(t, work);
    add_between(t, s->network);
    if (!asx_network_lacks(s->network))
        return add_fittings(t, s->network, err);
    fact(t, "weights", "in no file ('%s' and perhaps others): costs only",
         asx_network_lacks(s->network));
    return ASX_OK;
}

static asx_status add_space(table *t, const asx_session *s, asx_error *err)
{
    char *size = NULL;
    size_t n = 0;
    const asx_status status = asx_space_size_text(&size, s->space, err);
    if (status != ASX_OK)
        return status;
    asx_space_formats(s->space, &n);
    fact(t, "formats", "%zu distinct of %zu", n, s->n_formats_raw);
    fact(t, "genes", "%zu", asx_space_n_genes(s->space));
    if (strlen(size) > 12)
        fact(t, "designs", "%s (%.1e)", size, strtod(size, NULL));
    else
        fact(t, "designs", "%s", size);
    free(size);
    return ASX_OK;
}

static void add_data(table *t, const asx_session *s)
{
    const size_t *shape = asx_dataset_shape(s->data);
    fact(t, "images", "%zu of %zux%zux%zu", asx_dataset_size(s->data), shape[0], shape[1],
         shape[2]);
    if (asx_dataset_top(s->data) > 1)
        fact(t, "measure", "top%zu", asx_dataset_top(s->data));
    fact(t, "calibrate", "%zu:%zu", s->calibrate.first, s->calibrate.end);
    fact(t, "ranges", "%s", asx_ranging_text(s->campaign->calibration.ranging));
    fact(t, "bias_correction", "%s", s->campaign->calibration.bias_correction ? "on" : "off");
    fact(t, "multiplier_bits", "%u", s->campaign->calibration.multiplier_bits);
    for (int i = 0; i < ASX_N_SUBSETS; i++)
        if (s->has_subset[i])
            fact(t, asx_subset_text((asx_subset)i), "%zu:%zu", s->subset[i].first,
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
    fact(t, "time",
         "about %s on %d threads%s%s: %.4g accuracies to search, %.4g to report, %.0f images/s",
         time, p->threads, p->proves ? ", and the proof" : "", p->trains ? ", and training" : "",
         p->searched, p->reported, p->per_s);
}

/* Images whose numbers ranges are set by. The search sees those of 'select' anyway; others should be new to a design. */
static void add_calibrate(table *t, const asx_session *s)
{
    const asx_shared_images shared = asx_session_shared_calibrate(s);
    fact(t, "shared", "of the images of calibrate, select %zu, confirm %zu, report %zu",
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
    fact(t, "train", "%zu images; among them of select %zu, confirm %zu, report %zu", shared.seen,
         shared.shared[ASX_SUBSET_SELECT], shared.shared[ASX_SUBSET_CONFIRM],
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
        if (given || !k->standard ||
            (generated && strcmp(section, "search") != 0 &&
             strcmp(c->spec->data->format, "glyphs") != 0))
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
    fact(t, "float", "%s", text.s ? text.s : "");
    if (!isnan(s->campaign->expect))
        fact(t, "expected", "%.4g %%", s->campaign->expect);
    add_time(t, &plan);
    asx_text_fini(&text);
    return ASX_OK;
}

static bool is_measurable(const asx_session *s)
{
    return s->data && asx_network_check_weights(s->network, NULL) == ASX_OK &&
           asx_network_check_classes(s->network, NULL) == ASX_OK;
}

static asx_status inspect(asx_session *s, const look *l, asx_error *err)
{
    asx_floating f = {0};
    table *t[3] = {NULL};
    asx_status status = asx_session_need_space(s, err);
    if (status == ASX_OK && s->campaign->spec->data)
        status = asx_session_need_data(s, err);
    if (status == ASX_OK && s->data)
        status = asx_session_check(s, err);
    if (status == ASX_OK)
        status = table_new(&t[0], "facts", fact_columns, err);
    if (status == ASX_OK)
        status = table_new(&t[1], "defaults", default_columns, err);
    if (status == ASX_OK)
        status = table_new(&t[2], "layers", layer_columns, err);
    if (status == ASX_OK)
        table_for_people(t[2], NULL, "groups input_sign stride kernel");
    if (status == ASX_OK) {
        status = add_network(t[0], s, err);
        if (status == ASX_OK)
            status = add_space(t[0], s, err);
    }
    if (status == ASX_OK && s->data) {
        add_data(t[0], s);
        add_calibrate(t[0], s);
    }
    if (status == ASX_OK && s->data && s->campaign->spec->train)
        status = add_train(t[0], s, err);
    if (status == ASX_OK && is_measurable(s))
        status = add_run(t[0], &f, s, err);
    if (status == ASX_OK) {
        session_remark(s);
        add_defaults(t[1], s->campaign, asx_campaign_keys(), "");
        add_layers(t[2], asx_session_workload(s));
        status = look_print(l, t, 3, err);
    }
    if (status == ASX_OK && f.accuracy.images > 0)
        status = asx_floating_check(&f, s, err);
    for (int i = 0; i < 3; i++)
        table_free(t[i]);
    return status;
}

int cmd_inspect(int argc, char **argv)
{
    look l = LOOK_DEFAULT;
    const option options[] = {OPTION_LOOK(l), {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;

    asx_error err = {0};
    asx_session s = {0};
    asx_status status = session_open(&s, args.argument[0], &err);
    if (status == ASX_OK)
        status = inspect(&s, &l, &err);
    asx_session_close(&s);
    return cmd_end(status, &err);
}
