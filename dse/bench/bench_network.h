/* What benchmarks of the engine run on: ResNet-20 and CIFAR-10 under $ASX_DATA, else the embedded
 * network and its images. */
#ifndef ASX_BENCH_BENCH_NETWORK_H
#define ASX_BENCH_BENCH_NETWORK_H

#include "dse/error.h"
#include "eval/calibration.h"
#include "eval/measure.h"
#include "explore/session.h"

typedef struct bench_network {
    asx_network *network;
    asx_dataset *data;
    asx_calibration *calibration;
    asx_measure *measure;
    size_t n_images;
    asx_session embedded; /* owns its network and data where there is no $ASX_DATA */
} bench_network;

/** @param n_images at most; 0 .. n_images are measured, 0 .. 255 calibrated on */
ASX_NODISCARD asx_status bench_network_open(bench_network *out, size_t n_images, asx_error *err);
/** The same with random weights, of an architecture of asx_architecture_at at this width. */
ASX_NODISCARD asx_status bench_network_draw(bench_network *out, const char *architecture,
                                            const char *width, size_t n_images, asx_error *err);
/** The same with DS-CNN and keywords under $ASX_DATA. @return ASX_ENOTFOUND if there is none */
ASX_NODISCARD asx_status bench_network_keywords(bench_network *out, asx_error *err);
void bench_network_close(bench_network *b);

#endif
