/* asx proxies: how a campaign's accuracy proxy was fitted, and how far it is off. */
#include <stdio.h>

#include "cmd.h"
#include "crew.h"
#include "dse/output.h"
#include "kept.h"
#include "look_options.h"
#include "option.h"
#include "picture_options.h"
#include "results/plot.h"
#include "session_options.h"
#include "study_tables.h"
#include "table.h"
#include "text_checks.h"

static const option_usage usage = {
    .synopsis = "proxies [CAMPAIGN.yaml] [--designs N] [--images A:B] [--bench DB]",
    .about =
        "Builds the accuracy proxy of a campaign and prints its fit: predicted drop = ceiling (1 - "
        "exp(-(damage / knee)^power)); residual is the root mean square of measured minus "
        "predicted "
        "drop over the fitted designs. With --designs, judges every proxy instead: N designs of "
        "each of two kinds are drawn and measured, and rank correlations with their drops printed "
        "with 95 % intervals; tau_best_half is of the half that lost least. Fitted is the "
        "campaign's type (search.proxy), "
        "taught by 40 other designs measured on 'select'. Cross-layer adds up what layers do to the answers, a vector "
        "each, so that errors of layers add or cancel. Whole is no table: what the design as "
        "a whole does to the class probabilities of 128 calibration images. Half against half, the "
        "measurement's agreement with itself, is as good as a proxy can look. A second table says "
        "where the campaign's and the fitted proxy are "
        "not to be trusted: mean of predicted minus measured drop in thirds of the designs by "
        "predicted drop, light damage first, the predicted drop from which on it is more than a "
        "point and two standard errors, and the verdict in words. Kinds: spread, one "
        "level of damage per design; mixed, a few layers damaged. --bench keeps what is measured in a database and "
        "measures only what it lacks, also of an earlier study that was stopped; what campaigns measured of the same "
        "network on the same images, by the same rules, is judged as a third kind, stored; cross-fitted is the campaign's "
        "type taught by four fifths of the designs judged, each judged by the one that has not seen it. Without "
        "--designs it judges by what is there. Without a campaign: the embedded "
        "one.",
    .examples = "  asx proxies resnet20.yaml --designs 300 --images 0:10000\n"
                "  asx proxies resnet20.yaml --designs 300 --bench r20.db --table r20.csv\n",
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
        table_text(t, asx_proxy_type_name(s->campaign->proxy));
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

/* What a study is told by options. */
typedef struct proxies_options {
    asx_study_options study;
    const char *images, *table;
    asx_plot_options plot;
    look look;
} proxies_options;

static asx_status write_designs(const char *path, const asx_proxy_study *study,
                                const asx_workload *work, asx_error *err)
{
    study_designs designs = {.table = NULL};
    asx_output *output = NULL;
    asx_status status = study_designs_table(&designs, study, work, err);
    if (status == ASX_OK)
        status = asx_output_open(&output, path, NULL, err);
    if (status == ASX_OK)
        status = table_print(asx_output_stream(output), "csv", &designs.table, 1, err);
    if (status == ASX_OK)
        status = asx_output_commit(output, err);
    asx_output_free(output);
    study_designs_fini(&designs);
    return status;
}

/* Where results go, asked before the work. */
static asx_status check_outputs(const proxies_options *o, const asx_session *s, asx_error *err)
{
    asx_status status = o->table ? kept_by_session(o->table, s, err) : ASX_OK;
    if (status == ASX_OK && o->plot.path)
        status = kept_by_session(o->plot.path, s, err);
    return status;
}

static asx_status print_study(asx_session *s, proxies_options *o, asx_error *err)
{
    asx_proxy_study study = {0};
    table *t[2] = {NULL};
    asx_status status = check_outputs(o, s, err);
    if (status == ASX_OK)
        status = session_images(&o->study.images, s, o->images, err);
    if (status == ASX_OK && o->study.images.end - o->study.images.first < 2)
        status = asx_fail(err, ASX_EINVAL, "option '--images': two halves need at least 2 images");
    if (status == ASX_OK)
        status = asx_proxy_study_run(&study, s, &o->study, err);
    if (status == ASX_OK && o->study.database)
        look_say("%s: %zu measurements known, %zu added", o->study.database, study.n_known,
                 study.n_measured);
    if (status == ASX_OK && o->plot.path)
        status = study_picture(&study, asx_session_workload(s), &o->plot, err);
    if (status == ASX_OK && o->table)
        status = write_designs(o->table, &study, asx_session_workload(s), err);
    if (status == ASX_OK)
        status = study_tables(t, &study, err);
    if (status == ASX_OK)
        status = look_print(&o->look, t, 2, err);
    table_free(t[0]);
    table_free(t[1]);
    asx_proxy_study_fini(&study);
    return status;
}

/* What only a study takes. @return what is wrong; NULL: nothing */
static const char *misuse(const proxies_options *o)
{
    if (o->study.n_designs || o->study.database)
        return NULL;
    return o->plot.path ? "option '--output' wants '--designs' or '--bench' too"
           : o->images  ? "option '--images' wants '--designs' or '--bench' too"
           : o->table   ? "option '--table' wants '--designs' or '--bench' too"
                        : NULL;
}

static asx_status answer(const char *path, proxies_options *o, asx_error *err)
{
    asx_session s = {0};
    asx_status status = session_open(&s, path, err);
    if (status == ASX_OK)
        status = crew_share(&s, 0, err);
    if (status == ASX_OK && !crew_works())
        status = o->study.n_designs || o->study.database ? print_study(&s, o, err)
                                                         : print_fit(&s, &o->look, err);
    crew_part(&s);
    asx_session_close(&s);
    return status;
}

int cmd_proxies(int argc, char **argv)
{
    proxies_options o = {.look = LOOK_DEFAULT};
    picture_size size = {0};
    long long n_designs = 0;
    const option options[] = {
        {.name = "designs",
         .kind = OPTION_INTEGER,
         .target = &n_designs,
         .argument = "N",
         .low = 3,
         .high = 100000,
         .help = "judge the proxies by N designs of each kind"},
        OPTION_IMAGES(&o.images),
        {.name = "bench",
         .kind = OPTION_TEXT,
         .target = &o.study.database,
         .argument = "DB",
         .check = check_some,
         .help =
             "judge by what the database has of these designs, and by what campaigns measured; what is missing is "
             "measured and kept there"},
        {.name = "table",
         .kind = OPTION_TEXT,
         .target = &o.table,
         .argument = "FILE.csv",
         .check = check_some,
         .help =
             "write the designs: measured drops with intervals, and what every type says of each layer"},
        {.name = "output",
         .letter = 'o',
         .kind = OPTION_TEXT,
         .target = &o.plot.path,
         .argument = "FILE",
         .check = option_check_picture,
         .help =
             "with --designs or --bench, draw measured against predicted drops: .svg, .png, .pdf, .txt; "
             ".csv: their numbers"},
        OPTION_PICTURE_SIZE(size),
        OPTION_LOOK(o.look),
        {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    o.study.n_designs = (size_t)n_designs;
    const char *wrong = misuse(&o);
    if (wrong)
        return option_misused(&usage, "%s", wrong);
    asx_range range = {0};
    asx_error err = {0};
    if (o.images && asx_range_parse(&range, o.images, (size_t)1 << 62, &err) == ASX_OK &&
        range.end - range.first < 2)
        return option_misused(&usage, "option '--images': two halves need at least 2 images");
    const int code = picture_apply(&o.plot, &size, &usage);
    if (code != 0)
        return code;
    return cmd_end(answer(args.argument[0], &o, &err), &err);
}
