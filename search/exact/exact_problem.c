#include "exact_problem.h"

#include <math.h>

double asx_exact_damage_limit(const asx_separable *m, double most)
{
    if (!(most < INFINITY))
        return INFINITY;
    if (m->drop(m->state, 0) > most)
        return -1;
    double low = 0, high = 1;
    while (high < 1e300 && m->drop(m->state, high) <= most)
        high *= 2;
    if (high >= 1e300)
        return INFINITY;
    for (double mid; (mid = low + (high - low) / 2) > low && mid < high;)
        *(m->drop(m->state, mid) <= most ? &low : &high) = mid;
    return low;
}

asx_status asx_exact_out_of_memory(asx_error *err)
{
    return asx_fail(err, ASX_ENOMEM, "no memory for an exact search");
}
