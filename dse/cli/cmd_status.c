/* asx status: what a database holds and what its runs did, while they work or after. */
#include <stdio.h>

#include "cmd.h"
#include "option.h"
#include "results/store.h"
#include "sql_table.h"

static const option_usage usage = {
    .synopsis = "status DB [--format table|csv|json]",
    .about =
        "Prints the campaigns of a database, with their evaluations so far, and the latest run of "
        "each. May be asked at any time from another terminal: a reader never disturbs a run. A "
        "run that is 'open' is at work, or was killed; its next start goes on where it was.",
    .examples = "  asx status resnet20-cifar10.db\n  watch asx status resnet20-cifar10.db\n",
    .min_arguments = 1,
    .max_arguments = 1};

/* Counts per campaign come from the evaluations themselves: they are there as soon as committed. */
static const char sql[] =
    "SELECT c.id AS campaign, c.name AS name, c.objectives AS objectives, "
    "coalesce(n.proxy, 0) AS proxy, coalesce(n.measured, 0) AS measured, "
    "coalesce(n.report, 0) AS report, r.started AS started, coalesce(r.reason, 'open') AS run, "
    "r.evaluated AS evaluated, r.front AS front, r.elapsed_s AS elapsed_s "
    "FROM campaign AS c "
    "LEFT JOIN (SELECT campaign, sum(tier = 'proxy') AS proxy, "
    "sum(tier = 'measured' AND subset = 'select') AS measured, "
    "sum(tier = 'measured' AND subset = 'report') AS report FROM "
    "(SELECT e.campaign, e.inputs FROM evaluation AS e UNION ALL SELECT q.campaign, e.inputs FROM "
    "recalled AS q JOIN evaluation AS e ON e.id = q.evaluation) AS m "
    "JOIN inputs AS i ON i.id = m.inputs GROUP BY campaign) AS n ON n.campaign = c.id "
    "LEFT JOIN run AS r ON r.id = (SELECT max(id) FROM run WHERE campaign = c.id) ORDER BY c.id";

int cmd_status(int argc, char **argv)
{
    const char *print = "table";
    const option options[] = {OPTION_FORMAT(&print), {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    asx_error err = {0};
    asx_store *store = NULL;
    size_t n = 0;
    asx_status st = asx_store_open(&store, args.argument[0], ASX_STORE_READ, &err);
    if (st == ASX_OK)
        st = sql_table_print(&n, store, sql, print, &err);
    if (st == ASX_OK && n == 0)
        fprintf(stderr, "asx: '%s' holds no campaign yet\n", args.argument[0]);
    asx_store_free(store);
    return cmd_end(st, &err);
}
