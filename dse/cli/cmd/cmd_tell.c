/* asx tell: books accuracies that were found outside of asx. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd.h"
#include "dse/memory.h"
#include "option.h"
#include "session_options.h"
#include "told_file.h"

static const option_usage usage = {
    .synopsis = "tell CAMPAIGN.yaml [FILE] [--db FILE] [--float PERCENT]",
    .about =
        "Books results of designs that 'asx ask' handed out, or of any others, as tier 'measured'. "
        "FILE, or standard input, is CSV with a header, or lines of JSON objects; columns or "
        "members: design, and accuracy (percent) or drop (points below the float network) or both; "
        "images, if the 95 % interval is wanted. Costs are the campaign's. All lines are booked, "
        "or "
        "none if one is wrong; a design that is known keeps what was told first.",
    .examples = "  asx tell r20.yaml results.csv --db r20.db --float 92.6\n"
                "  echo '{\"design\": \"near: w4{1}a8\", \"drop\": 1.5}' | asx tell r20.yaml\n",
    .min_arguments = 1,
    .max_arguments = 2};

static asx_status tell(asx_external *external, const told_file *file, double accuracy,
                       asx_error *err)
{
    const bool given = !isnan(accuracy);
    size_t n_known = 0, failed = 0;
    asx_external_told *told = asx_array_new(file->n, sizeof *told);
    if (!told)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu results", file->n);
    for (size_t i = 0; i < file->n; i++) {
        const told_result *r = &file->result[i];
        told[i] = (asx_external_told){r->design, r->accuracy, r->drop, (size_t)r->images};
    }
    asx_status status =
        asx_external_tell(&n_known, &failed, external, told, file->n, &accuracy, err);
    if (status != ASX_OK && failed < file->n)
        status = asx_fail_context(err, status, "%s:%zu", file->name, file->result[failed].line);
    free(told);
    if (status != ASX_OK)
        return status;
    if (!given && !isnan(accuracy))
        fprintf(stderr, "the float network's accuracy is %.4g %% on the campaign's images\n",
                accuracy);
    fprintf(stderr, "%zu designs booked, %zu known before\n", file->n - n_known, n_known);
    return ASX_OK;
}

int cmd_tell(int argc, char **argv)
{
    const char *database = NULL;
    double accuracy = NAN;
    const option options[] = {
        OPTION_DATABASE(&database),
        {.name = "float",
         .kind = OPTION_NUMBER,
         .target = &accuracy,
         .argument = "PERCENT",
         .low = 0,
         .high = 100,
         .help = "the float network's accuracy with your evaluator (default: asx measures it)"},
        {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;

    asx_error err = {0};
    asx_external *external = NULL;
    told_file file = {0};
    asx_status status = external_open(&external, args.argument[0], database, &err);
    if (status == ASX_OK)
        status = told_file_read(&file, args.n_arguments > 1 ? args.argument[1] : "-", &err);
    if (status == ASX_OK)
        status = tell(external, &file, accuracy, &err);
    told_file_fini(&file);
    asx_external_close(external);
    return cmd_end(status, &err);
}
