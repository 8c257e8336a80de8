/* asx inspect: what a campaign is about: the network's layers, the data, the size of the space. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd.h"
#include "option.h"
#include "table.h"
#include "workbench.h"

static const option_usage usage = {
    .synopsis = "inspect [CAMPAIGN.yaml] [--format table|csv|json]",
    .about =
        "Shows the network's layers with weights (their names are those that designs and campaign "
        "files "
        "use), the design space with its exact size, and the data set. Without a campaign: the "
        "embedded one.",
    .max_arguments = 1};

static const table_column fact_columns[] = {{"what", TABLE_TEXT, 0}, {"value", TABLE_TEXT, 0}, {0}};

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

static void shape_text(char *out, size_t n, size_t c, size_t h, size_t w)
{
    snprintf(out, n, "%zux%zux%zu", c, h, w);
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

static void add_network(table *t, const workbench *w)
{
    const asx_workload *work = workbench_workload(w);
    const size_t *shape = asx_network_input_shape(w->network);
    size_t macs = 0;
    for (size_t i = 0; i < work->n_layers; i++)
        macs += asx_layer_n_macs(&work->layer[i]);
    fact(t, "campaign", "%s", w->campaign->file->name);
    fact(t, "network", "%s", w->campaign->file->network);
    fact(t, "input", "%zux%zux%zu", shape[0], shape[1], shape[2]);
    fact(t, "classes", "%zu", asx_network_n_classes(w->network));
    fact(t, "parameters", "%zu", asx_network_n_parameters(w->network));
    fact(t, "macs", "%zu", macs);
}

static asx_status add_space(table *t, const workbench *w, asx_error *err)
{
    char *size = NULL;
    size_t n = 0;
    const asx_status st = asx_space_size_text(&size, w->space, err);
    if (st < 0)
        return st;
    asx_space_formats(w->space, &n);
    fact(t, "formats", "%zu distinct of %zu", n, w->n_formats_raw);
    fact(t, "genes", "%zu", asx_space_n_genes(w->space));
    fact(t, "designs", "%s", size);
    free(size);
    return ASX_OK;
}

static void add_data(table *t, const workbench *w)
{
    const size_t *shape = asx_dataset_shape(w->data);
    fact(t, "images", "%zu of %zux%zux%zu", asx_dataset_size(w->data), shape[0], shape[1],
         shape[2]);
    fact(t, "calibrate", "%zu:%zu", w->calibrate.first, w->calibrate.end);
    fact(t, "ranges", "%s", asx_ranging_text(w->campaign->calibration.ranging));
    fact(t, "bias_correction", "%s", w->campaign->calibration.bias_correction ? "on" : "off");
    for (int i = 0; i < N_SUBSETS; i++)
        if (w->has_subset[i])
            fact(t, workbench_subset_text((workbench_subset)i), "%zu:%zu", w->subset[i].first,
                 w->subset[i].end);
}

int cmd_inspect(int argc, char **argv)
{
    const char *print = "table";
    const option options[] = {OPTION_FORMAT(&print), {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;

    asx_error err = {0};
    workbench w = {0};
    table *t[2] = {NULL, NULL};
    asx_status st = workbench_open(&w, args.argument[0], &err);
    if (st == ASX_OK)
        st = workbench_need_space(&w, &err);
    if (st == ASX_OK && w.campaign->file->data)
        st = workbench_need_data(&w, &err);
    if (st == ASX_OK)
        st = table_new(&t[0], "facts", fact_columns, &err);
    if (st == ASX_OK)
        st = table_new(&t[1], "layers", layer_columns, &err);
    if (st == ASX_OK) {
        add_network(t[0], &w);
        st = add_space(t[0], &w, &err);
    }
    if (st == ASX_OK) {
        if (w.data)
            add_data(t[0], &w);
        add_layers(t[1], workbench_workload(&w));
        st = table_print(stdout, print, t, 2, &err);
    }
    table_free(t[1]);
    table_free(t[0]);
    workbench_close(&w);
    return cmd_end(st, &err);
}
