/* A proxy of the toy network, with all that it is made from. */
#ifndef ASX_TESTS_TOY_PROXY_H
#define ASX_TESTS_TOY_PROXY_H

#include "eval/proxy.h"
#include "toy_data.h"

enum { TOY_FORMATS_MAX = 16 };
static const asx_range TOY_IMAGES = {0, 12}; /* the table is made on */

typedef struct toy_proxy {
    asx_network *net;
    asx_dataset *data;
    asx_calibration *calibration;
    asx_measure *measure;
    asx_proxy *proxy;
    asx_format format[TOY_FORMATS_MAX];
} toy_proxy;

/* Of type 'scaled', not fitted. */
static inline void toy_proxy_start(toy_proxy *f, const char *const *text, size_t n)
{
    asx_error err;
    assert_true(n <= TOY_FORMATS_MAX);
    *f = (toy_proxy){.net = toy_residual()};
    f->data = toy_labelled(f->net);
    for (size_t i = 0; i < n; i++)
        CHECK_OK(asx_format_parse(&f->format[i], text[i], &err), err);
    CHECK_OK(asx_calibration_new(&f->calibration, f->net, f->data, TOY_IMAGES, NULL, &err), err);
    CHECK_OK(asx_measure_new(&f->measure, f->calibration, f->data, (asx_range){0, 75}, &err), err);
    CHECK_OK(
        asx_proxy_new(&f->proxy, "scaled", f->calibration, f->data, TOY_IMAGES, f->format, n, &err),
        err);
}

static inline void toy_proxy_end(toy_proxy *f)
{
    asx_proxy_free(f->proxy);
    asx_measure_free(f->measure);
    asx_calibration_free(f->calibration);
    asx_dataset_free(f->data);
    asx_network_free(f->net);
}

#endif
