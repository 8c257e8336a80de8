/* Single designs of a front: the best under limits, and the knee. */
#include <math.h>

#include "results/front.h"
#include "results/scan.h"

const asx_row *asx_front_best(bool *feasible, const asx_front *f, const asx_limits *limits,
                              asx_objective minimise)
{
    const asx_row *best = NULL;
    double best_violation = INFINITY, best_value = INFINITY;
    for (size_t i = 0; i < f->rows.n; i++) {
        const asx_row *row = &f->rows.row[i];
        const double violation = asx_limits_violation(limits, &row->evaluation);
        const double value = asx_evaluation_objective(&row->evaluation, minimise);
        if (!best || violation < best_violation ||
            (violation == best_violation && value < best_value)) {
            best = row;
            best_violation = violation;
            best_value = value;
        }
    }
    if (feasible)
        *feasible = best && best_violation == 0;
    return best;
}

/* ---- of all rows, wherever they lie ---- */

typedef struct asking {
    const asx_limits *limits;
    asx_objective minimise;
    int64_t id; /* 0: none yet */
    double violation, value;
} asking;

static asx_status ask(void *state, const asx_row *row, asx_error *err)
{
    asking *a = state;
    const double violation = asx_limits_violation(a->limits, &row->evaluation);
    const double value = asx_evaluation_objective(&row->evaluation, a->minimise);
    (void)err;
    if (violation < a->violation || (violation <= a->violation && value < a->value)) {
        a->violation = violation;
        a->value = value;
        a->id = row->id;
    }
    return ASX_OK;
}

/* Whatever keeps these limits keeps the campaign's, and some row of the front is as good. */
static bool front_has_best(const asx_front *f, const asx_limits *limits, asx_objective minimise)
{
    bool is[ASX_N_OBJECTIVES] = {false};
    for (size_t j = 0; j < f->n_objectives; j++)
        is[f->objective[j]] = true;
    for (int o = 0; o < ASX_N_OBJECTIVES; o++)
        if (limits->max[o] > f->limits.max[o] || (limits->max[o] < INFINITY && !is[o]))
            return false;
    return is[minimise];
}

asx_status asx_front_find_best(const asx_row **out, bool *feasible, asx_front *f, asx_store *store,
                               const char *where, const asx_limits *limits, asx_objective minimise,
                               asx_error *err)
{
    bool keeps = false;
    const asx_row *best = asx_front_best(&keeps, f, limits, minimise);
    asking a = {limits, minimise, 0, INFINITY, INFINITY};
    asx_status status = ASX_OK;
    if (best)
        a.violation = asx_limits_violation(limits, &best->evaluation);
    if (best)
        a.value = asx_evaluation_objective(&best->evaluation, minimise);
    if (!(keeps && front_has_best(f, limits, minimise)))
        status = asx_front_each_behind(f, store, where, ask, &a, err);
    if (status == ASX_OK && a.id) {
        asx_rows_fini(&f->asked);
        status = asx_scan_rows(&f->asked, store, &a.id, 1, err);
        best = f->asked.n ? &f->asked.row[0] : best;
        keeps = !(a.violation > 0);
    }
    if (status == ASX_OK) {
        *out = best;
        *feasible = keeps;
    }
    return status;
}

const asx_row *asx_front_cheapest(const asx_front *f, asx_objective cost, double max_drop)
{
    const asx_row *best = NULL;
    for (size_t i = 0; i < f->n; i++) {
        const asx_row *row = asx_front_row(f, i);
        if (row->evaluation.accuracy.drop > max_drop)
            continue;
        if (!best || asx_evaluation_objective(&row->evaluation, cost) <
                         asx_evaluation_objective(&best->evaluation, cost))
            best = row;
    }
    return best;
}

static double objective(const asx_front *f, size_t i, size_t j)
{
    return asx_evaluation_objective(&asx_front_row(f, i)->evaluation, f->objective[j]);
}

const asx_row *asx_front_knee(const asx_front *f)
{
    double low[ASX_N_OBJECTIVES], high[ASX_N_OBJECTIVES], least = INFINITY;
    const asx_row *knee = NULL;
    for (size_t j = 0; j < f->n_objectives; j++) {
        low[j] = INFINITY;
        high[j] = -INFINITY;
        for (size_t i = 0; i < f->n; i++) {
            low[j] = fmin(low[j], objective(f, i, j));
            high[j] = fmax(high[j], objective(f, i, j));
        }
    }
    for (size_t i = 0; i < f->n; i++) {
        double sum = 0;
        for (size_t j = 0; j < f->n_objectives; j++)
            if (high[j] > low[j])
                sum += (objective(f, i, j) - low[j]) / (high[j] - low[j]);
        if (sum < least) {
            least = sum;
            knee = asx_front_row(f, i);
        }
    }
    return knee;
}
