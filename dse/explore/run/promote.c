#include "promote.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"

static const double KEPT = 0.1; /* of a drop, after training */

/* Objectives of all rows, with the drop as it is or as training would leave it. */
static void fill(double *out, const asx_rows *rows, const asx_reference_point *ref, bool trained)
{
    for (size_t i = 0; i < rows->n; i++)
        for (size_t j = 0; j < ref->n; j++) {
            double v = asx_evaluation_objective(&rows->row[i].evaluation, ref->objective[j]);
            if (trained && ref->objective[j] == ASX_DROP && v > 0)
                v *= KEPT;
            out[i * ref->n + j] = v;
        }
}

static bool is_candidate(const asx_row *row, const asx_limits *limits)
{
    bool fits = row->evaluation.accuracy.drop > 0;
    for (int o = 0; o < ASX_N_OBJECTIVES && fits; o++)
        fits = o == ASX_DROP ||
               asx_evaluation_objective(&row->evaluation, (asx_objective)o) <= limits->max[o];
    return fits;
}

static const char *formats_of(const asx_row *row)
{
    const char *colon = strstr(row->design, ": ");
    return colon ? colon + 2 : row->design;
}

static bool is_chosen(const size_t *index, size_t n, const asx_rows *rows, size_t row)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(formats_of(&rows->row[index[i]]), formats_of(&rows->row[row])) == 0)
            return true;
    return false;
}

/* What a choice works on: the front so far, and the candidates as training would leave them. */
typedef struct choice {
    const asx_rows *rows;
    const asx_reference_point *ref;
    const asx_limits *limits;
    double *now;     /* [rows + max][d]: measured, then chosen */
    double *trained; /* [rows][d] */
    size_t n_now;
} choice;

/* Candidates whose box is covered already add nothing, so most are not even tried. */
static bool is_dominated(const choice *c, const double *point)
{
    const size_t d = c->ref->n;
    for (size_t i = 0; i < c->n_now; i++) {
        bool covers = true;
        for (size_t j = 0; j < d && covers; j++)
            covers = c->now[i * d + j] <= point[j];
        if (covers)
            return true;
    }
    return false;
}

static asx_status best_next(size_t *best, const choice *c, const size_t *index, size_t n,
                            asx_error *err)
{
    const size_t d = c->ref->n, none = c->rows->n;
    double before = 0, most = 0;
    asx_status status = asx_reference_point_hypervolume(&before, c->ref, c->now, c->n_now, err);
    *best = none;
    for (size_t i = 0; status == ASX_OK && i < c->rows->n; i++) {
        const double *point = c->trained + i * d;
        double volume = 0;
        if (!is_candidate(&c->rows->row[i], c->limits) || is_dominated(c, point) ||
            is_chosen(index, n, c->rows, i))
            continue;
        memcpy(c->now + c->n_now * d, point, d * sizeof *point);
        status = asx_reference_point_hypervolume(&volume, c->ref, c->now, c->n_now + 1, err);
        if (status == ASX_OK && volume - before > most) {
            most = volume - before;
            *best = i;
        }
    }
    return status;
}

asx_status asx_promote_choose(size_t *index, size_t *n, const asx_rows *measured,
                              const asx_reference_point *ref, const asx_limits *limits, size_t max,
                              asx_error *err)
{
    const size_t d = ref->n;
    choice c = {.rows = measured,
                .ref = ref,
                .limits = limits,
                .now = asx_array_new((measured->n + max + 1) * d, sizeof *c.now),
                .trained = asx_array_new(measured->n * d + 1, sizeof *c.trained),
                .n_now = measured->n};
    asx_status status =
        c.now && c.trained ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for rows");
    *n = 0;
    if (status == ASX_OK) {
        fill(c.now, measured, ref, false);
        fill(c.trained, measured, ref, true);
    }
    while (status == ASX_OK && *n < max) {
        size_t best;
        status = best_next(&best, &c, index, *n, err);
        if (status != ASX_OK || best == measured->n)
            break;
        memcpy(c.now + c.n_now++ * d, c.trained + best * d, d * sizeof *c.now);
        index[(*n)++] = best;
    }
    free(c.now);
    free(c.trained);
    return status;
}

double asx_promote_distance(const asx_design *a, const asx_design *b, const asx_workload *work)
{
    double all = 0, differ = 0;
    for (size_t l = 0; l < work->n_layers; l++) {
        const double macs = (double)asx_layer_n_macs(&work->layer[l]);
        all += macs;
        differ += asx_format_equal(&a->format[l], &b->format[l]) ? 0 : macs;
    }
    return differ / all;
}
