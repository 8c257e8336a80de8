#include "explore/proxy_study.h"

#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"

enum { WHOLE, FIRST, SECOND, PREDICTED, BEST, N_LISTS };

/* Designs of one kind, and their drops: measured on all images and on each half, predicted, and
 * predicted by the best type. */
typedef struct sample {
    asx_design *design;
    const asx_design **list;
    size_t n, n_images;
    double *drop[N_LISTS];
    asx_rank own_half, plain; /* tau: half against half of those that lost least; weight error */
} sample;

typedef struct study {
    asx_session *session;
    asx_draws *draws;
    asx_format *format;
    size_t n_formats;
    sample sample[ASX_STUDY_KINDS];
    asx_proxy_study out;
} study;

static asx_status sample_init(sample *j, const study *t, asx_draw_kind kind, size_t n,
                              uint64_t seed, asx_error *err)
{
    const asx_workload *work = asx_session_workload(t->session);
    asx_status status = ASX_OK;
    j->n = n;
    j->design = asx_array_new(n, sizeof *j->design);
    j->list = asx_array_new(n, sizeof(const asx_design *));
    for (int i = 0; i < N_LISTS; i++)
        j->drop[i] = asx_array_new(n, sizeof *j->drop[i]);
    for (int i = 0; i < N_LISTS; i++)
        if (!j->drop[i] || !j->design || !j->list)
            return asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", n);
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
        status = asx_design_init(&j->design[i], work->n_layers, err);
        if (status == ASX_OK)
            status = asx_draws_design(&j->design[i], t->draws, kind, seed, i, err);
        j->list[i] = &j->design[i];
    }
    return status;
}

static void sample_fini(sample *j)
{
    for (size_t i = 0; j->design && i < j->n; i++)
        asx_design_fini(&j->design[i]);
    for (int i = 0; i < N_LISTS; i++)
        free(j->drop[i]);
    free(j->design);
    free(j->list);
    *j = (sample){0};
}

static asx_status measure_half(double *drop, const sample *j, asx_session *s, asx_range images,
                               asx_error *err)
{
    asx_measure *measure = NULL;
    asx_accuracy *accuracy = asx_array_new(j->n, sizeof *accuracy);
    asx_status status =
        accuracy ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", j->n);
    if (status == ASX_OK)
        status = asx_measure_new(&measure, s->calibration, s->data, images, err);
    if (status == ASX_OK)
        status = asx_measure_designs(accuracy, measure, j->list, j->n, err);
    for (size_t i = 0; status == ASX_OK && i < j->n; i++)
        drop[i] = accuracy[i].drop;
    asx_measure_free(measure);
    free(accuracy);
    return status;
}

static asx_status measure_halves(sample *j, asx_session *s, asx_range images, asx_error *err)
{
    const size_t middle = images.first + (images.end - images.first) / 2;
    const double n_first = (double)(middle - images.first),
                 n_second = (double)(images.end - middle);
    j->n_images = images.end - images.first;
    asx_status status = measure_half(j->drop[FIRST], j, s, (asx_range){images.first, middle}, err);
    if (status == ASX_OK)
        status = measure_half(j->drop[SECOND], j, s, (asx_range){middle, images.end}, err);
    for (size_t i = 0; status == ASX_OK && i < j->n; i++)
        j->drop[WHOLE][i] =
            (n_first * j->drop[FIRST][i] + n_second * j->drop[SECOND][i]) / (n_first + n_second);
    return status;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* tau of the designs whose measured drop is not above the median: where a search ends up. */
static asx_status best_half(asx_rank *tau, const double *x, const double *drop, size_t n,
                            uint64_t seed, asx_error *err)
{
    double *memory = asx_array_new(3 * n, sizeof *memory);
    if (!memory)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", n);
    double *sorted = memory, *a = memory + n, *b = memory + 2 * n;
    size_t m = 0;
    for (size_t i = 0; i < n; i++)
        sorted[i] = drop[i];
    qsort(sorted, n, sizeof *sorted, compare);
    for (size_t i = 0; i < n; i++)
        if (drop[i] <= sorted[(n - 1) / 2]) {
            a[m] = x[i];
            b[m++] = drop[i];
        }
    const double value = asx_rank_tau(a, b, m);
    *tau = (asx_rank){value, value, value}; /* two designs have no interval */
    const asx_status status = m < 3 ? ASX_OK : asx_rank_correlation(tau, NULL, a, b, m, seed, err);
    free(memory);
    return status;
}

/* @param x, y  lists of the sample's */
static asx_status rank(asx_proxy_ranking **out, study *t, const char *name, size_t kind, int x,
                       int y, asx_error *err)
{
    const uint64_t seed = t->session->campaign->seed;
    const sample *j = &t->sample[kind];
    asx_proxy_ranking r = {.proxy = name, .kind = (asx_draw_kind)kind};
    asx_status status =
        asx_rank_correlation(&r.tau, &r.rho, j->drop[x], j->drop[y], j->n, seed, err);
    if (status == ASX_OK)
        status = best_half(&r.best_half, j->drop[x], j->drop[y], j->n, seed, err);
    if (status != ASX_OK)
        return status;
    *out = &t->out.ranking[t->out.n_rankings++];
    **out = r;
    return ASX_OK;
}

static asx_status predict(sample *j, const asx_proxy *proxy, asx_error *err)
{
    asx_status status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < j->n; i++)
        status = asx_proxy_design_damage(&j->drop[PREDICTED][i], proxy, &j->design[i], err);
    return status;
}

/* Turns predicted damage into points, and looks where they are off. */
static asx_status trust(study *t, const asx_proxy_ranking *r, const asx_proxy *proxy,
                        asx_error *err)
{
    sample *j = &t->sample[r->kind];
    asx_proxy_trust *out = &t->out.trust[t->out.n_trusts++];
    for (size_t i = 0; i < j->n; i++)
        j->drop[PREDICTED][i] = asx_proxy_drop(proxy, j->drop[PREDICTED][i]);
    *out = (asx_proxy_trust){
        .ranking = *r, .plain_tau = j->plain.value, .own_half = j->own_half.value};
    return asx_additivity_find(&out->where, j->drop[PREDICTED], j->drop[WHOLE], j->n, err);
}

/* The same designs for all proxies. */
static asx_status draw_samples(study *t, size_t n_designs, asx_range images, asx_error *err)
{
    const uint64_t seed = t->session->campaign->seed;
    asx_status status = ASX_OK;
    for (size_t k = 0; status == ASX_OK && k < ASX_STUDY_KINDS; k++) {
        sample *j = &t->sample[k];
        status = sample_init(j, t, (asx_draw_kind)k, n_designs, seed + k, err);
        if (status == ASX_OK)
            status = measure_halves(j, t->session, images, err);
        if (status == ASX_OK)
            status = best_half(&j->own_half, j->drop[FIRST], j->drop[SECOND], j->n, seed, err);
    }
    return status;
}

/* Lets a fitted proxy learn from designs of both kinds that nobody is judged by, measured on the
 * campaign's own images. */
static asx_status teach(asx_proxy *proxy, const study *t, asx_error *err)
{
    enum { EACH = 20 };
    const uint64_t seed = t->session->campaign->seed;
    const asx_design *list[ASX_STUDY_KINDS * EACH] = {NULL};
    asx_accuracy accuracy[ASX_STUDY_KINDS * EACH];
    sample lesson[ASX_STUDY_KINDS] = {{0}, {0}};
    asx_status status = ASX_OK;
    for (size_t k = 0; status == ASX_OK && k < ASX_STUDY_KINDS; k++) {
        status = sample_init(&lesson[k], t, (asx_draw_kind)k, EACH, seed + 2 + k, err);
        for (size_t i = 0; status == ASX_OK && i < EACH; i++)
            list[k * EACH + i] = &lesson[k].design[i];
    }
    if (status == ASX_OK)
        status = asx_measure_designs(accuracy, t->session->measure[ASX_SUBSET_SELECT], list,
                                     ASX_STUDY_KINDS * EACH, err);
    if (status == ASX_OK)
        status = asx_proxy_refit(proxy, list, accuracy, ASX_STUDY_KINDS * EACH, err);
    for (size_t k = 0; k < ASX_STUDY_KINDS; k++)
        sample_fini(&lesson[k]);
    return status;
}

/* A proxy as it is, on both kinds. @param trusted  also look where not to trust it */
static asx_status study_one(study *t, const asx_proxy *proxy, const char *name, bool trusted,
                            asx_error *err)
{
    asx_status status = ASX_OK;
    for (size_t k = 0; status == ASX_OK && k < ASX_STUDY_KINDS; k++) {
        asx_proxy_ranking *r = NULL;
        status = predict(&t->sample[k], proxy, err);
        if (status == ASX_OK)
            status = rank(&r, t, name, k, PREDICTED, WHOLE, err);
        if (status == ASX_OK && strcmp(name, asx_proxy_type_name(0)) == 0)
            t->sample[k].plain = r->tau;
        if (status == ASX_OK && trusted)
            status = trust(t, r, proxy, err);
    }
    return status;
}

/* The best type as a campaign has it: its map from damage to points fitted to a few designs on the
 * campaign's own images; then taught. */
static asx_status study_best(study *t, asx_proxy *proxy, const char *name, asx_error *err)
{
    asx_session *s = t->session;
    asx_status status = asx_session_need_measure(s, ASX_SUBSET_SELECT, err);
    if (status == ASX_OK)
        status = asx_proxy_fit(NULL, proxy, s->measure[ASX_SUBSET_SELECT], s->campaign->seed, err);
    if (status == ASX_OK)
        status = study_one(t, proxy, name, true, err);
    for (size_t k = 0; status == ASX_OK && k < ASX_STUDY_KINDS; k++)
        memcpy(t->sample[k].drop[BEST], t->sample[k].drop[PREDICTED],
               t->sample[k].n * sizeof(double));
    if (status == ASX_OK)
        status = teach(proxy, t, err);
    return status == ASX_OK ? study_one(t, proxy, "fitted", true, err) : status;
}

/* A type of proxy; the last one is the best. */
static asx_status study_type(study *t, size_t type, asx_error *err)
{
    const asx_session *s = t->session;
    const char *name = asx_proxy_type_name(type);
    asx_proxy *proxy = NULL;
    asx_status status = asx_proxy_new(&proxy, name, s->calibration, s->data, s->calibrate,
                                      t->format, t->n_formats, err);
    if (status == ASX_OK)
        status = type + 1 == asx_proxy_n_types() ? study_best(t, proxy, name, err)
                                                 : study_one(t, proxy, name, false, err);
    asx_proxy_free(proxy);
    return status;
}

static asx_status study_all(study *t, size_t n_designs, asx_range images, asx_error *err)
{
    asx_session *s = t->session;
    const size_t n_types = asx_proxy_n_types();
    t->out.ranking = asx_array_new((n_types + 2) * ASX_STUDY_KINDS, sizeof *t->out.ranking);
    t->out.trust = asx_array_new(2 * ASX_STUDY_KINDS, sizeof *t->out.trust);
    if (!t->out.ranking || !t->out.trust)
        return asx_fail(err, ASX_ENOMEM, "no memory for a study");
    asx_status status = asx_session_need_calibration(s, err);
    if (status == ASX_OK)
        status = asx_session_list_formats(&t->format, &t->n_formats, s, err);
    if (status == ASX_OK)
        status = asx_draws_new(&t->draws, s->calibration, t->format, t->n_formats, err);
    if (status == ASX_OK)
        status = draw_samples(t, n_designs, images, err);
    for (size_t type = 0; status == ASX_OK && type < n_types; type++)
        status = study_type(t, type, err);
    for (size_t k = 0; status == ASX_OK && k < ASX_STUDY_KINDS; k++) {
        asx_proxy_ranking *own;
        status = rank(&own, t, "half against half", k, FIRST, SECOND, err);
    }
    return status;
}

/* The samples' designs go to the result. */
static void hand_over(study *t)
{
    for (size_t k = 0; k < ASX_STUDY_KINDS; k++) {
        sample *j = &t->sample[k];
        t->out.designs[k] = (asx_study_designs){.design = j->design,
                                                .measured = j->drop[WHOLE],
                                                .predicted = j->drop[BEST],
                                                .n = j->n,
                                                .n_images = j->n_images};
        j->design = NULL;
        j->drop[WHOLE] = j->drop[BEST] = NULL;
    }
}

asx_status asx_proxy_study_run(asx_proxy_study *out, asx_session *s, size_t n_designs,
                               asx_range images, asx_error *err)
{
    study t = {.session = s};
    if (n_designs < 3 || images.end < images.first + 2)
        return asx_fail(err, ASX_EINVAL,
                        "a study of proxies wants 3 designs and 2 images, not %zu and %zu",
                        n_designs, images.end - images.first);
    const asx_status status = study_all(&t, n_designs, images, err);
    if (status == ASX_OK) {
        hand_over(&t);
        *out = t.out;
    } else {
        asx_proxy_study_fini(&t.out);
    }
    for (size_t k = 0; k < ASX_STUDY_KINDS; k++)
        sample_fini(&t.sample[k]);
    asx_draws_free(t.draws);
    free(t.format);
    return status;
}

void asx_proxy_study_fini(asx_proxy_study *done)
{
    if (!done)
        return;
    for (size_t k = 0; k < ASX_STUDY_KINDS; k++) {
        asx_study_designs *d = &done->designs[k];
        for (size_t i = 0; d->design && i < d->n; i++)
            asx_design_fini(&d->design[i]);
        free(d->design);
        free(d->measured);
        free(d->predicted);
    }
    free(done->ranking);
    free(done->trust);
    *done = (asx_proxy_study){0};
}
