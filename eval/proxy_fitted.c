/* Damage fitted to whole designs: the table of "scaled", every layer's row multiplied so that
 *
 *   a + b log sum over l of exp(t_l) damage[l][f_l]  ~  log divergence(design)
 *
 * in least squares over designs drawn by lot, half of each kind, measured on calibration images
 * without their labels. A pull towards t = 0 keeps what the designs do not tell. It is damage in
 * company that counts: what a layer does when it alone is damaged, the probes of "scaled" say. */
#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_multimin.h>

#include "divergence.h"
#include "dse/memory.h"
#include "proxy_scaled.h"

enum { N_DESIGNS = 128 };
static const uint64_t FIT_SEED = 0x666974; /* not the seed of those who judge */
static const double PULL = 0.5;            /* weight of t_l^2 beside a design's squared error */

/* Damage of the layers of every design, and what came of it. */
typedef struct problem {
    size_t n_layers, n_designs;
    double *damage;     /* [n_designs][n_layers] */
    double *divergence; /* log */
} problem;

static void both(const gsl_vector *t, void *params, double *value, gsl_vector *gradient)
{
    const problem *p = params;
    const double a = gsl_vector_get(t, p->n_layers), b = gsl_vector_get(t, p->n_layers + 1);
    double sum = 0;
    if (gradient)
        gsl_vector_set_zero(gradient);
    for (size_t l = 0; l < p->n_layers; l++) {
        const double x = gsl_vector_get(t, l);
        sum += PULL * x * x;
        if (gradient)
            gsl_vector_set(gradient, l, 2 * PULL * x);
    }
    for (size_t i = 0; i < p->n_designs; i++) {
        const double *d = p->damage + i * p->n_layers;
        double total = 1e-12;
        for (size_t l = 0; l < p->n_layers; l++)
            total += exp(gsl_vector_get(t, l)) * d[l];
        const double r = a + b * log(total) - p->divergence[i];
        sum += r * r;
        if (gradient) {
            *gsl_vector_ptr(gradient, p->n_layers) += 2 * r;
            *gsl_vector_ptr(gradient, p->n_layers + 1) += 2 * r * log(total);
        }
        for (size_t l = 0; gradient && l < p->n_layers; l++)
            *gsl_vector_ptr(gradient, l) += 2 * r * b * exp(gsl_vector_get(t, l)) * d[l] / total;
    }
    *value = sum;
}

static double only_value(const gsl_vector *t, void *params)
{
    double value;
    both(t, params, &value, NULL);
    return value;
}

static void only_gradient(const gsl_vector *t, void *params, gsl_vector *gradient)
{
    double value;
    both(t, params, &value, gradient);
}

static void value_and_gradient(const gsl_vector *t, void *params, double *value,
                               gsl_vector *gradient)
{
    both(t, params, value, gradient);
}

/* @param factor [n_layers] exp(t) */
static asx_status minimise(double *factor, problem *p, asx_error *err)
{
    gsl_multimin_function_fdf f = {only_value, only_gradient, value_and_gradient, p->n_layers + 2,
                                   p};
    gsl_vector *t = gsl_vector_calloc(p->n_layers + 2);
    gsl_multimin_fdfminimizer *m =
        gsl_multimin_fdfminimizer_alloc(gsl_multimin_fdfminimizer_vector_bfgs2, p->n_layers + 2);
    asx_status status = ASX_OK;
    if (!t || !m) {
        status = asx_fail(err, ASX_ENOMEM, "fit of the proxy: out of memory");
    } else {
        gsl_vector_set(t, p->n_layers + 1, 1);
        gsl_multimin_fdfminimizer_set(m, &f, t, 0.1, 0.1);
        for (int i = 0; i < 200 && !gsl_multimin_fdfminimizer_iterate(m); i++)
            if (gsl_multimin_test_gradient(m->gradient, 1e-4) == 0)
                break;
        for (size_t l = 0; l < p->n_layers; l++)
            factor[l] = exp(gsl_vector_get(gsl_multimin_fdfminimizer_x(m), l));
    }
    gsl_multimin_fdfminimizer_free(m);
    gsl_vector_free(t);
    return status;
}

static asx_status draw_designs(asx_design *design, problem *p, const asx_damage_job *job,
                               asx_error *err)
{
    asx_draw_table table = {0};
    size_t *format = asx_array_new(p->n_layers, sizeof *format);
    asx_status status = format ? ASX_OK : asx_fail(err, ASX_ENOMEM, "designs: out of memory");
    if (!status)
        status = asx_draw_table_init(&table, job->damage, p->n_layers, job->n_formats, err);
    for (size_t i = 0; !status && i < p->n_designs; i++) {
        status = asx_design_init(&design[i], p->n_layers, err);
        if (status)
            break;
        asx_draw(format, &table, i % 2 ? ASX_DRAW_MIXED : ASX_DRAW_SPREAD, FIT_SEED, i);
        for (size_t l = 0; l < p->n_layers; l++) {
            design[i].format[l] = job->format[format[l]];
            p->damage[i * p->n_layers + l] = job->damage[l * job->n_formats + format[l]];
        }
    }
    asx_draw_table_fini(&table);
    free(format);
    return status;
}

static asx_status fit(double *factor, const asx_damage_job *job, asx_error *err)
{
    problem p = {.n_layers = asx_calibration_network(job->calibration)->work.n_layers,
                 .n_designs = N_DESIGNS};
    asx_design plain = {0};
    asx_design *design = asx_array_new(p.n_designs, sizeof *design);
    p.damage = asx_array_new(p.n_designs * p.n_layers, sizeof *p.damage);
    p.divergence = asx_array_new(p.n_designs, sizeof *p.divergence);
    asx_status status = ASX_OK;
    if (!design || !p.damage || !p.divergence)
        status = asx_fail(err, ASX_ENOMEM, "fit of the proxy: out of memory");
    if (!status)
        status = draw_designs(design, &p, job, err);
    if (!status)
        status = asx_plain_design(&plain, p.n_layers, err);
    if (!status)
        status = asx_divergence(p.divergence, job->calibration, job->data, job->images, &plain,
                                design, p.n_designs, err);
    for (size_t i = 0; i < p.n_designs && !status; i++)
        p.divergence[i] = log(fmax(p.divergence[i], 1e-6));
    if (!status)
        status = minimise(factor, &p, err);
    for (size_t i = 0; design && i < p.n_designs; i++)
        asx_design_fini(&design[i]);
    asx_design_fini(&plain);
    free(design);
    free(p.damage);
    free(p.divergence);
    return status;
}

static asx_status fill(const asx_damage_job *job, asx_error *err)
{
    const size_t n_layers = asx_calibration_network(job->calibration)->work.n_layers;
    double *factor = asx_array_new(n_layers, sizeof *factor);
    asx_status status = factor ? ASX_OK : asx_fail(err, ASX_ENOMEM, "factors: out of memory");
    if (!status)
        status = asx_damage_fill_scaled(job, err);
    if (!status)
        status = fit(factor, job, err);
    for (size_t l = 0; !status && l < n_layers; l++)
        for (size_t f = 0; f < job->n_formats; f++)
            job->damage[l * job->n_formats + f] *= factor[l];
    free(factor);
    return status;
}

const asx_proxy_type asx_proxy_fitted = {
    "fitted", "as scaled, the layers' factors fitted to designs run on calibration images",
    fill};
