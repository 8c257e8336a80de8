/* asx c: a design's network as one file of plain C. */
#include "cmd.h"
#include "option.h"
#include "program_options.h"

static const option_usage usage = {
    .synopsis = "c [CAMPAIGN.yaml | DB ROW] [--design TEXT] -o FILE.c",
    .about =
        "Writes the network in a design as one file of C99 that depends on nothing: weights, "
        "biases, multipliers, integer kernels, and int asx_net(const uint8_t *image, int32_t "
        "*logits), which computes what the measured tier computes, in every bit. Images are those "
        "of the data set's files where they hold bytes; asx_net_integers takes the network's own "
        "integers. Prints the steps of the network's program; 'place' is where a step's output begins "
        "in the memory that all outputs share, in elements. What is not computed in integers, as "
        "Softmax, is refused by name.",
    .examples = "  asx c resnet20.db 3 -o net.c && cc -O2 -c net.c\n"
                "  asx c resnet20.yaml --design 'near: w4{1,3}a8' -o net.c\n",
    .max_arguments = 2};

static asx_status write(const design_program *p, const char *path, asx_error *err)
{
    const asx_emit what = design_program_emit(p);
    return asx_emit_c(&what, path, NULL, err);
}

int cmd_c(int argc, char **argv)
{
    const char *design = NULL, *output = NULL, *print = "table";
    const option options[] = {
        OPTION_DESIGN(&design, "the design; its placement does not matter here"),
        {OPTION_OUTPUT(&output, "FILE.c", "where the source goes"), .required = true},
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
        status = write(&p, output, &err);
    if (status == ASX_OK)
        status = design_program_print(&p, print, &err);
    design_program_close(&p);
    return cmd_end(status, &err);
}
