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
    .synopsis = "init NETWORK.onnx DATA... [-o FILE.yaml]",
    .about =
        "Writes a campaign for a trained network and labelled images or tables, with comments for what was found in "
        "them. Format and files with classes, beside the data or among them, are told by names and contents, the conversion of the images by trying "
        "the usual ones; what cannot be known is asked for. What it writes, 'asx inspect' and 'asx run' take as it is.",
    .examples = "  asx init net.onnx t10k-images-idx3-ubyte.gz -o first.yaml\n"
                "  asx inspect first.yaml\n  asx run first.yaml\n",
    .min_arguments = 2,
    .max_arguments = OPTION_ARGUMENTS_MAX};

static asx_status write_file(const char *path, bool force, const asx_draft_options *o,
                             const char *text, asx_error *err)
{
    asx_kept kept = {0};
    if (!force && access(path, F_OK) == 0)
        return asx_fail(err, ASX_EINVAL, "'%s' is there already: --force writes over it", path);
    asx_status status = asx_network_files(&kept, o->network, err);
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
    o.network = args.argument[0];
    o.data = args.argument + 1;
    o.n_data = args.n_arguments - 1;
    o.labels = &labels;
    o.n_labels = labels ? 1 : 0;
    progress_line line;
    const asx_watcher watcher = progress_watch(&line);
    o.watcher = &watcher;

    asx_error err = {0};
    asx_draft draft = {0};
    asx_status status = ASX_OK;
    if (o.campaign && !force && access(o.campaign, F_OK) == 0) /* before the work */
        status =
            asx_fail(&err, ASX_EINVAL, "'%s' is there already: --force writes over it", o.campaign);
    if (status == ASX_OK)
        status = asx_draft_new(&draft, &o, &err);
    progress_end(&line);
    if (status == ASX_OK && o.campaign)
        status = write_file(o.campaign, force, &o, draft.text, &err);
    if (status == ASX_OK)
        status = print(o.campaign, &draft, &err);
    asx_draft_fini(&draft);
    return cmd_end(status, &err);
}
