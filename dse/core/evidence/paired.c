#include "dse/paired.h"

#include <assert.h>
#include <math.h>

#include <gsl/gsl_cdf.h>

#include "dse/estimate.h"

void asx_paired_add(asx_paired *inout, const asx_paired *more)
{
    inout->images += more->images;
    inout->only_float += more->only_float;
    inout->only_design += more->only_design;
    inout->scored = inout->scored || more->scored;
    inout->lost += more->lost;
    inout->square += more->square;
}

double asx_paired_drop(const asx_paired *p)
{
    if (p->scored)
        return p->lost / (double)p->images;
    return 100 * ((double)p->only_float - (double)p->only_design) / (double)p->images;
}

double asx_paired_error(const asx_paired *p)
{
    if (p->scored)
        return sqrt(p->square) / (double)p->images;
    const double b = (double)p->only_float, c = (double)p->only_design, m = (double)p->images + 2;
    return 100 / m * sqrt(b + c + 1 - (b - c) * (b - c) / m);
}

/* The likeliest share of images that only the design classifies, if the difference is d. */
static double share_of_design(double b, double c, double n, double d)
{
    const double half = (2 * n - b + c) * d - b - c;
    return (sqrt(half * half + 8 * n * c * d * (1 - d)) - half) / (4 * n);
}

static double score_of_drop(const asx_paired *p, double limit, double *deviation)
{
    static const double FAR = 38; /* beyond, a double knows no smaller tail */
    const double error = asx_paired_error(p), distance = asx_paired_drop(p) - limit;
    if (deviation)
        *deviation = error * sqrt((double)p->images);
    return fmin(fmax(distance / error, -FAR), FAR);
}

double asx_paired_score(const asx_paired *p, double limit, double *deviation)
{
    if (p->scored)
        return score_of_drop(p, limit, deviation);
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
static bool counts_of(asx_paired *out, const asx_accuracy *a)
{
    const double n = (double)a->images, m = n + 2, difference = round(a->drop / 100 * n);
    const double centre = 100 * difference / m;
    const double half =
        a->drop_low > -100 ? centre - a->drop_low : a->drop_high - centre; /* points */
    const double in_z = half * m / 100 / gsl_cdf_ugaussian_Pinv(0.975);
    const double sum = round(in_z * in_z - 1 + difference * difference / m);
    const double b = (sum + difference) / 2, c = (sum - difference) / 2;
    if (!(b >= 0 && c >= 0 && sum <= n && b == floor(b)))
        return false;
    *out = (asx_paired){.images = a->images, .only_float = (size_t)b, .only_design = (size_t)c};
    return true;
}

bool asx_paired_of(asx_paired *out, const asx_accuracy *a)
{
    if (a->images == 0)
        return false;
    if (a->correct != ASX_NOT_COUNTED)
        return counts_of(out, a);
    const double n = (double)a->images;
    const double error = (a->drop_high - a->drop_low) / (2 * asx_estimate_reach(a->images));
    if (!(error > 0 && isfinite(error)))
        return false;
    *out = (asx_paired){
        .images = a->images, .scored = true, .lost = n * a->drop, .square = n * n * error * error};
    return true;
}

asx_accuracy asx_accuracy_from_paired(asx_tier tier, const asx_paired *seen, size_t both)
{
    if (!seen->scored)
        return asx_accuracy_from_counts(tier, seen->images, both, seen->only_float,
                                        seen->only_design);
    const double drop = asx_paired_drop(seen);
    const double wide = asx_estimate_reach(seen->images) * asx_paired_error(seen);
    return (asx_accuracy){.tier = tier,
                          .images = seen->images,
                          .correct = ASX_NOT_COUNTED,
                          .accuracy = NAN,
                          .accuracy_low = NAN,
                          .accuracy_high = NAN,
                          .drop = drop,
                          .drop_low = drop - wide,
                          .drop_high = drop + wide};
}
