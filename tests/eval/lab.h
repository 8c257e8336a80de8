/* Trainers of small networks on few images. */
#ifndef ASX_TESTS_LAB_H
#define ASX_TESTS_LAB_H

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "eval/measure.h"
#include "eval/train.h"
#include "toy_data.h"

static inline asx_train_options quick(const char *batch, const char *epochs)
{
    asx_error err;
    asx_train_options o = asx_train_options_default();
    CHECK_OK(asx_params_set(&o.number, "batch", batch, &err), err);
    CHECK_OK(asx_params_set(&o.number, "epochs", epochs, &err), err);
    CHECK_OK(asx_params_set(&o.number, "rate", "0.02", &err), err);
    return o;
}

typedef struct lab {
    asx_network *net;
    asx_dataset *data;
    asx_design design;
} lab;

static inline lab lab_open(const char *design)
{
    asx_error err;
    lab l = {.net = toy_residual()};
    l.data = toy_labelled(l.net);
    CHECK_OK(asx_design_parse(&l.design, design, &l.net->work, &err), err);
    return l;
}

static inline void lab_close(lab *l)
{
    asx_design_fini(&l->design);
    asx_dataset_free(l->data);
    asx_network_free(l->net);
}

static const asx_range ALL = {0, 75};

static inline double accuracy(const lab *l, const asx_network *net)
{
    asx_error err;
    asx_calibration *calibration = NULL;
    asx_measure *measure = NULL;
    asx_accuracy a;
    CHECK_OK(asx_calibration_new(&calibration, net, l->data, ALL, NULL, &err), err);
    CHECK_OK(asx_measure_new(&measure, calibration, l->data, ALL, &err), err);
    CHECK_OK(asx_measure_design(&a, measure, &l->design, &err), err);
    asx_measure_free(measure);
    asx_calibration_free(calibration);
    return a.accuracy;
}

static inline asx_trainer *trainer(const lab *l, const asx_design *design,
                                   const asx_train_options *o)
{
    asx_error err;
    asx_trainer *t = NULL;
    CHECK_OK(asx_trainer_new(&t, l->net, l->data, ALL, design, o, &err), err);
    return t;
}

static inline void run(asx_trainer *t, size_t n_steps)
{
    asx_error err;
    for (size_t i = 0; i < n_steps; i++)
        CHECK_OK(asx_trainer_step(t, &err), err);
}

/* Bit for bit, of the networks as they would be written now. */
static inline bool same_weights(const asx_trainer *a, const asx_trainer *b)
{
    asx_error err;
    asx_network *x = NULL, *y = NULL;
    CHECK_OK(asx_trainer_network(&x, a, &err), err);
    CHECK_OK(asx_trainer_network(&y, b, &err), err);
    bool same = true;
    for (size_t i = 0; i < x->n_nodes; i++)
        if (x->node[i].weight)
            same =
                same &&
                memcmp(x->node[i].weight, y->node[i].weight,
                       x->node[i].n_weights * sizeof(float)) == 0 &&
                memcmp(x->node[i].bias, y->node[i].bias, x->node[i].n_biases * sizeof(float)) == 0;
    asx_network_free(x);
    asx_network_free(y);
    return same;
}

#endif
