/* Data sets: the first byte is the format, the second what there is to say about it; where labels lie in a file of their
 * own they are the last bytes, as many as the third says. Pictures and recordings are listed, one in a list. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "eval/dataset.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { HEAD = 3 };
    if (size < HEAD)
        return 0;
    const size_t n = size - HEAD, n_labels = data[2] < n ? data[2] : n;
    const asx_data_format format = (asx_data_format)(data[0] % ASX_DATA_GLYPHS);
    const int two = format == ASX_DATA_IDX || format == ASX_DATA_NPY || format == ASX_DATA_RAW;
    const int listed = format == ASX_DATA_IMAGES || format == ASX_DATA_WAV;
    const char *file = fuzz_file(0, "", data + HEAD, two ? n - n_labels : n);
    const char *label = fuzz_file(1, "", data + HEAD + (n - n_labels), n_labels);
    const int masks = format == ASX_DATA_IMAGES && data[1] & 4;
    char list[192];
    if (listed && !(data[1] & 8)) { /* else the list itself */
        const char *item = fuzz_file(1, "", data + HEAD, n);
        snprintf(list, sizeof list, "%s %s\n", item,
                 masks ? item : "1"); /* a picture is its own mask */
        file = fuzz_file(0, "", (const uint8_t *)list, strlen(list));
    }
    asx_dataset_spec spec = {.format = format,
                             .file = &file,
                             .n_files = 1,
                             .label = &label,
                             .n_labels = (size_t)two,
                             .scale = 1};
    if (masks)
        spec.labels = ASX_LABEL_MAP;
    if (data[1] & 1)
        spec.shape[0] = spec.shape[1] = spec.shape[2] = 1 + (data[1] >> 4);
    if (data[1] & 2)
        spec.label_column = data[1] & 4 ? "label" : "-1";
    if (format == ASX_DATA_IMAGES) {
        spec.resize = data[2] % 64;
        spec.crop = data[2] / 4;
        if (data[1] & 1)
            spec.shape[1] = spec.shape[2] = spec.crop;
    }
    asx_error err = {0};
    asx_dataset *set = NULL;
    if (asx_dataset_load(&set, &spec, &err) != ASX_OK) {
        if (!err.message[0])
            abort();
        return 0;
    }
    const size_t *shape = asx_dataset_shape(set), item = shape[0] * shape[1] * shape[2];
    float *image = calloc(item ? item : 1, sizeof *image);
    if (image)
        asx_dataset_images(image, set, asx_dataset_size(set) - 1, 1);
    free(image);
    asx_dataset_free(set);
    return 0;
}
