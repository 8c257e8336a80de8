/* asx campaign: the keys of campaign files, for people and for editors. */
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "explore/campaign_keys.h"
#include "key_reference.h"
#include "key_schema.h"
#include "option.h"

static const option_usage usage = {
    .synopsis = "campaign [KEY] [--schema]",
    .about =
        "Shows the keys of campaign files: what each takes, what holds without it, what it means. With a "
        "section or a key, as space.weights, all there is to say of it.",
    .examples = "  asx campaign --help data\n  asx campaign space.weights.alphabets\n"
                "  asx campaign --schema > campaign.schema.json\n",
    .max_arguments = 1};

/* "--help KEY" means KEY: here the help is what the command prints. */
static int without_help(int argc, char **argv)
{
    int n = 1;
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--help") != 0 && strcmp(argv[i], "-h") != 0)
            argv[n++] = argv[i];
    return n > 1 ? n : argc;
}

static asx_status print_key(const char *path, asx_error *err)
{
    const asx_campaign_key *key = asx_campaign_key_find(path);
    const asx_campaign_key *near = key ? NULL : asx_campaign_key_near(asx_campaign_keys(), path);
    if (!key)
        return asx_fail(err, ASX_ENOTFOUND, "campaign files have no key '%s'%s%s%s", path,
                        near ? ": perhaps '" : "; 'asx campaign' lists them",
                        near ? near->name : "", near ? "'" : "");
    key_reference_print(stdout, path, key);
    return ASX_OK;
}

int cmd_campaign(int argc, char **argv)
{
    bool schema = false;
    const option options[] = {
        OPTION_OF_FLAG(
            &schema, "schema",
            "a JSON schema (draft 2020-12) instead, for editors that check YAML as it is typed"),
        {0}};
    const option_result args = option_parse(without_help(argc, argv), argv, options, &usage);
    if (args.done && args.exit_code == CMD_OK) {
        printf("\nkeys:\n");
        key_reference_print_all(stdout);
        return cmd_end_text();
    }
    if (args.done)
        return args.exit_code;
    asx_error err = {0};
    asx_status status = ASX_OK;
    if (schema && args.n_arguments > 0)
        return option_misused(&usage, "option '--schema': it is of the whole file");
    if (args.n_arguments > 0)
        return print_key(args.argument[0], &err) == ASX_OK
                   ? cmd_end_text()
                   : option_misused(&usage, "%s", err.message);
    if (schema)
        status = key_schema_print(stdout, &err);
    else
        key_reference_print_all(stdout);
    return status == ASX_OK ? cmd_end_text() : cmd_end(status, &err);
}
