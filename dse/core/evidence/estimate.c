#include "dse/estimate.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>

#include "dse/memory.h"

void asx_estimate_mean(asx_estimate *inout, const double *x, size_t n)
{
    assert(n > 1);
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i];
    inout->value = sum / (double)n;
    for (size_t i = 0; i < n; i++)
        inout->share[i] = (x[i] - inout->value) / sqrt((double)n * (double)(n - 1));
}

void asx_estimate_ratios(asx_estimate *inout, const double *num, const double *den, const bool *use,
                         size_t n, size_t k)
{
    assert(n > 1);
    const double bessel = sqrt((double)n / (double)(n - 1));
    double mean = 0;
    size_t used = 0;
    for (size_t i = 0; i < n; i++)
        inout->share[i] = 0;
    for (size_t j = 0; j < k; j++)
        used += use[j];
    assert(used > 0);
    for (size_t j = 0; j < k; j++) {
        double above = 0, below = 0;
        if (!use[j])
            continue;
        for (size_t i = 0; i < n; i++) {
            above += num[i * k + j];
            below += den[i * k + j];
        }
        const double ratio = above / below;
        mean += ratio / (double)used;
        for (size_t i = 0; i < n; i++)
            inout->share[i] +=
                bessel * (num[i * k + j] - ratio * den[i * k + j]) / (below * (double)used);
    }
    inout->value = mean;
}

/* An image in the order of scores. */
typedef struct ranked {
    double score;
    bool positive;
    size_t number;
} ranked;

static int by_score(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (x->score < y->score || x->score > y->score)
        return x->score < y->score ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

/* What share of the other class an image is on the right side of, ties half: the structural components. Into `share`. */
static void place(double *share, const ranked *r, size_t n, double n_positive, double n_negative)
{
    double positive = 0, negative = 0; /* with lower scores */
    for (size_t first = 0, end; first < n; first = end) {
        double p = 0, q = 0; /* with this score */
        for (end = first; end < n && !(r[end].score > r[first].score); end++) {
            p += r[end].positive;
            q += !r[end].positive;
        }
        for (size_t i = first; i < end; i++)
            share[r[i].number] = r[i].positive ? (negative + q / 2) / n_negative
                                               : 1 - (positive + p / 2) / n_positive;
        positive += p;
        negative += q;
    }
}

asx_status asx_estimate_auc(asx_estimate *inout, const double *score, const bool *positive,
                            size_t n, asx_error *err)
{
    ranked *r = asx_array_new(n, sizeof *r);
    double n_positive = 0, sum = 0;
    if (!r)
        return asx_fail(err, ASX_ENOMEM, "no memory to rank %zu images", n);
    for (size_t i = 0; i < n; i++) {
        r[i] = (ranked){score[i], positive[i], i};
        n_positive += positive[i];
    }
    const double n_negative = (double)n - n_positive;
    assert(n_positive > 1 && n_negative > 1);
    qsort(r, n, sizeof *r, by_score);
    place(inout->share, r, n, n_positive, n_negative);
    free(r);
    for (size_t i = 0; i < n; i++)
        if (positive[i])
            sum += inout->share[i];
    inout->value = sum / n_positive;
    for (size_t i = 0; i < n; i++) {
        const double m = positive[i] ? n_positive : n_negative;
        inout->share[i] = (inout->share[i] - inout->value) / sqrt(m * (m - 1));
    }
    return ASX_OK;
}

double asx_estimate_reach(size_t n)
{
    return n > 1 ? gsl_cdf_tdist_Pinv(0.975, (double)(n - 1)) : INFINITY;
}

/* Far below anything that a table shows: nothing behind divides by zero where all images agree. */
static double error_of(double square, const asx_score *score)
{
    return fmax(sqrt(square), 1e-6 * score->point);
}

asx_accuracy asx_accuracy_from_estimates(asx_tier tier, const asx_score *score, size_t n,
                                         const asx_estimate *of_float,
                                         const asx_estimate *of_design)
{
    double own = 0, pairs = 0;
    for (size_t i = 0; i < n; i++) {
        const double d = of_design->share[i] - of_float->share[i];
        own += of_design->share[i] * of_design->share[i];
        pairs += d * d;
    }
    const double z = asx_estimate_reach(n), value = of_design->value;
    const double half = z * sqrt(own), wide = z * error_of(pairs, score);
    const double drop = asx_score_drop(score, of_float->value, value);
    return (asx_accuracy){.tier = tier,
                          .images = n,
                          .correct = ASX_NOT_COUNTED,
                          .accuracy = value,
                          .accuracy_low = fmax(value - half, asx_score_least(score)),
                          .accuracy_high = fmin(value + half, asx_score_most(score)),
                          .drop = drop,
                          .drop_low = drop - wide,
                          .drop_high = drop + wide};
}
