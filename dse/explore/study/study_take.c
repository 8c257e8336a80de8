/* The designs of a study: drawn, and taken from a database. */
#include "study.h"

static asx_status draw(study *t, study_sample *j, asx_study_kind kind, size_t n, uint64_t seed,
                       asx_error *err)
{
    return study_sample_draw(j, t->draws, (asx_draw_kind)kind,
                             asx_session_workload(t->session)->n_layers, n, seed, err);
}

/* The designs that a taught proxy learns from: nobody is judged by them. */
static asx_status draw_lessons(study *t, asx_error *err)
{
    asx_status status = ASX_OK;
    for (size_t k = 0; status == ASX_OK && k < ASX_STUDY_DRAWN; k++)
        status = draw(t, &t->lesson[k], (asx_study_kind)k, STUDY_LESSONS,
                      t->session->campaign->seed + 2 + k, err);
    return status;
}

/* What campaigns measured on these images. */
static asx_status take_stored(study *t, asx_range images, asx_error *err)
{
    const study_sample *const other[] = {&t->sample[ASX_STUDY_SPREAD], &t->sample[ASX_STUDY_MIXED],
                                         &t->lesson[0], &t->lesson[1]};
    return t->bench.store
               ? study_sample_stored(&t->sample[ASX_STUDY_STORED], &t->bench, images, other,
                                     sizeof other / sizeof *other, t->format, t->n_formats, err)
               : ASX_OK;
}

asx_status study_take_samples(study *t, const asx_study_options *o, asx_error *err)
{
    enum { FEWEST = 3 };
    const uint64_t seed = t->session->campaign->seed;
    size_t n = o->n_designs;
    asx_status status = study_bench_drawn(&n, &t->bench, o->images, t->format, t->n_formats, err);
    for (size_t k = 0; status == ASX_OK && k < ASX_STUDY_DRAWN; k++) {
        status = draw(t, &t->sample[k], (asx_study_kind)k, n, seed + k, err);
        if (status == ASX_OK)
            status = study_sample_measure(&t->sample[k], &t->bench, o->images, err);
    }
    if (status == ASX_OK)
        status = draw_lessons(t, err);
    if (status == ASX_OK)
        status = take_stored(t, o->images, err);
    size_t left = 0;
    for (size_t k = 0; k < ASX_STUDY_KINDS; k++) {
        if (t->sample[k].n < FEWEST)
            study_sample_fini(&t->sample[k]);
        left += t->sample[k].n;
    }
    if (status == ASX_OK && !left)
        status = asx_fail(err, ASX_ENOTFOUND,
                          "'%s' has fewer than %d designs of this network measured on images "
                          "%zu:%zu, and none are to be drawn",
                          o->database, (int)FEWEST, o->images.first, o->images.end);
    return status;
}
