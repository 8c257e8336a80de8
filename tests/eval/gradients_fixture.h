/* Gradients of a tape against differences of its loss, sum(c . logits). */
#ifndef ASX_TESTS_GRADIENTS_FIXTURE_H
#define ASX_TESTS_GRADIENTS_FIXTURE_H

#include <math.h>

#include "toy.h"
#include "train_loss.h"
#include "train_tape.h"

enum { BATCH = 3 };

static const asx_tape_choice PLAIN = {.batch = BATCH};

typedef struct lab {
    asx_tape *tape;
    asx_tape_worker worker;
    float *parameter, *images, *c;
    void *packed;
    size_t n_logits;
} lab;

static inline lab lab_open(const asx_network *net, asx_tape_choice choice)
{
    asx_error err;
    lab l = {0};
    CHECK_OK(asx_tape_new(&l.tape, net, choice, &err), err);
    CHECK_OK(asx_tape_worker_init(&l.worker, l.tape, &err), err);
    l.n_logits = BATCH * asx_value_n_elements(&net->value[l.tape->logits]);
    l.parameter = calloc(l.tape->n_parameters, sizeof *l.parameter);
    for (size_t i = 0; i < l.tape->n_parts; i++) {
        const asx_tape_part *p = &l.tape->part[i];
        memcpy(l.parameter + p->weight, p->node->weight, p->node->n_weights * sizeof(float));
        memcpy(l.parameter + p->bias, p->node->bias, p->node->n_biases * sizeof(float));
        for (size_t c = 0; p->normalised && c < p->node->n_biases; c++)
            l.parameter[p->gamma + c] = 1.5f + toy_random();
    }
    l.packed = aligned_alloc(64, (l.tape->packed_bytes + 64) / 64 * 64);
    l.images = toy_array(BATCH * asx_value_n_elements(&net->value[net->input]));
    l.c = toy_array(l.n_logits);
    assert_non_null(l.packed);
    return l;
}

static inline void lab_close(lab *l)
{
    asx_tape_worker_fini(&l->worker);
    asx_tape_free(l->tape);
    free(l->parameter);
    free(l->packed);
    free(l->images);
    free(l->c);
}

static inline double lab_loss(lab *l, const asx_tape_run *run)
{
    asx_error err;
    const float *logits = NULL;
    double sum = 0;
    CHECK_OK(asx_tape_pack(l->tape, l->packed, l->parameter, &err), err);
    CHECK_OK(asx_tape_forward(&logits, l->tape, run, &l->worker, l->images, &err), err);
    for (size_t i = 0; i < l->n_logits; i++)
        sum += (double)l->c[i] * (double)logits[i];
    return sum;
}

/* Every parameter's gradient. A kink (Relu, MaxPool) within the difference spoils a few: the more
 * of them there are, the smaller h must be, and the noisier the difference is. */
static inline void check_gradients_of(asx_network *net, asx_tape_choice choice, float h)
{
    asx_error err;
    lab l = lab_open(net, choice);
    const asx_tape_run run = {.parameter = l.parameter, .packed = l.packed};
    const size_t n = l.tape->n_parameters;
    float *gradient = calloc(l.tape->n_gradients, sizeof *gradient);
    (void)lab_loss(&l, &run);
    CHECK_OK(asx_tape_backward(gradient, l.tape, &run, &l.worker, l.c, &err), err);
    size_t wrong = 0;
    double largest = 0;
    for (size_t i = 0; i < n; i++) {
        const float at = l.parameter[i];
        l.parameter[i] = at + h;
        const double up = lab_loss(&l, &run), step_up = (double)l.parameter[i];
        l.parameter[i] = at - h;
        const double down = lab_loss(&l, &run), step = step_up - (double)l.parameter[i];
        l.parameter[i] = at;
        const double want = (up - down) / step, have = (double)gradient[i];
        wrong += fabs(have - want) > 4e-3 + 5e-3 * fabs(want);
        largest = fmax(largest, fabs(want));
    }
    assert_true(largest > 0.01); /* there was something to compare */
    if (wrong > n / 100)
        fail_msg("%zu of %zu gradients are wrong", wrong, n);
    free(gradient);
    lab_close(&l);
    asx_network_free(net);
}

static inline void check_gradients(asx_network *net, float h)
{
    check_gradients_of(net, PLAIN, h);
}

#endif
