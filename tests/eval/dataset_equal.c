/* dataset_equal FORMAT FILE RESIZE CROP CHANNELS IMAGES.npy LABELS.npy TOLERANCE: whether a data set is, but for TOLERANCE, what
 * two arrays say. With "-" for IMAGES.npy it must be refused, and the message is printed. The peer writes the arrays:
 * dataset_peers.py. "masks" for FORMAT is images with a mask each. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "eval/dataset.h"

/* Classes, or maps of them, which are whole numbers. */
static bool labels_differ(const asx_dataset *a, const asx_dataset *b, size_t image)
{
    const size_t n = asx_dataset_target_size(a);
    bool off = n != asx_dataset_target_size(b);
    for (size_t i = 0; i < n && !off; i++)
        off = n > 1 ? asx_dataset_target(a, image, i) > asx_dataset_target(b, image, i) ||
                          asx_dataset_target(a, image, i) < asx_dataset_target(b, image, i)
                    : asx_dataset_label(a, image) != asx_dataset_label(b, image);
    return off;
}

static int differ(const asx_dataset *a, const asx_dataset *b, double tolerance)
{
    const size_t *shape = asx_dataset_shape(a), item = shape[0] * shape[1] * shape[2];
    size_t n_off = 0;
    double most = 0;
    if (asx_dataset_size(a) != asx_dataset_size(b) ||
        memcmp(shape, asx_dataset_shape(b), 3 * sizeof *shape) != 0) {
        printf("%zu items of [%zu, %zu, %zu], not %zu\n", asx_dataset_size(a), shape[0], shape[1],
               shape[2], asx_dataset_size(b));
        return 1;
    }
    float *x = calloc(2 * item, sizeof *x), *y = x + item;
    for (size_t i = 0; x && i < asx_dataset_size(a); i++) {
        asx_dataset_images(x, a, i, 1);
        asx_dataset_images(y, b, i, 1);
        for (size_t k = 0; k < item; k++) {
            const double off = fabs((double)x[k] - (double)y[k]);
            most = off > most ? off : most;
            n_off += !(off <= tolerance);
        }
        n_off += labels_differ(a, b, i);
    }
    printf("%zu items of %zu numbers, %zu differ, at most by %g\n", asx_dataset_size(a), item,
           n_off, most);
    free(x);
    return !x || n_off > 0;
}

int main(int argc, char **argv)
{
    asx_dataset *data = NULL, *peer = NULL;
    asx_error err = {0};
    if (argc != 9)
        return 2;
    const char *const file = argv[2], *const images = argv[6], *const labels = argv[7];
    asx_dataset_spec spec = {.file = &file, .n_files = 1, .scale = 1};
    spec.resize = strtoul(argv[3], NULL, 10);
    spec.crop = strtoul(argv[4], NULL, 10);
    if (argv[5][0] == '1' && spec.crop)
        spec.shape[0] = 1, spec.shape[1] = spec.shape[2] = spec.crop;
    const bool masks = strcmp(argv[1], "masks") == 0;
    spec.labels = masks ? ASX_LABEL_MAP : ASX_LABEL_CLASS;
    const asx_dataset_spec arrays = {.format = ASX_DATA_NPY,
                                     .file = &images,
                                     .n_files = 1,
                                     .label = &labels,
                                     .n_labels = 1,
                                     .labels = spec.labels,
                                     .scale = 1};
    int code = 1;
    if (asx_data_format_parse(&spec.format, masks ? "images" : argv[1], &err) != ASX_OK ||
        asx_dataset_load(&data, &spec, &err) != ASX_OK) {
        code = strcmp(images, "-") != 0;
        puts(err.message);
    } else if (strcmp(images, "-") == 0) {
        puts("not refused");
    } else if (asx_dataset_load(&peer, &arrays, &err) != ASX_OK) {
        puts(err.message);
    } else {
        code = differ(data, peer, strtod(argv[8], NULL));
    }
    asx_dataset_free(data);
    asx_dataset_free(peer);
    return code;
}
