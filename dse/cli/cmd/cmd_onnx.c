/* asx onnx: a design's network as ONNX that other runtimes compute. */
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "option.h"
#include "program_options.h"

static const option_usage usage = {
    .synopsis = "onnx [CAMPAIGN.yaml | DB ROW] [--design TEXT] -o FILE.onnx",
    .about =
        "Writes the network in a design as ONNX that other runtimes compute: projected weights as "
        "integers with a scale per channel, biases as integers, activations through "
        "QuantizeLinear, Clip and DequantizeLinear (QCDQ), or QONNX's Quant. Read by asx, its own formats "
        "('--design file') compute the same integers; runtimes that compute with floats take the "
        "other integer where a sum is half-way between two. Prints the steps of the network's "
        "program; 'place' is where a step's output begins in the memory that all outputs share, in "
        "elements. What is not computed in integers, and activations of alphabet sets, are refused "
        "by name.",
    .examples = "  asx onnx resnet20.db 3 -o r20-3.onnx\n"
                "  asx onnx resnet20.db 3 --style qonnx -o r20-3-qonnx.onnx\n"
                "  asx onnx resnet20.yaml --design 'near: w4{1,3}a8' -o r20.onnx\n",
    .max_arguments = 2};

static asx_status write(const design_program *p, bool qonnx, const char *path, asx_error *err)
{
    const asx_emit what = design_program_emit(p);
    size_t n_off = 0;
    const asx_status status = asx_emit_onnx(&n_off, &what, qonnx, path, NULL, err);
    if (status == ASX_OK && n_off > 0)
        fprintf(
            stderr,
            "warning: constants finer than a float: %zu (biases, factors, integers of bytes); read "
            "back, they are off in the last place\n",
            n_off);
    return status;
}

int cmd_onnx(int argc, char **argv)
{
    const char *design = NULL, *output = NULL, *style = "qcdq", *print = "table";
    const option options[] = {
        OPTION_DESIGN(&design, "the design; its placement does not matter here"),
        {OPTION_OUTPUT(&output, "FILE.onnx", "where the network goes"), .required = true},
        {.name = "style",
         .kind = OPTION_CHOICE,
         .target = &style,
         .argument = "qcdq|qonnx",
         .help =
             "whose operators quantise: ONNX's own, or QONNX's Quant, as Brevitas and FINN have "
             "it (default: qcdq)"},
        OPTION_FORMAT(&print),
        {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    asx_error err = {0};
    if (design_program_check(&args, design, &err) != ASX_OK)
        return option_misused(&usage, "%s", err.message);
    design_program p = {0};
    asx_status status = design_program_open(&p, &args, design, &err);
    if (status == ASX_OK)
        status = design_program_keeps(&p, output, &args, &err);
    if (status == ASX_OK)
        status = write(&p, strcmp(style, "qonnx") == 0, output, &err);
    if (status == ASX_OK)
        status = design_program_print(&p, print, &err);
    design_program_close(&p);
    return cmd_end(status, &err);
}
