/* A study: samples of designs, every type of proxy judged by them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "study.h"

enum { FOLDS = 5 }; /* of the designs that are judged */

const char *asx_study_kind_text(asx_study_kind kind)
{
    static const char *const text[ASX_STUDY_KINDS] = {
        [ASX_STUDY_SPREAD] = "spread", [ASX_STUDY_MIXED] = "mixed", [ASX_STUDY_STORED] = "stored"};
    return (unsigned)kind < ASX_STUDY_KINDS ? text[kind] : "?";
}

/* Lets a fitted proxy learn from the lessons, measured on the campaign's own images. */
static asx_status teach(asx_proxy *proxy, study *t, asx_error *err)
{
    enum { N = ASX_STUDY_DRAWN * STUDY_LESSONS };
    const asx_design *list[N] = {NULL};
    asx_accuracy accuracy[N];
    for (size_t i = 0; i < N; i++)
        list[i] = t->lesson[i / STUDY_LESSONS].list[i % STUDY_LESSONS];
    asx_status status = study_bench_measure(accuracy, &t->bench,
                                            t->session->subset[ASX_SUBSET_SELECT], list, N, err);
    return status == ASX_OK ? asx_proxy_refit(proxy, list, accuracy, N, err) : status;
}

static asx_status predict(study_sample *j, const asx_proxy *proxy, asx_error *err)
{
    asx_status status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < j->n; i++)
        status = asx_proxy_design_damage(&j->drop[STUDY_PREDICTED][i], proxy, &j->design[i], err);
    return status;
}

/* A proxy as it is, on all kinds. @param trusted  also look where not to trust it */
static asx_status study_one(study *t, const asx_proxy *proxy, const char *name, bool trusted,
                            asx_error *err)
{
    asx_status status = ASX_OK;
    for (size_t k = 0; status == ASX_OK && k < ASX_STUDY_KINDS; k++) {
        if (!t->sample[k].n)
            continue;
        status = predict(&t->sample[k], proxy, err);
        if (status == ASX_OK)
            status = study_judge(t, k, name, trusted ? proxy : NULL, err);
    }
    return status;
}

/* Teaches a copy of the proxy all designs but every fifth from `fold` on, and has it predict those. */
static asx_status study_fold(study_sample *j, const asx_proxy *proxy, const asx_network *network,
                             size_t fold, asx_error *err)
{
    void *bytes = NULL;
    size_t n_bytes = 0, n = 0;
    asx_proxy *taught = NULL;
    const asx_design **list = asx_array_new(j->n, sizeof(const asx_design *));
    asx_accuracy *a = asx_array_new(j->n, sizeof *a);
    asx_status status = list && a ? asx_proxy_save(&bytes, &n_bytes, proxy, err)
                                  : asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", j->n);
    if (status == ASX_OK)
        status = asx_proxy_load(&taught, network, bytes, n_bytes, err);
    for (size_t i = 0; status == ASX_OK && i < j->n; i++)
        if (i % FOLDS != fold) {
            list[n] = j->list[i];
            a[n++] = j->accuracy[i];
        }
    if (status == ASX_OK)
        status = asx_proxy_refit(taught, list, a, n, err);
    for (size_t i = fold; status == ASX_OK && i < j->n; i += FOLDS) {
        double *out = &j->drop[STUDY_PREDICTED][i];
        status = asx_proxy_design_damage(out, taught, &j->design[i], err);
        if (status == ASX_OK)
            *out = asx_proxy_drop(taught, *out); /* damage means another thing in every fold */
    }
    asx_proxy_free(taught);
    free(bytes);
    free(list);
    free(a);
    return status;
}

/* The campaign's type taught by what is there, each design judged by a proxy that has not seen it. */
static asx_status study_folds(study *t, const asx_proxy *proxy, asx_error *err)
{
    asx_status status = ASX_OK;
    for (size_t k = 0; status == ASX_OK && k < ASX_STUDY_KINDS; k++) {
        for (size_t f = 0; status == ASX_OK && t->sample[k].n && f < FOLDS; f++)
            status = study_fold(&t->sample[k], proxy, t->session->network, f, err);
        if (status == ASX_OK && t->sample[k].n)
            status = study_judge(t, k, "cross-fitted", NULL, err);
    }
    return status;
}

/* The campaign's type as a run has it: its map from damage to points fitted to a few designs on the
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
        if (t->sample[k].n)
            memcpy(t->sample[k].drop[STUDY_BEST], t->sample[k].drop[STUDY_PREDICTED],
                   t->sample[k].n * sizeof(double));
    if (status == ASX_OK && t->bench.store)
        status = study_folds(t, proxy, err);
    if (status == ASX_OK)
        status = teach(proxy, t, err);
    return status == ASX_OK ? study_one(t, proxy, "fitted", true, err) : status;
}

/* What a type says of each design, and of each of its layers. */
static asx_status keep_damage(study *t, const asx_proxy *proxy, size_t type, asx_error *err)
{
    const size_t n_layers = asx_session_workload(t->session)->n_layers;
    asx_status status = ASX_OK;
    for (size_t k = 0; k < ASX_STUDY_KINDS; k++)
        for (size_t i = 0; status == ASX_OK && i < t->sample[k].n; i++)
            status = asx_proxy_design_damage(&t->sample[k].total[i * asx_proxy_n_types() + type],
                                             proxy, &t->sample[k].design[i], err);
    for (size_t k = 0; k < ASX_STUDY_KINDS; k++)
        for (size_t i = 0; status == ASX_OK && i < t->sample[k].n * n_layers; i++) {
            const size_t number = i / n_layers, l = i % n_layers;
            size_t format = 0;
            status = asx_proxy_find(&format, proxy, &t->sample[k].design[number].format[l], err);
            if (status == ASX_OK)
                t->sample[k].damage[(number * asx_proxy_n_types() + type) * n_layers + l] =
                    asx_proxy_damage(proxy, l, format);
        }
    return status;
}

/* What a type cannot say. */
static void keep_nothing(study *t, size_t type)
{
    const size_t n_layers = asx_session_workload(t->session)->n_layers;
    const size_t n_types = asx_proxy_n_types();
    for (size_t k = 0; k < ASX_STUDY_KINDS; k++)
        for (size_t i = 0; i < t->sample[k].n; i++) {
            t->sample[k].total[i * n_types + type] = NAN;
            for (size_t l = 0; l < n_layers; l++)
                t->sample[k].damage[(i * n_types + type) * n_layers + l] = NAN;
        }
}

/* A type of proxy. Not every one can be made of every network. */
static asx_status study_type(study *t, size_t type, asx_error *err)
{
    const asx_session *s = t->session;
    const char *name = asx_proxy_type_name(type);
    const bool best = type == s->campaign->proxy;
    asx_proxy *proxy = NULL;
    asx_status status = asx_proxy_new(&proxy, name, s->calibration, s->data, s->calibrate,
                                      t->format, t->n_formats, err);
    if (status == ASX_EUNSUPPORTED && !best) {
        keep_nothing(t, type);
        return ASX_OK;
    }
    if (status == ASX_OK)
        status = keep_damage(t, proxy, type, err);
    if (status == ASX_OK)
        status = best ? study_best(t, proxy, name, err) : study_one(t, proxy, name, false, err);
    asx_proxy_free(proxy);
    return status;
}

/* Whole designs on a few images: no table, but it ranks. */
static asx_status study_whole(study *t, asx_error *err)
{
    const asx_session *s = t->session;
    asx_status status = ASX_OK;
    for (size_t k = 0; status == ASX_OK && k < ASX_STUDY_KINDS; k++) {
        study_sample *j = &t->sample[k];
        if (!j->n)
            continue;
        status =
            asx_proxy_whole(j->whole, s->calibration, s->data, s->calibrate, j->list, j->n, err);
        memcpy(j->drop[STUDY_PREDICTED], j->whole, j->n * sizeof *j->whole);
        if (status == ASX_OK)
            status = study_judge(t, k, "whole", NULL, err);
    }
    return status;
}

static asx_status study_all(study *t, const asx_study_options *o, asx_error *err)
{
    asx_session *s = t->session;
    const size_t n_types = asx_proxy_n_types();
    t->out.ranking = asx_array_new((n_types + 4) * ASX_STUDY_KINDS, sizeof *t->out.ranking);
    t->out.trust = asx_array_new(2 * ASX_STUDY_KINDS, sizeof *t->out.trust);
    if (!t->out.ranking || !t->out.trust)
        return asx_fail(err, ASX_ENOMEM, "no memory for a study");
    asx_status status = study_bench_open(&t->bench, s, o->database, o->n_designs > 0, err);
    if (status == ASX_OK)
        status = asx_session_need_calibration(s, err);
    if (status == ASX_OK)
        status = asx_session_list_formats(&t->format, &t->n_formats, s, err);
    if (status == ASX_OK)
        status = asx_draws_new(&t->draws, s->calibration, t->format, t->n_formats, err);
    if (status == ASX_OK)
        status = study_take_samples(t, o, err);
    if (status == ASX_OK)
        status = study_agree_with_themselves(t, err);
    for (size_t type = 0; status == ASX_OK && type < n_types; type++)
        status = study_type(t, type, err);
    if (status == ASX_OK)
        status = study_whole(t, err);
    for (size_t k = 0; status == ASX_OK && k < ASX_STUDY_KINDS; k++) {
        if (t->sample[k].halves)
            status = study_rank(NULL, t, "half against half", k, STUDY_FIRST, STUDY_SECOND, err);
    }
    return status;
}

/* The samples' designs go to the result. */
static void hand_over(study *t)
{
    t->out.n_known = t->bench.n_known;
    t->out.n_measured = t->bench.n_measured;
    for (size_t k = 0; k < ASX_STUDY_KINDS; k++) {
        study_sample *j = &t->sample[k];
        t->out.designs[k] = (asx_study_designs){.design = j->design,
                                                .accuracy = j->accuracy,
                                                .measured = j->drop[STUDY_WHOLE],
                                                .predicted = j->drop[STUDY_BEST],
                                                .damage = j->damage,
                                                .total = j->total,
                                                .whole = j->whole,
                                                .n = j->n,
                                                .n_images = j->n_images};
        j->design = NULL;
        j->accuracy = NULL;
        j->damage = j->total = j->whole = j->drop[STUDY_WHOLE] = j->drop[STUDY_BEST] = NULL;
    }
}

asx_status asx_proxy_study_run(asx_proxy_study *out, asx_session *s, const asx_study_options *o,
                               asx_error *err)
{
    study t = {.session = s};
    if ((o->n_designs < 3 && !(o->database && o->n_designs == 0)) ||
        o->images.end < o->images.first + 2)
        return asx_fail(err, ASX_EINVAL,
                        "a study of proxies wants 3 designs and 2 images, not %zu and %zu",
                        o->n_designs, o->images.end - o->images.first);
    if (asx_faults_any(&s->campaign->calibration.faults))
        return asx_fail(err, ASX_EUNSUPPORTED, "faults: proxies know nothing of them");
    const asx_status status = study_all(&t, o, err);
    if (status == ASX_OK) {
        hand_over(&t);
        *out = t.out;
    } else {
        asx_proxy_study_fini(&t.out);
    }
    for (size_t k = 0; k < ASX_STUDY_KINDS; k++)
        study_sample_fini(&t.sample[k]);
    for (size_t k = 0; k < ASX_STUDY_DRAWN; k++)
        study_sample_fini(&t.lesson[k]);
    study_bench_close(&t.bench);
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
        free(d->accuracy);
        free(d->measured);
        free(d->predicted);
        free(d->damage);
        free(d->total);
        free(d->whole);
    }
    free(done->ranking);
    free(done->trust);
    *done = (asx_proxy_study){0};
}
