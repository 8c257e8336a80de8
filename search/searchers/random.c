/* Uniform sampling without repetition. */
#include "sampler.h"
#include "searchers.h"

typedef struct sampling {
    asx_sampler sampler;
    uint64_t next;
} sampling;

static asx_status init(void *state, const asx_searcher_setup *setup, asx_error *err)
{
    (void)err;
    sampling *s = state;
    asx_sampler_init(&s->sampler, setup->space, setup->seed);
    return ASX_OK;
}

static asx_status ask(void *state, size_t max, asx_gene *point, size_t *n, asx_error *err)
{
    (void)err;
    sampling *s = state;
    size_t n_genes = asx_space_n_genes(s->sampler.space), count = 0;
    while (count < max && asx_sampler_point(point + count * n_genes, &s->sampler, s->next)) {
        count++;
        s->next++;
    }
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

const asx_searcher_type asx_searcher_random = {
    .name = "random",
    .summary = "designs in random order, none twice",
    .state_size = sizeof(sampling),
    .init = init,
    .ask = ask,
    .tell = tell,
    .fini = fini,
};
