/* Data sets from small files whose bytes are written out by hand. */
#ifndef ASX_TESTS_DATASET_FIXTURE_H
#define ASX_TESTS_DATASET_FIXTURE_H

#include <math.h>

#include "eval/dataset.h"
#include "scratch.h"

static const char *const NAMES[] = {"a", "b", "c", "d", NULL};

/* A data set of one or two files, conversion left as stored. */
static inline asx_dataset *load(asx_data_format format, const char *const *file,
                                const char *const *label, size_t n_files)
{
    asx_error err;
    asx_dataset *data = NULL;
    asx_dataset_spec spec = {
        .format = format, .file = file, .n_files = n_files, .label = label, .scale = 1};
    spec.n_labels = label ? n_files : 0;
    CHECK_OK(asx_dataset_load(&data, &spec, &err), err);
    return data;
}

static inline void expect(asx_dataset *data, size_t n, const size_t shape[3], const float *real,
                          const unsigned *label)
{
    size_t item = shape[0] * shape[1] * shape[2];
    float *got = calloc(n * item, sizeof *got);
    assert_non_null(got);
    assert_int_equal(asx_dataset_size(data), n);
    assert_memory_equal(asx_dataset_shape(data), shape, 3 * sizeof *shape);
    asx_dataset_images(got, data, 0, n);
    unsigned most = 0;
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(asx_dataset_label(data, i), label[i]);
        most = label[i] > most ? label[i] : most;
    }
    assert_int_equal(asx_dataset_max_label(data), most);
    for (size_t i = 0; i < n * item; i++)
        assert_true(got[i] == real[i]);
    free(got);
    asx_dataset_free(data);
}

/* Writes a .npy file of the given version around a header and data. */
static inline const char *write_npy(const char *name, int version, const char *header,
                                    const void *data, size_t n)
{
    char bytes[512] = "\x93NUMPY";
    size_t length = strlen(header), start = version == 1 ? 10 : 12;
    bytes[6] = (char)version;
    bytes[8] = (char)length;
    memcpy(bytes + start, header, length);
    memcpy(bytes + start + length, data, n);
    return scratch_write(name, bytes, start + length + n);
}

static inline int teardown(void **state)
{
    (void)state;
    return scratch_remove(NAMES);
}

#endif
