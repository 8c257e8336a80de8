/* Recordings of spoken words in folders or listed by a file, as MFCC (mfcc.h). */
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sndfile.h>

#include "dataset_samples.h"
#include "dse/memory.h"
#include "listing.h"
#include "mfcc.h"

enum { FRAMES = 49, COEFFICIENTS = 10, SECONDS_MAX = 600 };
enum { SPARE = 1 << 20 }; /* more than libsndfile asks for, which does not look at what it got */

/* Everything that recordings of one data set share. */
typedef struct ear {
    size_t n_frames, n_coefficients, n_sound;
    double *sound; /* [n_sound] */
    asx_mfcc *mfcc;
} ear;

static asx_status check_kind(const SF_INFO *is, const char *path, asx_error *err)
{
    if (is->samplerate != ASX_MFCC_RATE || is->channels != 1)
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "'%s' has %d Hz in %d channels; %d Hz in one are read: sox in.wav -r %d "
                        "-c 1 out.wav",
                        path, is->samplerate, is->channels, ASX_MFCC_RATE, ASX_MFCC_RATE);
    if (is->frames < 1 || is->frames > (sf_count_t)SECONDS_MAX * ASX_MFCC_RATE)
        return asx_fail(err, ASX_EINVAL, "'%s' has %lld samples, 1 .. %d are read", path,
                        (long long)is->frames, SECONDS_MAX * ASX_MFCC_RATE);
    return ASX_OK;
}

/* The whole recording is divided by its largest sample, then cut or followed by silence. */
static asx_status take_samples(ear *e, SNDFILE *file, const SF_INFO *is, const char *path,
                               asx_error *err)
{
    const size_t n = (size_t)is->frames;
    double *all = asx_array_new(n, sizeof *all), most = -HUGE_VAL;
    if (!all)
        return asx_fail(err, ASX_ENOMEM, "no memory for '%s'", path);
    const sf_count_t got = sf_read_double(file, all, is->frames);
    asx_status status = ASX_OK;
    for (size_t i = 0; i < n; i++)
        most = all[i] > most ? all[i] : most;
    if (got != is->frames)
        status = asx_fail(err, ASX_EPARSE, "'%s' is cut: %lld samples of %lld", path,
                          (long long)got, (long long)is->frames);
    else if (!isfinite(most))
        status = asx_fail(err, ASX_EPARSE, "'%s' holds a sample that is no number", path);
    for (size_t i = 0; status == ASX_OK && i < e->n_sound; i++)
        e->sound[i] = i < n ? all[i] / (most > 0 ? most : 1) : 0;
    free(all);
    return status;
}

/* libsndfile reads much more than this. */
static asx_status check_magic(const char *path, asx_error *err)
{
    char magic[12] = "";
    errno = 0;
    FILE *file = fopen(path, "rb");
    if (!file)
        return asx_fail(err, ASX_EIO, "cannot open '%s': %s", path, strerror(errno));
    const size_t n = fread(magic, 1, sizeof magic, file);
    fclose(file);
    if (n < sizeof magic || memcmp(magic, "RIFF", 4) != 0 || memcmp(magic + 8, "WAVE", 4) != 0)
        return asx_fail(err, ASX_EPARSE, "'%s' is no WAV file: it does not start with RIFF", path);
    return ASX_OK;
}

static asx_status hear(float *out, ear *e, const char *path, asx_error *err)
{
    SF_INFO is = {0};
    asx_status status = asx_memory_spare(SPARE)
                            ? check_magic(path, err)
                            : asx_fail(err, ASX_ENOMEM, "no memory for '%s'", path);
    SNDFILE *file = status == ASX_OK ? sf_open(path, SFM_READ, &is) : NULL;
    if (status == ASX_OK && !file)
        return asx_fail(err, ASX_EPARSE, "'%s': %s", path, sf_strerror(NULL));
    if (status == ASX_OK)
        status = check_kind(&is, path, err);
    if (status == ASX_OK)
        status = take_samples(e, file, &is, path, err);
    if (file)
        sf_close(file);
    if (status != ASX_OK)
        return status;
    asx_mfcc_of(out, e->mfcc, e->sound, e->n_frames);
    for (size_t i = 0; i < e->n_frames * e->n_coefficients; i++)
        if (!isfinite(out[i]))
            return asx_fail(err, ASX_EPARSE, "'%s' holds a sample that is no number", path);
    return ASX_OK;
}

static asx_status ear_init(ear *e, const asx_dataset_spec *spec, asx_error *err)
{
    const size_t *shape = spec->shape;
    e->n_frames = shape[0] ? shape[1] : FRAMES;
    e->n_coefficients = shape[0] ? shape[2] : COEFFICIENTS;
    if (shape[0] > 1 || e->n_frames > (size_t)SECONDS_MAX * ASX_MFCC_RATE / ASX_MFCC_STEP)
        return asx_fail(err, ASX_EINVAL,
                        "recordings have the shape [1, windows, coefficients], not [%zu, %zu, %zu]",
                        shape[0], shape[1], shape[2]);
    e->n_sound = ASX_MFCC_WINDOW + (e->n_frames - 1) * ASX_MFCC_STEP;
    e->sound = asx_array_new(e->n_sound, sizeof *e->sound);
    return e->sound ? asx_mfcc_new(&e->mfcc, e->n_coefficients, err)
                    : asx_fail(err, ASX_ENOMEM, "no memory for %zu samples", e->n_sound);
}

asx_status asx_samples_read_wav(asx_samples *images, asx_samples *labels,
                                const asx_dataset_spec *spec, size_t i, asx_error *err)
{
    asx_listing list = {0};
    ear e = {0};
    asx_status status = ear_init(&e, spec, err);
    if (status == ASX_OK)
        status = asx_listing_read(&list, spec->file[i], asx_listing_recordings, false, err);
    if (status == ASX_OK) {
        const size_t item = e.n_frames * e.n_coefficients;
        float *value =
            item <= SIZE_MAX / sizeof *value ? asx_array_new(list.n, item * sizeof *value) : NULL;
        int32_t *label = asx_array_new(list.n, sizeof *label);
        *images = (asx_samples){ASX_SAMPLE_F32,
                                4,
                                {list.n, 1, e.n_frames, e.n_coefficients},
                                .bytes = (unsigned char *)value};
        *labels = (asx_samples){ASX_SAMPLE_I32, 1, {list.n}, .bytes = (unsigned char *)label};
        if (!value || !label)
            status = asx_fail(err, ASX_ENOMEM, "no memory for %zu recordings", list.n);
        for (size_t k = 0; status == ASX_OK && k < list.n; k++) {
            label[k] = (int32_t)list.item[k].label;
            status = hear(value + k * item, &e, list.item[k].path, err);
        }
    }
    asx_listing_fini(&list);
    asx_mfcc_free(e.mfcc);
    free(e.sound);
    return status;
}
