/* asx network: writes a fresh network, for training without a framework. */
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "dse/output.h"
#include "eval/architecture.h"
#include "eval/train.h"
#include "option.h"
#include "param_list.h"
#include "settings.h"

static const option_usage usage = {
    .synopsis = "network [ARCHITECTURE -o FILE.onnx | --operators]",
    .about = "Writes a network with random weights as ONNX, for 'asx train --float --set fresh=1' "
             "to train from the beginning. Without arguments, lists the architectures and their "
             "parameters.",
    .examples = "  asx network mobilenet --set 'width=0.5' -o mobilenet.onnx\n",
    .max_arguments = 1};

static const table_column list_columns[] = PARAM_LIST_COLUMNS("architecture");

static const table_column operator_columns[] = {
    {"operator", TABLE_TEXT, 0}, {"of", TABLE_TEXT, 0}, {0}};

static asx_status list_operators(table **out, asx_error *err)
{
    enum { MOST = 512 };
    asx_operator op[MOST];
    const size_t n = asx_operators(op, MOST);
    const asx_status status = table_new(out, NULL, operator_columns, err);
    for (size_t i = 0; i < n && i < MOST && status == ASX_OK; i++) {
        table_text(*out, op[i].name);
        table_text(*out, !op[i].of_values     ? "constants"
                         : op[i].of_constants ? "values and constants"
                                              : "values");
    }
    return status;
}

static const table_column columns[] = {
    {"architecture", TABLE_TEXT, 0}, {"layers", TABLE_INTEGER, 0}, {"parameters", TABLE_INTEGER, 0},
    {"macs", TABLE_INTEGER, 0},      {"file", TABLE_TEXT, 0},      {0}};

static asx_status list(table **out, asx_error *err)
{
    const asx_status status = table_new(out, NULL, list_columns, err);
    for (size_t i = 0; i < asx_architecture_n_types() && status == ASX_OK; i++) {
        const asx_architecture_type *type = asx_architecture_at(i);
        param_list_add(*out, type->name, "", type->summary);
        param_list_add_all(*out, type->name, type->params);
    }
    return status;
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
    const asx_status status = asx_fail(err, ASX_ENOTFOUND, "architecture '%s' is not one of %s",
                                       name, names.failed ? "those known" : names.s);
    asx_text_fini(&names);
    return status;
}

/* What the command line says of a network. */
typedef struct wish {
    const asx_architecture_type *type;
    asx_params params;
} wish;

static asx_status read_wish(wish *out, const char *name, const char *set, asx_error *err)
{
    asx_status status = find(&out->type, name, err);
    if (status != ASX_OK)
        return status;
    asx_params_init(&out->params, out->type->params);
    return set ? settings_apply(&out->params, set, err) : ASX_OK;
}

static asx_status write_network(table **out, const wish *w, long long seed, const char *path,
                                asx_error *err)
{
    asx_network *net = NULL;
    asx_status status = asx_output_check(path, NULL, err);
    if (status == ASX_OK)
        status = asx_architecture_new(&net, w->type, &w->params, (uint64_t)seed, err);
    if (status == ASX_OK)
        status = asx_network_save(net, path, err);
    if (status == ASX_OK)
        status = table_new(out, NULL, columns, err);
    if (status == ASX_OK) {
        const asx_workload *work = asx_network_workload(net);
        table_text(*out, w->type->name);
        table_integer(*out, (long long)work->n_layers);
        table_integer(*out, (long long)asx_network_n_parameters(net));
        table_integer(*out, (long long)asx_workload_n_macs(work));
        table_text(*out, path);
    }
    asx_network_free(net);
    return status;
}

int cmd_network(int argc, char **argv)
{
    const char *output = NULL, *set = NULL, *print = "table";
    long long seed = 1;
    bool operators = false;
    const option options[] = {
        {.name = "output",
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
        OPTION_OF_FLAG(&operators, "operators", "list the operators of ONNX files that are read"),
        OPTION_FORMAT(&print),
        {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    if (operators && (args.argument[0] || output))
        return option_misused(&usage, "--operators writes no network");
    if (args.argument[0] && !output)
        return option_misused(&usage, "'-o FILE.onnx' is missing: where the network goes");
    asx_error err = {0};
    wish w = {0};
    if (args.argument[0] && read_wish(&w, args.argument[0], set, &err) != ASX_OK)
        return option_misused(&usage, "%s", err.message);
    table *t = NULL;
    asx_status status = args.argument[0] ? write_network(&t, &w, seed, output, &err)
                        : operators      ? list_operators(&t, &err)
                                         : list(&t, &err);
    if (status == ASX_OK)
        status = table_print(stdout, print, &t, 1, &err);
    table_free(t);
    return cmd_end(status, &err);
}
