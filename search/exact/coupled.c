/* Branch and bound with two objectives (coupled_branch.c) over every placement, with one front of
 * designs found. */
#include "search/coupled.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "coupled_passes.h"
#include "coupled_resume.h"
#include "coupled_watch.h"
#include "dse/memory.h"
#include "exact_problem.h"

static asx_status check_choice(const asx_separable *m, size_t placement, size_t group, size_t i,
                               asx_error *err)
{
    const asx_separable_choice *c = &m->choice[placement * m->n_groups + group][i];
    const double number[] = {c->damage, c->energy_pj, c->latency_ns, c->weight_bits};
    for (int j = 0; j < 4; j++)
        if (!isfinite(number[j]) || number[j] < 0)
            return asx_fail(err, ASX_EINVAL,
                            "exact: group %zu, choice %zu: %g is not a finite "
                            "number >= 0",
                            group, i, number[j]);
    if (c->need >= m->n_needs[placement])
        return asx_fail(err, ASX_EINVAL, "exact: group %zu, choice %zu: need %u, not 0 to %zu",
                        group, i, c->need, m->n_needs[placement] - 1);
    return ASX_OK;
}

static asx_status check(const asx_coupled_problem *p, asx_error *err)
{
    const asx_separable *m = p->model;
    if (p->objective != ASX_ENERGY && p->objective != ASX_LATENCY && p->objective != ASX_STORAGE)
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "exact: objective '%s' beside the drop; it can be energy, latency or "
                        "storage",
                        asx_objective_text(p->objective));
    if (!(p->epsilon >= 0 && p->epsilon <= 1))
        return asx_fail(err, ASX_EINVAL, "exact: epsilon %g is not in [0, 1]", p->epsilon);
    if (m->n_groups == 0 || m->n_placements == 0 || !(m->step_bits > 0))
        return asx_fail(err, ASX_EINVAL, "exact: the model is empty");
    for (size_t g = 0; g < m->n_groups; g++) {
        if (m->n_choices[g] < 1 || m->n_choices[g] > UINT16_MAX)
            return asx_fail(err, ASX_EINVAL, "exact: group %zu has %zu choices, not 1 to %d", g,
                            m->n_choices[g], UINT16_MAX);
        for (size_t k = 0; k < m->n_placements; k++)
            for (size_t i = 0; i < m->n_choices[g]; i++) {
                asx_status status = check_choice(m, k, g, i, err);
                if (status != ASX_OK)
                    return status;
            }
    }
    return ASX_OK;
}

/* The placement, of those not `done`, that has the cheapest choices: its designs close the others.
 */
static size_t next_placement(const asx_coupled_search *s, const bool *done)
{
    double least = INFINITY;
    size_t next = 0;
    for (size_t k = 0; k < s->m->n_placements; k++) {
        double sum = 0;
        for (size_t g = 0; g < s->m->n_groups; g++) {
            const asx_separable_choice *c = s->m->choice[k * s->m->n_groups + g];
            double cheapest = INFINITY;
            for (size_t i = 0; i < s->m->n_choices[g]; i++)
                cheapest = fmin(cheapest, asx_coupled_objective(s, &c[i]));
            sum += cheapest;
        }
        if (!done[k] && sum < least) {
            least = sum;
            next = k;
        }
    }
    return next;
}

static asx_status hand_over(asx_coupled_front *out, const asx_incumbent *found, asx_error *err)
{
    const size_t n = found->n, g = found->n_genes - 1;
    out->n = n;
    out->n_groups = g;
    out->value = asx_array_new(n ? n : 1, 2 * sizeof *out->value);
    out->choice = asx_array_new(n ? n : 1, g * sizeof *out->choice);
    out->placement = asx_array_new(n ? n : 1, sizeof *out->placement);
    if (!out->value || !out->choice || !out->placement)
        return asx_exact_out_of_memory(err);
    if (n > 0)
        memcpy(out->value, found->value, 2 * n * sizeof *out->value);
    for (size_t i = 0; i < n; i++) {
        const uint16_t *gene = found->gene + found->row[i] * (g + 1);
        memcpy(out->choice + i * g, gene, g * sizeof *gene);
        out->placement[i] = gene[g];
    }
    return ASX_OK;
}

static asx_status take_known(asx_incumbent *found, const asx_coupled_front *known, bool costs,
                             asx_error *err)
{
    if (!known || known->n == 0)
        return ASX_OK;
    const size_t n_groups = known->n_groups;
    uint16_t *gene = asx_array_new(n_groups + 1, sizeof *gene);
    bool ok = gene != NULL;
    for (size_t i = 0; ok && i < known->n; i++) {
        memcpy(gene, known->choice + i * n_groups, n_groups * sizeof *gene);
        gene[n_groups] = known->placement[i];
        const double value[2] = {costs ? 0 : known->value[2 * i], known->value[2 * i + 1]};
        ok = asx_incumbent_add(found, value, gene);
    }
    free(gene);
    return ok ? ASX_OK : asx_exact_out_of_memory(err);
}

/* A solution under way: one search a placement, in the order in which they are made. */
typedef struct solution {
    asx_coupled_problem pass; /* what is asked of the pass at hand */
    asx_incumbent found, left;
    asx_coupled_front front;
    asx_coupled_watch watch;
    asx_coupled_resume resume;
    asx_coupled_search *search; /* [n_placements] */
    size_t n_begun;             /* of them */
    bool *done;                 /* [n_placements] */
} solution;

static asx_status begin(solution *x, const asx_coupled_problem *problem, asx_error *err)
{
    const asx_separable *m = problem->model;
    *x = (solution){.pass = *problem, .front = {.factor = INFINITY}};
    asx_incumbent_init(&x->found, m->n_groups + 1);
    asx_incumbent_init(&x->left, 1);
    x->watch = (asx_coupled_watch){
        .observer = problem->observer, .to_come = m->n_placements, .factor = INFINITY};
    x->done = asx_array_new(m->n_placements, sizeof *x->done);
    x->search = asx_array_new(m->n_placements, sizeof *x->search);
    if (!x->done || !x->search)
        return asx_exact_out_of_memory(err);
    const double limit[2] = {asx_exact_damage_limit(m, problem->limits.max[ASX_DROP]),
                             problem->limits.max[problem->objective]};
    for (size_t k = 0; k < m->n_placements; k++)
        x->search[k] = (asx_coupled_search){
            .p = &x->pass,
            .m = m,
            .found = &x->found,
            .left = &x->left,
            .out = &x->front,
            .limit = {limit[0], limit[1]},
            .watch = problem->observer && problem->observer->proven ? &x->watch : NULL};
    return take_known(&x->found, problem->known, problem->costs, err);
}

static void end(solution *x)
{
    for (size_t k = 0; k < x->n_begun; k++)
        asx_coupled_search_fini(&x->search[k]);
    free(x->search);
    free(x->done);
    asx_incumbent_fini(&x->found);
    asx_incumbent_fini(&x->left);
    asx_coupled_resume_fini(&x->resume);
}

/* Searches all placements; what was proven before stays so. */
static asx_status run_pass(solution *x, double epsilon, asx_error *err)
{
    const size_t n = x->pass.model->n_placements;
    double factor = 1 + epsilon;
    asx_status status = ASX_OK;
    x->pass.epsilon = epsilon;
    x->left.n = x->left.n_rows = 0;
    x->watch.to_come = n;
    for (size_t k = 0; status == ASX_OK && k < n; k++) {
        asx_coupled_search *s = &x->search[k];
        if (x->front.interrupted && x->n_begun == n)
            return ASX_OK; /* an earlier pass has bounds for all */
        if (k == x->n_begun) {
            s->placement = next_placement(s, x->done);
            x->done[s->placement] = true;
            x->n_begun++;
            status = asx_coupled_search_init(s, err);
        }
        x->watch.to_come--;
        if (status == ASX_OK)
            status = asx_coupled_search_run(s, err);
    }
    for (size_t i = 0; i < x->left.n; i++)
        factor = fmax(factor, asx_coupled_gap(&x->found, x->left.value + 2 * i));
    x->front.factor = fmin(x->front.factor, factor);
    return status;
}

static asx_status run(solution *x, const asx_coupled_problem *p, asx_error *err)
{
    int k = p->known ? 1 : asx_coupled_n_passes(p->epsilon);
    asx_status status = asx_coupled_resume_begin(&x->resume, &k, &x->front, &x->found, p, err);
    if (status == ASX_OK && x->front.factor < INFINITY) /* of an earlier solution */
        status = asx_coupled_watch_pass(&x->watch, x->front.factor, err);
    while (status == ASX_OK && k-- > 0) {
        status = run_pass(x, asx_coupled_pass_epsilon(p->epsilon, k), err);
        if (x->front.interrupted || (p->max_nodes > 0 && x->front.n_nodes >= p->max_nodes))
            return status == ASX_OK ? asx_coupled_resume_stop(&x->resume, err) : status;
        if (status == ASX_OK)
            status = asx_coupled_resume_pass(&x->resume, k, &x->front, &x->found, err);
        if (status == ASX_OK && k > 0)
            status = asx_coupled_watch_pass(&x->watch, x->front.factor, err);
    }
    return status;
}

asx_status asx_coupled_solve(asx_coupled_front *out, const asx_coupled_problem *problem,
                             asx_error *err)
{
    solution x;
    asx_status status = check(problem, err);
    if (status != ASX_OK)
        return status;
    status = begin(&x, problem, err);
    if (status == ASX_OK)
        status = run(&x, problem, err);
    if (status == ASX_OK)
        status = hand_over(&x.front, &x.found, err);
    end(&x);
    if (status != ASX_OK)
        asx_coupled_front_fini(&x.front);
    else
        *out = x.front;
    return status;
}

void asx_coupled_front_fini(asx_coupled_front *front)
{
    if (!front)
        return;
    free(front->value);
    free(front->third);
    free(front->choice);
    free(front->placement);
    *front = (asx_coupled_front){0};
}
