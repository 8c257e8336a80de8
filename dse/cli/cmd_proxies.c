/* asx proxies: how a campaign's accuracy proxy was fitted, and how far it is off. */
#include <stdio.h>

#include "cmd.h"
#include "option.h"
#include "table.h"
#include "workbench.h"

static const option_usage usage = {
    .synopsis = "proxies [CAMPAIGN.yaml] [--format table|csv|json]",
    .about =
        "Builds the accuracy proxy of a campaign and prints its fit: predicted drop = ceiling (1 - "
        "exp(-(damage / knee)^power)), damage being the sum over layers of projection errors, each "
        "weighted by the layer's share of the output; residual is the root mean square of measured "
        "minus predicted drop over the fitted designs. Without a campaign: the embedded one.",
    .max_arguments = 1};

static const table_column columns[] = {{"proxy", TABLE_TEXT, 0},
                                       {"designs", TABLE_INTEGER, 0},
                                       {"ceiling", TABLE_NUMBER, 2},
                                       {"knee", TABLE_NUMBER, TABLE_AUTO},
                                       {"power", TABLE_NUMBER, 3},
                                       {"residual_points", TABLE_NUMBER, 2},
                                       {0}};

int cmd_proxies(int argc, char **argv)
{
    const char *print = "table";
    const option options[] = {OPTION_FORMAT(&print), {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    asx_error err = {0};
    workbench w = {0};
    table *t = NULL;
    asx_status st = workbench_open(&w, args.argument[0], &err);
    if (st == ASX_OK)
        st = workbench_need_proxy(&w, &err);
    if (st == ASX_OK)
        st = table_new(&t, NULL, columns, &err);
    if (st == ASX_OK) {
        table_text(t, "projection error");
        table_integer(t, (long long)w.proxy_fit.n_designs);
        table_number(t, w.proxy_fit.ceiling);
        table_number(t, w.proxy_fit.knee);
        table_number(t, w.proxy_fit.power);
        table_number(t, w.proxy_fit.residual);
        st = table_print(stdout, print, &t, 1, &err);
    }
    table_free(t);
    workbench_close(&w);
    return cmd_end(st, &err);
}
