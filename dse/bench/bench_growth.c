/* How times grow: with layers and formats of an exact search, images of measuring, formats of a proxy's table, rows of a
 * database. Processor seconds on one core at three sizes, and the exponent p of time ~ size^p that fits them best. */
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench.h"
#include "bench_chain_model.h"
#include "bench_network.h"
#include "bench_store.h"
#include "results/front.h"
#include "search/coupled.h"

enum { STEPS = 3, ROUNDS = 2 };

/* One thing at one size: what it took in the faster of some rounds, and how large that was. What has to be there first is
 * made once. */
typedef asx_status measure(double *seconds, double *size, const bench_report *report, size_t step,
                           asx_error *err);

/* ---- exact search ---- */

static asx_status prove(double *seconds, double *formats, size_t n_layers, const char *sets,
                        asx_error *err)
{
    asx_technology *technology = NULL;
    bench_chain *c = NULL;
    asx_coupled_front f = {0};
    asx_status status = asx_technology_load(&technology, "nangate45", err);
    if (status == ASX_OK)
        status = bench_chain_open(&c, n_layers, sets, technology, err);
    if (status == ASX_OK) {
        asx_coupled_problem p = {.model = bench_chain_model(c),
                                 .objective = ASX_ENERGY,
                                 .limits = asx_limits_none(),
                                 .epsilon = 0.05};
        p.limits.max[ASX_DROP] = 20;
        *formats = (double)bench_chain_formats(c);
        for (int round = 0; status == ASX_OK && round < ROUNDS; round++) {
            const double begin = bench_cpu_seconds();
            status = asx_coupled_solve(&f, &p, err);
            *seconds = fmin(*seconds, bench_cpu_seconds() - begin);
            asx_coupled_front_fini(&f);
        }
    }
    bench_chain_free(c);
    asx_technology_free(technology);
    return status;
}

static asx_status exact_layers(double *seconds, double *size, const bench_report *report,
                               size_t step, asx_error *err)
{
    const size_t n = bench_size(report, 10, 3) << step;
    double formats = 0;
    *size = (double)n;
    return prove(seconds, &formats, n, report->quick ? "max 1" : "all", err);
}

static asx_status exact_formats(double *seconds, double *size, const bench_report *report,
                                size_t step, asx_error *err)
{
    static const char *const sets[STEPS] = {"max 1", "max 2", "max 3"};
    return prove(seconds, size, bench_size(report, 20, 3), sets[step], err);
}

/* ---- the engine and the proxy ---- */

static asx_status measured_images(double *seconds, double *size, const bench_report *report,
                                  size_t step, asx_error *err)
{
    const size_t n = bench_size(report, 250, 32) << step;
    bench_network b = {0};
    asx_accuracy accuracy;
    asx_design design = {0};
    asx_status status = bench_network_open(&b, n, err);
    if (status == ASX_OK)
        status = asx_design_parse(&design, "near:w4{1}a8", asx_network_workload(b.network), err);
    if (status == ASX_OK)
        status = asx_measure_design(&accuracy, b.measure, &design, err); /* kernels are made */
    for (int round = 0; status == ASX_OK && round < ROUNDS; round++) {
        const double begin = bench_cpu_seconds();
        status = asx_measure_design(&accuracy, b.measure, &design, err);
        *seconds = fmin(*seconds, bench_cpu_seconds() - begin);
    }
    *size = (double)b.n_images;
    asx_design_fini(&design);
    bench_network_close(&b);
    return status;
}

static asx_status proxy_formats(double *seconds, double *size, const bench_report *report,
                                size_t step, asx_error *err)
{
    static const unsigned bits[] = {4, 5, 6, 8}, width[] = {4}, activation[] = {8};
    static const asx_digits digits[] = {ASX_DIGITS_UNSIGNED, ASX_DIGITS_SIGNED};
    static const char *const sets[STEPS] = {"{1}", "{1} {1,3} {1,5}", "max 1"};
    const asx_format_choices choices = {.weight_bits = bits,
                                        .digit_width = width,
                                        .activation_bits = activation,
                                        .digits = digits,
                                        .n_weight_bits = 4,
                                        .n_digit_widths = 1,
                                        .n_activation_bits = 1,
                                        .n_digits = 2,
                                        .weight_sets = sets[step],
                                        .activation_sets = "none"};
    bench_network b = {0};
    asx_proxy *proxy = NULL;
    asx_format *format = NULL;
    size_t n = 0;
    asx_status status = bench_network_open(&b, bench_size(report, 256, 16), err);
    if (status == ASX_OK)
        status = asx_format_list(&format, &n, NULL, &choices, err);
    for (int round = 0; status == ASX_OK && round < ROUNDS; round++) {
        const double begin = bench_cpu_seconds();
        status = asx_proxy_new(&proxy, NULL, b.calibration, b.data, (asx_range){0, b.n_images},
                               format, n, err);
        *seconds = fmin(*seconds, bench_cpu_seconds() - begin);
        asx_proxy_free(proxy);
        proxy = NULL;
    }
    *size = (double)n;
    free(format);
    bench_network_close(&b);
    return status;
}

/* ---- the database ---- */

/* @param written  seconds for all rows @param looked  for the front, and for the best under a limit that it does not answer */
static asx_status store(double *written, double *looked, const char *path, size_t n, asx_error *err)
{
    asx_store *store = NULL;
    asx_ledger ledger;
    asx_front f = {0};
    int64_t campaign = 0;
    const asx_row *best = NULL;
    bool keeps = false;
    asx_limits limits = asx_limits_none();
    const asx_front_options streamed = {.streamed = true};
    limits.max[ASX_AREA] = 1e6 + 500;
    double begin = bench_cpu_seconds();
    asx_status status = bench_store_open(&store, &ledger, path, &campaign, err);
    if (status == ASX_OK)
        status = bench_store_write(store, &ledger, 1, n, err);
    *written = fmin(*written, bench_cpu_seconds() - begin);
    asx_store_free(store);
    store = NULL;
    begin = bench_cpu_seconds();
    if (status == ASX_OK)
        status = asx_store_open(&store, path, ASX_STORE_READ, err);
    if (status == ASX_OK)
        status = asx_front_load(&f, store, &streamed, err);
    if (status == ASX_OK)
        status = asx_front_find_best(&best, &keeps, &f, store, NULL, &limits, ASX_ENERGY, err);
    *looked = fmin(*looked, bench_cpu_seconds() - begin);
    asx_front_fini(&f);
    asx_store_free(store);
    return status;
}

static asx_status in_folder(double *written, double *looked, size_t n, asx_error *err)
{
    char folder[] = "asx-bench-XXXXXX", path[64];
    if (!mkdtemp(folder))
        return asx_fail(err, ASX_EIO, "cannot make a folder here for the benchmark");
    snprintf(path, sizeof path, "%s/rows.db", folder);
    const asx_status status = store(written, looked, path, n, err);
    unlink(path);
    return rmdir(folder) == 0 || status != ASX_OK
               ? status
               : asx_fail(err, ASX_EIO, "cannot remove '%s'", folder);
}

static asx_status rows(double *written, double *looked, double *size, const bench_report *report,
                       size_t step, asx_error *err)
{
    const size_t n = bench_size(report, 25000, 1000) << step;
    asx_status status = ASX_OK;
    *size = (double)n;
    for (int round = 0; status == ASX_OK && round < ROUNDS; round++)
        status = in_folder(written, looked, n, err);
    return status;
}

static asx_status stored_rows(double *seconds, double *size, const bench_report *report,
                              size_t step, asx_error *err)
{
    double looked = INFINITY;
    return rows(seconds, &looked, size, report, step, err);
}

static asx_status searched_rows(double *seconds, double *size, const bench_report *report,
                                size_t step, asx_error *err)
{
    double written = INFINITY;
    return rows(&written, seconds, size, report, step, err);
}

/* ---- all ---- */

/* The slope of log(seconds) over log(size). */
static double exponent(const double *seconds, const double *size)
{
    double x = 0, y = 0, xx = 0, xy = 0;
    for (size_t i = 0; i < STEPS; i++) {
        const double u = log(size[i]), v = log(fmax(seconds[i], 1e-9));
        x += u / STEPS;
        y += v / STEPS;
        xx += u * u / STEPS;
        xy += u * v / STEPS;
    }
    return (xy - x * y) / (xx - x * x);
}

static asx_status grow(bench_report *report, const char *name, measure *of, asx_error *err)
{
    double seconds[STEPS], size[STEPS];
    char figure[80];
    for (size_t step = 0; step < STEPS; step++) {
        seconds[step] = INFINITY;
        const asx_status status = of(&seconds[step], &size[step], report, step, err);
        if (status != ASX_OK)
            return status;
        snprintf(figure, sizeof figure, "%s_%.0f", name, size[step]);
        bench_figure(report, figure, seconds[step], "s");
    }
    snprintf(figure, sizeof figure, "%s_exponent", name);
    bench_figure(report, figure, exponent(seconds, size), "");
    return ASX_OK;
}

asx_status bench_growth(bench_report *report, asx_error *err)
{
    static const struct {
        const char *name;
        measure *of;
    } things[] = {{"exact_layers", exact_layers},       {"exact_formats", exact_formats},
                  {"measured_images", measured_images}, {"proxy_formats", proxy_formats},
                  {"stored_rows", stored_rows},         {"searched_rows", searched_rows}};
    const int threads = omp_get_max_threads();
    asx_status status = ASX_OK;
    omp_set_num_threads(1);
    for (size_t i = 0; status == ASX_OK && i < sizeof things / sizeof *things; i++)
        status = grow(report, things[i].name, things[i].of, err);
    omp_set_num_threads(threads);
    return status;
}
