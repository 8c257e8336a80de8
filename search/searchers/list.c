/* The setup's points to begin with, and nothing else: for callers who know what they want
 * evaluated. Users cannot name it, so it is not in the registry. */
#include <string.h>

#include "search/searcher.h"

typedef struct list {
    const asx_gene *start;
    size_t n, next, n_genes;
} list;

static asx_status init(void *state, const asx_searcher_setup *setup, asx_error *err)
{
    (void)err;
    list *l = state;
    l->start = setup->start;
    l->n = setup->n_start;
    l->n_genes = asx_space_n_genes(setup->space);
    return ASX_OK;
}

static asx_status ask(void *state, size_t max, asx_gene *point, size_t *n, asx_error *err)
{
    (void)err;
    list *l = state;
    *n = l->n - l->next < max ? l->n - l->next : max;
    if (*n)
        memcpy(point, l->start + l->next * l->n_genes, *n * l->n_genes * sizeof *point);
    l->next += *n;
    return ASX_OK;
}

static asx_status tell(void *state, size_t n, const asx_gene *point, const double *objective,
                       const double *violation, asx_error *err)
{
    (void)state, (void)n, (void)point, (void)objective, (void)violation, (void)err;
    return ASX_OK;
}

static void fini(void *state)
{
    (void)state;
}

const asx_searcher_type asx_searcher_list = {.name = "list",
                                             .summary = "the designs it is given, in their order",
                                             .state_size = sizeof(list),
                                             .init = init,
                                             .ask = ask,
                                             .tell = tell,
                                             .fini = fini};
