/* Calibrates the surrogate, from damage to points: a monotone curve through a handful of measured
 * designs,
 *
 *   drop(D) = ceiling (1 - exp(-(D / knee)^power))
 *
 * which is a power law where damage is small and saturates where nothing but chance is left. Knee
 * and power are those of least squares, found in their logarithms with GSL's simplex. */
#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_multimin.h>

#include "dse/memory.h"
#include "dse/seed.h"
#include "proxy_type.h"

enum { N_MEASURED = 10, N_MIXED = 64, N_UNIFORM_MAX = 4096 };

static const double LEVELS = 1e4; /* of damage, from the least to the largest that is measured */

/* A design that might be measured: every layer in format a or b, by lot. */
typedef struct candidate {
    size_t a, b, number;
    double damage;
    bool taken;
} candidate;

static size_t format_of(const candidate *c, uint64_t seed, size_t layer)
{
    return asx_seed_below(seed, c->number, 2 + layer, 2) ? c->b : c->a;
}

/* Uniform designs, evenly picked if there are very many, and mixtures of two formats. @param number [n_layers] workspace */
static size_t make_candidates(candidate *out, uint16_t *number, const asx_proxy *p, uint64_t seed)
{
    const size_t step = p->n_formats / N_UNIFORM_MAX + 1;
    size_t n = 0;
    for (size_t f = 0; f < p->n_formats; f += step, n++)
        out[n] = (candidate){.a = f, .b = f, .number = n};
    for (size_t i = 0; i < N_MIXED; i++, n++)
        out[n] = (candidate){.a = (size_t)asx_seed_below(seed, n, 0, p->n_formats),
                             .b = (size_t)asx_seed_below(seed, n, 1, p->n_formats),
                             .number = n};
    for (size_t i = 0; i < n; i++) {
        for (size_t l = 0; l < p->n_layers; l++)
            number[l] = (uint16_t)format_of(&out[i], seed, l);
        asx_proxy_score(&out[i].damage, p, number, 1);
    }
    return n;
}

/* Damages span many decades, and none at all is possible. */
static double level(double damage)
{
    return log(fmax(damage, 1e-12));
}

/* The free candidate whose damage is nearest to a level. */
static candidate *nearest(candidate *c, size_t n, double want)
{
    candidate *best = NULL;
    for (size_t i = 0; i < n; i++)
        if (!c[i].taken &&
            (!best || fabs(level(c[i].damage) - want) < fabs(level(best->damage) - want)))
            best = &c[i];
    return best;
}

typedef struct point {
    double damage, drop;
} point;

static asx_status measure_candidate(point *out, const candidate *c, const asx_proxy *p,
                                    const asx_measure *measure, uint64_t seed, asx_error *err)
{
    asx_design design;
    asx_accuracy accuracy;
    asx_status status = asx_design_init(&design, p->n_layers, err);
    if (status != ASX_OK)
        return status;
    for (size_t l = 0; l < p->n_layers; l++)
        design.format[l] = p->format[format_of(c, seed, l)];
    status = asx_measure_design(&accuracy, measure, &design, err);
    asx_design_fini(&design);
    if (status == ASX_OK)
        *out = (point){c->damage, accuracy.drop};
    return status;
}

static asx_status measure_points(point *out, size_t *n, const asx_proxy *p,
                                 const asx_measure *measure, uint64_t seed, asx_error *err)
{
    candidate *c = asx_array_new(N_UNIFORM_MAX + N_MIXED + 1, sizeof *c);
    uint16_t *number = asx_array_new(p->n_layers, sizeof *number);
    if (!c || !number) {
        free(c);
        free(number);
        return asx_fail(err, ASX_ENOMEM, "no memory for designs to fit the proxy to");
    }
    const size_t n_candidates = make_candidates(c, number, p, seed);
    free(number);
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < n_candidates; i++) {
        low = fmin(low, level(c[i].damage));
        high = fmax(high, level(c[i].damage));
    }
    if (p->type->crosses) /* plain layers shift nothing: their designs have no level */
        low = fmax(low, high - log(LEVELS));
    asx_status status = ASX_OK;
    for (*n = 0; status == ASX_OK && *n < N_MEASURED; ++*n) {
        candidate *next =
            nearest(c, n_candidates, low + (high - low) * (double)*n / (N_MEASURED - 1));
        next->taken = true;
        status = asx_calibration_go_on(asx_measure_calibration(measure), err);
        if (status == ASX_OK)
            status = measure_candidate(&out[*n], next, p, measure, seed, err);
    }
    free(c);
    return status;
}

/* What the simplex sees. */
typedef struct fit {
    const point *point;
    size_t n;
    double ceiling;
} fit;

static double squares(const gsl_vector *x, void *params)
{
    const fit *f = params;
    const double knee = exp(gsl_vector_get(x, 0)), power = exp(gsl_vector_get(x, 1));
    double sum = 0;
    for (size_t i = 0; i < f->n; i++) {
        const double d = f->point[i].damage;
        const double r = f->point[i].drop + f->ceiling * expm1(-pow(d / knee, power));
        sum += r * r;
    }
    return isfinite(sum) ? sum : 1e300;
}

static asx_status minimise(gsl_vector *x, fit *f, double *sum, asx_error *err)
{
    gsl_multimin_function function = {squares, 2, f};
    gsl_vector *step = gsl_vector_alloc(2);
    gsl_multimin_fminimizer *m =
        gsl_multimin_fminimizer_alloc(gsl_multimin_fminimizer_nmsimplex2, 2);
    asx_status status = ASX_OK;
    if (!step || !m) {
        status = asx_fail(err, ASX_ENOMEM, "no memory to fit the proxy");
        goto done;
    }
    gsl_vector_set_all(step, 0.5);
    gsl_multimin_fminimizer_set(m, &function, x, step);
    for (int i = 0; i < 500 && !gsl_multimin_fminimizer_iterate(m); i++)
        if (gsl_multimin_fminimizer_size(m) < 1e-6)
            break;
    gsl_vector_memcpy(x, gsl_multimin_fminimizer_x(m));
    *sum = gsl_multimin_fminimizer_minimum(m);
done:
    gsl_multimin_fminimizer_free(m);
    gsl_vector_free(step);
    return status;
}

/* A knee to begin with: the geometric mean of the damages that cost something but not all. */
static double first_knee(const fit *f)
{
    double sum = 0;
    size_t n = 0;
    for (size_t i = 0; i < f->n; i++)
        if (f->point[i].drop > 0.02 * f->ceiling && f->point[i].drop < 0.98 * f->ceiling) {
            sum += level(f->point[i].damage);
            n++;
        }
    return n ? sum / (double)n : level(f->point[f->n - 1].damage);
}

/* What is left to lose: down to chance, at least a point, so that a network at chance level has a curve too. Measures
 * without a bottom have the double of what was seen. */
static asx_status find_ceiling(double *out, const asx_measure *measure, const point *p, size_t n,
                               asx_error *err)
{
    const asx_score *score = asx_measure_score(measure);
    const asx_network *network = asx_calibration_network(asx_measure_calibration(measure));
    double guess = 100.0 / (double)asx_network_n_classes(network), worst = 0;
    asx_status status = ASX_OK;
    if (!asx_score_counts(score))
        status = asx_measure_guess(&guess, measure, err);
    for (size_t i = 0; i < n; i++)
        worst = fmax(worst, p[i].drop);
    *out = asx_score_most(score) >= 100 && asx_score_most(score) < INFINITY
               ? fmax(asx_measure_float(measure).accuracy - guess, 1)
               : fmax(2 * worst, score->point);
    return status;
}

asx_status asx_proxy_fit(asx_proxy_fit_report *out, asx_proxy *proxy, const asx_measure *measure,
                         uint64_t seed, asx_error *err)
{
    const asx_network *network = asx_calibration_network(asx_measure_calibration(measure));
    const double accuracy = asx_measure_float(measure).accuracy;
    point points[N_MEASURED];
    fit f = {.point = points};
    double sum = 0;
    if (asx_network_hash(network) != proxy->network_hash ||
        asx_network_workload(network)->n_layers != proxy->n_layers)
        return asx_fail(err, ASX_EINVAL, "the measurement is of another network than the proxy");
    asx_status status = measure_points(points, &f.n, proxy, measure, seed, err);
    if (status != ASX_OK)
        return status;
    status = find_ceiling(&f.ceiling, measure, points, f.n, err);
    if (status != ASX_OK)
        return status;
    gsl_vector *x = gsl_vector_alloc(2);
    if (!x)
        return asx_fail(err, ASX_ENOMEM, "no memory to fit the proxy");
    gsl_vector_set(x, 0, first_knee(&f));
    gsl_vector_set(x, 1, 0);
    status = minimise(x, &f, &sum, err);
    if (status == ASX_OK) {
        proxy->float_accuracy = accuracy;
        proxy->ceiling = f.ceiling;
        proxy->knee = exp(gsl_vector_get(x, 0));
        proxy->power = exp(gsl_vector_get(x, 1));
        if (out)
            *out = (asx_proxy_fit_report){f.n, f.ceiling, proxy->knee, proxy->power,
                                          sqrt(sum / (double)f.n)};
    }
    gsl_vector_free(x);
    return status;
}
