/* A small data set of random images, by way of a file, since data sets come from files. */
#ifndef ASX_TESTS_TOY_DATA_H
#define ASX_TESTS_TOY_DATA_H

#include <unistd.h>

#include "eval/dataset.h"
#include "infer.h"
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

/* 75 images for a toy, labelled with the float network's own answers: its accuracy is 100 %. */
static inline asx_dataset *toy_labelled(const asx_network *net)
{
    enum { N = 75 };
    asx_error err;
    asx_plan *plan = NULL;
    unsigned char label[N] = {0};
    const size_t n_classes = asx_network_n_classes(net);
    asx_dataset *data = toy_data(N, net->input_shape, label);
    float *x = toy_array(N * asx_value_n_elements(&net->value[net->input]));
    float *y = toy_array(N * n_classes);
    asx_dataset_images(x, data, 0, N);
    CHECK_OK(asx_plan_new(&plan, net, N, &err), err);
    float *workspace = asx_plan_workspace(plan);
    assert_non_null(workspace);
    CHECK_OK(asx_plan_run(plan, y, x, 0, N, &(asx_run){0}, workspace, &err), err);
    for (size_t i = 0; i < N; i++)
        label[i] = (unsigned char)asx_infer_class(y + i * n_classes, n_classes);
    asx_dataset_free(data);
    asx_plan_free(plan);
    free(workspace);
    free(x);
    free(y);
    return toy_data(N, net->input_shape, label);
}

#endif
