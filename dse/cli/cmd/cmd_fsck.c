/* asx fsck: whether a database is sound. */
#include <stdio.h>

#include "cmd.h"
#include "option.h"
#include "results/check.h"
#include "table.h"

static const option_usage usage = {
    .synopsis = "fsck DB [--repair] [--format table|csv|json]",
    .about = "Checks a database: the file's structure, references between rows, and that every "
             "evaluation is whole and its parts add up. --repair takes out evaluations that are "
             "not, so that the next run computes them again, and makes the indexes anew. Exit code "
             "1 if anything is wrong and stays so.",
    .examples = "  asx fsck resnet20-cifar10.db\n",
    .min_arguments = 1,
    .max_arguments = 1};

static const table_column columns[] = {
    {"check", TABLE_TEXT, 0}, {"wrong", TABLE_INTEGER, 0}, {"example", TABLE_TEXT, 0}, {0}};

typedef struct findings {
    table *t;
    int64_t n_wrong;
} findings;

static asx_status visit(void *state, const char *what, int64_t n_wrong, const char *example,
                        asx_error *err)
{
    findings *f = state;
    (void)err;
    table_text(f->t, what);
    table_integer(f->t, n_wrong);
    table_text(f->t, example);
    f->n_wrong += n_wrong;
    return ASX_OK;
}

static asx_status run(const char *path, bool repair, const char *print, asx_error *err)
{
    asx_store *store = NULL;
    findings f = {0};
    asx_repaired repaired = {0};
    asx_status status =
        asx_store_open(&store, path, repair ? ASX_STORE_REPAIR : ASX_STORE_CHECK, err);
    if (status == ASX_OK && repair) {
        status = asx_store_repair(&repaired, store, err);
        if (status == ASX_OK)
            fprintf(stderr, "asx: %lld evaluations taken out; the next run computes them again\n",
                    (long long)repaired.evaluations);
        if (status == ASX_OK && repaired.campaigns > 0)
            fprintf(
                stderr,
                "asx: the description of %lld campaign%s is lost: 'asx run' with its file brings it "
                "back, with the evaluations that are left\n",
                (long long)repaired.campaigns, repaired.campaigns == 1 ? "" : "s");
    }
    if (status == ASX_OK)
        status = table_new(&f.t, NULL, columns, err);
    if (status == ASX_OK)
        status = asx_store_check(store, visit, &f, err);
    if (status == ASX_OK)
        status = table_print(stdout, print, &f.t, 1, err);
    if (status == ASX_OK && f.n_wrong > 0)
        status = asx_fail(err, ASX_EDB, "'%s' is damaged%s", path,
                          repair ? ": what is left cannot be repaired" : ": --repair may help");
    table_free(f.t);
    asx_store_free(store);
    return status;
}

int cmd_fsck(int argc, char **argv)
{
    bool repair = false;
    const char *print = "table";
    const option options[] = {{.name = "repair",
                               .kind = OPTION_FLAG,
                               .target = &repair,
                               .help = "take out what is wrong, make the indexes anew"},
                              OPTION_FORMAT(&print),
                              {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    asx_error err = {0};
    return cmd_end(run(args.argument[0], repair, print, &err), &err);
}
