/* Networks written as ONNX and read back: the same graph, the same numbers. */
#include <unistd.h>

#include "eval/network.h"
#include "onnx_write.h"
#include "same_network.h"
#include "toy.h"

static void round_trip(asx_network *net)
{
    asx_error err;
    void *bytes = NULL, *again = NULL;
    size_t n = 0, m = 0;
    asx_network *back = NULL;
    CHECK_OK(asx_onnx_write(&bytes, &n, net, &err), err);
    CHECK_OK(asx_network_parse(&back, "written", bytes, n, &err), err);
    check_same(net, back);
    free(back->name);
    back->name = strdup(net->name);
    CHECK_OK(asx_onnx_write(&again, &m, back, &err), err);
    asx_network *twice = NULL;
    CHECK_OK(asx_network_parse(&twice, "written", again, m, &err), err);
    check_same(net, twice);
    free(bytes);
    free(again);
    asx_network_free(twice);
    asx_network_free(back);
    asx_network_free(net);
}

static void residual(void **state)
{
    (void)state;
    round_trip(toy_residual());
}

static void all_operators(void **state)
{
    (void)state;
    const asx_window pool = {{3, 3}, {2, 2}, {1, 1}, {1, 1}, {1, 1}};
    const asx_window wide = {{3, 2}, {1, 1}, {1, 2}, {1, 0}, {1, 2}};
    asx_network *net = toy_network(SHAPE(4, 7, 7));
    size_t v = toy_layer(net, (asx_node){.op = ASX_OP_CONV, .window = wide, .groups = 2}, 0,
                         SHAPE(6, 7, 7));
    v = toy_node(net, (asx_node){.op = ASX_OP_CLIP, .low = -1, .high = 6}, 1, v, 0, SHAPE(6, 7, 7));
    asx_node scale = {.op = ASX_OP_SCALE, .n_weights = 6, .n_biases = 6};
    scale.weight = toy_array(6);
    scale.bias = toy_array(6);
    v = toy_node(net, scale, 1, v, 0, SHAPE(6, 7, 7));
    const size_t a =
        toy_node(net, (asx_node){.op = ASX_OP_MAX_POOL, .window = pool}, 1, v, 0, SHAPE(6, 4, 4));
    const size_t b =
        toy_node(net, (asx_node){.op = ASX_OP_AVERAGE_POOL, .window = pool, .count_padding = true},
                 1, v, 0, SHAPE(6, 4, 4));
    v = toy_node(net, (asx_node){.op = ASX_OP_CONCAT, .axis = 1}, 2, a, b, SHAPE(6, 8, 4));
    v = toy_node(net, (asx_node){.op = ASX_OP_SLICE, .start = {0, 7, 1}, .step = {1, -2, 1}}, 1, v,
                 0, SHAPE(6, 4, 3));
    v = toy_node(net, (asx_node){.op = ASX_OP_PAD, .before = {0, 1, 0}, .after = {2, 0, 0}}, 1, v,
                 0, SHAPE(8, 5, 3));
    v = toy_node(net, (asx_node){.op = ASX_OP_TRANSPOSE, .perm = {1, 2, 0}}, 1, v, 0,
                 SHAPE(5, 3, 8));
    v = toy_node(net, (asx_node){.op = ASX_OP_RESHAPE}, 1, v, 0, SHAPE(15, 8));
    v = toy_layer(net, (asx_node){.op = ASX_OP_DENSE}, v, SHAPE(15, 4));
    v = toy_node(net, (asx_node){.op = ASX_OP_LOG_SOFTMAX, .axis = 1}, 1, v, 0, SHAPE(15, 4));
    v = toy_node(net, (asx_node){.op = ASX_OP_SIGMOID}, 1, v, 0, SHAPE(15, 4));
    net->value[v].non_negative = true;
    v = toy_node(net, (asx_node){.op = ASX_OP_REDUCE_MEAN, .reduced = {true}}, 1, v, 0, SHAPE(4));
    net->value[v].non_negative = true;
    v = toy_layer(net, (asx_node){.op = ASX_OP_DENSE}, v, SHAPE(3));
    toy_node(net, (asx_node){.op = ASX_OP_SOFTMAX}, 1, v, 0, SHAPE(3));
    round_trip(net);
}

/* A layer remembers that it had a BatchNormalization. */
static void normalised(void **state)
{
    (void)state;
    asx_network *net = toy_residual();
    for (size_t i = 0; i < net->n_nodes; i++)
        net->node[i].normalised = net->node[i].layer != ASX_NO_LAYER;
    round_trip(net);
}

/* Learned clips come back; a note that says nonsense is refused, a stranger's is not read. */
static void clips(void **state)
{
    (void)state;
    asx_error err;
    asx_network *net = toy_residual(), *back = NULL;
    for (size_t i = 0; i < net->n_nodes; i++)
        if (net->node[i].layer != ASX_NO_LAYER)
            net->node[i].clip = 0.1f + (float)i;
    char *bytes = NULL;
    void *made = NULL;
    size_t n = 0, at = 0;
    CHECK_OK(asx_onnx_write(&made, &n, net, &err), err);
    bytes = made;
    while (memcmp(bytes + at, "asx.clip.layer0", 15) != 0)
        at++;
    bytes[at + 14] = '7';
    CHECK_FAIL(asx_network_parse(&back, "written", bytes, n, &err), ASX_EINVAL, err);
    bytes[at + 14] = '0';
    bytes[at + 17] = 'x'; /* the value's first letter */
    CHECK_FAIL(asx_network_parse(&back, "written", bytes, n, &err), ASX_EPARSE, err);
    bytes[at] = 'b';
    CHECK_OK(asx_network_parse(&back, "written", bytes, n, &err), err);
    assert_true(back->node[0].clip == 0);
    free(made);
    asx_network_free(back);
    round_trip(net);
}

static void files(void **state)
{
    (void)state;
    asx_error err;
    char path[] = "/tmp/asx-onnx-XXXXXX";
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    asx_network *net = toy_residual(), *back = NULL;
    CHECK_OK(asx_network_save(net, path, &err), err);
    CHECK_OK(asx_network_load(&back, path, &err), err);
    check_same(net, back);
    unlink(path);
    CHECK_FAIL(asx_network_save(net, "/nowhere/at/all.onnx", &err), ASX_EIO, err);
    asx_network_free(net);
    asx_network_free(back);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(residual), cmocka_unit_test(all_operators),
                                       cmocka_unit_test(normalised), cmocka_unit_test(clips),
                                       cmocka_unit_test(files)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
