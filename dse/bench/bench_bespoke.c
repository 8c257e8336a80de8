/* Integer perceptrons over a table: blocks of rows in vector code, beside a plain loop over rows and weights. */
#include <stdlib.h>

#include "bench.h"
#include "dse/memory.h"
#include "dse/seed.h"
#include "eval/bespoke_runner.h"

enum { INPUTS = 16, HIDDEN = 5, CLASSES = 10, AGAIN = 40 };

typedef struct bench_data {
    asx_bespoke *network;
    asx_bespoke_runner *runner;
    uint16_t *value, *label;
    size_t rows;
} bench_data;

static asx_status make_network(asx_bespoke **out, asx_error *err)
{
    const size_t width[] = {INPUTS, HIDDEN, CLASSES};
    const asx_status status = asx_bespoke_new(out, width, 2, err);
    for (size_t at = 0; status == ASX_OK && at < 2; at++) {
        asx_bespoke_layer *l = &(*out)->layer[at];
        for (size_t i = 0; i < l->inputs * l->outputs; i++)
            l->weight[i] = (int32_t)asx_seed_below(1, at, i, 127) - 63;
    }
    return status;
}

static asx_status open_data(bench_data *d, size_t rows, asx_error *err)
{
    d->rows = rows;
    d->value = asx_array_new(rows, INPUTS * sizeof *d->value);
    d->label = asx_array_new(rows, sizeof *d->label);
    if (!d->value || !d->label)
        return asx_fail(err, ASX_ENOMEM, "no memory for a table");
    for (size_t i = 0; i < rows * INPUTS; i++)
        d->value[i] = (uint16_t)asx_seed_below(2, 0, i, 16);
    asx_status status = make_network(&d->network, err);
    if (status == ASX_OK)
        status = asx_bespoke_runner_new(&d->runner, err);
    return status == ASX_OK ? asx_bespoke_runner_load(d->runner, d->network, err) : status;
}

static void close_data(bench_data *d)
{
    asx_bespoke_free(d->network);
    asx_bespoke_runner_free(d->runner);
    free(d->value);
    free(d->label);
}

/* One row, weight by weight. */
static uint16_t classify(const asx_bespoke *b, const uint16_t *value, size_t rows, size_t row)
{
    const asx_bespoke_layer *first = &b->layer[0], *second = &b->layer[1];
    int32_t hidden[HIDDEN], best = INT32_MIN;
    uint16_t class = 0;
    for (size_t j = 0; j < HIDDEN; j++) {
        int32_t sum = (int32_t)first->bias[j];
        for (size_t i = 0; i < INPUTS; i++)
            sum += first->weight[j * INPUTS + i] * value[i * rows + row];
        hidden[j] = sum < 0 ? 0 : sum;
    }
    for (size_t k = 0; k < CLASSES; k++) {
        int32_t sum = (int32_t)second->bias[k];
        for (size_t j = 0; j < HIDDEN; j++)
            sum += second->weight[k * HIDDEN + j] * hidden[j];
        class = sum > best ? (uint16_t)k : class;
        best = sum > best ? sum : best;
    }
    return class;
}

static double time_loop(const bench_data *d)
{
    const double start = bench_seconds();
    for (int again = 0; again < AGAIN; again++)
        for (size_t i = 0; i < d->rows; i++)
            d->label[i] = classify(d->network, d->value, d->rows, i);
    return (bench_seconds() - start) / AGAIN;
}

static double time_blocks(const bench_data *d, size_t *correct)
{
    const asx_bespoke_rows rows = {d->rows, INPUTS, d->value};
    const asx_bespoke_span all = {0, d->rows};
    const double start = bench_seconds();
    for (int i = 0; i < AGAIN; i++)
        *correct = asx_bespoke_runner_correct(d->runner, &rows, all, d->label);
    return (bench_seconds() - start) / AGAIN;
}

asx_status bench_bespoke(bench_report *report, asx_error *err)
{
    bench_data d = {0};
    size_t correct = 0;
    asx_status status = open_data(&d, bench_size(report, 10000, 1000), err);
    if (status == ASX_OK) {
        const double macs = (double)d.rows * HIDDEN * (INPUTS + CLASSES);
        const double loop = time_loop(&d), blocks = time_blocks(&d, &correct);
        if (correct != d.rows)
            status = asx_fail(err, ASX_EINVAL, "%zu of %zu rows are answered otherwise",
                              d.rows - correct, d.rows);
        bench_ratio(report, "gmac_per_s", 1e-9 * macs / blocks, "1e9/s", "loop over rows",
                    1e-9 * macs / loop);
    }
    close_data(&d);
    return status;
}
