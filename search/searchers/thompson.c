/* A searcher that works on a model: every objective as a Bayesian linear model of the traits of the formats that layers
 * have (traits.h). For each design to ask for, the model's weights are drawn from what is still possible after all that
 * was told (Thompson sampling: Thompson, Biometrika 25, 1933; on linear models Agrawal and Goyal, ICML 2013), and the
 * design is computed that is best along a direction drawn with them: the sum is least where every gene is, so no list of
 * candidates is needed. Drops are fitted as asinh(drop): evenly where little is lost, in logarithms where much is. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_blas.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_linalg.h>

#include "dse/memory.h"
#include "known.h"
#include "neighbours.h"
#include "searchers.h"
#include "traits.h"

enum { ATTEMPTS = 16 };

typedef struct thompson {
    const asx_space *space;
    uint64_t seed, n_thrown; /* streams of dice */
    asx_known known;
    asx_neighbours neighbours;
    double *trait;                   /* [formats][ASX_TRAITS] */
    size_t used[ASX_TRAITS], n_used; /* traits in which formats differ */
    size_t n_placements, n_features;
    bool is_drop[ASX_PARETO_DIMS_MAX];
    double limit[ASX_PARETO_DIMS_MAX]; /* of the objectives, as they are fitted */
    gsl_matrix *sum;  /* [features][features] of products of features, over all told */
    gsl_matrix *root; /* its Cholesky factor, with the ridge */
    /* of all told: sum of the products of features and a value; of its squares; least and largest */
    gsl_vector *with[ASX_PARETO_DIMS_MAX];
    double square[ASX_PARETO_DIMS_MAX], low[ASX_PARETO_DIMS_MAX], high[ASX_PARETO_DIMS_MAX];
    gsl_vector *mean[ASX_PARETO_DIMS_MAX], *drawn[ASX_PARETO_DIMS_MAX]; /* weights */
    double noise[ASX_PARETO_DIMS_MAX];
    gsl_vector *feature, *work;
    double ridge;
    size_t n_first;
    size_t *brood; /* [size] designs asked for together */
    size_t size, n_brood, n_asked, n_told;
    asx_gene *point; /* [n_genes] */
} thompson;

static const asx_param_spec params[] = {
    {"first", true, 50, 2, 100000, "designs", "by lot, before there is a model"},
    {"batch", true, 10, 1, 100000, "designs", "asked for before the model is made anew"},
    {"ridge", false, 0.1, 1e-3, 1e9, "", "how much weights are pulled to 0, in designs"},
    {0},
};

/* ---- features: 1, which placement, then the traits of every gene's format ---- */

static size_t first_of(const thompson *s, size_t gene)
{
    return 1 + s->n_placements + (gene - 1) * s->n_used;
}

static void describe(gsl_vector *out, const thompson *s, const asx_gene *point)
{
    gsl_vector_set_zero(out);
    gsl_vector_set(out, 0, 1);
    gsl_vector_set(out, 1 + (size_t)point[0], 1);
    for (size_t g = 1; g < s->known.n_genes; g++)
        for (size_t k = 0; k < s->n_used; k++)
            gsl_vector_set(out, first_of(s, g) + k,
                           s->trait[(size_t)point[g] * ASX_TRAITS + s->used[k]]);
}

static double fitted_value(const thompson *s, size_t j, double value)
{
    return s->is_drop[j] ? asinh(value) : value;
}

/* ---- making and breaking ---- */

static asx_status make_arrays(thompson *s, asx_error *err)
{
    const size_t n = s->n_features;
    s->brood = asx_array_new(s->size, sizeof *s->brood);
    s->point = asx_array_new(s->known.n_genes, sizeof *s->point);
    s->sum = gsl_matrix_calloc(n, n);
    s->root = gsl_matrix_calloc(n, n);
    s->feature = gsl_vector_calloc(n);
    s->work = gsl_vector_calloc(n);
    bool ok = s->brood && s->point && s->sum && s->root && s->feature && s->work;
    for (size_t j = 0; j < s->known.d; j++) {
        s->with[j] = gsl_vector_calloc(n);
        s->mean[j] = gsl_vector_calloc(n);
        s->drawn[j] = gsl_vector_calloc(n);
        ok = ok && s->with[j] && s->mean[j] && s->drawn[j];
        s->low[j] = INFINITY;
        s->high[j] = -INFINITY;
    }
    return ok ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for a model of %zu features", n);
}

static void find_used(thompson *s, size_t n_formats)
{
    for (size_t k = 0; k < ASX_TRAITS; k++)
        for (size_t i = 0; i < n_formats; i++)
            if (s->trait[i * ASX_TRAITS + k] > 0) {
                s->used[s->n_used++] = k;
                break;
            }
}

static asx_status init(void *state, const asx_searcher_setup *setup, asx_error *err)
{
    thompson *s = state;
    size_t n_formats = 0;
    s->space = setup->space;
    s->seed = setup->seed;
    asx_known_init(&s->known, setup);
    s->n_first = (size_t)asx_params_get(setup->params, "first");
    s->size = (size_t)asx_params_get(setup->params, "batch");
    s->ridge = asx_params_get(setup->params, "ridge");
    for (size_t j = 0; j < s->known.d; j++) {
        s->is_drop[j] = setup->objective && setup->objective[j] == ASX_DROP;
        s->limit[j] = setup->objective ? setup->limits.max[setup->objective[j]] : INFINITY;
    }
    asx_status status = asx_traits_new(&s->trait, setup->space, err);
    if (status == ASX_OK)
        status = asx_neighbours_init(&s->neighbours, setup->space, err);
    if (status != ASX_OK)
        return status;
    (void)asx_space_formats(setup->space, &n_formats);
    find_used(s, n_formats);
    s->n_placements = asx_space_choices(setup->space, 0);
    s->n_features = first_of(s, s->known.n_genes);
    return make_arrays(s, err);
}

static void fini(void *state)
{
    thompson *s = state;
    for (size_t j = 0; j < s->known.d; j++) {
        gsl_vector_free(s->with[j]);
        gsl_vector_free(s->mean[j]);
        gsl_vector_free(s->drawn[j]);
    }
    gsl_matrix_free(s->sum);
    gsl_matrix_free(s->root);
    gsl_vector_free(s->feature);
    gsl_vector_free(s->work);
    asx_known_fini(&s->known);
    asx_neighbours_fini(&s->neighbours);
    free(s->trait);
    free(s->brood);
    free(s->point);
}

/* ---- the model ---- */

static void learn(thompson *s, const asx_gene *point, const double *objective)
{
    describe(s->feature, s, point);
    gsl_blas_dsyr(CblasLower, 1, s->feature, s->sum);
    for (size_t j = 0; j < s->known.d; j++) {
        const double y = fitted_value(s, j, objective[j]);
        gsl_blas_daxpy(y, s->feature, s->with[j]);
        s->square[j] += y * y;
        s->low[j] = fmin(s->low[j], y);
        s->high[j] = fmax(s->high[j], y);
    }
}

static double extent(const thompson *s, size_t j)
{
    return s->high[j] > s->low[j] ? s->high[j] - s->low[j] : 1;
}

/* Mean of the weights, and noise, of an objective scaled to [0, 1]. */
static void fit_objective(thompson *s, size_t j)
{
    const double n = (double)s->known.n_told, unit = extent(s, j), low = s->low[j];
    double all, explained, total;
    /* products with the scaled value: those with 1 stand in the first column */
    gsl_vector_const_view ones = gsl_matrix_const_column(s->sum, 0);
    gsl_vector_memcpy(s->work, s->with[j]);
    gsl_blas_daxpy(-low, &ones.vector, s->work);
    gsl_vector_scale(s->work, 1 / unit);
    gsl_vector_memcpy(s->mean[j], s->work);
    gsl_linalg_cholesky_svx(s->root, s->mean[j]);
    all = gsl_vector_get(s->with[j], 0);
    total = (s->square[j] - 2 * low * all + n * low * low) / (unit * unit);
    gsl_blas_ddot(s->mean[j], s->work, &explained);
    s->noise[j] = sqrt(fmax(total - explained, 0) / n + 1e-12);
}

/* The lower triangle is what all functions here look at. */
static asx_status fit(thompson *s, asx_error *err)
{
    gsl_matrix_memcpy(s->root, s->sum);
    for (size_t i = 0; i < s->n_features; i++)
        *gsl_matrix_ptr(s->root, i, i) += s->ridge;
    if (gsl_linalg_cholesky_decomp1(s->root) != 0)
        return asx_fail(err, ASX_EINVAL, "thompson: the model of %zu features has no solution",
                        s->n_features);
    for (size_t j = 0; j < s->known.d; j++)
        fit_objective(s, j);
    return ASX_OK;
}

/* Weights that are as probable as what was told leaves them. */
static void draw_weights(thompson *s, asx_dice *dice)
{
    for (size_t j = 0; j < s->known.d; j++) {
        for (size_t i = 0; i < s->n_features; i++) {
            const double roll = asx_dice_roll(dice);
            gsl_vector_set(s->drawn[j], i, gsl_cdf_ugaussian_Pinv(roll > 0 ? roll : 0x1p-54));
        }
        gsl_blas_dtrsv(CblasLower, CblasTrans, CblasNonUnit, s->root, s->drawn[j]);
        gsl_vector_scale(s->drawn[j], s->noise[j]);
        gsl_vector_add(s->drawn[j], s->mean[j]);
    }
}

/* What a value of a gene adds to the sum along a direction. */
static double share(const thompson *s, size_t gene, size_t value, const double *weight)
{
    double sum = 0;
    for (size_t j = 0; j < s->known.d; j++) {
        double part = 0;
        if (gene == 0)
            part = gsl_vector_get(s->drawn[j], 1 + value);
        for (size_t k = 0; gene > 0 && k < s->n_used; k++)
            part += gsl_vector_get(s->drawn[j], first_of(s, gene) + k) *
                    s->trait[value * ASX_TRAITS + s->used[k]];
        sum += weight[j] * part;
    }
    return sum;
}

static void minimise(thompson *s, const double *weight)
{
    for (size_t g = 0; g < s->known.n_genes; g++) {
        double least = INFINITY;
        for (size_t i = 0; i < asx_space_choices(s->space, g); i++) {
            const double sum = share(s, g, i, weight);
            if (sum < least) {
                least = sum;
                s->point[g] = (asx_gene)i;
            }
        }
    }
}

/* Turns a direction away from what would break the limits, as the drawn weights see it. @return whether it did */
static bool turn(thompson *s, double *weight)
{
    bool turned = false;
    describe(s->feature, s, s->point);
    for (size_t j = 0; j < s->known.d; j++) {
        double y;
        gsl_blas_ddot(s->drawn[j], s->feature, &y);
        if (!(s->low[j] + y * extent(s, j) > fitted_value(s, j, s->limit[j])))
            continue;
        weight[j] = 2 * weight[j] + 0.01;
        turned = true;
    }
    return turned;
}

/* ---- designs to ask for ---- */

/* Another format in one layer of the design. */
static asx_status disturb(thompson *s, asx_dice *dice, asx_error *err)
{
    const asx_gene *near = NULL;
    size_t n = 0;
    const size_t g = asx_dice_below(dice, s->known.n_genes);
    const asx_status status =
        g > 0 ? asx_neighbours_find(&near, &n, &s->neighbours, s->point[g], err) : ASX_OK;
    if (status == ASX_OK)
        s->point[g] = n > 0 ? near[asx_dice_below(dice, n)]
                            : (asx_gene)asx_dice_below(dice, asx_space_choices(s->space, g));
    return status;
}

/* What the model would like to know; where that is known, something near it, or by lot. */
static asx_status propose(thompson *s, size_t *number, bool *added, asx_error *err)
{
    enum { TURNS = 12 };
    double weight[ASX_PARETO_DIMS_MAX];
    asx_dice dice = {s->seed, ++s->n_thrown, 0};
    asx_status status = ASX_OK;
    *added = false;
    if (s->known.n_told < s->n_first)
        return asx_known_draw(&s->known, number, added, err);
    asx_known_direct(weight, s->known.d, &dice);
    draw_weights(s, &dice);
    minimise(s, weight);
    for (int i = 0; i < TURNS && turn(s, weight); i++)
        minimise(s, weight);
    for (int i = 0; status == ASX_OK && !*added && i < ATTEMPTS; i++) {
        if (i > 0)
            status = disturb(s, &dice, err);
        if (status == ASX_OK)
            status = asx_known_add(&s->known, s->point, number, added, err);
    }
    return status == ASX_OK && !*added ? asx_known_draw(&s->known, number, added, err) : status;
}

static asx_status next_brood(thompson *s, asx_error *err)
{
    bool added = true;
    s->n_brood = s->n_asked = s->n_told = 0;
    asx_status status = s->known.n_told < s->n_first ? ASX_OK : fit(s, err);
    while (status == ASX_OK && added && s->n_brood < s->size) {
        status = propose(s, &s->brood[s->n_brood], &added, err);
        s->n_brood += status == ASX_OK && added;
    }
    return status;
}

static asx_status ask(void *state, size_t max, asx_gene *point, size_t *n, asx_error *err)
{
    thompson *s = state;
    asx_status status = s->n_asked == s->n_brood ? next_brood(s, err) : ASX_OK;
    const size_t left = s->n_brood - s->n_asked, count = left < max ? left : max;
    for (size_t i = 0; status == ASX_OK && i < count; i++, s->n_asked++)
        memcpy(point + i * s->known.n_genes, asx_known_point(&s->known, s->brood[s->n_asked]),
               s->known.n_genes * sizeof *point);
    *n = count;
    return status;
}

static asx_status tell(void *state, size_t n, const asx_gene *point, const double *objective,
                       const double *violation, asx_error *err)
{
    (void)err;
    thompson *s = state;
    for (size_t i = 0; i < n; i++, s->n_told++) {
        const double *o = objective + i * s->known.d;
        asx_known_tell(&s->known, s->brood[s->n_told], o, violation[i]);
        learn(s, point + i * s->known.n_genes, o);
    }
    return ASX_OK;
}

const asx_searcher_type asx_searcher_thompson = {
    .name = "thompson",
    .summary =
        "a Bayesian linear model of formats' traits, drawn anew for every design it proposes",
    .params = params,
    .state_size = sizeof(thompson),
    .init = init,
    .ask = ask,
    .tell = tell,
    .fini = fini,
};
