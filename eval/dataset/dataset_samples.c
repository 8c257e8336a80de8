/* Arrays as data set files store them. */
#include "dataset_samples.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dataset_stream.h"

size_t asx_sample_size(asx_sample_type type)
{
    switch (type) {
    case ASX_SAMPLE_U8:
    case ASX_SAMPLE_I8:
        return 1;
    case ASX_SAMPLE_I16:
        return 2;
    case ASX_SAMPLE_I32:
    case ASX_SAMPLE_F32:
        return 4;
    case ASX_SAMPLE_I64:
    case ASX_SAMPLE_F64:
        break;
    }
    return 8;
}

void asx_samples_fini(asx_samples *samples)
{
    if (!samples)
        return;
    for (size_t i = 0; i < samples->n_names; i++)
        free(samples->name[i]);
    free(samples->name);
    free(samples->bytes);
    *samples = (asx_samples){0};
}

size_t asx_samples_item(const asx_samples *samples)
{
    size_t item = 1;
    for (size_t d = 1; d < samples->n_dims; d++)
        item *= samples->dim[d];
    return item;
}

double asx_samples_value(const asx_samples *samples, size_t i)
{
    const void *at = samples->bytes + i * asx_sample_size(samples->type);
    switch (samples->type) {
    case ASX_SAMPLE_U8:
        return *(const uint8_t *)at;
    case ASX_SAMPLE_I8:
        return *(const int8_t *)at;
    case ASX_SAMPLE_I16:
        return *(const int16_t *)at;
    case ASX_SAMPLE_I32:
        return *(const int32_t *)at;
    case ASX_SAMPLE_I64:
        return (double)*(const int64_t *)at;
    case ASX_SAMPLE_F32:
        return (double)*(const float *)at;
    case ASX_SAMPLE_F64:
        break;
    }
    return *(const double *)at;
}

/* Number of elements; false if it, or its bytes, do not fit in memory at all. */
static bool count_elements(size_t *n, const asx_samples_layout *layout)
{
    size_t product = 1, limit = SIZE_MAX / 16;
    for (size_t d = 0; d < layout->n_dims; d++) {
        if (layout->dim[d] > limit / product)
            return false;
        product *= layout->dim[d];
        if (product == 0)
            break;
    }
    *n = product;
    return true;
}

static void swap_bytes(unsigned char *bytes, size_t n, size_t size)
{
    for (unsigned char *at = bytes; n; n--, at += size)
        for (size_t lo = 0, hi = size - 1; lo < hi; lo++, hi--) {
            unsigned char byte = at[lo];
            at[lo] = at[hi];
            at[hi] = byte;
        }
}

static bool host_is_big_endian(void)
{
    const uint16_t one = 1;
    return *(const unsigned char *)&one == 0;
}

static asx_status check_finite(const asx_samples *samples, size_t n, const char *path,
                               asx_error *err)
{
    if (samples->type != ASX_SAMPLE_F32 && samples->type != ASX_SAMPLE_F64)
        return ASX_OK;
    for (size_t i = 0; i < n; i++)
        if (!isfinite(asx_samples_value(samples, i)))
            return asx_fail(err, ASX_EPARSE, "'%s': element %zu is not a finite number", path, i);
    return ASX_OK;
}

asx_status asx_samples_adopt(asx_samples *out, const asx_samples_layout *layout,
                             unsigned char **bytes, size_t n_bytes, const char *path,
                             asx_error *err)
{
    assert(layout->n_dims >= 1 && layout->n_dims <= ASX_SAMPLES_DIMS);
    size_t size = asx_sample_size(layout->type), n, header = layout->header;
    if (!count_elements(&n, layout))
        return asx_fail(err, ASX_EPARSE, "'%s': its header asks for more memory than there is",
                        path);
    if (n == 0)
        return asx_fail(err, ASX_EPARSE, "'%s' is empty", path);
    if (n_bytes < header || n_bytes - header < n * size)
        return asx_fail(err, ASX_EPARSE, "'%s' is cut: %zu bytes where its header promises %zu",
                        path, n_bytes, header + n * size);
    if (n_bytes - header > n * size)
        return asx_fail(err, ASX_EPARSE, "'%s': %zu trailing bytes behind the %zu of its content",
                        path, n_bytes - header - n * size, header + n * size);

    asx_samples samples = {.type = layout->type, .n_dims = layout->n_dims, .bytes = *bytes};
    memcpy(samples.dim, layout->dim, sizeof samples.dim);
    memmove(samples.bytes, samples.bytes + header, n * size);
    if (layout->big_endian != host_is_big_endian() && size > 1)
        swap_bytes(samples.bytes, n, size);
    asx_status status = check_finite(&samples, n, path, err);
    if (status != ASX_OK)
        return status;
    *out = samples;
    *bytes = NULL;
    return ASX_OK;
}

asx_status asx_samples_promised(size_t *out, const asx_samples_layout *layout, const char *path,
                                asx_error *err)
{
    size_t n = 0;
    if (!count_elements(&n, layout))
        return asx_fail(err, ASX_EPARSE, "'%s': its header asks for more memory than there is",
                        path);
    *out = layout->header + n * asx_sample_size(layout->type);
    return ASX_OK;
}

typedef struct promise {
    asx_samples_header *header;
} promise;

/* What the header promises; what it lacks is found again, and said, when all is read. */
static asx_status promised(void *state, size_t *max, const unsigned char *bytes, size_t n,
                           const char *path, asx_error *err)
{
    const promise *p = state;
    asx_samples_layout layout;
    const asx_status status = p->header(&layout, bytes, n, path, err);
    return status ? status : asx_samples_promised(max, &layout, path, err);
}

asx_status asx_samples_load(asx_samples *out, const char *path, const char *folder,
                            asx_samples_header *header, asx_error *err)
{
    unsigned char *bytes = NULL;
    size_t n;
    asx_samples_layout layout;
    asx_status status = asx_stream_read_bounded(
        &bytes, &n, path, folder, (asx_stream_bound){promised, &(promise){header}}, err);
    if (status == ASX_OK)
        status = header(&layout, bytes, n, path, err);
    if (status == ASX_OK)
        status = asx_samples_adopt(out, &layout, &bytes, n, path, err);
    free(bytes);
    return status;
}

asx_status asx_samples_append(asx_samples *samples, asx_samples *more, const char *path,
                              asx_error *err)
{
    if (!samples->bytes) {
        *samples = *more;
        *more = (asx_samples){0};
        return ASX_OK;
    }
    size_t item = asx_samples_item(samples) * asx_sample_size(samples->type);
    if (samples->type != more->type || samples->n_dims != more->n_dims ||
        memcmp(samples->dim + 1, more->dim + 1, (samples->n_dims - 1) * sizeof(size_t)) != 0)
        return asx_fail(err, ASX_EINVAL, "'%s': type or shape differ from the files before it",
                        path);
    if (more->dim[0] > SIZE_MAX / item - samples->dim[0])
        return asx_fail(err, ASX_ENOMEM, "no memory to append '%s'", path);
    unsigned char *bytes = realloc(samples->bytes, (samples->dim[0] + more->dim[0]) * item);
    if (!bytes)
        return asx_fail(err, ASX_ENOMEM, "no memory to append '%s'", path);
    memcpy(bytes + samples->dim[0] * item, more->bytes, more->dim[0] * item);
    samples->bytes = bytes;
    samples->dim[0] += more->dim[0];
    asx_samples_fini(more);
    return ASX_OK;
}
