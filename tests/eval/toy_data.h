/* A small data set of random images, by way of a file, since data sets come from files. */
#ifndef ASX_TESTS_TOY_DATA_H
#define ASX_TESTS_TOY_DATA_H

#include <unistd.h>

#include "eval/dataset.h"
#include "toy.h"

static inline void toy_file(char *path, size_t n, const unsigned char *bytes)
{
    strcpy(path, "/tmp/asx-toy-XXXXXX");
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_true(write(fd, bytes, n) == (ssize_t)n);
    close(fd);
}

/* n images of a shape, bytes as 1/64ths, with given labels. */
static inline asx_dataset *toy_data(size_t n, const size_t shape[3], const unsigned char *label)
{
    asx_error err;
    asx_dataset *data = NULL;
    const size_t size = n * shape[0] * shape[1] * shape[2];
    unsigned char *bytes = malloc(size);
    char images[32], labels[32];
    assert_non_null(bytes);
    for (size_t i = 0; i < size; i++)
        bytes[i] = (unsigned char)asx_seed_below(7, 3, i, 256);
    toy_file(images, size, bytes);
    toy_file(labels, n, label);
    const char *file[] = {images}, *label_file[] = {labels};
    const asx_dataset_spec spec = {.format = ASX_DATA_RAW,
                                   .file = file,
                                   .n_files = 1,
                                   .label = label_file,
                                   .n_labels = 1,
                                   .shape = {shape[0], shape[1], shape[2]},
                                   .scale = 1.0 / 64};
    const asx_status status = asx_dataset_load(&data, &spec, &err);
    unlink(images);
    unlink(labels);
    free(bytes);
    CHECK_OK(status, err);
    return data;
}

/* 75 images for the residual toy, labelled by lot with its five classes. */
static inline asx_dataset *toy_residual_data(void)
{
    unsigned char label[75];
    for (size_t i = 0; i < sizeof label; i++)
        label[i] = (unsigned char)asx_seed_below(7, 4, i, 5);
    return toy_data(sizeof label, (size_t[]){3, 8, 8}, label);
}

#endif
