/* Weights in a file beside the model, and weights in no file at all. */
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>

#include "eval/network.h"
#include "graph.h"
#include "onnx_case.h"
#include "scratch.h"

/* A MatMul [4] to [2] whose weight is the bytes from `offset` on of `location`. */
static const char *model(const char *location, const char *offset, const char *length)
{
    onnx_writer w = case_start(DIMS(-1, 4));
    onnx_bytes t = onnx_tensor("fc.weight", 1, DIMS(4, 2), NULL, 0);
    const char *const entry[][2] = {{"location", location}, {"offset", offset}, {"length", length}};
    for (size_t i = 0; i < 3; i++) {
        onnx_bytes pair = {0};
        if (!entry[i][1])
            continue;
        onnx_put_text(&pair, 1, entry[i][0]);
        onnx_put_text(&pair, 2, entry[i][1]);
        onnx_put_message(&t, 13, &pair);
    }
    onnx_put_int(&t, 14, 1);
    onnx_put_message(&w.graph, 5, &t);
    onnx_node(&w, "MatMul", "mm", "x fc.weight", "y", NULL);
    onnx_output(&w, "y");
    onnx_bytes file = onnx_finish(&w);
    const char *path = scratch_write("net.onnx", file.data, file.n);
    onnx_bytes_free(&file);
    return path;
}

static const float weights[9] = {-1, 1, 2, 3, 4, 5, 6, 7, 8}; /* the first is not asked for */

static void weights_beside_the_model(void **state)
{
    (void)state;
    asx_error err = {0};
    asx_network *net = NULL;
    scratch_write("net.onnx.data", weights, sizeof weights);
    CHECK_OK(asx_network_load(&net, model("net.onnx.data", "4", "32"), &err), err);
    assert_null(asx_network_lacks(net));
    float *y = case_run(net, (float[]){1, 0, 0, 1}, 1);
    assert_true(y[0] == 1 + 7 && y[1] == 2 + 8);
    free(y);
    const uint64_t hash = asx_network_hash(net);
    asx_network_free(net);

    /* other weights are another network */
    float other[9];
    memcpy(other, weights, sizeof other);
    other[8] = 9;
    scratch_write("net.onnx.data", other, sizeof other);
    CHECK_OK(asx_network_load(&net, model("net.onnx.data", "4", "32"), &err), err);
    assert_true(asx_network_hash(net) != hash);
    asx_network_free(net);
    unlink(scratch_path("net.onnx.data"));
}

static void its_files_are_named(void **state)
{
    (void)state;
    asx_error err = {0};
    asx_kept kept = {0};
    const char *path = model("net.onnx.data", "4", "32");
    CHECK_OK(asx_network_files(&kept, path, &err), err);
    assert_int_equal(kept.n, 2);
    assert_string_equal(kept.file[0].path, path);
    assert_string_equal(kept.file[1].path, scratch_path("net.onnx.data"));
    CHECK_OK(asx_network_files(&kept, "nowhere.onnx", &err), err);
    assert_int_equal(kept.n, 3);
    asx_kept_fini(&kept);
}

static void fails(const char *path, asx_status want, const char *part)
{
    asx_error err = {0};
    asx_network *net = NULL;
    CHECK_FAIL(asx_network_load(&net, path, &err), want, err);
    assert_null(net);
    if (!strstr(err.message, part))
        fail_msg("'%s' is not in '%s'", part, err.message);
}

/* Nothing outside of the model's folder is opened, whatever the model says. */
static void never_leaves_its_folder(void **state)
{
    (void)state;
    scratch_write("w", weights, sizeof weights);
    static const char *const outside[] = {"/etc/hostname", "../w", "sub/../../w", "..", "/"};
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++)
        fails(model(outside[i], NULL, NULL), ASX_EUNSUPPORTED, "is not in the model's folder");
    assert_int_equal(symlink("w", scratch_path("link")), 0);
    fails(model("link", NULL, NULL), ASX_EUNSUPPORTED, "reached by a link");
    unlink(scratch_path("link"));
    assert_int_equal(symlink(".", scratch_path("link")), 0);
    fails(model("link/w", NULL, NULL), ASX_EUNSUPPORTED, "reached by a link");
    unlink(scratch_path("link"));
    assert_int_equal(mkfifo(scratch_path("link"), 0600), 0); /* would wait for ever */
    fails(model("link", NULL, NULL), ASX_EIO, "not a regular file");
    fails(model(".", NULL, NULL), ASX_EIO, "not a regular file");
    unlink(scratch_path("link"));

    asx_error err = {0};
    asx_network *net = NULL;
    CHECK_OK(asx_network_load(&net, model("./w", NULL, NULL), &err), err);
    assert_null(asx_network_lacks(net));
    asx_network_free(net);
}

static void sizes_are_checked(void **state)
{
    (void)state;
    scratch_write("w", weights, sizeof weights);
    fails(model("w", "5", NULL), ASX_EPARSE, "'w' ends at byte 36, before 37");
    fails(model("w", "18446744073709551615", NULL), ASX_EPARSE, "'w' ends at byte 36");
    fails(model("w", "0", "31"), ASX_EPARSE, "it has 31 bytes in 'w' where its shape asks for 32");
    fails(model("w", "-1", NULL), ASX_EPARSE, "offset '-1' of external data is no number");
    fails(model("w", "1e3", NULL), ASX_EPARSE, "offset '1e3' of external data is no number");
    fails(model(NULL, "0", NULL), ASX_EPARSE, "which is not named");
}

/* Shapes do for costs; whoever wants numbers is told. */
static void weights_in_no_file(void **state)
{
    (void)state;
    asx_error err = {0};
    asx_network *net = NULL;
    CHECK_OK(asx_network_load(&net, model("gone.data", "0", "32"), &err), err);
    assert_string_equal(asx_network_lacks(net), "fc.weight");
    assert_int_equal(asx_layer_n_macs(&asx_network_workload(net)->layer[0]), 8);
    CHECK_FAIL(asx_network_check_weights(net, &err), ASX_EUNSUPPORTED, err);
    assert_non_null(strstr(err.message, "'fc.weight'"));
    asx_network_free(net);

    /* an export without parameters: weights are inputs, and nothing folds into nothing */
    onnx_writer w = case_start(DIMS(-1, 2, 6, 6));
    onnx_input(&w, "conv.weight", DIMS(3, 2, 3, 3));
    onnx_input(&w, "gamma", DIMS(3));
    onnx_input(&w, "nobody reads this", DIMS(3));
    onnx_floats(&w, "known", DIMS(3), (float[]){1, 2, 3});
    onnx_node(&w, "Conv", "c", "x conv.weight", "c", NULL);
    onnx_node(&w, "BatchNormalization", "b", "c gamma known known gamma", "n", NULL);
    onnx_node(&w, "GlobalAveragePool", "p", "n", "y", NULL);
    onnx_output(&w, "y");
    onnx_bytes file = onnx_finish(&w);
    CHECK_OK(asx_network_parse(&net, "shapes.onnx", file.data, file.n, &err), err);
    onnx_bytes_free(&file);
    assert_int_equal(asx_network_workload(net)->n_layers, 1);
    assert_string_equal(asx_network_lacks(net), "conv.weight");
    asx_network_free(net);
}

/* Two million weights, all of one number, in a file of some hundred bytes. */
static void weights_of_one_number(void **state)
{
    (void)state;
    asx_error err = {0};
    asx_network *net = NULL;
    onnx_writer w = case_start(DIMS(-1, 2048));
    onnx_bytes a = {0}, value = onnx_tensor("", 1, DIMS(1), (float[]){0.5F}, 4), attribute = {0};
    onnx_put_text(&attribute, 1, "value");
    onnx_put_message(&attribute, 5, &value);
    onnx_put_message(&a, 5, &attribute);
    onnx_int64s(&w, "shape", 2, (int64_t[]){2048, 1024});
    onnx_node(&w, "ConstantOfShape", "", "shape", "w", &a);
    onnx_node(&w, "MatMul", "", "x w", "y", NULL);
    onnx_output(&w, "y");
    onnx_bytes file = onnx_finish(&w);
    CHECK_OK(asx_network_parse(&net, "filled.onnx", file.data, file.n, &err), err);
    onnx_bytes_free(&file);
    assert_int_equal(net->node[0].n_weights, 2048 * 1024);
    for (size_t i = 0; i < net->node[0].n_weights; i++)
        assert_true(net->node[0].weight[i] == 0.5F);
    asx_network_free(net);
}

/* Every type that weights come in, raw and in the field of its type; bits by hand. */
static void types_of_weights(void **state)
{
    (void)state;
    static const struct {
        int64_t type;
        size_t size;
        uint8_t bytes[64];
    } raw[] = {
        {1, 4, {0, 0, 0xc0, 0x3f, 0, 0, 0x20, 0xc0}},                          /* 1.5, -2.5 */
        {10, 2, {0, 0x3e, 0, 0xc1}},                                           /* float16 */
        {16, 2, {0xc0, 0x3f, 0x20, 0xc0}},                                     /* bfloat16 */
        {11, 8, {0, 0, 0, 0, 0, 0, 0xf8, 0x3f, 0, 0, 0, 0, 0, 0, 0x04, 0xc0}}, /* double */
    };
    for (size_t i = 0; i < sizeof raw / sizeof *raw; i++) {
        asx_error err = {0};
        asx_network *net = NULL;
        onnx_writer w = case_start(DIMS(-1, 1));
        onnx_bytes t = onnx_tensor("w", raw[i].type, DIMS(1, 2), raw[i].bytes, 2 * raw[i].size);
        onnx_put_message(&w.graph, 5, &t);
        onnx_node(&w, "MatMul", "", "x w", "y", NULL);
        onnx_output(&w, "y");
        onnx_bytes file = onnx_finish(&w);
        CHECK_OK(asx_network_parse(&net, "typed.onnx", file.data, file.n, &err), err);
        onnx_bytes_free(&file);
        assert_true(net->node[0].weight[0] == 1.5F && net->node[0].weight[1] == -2.5F);
        asx_network_free(net);
    }
    /* integers that a Cast makes floats of: -3 and 7 */
    static const struct {
        int64_t type;
        size_t n;
        uint8_t bytes[16];
    } integers[] = {
        {3, 2, {0xfd, 7}},
        {5, 4, {0xfd, 0xff, 7, 0}},
        {6, 8, {0xfd, 0xff, 0xff, 0xff, 7, 0, 0, 0}},
        {22, 1, {0x7d}}, /* int4: two in a byte */
    };
    for (size_t i = 0; i < sizeof integers / sizeof *integers; i++) {
        asx_error err = {0};
        asx_network *net = NULL;
        onnx_writer w = case_start(DIMS(-1, 1));
        onnx_bytes a = {0};
        onnx_bytes t =
            onnx_tensor("i", integers[i].type, DIMS(1, 2), integers[i].bytes, integers[i].n);
        onnx_put_message(&w.graph, 5, &t);
        onnx_attribute_int(&a, "to", 1);
        onnx_node(&w, "Cast", "", "i", "w", &a);
        onnx_node(&w, "MatMul", "", "x w", "y", NULL);
        onnx_output(&w, "y");
        onnx_bytes file = onnx_finish(&w);
        CHECK_OK(asx_network_parse(&net, "typed.onnx", file.data, file.n, &err), err);
        onnx_bytes_free(&file);
        assert_true(net->node[0].weight[0] == -3 && net->node[0].weight[1] == 7);
        asx_network_free(net);
    }
}

static int tidy(void **state)
{
    (void)state;
    return scratch_remove((const char *const[]){"net.onnx", "net.onnx.data", "w", "link", NULL});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_files_are_named),     cmocka_unit_test(weights_beside_the_model),
        cmocka_unit_test(never_leaves_its_folder), cmocka_unit_test(sizes_are_checked),
        cmocka_unit_test(weights_in_no_file),      cmocka_unit_test(weights_of_one_number),
        cmocka_unit_test(types_of_weights),
    };
    return cmocka_run_group_tests(tests, scratch_setup, tidy);
}
