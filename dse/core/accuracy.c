/* Accuracies with their confidence intervals. */
#include "dse/accuracy.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static const double z_95 = 1.959963984540054; /* 97.5 % quantile of the normal distribution */

static const char *const tier_text[] = {
#define TIER(name, text, help) [name] = text,
    ASX_TIER_LIST(TIER)
#undef TIER
};

static const char *const subset_text[] = {
#define SUBSET(name, text, help) [name] = text,
    ASX_SUBSET_LIST(SUBSET)
#undef SUBSET
};

const char *asx_subset_text(asx_subset subset)
{
    assert(subset < ASX_N_SUBSETS);
    return subset_text[subset];
}

asx_status asx_subset_parse(asx_subset *out, const char *text, asx_error *err)
{
    for (size_t i = 0; i < ASX_N_SUBSETS; i++) {
        if (strcmp(text, subset_text[i]) == 0) {
            *out = (asx_subset)i;
            return ASX_OK;
        }
    }
#define NAME(name, text, help) " " text
    return asx_fail(err, ASX_ENOTFOUND,
                    "there is no part '%s' of the images; there are:" ASX_SUBSET_LIST(NAME), text);
#undef NAME
}

const char *asx_tier_text(asx_tier tier)
{
    assert(tier < ASX_N_TIERS);
    return tier_text[tier];
}

asx_status asx_tier_parse(asx_tier *out, const char *text, asx_error *err)
{
    for (size_t i = 0; i < ASX_N_TIERS; i++) {
        if (strcmp(text, tier_text[i]) == 0) {
            *out = (asx_tier)i;
            return ASX_OK;
        }
    }
#define NAME(name, text, help) " " text
    return asx_fail(err, ASX_ENOTFOUND, "there is no tier '%s'; there are:" ASX_TIER_LIST(NAME),
                    text);
#undef NAME
}

asx_accuracy asx_accuracy_unknown(void)
{
    return (asx_accuracy){ASX_TIER_COSTS, 0, 0, NAN, NAN, NAN, NAN, NAN, NAN};
}

/* Score interval of k successes in n trials, in percent. E. B. Wilson, Probable inference, the law
 * of succession, and statistical inference, JASA 22 (1927). */
static void wilson(double *low, double *high, double k, double n)
{
    const double z2 = z_95 * z_95;
    const double centre = (k + z2 / 2) / (n + z2);
    const double half = z_95 / (n + z2) * sqrt(k * (n - k) / n + z2 / 4);
    /* the ends are exact at 0 and n; rounding must not move them past the value */
    *low = k == 0 ? 0 : 100 * (centre - half);
    *high = k == n ? 100 : 100 * (centre + half);
}

/* Interval of (b - c) / n, in points, for b and c discordant pairs of n: Wald's after half a pair
 * was added to each of the four cells. A. Agresti, Y. Min, Simple improved confidence intervals for
 * comparing matched proportions, Statistics in Medicine 24 (2005). */
static void agresti_min(double *low, double *high, double b, double c, double n)
{
    const double m = n + 2;
    const double centre = (b - c) / m;
    const double half = z_95 / m * sqrt(b + c + 1 - (b - c) * (b - c) / m);
    *low = fmax(100 * (centre - half), -100);
    *high = fmin(100 * (centre + half), 100);
}

asx_accuracy asx_accuracy_from_counts(asx_tier tier, size_t images, size_t both, size_t only_float,
                                      size_t only_design)
{
    assert(images > 0 && both <= images && only_float <= images - both);
    assert(only_design <= images - both - only_float);
    const double n = (double)images, b = (double)only_float, c = (double)only_design;
    asx_accuracy a = {.tier = tier, .images = images, .correct = both + only_design};
    a.accuracy = 100 * (double)a.correct / n;
    a.drop = 100 * (b - c) / n;
    wilson(&a.accuracy_low, &a.accuracy_high, (double)a.correct, n);
    agresti_min(&a.drop_low, &a.drop_high, b, c, n);
    return a;
}

/* How many pairs more were right in float only than under the design only. */
static double pairs_lost(const asx_accuracy *a)
{
    return round(a->drop / 100 * (double)a->images);
}

/* Discordant pairs that agresti_min made an interval of; at most one of its ends was cut. */
static double pairs_discordant(const asx_accuracy *a)
{
    const double m = (double)a->images + 2, lost = pairs_lost(a), centre = 100 * lost / m;
    const double half = fmax(centre - a->drop_low, a->drop_high - centre) / 100;
    const double root = half * m / z_95;
    return round(root * root + lost * lost / m - 1);
}

asx_accuracy asx_accuracy_join(const asx_accuracy *a, const asx_accuracy *b)
{
    const double discordant = pairs_discordant(a) + pairs_discordant(b);
    const double lost = pairs_lost(a) + pairs_lost(b);
    const size_t only_design = (size_t)((discordant - lost) / 2);
    return asx_accuracy_from_counts(a->tier, a->images + b->images,
                                    a->correct + b->correct - only_design,
                                    (size_t)((discordant + lost) / 2), only_design);
}

asx_accuracy asx_accuracy_from_percent(asx_tier tier, double accuracy, double drop, size_t images)
{
    asx_accuracy a = {.tier = tier, .images = images, .accuracy = accuracy, .drop = drop};
    a.accuracy_low = a.accuracy_high = accuracy;
    if (images > 0) {
        double low, high;
        a.correct = (size_t)lround(fmin(fmax(accuracy / 100, 0), 1) * (double)images);
        wilson(&low, &high, (double)a.correct, (double)images);
        a.accuracy_low = fmin(low, accuracy);
        a.accuracy_high = fmax(high, accuracy);
    }
    a.drop_low = drop - (a.accuracy_high - accuracy);
    a.drop_high = drop + (accuracy - a.accuracy_low);
    return a;
}
