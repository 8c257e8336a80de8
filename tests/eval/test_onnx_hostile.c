/* Damaged and hostile files: one line of error and no trace, or a network that is sound. */
#include <math.h>
#include <string.h>

#include "check.h"
#include "dse/file.h"
#include "dse/seed.h"
#include "eval/network.h"
#include "onnx_case.h"

enum { EXPORT_ROUNDS = 500 };

/* What the engine relies on. */
static void check_sound(const asx_network *net)
{
    assert_true(net->input < net->n_values && net->output < net->n_values);
    size_t n_layers = 0;
    for (size_t i = 0; i < net->n_nodes; i++) {
        const asx_node *node = &net->node[i];
        assert_true((unsigned)node->op < ASX_N_OPS && node->output < net->n_values);
        for (size_t k = 0; k < node->n_inputs; k++)
            assert_true(node->input[k] < node->output);
        for (size_t k = 0; k < node->n_weights; k++)
            assert_true(isfinite(node->weight[k]));
        for (size_t k = 0; k < node->n_biases; k++)
            assert_true(isfinite(node->bias[k]));
        n_layers += node->layer != ASX_NO_LAYER;
    }
    for (size_t i = 0; i < net->n_values; i++) {
        const asx_value *v = &net->value[i];
        assert_true(v->rank >= 1 && v->rank <= ASX_RANK_MAX && asx_value_n_elements(v) > 0);
    }
    assert_int_equal(n_layers, asx_network_workload(net)->n_layers);
}

/* Whether the bytes are imported; checks the promises of either outcome. */
static bool try_import(const uint8_t *bytes, size_t n)
{
    asx_error err = {0};
    asx_network *net = NULL;
    asx_status status = asx_network_parse(&net, "bad.onnx", bytes, n, &err);
    if (status == ASX_OK) {
        check_sound(net);
        asx_network_free(net);
        return true;
    }
    assert_null(net);
    assert_true(strncmp(err.message, "bad.onnx: ", 10) == 0);
    assert_true(status == ASX_EPARSE || status == ASX_EINVAL || status == ASX_EUNSUPPORTED);
    return false;
}

static void samples_are_good(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        onnx_bytes file = i ? case_shapes() : case_sample();
        assert_true(try_import(file.data, file.n));
        onnx_bytes_free(&file);
    }
}

/* Cut at every length, in a block of exactly that length so that a read behind it is seen. */
static void cut_at_every_length(void **state)
{
    (void)state;
    onnx_bytes file = case_sample();
    for (size_t n = 0; n < file.n; n++) {
        uint8_t *cut = malloc(n ? n : 1);
        assert_non_null(cut);
        memcpy(cut, file.data, n);
        assert_false(try_import(cut, n));
        free(cut);
    }
    onnx_bytes_free(&file);
}

/* One to four bytes changed, at random or to values that matter in varints. */
static void flip_bytes(uint8_t *bytes, size_t n, uint64_t round)
{
    static const uint8_t edge[] = {0x00, 0x01, 0x7f, 0x80, 0xff, 0x0a, 0x12, 0x2a};
    const uint64_t count = 1 + asx_seed_below(2, round, 0, 4);
    for (uint64_t i = 0; i < count; i++) {
        const uint64_t at = asx_seed_below(2, round, 3 * i + 1, n);
        const uint64_t kind = asx_seed_below(2, round, 3 * i + 2, 16);
        if (kind < 8)
            bytes[at] ^= (uint8_t)(1U << kind);
        else
            bytes[at] = edge[kind - 8];
    }
}

static void check_flipped(onnx_bytes file, uint64_t n_rounds)
{
    uint8_t *bytes = malloc(file.n);
    size_t imported = 0;
    assert_non_null(bytes);
    for (uint64_t round = 0; round < n_rounds; round++) {
        memcpy(bytes, file.data, file.n);
        flip_bytes(bytes, file.n, round);
        imported += try_import(bytes, file.n);
    }
    assert_true(imported > 0 && imported < n_rounds);
    free(bytes);
    onnx_bytes_free(&file);
}

static void flipped_bytes(void **state)
{
    (void)state;
    check_flipped(case_sample(), 4000);
}

static void flipped_bytes_of_shapes(void **state)
{
    (void)state;
    check_flipped(case_shapes(), 6000);
    check_flipped(case_quantised(), 6000);
}

/* Files of PyTorch; the nodes come first in them, the weights last. */
static void damaged_exports(void **state)
{
    (void)state;
    static const char *const names[] = {"resnet_b", "normalised", "shufflenet", "tokens"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[1024];
        asx_error err = {0};
        char *bytes = NULL;
        size_t n;
        snprintf(path, sizeof path, "%s/onnx/%s.onnx", ASX_TEST_DATA, names[i]);
        CHECK_OK(asx_file_read(&bytes, &n, path, (size_t)1 << 20, &err), err);
        uint8_t *changed = malloc(n);
        assert_non_null(changed);
        for (uint64_t round = 0; round < EXPORT_ROUNDS; round++) {
            memcpy(changed, bytes, n);
            flip_bytes(changed, round % 8 ? n / 2 : n, (i << 32) + round);
            try_import(changed, n);
        }
        free(changed);
        free(bytes);
    }
}

/* A file of an exporter, if it is there: cut here and there, and changed where its structure is. */
static void damaged_resnet8(void **state)
{
    (void)state;
    char path[1024];
    asx_error err = {0};
    char *bytes = NULL;
    size_t n;
    check_data(path, sizeof path, "models/cifar10_resnet8_mlperftiny.onnx");
    if (asx_file_read(&bytes, &n, path, (size_t)1 << 24, &err) != ASX_OK)
        skip();
    for (size_t i = 0; i < 64; i++)
        assert_false(try_import((uint8_t *)bytes, (size_t)asx_seed_below(3, 0, i, n)));
    uint8_t *changed = malloc(n);
    assert_non_null(changed);
    for (uint64_t round = 0; round < 100; round++) {
        memcpy(changed, bytes, n);
        flip_bytes(changed, round % 2 ? n : 6000, round);
        try_import(changed, n);
    }
    free(changed);
    free(bytes);
}

/* Refused before protobuf-c unpacks it. */
static void refused_unseen(const uint8_t *bytes, size_t n)
{
    asx_error err = {0};
    asx_network *net = NULL;
    CHECK_FAIL(asx_network_parse(&net, "bad.onnx", bytes, n, &err), ASX_EPARSE, err);
    assert_string_equal(err.message, "bad.onnx: it is not an ONNX file, or damaged");
    assert_null(net);
}

/* Messages in messages: protobuf-c would follow as deep as the file goes. */
static void nested_deeply(void **state)
{
    (void)state;
    onnx_bytes graph = {0};
    for (int i = 0; i < 2000; i++) {
        onnx_bytes attribute = {0}, node = {0}, outer = {0};
        onnx_put_message(&attribute, 6, &graph);
        onnx_put_message(&node, 5, &attribute);
        onnx_put_message(&outer, 1, &node);
        graph = outer;
    }
    onnx_bytes file = {0};
    onnx_put_message(&file, 7, &graph);
    refused_unseen(file.data, file.n);
    onnx_bytes_free(&file);
}

/* Two bytes each in the file, hundreds in memory. */
static void crowded(void **state)
{
    (void)state;
    onnx_bytes graph = {0}, file = {0};
    for (int i = 0; i < 1100000; i++)
        onnx_put_bytes(&graph, 1, "", 0);
    onnx_put_message(&file, 7, &graph);
    refused_unseen(file.data, file.n);
    onnx_bytes_free(&file);
}

static void repeated_graph(void **state)
{
    (void)state;
    onnx_bytes file = case_sample();
    onnx_bytes graph = {0};
    onnx_put_message(&file, 7, &graph);
    refused_unseen(file.data, file.n);
    onnx_bytes_free(&file);
}

static void no_protobuf(void **state)
{
    (void)state;
    refused_unseen((const uint8_t *)"GIF89a", 6);
    assert_false(try_import((const uint8_t *)"\x08\x08", 2)); /* a version, no graph */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_are_good), cmocka_unit_test(cut_at_every_length),
        cmocka_unit_test(flipped_bytes),    cmocka_unit_test(flipped_bytes_of_shapes),
        cmocka_unit_test(damaged_resnet8),  cmocka_unit_test(damaged_exports),
        cmocka_unit_test(nested_deeply),    cmocka_unit_test(crowded),
        cmocka_unit_test(repeated_graph),   cmocka_unit_test(no_protobuf),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
