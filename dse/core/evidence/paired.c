#include "dse/paired.h"

#include <assert.h>
#include <math.h>

#include <gsl/gsl_cdf.h>

double asx_paired_drop(const asx_paired *p)
{
    return 100 * ((double)p->only_float - (double)p->only_design) / (double)p->images;
}

double asx_paired_error(const asx_paired *p)
{
    const double b = (double)p->only_float, c = (double)p->only_design, m = (double)p->images + 2;
    return 100 / m * sqrt(b + c + 1 - (b - c) * (b - c) / m);
}

/* The likeliest share of images that only the design classifies, if the difference is d. */
static double share_of_design(double b, double c, double n, double d)
{
    const double half = (2 * n - b + c) * d - b - c;
    return (sqrt(half * half + 8 * n * c * d * (1 - d)) - half) / (4 * n);
}

double asx_paired_score(const asx_paired *p, double limit, double *deviation)
{
    assert(p->images > 0 && limit > -100 && limit < 100);
    const double b = (double)p->only_float, c = (double)p->only_design, n = (double)p->images;
    const double d = limit / 100, distance = b - c - n * d;
    /* for d < 0 the same with the roles changed, so that no difference of near numbers is taken */
    const double q = d >= 0 ? share_of_design(b, c, n, d) : share_of_design(c, b, n, -d);
    const double variance = fmax(2 * q + fabs(d) - d * d, 0);
    if (deviation)
        *deviation = sqrt(variance);
    return variance > 0 ? distance / sqrt(n * variance) : 0;
}

double asx_paired_sureness(const asx_paired *p, double limit)
{
    return 100 * gsl_cdf_ugaussian_Q(asx_paired_score(p, limit, NULL));
}

/* b + c from half the width of the interval, z / m sqrt(b + c + 1 - (b - c)^2 / m). An end at
 * +-100 may have been cut off: then the other one counts. */
bool asx_paired_of(asx_paired *out, const asx_accuracy *a)
{
    if (a->images == 0)
        return false;
    const double n = (double)a->images, m = n + 2, difference = round(a->drop / 100 * n);
    const double centre = 100 * difference / m;
    const double half =
        a->drop_low > -100 ? centre - a->drop_low : a->drop_high - centre; /* points */
    const double in_z = half * m / 100 / gsl_cdf_ugaussian_Pinv(0.975);
    const double sum = round(in_z * in_z - 1 + difference * difference / m);
    const double b = (sum + difference) / 2, c = (sum - difference) / 2;
    if (!(b >= 0 && c >= 0 && sum <= n && b == floor(b)))
        return false;
    *out = (asx_paired){a->images, (size_t)b, (size_t)c};
    return true;
}
