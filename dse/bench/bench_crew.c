/* How many jobs a second rank 0 can hand out, and how near many workers come to their ideal. Jobs do
 * nothing but wait, so that any number of ranks fits on a machine. Evaluations are booked in a database,
 * as a search does. Started alone there are no ranks, and one thread does it all. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"
#include "dse/space.h"
#include "explore/session.h"
#include "results/record.h"
#include "search/run.h"

static asx_status nap(double seconds)
{
    const struct timespec t = {(time_t)seconds, (long)(1e9 * (seconds - (double)(time_t)seconds))};
    if (seconds > 0)
        nanosleep(&t, NULL);
    return ASX_OK;
}

static asx_status serve(void *state, asx_text *answer, const char *job, size_t n,
                        const asx_crew_line *line, asx_error *err)
{
    asx_crew_reader r = asx_crew_read(job, n);
    double seconds = 0;
    (void)state;
    (void)line;
    asx_crew_get(&seconds, &r, sizeof seconds);
    const asx_status status = asx_crew_read_end(&r, err);
    asx_text_add_bytes(answer, (const char *)&seconds, sizeof seconds);
    return status == ASX_OK ? nap(seconds) : status;
}

asx_status bench_crew_open(asx_crew_server *out, asx_error *err)
{
    (void)err;
    *out = (asx_crew_server){.serve = serve};
    return ASX_OK;
}

/* An evaluator whose designs take `seconds`, here or elsewhere. */
typedef struct waiting {
    const asx_crew *crew;
    double seconds;
    /* of the designs that are out */
    const asx_evaluator_sink *sink;
    size_t n, next;
} waiting;

static asx_evaluation value_of(size_t i)
{
    asx_evaluation e = {.accuracy = {.tier = ASX_TIER_MEASURED, .images = 100}};
    e.accuracy.drop = (double)(i % 100);
    e.cost.energy_pj = 1 + (double)(i % 97);
    return e;
}

static asx_status next(void *state, asx_crew_job *job, asx_error *err)
{
    waiting *w = state;
    if (w->next == w->n)
        return ASX_OK;
    asx_crew_begin(&job->bytes, ASX_CREW_WAIT);
    asx_text_add_bytes(&job->bytes, (const char *)&w->seconds, sizeof w->seconds);
    job->number = w->next++;
    job->weight = 1;
    return job->bytes.failed ? asx_fail(err, ASX_ENOMEM, "no memory for a job") : ASX_OK;
}

static asx_status take(void *state, size_t number, const asx_crew_answer *answer, asx_error *err)
{
    const waiting *w = state;
    const asx_evaluation e = value_of(number);
    return answer->status != ASX_OK
               ? asx_fail(err, answer->status, "%s", answer->message)
               : w->sink->take(w->sink->state, number, &e, answer->seconds, err);
}

static asx_status evaluate(void *state, const asx_design *design, asx_evaluation *inout,
                           asx_error *err)
{
    const waiting *w = state;
    (void)design;
    (void)err;
    *inout = value_of(0);
    return nap(w->seconds);
}

static asx_status evaluate_each(void *state, const asx_design *const *design, size_t n,
                                const asx_evaluation *known, const asx_evaluator_sink *sink,
                                size_t *culprit, asx_error *err)
{
    waiting *w = state;
    const asx_crew_task task = {.next = next, .take = take, .state = w};
    (void)design;
    (void)known;
    (void)culprit;
    w->sink = sink;
    w->n = n;
    w->next = 0;
    return w->crew->run(w->crew->state, &task, err);
}

static const asx_evaluator_type alone_type = {.name = "wait", .evaluate = evaluate};
static const asx_evaluator_type shared_type = {
    .name = "wait", .evaluate = evaluate, .evaluate_each = evaluate_each};

/* What a search needs: the layers of the network that asx carries, a space that is large enough, a
 * database that is thrown away. */
typedef struct stand {
    asx_session session;
    asx_space *space;
    asx_store *store;
    asx_ledger ledger;
    char path[64];
} stand;

static asx_status make_space(asx_space **out, const asx_workload *work, asx_error *err)
{
    static const char *const text[] = {"w8a8",    "w8{1}a8", "w8{1,3}a8", "w6a8",   "w6{1}a8",
                                       "w4{1}a8", "w4{3}a8", "w4{1,5}a8", "w4{7}a8"};
    enum { N = sizeof text / sizeof *text };
    static const asx_placement placement[] = {ASX_PLACEMENT_NEAR};
    asx_format format[N];
    asx_status status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < N; i++)
        status = asx_format_parse(&format[i], text[i], err);
    const asx_space_spec spec = {.work = work,
                                 .placement = placement,
                                 .n_placements = 1,
                                 .format = format,
                                 .n_formats = N,
                                 .per_layer = true};
    return status == ASX_OK ? asx_space_new(out, &spec, err) : status;
}

static asx_status stand_init(stand *b, asx_error *err)
{
    asx_campaign *campaign = NULL;
    int64_t id = 0;
    const asx_record record = {
        .name = "bench", .objectives = "drop energy", .baseline = ASX_BASELINE};
    const asx_store_inputs inputs = {ASX_TIER_MEASURED, "select", 1, 1, "benchmark"};
    snprintf(b->path, sizeof b->path, "/tmp/asx-bench-crew-%ld.db", (long)getpid());
    (void)remove(b->path);
    asx_status status = asx_campaign_load(&campaign, NULL, getenv, err);
    if (status == ASX_OK)
        status = asx_session_open(&b->session, campaign, err);
    if (status == ASX_OK)
        status = make_space(&b->space, asx_session_workload(&b->session), err);
    if (status == ASX_OK)
        status = asx_store_open(&b->store, b->path, ASX_STORE_CREATE, err);
    if (status == ASX_OK)
        status = asx_record_add(&id, b->store, &record, asx_session_workload(&b->session), err);
    if (status == ASX_OK)
        status = asx_store_ledger(&b->ledger, b->store, id, &inputs, 64, err);
    return status;
}

static void stand_fini(stand *b)
{
    asx_store_free(b->store);
    asx_space_free(b->space);
    if (b->session.campaign)
        asx_session_close(&b->session);
    (void)remove(b->path);
}

static asx_status search(double *seconds, waiting *w, size_t n, asx_error *err)
{
    static const asx_objective objective[] = {ASX_DROP, ASX_ENERGY};
    stand b = {.path = ""};
    asx_search_outcome outcome = {0};
    const asx_evaluator evaluator = {w->crew ? &shared_type : &alone_type, w};
    asx_search config = {.objective = objective,
                         .n_objectives = 2,
                         .limits = asx_limits_none(),
                         .evaluator = &evaluator,
                         .ledger = &b.ledger,
                         .budget = n,
                         .threads = 1};
    asx_status status = stand_init(&b, err);
    if (status == ASX_OK)
        status = asx_searcher_find(&config.searcher, "random", err);
    if (status == ASX_OK) {
        config.space = b.space;
        config.work = asx_session_workload(&b.session);
        const double start = bench_seconds();
        status = asx_search_run(&outcome, &config, err);
        *seconds = bench_seconds() - start;
    }
    asx_search_outcome_fini(&outcome);
    stand_fini(&b);
    return status;
}

asx_status bench_crew(bench_report *report, asx_error *err)
{
    enum { QUICK = 20000, EACH = 8 };
    const double slow_s = report->quick ? 0.02 : 1;
    const size_t n_workers = report->crew ? report->crew->n : 1;
    waiting quick = {.crew = report->crew}, slow = {.crew = report->crew, .seconds = slow_s};
    double quick_s = 0, took_s = 0;
    asx_status status = search(&quick_s, &quick, QUICK, err);
    if (status == ASX_OK)
        status = search(&took_s, &slow, EACH * n_workers, err);
    if (status != ASX_OK)
        return status;
    bench_figure(report, "ranks", (double)n_workers, "");
    bench_figure(report, "answered_at_once_per_s", QUICK / quick_s, "1/s");
    bench_ratio(report, "of_1_s_per_s", (double)(EACH * n_workers) / took_s, "1/s", "ideal",
                (double)n_workers / slow_s);
    return ASX_OK;
}
