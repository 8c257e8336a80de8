/* asx merge: one database of several machines' ones. */
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "option.h"
#include "results/merge.h"

static const option_usage usage = {
    .synopsis = "merge OUT.db DB... [--keep-first]",
    .about =
        "Adds to OUT.db, which is made if missing, what the other databases hold and it does not: "
        "campaigns, designs, evaluations, runs. Nothing is there twice afterwards, and doing it "
        "again adds nothing. All or nothing: if it fails, OUT.db is as it was, or empty. The same design "
        "under the same inputs must have the same numbers everywhere, or the merge is refused; "
        "with --keep-first those that come first stay, and the others are counted.",
    .examples = "  asx merge all.db fast-machine.db slow-machine.db\n",
    .min_arguments = 2,
    .max_arguments = 1 + ASX_MERGE_MAX};

static asx_status run(const char *path, const char *const *other, size_t n, bool keep_first,
                      asx_error *err)
{
    asx_store *store = NULL;
    asx_merge_result r = {0};
    asx_status status = asx_merge_check(other, n, err);
    if (status == ASX_OK)
        status = asx_store_open(&store, path, ASX_STORE_CREATE, err);
    if (status == ASX_OK)
        status = asx_store_merge(&r, store, other, n, keep_first, err);
    if (status == ASX_OK)
        fprintf(stderr,
                "%lld campaigns, %lld designs, %lld evaluations and %lld runs added to %s\n",
                (long long)r.campaigns, (long long)r.designs, (long long)r.evaluations,
                (long long)r.runs, path);
    if (status == ASX_OK && r.bespoke)
        fprintf(stderr, "%lld runs of bespoke classifiers added\n", (long long)r.bespoke);
    if (status == ASX_OK && r.conflicts)
        fprintf(stderr, "asx: %lld evaluations had other numbers and were left out\n",
                (long long)r.conflicts);
    asx_store_free(store);
    return status;
}

int cmd_merge(int argc, char **argv)
{
    bool keep_first = false;
    const option options[] = {{.name = "keep-first",
                               .kind = OPTION_FLAG,
                               .target = &keep_first,
                               .help = "where numbers differ, keep those that come first"},
                              {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    for (size_t i = 1; i < args.n_arguments; i++)
        if (strcmp(args.argument[i], args.argument[0]) == 0)
            return option_misused(&usage, "'%s' cannot be merged into itself", args.argument[0]);
    asx_error err = {0};
    return cmd_end(run(args.argument[0], (const char *const *)args.argument + 1,
                       (size_t)args.n_arguments - 1, keep_first, &err),
                   &err);
}
