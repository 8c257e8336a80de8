/* asx proxies: how a campaign's accuracy proxy was fitted, and how far it is off. */
#include <stdio.h>

#include "cmd.h"
#include "crew.h"
#include "look_options.h"
#include "option.h"
#include "picture_options.h"
#include "results/plot.h"
#include "session_options.h"
#include "study_tables.h"
#include "table.h"

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

static asx_status print_fit(asx_session *s, const look *l, asx_error *err)
{
    table *t = NULL;
    asx_status status = asx_session_need_proxy(s, err);
    if (status == ASX_OK)
        status = table_new(&t, NULL, columns, err);
    if (status == ASX_OK) {
        table_text(t, asx_proxy_type_name(asx_proxy_n_types() - 1));
        table_integer(t, (long long)s->proxy_fit.n_designs);
        table_number(t, s->proxy_fit.ceiling);
        table_number(t, s->proxy_fit.knee);
        table_number(t, s->proxy_fit.power);
        table_number(t, s->proxy_fit.residual);
        status = look_print(l, &t, 1, err);
    }
    table_free(t);
    return status;
}

static asx_status print_study(asx_session *s, size_t n_designs, const char *images,
                              const asx_plot_options *plot, const look *l, asx_error *err)
{
    asx_range range = {0};
    asx_proxy_study study = {0};
    table *t[2] = {NULL};
    asx_status status = session_images(&range, s, images, err);
    if (status == ASX_OK && range.end - range.first < 2)
        status = asx_fail(err, ASX_EINVAL, "option '--images': two halves need at least 2 images");
    if (status == ASX_OK)
        status = asx_proxy_study_run(&study, s, n_designs, range, err);
    if (status == ASX_OK && plot->path)
        status = study_picture(&study, asx_session_workload(s), plot, err);
    if (status == ASX_OK)
        status = study_tables(t, &study, err);
    if (status == ASX_OK)
        status = look_print(l, t, 2, err);
    table_free(t[0]);
    table_free(t[1]);
    asx_proxy_study_fini(&study);
    return status;
}

int cmd_proxies(int argc, char **argv)
{
    const char *images = NULL;
    asx_plot_options plot = {0};
    picture_size size = {0};
    look l = LOOK_DEFAULT;
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
         .target = &plot.path,
         .argument = "FILE",
         .check = option_check_picture,
         .help = "with --designs, draw measured against predicted drops: .svg, .png, .pdf, .txt; "
                 ".csv: their numbers"},
        OPTION_PICTURE_SIZE(size),
        OPTION_LOOK(l),
        {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    if (plot.path && !n_designs)
        return option_misused(&usage, "option '--output' wants '--designs' too");
    if (images && !n_designs)
        return option_misused(&usage, "option '--images' wants '--designs' too");
    asx_range range = {0};
    asx_error err = {0};
    if (images && asx_range_parse(&range, images, (size_t)1 << 62, &err) == ASX_OK &&
        range.end - range.first < 2)
        return option_misused(&usage, "option '--images': two halves need at least 2 images");
    const int code = picture_apply(&plot, &size, &usage);
    if (code != 0)
        return code;
    asx_session s = {0};
    asx_status status = session_open(&s, args.argument[0], &err);
    if (status == ASX_OK)
        status = crew_share(&s, 0, &err);
    if (status == ASX_OK && !crew_works())
        status = n_designs ? print_study(&s, (size_t)n_designs, images, &plot, &l, &err)
                           : print_fit(&s, &l, &err);
    crew_part(&s);
    asx_session_close(&s);
    return cmd_end(status, &err);
}
