/* asx algorithms: the search algorithms, and the parameters a campaign may set. */
#include <math.h>

#include "cmd.h"
#include "option.h"
#include "search/searcher.h"
#include "table.h"

static const option_usage usage = {
    .synopsis = "algorithms [--format table|csv|json]",
    .about = "Lists the search algorithms with their parameters. In a campaign file:\n"
             "  search: { algorithm: random, seed: 1, budget: 1000, parameters: [name=value] }"};

static const table_column columns[] = {{"algorithm", TABLE_TEXT, 0},
                                       {"parameter", TABLE_TEXT, 0},
                                       {"default", TABLE_NUMBER, TABLE_AUTO},
                                       {"min", TABLE_NUMBER, TABLE_AUTO},
                                       {"max", TABLE_NUMBER, TABLE_AUTO},
                                       {"about", TABLE_TEXT, 0},
                                       {0}};

static void add_searcher(table *t, const asx_searcher_type *type)
{
    table_text(t, type->name);
    table_text(t, "");
    for (int i = 0; i < 3; i++)
        table_number(t, NAN);
    table_text(t, type->summary);
    for (const asx_param_spec *p = type->params; p && p->name; p++) {
        table_text(t, type->name);
        table_text(t, p->name);
        table_number(t, p->value);
        table_number(t, p->low);
        table_number(t, p->high);
        table_text(t, p->help);
    }
}

int cmd_algorithms(int argc, char **argv)
{
    const char *print = "table";
    const option options[] = {OPTION_FORMAT(&print), {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    asx_error err = {0};
    table *t = NULL;
    asx_status st = table_new(&t, NULL, columns, &err);
    for (const asx_searcher_type *const *type = asx_searchers; st == ASX_OK && *type; type++)
        add_searcher(t, *type);
    if (st == ASX_OK)
        st = table_print(stdout, print, &t, 1, &err);
    table_free(t);
    return cmd_end(st, &err);
}
