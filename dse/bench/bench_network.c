#include "bench_network.h"

#include <stdlib.h>
#include <unistd.h>

#include "dse/text.h"

static asx_status open_resnet(bench_network *b, const char *folder, asx_error *err)
{
    static const double mean[] = {0.485, 0.456, 0.406}, std[] = {0.229, 0.224, 0.225};
    asx_text model = {0}, images = {0};
    asx_text_add(&model, "%s/models/cifar10_resnet20.onnx", folder);
    asx_text_add(&images, "%s/cifar10/test_batch.bin.xz", folder);
    asx_status status = ASX_OK;
    if (!model.s || !images.s)
        status = asx_fail(err, ASX_ENOMEM, "no memory for a path");
    if (status == ASX_OK)
        status = asx_network_load(&b->network, model.s, err);
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
    asx_text_fini(&model);
    asx_text_fini(&images);
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
    if (status == ASX_OK) {
        b->network = b->embedded.network;
        b->data = b->embedded.data;
    }
    return status;
}

asx_status bench_network_open(bench_network *out, size_t n_images, asx_error *err)
{
    const char *folder = getenv("ASX_DATA");
    bench_network b = {0};
    asx_status status = folder && *folder ? open_resnet(&b, folder, err) : open_embedded(&b, err);
    if (status == ASX_OK) {
        const size_t n = asx_dataset_size(b.data);
        b.n_images = n < n_images ? n : n_images;
        status = asx_calibration_new(&b.calibration, b.network, b.data,
                                     (asx_range){0, n < 256 ? n : 256}, NULL, err);
    }
    if (status == ASX_OK)
        status =
            asx_measure_new(&b.measure, b.calibration, b.data, (asx_range){0, b.n_images}, err);
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
    if (b->network != b->embedded.network) {
        asx_dataset_free(b->data);
        asx_network_free(b->network);
    }
    asx_session_close(&b->embedded);
    *b = (bench_network){0};
}
