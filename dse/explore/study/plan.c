#include "explore/plan.h"

#include <math.h>
#include <omp.h>
#include <string.h>
#include <time.h>

#include "dse/design.h"

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Designs that have no first layer in common, whose work would be shared: as a search measures them, several at once. */
enum { TIMED_DESIGNS = 8, TIMED_IMAGES = 256 };

static asx_status make_designs(asx_design *design, const asx_workload *work, asx_error *err)
{
    static const char *const text[TIMED_DESIGNS] = {
        "near: w8a8",    "near: w7a8",    "near: w6a8",      "near: w5a8",
        "near: w4{1}a8", "near: w6{1}a8", "near: w4{1,3}a8", "near: w6{1,3}a8"};
    asx_status status = ASX_OK;
    for (int i = 0; status == ASX_OK && i < TIMED_DESIGNS; i++)
        status = asx_design_parse(&design[i], text[i], work, err);
    return status;
}

/* Images a second; until it took long enough to be told by a clock. */
static asx_status time_designs(double *per_s, const asx_measure *measure, const asx_design *design,
                               asx_error *err)
{
    static const double ENOUGH_S = 0.3;
    const asx_design *which[TIMED_DESIGNS];
    asx_accuracy accuracy[TIMED_DESIGNS];
    asx_status status = ASX_OK;
    for (int i = 0; i < TIMED_DESIGNS; i++)
        which[i] = &design[i];
    const double start = seconds();
    double images = 0, passed = 0;
    while (status == ASX_OK && passed < ENOUGH_S) {
        status = asx_measure_designs(accuracy, measure, which, TIMED_DESIGNS, err);
        images += (double)accuracy[0].images * TIMED_DESIGNS;
        passed = seconds() - start;
    }
    *per_s = images / passed;
    return status;
}

static asx_status time_network(double *per_s, asx_session *s, asx_error *err)
{
    asx_range images = s->subset[ASX_SUBSET_SELECT];
    if (images.end - images.first > TIMED_IMAGES)
        images.end = images.first + TIMED_IMAGES;
    asx_measure *measure = NULL;
    asx_design design[TIMED_DESIGNS] = {{0}};
    asx_status status = asx_session_need_calibration(s, err);
    if (status == ASX_OK)
        status = asx_measure_new(&measure, s->calibration, s->data, images, err);
    if (status == ASX_OK)
        status = make_designs(design, asx_session_workload(s), err);
    if (status == ASX_OK)
        status = time_designs(per_s, measure, design, err);
    for (int i = 0; i < TIMED_DESIGNS; i++)
        asx_design_fini(&design[i]);
    asx_measure_free(measure);
    return status;
}

static double size_of(const asx_session *s, asx_subset subset)
{
    return s->has_subset[subset] || subset == ASX_SUBSET_SELECT
               ? (double)(s->subset[subset].end - s->subset[subset].first)
               : 0;
}

/* A table of all formats in all layers, a layer at a time, and the designs that its curve is fitted to. */
enum { PROXY_IMAGES = 320000, PROXY_FITTED = 10 };
/* Cross terms take more: words for directions, and designs for what layers do to each other. */
enum { CROSS_IMAGES = 256, CROSS_WORDS = 48, CROSS_DESIGNS = 240 };

static double of_proxy(const asx_session *s)
{
    const double n_layers = (double)asx_session_workload(s)->n_layers;
    const double cross = (CROSS_WORDS * n_layers / 2 + CROSS_DESIGNS) * CROSS_IMAGES;
    return PROXY_IMAGES / 2 + (asx_proxy_type_adds_up(s->campaign->proxy) ? 0 : cross);
}

static void count(asx_plan *p, const asx_session *s)
{
    enum {
        LOOKED_AT = 2,
        FRONT = 16
    }; /* designs confirmed for a limit of the drop, and of a front, or so */
    const asx_campaign *c = s->campaign;
    const double front = fmin((double)c->measured, FRONT);
    /* where a design is placed does not change its accuracy */
    const double distinct =
        (double)asx_space_size(s->space) / (double)asx_space_choices(s->space, 0);
    const bool proxy = c->search_tier == ASX_TIER_PROXY;
    p->searched = c->budget > 0 ? fmin((double)c->budget, distinct) : distinct;
    if (proxy)
        p->searched = fmin(PROXY_FITTED + (double)(c->rounds * c->per_round) + front, distinct);
    p->reported = s->has_subset[ASX_SUBSET_REPORT] ? fmin(front, distinct) : 0;
    const double confirmed = c->confirms ? LOOKED_AT * (double)c->n_confirm_drops : 0;
    p->inferences = p->searched * size_of(s, ASX_SUBSET_SELECT) +
                    p->reported * size_of(s, ASX_SUBSET_REPORT) +
                    confirmed * size_of(s, ASX_SUBSET_CONFIRM) + (proxy ? of_proxy(s) : 0);
    p->trains = c->trained > 0;
    p->seconds = p->inferences / p->per_s;
}

asx_status asx_plan_make(asx_plan *out, asx_session *s, asx_error *err)
{
    const asx_searcher_type *type = NULL;
    asx_params params;
    asx_plan plan = {.threads = omp_get_max_threads()};
    asx_status status = asx_campaign_searcher(&type, &params, s->campaign, err);
    if (status == ASX_OK)
        status = time_network(&plan.per_s, s, err);
    if (status != ASX_OK)
        return status;
    plan.proves = type->wants_model;
    count(&plan, s);
    *out = plan;
    return ASX_OK;
}
