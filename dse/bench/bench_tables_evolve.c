/* The searcher 'nsga2' on a table: a design space of the table's formats, whose designs are worth
 * the sums of their formats' values. */
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"
#include "bench_tables.h"
#include "dse/memory.h"
#include "dse/pareto.h"
#include "dse/space.h"
#include "search/searcher.h"

enum { GENES = BENCH_LAYERS + 1, BATCH = 1000 };

/* Layers that stand for those of the table; nothing here asks what they compute. */
static asx_status add_layers(asx_workload *work, asx_error *err)
{
    asx_status status = asx_workload_init(work, "table", err);
    for (size_t i = 0; status == ASX_OK && i < BENCH_LAYERS; i++) {
        char name[32];
        snprintf(name, sizeof name, "layer%zu", i);
        const asx_layer layer = {.name = name,
                                 .kind = ASX_LAYER_DENSE,
                                 .in_c = 1,
                                 .in_h = 1,
                                 .in_w = 1,
                                 .out_c = 1,
                                 .out_h = 1,
                                 .out_w = 1,
                                 .kernel_h = 1,
                                 .kernel_w = 1,
                                 .stride_h = 1,
                                 .stride_w = 1,
                                 .groups = 1};
        status = asx_workload_add(work, &layer, err);
    }
    return status;
}

static void sum_up(double *objective, const bench_table *t, const asx_gene *point)
{
    objective[0] = objective[1] = 0;
    for (size_t l = 0; l < BENCH_LAYERS; l++) {
        const double *v = t->value[l][point[1 + l]];
        objective[0] += v[0];
        objective[1] += v[1];
    }
}

/* @param objective [evaluations][2] */
static asx_status search(double *objective, size_t *n_done, const asx_searcher_setup *setup,
                         const asx_searcher_type *type, const bench_table *t, size_t evaluations,
                         asx_error *err)
{
    static const double violation[BATCH];
    asx_gene *point = asx_array_new(BATCH, GENES * sizeof *point);
    void *state = asx_array_new(1, type->state_size);
    asx_status status = point && state ? type->init(state, setup, err)
                                       : asx_fail(err, ASX_ENOMEM, "no memory for a benchmark");
    *n_done = 0;
    for (size_t n = 1; status == ASX_OK && n && *n_done < evaluations; *n_done += n) {
        const size_t left = evaluations - *n_done;
        double *o = objective + 2 * *n_done;
        status = type->ask(state, left < BATCH ? left : BATCH, point, &n, err);
        for (size_t i = 0; status == ASX_OK && i < n; i++)
            sum_up(o + 2 * i, t, point + i * GENES);
        if (status == ASX_OK && n)
            status = type->tell(state, n, point, o, violation, err);
    }
    if (state)
        type->fini(state);
    free(state);
    free(point);
    return status;
}

asx_status bench_tables_evolve(double *volume, double *seconds, const bench_table *t,
                               size_t evaluations, uint64_t seed, asx_error *err)
{
    const asx_placement placement = ASX_PLACEMENT_NEAR;
    const asx_searcher_type *type;
    asx_workload work = {0};
    asx_space *space = NULL;
    asx_params params;
    size_t n_done;
    double *objective = asx_array_new(evaluations, 2 * sizeof *objective);
    asx_status status =
        objective ? add_layers(&work, err) : asx_fail(err, ASX_ENOMEM, "no memory for a benchmark");
    const asx_space_spec spec = {.work = &work,
                                 .placement = &placement,
                                 .n_placements = 1,
                                 .format = t->format,
                                 .n_formats = BENCH_CHOICES,
                                 .per_layer = true};
    if (status == ASX_OK)
        status = asx_space_new(&space, &spec, err);
    if (status == ASX_OK)
        status = asx_searcher_find(&type, "nsga2", err);
    if (status == ASX_OK) {
        asx_params_init(&params, type->params);
        const asx_searcher_setup setup = {
            .space = space, .n_objectives = 2, .params = &params, .seed = seed};
        const double start = bench_seconds();
        status = search(objective, &n_done, &setup, type, t, evaluations, err);
        *seconds = bench_seconds() - start;
    }
    if (status == ASX_OK)
        status = asx_pareto_hypervolume(volume, objective, n_done, 2, t->reference, err);
    asx_space_free(space);
    asx_workload_fini(&work);
    free(objective);
    return status;
}
