#include "dse/seeds.h"

#include <assert.h>
#include <math.h>

#include "dse/estimate.h"

/* A value of every seed, and the ends of its interval. */
typedef struct value {
    double at, low, high;
} value;

static value accuracy_of(const asx_accuracy *a)
{
    return (value){a->accuracy, a->accuracy_low, a->accuracy_high};
}

static value drop_of(const asx_accuracy *a)
{
    return (value){a->drop, a->drop_low, a->drop_high};
}

static value combine(const asx_accuracy *each, size_t n, value (*of)(const asx_accuracy *))
{
    double mean = 0, squares = 0, below = 0, above = 0, spread = 0;
    for (size_t i = 0; i < n; i++) {
        const value v = of(&each[i]);
        mean += v.at / (double)n;
        below += (v.at - v.low) / (double)n;
        above += (v.high - v.at) / (double)n;
    }
    for (size_t i = 0; i < n; i++)
        squares += (of(&each[i]).at - mean) * (of(&each[i]).at - mean);
    if (n > 1)
        spread = asx_estimate_reach(n) * sqrt(squares / (double)(n - 1) / (double)n);
    return (value){mean, mean - hypot(below, spread), mean + hypot(above, spread)};
}

asx_accuracy asx_accuracy_of_seeds(const asx_accuracy *each, size_t n)
{
    assert(n > 0);
    if (n == 1)
        return each[0];
    const value accuracy = combine(each, n, accuracy_of), drop = combine(each, n, drop_of);
    double correct = 0;
    for (size_t i = 0; i < n; i++)
        correct += (double)each[i].correct / (double)n;
    return (asx_accuracy){.tier = each[0].tier,
                          .images = each[0].images,
                          .correct = (size_t)llround(correct),
                          .accuracy = accuracy.at,
                          .accuracy_low = fmax(accuracy.low, 0),
                          .accuracy_high = fmin(accuracy.high, 100),
                          .drop = drop.at,
                          .drop_low = fmax(drop.low, -100),
                          .drop_high = fmin(drop.high, 100)};
}
