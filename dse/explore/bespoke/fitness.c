#include "fitness.h"

#include <omp.h>
#include <stdlib.h>

#include "columns.h"
#include "dse/memory.h"

asx_status fitness_init(fitness *out, const genome *g, const asx_bespoke_table *table,
                        size_t most_errors, size_t threads, asx_error *err)
{
    const size_t n = threads > 0 ? threads : (size_t)omp_get_max_threads();
    *out = (fitness){.genome = g, .table = table, .most_errors = most_errors, .n_threads = n};
    out->network = asx_array_new(n, sizeof(asx_bespoke *));
    out->runner = asx_array_new(n, sizeof(asx_bespoke_runner *));
    asx_status status = out->network && out->runner
                            ? ASX_OK
                            : asx_fail(err, ASX_ENOMEM, "no memory to measure networks");
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
        status = genome_network(&out->network[i], g, err);
        if (status == ASX_OK)
            status = asx_bespoke_runner_new(&out->runner[i], err);
    }
    return status;
}

void fitness_fini(fitness *f)
{
    for (size_t i = 0; i < f->n_threads; i++) {
        if (f->network)
            asx_bespoke_free(f->network[i]);
        if (f->runner)
            asx_bespoke_runner_free(f->runner[i]);
    }
    free(f->network);
    free(f->runner);
    *f = (fitness){0};
}

static bool measure(double *objective, double *violation, const fitness *f, const asx_gene *point)
{
    const size_t thread = (size_t)omp_get_thread_num();
    const asx_bespoke_table *t = f->table;
    const asx_bespoke_span part = t->part[ASX_BESPOKE_TRAIN];
    const asx_bespoke_rows rows = asx_bespoke_table_rows(t);
    asx_bespoke *network = f->network[thread];
    genome_decode(network, f->genome, point);
    if (asx_bespoke_runner_load(f->runner[thread], network, NULL) != ASX_OK)
        return false;
    const size_t wrong = part.end - part.first -
                         asx_bespoke_runner_correct(f->runner[thread], &rows, part, t->label);
    objective[FITNESS_ERRORS] = (double)wrong;
    objective[FITNESS_SIZE] = columns_size(network);
    *violation = wrong > f->most_errors ? (double)(wrong - f->most_errors) : 0;
    return true;
}

asx_status fitness_measure(double *objective, double *violation, const fitness *f,
                           const asx_gene *const *point, size_t n, asx_error *err)
{
    bool ok = true;
#pragma omp parallel for schedule(dynamic, 4) num_threads((int)f->n_threads) reduction(&& : ok)
    for (size_t i = 0; i < n; i++)
        ok = measure(objective + i * FITNESS_N, violation + i, f, point[i]) && ok;
    return ok ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory to measure networks");
}
