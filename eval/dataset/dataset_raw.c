/* Raw int8 features and raw uint8 labels, as MLPerf Tiny distributes its inputs. */
#include <stdlib.h>

#include "dataset_samples.h"
#include "dataset_stream.h"

/* Items of `item` bytes until the end of the file. */
static asx_status read_items(asx_samples *out, asx_samples_layout *layout, size_t item,
                             const char *path, const char *folder, asx_error *err)
{
    unsigned char *bytes = NULL;
    size_t n;
    asx_status status = asx_stream_read_data(&bytes, &n, path, folder, err);
    if (status == ASX_OK && (n == 0 || n % item != 0))
        status =
            asx_fail(err, ASX_EPARSE, "'%s': %zu bytes are not whole items of %zu", path, n, item);
    if (status == ASX_OK) {
        layout->dim[0] = n / item;
        status = asx_samples_adopt(out, layout, &bytes, n, path, err);
    }
    free(bytes);
    return status;
}

asx_status asx_samples_read_raw(asx_samples *images, asx_samples *labels,
                                const asx_dataset_spec *spec, size_t i, asx_error *err)
{
    const size_t *shape = spec->shape;
    asx_samples_layout layout = {ASX_SAMPLE_I8, 4, {0, shape[0], shape[1], shape[2]}, 0, false};
    asx_status status = read_items(images, &layout, shape[0] * shape[1] * shape[2], spec->file[i],
                                   spec->unpacked, err);
    if (status != ASX_OK)
        return status;
    layout = (asx_samples_layout){ASX_SAMPLE_U8, 1, {0}, 0, false};
    return read_items(labels, &layout, 1, spec->label[i], spec->unpacked, err);
}
