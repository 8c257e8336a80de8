/* Networks for costs only: what cannot be run is left out by name, what can is there with its
 * operations. */
#include <string.h>

#include "check.h"
#include "dse/error.h"
#include "onnx_case.h"

enum { C = 3, SIZE = 8, OUT = 4, T = 5, D = 8, CONV_MACS = OUT * (SIZE - 2) * (SIZE - 2) * C * 9 };

static void put_conv(onnx_writer *w, const char *in, const char *out)
{
    char inputs[64];
    snprintf(inputs, sizeof inputs, "%s conv.weight", in);
    onnx_floats(w, "conv.weight", DIMS(OUT, C, 3, 3), zeros);
    onnx_node(w, "Conv", "", inputs, out, NULL);
}

static asx_status parse(asx_network **net, onnx_writer *w, asx_error *err)
{
    onnx_bytes file = onnx_finish(w);
    const asx_status status = asx_network_parse_priced(net, "t.onnx", file.data, file.n, err);
    onnx_bytes_free(&file);
    return status;
}

static asx_network *priced(onnx_writer *w)
{
    asx_network *net = NULL;
    asx_error err = {0};
    CHECK_OK(parse(&net, w, &err), err);
    return net;
}

static void check_skipped(const asx_network *net, size_t i, const char *name, const char *op,
                          const char *why, bool counted, size_t macs)
{
    size_t n = 0;
    const asx_skipped *s = asx_network_skipped(net, &n);
    assert_true(i < n);
    assert_string_equal(s[i].node, name);
    assert_string_equal(s[i].op, op);
    if (!strstr(s[i].why, why))
        fail_msg("'%s' is not in '%s'", why, s[i].why);
    assert_int_equal(s[i].counted, counted);
    assert_int_equal(s[i].macs, macs);
}

static size_t n_skipped(const asx_network *net)
{
    size_t n = 0;
    asx_network_skipped(net, &n);
    return n;
}

/* The end of a detection network: shapes behind it depend on the image. */
static void head(void **state)
{
    (void)state;
    asx_network *net = NULL;
    asx_error err = {0};
    onnx_bytes file = case_detector();
    CHECK_FAIL(asx_network_parse(&net, "t.onnx", file.data, file.n, &err), ASX_EUNSUPPORTED, err);
    CHECK_OK(asx_network_parse_priced(&net, "t.onnx", file.data, file.n, &err), err);
    onnx_bytes_free(&file);
    const asx_workload *work = asx_network_workload(net);
    assert_int_equal(work->n_layers, 1);
    assert_int_equal(asx_layer_n_macs(&work->layer[0]), CONV_MACS);
    assert_int_equal(n_skipped(net), 2);
    check_skipped(net, 0, "nms", "NonMaxSuppression", "not known", false, 0);
    check_skipped(net, 1, "pick", "Gather", "it reads 'kept'", true, 0);
    CHECK_FAIL(asx_network_check_weights(net, &err), ASX_EUNSUPPORTED, err);
    assert_non_null(strstr(err.message, "'nms' (NonMaxSuppression), 'pick' (Gather): "
                                        "multiply-accumulates of 1 that cannot"));
    asx_text text = {0};
    CHECK_FAIL(asx_network_print(&text, net, &err), ASX_EUNSUPPORTED, err);
    asx_text_fini(&text);
    asx_network_free(net);
}

static void put_dense(onnx_writer *w, const char *weight, const char *in, const char *out)
{
    char inputs[64];
    snprintf(inputs, sizeof inputs, "%s %s", in, weight);
    onnx_floats(w, weight, DIMS(D, D), zeros);
    onnx_node(w, "MatMul", "", inputs, out, NULL);
}

/* Attention keeps the shape of what asks: layers behind it are counted, and so is what it does. */
static void attention(void **state)
{
    (void)state;
    onnx_writer w = case_start(DIMS(-1, T, D));
    put_dense(&w, "q.weight", "x", "q");
    put_dense(&w, "k.weight", "x", "k");
    put_dense(&w, "v.weight", "x", "v");
    onnx_node(&w, "Attention", "core", "q k v", "y", NULL);
    put_dense(&w, "out.weight", "y", "z");
    onnx_output(&w, "z");
    asx_network *net = priced(&w);
    assert_int_equal(asx_network_workload(net)->n_layers, 4);
    assert_int_equal(n_skipped(net), 1);
    check_skipped(net, 0, "core", "Attention", "not known", true, (size_t)2 * T * D * T);
    size_t rank = 0;
    const size_t *y = asx_network_output_shape(net, &rank);
    assert_true(rank == 2 && y[0] == T && y[1] == D);
    asx_network_free(net);
}

static void put_packed(onnx_writer *w, const char *attribute, int64_t value, const int64_t *parts)
{
    const int64_t columns = parts ? 2 * parts[0] + parts[2] : 3 * D;
    onnx_bytes a = {0};
    *w = case_start(DIMS(-1, T, D));
    put_dense(w, "embed", "x", "e");
    onnx_floats(w, "qkv", DIMS(D, columns), zeros);
    if (attribute)
        onnx_attribute_int(&a, attribute, value);
    if (parts)
        onnx_attribute_ints(&a, "qkv_hidden_sizes", 3, parts);
    onnx_put_text(&a, 7, "com.microsoft"); /* the node's domain */
    onnx_node(w, "Attention", "att", "e qkv", "z", &a);
    onnx_floats(w, "out", DIMS(parts ? parts[2] : D, 2), zeros);
    onnx_node(w, "MatMul", "", "z out", "y", NULL);
    onnx_output(w, "y");
}

/* One weight makes queries, keys and values: its products are counted beside those of attention. */
static void attention_of_one_weight(void **state)
{
    (void)state;
    static const int64_t parts[] = {2, 2, 6};
    for (int i = 0; i < 2; i++) {
        const size_t q = i == 0 ? D : 2, v = i == 0 ? D : 6;
        onnx_writer w;
        put_packed(&w, "num_heads", 2, i == 0 ? NULL : parts);
        asx_network *net = priced(&w);
        assert_int_equal(asx_network_workload(net)->n_layers, 2);
        check_skipped(net, 0, "att", "Attention", "not known", true,
                      T * D * (2 * q + v) + T * T * (q + v));
        asx_network_free(net);
    }
}

/* Heads that cannot be. */
static void heads(void **state)
{
    (void)state;
    static const int64_t odd[] = {2, 4, 4};
    static const struct {
        const char *attribute;
        int64_t value;
        const int64_t *parts;
        const char *says;
    } cases[] = {
        {"num_heads", 0, NULL, "'num_heads' is 0, which does not divide 8 features"},
        {"num_heads", -5, NULL, "'num_heads' is -5, which"},
        {"num_heads", 3, NULL, "'num_heads' is 3, which"},
        {"num_heads", (int64_t)1 << 62, NULL, "'num_heads' is 4611686018427387904, which"},
        {"q_num_heads", -1, NULL, "'q_num_heads' is -1, which"},
        {NULL, 0, odd, "'qkv_hidden_sizes' is 2, 4, 4 of 8"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        asx_network *net = NULL;
        asx_error err = {0};
        onnx_writer w;
        put_packed(&w, cases[i].attribute, cases[i].value, cases[i].parts);
        CHECK_FAIL(parse(&net, &w, &err), ASX_EINVAL, err);
        if (!strstr(err.message, cases[i].says))
            fail_msg("'%s' is not in '%s'", cases[i].says, err.message);
    }
}

/* A recurrent layer of too many steps: counted and shaped by its weights, and what is behind it priced. */
static void recurrent(void **state)
{
    (void)state;
    static const struct {
        const char *op, *out, *turned;
        size_t gates, directions;
        bool batch_first;
    } cases[] = {{"LSTM", "- h", "h", 4, 1, false},
                 {"GRU", "- h", "h", 3, 2, false},
                 {"RNN", "- h", "h", 1, 2, true},
                 {"LSTM", "h", "h", 4, 1, true}};
    enum { STEPS = 1500, HIDDEN = 3 };
    static const float weight[2 * STEPS * HIDDEN * 4];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const int64_t d = (int64_t)cases[i].directions, rows = (int64_t)cases[i].gates * HIDDEN;
        const bool last = *cases[i].out == '-', first = cases[i].batch_first;
        const int64_t all = d * HIDDEN * (last ? 1 : STEPS);
        onnx_writer w = case_start(DIMS(-1, STEPS, D));
        w.opset = 14;
        onnx_bytes turn = {0}, back = {0}, a = {0};
        onnx_attribute_ints(&turn, "perm", 3, (int64_t[]){1, 0, 2});
        onnx_attribute_ints(&back, "perm", 3, (int64_t[]){1, 0, 2});
        onnx_attribute_text(&a, "direction", d == 2 ? "bidirectional" : "forward");
        onnx_attribute_int(&a, "layout", first);
        put_dense(&w, "embed", "x", "e");
        onnx_node(&w, "Transpose", "", "e", "et", &turn);
        onnx_floats(&w, "W", DIMS(d, rows, D), weight);
        onnx_floats(&w, "R", DIMS(d, rows, HIDDEN), weight);
        onnx_node(&w, cases[i].op, "cell", first ? "e W R" : "et W R", cases[i].out, &a);
        onnx_node(&w, first ? "Identity" : "Transpose", "", "h", "t", first ? NULL : &back);
        onnx_int64s(&w, "flat", 2, (int64_t[]){-1, all});
        onnx_node(&w, "Reshape", "", "t flat", "r", NULL);
        onnx_floats(&w, "fc", DIMS(all, 2), weight);
        onnx_node(&w, "MatMul", "", "r fc", "y", NULL);
        onnx_output(&w, "y");
        asx_network *net = priced(&w);
        const asx_workload *work = asx_network_workload(net);
        assert_int_equal(n_skipped(net), 1);
        check_skipped(net, 0, "cell", cases[i].op, "1500 steps (at most 1024)", true,
                      (size_t)(STEPS * d * rows * (D + HIDDEN)));
        assert_int_equal(work->n_layers, 2);
        assert_int_equal(asx_layer_n_macs(&work->layer[1]), all * 2);
        asx_network_free(net);
        if (first)
            onnx_bytes_free(&back);
    }
}

/* Weights that do not tell: not counted, and where nothing else has weights, what is left out is told. */
static void recurrent_unknown(void **state)
{
    (void)state;
    asx_network *net = NULL;
    asx_error err = {0};
    onnx_bytes a = {0};
    onnx_writer w = case_start(DIMS(-1, T, D));
    onnx_attribute_int(&a, "layout", 1);
    onnx_floats(&w, "R", DIMS(1, 4 * D, D), zeros);
    onnx_node(&w, "LSTM", "cell", "x x R", "y", &a);
    onnx_output(&w, "y");
    CHECK_FAIL(parse(&net, &w, &err), ASX_EINVAL, err);
    if (!strstr(err.message, "no layer with weights is left without 'cell' (LSTM): "
                             "multiply-accumulates of 1 that cannot be counted; 'cell' cannot be"))
        fail_msg("%s", err.message);
}

/* What the file says of a shape is taken; a second input is a shape. */
static void told(void **state)
{
    (void)state;
    onnx_writer w = case_start(DIMS(-1, C, SIZE, SIZE));
    onnx_input(&w, "mask", DIMS(-1, OUT, 6, 6));
    put_conv(&w, "x", "map");
    onnx_node(&w, "Mystery", "m", "map", "turned", NULL);
    onnx_node(&w, "Mul", "", "turned mask", "masked", NULL);
    onnx_node(&w, "Flatten", "", "masked", "flat", NULL);
    onnx_floats(&w, "fc.weight", DIMS(OUT * 36, 2), zeros);
    onnx_node(&w, "MatMul", "", "flat fc.weight", "logits", NULL);
    onnx_output(&w, "logits");
    onnx_shape(&w, "turned", DIMS(-1, OUT, 6, 6));
    asx_network *net = priced(&w);
    assert_int_equal(asx_network_workload(net)->n_layers, 2);
    assert_int_equal(n_skipped(net), 2);
    check_skipped(net, 0, "mask", "input", "one input", true, 0);
    check_skipped(net, 1, "m", "Mystery", "not known", false, 0);
    asx_network_free(net);
}

/* A layer that only the body of a loop reads is part of the network. */
static void captured(void **state)
{
    (void)state;
    onnx_writer body = {.opset = 13}, w = case_start(DIMS(-1, C, SIZE, SIZE));
    onnx_bytes attribute = {0}, attributes = {0};
    onnx_node(&body, "Identity", "", "map", "inner", NULL);
    onnx_put_text(&attribute, 1, "body");
    onnx_put_message(&attribute, 6, &body.graph);
    onnx_put_int(&attribute, 20, 5);
    onnx_put_message(&attributes, 5, &attribute);
    put_conv(&w, "x", "map");
    onnx_node(&w, "Loop", "loop", "- - x", "y", &attributes);
    onnx_output(&w, "y");
    asx_network *net = priced(&w);
    assert_int_equal(asx_network_workload(net)->n_layers, 1);
    check_skipped(net, 0, "loop", "Loop", "not known", false, 0);
    asx_network_free(net);
}

/* What is wrong is wrong, and what can be run is nothing else than before. */
static void others(void **state)
{
    (void)state;
    asx_network *net = NULL, *same = NULL;
    asx_error err = {0};
    onnx_writer w = case_start(DIMS(-1, C, SIZE, SIZE));
    onnx_floats(&w, "conv.weight", DIMS(OUT, C + 1, 3, 3), zeros);
    onnx_node(&w, "Conv", "", "x conv.weight", "y", NULL);
    onnx_output(&w, "y");
    CHECK_FAIL(parse(&net, &w, &err), ASX_EINVAL, err);
    onnx_bytes file = case_sample();
    CHECK_OK(asx_network_parse(&net, "s.onnx", file.data, file.n, &err), err);
    CHECK_OK(asx_network_parse_priced(&same, "s.onnx", file.data, file.n, &err), err);
    onnx_bytes_free(&file);
    assert_int_equal(n_skipped(same), 0);
    CHECK_OK(asx_network_check_weights(same, &err), err);
    assert_true(asx_network_hash(net) == asx_network_hash(same));
    assert_int_equal(net->n_nodes, same->n_nodes);
    asx_network_free(net);
    asx_network_free(same);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(head),
        cmocka_unit_test(attention),
        cmocka_unit_test(told),
        cmocka_unit_test(captured),
        cmocka_unit_test(attention_of_one_weight),
        cmocka_unit_test(heads),
        cmocka_unit_test(recurrent),
        cmocka_unit_test(recurrent_unknown),
        cmocka_unit_test(others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
