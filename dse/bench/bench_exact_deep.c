/* Proven fronts of deep networks: chains of 20 to 150 convolutions with all formats in every layer. */
#include <stdio.h>
#include <sys/resource.h>

#include "bench.h"
#include "bench_chain_model.h"
#include "bench_store.h"
#include "search/coupled.h"

static const double time_limit_s = 120, quick_limit_s = 3; /* of one proof */

static bool is_over(void *state)
{
    const double *end = state;
    return bench_seconds() > *end;
}

/* Of the process so far: chains grow, so the last proof is the largest, or nearly. */
static double peak_mb(void)
{
    struct rusage used = {0};
    return getrusage(RUSAGE_SELF, &used) == 0 ? (double)used.ru_maxrss / 1024 : 0;
}

static asx_status prove(bench_report *report, const bench_chain *c, double epsilon, asx_error *err)
{
    char name[80];
    const double begin = bench_seconds(), begin_cpu = bench_cpu_seconds();
    double end = begin + (report->quick ? quick_limit_s : time_limit_s);
    asx_coupled_problem p = {.model = bench_chain_model(c),
                             .objective = ASX_ENERGY,
                             .limits = asx_limits_none(),
                             .epsilon = epsilon,
                             .stop = is_over,
                             .stop_state = &end};
    asx_coupled_front f;
    p.limits.max[ASX_DROP] = 20;
    const asx_status status = asx_coupled_solve(&f, &p, err);
    if (status != ASX_OK)
        return status;
    const char *figure[] = {"s", "cpu_s", "proven_percent", "points", "nodes", "labels", "peak_mb"};
    const double value[] = {bench_seconds() - begin,
                            bench_cpu_seconds() - begin_cpu,
                            100 * (f.factor - 1),
                            (double)f.n,
                            (double)f.n_nodes,
                            (double)f.n_labels,
                            peak_mb()};
    const char *unit[] = {"s", "s", "%", "", "", "", "MB"};
    for (int i = 0; i < 7; i++) {
        snprintf(name, sizeof name, "layers_%zu_epsilon_%g_%s", bench_chain_model(c)->n_groups,
                 epsilon, figure[i]);
        bench_figure(report, name, value[i], unit[i]);
    }
    asx_coupled_front_fini(&f);
    return ASX_OK;
}

asx_status bench_exact_deep(bench_report *report, asx_error *err)
{
    static const size_t n_layers[] = {20, 50, 100, 150};
    static const double epsilon[] = {0.05, 0.01, 0.001};
    const size_t n_chains = bench_size(report, sizeof n_layers / sizeof *n_layers, 1);
    const size_t n_proofs = bench_size(report, sizeof epsilon / sizeof *epsilon, 1);
    asx_technology *technology = NULL;
    asx_status status = asx_technology_load(&technology, "nangate45", err);
    for (size_t i = 0; status == ASX_OK && i < n_chains; i++) {
        bench_chain *c = NULL;
        status = bench_chain_open(&c, bench_size(report, n_layers[i], 5), "all", technology, err);
        for (size_t k = 0; status == ASX_OK && k < n_proofs; k++)
            status = prove(report, c, epsilon[k], err);
        bench_chain_free(c);
    }
    asx_technology_free(technology);
    return status;
}
