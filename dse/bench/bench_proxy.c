/* How long a proxy's table takes, and how fast designs are scored from it on one core. */
#include <stdlib.h>

#include "bench.h"
#include "bench_network.h"
#include "dse/memory.h"
#include "dse/seed.h"

enum { N_DESIGNS = 1 << 16, ROUNDS = 16 };

/* What the table is made for: sets, both kinds of digits. */
static asx_status list_formats(asx_format **out, size_t *n, const char *sets, asx_error *err)
{
    static const unsigned bits[] = {4, 5, 6, 8}, width[] = {4}, activation[] = {8};
    static const asx_digits digits[] = {ASX_DIGITS_UNSIGNED, ASX_DIGITS_SIGNED};
    const asx_format_choices choices = {.weight_bits = bits,
                                        .n_weight_bits = 4,
                                        .digit_width = width,
                                        .n_digit_widths = 1,
                                        .activation_bits = activation,
                                        .n_activation_bits = 1,
                                        .digits = digits,
                                        .n_digits = 2,
                                        .weight_sets = sets,
                                        .activation_sets = "none"};
    return asx_format_list(out, n, NULL, &choices, err);
}

static asx_status time_scores(bench_report *report, const asx_proxy *proxy, size_t n_formats,
                              size_t n_layers, asx_error *err)
{
    uint16_t *number = asx_array_new(N_DESIGNS * n_layers, sizeof *number);
    double *score = asx_array_new(N_DESIGNS, sizeof *score), sum = 0;
    asx_status status =
        number && score ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for designs");
    if (status == ASX_OK) {
        for (size_t i = 0; i < N_DESIGNS * n_layers; i++)
            number[i] = (uint16_t)asx_seed_below(1, 0, i, n_formats);
        const double start = bench_seconds();
        for (int r = 0; r < ROUNDS; r++) {
            asx_proxy_score(score, proxy, number, N_DESIGNS);
            sum += score[r]; /* keeps the work from being left out */
        }
        const double seconds = bench_seconds() - start + (sum < 0);
        bench_figure(report, "designs_per_s_core", (double)N_DESIGNS * ROUNDS / seconds, "1/s");
    }
    free(number);
    free(score);
    return status;
}

asx_status bench_proxy(bench_report *report, asx_error *err)
{
    bench_network b = {0};
    asx_proxy *proxy = NULL;
    asx_format *format = NULL;
    size_t n = 0;
    asx_status status = bench_network_open(&b, bench_size(report, 256, 16), err);
    if (status == ASX_OK)
        status = list_formats(&format, &n, report->quick ? "max 1" : "all", err);
    const double start = bench_seconds();
    if (status == ASX_OK)
        status = asx_proxy_new(&proxy, NULL, b.calibration, b.data, (asx_range){0, b.n_images},
                               format, n, err);
    if (status == ASX_OK) {
        bench_figure(report, "table_s", bench_seconds() - start, "s");
        bench_figure(report, "formats", (double)n, "1");
        status = time_scores(report, proxy, n, asx_network_workload(b.network)->n_layers, err);
    }
    asx_proxy_free(proxy);
    free(format);
    bench_network_close(&b);
    return status;
}
