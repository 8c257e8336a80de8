/* Pictures in folders or listed by a file, brought to one size. */
#include <stdlib.h>

#include "dataset_samples.h"
#include "dse/memory.h"
#include "listing.h"
#include "picture.h"

/* All pictures of a data set as bytes, [c][h][w] each. */
#define BYTES_MAX (SIZE_MAX / 4 < (UINT64_C(1) << 32) ? SIZE_MAX / 4 : (size_t)(UINT64_C(1) << 32))

static asx_status read_one(asx_picture *out, const asx_dataset_spec *spec, const char *path,
                           asx_error *err)
{
    asx_status status = asx_picture_read(out, path, spec->shape[0] ? spec->shape[0] : 3, err);
    if (status == ASX_OK && spec->resize)
        status = asx_picture_resize(out, spec->resize, path, err);
    if (status == ASX_OK && spec->crop)
        status = asx_picture_crop(out, spec->crop, path, err);
    return status;
}

/* The first picture says how large all are. */
static asx_status make_room(asx_samples *images, asx_samples *labels, const asx_picture *p,
                            const asx_listing *list, const char *path, asx_error *err)
{
    const size_t item = p->width * p->height * p->channels;
    if (list->n > BYTES_MAX / item)
        return asx_fail(err, ASX_EINVAL,
                        "'%s': %zu pictures of %zu x %zu take more than the %zu bytes allowed: "
                        "list fewer, or smaller ones (data.resize, data.crop)",
                        path, list->n, p->width, p->height, BYTES_MAX);
    *images = (asx_samples){ASX_SAMPLE_U8, 4, {list->n, p->channels, p->height, p->width}, NULL};
    *labels = (asx_samples){ASX_SAMPLE_I32, 1, {list->n}, NULL};
    images->bytes = asx_array_new(list->n, item);
    labels->bytes = asx_array_new(list->n, sizeof(int32_t));
    return images->bytes && labels->bytes
               ? ASX_OK
               : asx_fail(err, ASX_ENOMEM, "no memory for %zu pictures of %zu bytes", list->n,
                          item);
}

static asx_status put(asx_samples *images, size_t i, const asx_picture *p, const char *path,
                      asx_error *err)
{
    const size_t plane = p->width * p->height;
    unsigned char *to = images->bytes + i * plane * p->channels;
    if (p->height != images->dim[2] || p->width != images->dim[3])
        return asx_fail(err, ASX_EINVAL,
                        "'%s' has %zu x %zu pixels, the pictures before it %zu x %zu: "
                        "data.resize and data.crop make them alike",
                        path, p->width, p->height, images->dim[3], images->dim[2]);
    for (size_t c = 0; c < p->channels; c++)
        for (size_t k = 0; k < plane; k++)
            to[c * plane + k] = p->pixel[k * p->channels + c];
    return ASX_OK;
}

asx_status asx_samples_read_images(asx_samples *images, asx_samples *labels,
                                   const asx_dataset_spec *spec, size_t i, asx_error *err)
{
    asx_listing list = {0};
    if (spec->shape[0] != 0 && spec->shape[0] != 1 && spec->shape[0] != 3)
        return asx_fail(err, ASX_EINVAL, "pictures have 1 or 3 channels, not %zu", spec->shape[0]);
    asx_status status = asx_listing_read(&list, spec->file[i], asx_listing_pictures, err);
    for (size_t k = 0; status == ASX_OK && k < list.n; k++) {
        asx_picture picture = {0};
        status = read_one(&picture, spec, list.item[k].path, err);
        if (status == ASX_OK && k == 0)
            status = make_room(images, labels, &picture, &list, spec->file[i], err);
        if (status == ASX_OK)
            status = put(images, k, &picture, list.item[k].path, err);
        if (status == ASX_OK)
            ((int32_t *)(void *)labels->bytes)[k] = (int32_t)list.item[k].label;
        asx_picture_fini(&picture);
    }
    asx_listing_fini(&list);
    return status;
}
