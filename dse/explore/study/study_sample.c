#include "study_sample.h"

#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "eval/proxy.h"

asx_status study_sample_room(study_sample *j, size_t n_layers, size_t n, asx_error *err)
{
    j->n = n;
    j->design = asx_array_new(n, sizeof *j->design);
    j->list = asx_array_new(n, sizeof(const asx_design *));
    j->accuracy = asx_array_new(n, sizeof *j->accuracy);
    j->damage = asx_array_new(n * asx_proxy_n_types(), n_layers * sizeof *j->damage);
    j->total = asx_array_new(n, asx_proxy_n_types() * sizeof *j->total);
    j->whole = asx_array_new(n, sizeof *j->whole);
    bool ok = j->whole && j->total && j->design && j->list && j->accuracy && j->damage;
    for (int i = 0; i < STUDY_LISTS; i++) {
        j->drop[i] = asx_array_new(n, sizeof *j->drop[i]);
        ok = ok && j->drop[i];
    }
    for (size_t i = 0; ok && i < n; i++)
        j->list[i] = &j->design[i];
    return ok ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", n);
}

void study_sample_fini(study_sample *j)
{
    for (size_t i = 0; j->design && i < j->n; i++)
        asx_design_fini(&j->design[i]);
    for (int i = 0; i < STUDY_LISTS; i++)
        free(j->drop[i]);
    free(j->design);
    free(j->list);
    free(j->accuracy);
    free(j->damage);
    free(j->total);
    free(j->whole);
    *j = (study_sample){0};
}

asx_status study_sample_draw(study_sample *j, const asx_draws *draws, asx_draw_kind kind,
                             size_t n_layers, size_t n, uint64_t seed, asx_error *err)
{
    asx_status status = study_sample_room(j, n_layers, n, err);
    for (size_t i = 0; status == ASX_OK && i < n; i++) {
        status = asx_design_init(&j->design[i], n_layers, err);
        if (status == ASX_OK)
            status = asx_draws_design(&j->design[i], draws, kind, seed, i, err);
    }
    return status;
}

/* The first half and the second. */
static void split(asx_range half[2], asx_range images)
{
    const size_t middle = images.first + (images.end - images.first) / 2;
    half[0] = (asx_range){images.first, middle};
    half[1] = (asx_range){middle, images.end};
}

asx_status study_sample_measure(study_sample *j, study_bench *b, asx_range images, asx_error *err)
{
    /* counts of halves add up to those of the whole, other measures do not */
    const bool adds_up = asx_score_counts(&b->session->campaign->score);
    asx_range half[3];
    asx_accuracy *a = asx_array_new(3 * j->n, sizeof *a);
    asx_status status = a ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for %zu designs", j->n);
    split(half, images);
    j->n_images = images.end - images.first;
    half[2] = images;
    for (size_t k = 0; status == ASX_OK && k < (adds_up ? 2 : 3); k++)
        status = study_bench_measure(a + k * j->n, b, half[k], j->list, j->n, err);
    for (size_t i = 0; status == ASX_OK && i < j->n; i++) {
        j->accuracy[i] = adds_up ? asx_accuracy_join(&a[i], &a[j->n + i]) : a[2 * j->n + i];
        j->drop[STUDY_WHOLE][i] = j->accuracy[i].drop;
        j->drop[STUDY_FIRST][i] = a[i].drop;
        j->drop[STUDY_SECOND][i] = a[j->n + i].drop;
    }
    j->halves = true;
    if (status == ASX_OK && adds_up)
        status = study_bench_book(b, images, j->accuracy, j->list, j->n, err);
    free(a);
    return status;
}
