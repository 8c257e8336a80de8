/* Measuring designs that were chosen. They are a search like any other, over a list, so that what is
 * known is not measured again, nothing is lost when the run is killed, and designs that begin alike
 * share work. */
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "exploration.h"
#include "explore/floating.h"

/* A point with the placement last: in their order designs that begin alike are neighbours. */
typedef struct ordered {
    const asx_gene *gene;
    size_t n_genes;
} ordered;

static int by_formats(const void *a, const void *b)
{
    const ordered *x = a, *y = b;
    for (size_t i = 1; i <= x->n_genes; i++) {
        const size_t g = i % x->n_genes;
        if (x->gene[g] != y->gene[g])
            return x->gene[g] < y->gene[g] ? -1 : 1;
    }
    return 0;
}

static asx_status sort_points(asx_gene *point, size_t n, size_t n_genes, asx_error *err)
{
    asx_gene *copy = asx_array_copy(point, n * n_genes, sizeof *point);
    ordered *order = asx_array_new(n, sizeof *order);
    asx_status status = ASX_OK;
    if (!copy || !order)
        status = asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", n);
    for (size_t i = 0; status == ASX_OK && i < n; i++)
        order[i] = (ordered){copy + i * n_genes, n_genes};
    if (status == ASX_OK)
        qsort(order, n, sizeof *order, by_formats);
    for (size_t i = 0; status == ASX_OK && i < n; i++)
        memcpy(point + i * n_genes, order[i].gene, n_genes * sizeof *point);
    free(order);
    free(copy);
    return status;
}

/* The points of designs, sorted; `*n` counts those that have one. */
static asx_status encode(asx_gene *point, size_t *n, const asx_space *space,
                         const asx_design *design, size_t n_designs, asx_error *err)
{
    const size_t n_genes = asx_space_n_genes(space);
    *n = 0;
    for (size_t i = 0; i < n_designs; i++) {
        const asx_status status = asx_space_encode(point + *n * n_genes, space, &design[i], err);
        if (status != ASX_OK && status != ASX_EOUTSIDE)
            return status;
        *n += status == ASX_OK;
    }
    return *n > 1 ? sort_points(point, *n, n_genes, err) : ASX_OK;
}

/* What the database has of designs, whenever it was measured. */
static asx_status look_up(asx_accuracy *accuracy, const asx_exploration *x,
                          const asx_store_inputs *inputs, const asx_design *design, size_t n,
                          asx_error *err)
{
    asx_status status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
        asx_text formats = {0};
        bool found = false;
        asx_design_print_formats(&formats, &design[i], asx_session_workload(x->session));
        accuracy[i] = (asx_accuracy){0};
        status = formats.failed ? asx_fail(err, ASX_ENOMEM, "no memory for a design's text")
                                : asx_store_find_accuracy(&accuracy[i], &found, x->store, formats.s,
                                                          inputs, err);
        asx_text_fini(&formats);
    }
    return status;
}

asx_status asx_stage_measure_designs(asx_accuracy *accuracy, size_t *done, asx_exploration *x,
                                     const char *stage, asx_subset subset, const asx_design *design,
                                     size_t n, asx_error *err)
{
    asx_tier_context context = {0};
    asx_search_outcome outcome = {0};
    asx_gene *point = asx_array_new(n, asx_space_n_genes(x->session->space) * sizeof *point);
    if (!point)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", n);
    asx_status status = asx_session_need_measure(x->session, subset, err);
    if (status == ASX_OK)
        status = asx_tier_context_init(&context, x, ASX_TIER_MEASURED, subset, err);
    if (status == ASX_OK && subset != ASX_SUBSET_SELECT) /* that one is known since the start */
        status = asx_session_float_keep(x->store, x->campaign, x->session, subset, err);
    asx_search config = asx_exploration_search(x, &context);
    config.searcher = &asx_searcher_list;
    config.start = point;
    if (status == ASX_OK)
        status = encode(point, &config.n_start, x->session->space, design, n, err);
    config.budget = config.n_start;
    if (status == ASX_OK)
        status = asx_monitor_stage(&x->monitor, stage, config.n_start, err);
    if (status == ASX_OK && config.n_start > 0)
        status = asx_search_run(&outcome, &config, err);
    if (status == ASX_OK)
        *done += outcome.progress.evaluated + outcome.progress.recalled;
    if (status == ASX_OK)
        status = look_up(accuracy, x, &context.inputs, design, n, err);
    asx_search_outcome_fini(&outcome);
    asx_tier_context_fini(&context);
    free(point);
    return status;
}
