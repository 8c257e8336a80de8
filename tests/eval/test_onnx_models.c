/* The trained networks of the reference data. Multiply-accumulates and parameters as the literature
 * counts them: ResNet-20 40.55 M and 0.27 M, ResNet-56 125.49 M and 0.85 M (He et al. 2016; Lin et
 * al. 2020, HRank), MLPerf Tiny's ResNet-8 12.5 M, DS-CNN 2.7 M, MobileNetV1-0.25 7.5 M (Banbury et
 * al. 2021); the digits beyond follow from the shapes. */
#include <string.h>

#include "check.h"
#include "eval/network.h"
#include "graph.h"

typedef struct known {
    const char *file;
    size_t n_layers, n_macs, n_weights, n_classes, shape[3];
    const char *first, *middle, *last; /* names of layers 0, n / 2, n - 1 */
} known;

static const known models[] = {
    {"models/cifar10_resnet20.onnx",
     20,
     40551040,
     268336,
     10,
     {3, 32, 32},
     "conv1",
     "layer2.1.conv2",
     "linear"},
    {"models/cifar10_resnet20_bnfold.onnx",
     20,
     40551040,
     268336,
     10,
     {3, 32, 32},
     "conv1",
     "layer2.1.conv2",
     "linear"},
    {"models/cifar10_resnet56.onnx",
     56,
     125485696,
     848944,
     10,
     {3, 32, 32},
     "conv1",
     "layer2.4.conv2",
     "linear"},
    {"models/cifar10_resnet8_mlperftiny.onnx",
     10,
     12501632,
     77360,
     10,
     {3, 32, 32},
     "cv.0.c",
     "cv.5.c",
     "fc"},
    {"models/kws_dscnn_mlperftiny.onnx", 10, 2656768, 22016, 12, {1, 49, 10}, "f.1", "f.16", "fc"},
    {"models/mnist_lenet300_100_dequant.onnx", 3, 266200, 266200, 10, {1, 28, 28}, "1", "3", "5"},
    {"models/vww_mobilenetv1_025_96_mlperftiny.onnx",
     28,
     7489664,
     208112,
     2,
     {3, 96, 96},
     "f.0.c",
     "f.42.c",
     "fc"},
};

static asx_network *load(const char *file)
{
    char path[1024];
    asx_error err = {0};
    asx_network *net = NULL;
    CHECK_OK(asx_network_load(&net, check_data(path, sizeof path, file), &err), err);
    return net;
}

static void layers_and_counts(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof models / sizeof *models; k++) {
        const known *m = &models[k];
        asx_network *net = load(m->file);
        const asx_workload *work = asx_network_workload(net);
        size_t n_macs = 0, n_weights = 0;
        assert_int_equal(work->n_layers, m->n_layers);
        for (size_t i = 0; i < work->n_layers; i++) {
            n_macs += asx_layer_n_macs(&work->layer[i]);
            n_weights += asx_layer_n_weights(&work->layer[i]);
            assert_int_equal(work->layer[i].input_non_negative, i > 0);
        }
        assert_int_equal(n_macs, m->n_macs);
        assert_int_equal(n_weights, m->n_weights);
        assert_int_equal(asx_network_n_classes(net), m->n_classes);
        assert_memory_equal(asx_network_input_shape(net), m->shape, sizeof m->shape);
        assert_string_equal(work->layer[0].name, m->first);
        assert_string_equal(work->layer[m->n_layers / 2].name, m->middle);
        assert_string_equal(work->layer[m->n_layers - 1].name, m->last);
        asx_network_free(net);
    }
}

/* The file that PyTorch folded itself and our folding of the other one agree. */
static void folding_agrees_with_the_exporter(void **state)
{
    (void)state;
    asx_network *ours = load(models[0].file), *theirs = load(models[1].file);
    assert_int_equal(ours->n_nodes, theirs->n_nodes);
    assert_true(asx_network_hash(ours) != asx_network_hash(theirs));
    for (size_t i = 0; i < ours->n_nodes; i++) {
        const asx_node *a = &ours->node[i], *b = &theirs->node[i];
        assert_int_equal(a->op, b->op);
        assert_int_equal(a->n_weights, b->n_weights);
        for (size_t k = 0; k < a->n_weights; k++)
            assert_float_equal(a->weight[k], b->weight[k], 1e-5F);
        for (size_t k = 0; k < a->n_biases; k++)
            assert_float_equal(a->bias[k], b->bias[k], 1e-5F);
    }
    asx_network_free(ours);
    asx_network_free(theirs);
}

int main(void)
{
    for (size_t i = 0; i < sizeof models / sizeof *models; i++)
        check_data_or_skip(models[i].file);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layers_and_counts),
        cmocka_unit_test(folding_agrees_with_the_exporter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
