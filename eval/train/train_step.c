#include "train_step.h"

#include <math.h>
#include <stdlib.h>

#include "dse/memory.h"

double asx_schedule_rate(asx_schedule schedule, double warmup, size_t step, size_t n_steps)
{
    const double pi = 3.14159265358979323846;
    const double at = ((double)step + 0.5) / (double)n_steps;
    if (at < warmup)
        return at / warmup;
    switch (schedule) {
    case ASX_SCHEDULE_COSINE:
        return warmup < 1 ? 0.5 * (1 + cos(pi * (at - warmup) / (1 - warmup))) : 1;
    case ASX_SCHEDULE_STEP:
        return at < 0.5 ? 1 : at < 0.75 ? 0.1 : 0.01;
    default:
        return 1;
    }
}

asx_status asx_stepper_init(asx_stepper *out, asx_optimiser optimiser, size_t n, double momentum,
                            double decay, asx_error *err)
{
    asx_stepper s = {.optimiser = optimiser, .n = n, .momentum = momentum, .decay = decay};
    s.mean = asx_array_new(n, sizeof *s.mean);
    s.square = asx_array_new(n, sizeof *s.square);
    if (!s.mean || !s.square) {
        asx_stepper_fini(&s);
        return asx_fail(err, ASX_ENOMEM, "no memory for an optimiser of %zu parameters", n);
    }
    *out = s;
    return ASX_OK;
}

void asx_stepper_fini(asx_stepper *stepper)
{
    if (!stepper)
        return;
    free(stepper->mean);
    free(stepper->square);
    stepper->mean = stepper->square = NULL;
}

/* Kingma and Ba, arXiv 1412.6980, with the decay of Loshchilov and Hutter. */
static void step_adam(asx_stepper *s, float *x, const float *gradient, const float *unit,
                      const float *rate, const unsigned char *decays, double base, size_t step)
{
    const double beta1 = s->momentum, beta2 = 0.999, tiny = 1e-8;
    const double fix1 = 1 - pow(beta1, (double)step + 1), fix2 = 1 - pow(beta2, (double)step + 1);
    for (size_t i = 0; i < s->n; i++) {
        const double u = (double)unit[i], g = (double)gradient[i] * u;
        const double r = rate ? base * (double)rate[i] : base;
        const double m = beta1 * (double)s->mean[i] + (1 - beta1) * g;
        const double v = beta2 * (double)s->square[i] + (1 - beta2) * g * g;
        s->mean[i] = (float)m;
        s->square[i] = (float)v;
        const double pull = decays[i] ? s->decay * (double)x[i] : 0;
        x[i] = (float)((double)x[i] - r * (u * (m / fix1) / (sqrt(v / fix2) + tiny) + pull));
    }
}

static void step_sgd(asx_stepper *s, float *x, const float *gradient, const float *unit,
                     const float *rate, const unsigned char *decays, double base)
{
    for (size_t i = 0; i < s->n; i++) {
        const double u = (double)unit[i];
        const double pull = decays[i] ? s->decay * (double)x[i] / u : 0;
        const double m = s->momentum * (double)s->mean[i] + (double)gradient[i] * u + pull;
        s->mean[i] = (float)m;
        x[i] = (float)((double)x[i] - (rate ? base * (double)rate[i] : base) * u * m);
    }
}

void asx_stepper_step(asx_stepper *stepper, float *x, const float *gradient, const float *unit,
                      const float *rate, const unsigned char *decays, double base, size_t step)
{
    if (stepper->optimiser == ASX_OPTIMISER_ADAMW)
        step_adam(stepper, x, gradient, unit, rate, decays, base, step);
    else
        step_sgd(stepper, x, gradient, unit, rate, decays, base);
}

double asx_clip_norm(float *gradient, const float *unit, size_t n, double most)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        const double g = (double)gradient[i] * (double)unit[i];
        sum += g * g;
    }
    const double norm = sqrt(sum);
    if (norm > most)
        for (size_t i = 0; i < n; i++)
            gradient[i] = (float)((double)gradient[i] * (most / norm));
    return norm;
}
