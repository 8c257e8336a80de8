/* Images that a network is trained or calibrated on, and judged on too. */
#include <stdlib.h>

#include "campaign_private.h"
#include "dse/file.h"
#include "dse/memory.h"
#include "explore/floating.h"

typedef struct known {
    uint64_t hash;
    size_t index;
} known;

static int by_hash(const void *a, const void *b)
{
    const known *x = a, *y = b;
    return x->hash < y->hash ? -1 : x->hash > y->hash;
}

/* Of the numbers that the network sees. @param image  room for one */
static uint64_t hash_image(float *image, const asx_dataset *data, size_t index, size_t n)
{
    asx_dataset_images(image, data, index, 1);
    return asx_hash(image, n * sizeof *image, 0);
}

static size_t subset_of(const asx_session *s, size_t index)
{
    for (size_t i = 0; i < ASX_N_SUBSETS; i++)
        if ((s->has_subset[i] || i == ASX_SUBSET_SELECT) && index >= s->subset[i].first &&
            index < s->subset[i].end)
            return i;
    return ASX_N_SUBSETS;
}

/* Counts an image once, however often it is trained on. */
static void count(asx_shared_images *out, known *k, size_t n, uint64_t hash, const asx_session *s)
{
    const known wanted = {.hash = hash};
    known *found = bsearch(&wanted, k, n, sizeof *k, by_hash);
    if (!found)
        return;
    while (found > k && found[-1].hash == hash)
        found--;
    for (; found < k + n && found->hash == hash && found->index != SIZE_MAX; found++) {
        const size_t subset = subset_of(s, found->index);
        if (subset < ASX_N_SUBSETS)
            out->shared[subset]++;
        found->index = SIZE_MAX;
    }
}

asx_status asx_session_shared_images(asx_shared_images *out, const asx_session *s, asx_error *err)
{
    asx_dataset *train = NULL;
    asx_range images = {0, 0};
    asx_status status = asx_campaign_train_data(&train, &images, s->campaign, err);
    if (status != ASX_OK)
        return status;
    const size_t *shape = asx_dataset_shape(s->data), *other = asx_dataset_shape(train);
    const size_t n = asx_dataset_size(s->data), size = shape[0] * shape[1] * shape[2];
    known *k = asx_array_new(n, sizeof *k);
    float *image = asx_array_new(size, sizeof *image);
    asx_shared_images found = {.seen = images.end - images.first};
    if (!k || !image)
        status = asx_fail(err, ASX_ENOMEM, "no memory for hashes of images");
    else if (size != other[0] * other[1] * other[2])
        status = asx_campaign_fail(s->campaign, err, ASX_EINVAL, NULL,
                                   "train: images of %zux%zux%zu, those of 'data' are %zux%zux%zu",
                                   other[0], other[1], other[2], shape[0], shape[1], shape[2]);
    for (size_t i = 0; status == ASX_OK && i < n; i++)
        k[i] = (known){hash_image(image, s->data, i, size), i};
    if (status == ASX_OK)
        qsort(k, n, sizeof *k, by_hash);
    for (size_t i = images.first; status == ASX_OK && i < images.end; i++)
        count(&found, k, n, hash_image(image, train, i, size), s);
    if (status == ASX_OK)
        *out = found;
    free(image);
    free(k);
    asx_dataset_free(train);
    return status;
}

asx_shared_images asx_session_shared_calibrate(const asx_session *s)
{
    asx_shared_images found = {.seen = s->calibrate.end - s->calibrate.first};
    for (size_t i = s->calibrate.first; i < s->calibrate.end; i++) {
        const size_t subset = subset_of(s, i);
        if (subset < ASX_N_SUBSETS)
            found.shared[subset]++;
    }
    return found;
}
