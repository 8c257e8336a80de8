/* Single designs of a front: the best under limits, and the knee. */
#include <math.h>

#include "results/front.h"

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
