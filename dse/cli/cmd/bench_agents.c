#include "bench_agents.h"

#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "dse/output.h"
#include "kept.h"
#include "look_options.h"
#include "session_options.h"
#include "table.h"

static const table_column columns[] = {{"agent", TABLE_TEXT, 0},
                                       {"evaluations", TABLE_INTEGER, 0},
                                       {"seeds", TABLE_INTEGER, 0},
                                       {"hypervolume", TABLE_NUMBER, 4},
                                       {"hypervolume_low", TABLE_NUMBER, 4},
                                       {"hypervolume_high", TABLE_NUMBER, 4},
                                       {"best_percent", TABLE_NUMBER, 2},
                                       {0}};

/* After an eighth of the budget, a quarter, a half, and all of it. */
enum { STEPS = 4 };

static size_t step_at(const asx_agents *a, size_t step)
{
    const size_t n = a->budget >> (STEPS - 1 - step);
    return n ? n : 1;
}

static int by_mean(const void *x, const void *y)
{
    const double a = *(const double *)x, b = *(const double *)y;
    return (a < b) - (a > b);
}

typedef struct place {
    double mean;
    size_t agent;
} place;

static void add_step(table *t, const asx_agents *a, size_t evaluations, place *order)
{
    for (size_t i = 0; i < a->n_agents; i++)
        order[i] = (place){asx_agents_at(a, i, evaluations).mean, i};
    qsort(order, a->n_agents, sizeof *order, by_mean);
    for (size_t i = 0; i < a->n_agents; i++) {
        const asx_agents_point p = asx_agents_at(a, order[i].agent, evaluations);
        table_text(t, a->run[order[i].agent * a->n_seeds].agent);
        table_integer(t, (long long)evaluations);
        table_integer(t, (long long)a->n_seeds);
        table_number(t, p.mean);
        table_number(t, p.low);
        table_number(t, p.high);
        table_number(t, order[0].mean > 0 ? 100 * p.mean / order[0].mean : 0);
    }
}

static asx_status print(const asx_agents *a, const look *l, asx_error *err)
{
    table *t = NULL;
    asx_text reference = {0};
    place *order = asx_array_new(a->n_agents, sizeof *order);
    asx_status status = order ? table_new(&t, NULL, columns, err)
                              : asx_fail(err, ASX_ENOMEM, "no memory for %zu agents", a->n_agents);
    for (size_t step = 0; status == ASX_OK && step < STEPS; step++)
        if (step == 0 || step_at(a, step) > step_at(a, step - 1))
            add_step(t, a, step_at(a, step), order);
    asx_reference_point_print(&reference, &a->reference);
    if (status == ASX_OK)
        table_for_people(t, NULL, "seeds best_percent");
    if (status == ASX_OK)
        status = look_print(l, &t, 1, err);
    if (status == ASX_OK && !reference.failed)
        look_say("hypervolume: share of the box up to %s", reference.s);
    asx_text_fini(&reference);
    free(order);
    table_free(t);
    return status;
}

/* ---- trajectories ---- */

static asx_status new_trajectories(table **t, const asx_agents *a, asx_error *err)
{
    table_column column[5 + ASX_N_OBJECTIVES] = {
        {"agent", TABLE_TEXT, 0}, {"seed", TABLE_INTEGER, 0}, {"evaluation", TABLE_INTEGER, 0}};
    size_t n = 3;
    for (size_t j = 0; j < a->n_objectives; j++)
        column[n++] =
            (table_column){asx_objective_field(a->objective[j]), TABLE_NUMBER, TABLE_AUTO};
    column[n++] = (table_column){"feasible", TABLE_INTEGER, 0};
    column[n] = (table_column){"hypervolume", TABLE_NUMBER, 6};
    return table_new(t, NULL, column, err);
}

static asx_status write_trajectories(const char *path, const asx_agents *a, asx_error *err)
{
    table *t = NULL;
    asx_output *output = NULL;
    asx_status status = new_trajectories(&t, a, err);
    for (size_t i = 0; status == ASX_OK && i < a->n_agents * a->n_seeds; i++)
        for (size_t k = 0; k < a->run[i].n; k++) {
            const asx_agent_run *r = &a->run[i];
            table_text(t, r->agent);
            table_integer(t, (long long)r->seed);
            table_integer(t, (long long)k + 1);
            for (size_t j = 0; j < a->n_objectives; j++)
                table_number(t, r->objective[k * a->n_objectives + j]);
            table_integer(t, r->feasible[k]);
            table_number(t, r->hypervolume[k]);
        }
    if (status == ASX_OK)
        status = asx_output_open(&output, path, NULL, err);
    if (status == ASX_OK)
        status = table_print(asx_output_stream(output), "csv", &t, 1, err);
    if (status == ASX_OK)
        status = asx_output_commit(output, err);
    asx_output_free(output);
    table_free(t);
    return status;
}

/* "nsga2, local:width=4": names with commas between; blanks do not count. @param out  [room], into `text` */
static size_t split(const char *out[], size_t room, char *text)
{
    size_t n = 0;
    char *save = NULL;
    for (char *next = strtok_r(text, ", ", &save); next && n < room;
         next = strtok_r(NULL, ", ", &save))
        out[n++] = next;
    return n;
}

asx_status bench_agents(bench_agents_options *o, asx_error *err)
{
    enum { ROOM = 64 };
    asx_session s = {0};
    asx_agents agents = {.run = NULL};
    const char *name[ROOM];
    char *names = asx_string_copy(o->agents ? o->agents : "");
    asx_status status = names ? asx_tier_parse(&o->study.tier, o->tier, err)
                              : asx_fail(err, ASX_ENOMEM, "no memory for names of agents");
    if (status == ASX_OK && o->agents) {
        o->study.agent = name;
        o->study.n_agents = split(name, ROOM, names);
        if (!o->study.n_agents)
            status =
                asx_fail(err, ASX_EINVAL, "option '--agents': there are none in '%s'", o->agents);
    }
    if (status == ASX_OK)
        status = session_open(&s, o->campaign, err);
    if (status == ASX_OK && o->output)
        status = kept_by_session(o->output, &s, err);
    if (status == ASX_OK)
        status = asx_agents_run(&agents, &s, &o->study, err);
    if (status == ASX_OK && o->output)
        status = write_trajectories(o->output, &agents, err);
    if (status == ASX_OK)
        status = print(&agents, &o->look, err);
    asx_agents_fini(&agents);
    asx_session_close(&s);
    free(names);
    return status;
}
