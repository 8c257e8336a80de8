/* asx export: every evaluation of a campaign with every field, for other programs. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "option.h"
#include "rows_table.h"

#include "results/campaign.h"

static const option_usage usage = {
    .synopsis = "export DB [-o FILE] [--format csv|json] [--parts] [--where EXPR] ...",
    .about = "Writes every evaluation of a campaign with all its fields, all digits. --parts adds "
             "energy and area by part of the machine. Fields are those of asx query; the tables of "
             "the database explain themselves: sqlite3 DB .schema",
    .examples = "  asx export resnet20-cifar10.db -o all.csv\n"
                "  asx export resnet20-cifar10.db --format json --where \"drop < 1\"\n",
    .min_arguments = 1,
    .max_arguments = 1};

/* A file appears whole or not at all. */
static asx_status print_to(const char *path, const char *format, table *t, asx_error *err)
{
    asx_text part = {0};
    asx_text_add(&part, "%s.part", path);
    if (part.failed)
        return asx_fail(err, ASX_ENOMEM, "no memory for a file's name");
    FILE *out = fopen(part.s, "wb");
    asx_status st = ASX_OK;
    if (out)
        st = table_print(out, format, &t, 1, err);
    if (!out || fclose(out) != 0 || (st == ASX_OK && rename(part.s, path) != 0))
        st = asx_fail(err, ASX_EIO, "cannot write '%s': %s", path, strerror(errno));
    if (out && st != ASX_OK)
        remove(part.s);
    asx_text_fini(&part);
    return st;
}

static asx_status run(const char *path, const char *campaign, asx_query *query, const char *out,
                      const char *format, asx_error *err)
{
    asx_store *store = NULL;
    asx_rows rows = {0};
    table *t = NULL;
    asx_status st = asx_store_open(&store, path, ASX_STORE_READ, err);
    if (st == ASX_OK)
        st = asx_campaign_find(&query->campaign, store, campaign, err);
    if (st == ASX_OK)
        st = asx_query_rows(&rows, store, query, err);
    if (st == ASX_OK)
        st = rows_table(&t, NULL, &rows, query->parts ? ROWS_PARTS : ROWS_FULL, err);
    if (st == ASX_OK)
        st = out ? print_to(out, format, t, err) : table_print(stdout, format, &t, 1, err);
    table_free(t);
    asx_rows_fini(&rows);
    asx_store_free(store);
    return st;
}

int cmd_export(int argc, char **argv)
{
    asx_query query = {0};
    const char *campaign = NULL, *out = NULL, *format = "csv";
    const option options[] = {{.name = "output",
                               .letter = 'o',
                               .kind = OPTION_TEXT,
                               .target = &out,
                               .argument = "FILE",
                               .help = "where to write (default: stdout)"},
                              {.name = "format",
                               .kind = OPTION_CHOICE,
                               .target = &format,
                               .argument = "csv|json",
                               .help = "what to write (default: csv)"},
                              {.name = "parts",
                               .kind = OPTION_FLAG,
                               .target = &query.parts,
                               .help = "energy and area by part too"},
                              {.name = "where",
                               .kind = OPTION_TEXT,
                               .target = &query.where,
                               .argument = "EXPR",
                               .help = "only designs that fulfil an SQL expression; see asx query"},
                              {.name = "tier",
                               .kind = OPTION_CHOICE,
                               .target = &query.tier,
                               .argument = "proxy|measured|trained|float",
                               .help = "only evaluations of this tier"},
                              {.name = "campaign",
                               .kind = OPTION_TEXT,
                               .target = &campaign,
                               .argument = "NAME",
                               .help = "which campaign of the database (default: the newest)"},
                              {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    asx_error err = {0};
    return cmd_end(run(args.argument[0], campaign, &query, out, format, &err), &err);
}
