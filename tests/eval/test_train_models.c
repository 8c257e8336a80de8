/* The reference networks: written and read back, and run on the tape of training beside the
 * engine's own plan. */
#include <math.h>
#include <string.h>

#include "check.h"
#include "onnx_write.h"
#include "plan_run.h"
#include "same_network.h"
#include "train_tape.h"

static const char *const MODELS[] = {"cifar10_resnet20.onnx",
                                     "cifar10_resnet20_bnfold.onnx",
                                     "cifar10_resnet56.onnx",
                                     "cifar10_resnet8_mlperftiny.onnx",
                                     "kws_dscnn_mlperftiny.onnx",
                                     "mnist_lenet300_100_dequant.onnx",
                                     "vww_mobilenetv1_025_96_mlperftiny.onnx"};

enum { N_MODELS = sizeof MODELS / sizeof *MODELS, BATCH = 2 };

static asx_network *load(const char *name)
{
    asx_error err;
    char path[1024], file[128];
    asx_network *net = NULL;
    snprintf(file, sizeof file, "models/%s", name);
    CHECK_OK(asx_network_load(&net, check_data(path, sizeof path, file), &err), err);
    return net;
}

static void round_trips(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_MODELS; i++) {
        asx_error err;
        void *bytes = NULL;
        size_t n = 0;
        asx_network *net = load(MODELS[i]), *back = NULL;
        CHECK_OK(asx_onnx_write(&bytes, &n, net, &err), err);
        CHECK_OK(asx_network_parse(&back, MODELS[i], bytes, n, &err), err);
        check_same(net, back);
        free(bytes);
        asx_network_free(net);
        asx_network_free(back);
    }
}

/* Value `v` of the plan, as the tape would be asked for it: before a last softmax there is no way
 * to see it, so networks that have one are compared by their softmax. */
static void compare(const asx_network *net, const float *engine, const float *tape)
{
    const size_t n = asx_network_n_classes(net);
    const bool softmax = net->node[net->n_nodes - 1].op == ASX_OP_SOFTMAX;
    for (size_t b = 0; b < BATCH; b++, engine += n, tape += n) {
        double sum = 0;
        for (size_t i = 0; i < n; i++)
            sum += exp((double)tape[i] - (double)tape[0]);
        for (size_t i = 0; i < n; i++) {
            const double y = (double)tape[i];
            const double have = softmax ? exp(y - (double)tape[0]) / sum : y;
            assert_true(fabs(have - (double)engine[i]) <= 1e-3 + 1e-3 * fabs(have));
        }
    }
}

static void forwards(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_MODELS; i++) {
        asx_error err;
        asx_network *net = load(MODELS[i]);
        asx_plan *plan = NULL;
        asx_tape *tape = NULL;
        asx_tape_worker worker;
        const float *logits = NULL;
        const size_t pixels = asx_value_n_elements(&net->value[net->input]);
        float *x = calloc(BATCH * pixels, sizeof *x);
        float *y = calloc(BATCH * asx_network_n_classes(net), sizeof *y);
        for (size_t k = 0; k < BATCH * pixels; k++)
            x[k] = (float)(k * 7919 % 1000) / 1000;
        CHECK_OK(asx_plan_new(&plan, net, BATCH, &err), err);
        float *workspace = asx_plan_workspace(plan);
        CHECK_OK(asx_plan_run(plan, y, x, 0, BATCH, &(asx_run){0}, workspace, &err), err);
        CHECK_OK(asx_tape_new(&tape, net, (asx_tape_choice){.batch = BATCH}, &err), err);
        CHECK_OK(asx_tape_worker_init(&worker, tape, &err), err);
        float *parameter = calloc(tape->n_parameters, sizeof *parameter);
        void *packed = aligned_alloc(64, (tape->packed_bytes + 64) / 64 * 64);
        for (size_t p = 0; p < tape->n_parts; p++) {
            const asx_node *node = tape->part[p].node;
            memcpy(parameter + tape->part[p].weight, node->weight, node->n_weights * sizeof *x);
            memcpy(parameter + tape->part[p].bias, node->bias, node->n_biases * sizeof *x);
        }
        CHECK_OK(asx_tape_pack(tape, packed, parameter, &err), err);
        const asx_tape_run run = {.parameter = parameter, .packed = packed};
        CHECK_OK(asx_tape_forward(&logits, tape, &run, &worker, x, &err), err);
        compare(net, y, logits);
        free(parameter);
        free(packed);
        free(workspace);
        free(x);
        free(y);
        asx_tape_worker_fini(&worker);
        asx_tape_free(tape);
        asx_plan_free(plan);
        asx_network_free(net);
    }
}

int main(void)
{
    for (size_t i = 0; i < N_MODELS; i++) {
        char file[128];
        snprintf(file, sizeof file, "models/%s", MODELS[i]);
        check_data_or_skip(file);
    }
    const struct CMUnitTest tests[] = {cmocka_unit_test(round_trips), cmocka_unit_test(forwards)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
