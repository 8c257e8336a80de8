/* asx network: writes a fresh network, for training without a framework. */
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "eval/architecture.h"
#include "eval/train.h"
#include "option.h"
#include "param_list.h"
#include "settings.h"

static const option_usage usage = {
    .synopsis = "network [ARCHITECTURE -o FILE.onnx]",
    .about = "Writes a network with random weights as ONNX, for 'asx train --float --set fresh=1' "
             "to train from the beginning. Without arguments, lists the architectures and their "
             "parameters.",
    .examples = "  asx network mobilenet --set 'width=0.5' -o mobilenet.onnx\n",
    .max_arguments = 1};

static const table_column list_columns[] = PARAM_LIST_COLUMNS("architecture");

static const table_column columns[] = {
    {"architecture", TABLE_TEXT, 0}, {"layers", TABLE_INTEGER, 0}, {"parameters", TABLE_INTEGER, 0},
    {"macs", TABLE_INTEGER, 0},      {"file", TABLE_TEXT, 0},      {0}};

static asx_status list(table **out, asx_error *err)
{
    const asx_status st = table_new(out, NULL, list_columns, err);
    for (size_t i = 0; i < asx_architecture_n_types() && st == ASX_OK; i++) {
        const asx_architecture_type *type = asx_architecture_at(i);
        param_list_add(*out, type->name, "", type->summary);
        param_list_add_all(*out, type->name, type->params);
    }
    return st;
}

static asx_status find(const asx_architecture_type **out, const char *name, asx_error *err)
{
    asx_text names = {0};
    for (size_t i = 0; i < asx_architecture_n_types(); i++) {
        *out = asx_architecture_at(i);
        if (strcmp((*out)->name, name) == 0) {
            asx_text_fini(&names);
            return ASX_OK;
        }
        asx_text_add(&names, "%s%s", i ? ", " : "", (*out)->name);
    }
    const asx_status st = asx_fail(err, ASX_ENOTFOUND, "architecture '%s' is not one of %s", name,
                                   names.failed ? "those known" : names.s);
    asx_text_fini(&names);
    return st;
}

static asx_status write_network(table **out, const char *name, const char *set, long long seed,
                                const char *path, asx_error *err)
{
    const asx_architecture_type *type = NULL;
    asx_network *net = NULL;
    asx_params params;
    if (!path)
        return asx_fail(err, ASX_EINVAL, "'-o FILE.onnx' is missing: where the network goes");
    asx_status st = find(&type, name, err);
    if (st < 0)
        return st;
    asx_params_init(&params, type->params);
    if (set)
        st = settings_apply(&params, set, err);
    if (st == ASX_OK)
        st = asx_architecture_new(&net, type, &params, (uint64_t)seed, err);
    if (st == ASX_OK)
        st = asx_network_save(net, path, err);
    if (st == ASX_OK)
        st = table_new(out, NULL, columns, err);
    if (st == ASX_OK) {
        const asx_workload *work = asx_network_workload(net);
        size_t macs = 0;
        for (size_t i = 0; i < work->n_layers; i++)
            macs += asx_layer_n_macs(&work->layer[i]);
        table_text(*out, name);
        table_integer(*out, (long long)work->n_layers);
        table_integer(*out, (long long)asx_network_n_parameters(net));
        table_integer(*out, (long long)macs);
        table_text(*out, path);
    }
    asx_network_free(net);
    return st;
}

int cmd_network(int argc, char **argv)
{
    const char *output = NULL, *set = NULL, *print = "table";
    long long seed = 1;
    const option options[] = {{.name = "output",
                               .letter = 'o',
                               .kind = OPTION_TEXT,
                               .target = &output,
                               .argument = "FILE.onnx",
                               .help = "where the network goes"},
                              {.name = "set",
                               .kind = OPTION_TEXT,
                               .target = &set,
                               .argument = "'NAME=VALUE ...'",
                               .help = "parameters of the architecture"},
                              {.name = "seed",
                               .kind = OPTION_INTEGER,
                               .target = &seed,
                               .argument = "N",
                               .low = 0,
                               .high = 1e15,
                               .help = "of the random weights (default: 1)"},
                              OPTION_FORMAT(&print),
                              {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    asx_error err = {0};
    table *t = NULL;
    asx_status st = args.argument[0] ? write_network(&t, args.argument[0], set, seed, output, &err)
                                     : list(&t, &err);
    if (st == ASX_OK)
        st = table_print(stdout, print, &t, 1, &err);
    table_free(t);
    return cmd_end(st, &err);
}
