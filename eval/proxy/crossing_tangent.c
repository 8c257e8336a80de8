/* Planes below the divergence. With everything else fixed it is a log-sum-exp less a linear function of the logits, and so
 * convex in them; a plane that touches it anywhere is below it everywhere, and linear in the shifts: a sum over layers. */
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "crossing.h"
#include "dse/memory.h"

/* Of a plane's height, in nats: what doubles lose, many times over. */
static const double SLACK = 1e-11;

/* The place where a plane touches, and what it is there. */
typedef struct tangent {
    const asx_crossing *c;
    size_t size;
    double *coordinate; /* [n_layers][rank] of the mixture */
    double *z;          /* [size] answers there, and the divergence's gradient */
    double *product;    /* [n_layers][rank] of the gradient with directions */
    double *magnitude;  /* [n_layers][rank] the same of what is added up, without signs */
    double value;
} tangent;

static void find_answers(tangent *t, const double *weight)
{
    const asx_crossing *c = t->c;
    const size_t n_formats = c->n_formats, rank = c->rank;
    for (size_t i = 0; i < t->size; i++)
        t->z[i] = (double)c->base.logit[i];
    for (size_t l = 0; l < c->n_layers; l++) {
        double *x = t->coordinate + l * rank;
        for (size_t f = 0; f < n_formats; f++) {
            const float *of = c->coordinate + (l * n_formats + f) * rank;
            const double share = weight[l * n_formats + f];
            for (size_t k = 0; share != 0 && k < rank; k++)
                x[k] += share * (double)of[k];
        }
        for (size_t k = 0; k < rank; k++) {
            const float *u = c->direction + (l * rank + k) * t->size;
            for (size_t i = 0; i < t->size; i++)
                t->z[i] += x[k] * (double)u[i];
        }
    }
}

/* A group of classes `step` apart: answers become the gradient. @return the divergence */
static double differentiate(double *z, const float *log_p, size_t n, size_t step)
{
    double top = z[0], sum = 0, all = 0, value = 0;
    for (size_t k = 0; k < n * step; k += step)
        top = fmax(top, z[k]);
    for (size_t k = 0; k < n * step; k += step) {
        sum += exp(z[k] - top);
        all += exp((double)log_p[k]); /* 1, but for the rounding of the logarithms */
    }
    for (size_t k = 0; k < n * step; k += step) {
        const double now = z[k] - top - log(sum), p = exp((double)log_p[k]);
        value += p * ((double)log_p[k] - now);
        z[k] = all * exp(now) - p;
    }
    return value;
}

static double differentiate_numbers(double *z, const float *base, size_t n)
{
    double value = 0;
    for (size_t k = 0; k < n; k++) {
        const double d = z[k] - (double)base[k];
        value += d * d;
        z[k] = 2 * d;
    }
    return value;
}

static void find_gradient(tangent *t)
{
    const asx_answers *b = &t->c->base;
    const size_t n_images = b->images.end - b->images.first;
    const double parts = (double)n_images * (double)(b->n_groups ? b->n_groups : 1);
    t->value = 0;
    for (size_t i = 0; i < n_images; i++) {
        const size_t at = i * b->n_out;
        if (b->n_groups == 0)
            t->value += differentiate_numbers(t->z + at, b->logit + at, b->n_out);
        for (size_t g = 0; g < b->n_groups; g++) {
            const size_t from = at + g * b->group_step;
            t->value += differentiate(t->z + from, b->log_p + from, b->n_classes, b->class_step);
        }
    }
    t->value /= parts;
    for (size_t i = 0; i < t->size; i++)
        t->z[i] /= parts;
}

/* In four sums, which do not wait for each other. */
static void project(double *product, double *magnitude, const double *z, const float *u, size_t n)
{
    double sum[4] = {0}, all[4] = {0};
    for (size_t i = 0; i < n; i++) {
        const double p = z[i] * (double)u[i];
        sum[i % 4] += p;
        all[i % 4] += fabs(p);
    }
    *product = sum[0] + sum[1] + sum[2] + sum[3];
    *magnitude = all[0] + all[1] + all[2] + all[3];
}

static void find_products(tangent *t)
{
    const size_t n = t->c->n_layers * t->c->rank;
    for (size_t i = 0; i < n; i++)
        project(&t->product[i], &t->magnitude[i], t->z, t->c->direction + i * t->size, t->size);
}

/* Damages are computed from sums of floats. A sum of n terms is off by at most n units of rounding (u) times their
 * magnitudes, to first order (N. Higham, Accuracy and Stability of Numerical Algorithms, 2002, section 4.2); the plane is
 * below at the answers as rounded, too, and changes by no more than its slopes times that. */
static double rounding(const asx_crossing *c)
{
    const double n = (double)(c->n_layers * c->rank + 2) * (double)FLT_EPSILON;
    return n < 0.5 ? n / (1 - n) : 1;
}

static void find_slopes(double *constant, double *slope, const tangent *t)
{
    const asx_crossing *c = t->c;
    const double unit = rounding(c);
    double height = t->value, off = 0;
    for (size_t i = 0; i < t->size; i++)
        off += fabs(t->z[i] * (double)c->base.logit[i]);
    for (size_t i = 0; i < c->n_layers * c->rank; i++)
        height -= t->coordinate[i] * t->product[i];
    for (size_t i = 0; i < c->n_layers * c->n_formats; i++) {
        const float *x = c->coordinate + i * c->rank;
        const size_t at = i / c->n_formats * c->rank;
        double sum = 0, all = 0;
        for (size_t k = 0; k < c->rank; k++) {
            sum += (double)x[k] * t->product[at + k];
            all += fabs((double)x[k]) * t->magnitude[at + k];
        }
        slope[i] = sum - unit * all;
    }
    *constant = height - unit * off - SLACK * (1 + fabs(t->value) + off);
}

asx_status asx_crossing_tangent(double *constant, double *slope, const asx_crossing *c,
                                const double *weight, asx_error *err)
{
    const size_t n = c->n_layers * c->rank;
    tangent t = {.c = c, .size = asx_crossing_size(&c->base)};
    t.coordinate = asx_array_new(n, sizeof *t.coordinate);
    t.product = asx_array_new(n, sizeof *t.product);
    t.magnitude = asx_array_new(n, sizeof *t.magnitude);
    t.z = asx_array_new(t.size, sizeof *t.z);
    const bool room = t.coordinate && t.product && t.magnitude && t.z;
    if (room) {
        find_answers(&t, weight);
        find_gradient(&t);
        find_products(&t);
        find_slopes(constant, slope, &t);
    }
    free(t.coordinate);
    free(t.product);
    free(t.magnitude);
    free(t.z);
    return room ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for a tangent");
}
