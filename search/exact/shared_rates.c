/* The shared cost of whole sums: what its rates can be, and the line below it that hulls bear. */
#include <math.h>

#include "shared_private.h"

/* What a whole sum of a size costs beside w1, at least: of step `k` of the rates. */
static double share_of(const asx_shared *s, size_t k, double size)
{
    const asx_shared_problem *p = s->p;
    return (p->rate[k] - s->lowest) * s->least_time + p->toll * fmax(0, size - p->free_size);
}

/* How far a line of this slope is above that at most, for sizes that whole sums can have, and where,
 * from least to most: where the rate or the toll rises. */
static double find_height(double where[2], const asx_shared *s, double slope)
{
    const asx_shared_problem *p = s->p;
    const size_t first = asx_shared_step(p, s->sizes[0]), last = asx_shared_step(p, s->sizes[1]);
    const double tie = 1e-6 * (fabs(slope) * (s->sizes[1] - s->sizes[0]) + 1e-300);
    double most = -INFINITY;
    for (int round = 0; round < 2; round++)
        for (size_t k = first; k <= last; k++) {
            const double begin = k == first ? s->sizes[0] : (double)(k - 1) * p->step,
                         end = k == last ? s->sizes[1] : (double)k * p->step,
                         at[3] = {begin, end, fmin(fmax(begin, p->free_size), end)};
            for (int i = 0; i < 3; i++) {
                const double above = slope * at[i] - share_of(s, k, at[i]);
                if (round == 0) {
                    most = fmax(most, above);
                } else if (above >= most - tie) {
                    where[0] = fmin(where[0], at[i]);
                    where[1] = fmax(where[1], at[i]);
                }
            }
        }
    return most;
}

void asx_shared_charge(asx_shared *s, const double press[2])
{
    const asx_shared_problem *p = s->p;
    const size_t last = asx_shared_step(p, s->sizes[1]);
    const double width = s->sizes[1] - s->sizes[0],
                 rise = share_of(s, last, s->sizes[1]) -
                        share_of(s, asx_shared_step(p, s->sizes[0]), s->sizes[0]);
    s->charge[0] = width > 0 ? fmax(0, rise / width * (1 - 1e-9) + press[0]) : 0;
    s->charge[1] = p->time_limit < INFINITY ? fmax(0, press[1]) : 0;
    s->tight[0] = INFINITY;
    s->tight[1] = -INFINITY;
    s->height = find_height(s->tight, s, s->charge[0]);
    if (s->charge[1] > 0)
        s->height += s->charge[1] * p->time_limit;
    for (size_t l = 0; l < p->n_stages; l++) {
        double least = INFINITY;
        for (size_t i = 0; i < p->n_choices[l]; i++)
            least = fmin(least,
                         s->charge[0] * p->choice[l][i].size + s->charge[1] * p->choice[l][i].time);
        s->shift[l + 1] = s->shift[l] + least;
    }
    const double rest = s->height - s->shift[p->n_stages];
    for (size_t l = 0; l < p->n_stages; l++)
        s->shift[l + 1] += rest; /* all of it with the first stage */
}

/* It rises most from a step after which it rises. */
void asx_shared_find_rises(asx_shared *s)
{
    const asx_shared_problem *p = s->p;
    const size_t first = asx_shared_step(p, s->sizes[0]), n = p->n_rates;
    for (size_t k = first; k < n; k++)
        for (size_t d = 0; (k + 1 == n || p->rate[k + 1] > p->rate[k]) && d < n; d++)
            s->rise[d] = fmax(s->rise[d], p->rate[k + d < n ? k + d : n - 1] - p->rate[k]);
}

void asx_shared_find_rates(asx_shared *s)
{
    const asx_shared_problem *p = s->p;
    double size = 0, time = 0, most_size = 0, least_time = 0;
    for (size_t l = 0; l < p->n_stages; l++) {
        double least[2] = {INFINITY, INFINITY}, most[2] = {0, 0};
        for (size_t i = 0; i < p->n_choices[l]; i++) {
            const asx_shared_choice *c = &p->choice[l][i];
            least[0] = fmin(least[0], c->size);
            least[1] = fmin(least[1], c->time);
            most[0] = fmax(most[0], c->size);
            most[1] = fmax(most[1], c->time);
        }
        size += least[0];
        least_time += least[1];
        most_size += most[0];
        time += most[1];
    }
    /* sums in another order may end a step lower by rounding */
    s->sizes[0] = fmax(size * (1 - 1e-12), p->least_size);
    s->sizes[1] = fmin(most_size * (1 + 1e-12), p->size_limit);
    s->least_time = least_time * (1 - 1e-12);
    s->most_time = time * (1 + 1e-12);
    s->most_size = most_size * (1 + 1e-12);
    s->empty = s->sizes[0] > s->sizes[1] || least_time > p->time_limit * (1 + 1e-12);
    s->sizes[1] = fmax(s->sizes[0], s->sizes[1]);
    s->lowest = p->rate[asx_shared_step(p, s->sizes[0])];
    s->span = p->rate[p->n_rates - 1] - s->lowest;
}

double asx_shared_unpriced(const asx_shared *s, double size, double time)
{
    const asx_shared_problem *p = s->p;
    const double share = (p->rate[asx_shared_step(p, size)] - s->lowest) * time +
                         p->toll * fmax(0, size - p->free_size);
    return share - (s->charge[0] * size + s->charge[1] * time - s->height);
}

double asx_shared_cut(const asx_shared *s, double size)
{
    const asx_shared_problem *p = s->p;
    const size_t first = asx_shared_step(p, s->sizes[0]), last = asx_shared_step(p, s->sizes[1]);
    size_t k = asx_shared_step(p, fmin(fmax(size, s->sizes[0]), s->sizes[1]));
    while (k > first && p->rate[k - 1] >= p->rate[k])
        k--;
    if (k == first)
        while (k <= last && p->rate[k] <= p->rate[first])
            k++;
    return k <= last ? nextafter((double)(k - 1) * p->step, INFINITY) : INFINITY;
}
