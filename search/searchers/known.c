#include "known.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"

void asx_known_init(asx_known *k, const asx_searcher_setup *setup)
{
    k->n_genes = asx_space_n_genes(setup->space);
    k->d = setup->n_objectives;
    asx_sampler_init(&k->sampler, setup->space, setup->seed);
    asx_point_set_init(&k->seen, k->n_genes);
    for (size_t j = 0; j < k->d; j++) {
        k->low[j] = INFINITY;
        k->high[j] = -INFINITY;
    }
}

void asx_known_fini(asx_known *k)
{
    asx_point_set_fini(&k->seen);
    free(k->value);
    *k = (asx_known){.n_genes = 0};
}

const asx_gene *asx_known_point(const asx_known *k, size_t number)
{
    return k->seen.point + number * k->n_genes;
}

static double *value_of(const asx_known *k, size_t number)
{
    return k->value + number * (k->d + 1);
}

bool asx_known_told(const asx_known *k, size_t number)
{
    return value_of(k, number)[k->d] >= 0;
}

asx_status asx_known_add(asx_known *k, const asx_gene *point, size_t *number, bool *added,
                         asx_error *err)
{
    *number = k->seen.n;
    *added = false;
    if (asx_point_set_find(number, &k->seen, point))
        return ASX_OK;
    double *value =
        asx_array_grow(k->value, &k->capacity, (k->seen.n + 1) * (k->d + 1), sizeof *value);
    if (value)
        k->value = value;
    if (!value || !asx_point_set_add(&k->seen, point, added))
        return asx_fail(err, ASX_ENOMEM, "no memory for another design of a search");
    value_of(k, *number)[k->d] = -1;
    return ASX_OK;
}

asx_status asx_known_draw(asx_known *k, size_t *number, bool *added, asx_error *err)
{
    asx_gene *work = asx_array_new(k->n_genes, sizeof *work);
    asx_status status = work ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for a point");
    *added = false;
    while (status == ASX_OK && !*added && asx_sampler_point(work, &k->sampler, k->next_draw)) {
        k->next_draw++;
        status = asx_known_add(k, work, number, added, err);
    }
    free(work);
    return status;
}

void asx_known_tell(asx_known *k, size_t number, const double *objective, double violation)
{
    double *value = value_of(k, number);
    memcpy(value, objective, k->d * sizeof *value);
    value[k->d] = violation;
    k->n_told++;
    for (size_t j = 0; j < k->d; j++) {
        k->low[j] = fmin(k->low[j], objective[j]);
        k->high[j] = fmax(k->high[j], objective[j]);
    }
}

void asx_known_direct(double *weight, size_t d, asx_dice *dice)
{
    double sum = 0;
    for (size_t j = 0; j < d; j++) {
        weight[j] = -log(1 - asx_dice_roll(dice));
        sum += weight[j];
    }
    for (size_t j = 0; j < d; j++)
        weight[j] = sum > 0 ? weight[j] / sum : 1 / (double)d;
}

double asx_known_cost(const asx_known *k, size_t number, const double *weight)
{
    static const double SLOPE = 0.05; /* of the sum beside the largest, as in ParEGO */
    const double *value = value_of(k, number);
    double worst = 0, sum = 0;
    for (size_t j = 0; j < k->d; j++) {
        const double extent = k->high[j] - k->low[j];
        const double part = extent > 0 ? weight[j] * (value[j] - k->low[j]) / extent : 0;
        worst = fmax(worst, part);
        sum += part;
    }
    return worst + SLOPE * sum + value[k->d];
}
