/* The reference networks and images, as the tests of published accuracies want them. */
#ifndef ASX_TESTS_REFERENCE_H
#define ASX_TESTS_REFERENCE_H

#include <string.h>

#include "check.h"
#include "eval/dataset.h"
#include "eval/network.h"

typedef struct reference {
    const char *model, *images, *labels; /* under the data folder; labels NULL: none */
    asx_data_format format;
    size_t shape[3];
    double offset, scale;
    const double *mean, *std;
} reference;

static const double IMAGENET_MEAN[] = {0.485, 0.456, 0.406}, IMAGENET_STD[] = {0.229, 0.224, 0.225};

/* data/README.md: "Trained networks", "Images, features, tables". */
static const reference REFERENCE[] = {
    {"models/cifar10_resnet20.onnx",
     "cifar10/test_batch.bin.xz",
     NULL,
     ASX_DATA_CIFAR10,
     {3, 32, 32},
     0,
     1.0 / 255,
     IMAGENET_MEAN,
     IMAGENET_STD},
    {"models/cifar10_resnet56.onnx",
     "cifar10/test_batch.bin.xz",
     NULL,
     ASX_DATA_CIFAR10,
     {3, 32, 32},
     0,
     1.0 / 255,
     IMAGENET_MEAN,
     IMAGENET_STD},
    {"models/cifar10_resnet8_mlperftiny.onnx",
     "cifar10/test_batch.bin.xz",
     NULL,
     ASX_DATA_CIFAR10,
     {3, 32, 32},
     0,
     1,
     NULL,
     NULL},
    {"models/mnist_lenet300_100_dequant.onnx",
     "mnist/t10k-images-idx3-ubyte.gz",
     "mnist/t10k-labels-idx1-ubyte.gz",
     ASX_DATA_IDX,
     {1, 28, 28},
     0,
     1.0 / 255,
     NULL,
     NULL},
    {"models/kws_dscnn_mlperftiny.onnx",
     "kws01/kws01_features_1000x49x10.i8",
     "kws01/kws01_labels_1000.u8",
     ASX_DATA_RAW,
     {1, 49, 10},
     83,
     0.5847029,
     NULL,
     NULL},
};

static inline void reference_load(asx_network **network, asx_dataset **data, const reference *r)
{
    asx_error err;
    char model[1024], images[1024], labels[1024];
    const char *file[] = {check_data(images, sizeof images, r->images)};
    const char *label[] = {r->labels ? check_data(labels, sizeof labels, r->labels) : NULL};
    const asx_dataset_spec spec = {.format = r->format,
                                   .file = file,
                                   .n_files = 1,
                                   .label = label,
                                   .n_labels = r->labels ? 1 : 0,
                                   .shape = {r->shape[0], r->shape[1], r->shape[2]},
                                   .offset = r->offset,
                                   .scale = r->scale,
                                   .mean = r->mean,
                                   .std = r->std,
                                   .n_mean = r->mean ? 3 : 0,
                                   .n_std = r->std ? 3 : 0};
    CHECK_OK(asx_network_load(network, check_data(model, sizeof model, r->model), &err), err);
    CHECK_OK(asx_dataset_load(data, &spec, &err), err);
}

#endif
