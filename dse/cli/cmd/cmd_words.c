/* asx words: a design's weights as the words that its memories hold, and back. */
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "dse/codec.h"
#include "dse/design.h"
#include "dse/output.h"
#include "eval/emit.h"
#include "eval/network.h"
#include "eval/train.h"
#include "eval/words.h"
#include "kept.h"
#include "option.h"
#include "program_options.h"
#include "table.h"

static const option_usage usage = {
    .synopsis =
        "words [NETWORK.onnx | CAMPAIGN.yaml | DB ROW] [--design TEXT | --read FILE.hex] -o FILE",
    .about =
        "Writes the weights of a network in a design as the codes that its memories hold: text "
        "for Verilog's $readmemh, one code per line. Of a campaign, or a row of a database's "
        "front, comments tell what its layers compute with beside them: the input's word, biases, "
        "and the factors M/2^s of inputs and outputs. With --read, writes the network as ONNX "
        "with the weights of such a file: words and scales are found again in it, biases are "
        "those of the network, without what the comments say of a campaign's.",
    .examples = "  asx words r20.onnx --design 'near: w4{1}a8' -o r20.hex\n"
                "  asx words r20.onnx --read r20.hex -o again.onnx\n"
                "  asx words resnet20.db 3 -o r20-3.hex\n",
    .max_arguments = 2};

static const table_column columns[] = {{"layer", TABLE_TEXT, 0},
                                       {"format", TABLE_TEXT, 0},
                                       {"channels", TABLE_INTEGER, 0},
                                       {"words", TABLE_INTEGER, 0},
                                       {"code_bits", TABLE_INTEGER, 0},
                                       {"weight_bits", TABLE_INTEGER, 0},
                                       {0}};

static asx_status add_row(table *t, const asx_layer *layer, const asx_format *format,
                          asx_error *err)
{
    asx_codec *codec = NULL;
    asx_text text = {0};
    asx_status status = asx_codec_new(&codec, &format->weight, err);
    if (status != ASX_OK)
        return status;
    asx_format_print(&text, format);
    const long long words = (long long)asx_layer_n_weights(layer);
    const long long bits = (long long)asx_codec_bits(codec);
    table_text(t, layer->name);
    table_built(t, &text);
    table_integer(t, (long long)layer->out_c);
    table_integer(t, words);
    table_integer(t, bits);
    table_integer(t, words * bits);
    asx_text_fini(&text);
    asx_codec_free(codec);
    return ASX_OK;
}

static asx_status add_rows(table **out, const asx_workload *work, const asx_design *design,
                           asx_error *err)
{
    asx_status status = table_new(out, NULL, columns, err);
    for (size_t i = 0; i < work->n_layers && status == ASX_OK; i++)
        if (work->layer[i].kind != ASX_LAYER_PRODUCT) /* whose words are made for every image */
            status = add_row(*out, &work->layer[i], &design->format[i], err);
    return status;
}

static asx_status convert(table **out, const asx_network *net, const char *text, const char *read,
                          const char *output, asx_error *err)
{
    const asx_workload *work = asx_network_workload(net);
    asx_network *back = NULL;
    asx_design design = {0};
    asx_status status;
    if (read) {
        status = asx_words_read(&back, &design, net, read, err);
        if (status == ASX_OK)
            status = asx_network_save(back, output, err);
    } else {
        status = asx_design_parse(&design, text, work, err);
        if (status == ASX_OK)
            status = asx_words_write(net, &design, output, err);
    }
    if (status == ASX_OK)
        status = add_rows(out, work, &design, err);
    asx_design_fini(&design);
    asx_network_free(back);
    return status;
}

static asx_status of_network(table **out, const char *path, const char *design, const char *read,
                             const char *output, asx_error *err)
{
    asx_network *net = NULL;
    asx_kept kept = {0};
    asx_status status = asx_network_files(&kept, path, err);
    if (status == ASX_OK && read)
        status = asx_kept_add(&kept, "the words", read, err);
    if (status == ASX_OK)
        status = asx_output_check(output, kept.file, err);
    asx_kept_fini(&kept);
    if (status == ASX_OK)
        status = asx_network_load(&net, path, err);
    if (status == ASX_OK)
        status = convert(out, net, design, read, output, err);
    asx_network_free(net);
    return status;
}

static asx_status of_program(table **out, const option_result *args, const char *design,
                             const char *output, asx_error *err)
{
    design_program p = {0};
    asx_status status = design_program_open(&p, args, design, err);
    if (status == ASX_OK)
        status = design_program_keeps(&p, output, args, err);
    const asx_emit what = {.program = p.program, .design = p.text};
    if (status == ASX_OK)
        status = asx_emit_words(&what, &p.design, output, NULL, err);
    if (status == ASX_OK)
        status = add_rows(out, asx_session_workload(&p.session), &p.design, err);
    design_program_close(&p);
    return status;
}

/* A campaign's file is known by its name. */
static bool is_campaign(const char *name)
{
    const char *end = strrchr(name, '.');
    return end && (strcmp(end, ".yaml") == 0 || strcmp(end, ".yml") == 0);
}

static asx_status check_usage(const option_result *args, bool network, const char *design,
                              const char *read, asx_error *err)
{
    if (network)
        return !design != !read ? ASX_OK
                                : asx_fail(err, ASX_EINVAL,
                                           "either '--design TEXT' or '--read FILE.hex' is wanted");
    if (read)
        return asx_fail(err, ASX_EINVAL,
                        "'--read FILE.hex' is for a network, 'asx words NETWORK.onnx'");
    return design_program_check(args, design, err);
}

int cmd_words(int argc, char **argv)
{
    const char *design = NULL, *read = NULL, *output = NULL, *print = "table";
    const option options[] = {
        OPTION_DESIGN(&design, "the design; its placement does not matter here"),
        {.name = "read",
         .kind = OPTION_TEXT,
         .target = &read,
         .argument = "FILE.hex",
         .help = "words to read instead; the design is written in the file"},
        {OPTION_OUTPUT(&output, "FILE", "where the words, or the network, go"), .required = true},
        OPTION_FORMAT(&print),
        {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    const bool network = args.n_arguments == 1 && !is_campaign(args.argument[0]);
    asx_error err = {0};
    if (check_usage(&args, network, design, read, &err) != ASX_OK)
        return option_misused(&usage, "%s", err.message);
    table *t = NULL;
    asx_status status = network ? of_network(&t, args.argument[0], design, read, output, &err)
                                : of_program(&t, &args, design, output, &err);
    if (status == ASX_OK)
        status = table_print(stdout, print, &t, 1, &err);
    table_free(t);
    return cmd_end(status, &err);
}
