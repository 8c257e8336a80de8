/* The exact front as a searcher: it solves the model, then proposes the front's designs, so that
 * they are evaluated and booked like any others. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cuts.h"
#include "dse/memory.h"
#include "dse/pareto.h"
#include "search/coupled.h"
#include "searchers.h"
#include "sweep.h"

typedef struct exact {
    asx_searcher_setup own;
    double epsilon;
    size_t max_nodes, most_bytes;
    asx_objective objective, third; /* beside the drop; ASX_DROP: there is no third */
    bool costs;                     /* two costs alone, the drop may have a limit */
    bool product;                   /* energy x delay is minimised instead of both */
    bool solved, infeasible;        /* no design keeps the limits: the front is that without them */
    asx_coupled_front front;
    asx_cuts_front
        cuts; /* where damages do not add up: what is proven, its front moved to `front` */
    size_t asked;
} exact;

static const asx_param_spec params[] = {
    {"epsilon", false, 0, 0, 1, "", "how much worse the front may be; 0: exact"},
    {"nodes", true, 0, 0, 1e9, "", "most arrays to look into, 0: until the front is proven"},
    {"memory", true, 2000, 16, 1e6, "MB",
     "most that partial sums may take; where they need more, the front is proven less closely"},
    {0},
};

static bool has(const asx_searcher_setup *setup, asx_objective objective)
{
    size_t n = 0;
    for (size_t j = 0; j < setup->n_objectives; j++)
        n += setup->objective[j] == objective;
    return n > 0;
}

/* The objectives beside the drop: energy first, area last. Where the product of energy and time is
 * one beside them its front is among theirs: of two designs that drop the same, one that needs no
 * more energy and no more time has no more of their product. */
static bool take_objectives(exact *s, const asx_searcher_setup *setup)
{
    static const asx_objective order[] = {ASX_ENERGY, ASX_LATENCY, ASX_STORAGE, ASX_AREA};
    asx_objective taken[2] = {ASX_DROP, ASX_DROP};
    size_t n = 0, n_drops = 0;
    for (size_t j = 0; j < setup->n_objectives; j++)
        n_drops += setup->objective[j] == ASX_DROP;
    for (size_t k = 0; k < sizeof order / sizeof *order; k++)
        for (size_t j = 0; j < setup->n_objectives && n < 2; j++)
            if (setup->objective[j] == order[k])
                taken[n++] = order[k];
    if (n_drops == 1 && has(setup, ASX_ENERGY_DELAY) && setup->n_objectives == 2 + n) {
        s->product = n == 0;
        s->objective = ASX_ENERGY;
        s->third = ASX_LATENCY;
        return n == 0 || (taken[0] <= ASX_LATENCY && (n == 1 || taken[1] == ASX_LATENCY));
    }
    s->objective = taken[0];
    s->third = taken[1];
    s->costs = n_drops == 0;
    return n + n_drops == setup->n_objectives && n + n_drops >= 2 && n > 0 &&
           s->objective != ASX_AREA;
}

static asx_status check(const asx_searcher_setup *setup, asx_error *err)
{
    exact s = {0};
    if (has(setup, ASX_POWER) || setup->limits.max[ASX_POWER] < INFINITY)
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "exact: 'power_mw' falls as time rises, so no part of a design is best for "
                        "it; take energy and latency as objectives, or algorithm nsga2");
    if (!take_objectives(&s, setup))
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "exact: the objectives must be 'drop' and one of energy, latency, storage "
                        "and energy_delay, or two of energy, latency, storage and area, with or "
                        "without 'drop'");
    if (setup->limits.max[ASX_ENERGY_DELAY] < INFINITY &&
        (s.objective != ASX_ENERGY || s.third != ASX_LATENCY))
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "exact: a limit of 'energy_delay' needs the objectives drop, energy and "
                        "latency, or drop and energy_delay");
    return ASX_OK;
}

static asx_status init(void *state, const asx_searcher_setup *setup, asx_error *err)
{
    exact *s = state;
    s->own = *setup;
    s->epsilon = asx_params_get(setup->params, "epsilon");
    s->max_nodes = (size_t)asx_params_get(setup->params, "nodes");
    s->most_bytes = (size_t)(1e6 * asx_params_get(setup->params, "memory"));
    if (!setup->model)
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "exact: only for accuracies of tier 'proxy', which add up over layers");
    const asx_status status = check(setup, err);
    if (status == ASX_OK)
        take_objectives(s, setup);
    if (status == ASX_OK && setup->model->damage && (s->third != ASX_DROP || !has(setup, ASX_DROP)))
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "exact: with cross terms the objectives must be 'drop' and one of energy, "
                        "latency and storage");
    return status;
}

/* Keeps the rows whose products are within the limit and, where products alone are minimised, that
 * no other row beats. */
static asx_status keep_products(asx_coupled_front *f, double most, bool front, asx_error *err)
{
    size_t n_kept = f->n, n = 0;
    double *value = asx_array_new(2 * f->n + 1, sizeof *value);
    size_t *index = asx_array_new(f->n + 1, sizeof *index);
    asx_status status = value && index ? ASX_OK : asx_fail(err, ASX_ENOMEM, "exact: out of memory");
    for (size_t i = 0; status == ASX_OK && i < f->n; i++) {
        index[i] = i;
        value[2 * i] = f->value[2 * i];
        value[2 * i + 1] = 1e-12 * f->value[2 * i + 1] * f->third[i];
    }
    if (status == ASX_OK && front && f->n > 0)
        status = asx_pareto_front(index, &n_kept, value, NULL, f->n, 2, err);
    for (size_t i = 0; status == ASX_OK && i < n_kept; i++) {
        const size_t from = index[i];
        if (value[2 * from + 1] > most)
            continue;
        memmove(f->choice + n * f->n_groups, f->choice + from * f->n_groups,
                f->n_groups * sizeof *f->choice);
        f->placement[n++] = f->placement[from];
    }
    f->n = n;
    free(value);
    free(index);
    return status;
}

static asx_status solve_cuts(exact *s, const asx_coupled_problem *problem, asx_error *err)
{
    const asx_status status = asx_cuts_solve(&s->cuts, problem, ASX_CUTS_SMALL, err);
    s->front = s->cuts.front;
    s->cuts.front = (asx_coupled_front){.n = 0};
    return status;
}

static asx_status solve_problem(exact *s, const asx_coupled_problem *problem, asx_error *err)
{
    const double most = problem->limits.max[ASX_ENERGY_DELAY];
    asx_status status = problem->model->damage ? solve_cuts(s, problem, err)
                        : s->third == ASX_DROP ? asx_coupled_solve(&s->front, problem, err)
                        : s->product ? asx_sweep_products(&s->front, problem, s->third, err)
                                     : asx_sweep_solve(&s->front, problem, s->third, err);
    if (status == ASX_OK && (s->product || most < INFINITY))
        status = keep_products(&s->front, most, s->product, err);
    return status;
}

static asx_status tell_proven(const exact *s, double factor, asx_error *err)
{
    const asx_observer *o = s->own.observer;
    return o && o->proven ? o->proven(o->state, factor, err) : ASX_OK;
}

/* Nothing keeps the limits. So that there is something to look at: what drops least for its cost, without any. */
static asx_status solve_without_limits(exact *s, const asx_coupled_problem *problem, asx_error *err)
{
    const double close_enough = 0.01; /* of what is not asked for */
    asx_coupled_problem free_of_limits = *problem;
    free_of_limits.limits = asx_limits_none();
    free_of_limits.costs = false;
    if (s->third != ASX_DROP)
        free_of_limits.epsilon = fmax(problem->epsilon, close_enough);
    free_of_limits.observer = NULL;
    free_of_limits.resume = NULL;
    s->infeasible = true;
    asx_coupled_front_fini(&s->front);
    const asx_status status = problem->model->damage
                                  ? solve_cuts(s, &free_of_limits, err)
                                  : asx_coupled_solve(&s->front, &free_of_limits, err);
    s->front.factor = 1; /* that there is none is certain */
    return status;
}

static asx_status solve(exact *s, asx_error *err)
{
    const asx_coupled_problem problem = {.model = s->own.model,
                                         .objective = s->objective,
                                         .limits = s->own.limits,
                                         .costs = s->costs,
                                         .epsilon = s->epsilon,
                                         .max_nodes = s->max_nodes,
                                         .most_bytes = s->most_bytes,
                                         .stop = s->own.stop,
                                         .stop_state = s->own.stop_state,
                                         .observer = s->own.observer,
                                         .resume = s->own.resume};
    asx_status status = tell_proven(s, INFINITY, err);
    if (status == ASX_OK)
        status = solve_problem(s, &problem, err);
    if (status == ASX_OK && s->front.n == 0 && s->front.factor < INFINITY)
        status = solve_without_limits(s, &problem, err);
    s->solved = status == ASX_OK;
    if (status == ASX_OK)
        status = tell_proven(s, s->front.factor, err);
    return status;
}

static asx_status ask(void *state, size_t max, asx_gene *point, size_t *n, asx_error *err)
{
    exact *s = state;
    asx_status status = s->solved ? ASX_OK : solve(s, err);
    if (status != ASX_OK)
        return status;
    const size_t n_genes = asx_space_n_genes(s->own.space);
    size_t left = s->front.n - s->asked;
    *n = left < max ? left : max;
    for (size_t i = 0; i < *n; i++, s->asked++) {
        point[i * n_genes] = s->front.placement[s->asked];
        for (size_t g = 1; g < n_genes; g++)
            point[i * n_genes + g] = s->front.choice[s->asked * s->front.n_groups + g - 1];
    }
    return ASX_OK;
}

static asx_status tell(void *state, size_t n, const asx_gene *point, const double *objective,
                       const double *violation, asx_error *err)
{
    (void)state, (void)n, (void)point, (void)objective, (void)violation, (void)err;
    return ASX_OK;
}

/* How it was proven where damages do not add up, and for which drops. Those are told upwards: a bound of a drop holds above. */
static void report_cuts(asx_text *out, const exact *s)
{
    static const double FINE = 0.001;  /* points */
    static const double UP = 1 + 5e-4; /* what four digits may round down by */
    const asx_cuts_front *c = &s->cuts;
    const asx_separable *m = s->own.model;
    const bool proven = s->front.factor < INFINITY;
    if (!m->damage)
        return;
    if (c->least > 0 && proven)
        asx_text_add(out, ", or where its drop is below %.4g, the least found, at most that",
                     fmax(FINE, UP * m->drop(m->state, c->least)));
    if (c->close_from < INFINITY && proven && s->front.factor > 1)
        asx_text_add(out, "; at most %.4g times from a drop of %.4g on", UP * c->close_factor,
                     fmax(FINE, UP * m->drop(m->state, c->close_from)));
    asx_text_add(out, "; cross terms: %zu planes, %zu designs looked at%s", c->n_planes,
                 c->n_valued, c->branched ? ", branch and bound over all designs" : "");
}

/* A factor that is no smaller, and has no more digits than anyone reads. */
static double in_few_digits(double factor)
{
    const double digits = 1e6, few = ceil(factor * digits - 1e-6) / digits;
    return factor < 1000 ? few : factor;
}

static void report(asx_text *out, const void *state)
{
    const exact *s = state;
    const bool drops = has(&s->own, ASX_DROP),
               proxied = drops || s->own.limits.max[ASX_DROP] < INFINITY;
    const double factor = in_few_digits(s->front.factor);
    if (!s->solved)
        return;
    if (s->infeasible) {
        asx_text_add(
            out,
            "factor 1: proven: no design of the space keeps the limits, by this %shardware "
            "model; %zu designs that drop little for their %s were looked at instead",
            proxied ? "proxy and " : "", s->front.n, asx_objective_text(s->objective));
        return;
    }
    if (!(s->front.factor < INFINITY))
        asx_text_add(out, "factor inf: %s",
                     s->front.interrupted ? "stopped before anything was proven"
                     : s->own.model->damage
                         ? "nothing is proven"
                         : "'nodes' or 'memory' ended it before anything was proven");
    else if (s->front.factor <= 1)
        asx_text_add(out, "factor 1: proven front of all designs, for this %shardware model",
                     proxied ? "proxy and " : "");
    else
        asx_text_add(out,
                     "factor %.10g: every design has one in the front with at most %s%.10g "
                     "times its %s%s%s",
                     factor, drops ? "its drop and at most " : "", factor,
                     asx_objective_text(s->product ? ASX_ENERGY_DELAY : s->objective),
                     s->third == ASX_DROP || s->product ? "" : " and ",
                     s->third == ASX_DROP || s->product ? "" : asx_objective_text(s->third));
    report_cuts(out, s);
    asx_text_add(out, "; %zu points, %zu nodes of branch and bound, %zu labels at most", s->front.n,
                 s->front.n_nodes, s->front.n_labels);
}

/* By `nodes` or `memory`. */
static bool fell_short(const void *state)
{
    const exact *s = state;
    return s->solved && !(s->front.factor <= (1 + s->epsilon) * (1 + 1e-12));
}

static void fini(void *state)
{
    exact *s = state;
    asx_coupled_front_fini(&s->front);
}

const asx_searcher_type asx_searcher_exact = {
    .name = "exact",
    .summary = "the true Pareto front of the proxy tier, by dynamic programming, proven",
    .params = params,
    .state_size = sizeof(exact),
    .wants_model = true,
    .concludes = true,
    .check = check,
    .init = init,
    .ask = ask,
    .tell = tell,
    .fini = fini,
    .fell_short = fell_short,
    .report = report,
};
