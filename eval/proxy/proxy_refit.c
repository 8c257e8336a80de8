/* Refines a surrogate model by what was measured meanwhile (active learning): regularised, weighted
 * least squares over the designs of a campaign. Every layer's row of the table gets a factor exp(t_l),
 * and the curve's knee and power, such that
 *
 *   drop_i  ~  ceiling (1 - exp(-(D_i / knee)^power)),    D_i = sum over l of exp(t_l)
 * damage[l][f_il]
 *
 * in least squares weighted by what is known of the errors: the measurement's own interval, half a
 * point, and a tenth of the drop, for no curve is right to more than that. A pull towards the proxy
 * as it was keeps what the designs do not tell. Minimised with GSL's BFGS.
 *
 * Of a proxy with cross terms only the curve learns: its damage counts as that of one layer. */
#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_multimin.h>

#include "dse/memory.h"
#include "proxy_type.h"

/* Of a factor exp(1), in units of chi squared. Designs of much damage have most to say and say it
 * of layers in bad company: with less pull they spoil the order of designs with a few bad layers.
 */
static const double PULL = 16, PULL_MAP = 1;
static const double OWN_ERROR = 0.5, RELATIVE_ERROR = 0.1;

typedef struct problem {
    size_t n_layers, n;
    double *damage;        /* [n][n_layers] */
    double *drop, *weight; /* [n]; weight = 1 / error squared */
    double ceiling, log_knee, log_power;
} problem;

/* The curve and its slopes with respect to log damage and log power. */
static double curve(double *by_damage, double *by_power, double ceiling, double log_ratio,
                    double power)
{
    const double u = exp(power * log_ratio), rest = ceiling * exp(-u);
    *by_damage = rest * u * power;
    *by_power = rest * u * power * log_ratio;
    return -ceiling * expm1(-u);
}

static void both(const gsl_vector *x, void *params, double *value, gsl_vector *gradient)
{
    const problem *s = params;
    const size_t n_layers = s->n_layers;
    const double knee = gsl_vector_get(x, n_layers), log_power = gsl_vector_get(x, n_layers + 1);
    const double own[] = {knee - s->log_knee, log_power - s->log_power};
    double sum = PULL_MAP * (own[0] * own[0] + own[1] * own[1]);
    for (size_t l = 0; l < n_layers; l++) {
        const double t = gsl_vector_get(x, l);
        sum += PULL * t * t;
        if (gradient)
            gsl_vector_set(gradient, l, 2 * PULL * t);
    }
    for (size_t k = 0; gradient && k < 2; k++)
        gsl_vector_set(gradient, n_layers + k, 2 * PULL_MAP * own[k]);
    for (size_t i = 0; i < s->n; i++) {
        const double *d = s->damage + i * n_layers;
        double total = 1e-12, by_damage, by_power;
        for (size_t l = 0; l < n_layers; l++)
            total += exp(gsl_vector_get(x, l)) * d[l];
        const double r =
            curve(&by_damage, &by_power, s->ceiling, log(total) - knee, exp(log_power)) -
            s->drop[i];
        const double slope = 2 * s->weight[i] * r;
        sum += s->weight[i] * r * r;
        for (size_t l = 0; gradient && l < n_layers; l++)
            *gsl_vector_ptr(gradient, l) +=
                slope * by_damage * exp(gsl_vector_get(x, l)) * d[l] / total;
        if (gradient) {
            *gsl_vector_ptr(gradient, n_layers) -= slope * by_damage;
            *gsl_vector_ptr(gradient, n_layers + 1) += slope * by_power;
        }
    }
    *value = isfinite(sum) ? sum : 1e300;
}

static double only_value(const gsl_vector *x, void *params)
{
    double value;
    both(x, params, &value, NULL);
    return value;
}

static void only_gradient(const gsl_vector *x, void *params, gsl_vector *gradient)
{
    double value;
    both(x, params, &value, gradient);
}

static void value_and_gradient(const gsl_vector *x, void *params, double *value,
                               gsl_vector *gradient)
{
    both(x, params, value, gradient);
}

static asx_status minimise(gsl_vector *x, problem *s, asx_error *err)
{
    gsl_multimin_function_fdf f = {only_value, only_gradient, value_and_gradient, s->n_layers + 2,
                                   s};
    gsl_multimin_fdfminimizer *m =
        gsl_multimin_fdfminimizer_alloc(gsl_multimin_fdfminimizer_vector_bfgs2, s->n_layers + 2);
    if (!m)
        return asx_fail(err, ASX_ENOMEM, "no memory to fit the proxy");
    gsl_multimin_fdfminimizer_set(m, &f, x, 0.01, 0.1);
    for (int i = 0; i < 300 && !gsl_multimin_fdfminimizer_iterate(m); i++)
        if (gsl_multimin_test_gradient(m->gradient, 1e-4) == 0)
            break;
    gsl_vector_memcpy(x, gsl_multimin_fdfminimizer_x(m));
    gsl_multimin_fdfminimizer_free(m);
    return ASX_OK;
}

/* What a design's layers do. @param out [n_layers of the problem] */
static asx_status list_damage(double *out, const asx_proxy *p, const asx_design *design,
                              asx_error *err)
{
    if (p->type->crosses)
        return asx_proxy_design_damage(out, p, design, err);
    if (design->n_layers != p->n_layers)
        return asx_fail(err, ASX_EINVAL, "design of %zu layers for a proxy of %zu",
                        design->n_layers, p->n_layers);
    for (size_t l = 0; l < p->n_layers; l++) {
        size_t f;
        asx_status status = asx_proxy_find(&f, p, &design->format[l], err);
        if (status != ASX_OK)
            return status;
        out[l] = asx_proxy_damage(p, l, f);
    }
    return ASX_OK;
}

static asx_status problem_init(problem *s, const asx_proxy *p, const asx_design *const *design,
                               const asx_accuracy *accuracy, size_t n, asx_error *err)
{
    const size_t n_layers = p->type->crosses ? 1 : p->n_layers;
    *s = (problem){.n_layers = n_layers,
                   .n = n,
                   .damage = asx_array_new(n * n_layers, sizeof *s->damage),
                   .drop = asx_array_new(n, sizeof *s->drop),
                   .weight = asx_array_new(n, sizeof *s->weight),
                   .ceiling = p->ceiling,
                   .log_knee = log(p->knee),
                   .log_power = log(p->power)};
    if (!s->damage || !s->drop || !s->weight)
        return asx_fail(err, ASX_ENOMEM, "no memory to fit the proxy");
    for (size_t i = 0; i < n; i++) {
        const asx_status status = list_damage(s->damage + i * n_layers, p, design[i], err);
        if (status != ASX_OK)
            return status;
        const asx_accuracy *a = &accuracy[i];
        const double noise = (a->drop_high - a->drop_low) / (2 * 1.96);
        const double relative = RELATIVE_ERROR * a->drop;
        s->drop[i] = a->drop;
        s->weight[i] = 1 / (noise * noise + relative * relative + OWN_ERROR * OWN_ERROR);
    }
    return ASX_OK;
}

static void problem_fini(problem *s)
{
    free(s->damage);
    free(s->drop);
    free(s->weight);
}

asx_status asx_proxy_refit(asx_proxy *proxy, const asx_design *const *design,
                           const asx_accuracy *accuracy, size_t n, asx_error *err)
{
    problem s;
    asx_status status = problem_init(&s, proxy, design, accuracy, n, err);
    gsl_vector *x = gsl_vector_calloc(s.n_layers + 2);
    if (status == ASX_OK && !x)
        status = asx_fail(err, ASX_ENOMEM, "no memory to fit the proxy");
    if (status == ASX_OK) {
        gsl_vector_set(x, s.n_layers, s.log_knee);
        gsl_vector_set(x, s.n_layers + 1, s.log_power);
        status = minimise(x, &s, err);
    }
    if (status == ASX_OK) {
        const bool crosses = proxy->type->crosses;
        for (size_t l = 0; l < proxy->n_layers && !crosses; l++)
            for (size_t f = 0; f < proxy->n_formats; f++)
                proxy->damage[l * proxy->n_formats + f] *= exp(gsl_vector_get(x, l));
        proxy->knee = exp(gsl_vector_get(x, s.n_layers) - (crosses ? gsl_vector_get(x, 0) : 0));
        proxy->power = exp(gsl_vector_get(x, s.n_layers + 1));
    }
    gsl_vector_free(x);
    problem_fini(&s);
    return status;
}
