/* How fast designs are measured, beside the bare kernels of the same layers, and beside the most
 * that this processor multiplies: one large product of bytes. */
#include <omp.h>
#include <stdio.h>

#include "bench.h"
#include "bench_network.h"

enum { ROUNDS = 3 };

/* The faster of a few rounds, of whole network and of bare kernels in turn, on one core. */
static asx_status time_rounds(double *network, double *kernels, const bench_network *b,
                              const asx_design *design, asx_error *err)
{
    const size_t n_kernels = b->n_images < 1024 ? b->n_images : 1024;
    asx_accuracy accuracy;
    for (int i = 0; i < ROUNDS; i++) {
        const double start = bench_seconds();
        asx_status status = asx_measure_design(&accuracy, b->measure, design, err);
        const double middle = bench_seconds();
        if (status == ASX_OK)
            status = asx_measure_kernels(b->measure, design, n_kernels, err);
        if (status != ASX_OK)
            return status;
        const double whole = (double)b->n_images / (middle - start);
        const double bare = (double)n_kernels / (bench_seconds() - middle);
        *network = whole > *network ? whole : *network;
        *kernels = bare > *kernels ? bare : *kernels;
    }
    return ASX_OK;
}

/* Multiplications per second of one core in a product that is all multiplications. */
static asx_status time_product(double *rate, size_t n, asx_error *err)
{
    for (int i = 0; i < ROUNDS; i++) {
        const double start = bench_seconds();
        const asx_status status = asx_measure_product(n, 10, err);
        const double r = 10.0 * (double)(n * n * n) / (bench_seconds() - start);
        if (status != ASX_OK)
            return status;
        *rate = r > *rate ? r : *rate;
    }
    return ASX_OK;
}

/* Networks of many cheap layers, where what lies between the kernels counts most. */
static asx_status time_light(bench_report *report, const char *name, const bench_network *b,
                             asx_error *err)
{
    const int threads = omp_get_max_threads();
    double network = 0, kernels = 0;
    char figure[80];
    asx_design design = {0};
    asx_status status =
        asx_design_parse(&design, "near:w4{1}a8", asx_network_workload(b->network), err);
    if (status == ASX_OK) {
        omp_set_num_threads(1);
        status = time_rounds(&network, &kernels, b, &design, err);
        omp_set_num_threads(threads);
    }
    snprintf(figure, sizeof figure, "%s_images_per_s_core", name);
    if (status == ASX_OK)
        bench_ratio(report, figure, network, "1/s", "bare kernels", kernels);
    asx_design_fini(&design);
    return status;
}

static asx_status time_drawn(bench_report *report, const char *architecture, asx_error *err)
{
    bench_network b = {0};
    asx_status status =
        bench_network_draw(&b, architecture, "0.5", bench_size(report, 4096, 16), err);
    if (status == ASX_OK)
        status = time_light(report, architecture, &b, err);
    bench_network_close(&b);
    return status;
}

/* Where its files are there. */
static asx_status time_keywords(bench_report *report, asx_error *err)
{
    bench_network b = {0};
    asx_status status = bench_network_keywords(&b, err);
    if (status == ASX_OK)
        status = time_light(report, "dscnn", &b, err);
    bench_network_close(&b);
    return status == ASX_ENOTFOUND ? ASX_OK : status;
}

asx_status bench_measured(bench_report *report, asx_error *err)
{
    const int threads = omp_get_max_threads();
    double network = 0, kernels = 0, product = 0, all = 0, macs = 0;
    bench_network b = {0};
    asx_design design = {0};
    asx_status status = bench_network_open(&b, bench_size(report, 10000, 64), err);
    if (status == ASX_OK)
        status = asx_design_parse(&design, "near:w4{1}a8", asx_network_workload(b.network), err);
    if (status == ASX_OK) {
        omp_set_num_threads(1);
        status = time_rounds(&network, &kernels, &b, &design, err);
        if (status == ASX_OK)
            status = time_product(&product, bench_size(report, 1024, 128), err);
        omp_set_num_threads(threads);
    }
    if (status == ASX_OK) {
        asx_accuracy accuracy;
        macs = (double)asx_workload_n_macs(asx_network_workload(b.network));
        const double start = bench_seconds();
        status = asx_measure_design(&accuracy, b.measure, &design, err);
        all = (double)b.n_images / (bench_seconds() - start);
    }
    if (status == ASX_OK) {
        bench_ratio(report, "images_per_s_core", network, "1/s", "bare kernels", kernels);
        bench_ratio(report, "gmac_per_s_core", network * macs * 1e-9, "GMAC/s", "bare kernels",
                    kernels * macs * 1e-9);
        bench_ratio(report, "gmac_per_s_core", network * macs * 1e-9, "GMAC/s",
                    "byte matrix product", product * 1e-9);
        bench_ratio(report, "images_per_s_all_cores", all, "1/s", "byte matrix product",
                    product / macs * threads);
    }
    asx_design_fini(&design);
    bench_network_close(&b);
    if (status == ASX_OK)
        status = time_drawn(report, "mobilenet", err);
    if (status == ASX_OK)
        status = time_drawn(report, "shufflenet", err);
    return status == ASX_OK ? time_keywords(report, err) : status;
}
