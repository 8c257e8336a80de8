/* Measuring designs that were chosen, above all those of the front. They are a search like any
 * other, over a list, so that what is known is not measured again, nothing is lost when the run is
 * killed, and designs that begin alike share work. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "additivity.h"
#include "dse/memory.h"
#include "exploration.h"

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
    asx_status st = ASX_OK;
    if (!copy || !order)
        st = asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", n);
    for (size_t i = 0; st == ASX_OK && i < n; i++)
        order[i] = (ordered){copy + i * n_genes, n_genes};
    if (st == ASX_OK)
        qsort(order, n, sizeof *order, by_formats);
    for (size_t i = 0; st == ASX_OK && i < n; i++)
        memcpy(point + i * n_genes, order[i].gene, n_genes * sizeof *point);
    free(order);
    free(copy);
    return st;
}

/* The points of designs, sorted; `*n` counts those that have one. */
static asx_status encode(asx_gene *point, size_t *n, const workbench *w, const char *const *text,
                         size_t n_texts, asx_error *err)
{
    const size_t n_genes = asx_space_n_genes(w->space);
    asx_status st = ASX_OK;
    *n = 0;
    for (size_t i = 0; st == ASX_OK && i < n_texts; i++) {
        asx_design design = {0};
        st = asx_design_parse(&design, text[i], workbench_workload(w), err);
        if (st == ASX_OK &&
            asx_space_encode(point + *n * n_genes, w->space, &design, NULL) == ASX_OK)
            ++*n;
        asx_design_fini(&design);
    }
    return st == ASX_OK && *n > 1 ? sort_points(point, *n, n_genes, err) : st;
}

asx_status stage_measure_designs(size_t *done, exploration *x, const char *label,
                                 workbench_subset subset, const char *const *design, size_t n,
                                 asx_error *err)
{
    exploration_desk desk = {0};
    asx_search_outcome outcome = {0};
    asx_gene *point = asx_array_new(n, asx_space_n_genes(x->w->space) * sizeof *point);
    if (!point)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", n);
    asx_status st = workbench_need_measure(x->w, subset, err);
    if (st == ASX_OK)
        st = exploration_desk_init(&desk, x, ASX_TIER_MEASURED, subset, err);
    asx_search config = exploration_search(x, &desk);
    config.searcher = &asx_searcher_list;
    config.start = point;
    if (st == ASX_OK)
        st = encode(point, &config.n_start, x->w, design, n, err);
    config.budget = config.n_start;
    if (st == ASX_OK)
        st = watch_stage(&x->watch, label, config.n_start, err);
    if (st == ASX_OK && config.n_start > 0)
        st = asx_search_run(&outcome, &config, err);
    progress_end(&x->watch.line);
    if (st == ASX_OK)
        *done += outcome.progress.evaluated + outcome.progress.recalled;
    asx_search_outcome_fini(&outcome);
    exploration_desk_fini(&desk);
    free(point);
    return st;
}

/* What the proxy predicted of a design, and what measuring it found. */
static asx_status look_up(double *predicted, double *measured, bool *found, exploration *x,
                          const char *text, asx_error *err)
{
    const asx_store_inputs inputs = exploration_inputs(x->w, ASX_TIER_MEASURED, SUBSET_SELECT);
    asx_accuracy proxy = {0}, accuracy = {0};
    asx_design design = {0};
    asx_text formats = {0};
    asx_status st = asx_design_parse(&design, text, workbench_workload(x->w), err);
    if (st == ASX_OK)
        st = asx_proxy_design(&proxy, x->w->proxy, &design, err);
    if (st == ASX_OK) {
        asx_design_print_formats(&formats, &design, workbench_workload(x->w));
        st = formats.failed
                 ? asx_fail(err, ASX_ENOMEM, "no memory for a design's text")
                 : asx_store_find_accuracy(&accuracy, found, x->store, formats.s, &inputs, err);
    }
    *predicted = proxy.drop;
    *measured = accuracy.drop;
    asx_text_fini(&formats);
    asx_design_fini(&design);
    return st;
}

/* Tells where the designs of the front show that the proxy is off. Those that it makes too little
 * of are the first to come to the front, so this is about the front, not about all designs. */
static asx_status tell_where_off(exploration *x, const char *const *design, size_t n,
                                 asx_error *err)
{
    double *drop = asx_array_new(2 * n + 1, sizeof *drop);
    asx_text text = {0};
    additivity a = {0};
    size_t known = 0;
    asx_status st = drop ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", n);
    for (size_t i = 0; st == ASX_OK && i < n; i++) {
        bool found = false;
        st = look_up(&drop[known], &drop[n + known], &found, x, design[i], err);
        known += found;
    }
    if (st == ASX_OK)
        st = additivity_find(&a, drop, drop + n, known, err);
    if (st == ASX_OK)
        additivity_say(&text, &a);
    if (text.n && !text.failed)
        fprintf(stderr, "asx: on the front the proxy %s: go by measured drops there\n", text.s);
    asx_text_fini(&text);
    free(drop);
    return st;
}

/* Up to `max` designs spread evenly along the front. */
static asx_status measure_front(size_t *done, exploration *x, const front *f,
                                workbench_subset subset, size_t max, asx_error *err)
{
    const size_t n = f->n < max ? f->n : max;
    const char **design = asx_array_new(n + 1, sizeof(const char *));
    if (!design)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", n);
    for (size_t i = 0; i < n; i++)
        design[i] = f->rows.row[f->index[n > 1 ? i * (f->n - 1) / (n - 1) : 0]].design;
    asx_status st = stage_measure_designs(done, x, "measuring the front", subset, design, n, err);
    /* a proxy that rounds have taught has seen them, which proves nothing */
    if (st == ASX_OK && subset == SUBSET_SELECT && x->w->proxy && !x->w->campaign->rounds)
        st = tell_where_off(x, design, n, err);
    free(design);
    return st;
}

asx_status stage_measure(explore_result *result, exploration *x, asx_error *err)
{
    const campaign *c = x->w->campaign;
    /* of that tier, so that what was trained since does not change what is measured */
    const front_options options = {
        .id = x->campaign, .tier = asx_tier_text(c->search_tier), .few = true};
    front f = {0};
    if (c->measured == 0)
        return ASX_OK;
    asx_status st = front_load(&f, x->store, &options, err);
    if (st == ASX_OK && c->search_tier == ASX_TIER_PROXY)
        st = measure_front(&result->measured, x, &f, SUBSET_SELECT, c->measured, err);
    if (st == ASX_OK && x->w->has_subset[SUBSET_REPORT])
        st = measure_front(&result->reported, x, &f, SUBSET_REPORT, c->measured, err);
    front_fini(&f);
    return st;
}
