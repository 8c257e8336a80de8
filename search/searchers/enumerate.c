/* The whole space in order. */
#include <stdlib.h>

#include "searchers.h"

typedef struct enumeration {
    const asx_space *space;
    uint64_t next, size;
} enumeration;

static const asx_param_spec params[] = {
    {"max", true, 1e7, 1, 4e9, "designs", "refuse larger spaces"},
    {0},
};

static asx_status init(void *state, const asx_searcher_setup *setup, asx_error *err)
{
    enumeration *e = state;
    double most = asx_params_get(setup->params, "max");
    e->space = setup->space;
    e->size = asx_space_size(setup->space);
    if ((double)e->size <= most)
        return ASX_OK;
    char *size = NULL;
    asx_status status = asx_space_size_text(&size, setup->space, err);
    if (status == ASX_OK)
        status =
            asx_fail(err, ASX_EINVAL,
                     "enumerate: the space has %s designs, more than the %.0f that 'max' allows",
                     size, most);
    free(size);
    return status;
}

static asx_status ask(void *state, size_t max, asx_gene *point, size_t *n, asx_error *err)
{
    (void)err;
    enumeration *e = state;
    size_t n_genes = asx_space_n_genes(e->space), count = 0;
    for (; count < max && e->next < e->size; count++)
        asx_space_at(point + count * n_genes, e->space, e->next++);
    *n = count;
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

const asx_searcher_type asx_searcher_enumerate = {
    .name = "enumerate",
    .summary = "every design of the space, in order",
    .params = params,
    .state_size = sizeof(enumeration),
    .init = init,
    .ask = ask,
    .tell = tell,
    .fini = fini,
};
