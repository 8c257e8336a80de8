/* asx init: a first campaign for a network and data. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "dse/output.h"
#include "eval/network.h"
#include "explore/draft.h"
#include "option.h"
#include "progress.h"

static const option_usage usage = {
    .synopsis = "init NETWORK.onnx DATA... | TABLE.csv... [-o FILE.yaml]",
    .about =
        "Writes a campaign for a trained network and labelled images or tables, with comments for what was found in "
        "them. Format and files with classes, beside the data or among them, are told by names and contents, the conversion of the images by trying "
        "the usual ones; what cannot be known is asked for. What it writes, 'asx inspect' and 'asx run' take as it is. For tables alone it "
        "writes one of classifiers that are trained on them and whose weights are wired (bespoke).",
    .examples =
        "  asx init net.onnx t10k-images-idx3-ubyte.gz -o first.yaml\n"
        "  asx inspect first.yaml\n  asx run first.yaml\n  asx init table.csv --label kind -o wired.yaml\n",
    .min_arguments = 1,
    .max_arguments = OPTION_ARGUMENTS_MAX};

static asx_status write_file(const char *path, bool force, const asx_draft_options *o,
                             const char *text, asx_error *err)
{
    asx_kept kept = {0};
    if (!force && access(path, F_OK) == 0)
        return asx_fail(err, ASX_EINVAL, "'%s' is there already: --force writes over it", path);
    asx_status status = o->network ? asx_network_files(&kept, o->network, err) : ASX_OK;
    for (size_t i = 0; i < o->n_data && status == ASX_OK; i++)
        status = asx_kept_add(&kept, "the data", o->data[i], err);
    for (size_t i = 0; i < o->n_labels && status == ASX_OK; i++)
        status = asx_kept_add(&kept, "the labels", o->labels[i], err);
    if (status == ASX_OK)
        status = asx_output_write(path, text, strlen(text), kept.file, err);
    asx_kept_fini(&kept);
    return status;
}

static asx_status print(const char *path, const asx_draft *draft, asx_error *err)
{
    if (path) {
        fprintf(stderr, "%swritten: %s\nnext: asx inspect %s; asx run %s\n", draft->summary, path,
                path, path);
        return ASX_OK;
    }
    fputs(draft->summary, stderr);
    fputs(draft->text, stdout);
    return fflush(stdout) == 0 && !ferror(stdout)
               ? ASX_OK
               : asx_fail(err, ASX_EIO, "cannot write: %s", strerror(errno));
}

/* table.csv, also packed */
static bool is_table(const char *path)
{
    static const char *const ends[] = {".csv", ".csv.gz", ".csv.xz"};
    const size_t n = strlen(path);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (n > strlen(ends[i]) && strcmp(path + n - strlen(ends[i]), ends[i]) == 0)
            return true;
    return false;
}

/* An option that says something of a network or of images; NULL: none is given. */
static const char *of_network(const asx_draft_options *o, const char *labels)
{
    return labels      ? "--labels"
           : o->format ? "--format"
           : o->offset ? "--offset"
           : o->scale  ? "--scale"
           : o->mean   ? "--mean"
           : o->std    ? "--std"
           : o->expect ? "--expect"
           : o->output ? "--network-output"
                       : NULL;
}

static asx_status draft(asx_draft_options *o, bool force, asx_error *err)
{
    asx_draft made = {0};
    progress_line line;
    if (o->campaign && !force && access(o->campaign, F_OK) == 0) /* before the work */
        return asx_fail(err, ASX_EINVAL, "'%s' is there already: --force writes over it",
                        o->campaign);
    const asx_watcher watcher = progress_watch(&line);
    o->watcher = &watcher;
    asx_status status = asx_draft_new(&made, o, err);
    progress_end(&line);
    if (status == ASX_OK && o->campaign)
        status = write_file(o->campaign, force, o, made.text, err);
    if (status == ASX_OK)
        status = print(o->campaign, &made, err);
    asx_draft_fini(&made);
    return status;
}

int cmd_init(int argc, char **argv)
{
    asx_draft_options o = {0};
    const char *labels = NULL;
    bool force = false;
    const option options[] = {
        {.name = "output",
         .letter = 'o',
         .kind = OPTION_TEXT,
         .target = &o.campaign,
         .argument = "FILE",
         .help = "the campaign file (default: printed)"},
        OPTION_OF_FLAG(&force, "force", "write over a file that is there"),
        OPTION_OF_TEXT(&labels, "labels", "FILE",
                       "the classes, where they have a file of their own"),
        OPTION_OF_CHOICE(&o.format, "format", "cifar10|idx|npy|npz|csv|raw|images|wav",
                         "of the data (default: told by names and contents)"),
        OPTION_OF_TEXT(&o.label, "label", "COLUMN",
                       "csv: the column of the class, by name or number"),
        OPTION_OF_CHECKED(&o.offset, "offset", "X", check_number,
                          "real = ((stored - offset) * scale - mean) / std"),
        OPTION_OF_CHECKED(&o.scale, "scale", "X", check_number, "likewise"),
        OPTION_OF_CHECKED(&o.mean, "mean", "X,..", check_numbers,
                          "likewise, one for all channels or one for each"),
        OPTION_OF_CHECKED(&o.std, "std", "X,..", check_numbers, "likewise"),
        OPTION_OF_CHECKED(&o.expect, "expect", "PERCENT", check_percent_or_any,
                          "accuracy that the network is known to have; any: as bad as guessing"),
        OPTION_OF_TEXT(&o.output, "network-output", "NAME",
                       "which output of a network with several"),
        {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    const size_t n_networks = is_table(args.argument[0]) ? 0 : 1;
    o.network = n_networks ? args.argument[0] : NULL;
    o.data = args.argument + n_networks;
    o.n_data = args.n_arguments - n_networks;
    if (o.n_data == 0)
        return option_misused(&usage, "DATA is missing: what '%s' is to be right on", o.network);
    if (!o.network && of_network(&o, labels))
        return option_misused(&usage, "option '%s': it is not of tables alone",
                              of_network(&o, labels));
    o.labels = &labels;
    o.n_labels = labels ? 1 : 0;
    asx_error err = {0};
    return cmd_end(draft(&o, force, &err), &err);
}
