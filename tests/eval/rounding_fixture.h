/* Designs whose words are rounded, and what comes out of their layers. */
#ifndef ASX_TESTS_ROUNDING_FIXTURE_H
#define ASX_TESTS_ROUNDING_FIXTURE_H

#include <math.h>

#include "eval/measure.h"
#include "integer.h"
#include "toy_data.h"

enum { IMAGES = 40 };
static const asx_range CALIBRATE = {3, 3 + IMAGES};

/* A network with images and a calibration of it. */
typedef struct bench {
    asx_network *net;
    asx_dataset *data;
    asx_calibration *c;
} bench;

static inline bench bench_open(asx_network *net, asx_rounding rounding, bool bias)
{
    asx_error err;
    bench b = {.net = net, .data = toy_labelled(net)};
    asx_calibration_options o = asx_calibration_options_default();
    assert_int_equal(o.rounding, ASX_ROUNDING_NEAREST);
    o.batch = 8;
    o.rounding = rounding;
    o.bias_correction = bias;
    CHECK_OK(asx_calibration_new(&b.c, net, b.data, CALIBRATE, &o, &err), err);
    return b;
}

static inline void bench_close(bench *b)
{
    asx_calibration_free(b->c);
    asx_dataset_free(b->data);
    asx_network_free(b->net);
}

static inline asx_integer design_of(const bench *b, const char *text)
{
    asx_error err;
    asx_design d;
    asx_integer s;
    CHECK_OK(asx_design_parse(&d, text, &b->net->work, &err), err);
    CHECK_OK(asx_integer_init(&s, b->c, &d, &err), err);
    asx_design_fini(&d);
    return s;
}

static inline const asx_rounded *words_of(const asx_integer *s, size_t layer)
{
    return &asx_projection_integers(s->layer[layer].projection)->rounded;
}

/* What a value is for every image, in floats or (as reals) in a design. As it is stored. */
static inline float *values_of(const bench *b, const asx_integer *design, size_t value)
{
    asx_error err;
    const asx_plan *plan = asx_calibration_plan(b->c);
    const size_t n = asx_value_n_elements(&b->net->value[value]);
    const size_t n_in = asx_value_n_elements(&b->net->value[b->net->input]);
    const double unit = design ? design->scale[value] : 1;
    const asx_run run = {.numerics = design ? &asx_integers : NULL, .design = design};
    float *out = toy_array(IMAGES * n), *x = toy_array(n_in);
    float *workspace = asx_plan_workspace(plan);
    assert_non_null(workspace);
    size_t node = 0;
    while (b->net->node[node].output != value)
        node++;
    for (size_t i = 0; i < IMAGES; i++) {
        const asx_frame f = {plan, &run, workspace, CALIBRATE.first + i, 1};
        asx_dataset_images(x, b->data, CALIBRATE.first + i, 1);
        asx_plan_load(&f, x);
        CHECK_OK(asx_plan_steps(&f, 0, node + 1, &err), err);
        const asx_values values = asx_frame_values(&f);
        const float *v = asx_values_at(&values, value).data;
        for (size_t k = 0; k < n; k++)
            out[i * n + k] = (float)((double)v[k] * unit);
    }
    free(workspace);
    free(x);
    return out;
}

/* Mean square of what a design's value is off by, relative to the value's own. */
static inline double off_by(const bench *b, const char *design, size_t value)
{
    asx_integer s = design_of(b, design);
    float *want = values_of(b, NULL, value), *is = values_of(b, &s, value);
    const size_t n = IMAGES * asx_value_n_elements(&b->net->value[value]);
    double error = 0, square = 0;
    for (size_t i = 0; i < n; i++) {
        error += ((double)is[i] - (double)want[i]) * ((double)is[i] - (double)want[i]);
        square += (double)want[i] * (double)want[i];
    }
    free(want);
    free(is);
    asx_integer_fini(&s);
    return error / square;
}

/* A layer whose inputs go together: sums of few, and as neighbouring pixels do. */
static inline asx_network *toy_alike(bool depthwise)
{
    const asx_window point = {{1, 1}, {1, 1}, {1, 1}, {0, 0}, {0, 0}};
    const asx_window same = {{3, 3}, {1, 1}, {1, 1}, {1, 1}, {1, 1}};
    asx_network *net = toy_network(SHAPE(2, 7, 7));
    size_t v = toy_layer(net, (asx_node){.op = ASX_OP_CONV, .window = point}, 0, SHAPE(8, 7, 7));
    v = toy_node(net, (asx_node){.op = ASX_OP_RELU}, 1, v, 0, SHAPE(8, 7, 7));
    net->value[v].non_negative = true;
    v = toy_node(net, (asx_node){.op = ASX_OP_AVERAGE_POOL, .window = same}, 1, v, 0,
                 SHAPE(8, 7, 7));
    net->value[v].non_negative = true;
    v = toy_layer(net, (asx_node){.op = ASX_OP_CONV, .window = same, .groups = depthwise ? 8 : 1},
                  v, SHAPE(8, 7, 7));
    v = toy_node(net, (asx_node){.op = ASX_OP_RELU}, 1, v, 0, SHAPE(8, 7, 7));
    net->value[v].non_negative = true;
    v = toy_node(net, (asx_node){.op = ASX_OP_RESHAPE}, 1, v, 0, SHAPE(392));
    net->value[v].non_negative = true;
    toy_layer(net, (asx_node){.op = ASX_OP_DENSE}, v, SHAPE(5));
    return net;
}

#endif
