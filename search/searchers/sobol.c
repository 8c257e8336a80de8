/* Quasi-random sampling: Sobol's sequence (Antonov and Saleev, 1979; GSL), moved by a random shift
 * per gene that the seed gives (Cranley and Patterson, SIAM J. Numer. Anal. 13, 1976). Genes beyond
 * the sequence's 40 dimensions are random. Points that came before are passed over; when only few
 * are left, a random order finishes the space. */
#include <gsl/gsl_qrng.h>
#include <math.h>

#include "dse/seed.h"
#include "point_set.h"
#include "sampler.h"
#include "searchers.h"

enum { DIMENSIONS_MAX = 40, ATTEMPTS = 64, SHIFT = 0x736f };

typedef struct sobol {
    const asx_space *space;
    uint64_t seed, next, next_rest;
    size_t n_genes;
    gsl_qrng *sequence;
    asx_sampler rest;
    asx_point_set seen;
} sobol;

static asx_status init(void *state, const asx_searcher_setup *setup, asx_error *err)
{
    sobol *s = state;
    s->space = setup->space;
    s->seed = setup->seed;
    s->n_genes = asx_space_n_genes(setup->space);
    asx_sampler_init(&s->rest, setup->space, setup->seed);
    asx_point_set_init(&s->seen, s->n_genes);
    size_t n = s->n_genes < DIMENSIONS_MAX ? s->n_genes : DIMENSIONS_MAX;
    s->sequence = gsl_qrng_alloc(gsl_qrng_sobol, (unsigned)n);
    return s->sequence ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for a Sobol sequence");
}

static void draw(asx_gene *point, sobol *s)
{
    double x[DIMENSIONS_MAX];
    gsl_qrng_get(s->sequence, x);
    for (size_t g = 0; g < s->n_genes; g++) {
        double u = asx_seed_uniform(s->seed, SHIFT, g);
        u = g < DIMENSIONS_MAX ? fmod(x[g] + u, 1) : asx_seed_uniform(s->seed, g, s->next);
        size_t n = asx_space_choices(s->space, g), value = (size_t)(u * (double)n);
        point[g] = (asx_gene)(value < n ? value : n - 1);
    }
    s->next++;
}

static asx_status ask(void *state, size_t max, asx_gene *point, size_t *n, asx_error *err)
{
    sobol *s = state;
    bool added = true, ok = true;
    size_t count = 0;
    for (; ok && added && count < max; count += added) {
        asx_gene *p = point + count * s->n_genes;
        added = false;
        for (int i = 0; ok && !added && i < ATTEMPTS; i++) {
            draw(p, s);
            ok = asx_point_set_add(&s->seen, p, &added);
        }
        while (ok && !added && asx_sampler_point(p, &s->rest, s->next_rest)) {
            s->next_rest++;
            ok = asx_point_set_add(&s->seen, p, &added);
        }
    }
    if (!ok)
        return asx_fail(err, ASX_ENOMEM, "no memory for a Sobol sequence");
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
    sobol *s = state;
    if (s->sequence)
        gsl_qrng_free(s->sequence);
    asx_point_set_fini(&s->seen);
}

const asx_searcher_type asx_searcher_sobol = {
    .name = "sobol",
    .summary = "designs spread evenly over the space, none twice",
    .state_size = sizeof(sobol),
    .init = init,
    .ask = ask,
    .tell = tell,
    .fini = fini,
};
