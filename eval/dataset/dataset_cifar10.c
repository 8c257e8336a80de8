/* CIFAR-10 binary version (Krizhevsky 2009): records of a label byte and 3072 bytes of 32x32
 * planes, red, green, blue. */
#include <stdlib.h>
#include <string.h>

#include "dataset_samples.h"
#include "dataset_stream.h"
#include "dse/memory.h"

enum { IMAGE = 3 * 32 * 32, RECORD = 1 + IMAGE, CLASSES = 10 };

asx_status asx_samples_read_cifar10(asx_samples *images, asx_samples *labels,
                                    const asx_dataset_spec *spec, size_t i, asx_error *err)
{
    const char *path = spec->file[i];
    unsigned char *bytes = NULL, *label = NULL;
    size_t n_bytes;
    asx_status status = asx_stream_read_data(&bytes, &n_bytes, path, spec->unpacked, err);
    if (status != ASX_OK)
        return status;
    size_t n = n_bytes / RECORD;
    if (n == 0 || n_bytes % RECORD != 0) {
        status = asx_fail(err, ASX_EPARSE, "'%s': %zu bytes are not whole records of %d", path,
                          n_bytes, RECORD);
        goto done;
    }
    label = asx_array_new(n, 1);
    if (!label) {
        status = asx_fail(err, ASX_ENOMEM, "no memory for the labels of '%s'", path);
        goto done;
    }
    for (size_t r = 0; r < n; r++) {
        label[r] = bytes[r * RECORD];
        if (label[r] >= CLASSES) {
            status = asx_fail(err, ASX_EPARSE, "'%s': label %u of record %zu is not in 0 .. %d",
                              path, label[r], r, CLASSES - 1);
            goto done;
        }
        memmove(bytes + r * IMAGE, bytes + r * RECORD + 1, IMAGE);
    }
    *images = (asx_samples){ASX_SAMPLE_U8, 4, {n, 3, 32, 32}, .bytes = bytes};
    *labels = (asx_samples){ASX_SAMPLE_U8, 1, {n}, .bytes = label};
    bytes = label = NULL;
done:
    free(bytes);
    free(label);
    return status;
}
