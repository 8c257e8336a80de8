/* asx algorithms: the search algorithms, and the parameters a campaign may set. */
#include "cmd.h"
#include "option.h"
#include "param_list.h"
#include "search/searcher.h"

static const option_usage usage = {
    .synopsis = "algorithms [--format table|csv|json]",
    .about = "Lists the search algorithms with their parameters. In a campaign file:\n"
             "  search: { algorithm: random, seed: 1, budget: 1000, parameters: [name=value] }"};

static const table_column columns[] = PARAM_LIST_COLUMNS("algorithm");

int cmd_algorithms(int argc, char **argv)
{
    const char *print = "table";
    const option options[] = {OPTION_FORMAT(&print), {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    asx_error err = {0};
    table *t = NULL;
    asx_status status = table_new(&t, NULL, columns, &err);
    for (const asx_searcher_type *const *type = asx_searchers; status == ASX_OK && *type; type++) {
        param_list_add(t, (*type)->name, "", (*type)->summary);
        param_list_add_all(t, (*type)->name, (*type)->params);
    }
    if (status == ASX_OK)
        status = table_print(stdout, print, &t, 1, &err);
    table_free(t);
    return cmd_end(status, &err);
}
