/* asx proxies: how a campaign's accuracy proxy was fitted, and how far it is off. */
#include <stdio.h>

#include "cmd.h"
#include "judge.h"
#include "option.h"
#include "table.h"
#include "workbench.h"

static const option_usage usage = {
    .synopsis = "proxies [CAMPAIGN.yaml] [--designs N] [--images A:B]",
    .about =
        "Builds the accuracy proxy of a campaign and prints its fit: predicted drop = ceiling (1 - "
        "exp(-(damage / knee)^power)); residual is the root mean square of measured minus "
        "predicted "
        "drop over the fitted designs. With --designs, judges every proxy instead: N designs of "
        "each of two kinds are drawn and measured, and rank correlations with their drops printed "
        "with 95 % intervals; tau_best_half is of the half that lost least. Fitted is the best "
        "type, "
        "taught by 40 other designs measured on 'select'. Half against half, the "
        "measurement's agreement with itself, is as good as a proxy can look. A second table says "
        "where the default and the fitted proxy are "
        "not to be trusted: mean of predicted minus measured drop in thirds of the designs by "
        "predicted drop, light damage first, the predicted drop from which on it is more than a "
        "point and two standard errors, and the verdict in words. Kinds: spread, one "
        "level of damage per design; mixed, a few layers damaged. Without a campaign: the embedded "
        "one.",
    .examples = "  asx proxies resnet20.yaml --designs 300 --images 0:10000\n",
    .max_arguments = 1};

static const table_column columns[] = {{"proxy", TABLE_TEXT, 0},
                                       {"designs", TABLE_INTEGER, 0},
                                       {"ceiling", TABLE_NUMBER, 2},
                                       {"knee", TABLE_NUMBER, TABLE_AUTO},
                                       {"power", TABLE_NUMBER, 3},
                                       {"residual_points", TABLE_NUMBER, 2},
                                       {0}};

static asx_status print_fit(workbench *w, const char *print, asx_error *err)
{
    table *t = NULL;
    asx_status st = workbench_need_proxy(w, err);
    if (st == ASX_OK)
        st = table_new(&t, NULL, columns, err);
    if (st == ASX_OK) {
        table_text(t, asx_proxy_type_name(asx_proxy_n_types() - 1));
        table_integer(t, (long long)w->proxy_fit.n_designs);
        table_number(t, w->proxy_fit.ceiling);
        table_number(t, w->proxy_fit.knee);
        table_number(t, w->proxy_fit.power);
        table_number(t, w->proxy_fit.residual);
        st = table_print(stdout, print, &t, 1, err);
    }
    table_free(t);
    return st;
}

static asx_status print_judgement(workbench *w, judge_request *r, const char *images,
                                  const char *print, asx_error *err)
{
    judge_tables out = {0};
    asx_status st = workbench_images(&r->images, w, images, err);
    if (st == ASX_OK && r->images.end - r->images.first < 2)
        st = asx_fail(err, ASX_EINVAL, "option '--images': two halves need at least 2 images");
    if (st == ASX_OK)
        st = table_new(&out.ranks, "ranks", judge_columns, err);
    if (st == ASX_OK)
        st = table_new(&out.trust, "trust", trust_columns, err);
    if (st == ASX_OK)
        st = judge_proxies(&out, w, r, err);
    if (st == ASX_OK)
        st = table_print(stdout, print, (table *[]){out.ranks, out.trust}, 2, err);
    table_free(out.ranks);
    table_free(out.trust);
    return st;
}

int cmd_proxies(int argc, char **argv)
{
    const char *print = "table", *images = NULL;
    judge_request r = {0};
    long long n_designs = 0;
    const option options[] = {
        {.name = "designs",
         .kind = OPTION_INTEGER,
         .target = &n_designs,
         .argument = "N",
         .low = 3,
         .high = 100000,
         .help = "judge the proxies by N designs of each kind"},
        OPTION_IMAGES(&images),
        {.name = "output",
         .letter = 'o',
         .kind = OPTION_TEXT,
         .target = &r.picture,
         .argument = "FILE",
         .help = "with --designs, draw measured against predicted drops: .svg, .png, .pdf, .txt"},
        OPTION_FORMAT(&print),
        {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    asx_error err = {0};
    workbench w = {0};
    r.n_designs = (size_t)n_designs;
    asx_status st = ASX_OK;
    if (r.picture && !n_designs)
        st = asx_fail(&err, ASX_EINVAL, "option '--output' wants '--designs' too");
    if (st == ASX_OK)
        st = workbench_open(&w, args.argument[0], &err);
    if (st == ASX_OK)
        st = n_designs ? print_judgement(&w, &r, images, print, &err) : print_fit(&w, print, &err);
    workbench_close(&w);
    return cmd_end(st, &err);
}
