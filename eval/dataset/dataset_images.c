/* Pictures in folders or listed by a file, brought to one size. */
#include <stdlib.h>
#include <string.h>

#include "dataset_samples.h"
#include "dse/memory.h"
#include "listing.h"
#include "picture.h"

/* All pictures of a data set as bytes, [c][h][w] each. */
#define BYTES_MAX (SIZE_MAX / 4 < (UINT64_C(1) << 32) ? SIZE_MAX / 4 : (size_t)(UINT64_C(1) << 32))

/* @param stored  its sizes as they are in the file */
static asx_status read_one(asx_picture *out, asx_picture *stored, const asx_dataset_spec *spec,
                           const char *path, asx_error *err)
{
    asx_status status = asx_picture_read(out, path, spec->shape[0] ? spec->shape[0] : 3, err);
    *stored = (asx_picture){out->width, out->height, out->channels, NULL};
    if (status == ASX_OK && spec->resize)
        status = asx_picture_resize(out, spec->resize, path, err);
    if (status == ASX_OK && spec->crop)
        status = asx_picture_crop(out, spec->crop, 0, path, err);
    return status;
}

/* Pixels that no mask has, beside a smaller picture, are judged by nobody. A mask of another size than its picture's would
 * lie elsewhere once both are cut. */
static asx_status read_mask(asx_picture *out, const asx_dataset_spec *spec,
                            const asx_listing_item *item, const asx_picture *stored, asx_error *err)
{
    const char *path = item->mask;
    asx_status status = asx_picture_read_mask(out, path, err);
    if (status == ASX_OK && (out->width != stored->width || out->height != stored->height))
        status =
            asx_fail(err, ASX_EINVAL, "mask '%s' has %zu x %zu pixels, its picture '%s' %zu x %zu",
                     path, out->width, out->height, item->path, stored->width, stored->height);
    if (status == ASX_OK && spec->resize)
        status = asx_picture_resize_nearest(out, spec->resize, path, err);
    if (status == ASX_OK && spec->crop)
        status = asx_picture_crop(out, spec->crop, ASX_LABEL_UNJUDGED, path, err);
    return status;
}

/* The first picture says how large all are. */
static asx_status make_room(asx_samples *images, asx_samples *labels, const asx_picture *p,
                            const asx_listing *list, const asx_picture *mask, const char *path,
                            asx_error *err)
{
    const size_t of_mask = mask->width * mask->height,
                 item = p->width * p->height * p->channels + of_mask;
    if (list->n > BYTES_MAX / item)
        return asx_fail(err, ASX_EINVAL,
                        "'%s': %zu pictures of %zu x %zu take more than the %zu bytes allowed: "
                        "list fewer, or smaller ones (data.resize, data.crop)",
                        path, list->n, p->width, p->height, BYTES_MAX);
    *images = (asx_samples){ASX_SAMPLE_U8, 4, .dim = {list->n, p->channels, p->height, p->width}};
    *labels = of_mask ? (asx_samples){ASX_SAMPLE_U8, 3, .dim = {list->n, mask->height, mask->width}}
                      : (asx_samples){ASX_SAMPLE_I32, 1, .dim = {list->n}};
    images->bytes = asx_array_new(list->n, item - of_mask);
    labels->bytes = asx_array_new(list->n, of_mask ? of_mask : sizeof(int32_t));
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

static asx_status put_label(asx_samples *labels, size_t i, const asx_listing_item *item,
                            const asx_picture *mask, asx_error *err)
{
    const size_t n = mask->width * mask->height;
    if (!item->mask) {
        ((int32_t *)(void *)labels->bytes)[i] = (int32_t)item->label;
        return ASX_OK;
    }
    if (mask->height != labels->dim[1] || mask->width != labels->dim[2])
        return asx_fail(err, ASX_EINVAL,
                        "'%s' has %zu x %zu pixels, the masks before it %zu x %zu: data.resize and "
                        "data.crop make them alike",
                        item->mask, mask->width, mask->height, labels->dim[2], labels->dim[1]);
    memcpy(labels->bytes + i * n, mask->pixel, n);
    return ASX_OK;
}

static asx_status read_item(asx_samples *images, asx_samples *labels, const asx_dataset_spec *spec,
                            const asx_listing *list, size_t i, const char *path, asx_error *err)
{
    const asx_listing_item *item = &list->item[i];
    asx_picture picture = {0}, mask = {0}, stored;
    asx_status status = read_one(&picture, &stored, spec, item->path, err);
    if (status == ASX_OK && item->mask)
        status = read_mask(&mask, spec, item, &stored, err);
    if (status == ASX_OK && i == 0)
        status = make_room(images, labels, &picture, list, &mask, path, err);
    if (status == ASX_OK)
        status = put(images, i, &picture, item->path, err);
    if (status == ASX_OK)
        status = put_label(labels, i, item, &mask, err);
    asx_picture_fini(&picture);
    asx_picture_fini(&mask);
    return status;
}

asx_status asx_samples_read_images(asx_samples *images, asx_samples *labels,
                                   const asx_dataset_spec *spec, size_t i, asx_error *err)
{
    asx_listing list = {0};
    if (spec->shape[0] != 0 && spec->shape[0] != 1 && spec->shape[0] != 3)
        return asx_fail(err, ASX_EINVAL, "pictures have 1 or 3 channels, not %zu", spec->shape[0]);
    asx_status status = asx_listing_read(&list, spec->file[i], asx_listing_pictures,
                                         spec->labels == ASX_LABEL_MAP, err);
    for (size_t k = 0; status == ASX_OK && k < list.n; k++)
        status = read_item(images, labels, spec, &list, k, spec->file[i], err);
    asx_listing_fini(&list);
    return status;
}
