#include "contribution.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "dse/order.h"
#include "dse/pareto.h"

/* The rows that are left, in units of the front's extent. */
typedef struct rows {
    double *value;  /* [n][d] */
    size_t *number; /* [n]: place in the front */
    double *others; /* [n][d] workspace */
    size_t n, d;
} rows;

static const double TOP = 2; /* reference of hypervolumes: 1 above the largest value */

static bool rows_init(rows *r, const size_t *front, size_t n, const double *objective, size_t d)
{
    *r = (rows){.value = asx_array_new(n, d * sizeof *r->value),
                .number = asx_array_new(n, sizeof *r->number),
                .others = asx_array_new(n, d * sizeof *r->others),
                .n = n,
                .d = d};
    if (!r->value || !r->number || !r->others)
        return false;
    for (size_t j = 0; j < d; j++) {
        double low = INFINITY, high = -INFINITY;
        for (size_t i = 0; i < n; i++) {
            low = fmin(low, objective[front[i] * d + j]);
            high = fmax(high, objective[front[i] * d + j]);
        }
        for (size_t i = 0; i < n; i++)
            r->others[i * d + j] =
                high > low ? (objective[front[i] * d + j] - low) / (high - low) : 0;
    }
    for (size_t i = 0; i < n; i++)
        r->number[i] = i;
    if (!asx_order_rows(r->number, n, r->others, d, d))
        return false;
    for (size_t i = 0; i < n; i++)
        memcpy(r->value + i * d, r->others + r->number[i] * d, d * sizeof *r->value);
    return true;
}

static void rows_fini(rows *r)
{
    free(r->value);
    free(r->number);
    free(r->others);
}

/* Of two objectives, rows in the order of the first: a rectangle up to the neighbours. */
static double between(const rows *r, size_t i)
{
    const double *v = r->value + 2 * i;
    return i == 0 || i + 1 == r->n ? INFINITY : (v[2] - v[0]) * (v[-1] - v[1]);
}

/* What is lost without a row: the less, the larger is what the others have. */
static asx_status lost(double *out, rows *r, size_t i, asx_error *err)
{
    double reference[ASX_PARETO_DIMS_MAX], volume = 0;
    if (r->d == 2) {
        *out = between(r, i);
        return ASX_OK;
    }
    for (size_t j = 0; j < r->d; j++)
        reference[j] = TOP;
    memcpy(r->others, r->value, i * r->d * sizeof *r->others);
    memcpy(r->others + i * r->d, r->value + (i + 1) * r->d,
           (r->n - 1 - i) * r->d * sizeof *r->others);
    const asx_status status =
        asx_pareto_hypervolume(&volume, r->others, r->n - 1, r->d, reference, err);
    *out = -volume;
    return status;
}

static asx_status take_least(rows *r, asx_error *err)
{
    double least = INFINITY;
    size_t worst = 0;
    asx_status status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < r->n; i++) {
        double loss = 0;
        status = lost(&loss, r, i, err);
        if (loss < least || (loss <= least && r->number[i] > r->number[worst])) {
            least = loss;
            worst = i;
        }
    }
    const size_t behind = r->n - 1 - worst;
    memmove(r->value + worst * r->d, r->value + (worst + 1) * r->d,
            behind * r->d * sizeof *r->value);
    memmove(r->number + worst, r->number + worst + 1, behind * sizeof *r->number);
    r->n--;
    return status;
}

static int by_number(const void *a, const void *b)
{
    const size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

asx_status asx_contribution_prune(size_t *front, size_t n, size_t keep, const double *objective,
                                  size_t n_objectives, asx_error *err)
{
    rows r;
    asx_status status = rows_init(&r, front, n, objective, n_objectives)
                            ? ASX_OK
                            : asx_fail(err, ASX_ENOMEM, "no memory for a front of %zu", n);
    while (status == ASX_OK && r.n > keep)
        status = take_least(&r, err);
    if (status == ASX_OK) {
        qsort(r.number, r.n, sizeof *r.number, by_number);
        for (size_t i = 0; i < r.n; i++)
            front[i] =
                front[r.number[i]]; /* numbers ascend: none is overwritten before it is read */
    }
    rows_fini(&r);
    return status;
}
