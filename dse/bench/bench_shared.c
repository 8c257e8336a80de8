/* What ranks gain: the proxy's table by all of them beside the same by one thread of one process, and
 * measuring by all of them beside as many threads of one process. Each rank has one thread. What is
 * found is compared too. Words that were projected once are known to a calibration from then on, so
 * the two sides have one each, and no word comes twice. */
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "bench_network.h"
#include "dse/memory.h"
#include "eval/proxy.h"
#include "eval/serve.h"

enum { N_IMAGES = 512, TABLE_IMAGES = 256, N_DESIGNS = 128, ROUNDS = 2 };

typedef struct stand {
    bench_network b;
    asx_proxy_server *proxy;
} stand;

/* ---- on every rank ---- */

static asx_status serve(void *state, asx_text *answer, const char *job, size_t n,
                        const asx_crew_line *line, asx_error *err)
{
    const stand *s = state;
    (void)line;
    return asx_crew_kind_of(job, n) == ASX_CREW_MEASURE
               ? asx_measure_serve(answer, s->b.calibration, s->b.data, job, n, err)
               : asx_proxy_serve(answer, s->proxy, job, n, err);
}

asx_status bench_shared_open(asx_crew_server *out, asx_error *err)
{
    stand *s = asx_array_new(1, sizeof *s);
    if (!s)
        return asx_fail(err, ASX_ENOMEM, "no memory for a benchmark");
    *out = (asx_crew_server){serve, s};
    omp_set_num_threads(1);
    const asx_status status = bench_network_open(&s->b, N_IMAGES, err);
    return status == ASX_OK ? asx_proxy_server_new(&s->proxy, s->b.calibration, s->b.data, err)
                            : status;
}

void bench_shared_close(asx_crew_server *server)
{
    stand *s = server->state;
    if (!s)
        return;
    asx_proxy_server_free(s->proxy);
    bench_network_close(&s->b);
    free(s);
}

/* Exact multipliers and every set of alphabets. */
static asx_status list_formats(asx_format **out, size_t *n, const unsigned *bits, size_t n_bits,
                               asx_error *err)
{
    static const unsigned width[] = {4}, activation[] = {8};
    static const asx_digits digits[] = {ASX_DIGITS_UNSIGNED};
    const asx_format_choices choices = {.weight_bits = bits,
                                        .n_weight_bits = n_bits,
                                        .digit_width = width,
                                        .n_digit_widths = 1,
                                        .activation_bits = activation,
                                        .n_activation_bits = 1,
                                        .digits = digits,
                                        .n_digits = 1,
                                        .weight_sets = "all none",
                                        .activation_sets = "none"};
    return asx_format_list(out, n, NULL, &choices, err);
}

/* ---- the table ---- */

/* @param damage [layers][n] */
static asx_status time_table(double *seconds, double *damage, const bench_network *b,
                             const asx_format *format, size_t n, asx_error *err)
{
    const size_t n_layers = asx_network_workload(b->network)->n_layers;
    asx_proxy *proxy = NULL;
    const double start = bench_seconds();
    const asx_status status = asx_proxy_new(&proxy, NULL, b->calibration, b->data,
                                            (asx_range){0, TABLE_IMAGES}, format, n, err);
    *seconds = bench_seconds() - start;
    for (size_t i = 0; status == ASX_OK && i < n_layers * n; i++)
        damage[i] = asx_proxy_damage(proxy, i / n, i % n);
    asx_proxy_free(proxy);
    return status;
}

static asx_status compare_tables(bench_report *report, const bench_network *shared,
                                 const bench_network *alone, asx_error *err)
{
    static const unsigned bits[] = {4, 6, 8};
    const size_t n_layers = asx_network_workload(alone->network)->n_layers;
    asx_format *format = NULL;
    double *damage = NULL, alone_s = 0, shared_s = 0;
    size_t n = 0;
    asx_status status = list_formats(&format, &n, bits, sizeof bits / sizeof *bits, err);
    if (status == ASX_OK) {
        damage = asx_array_new(2 * n_layers * n, sizeof *damage);
        status = damage ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for tables");
    }
    if (status == ASX_OK)
        status = time_table(&shared_s, damage, shared, format, n, err);
    if (status == ASX_OK)
        status = time_table(&alone_s, damage + n_layers * n, alone, format, n, err);
    if (status == ASX_OK &&
        memcmp(damage, damage + n_layers * n, n_layers * n * sizeof *damage) != 0)
        status = asx_fail(err, ASX_EINVAL, "ranks make another table than one process");
    if (status == ASX_OK)
        bench_ratio(report, "table_s", shared_s, "s", "one thread", alone_s);
    free(damage);
    free(format);
    return status;
}

/* ---- measuring ---- */

static asx_status time_measuring(double *seconds, asx_accuracy *out, const bench_network *b,
                                 const asx_design *const *design, int threads, asx_error *err)
{
    omp_set_num_threads(threads);
    const double start = bench_seconds();
    const asx_status status = asx_measure_designs(out, b->measure, design, N_DESIGNS, err);
    *seconds += bench_seconds() - start;
    omp_set_num_threads(1);
    return status;
}

/* Designs of one format each, which share nothing; number `round` of the list, and every ROUNDS-th
 * behind it. */
static asx_status make_designs(asx_design *out, size_t n_layers, const asx_format *format, size_t n,
                               size_t round, asx_error *err)
{
    asx_status status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < N_DESIGNS; i++) {
        status = asx_design_init(&out[i], n_layers, err);
        for (size_t l = 0; status == ASX_OK && l < n_layers; l++)
            out[i].format[l] = format[(i * ROUNDS + round) * n / (N_DESIGNS * ROUNDS)];
    }
    return status;
}

typedef struct measuring {
    const bench_network *shared, *alone;
    const asx_format *format; /* [n] */
    size_t n;
    int threads;
    double shared_s, alone_s;
} measuring;

static asx_status measure_round(measuring *m, size_t round, asx_error *err)
{
    asx_design design[N_DESIGNS] = {0};
    const asx_design *list[N_DESIGNS];
    asx_accuracy shared[N_DESIGNS], alone[N_DESIGNS];
    const size_t n_layers = asx_network_workload(m->alone->network)->n_layers;
    for (size_t i = 0; i < N_DESIGNS; i++)
        list[i] = &design[i];
    asx_status status = make_designs(design, n_layers, m->format, m->n, round, err);
    if (status == ASX_OK)
        status = time_measuring(&m->shared_s, shared, m->shared, list, 1, err);
    if (status == ASX_OK)
        status = time_measuring(&m->alone_s, alone, m->alone, list, m->threads, err);
    for (size_t i = 0; status == ASX_OK && i < N_DESIGNS; i++)
        if (alone[i].drop != shared[i].drop)
            status = asx_fail(err, ASX_EINVAL, "ranks measure %g, one process %g", shared[i].drop,
                              alone[i].drop);
    for (size_t i = 0; i < N_DESIGNS; i++)
        asx_design_fini(&design[i]);
    return status;
}

static asx_status compare_measuring(bench_report *report, const bench_network *shared,
                                    const bench_network *alone, asx_error *err)
{
    static const unsigned bits[] = {5, 7};
    asx_format *format = NULL;
    measuring m = {.shared = shared, .alone = alone, .threads = (int)report->crew->n};
    asx_status status = list_formats(&format, &m.n, bits, sizeof bits / sizeof *bits, err);
    m.format = format;
    for (size_t r = 0; status == ASX_OK && r < ROUNDS; r++)
        status = measure_round(&m, r, err);
    if (status == ASX_OK)
        bench_ratio(report, "measuring_s", m.shared_s, "s", "as many threads", m.alone_s);
    free(format);
    return status;
}

asx_status bench_shared(bench_report *report, asx_error *err)
{
    bench_network alone = {0};
    const int processors = omp_get_num_procs();
    if (!report->crew)
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "there are no ranks: mpirun -n 2 --bind-to none asx bench shared");
    if (processors < (int)report->crew->n)
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "rank 0 may use %d processors, too few for a thread for each of %zu ranks: "
                        "mpirun --bind-to none, or fewer ranks",
                        processors, report->crew->n);
    const bench_network *shared = &((const stand *)report->own->state)->b;
    asx_calibration_join(shared->calibration, report->crew, shared->data);
    bench_figure(report, "ranks", (double)report->crew->n, "");
    asx_status status = bench_network_open(&alone, N_IMAGES, err);
    if (status == ASX_OK)
        status = compare_measuring(report, shared, &alone, err);
    if (status == ASX_OK)
        status = compare_tables(report, shared, &alone, err);
    asx_calibration_join(shared->calibration, NULL, shared->data);
    bench_network_close(&alone);
    return status;
}
