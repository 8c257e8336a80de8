#include "real.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "dse/pareto.h"
#include "population.h"

/* Streams of the seed: the first generation, and children from there on. */
enum { STREAM_FIRST = 0, STREAM_CHILD = 1 };

enum { ATTEMPTS = 16 }; /* at a child that is not its mother's copy */

typedef struct evolution {
    const asx_real_problem *p;
    asx_real_options o;
    asx_population people; /* members: rows of the result */
    asx_real_result r;
} evolution;

static asx_status check(const asx_real_problem *p, const asx_real_options *o, asx_error *err)
{
    if (p->n_variables == 0 || p->n_objectives == 0 || p->n_objectives > ASX_PARETO_DIMS_MAX)
        return asx_fail(err, ASX_EINVAL,
                        "evolution: %zu variables and %zu objectives, not 1 or more and 1 to %d",
                        p->n_variables, p->n_objectives, (int)ASX_PARETO_DIMS_MAX);
    for (size_t i = 0; i < p->n_variables; i++)
        if (!isfinite(p->high[i] - p->low[i]) || p->low[i] >= p->high[i])
            return asx_fail(err, ASX_EINVAL, "evolution: variable %zu from %g to %g", i, p->low[i],
                            p->high[i]);
    if (o->population < 4 || o->evaluations < o->population)
        return asx_fail(err, ASX_EINVAL, "evolution: population %zu, not 4 to the %zu evaluations",
                        o->population, o->evaluations);
    if (o->children < 1 || o->children > o->population)
        return asx_fail(err, ASX_EINVAL, "evolution: %zu children, not 1 to the population of %zu",
                        o->children, o->population);
    if (!(o->crossover >= 0 && o->crossover <= 1 && o->mutation >= 0 && o->mutation <= 1 &&
          o->crossover_index >= 0 && o->mutation_index >= 0))
        return asx_fail(err, ASX_EINVAL,
                        "evolution: a probability is not 0 to 1, or an index below 0");
    return ASX_OK;
}

/* One of the two children that simulated binary crossover makes of x and y, each with equal chance.
 * The distribution is cut at the bound on the child's side. */
static double cross(double x, double y, double low, double high, double index, asx_dice *dice)
{
    const double a = fmin(x, y), b = fmax(x, y), span = b - a;
    const double u = asx_dice_roll(dice);
    const bool lower = asx_dice_roll(dice) < 0.5;
    if (span < 1e-14)
        return x;
    const double beta = 1 + 2 * (lower ? a - low : high - b) / span;
    const double alpha = 2 - pow(beta, -(index + 1));
    const double inner = u * alpha;
    const double spread = pow(inner <= 1 ? inner : 1 / (2 - inner), 1 / (index + 1));
    const double child = 0.5 * (a + b + (lower ? -spread : spread) * span);
    return fmin(fmax(child, low), high);
}

static double mutate(double x, double low, double high, double index, asx_dice *dice)
{
    const double span = high - low, u = asx_dice_roll(dice);
    const bool down = u < 0.5;
    const double room = 1 - (down ? x - low : high - x) / span;
    const double tail = pow(room, index + 1);
    const double shift = down ? pow(2 * u + (1 - 2 * u) * tail, 1 / (index + 1)) - 1
                              : 1 - pow(2 * (1 - u) + (2 * u - 1) * tail, 1 / (index + 1));
    return fmin(fmax(x + shift * span, low), high);
}

/* @return whether the child differs from its mother */
static bool breed(const evolution *e, double *child, asx_dice *dice)
{
    const asx_real_problem *p = e->p;
    size_t pair[2];
    asx_population_draw(pair, &e->people, dice);
    const double *mother = e->r.x + pair[0] * p->n_variables;
    const double *father = e->r.x + pair[1] * p->n_variables;
    const bool mate = asx_dice_roll(dice) < e->o.crossover;
    for (size_t i = 0; i < p->n_variables; i++) {
        child[i] = mother[i];
        if (mate && asx_dice_roll(dice) < 0.5)
            child[i] =
                cross(mother[i], father[i], p->low[i], p->high[i], e->o.crossover_index, dice);
        if (asx_dice_roll(dice) < e->o.mutation)
            child[i] = mutate(child[i], p->low[i], p->high[i], e->o.mutation_index, dice);
    }
    return memcmp(child, mother, p->n_variables * sizeof *child) != 0;
}

/* Evaluates the next row of the result, a child of the parents there are. */
static asx_status add_child(evolution *e, asx_error *err)
{
    const asx_real_problem *p = e->p;
    asx_population *people = &e->people;
    const size_t row = e->r.n, d = p->n_objectives;
    double *x = e->r.x + row * p->n_variables, *objective = e->r.objective + row * d;
    asx_dice dice = {e->o.seed, people->n_parents > 0 ? STREAM_CHILD + row : STREAM_FIRST,
                     row * p->n_variables};
    for (int i = 0; people->n_parents > 0 && i < ATTEMPTS; i++)
        if (breed(e, x, &dice))
            break;
    for (size_t i = 0; people->n_parents == 0 && i < p->n_variables; i++)
        x[i] = p->low[i] + asx_dice_roll(&dice) * (p->high[i] - p->low[i]);
    e->r.violation[row] = p->evaluate(objective, x, p->state);
    for (size_t j = 0; j < d; j++)
        if (!isfinite(objective[j]))
            return asx_fail(err, ASX_EINVAL, "evolution: objective %zu of evaluation %zu is %g", j,
                            row, objective[j]);
    asx_population_add(people, row, objective, e->r.violation[row]);
    e->r.n++;
    return ASX_OK;
}

static asx_status reserve(evolution *e, asx_error *err)
{
    asx_real_result *r = &e->r;
    const size_t n = e->o.evaluations;
    r->x = asx_array_new(n, e->p->n_variables * sizeof *r->x);
    r->objective = asx_array_new(n, e->p->n_objectives * sizeof *r->objective);
    r->violation = asx_array_new(n, sizeof *r->violation);
    r->population = asx_array_new(e->o.population, sizeof *r->population);
    r->front = asx_array_new(n, sizeof *r->front);
    if (!r->x || !r->objective || !r->violation || !r->population || !r->front)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu evaluations", n);
    return asx_population_init(&e->people, e->o.population, e->p->n_objectives, err);
}

asx_status asx_real_search(asx_real_result *out, const asx_real_problem *problem,
                           const asx_real_options *options, asx_error *err)
{
    evolution e = {.p = problem, .o = *options};
    asx_status status = check(problem, options, err);
    if (status != ASX_OK)
        return status;
    if (e.o.mutation <= 0)
        e.o.mutation = 1 / (double)problem->n_variables;
    status = reserve(&e, err);
    while (status == ASX_OK && e.r.n < e.o.evaluations) {
        const size_t left = e.o.evaluations - e.r.n;
        const size_t wanted = e.r.n > 0 ? e.o.children : e.o.population;
        const size_t n = left < wanted ? left : wanted;
        for (size_t i = 0; status == ASX_OK && i < n; i++)
            status = add_child(&e, err);
        if (status == ASX_OK)
            status = asx_population_select(&e.people, err);
    }
    e.r.n_population = e.people.n_parents;
    if (status == ASX_OK) {
        memcpy(e.r.population, e.people.member, e.r.n_population * sizeof *e.r.population);
        status = asx_pareto_front(e.r.front, &e.r.n_front, e.r.objective, e.r.violation, e.r.n,
                                  problem->n_objectives, err);
    }
    asx_population_fini(&e.people);
    if (status == ASX_OK)
        *out = e.r;
    else
        asx_real_result_fini(&e.r);
    return status;
}

void asx_real_result_fini(asx_real_result *r)
{
    if (!r)
        return;
    free(r->x);
    free(r->objective);
    free(r->violation);
    free(r->population);
    free(r->front);
    *r = (asx_real_result){0};
}
