#include "bench_network.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/text.h"
#include "eval/architecture.h"

static asx_status load_cifar(bench_network *b, const char *folder, asx_error *err)
{
    static const double mean[] = {0.485, 0.456, 0.406}, std[] = {0.229, 0.224, 0.225};
    asx_text images = {0};
    asx_text_add(&images, "%s/cifar10/test_batch.bin.xz", folder);
    asx_status status = images.s ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for a path");
    if (status == ASX_OK) {
        const char *file[] = {images.s};
        const asx_dataset_spec spec = {.format = ASX_DATA_CIFAR10,
                                       .file = file,
                                       .n_files = 1,
                                       .shape = {3, 32, 32},
                                       .scale = 1.0 / 255,
                                       .mean = mean,
                                       .std = std,
                                       .n_mean = 3,
                                       .n_std = 3};
        status = asx_dataset_load(&b->data, &spec, err);
    }
    asx_text_fini(&images);
    return status;
}

static asx_status load_keywords(bench_network *b, const char *folder, asx_error *err)
{
    asx_text inputs = {0}, labels = {0};
    asx_text_add(&inputs, "%s/kws01/kws01_features_1000x49x10.i8", folder);
    asx_text_add(&labels, "%s/kws01/kws01_labels_1000.u8", folder);
    asx_status status =
        inputs.s && labels.s ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for paths");
    if (status == ASX_OK) {
        const char *file[] = {inputs.s}, *label[] = {labels.s};
        const asx_dataset_spec spec = {.format = ASX_DATA_RAW,
                                       .file = file,
                                       .n_files = 1,
                                       .label = label,
                                       .n_labels = 1,
                                       .shape = {1, 49, 10},
                                       .offset = 83,
                                       .scale = 0.5847029};
        status = asx_dataset_load(&b->data, &spec, err);
    }
    asx_text_fini(&inputs);
    asx_text_fini(&labels);
    return status;
}

static asx_status load_model(bench_network *b, const char *folder, const char *file, asx_error *err)
{
    asx_text model = {0};
    asx_text_add(&model, "%s/models/%s", folder, file);
    const asx_status status = model.s ? asx_network_load(&b->network, model.s, err)
                                      : asx_fail(err, ASX_ENOMEM, "no memory for a path");
    asx_text_fini(&model);
    return status;
}

static asx_status open_embedded(bench_network *b, asx_error *err)
{
    asx_campaign *campaign = NULL;
    asx_status status = asx_campaign_load(&campaign, NULL, NULL, err);
    if (status == ASX_OK)
        status = asx_session_open(&b->embedded, campaign, err);
    if (status == ASX_OK)
        status = asx_session_need_data(&b->embedded, err);
    if (status == ASX_OK)
        b->data = b->embedded.data;
    return status;
}

static asx_status draw(asx_network **out, const char *architecture, const char *width,
                       const asx_dataset *data, asx_error *err)
{
    const asx_architecture_type *type = asx_architecture_at(0);
    const size_t *shape = asx_dataset_shape(data);
    asx_params params;
    char channels[24], size[24];
    for (size_t i = 0; i < asx_architecture_n_types(); i++)
        if (strcmp(asx_architecture_at(i)->name, architecture) == 0)
            type = asx_architecture_at(i);
    snprintf(channels, sizeof channels, "%zu", shape[0]);
    snprintf(size, sizeof size, "%zu", shape[1]);
    asx_params_init(&params, type->params);
    asx_status status = asx_params_set(&params, "width", width, err);
    if (status == ASX_OK)
        status = asx_params_set(&params, "channels", channels, err);
    if (status == ASX_OK)
        status = asx_params_set(&params, "size", size, err);
    return status == ASX_OK ? asx_architecture_new(out, type, &params, 1, err) : status;
}

/* What measures it, once network and data are there. */
static asx_status make_ready(bench_network *b, size_t n_images, asx_error *err)
{
    const size_t n = asx_dataset_size(b->data);
    b->n_images = n < n_images ? n : n_images;
    const asx_status status = asx_calibration_new(&b->calibration, b->network, b->data,
                                                  (asx_range){0, n < 256 ? n : 256}, NULL, err);
    return status == ASX_OK ? asx_measure_new(&b->measure, b->calibration, b->data,
                                              (asx_range){0, b->n_images}, err)
                            : status;
}

asx_status bench_network_open(bench_network *out, size_t n_images, asx_error *err)
{
    const char *folder = getenv("ASX_DATA");
    const bool real = folder && *folder;
    bench_network b = {0};
    asx_status status = real ? load_cifar(&b, folder, err) : open_embedded(&b, err);
    if (status == ASX_OK && real)
        status = load_model(&b, folder, "cifar10_resnet20.onnx", err);
    if (!real)
        b.network = b.embedded.network;
    if (status == ASX_OK)
        status = make_ready(&b, n_images, err);
    if (status != ASX_OK)
        bench_network_close(&b);
    else
        *out = b;
    return status;
}

asx_status bench_network_draw(bench_network *out, const char *architecture, const char *width,
                              size_t n_images, asx_error *err)
{
    const char *folder = getenv("ASX_DATA");
    bench_network b = {0};
    asx_status status = folder && *folder ? load_cifar(&b, folder, err) : open_embedded(&b, err);
    if (status == ASX_OK)
        status = draw(&b.network, architecture, width, b.data, err);
    if (status == ASX_OK)
        status = make_ready(&b, n_images, err);
    if (status != ASX_OK)
        bench_network_close(&b);
    else
        *out = b;
    return status;
}

asx_status bench_network_keywords(bench_network *out, asx_error *err)
{
    const char *folder = getenv("ASX_DATA");
    bench_network b = {0};
    if (!folder || !*folder)
        return asx_fail(err, ASX_ENOTFOUND, "no ASX_DATA");
    asx_status status = load_keywords(&b, folder, err);
    if (status == ASX_OK)
        status = load_model(&b, folder, "kws_dscnn_mlperftiny.onnx", err);
    if (status == ASX_OK)
        status = make_ready(&b, 1000, err);
    if (status != ASX_OK)
        bench_network_close(&b);
    else
        *out = b;
    return status;
}

void bench_network_close(bench_network *b)
{
    asx_measure_free(b->measure);
    asx_calibration_free(b->calibration);
    if (b->data != b->embedded.data)
        asx_dataset_free(b->data);
    if (b->network != b->embedded.network)
        asx_network_free(b->network);
    asx_session_close(&b->embedded);
    *b = (bench_network){0};
}
