/* A program written as ONNX and read back: its file's formats compute the program's integers. What other
 * runtimes make of such files: onnx_peers.py. */
#include <math.h>
#include <unistd.h>

#include "eval/emit.h"
#include "eval/network.h"
#include "toy_movers.h"

enum { IMAGES = 75 };

static asx_calibration_options options(unsigned multiplier_bits)
{
    asx_calibration_options o = asx_calibration_options_default();
    o.batch = 4;
    o.multiplier_bits = multiplier_bits;
    return o;
}

/* @param images  for calibration, which tells a file that holds its scales nothing */
static asx_program *program_of(asx_calibration **c, const asx_network *net, const asx_dataset *data,
                               asx_range images, const char *text, unsigned bits)
{
    const asx_calibration_options o = options(bits);
    asx_error err;
    asx_program *p = NULL;
    asx_design design;
    CHECK_OK(asx_design_parse(&design, text, asx_network_workload(net), &err), err);
    CHECK_OK(asx_calibration_new(c, net, data, images, &o, &err), err);
    CHECK_OK(asx_program_new(&p, *c, &design, &err), err);
    asx_design_fini(&design);
    return p;
}

static int32_t *logits_of(const asx_program *p, const asx_dataset *data)
{
    asx_error err;
    const size_t n_images = asx_dataset_size(data), size = asx_program_trace_size(p);
    const size_t n = p->value[p->output].n;
    int32_t *trace = calloc(n_images * size, sizeof *trace);
    int32_t *out = calloc(n_images * n, sizeof *out);
    float *x = toy_array(n_images * p->value[p->input].n);
    size_t at = 0;
    assert_true(trace && out);
    asx_dataset_images(x, data, 0, n_images);
    CHECK_OK(asx_program_trace(trace, p, x, n_images, &err), err);
    for (size_t v = 0; v < p->output; v++)
        at += p->value[v].n;
    for (size_t i = 0; i < n_images; i++)
        memcpy(out + i * n, trace + i * size + at, n * sizeof *out);
    free(trace);
    free(x);
    return out;
}

/* @return a network that is read from what `p` was written to */
static asx_network *written(const asx_program *p, const asx_dataset *data, bool qonnx,
                            const char *design)
{
    asx_error err;
    asx_network *net = NULL;
    size_t n_off = 0;
    char path[32];
    toy_file(path, 0, NULL);
    const asx_emit what = {.program = p, .network = "toy", .design = design, .data = data};
    CHECK_OK(asx_emit_onnx(&n_off, &what, qonnx, path, NULL, &err), err);
    assert_int_equal(n_off, 0);
    CHECK_OK(asx_network_load(&net, path, &err), err);
    unlink(path);
    return net;
}

static void same_as(const asx_network *net, const asx_dataset *data, bool qonnx, const char *design,
                    unsigned bits)
{
    asx_calibration *c = NULL, *again = NULL;
    asx_program *p = program_of(&c, net, data, (asx_range){0, 8}, design, bits);
    asx_network *back = written(p, data, qonnx, design);
    asx_program *q = program_of(&again, back, data, (asx_range){40, 44}, "near: file", bits);
    int32_t *want = logits_of(p, data), *got = logits_of(q, data);
    const size_t n = asx_dataset_size(data) * p->value[p->output].n;
    for (size_t i = 0; i < n; i++)
        if (want[i] != got[i])
            fail_msg("%s, %u bits, %s: logit %zu is %d, not %d", design, bits,
                     qonnx ? "QONNX" : "QCDQ", i, (int)got[i], (int)want[i]);
    assert_true(fabs(q->value[q->output].scale / p->value[p->output].scale - 1) < 1e-6);
    free(want);
    free(got);
    asx_program_free(p);
    asx_program_free(q);
    asx_calibration_free(c);
    asx_calibration_free(again);
    asx_network_free(back);
}

static void same(const asx_network *net, const asx_dataset *data, const char *design, unsigned bits)
{
    same_as(net, data, false, design, bits);
    same_as(net, data, true, design, bits);
}

static void residual(void **state)
{
    static const struct {
        const char *design;
        unsigned bits;
    } cases[] = {
        {"near: w8a8", 16},   {"near: w4{1,3}a8", 16},         {"vn: w8s{1,3}a6 layer1=w12a12", 12},
        {"in: w5{1}a16", 16}, {"near: w16a4 layer2=w3a7", 20}, {"near: w2a9", 22}};
    static const unsigned char label[IMAGES];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        asx_network *net = toy_residual();
        asx_dataset *data = toy_data(IMAGES, net->input_shape, label);
        same(net, data, cases[i].design, cases[i].bits);
        asx_dataset_free(data);
        asx_network_free(net);
    }
}

static void moved(void **state)
{
    static const unsigned char label[IMAGES];
    (void)state;
    asx_network *net = toy_movers();
    asx_dataset *data = toy_data(IMAGES, net->input_shape, label);
    same(net, data, "near: w6{1,3}a8", 16);
    same(net, data, "near: w8a10", 16);
    same(net, data, "near: w8a8", 20);
    asx_dataset_free(data);
    asx_network_free(net);
}

/* Written once more from what was read it is the same file. */
static void again(void **state)
{
    static const unsigned char label[IMAGES];
    (void)state;
    asx_network *net = toy_residual();
    asx_dataset *data = toy_data(IMAGES, net->input_shape, label);
    asx_calibration *c = NULL, *d = NULL;
    asx_program *p = program_of(&c, net, data, (asx_range){0, 8}, "near: w4{1,3}a8", 16);
    asx_network *back = written(p, data, false, "w4{1,3}a8");
    same(back, data, "near: file", 16);
    same(back, data, "near: w8a8 layer1=w6{1}a5", 16);
    asx_program *q = program_of(&d, back, data, (asx_range){0, 8}, "near: file", 16);
    asx_network *twice = written(q, data, false, "file");
    print_message("%zu nodes, read and written again %zu\n", back->n_nodes, twice->n_nodes);
    assert_int_equal(twice->n_nodes, back->n_nodes);
    asx_network_free(twice);
    asx_program_free(q);
    asx_calibration_free(d);
    asx_network_free(back);
    asx_program_free(p);
    asx_calibration_free(c);
    asx_dataset_free(data);
    asx_network_free(net);
}

static void refuses(void **state)
{
    static const unsigned char label[IMAGES];
    asx_error err;
    size_t n_off = 0;
    (void)state;
    asx_network *net = toy_residual();
    asx_dataset *data = toy_data(IMAGES, net->input_shape, label);
    asx_calibration *c = NULL;
    asx_program *p = program_of(&c, net, data, (asx_range){0, 8}, "near: w8a8 layer1=w8a6{1}", 16);
    const asx_emit what = {.program = p, .network = "toy", .design = ""};
    assert_int_equal(asx_emit_onnx(&n_off, &what, false, "/dev/null", NULL, &err),
                     ASX_EUNSUPPORTED);
    assert_non_null(strstr(err.message, "layer 'layer1' is w8a6{1}: "));
    asx_program_free(p);
    asx_calibration_free(c);
    asx_dataset_free(data);
    asx_network_free(net);
}

/* Biases of products so fine that a float does not hold them are counted. */
static void finer_than_floats(void **state)
{
    static const unsigned char label[IMAGES];
    asx_error err;
    size_t n_off = 0, n_large = 0;
    (void)state;
    asx_network *net = toy_residual();
    asx_dataset *data = toy_data(IMAGES, net->input_shape, label);
    asx_calibration *c = NULL;
    asx_program *p = program_of(&c, net, data, (asx_range){0, 8}, "near: w16a16", 16);
    const asx_emit what = {.program = p, .network = "toy", .design = ""};
    CHECK_OK(asx_emit_onnx(&n_off, &what, false, "/dev/null", NULL, &err), err);
    for (size_t i = 0; i < p->n_steps; i++)
        for (size_t k = 0; k < p->step[i].n_biases; k++)
            n_large += llabs(p->step[i].bias[k]) > 1 << 23;
    assert_true(n_off > 0 && n_off <= n_large);
    asx_program_free(p);
    asx_calibration_free(c);
    asx_dataset_free(data);
    asx_network_free(net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(residual), cmocka_unit_test(moved),
                                       cmocka_unit_test(again), cmocka_unit_test(refuses),
                                       cmocka_unit_test(finer_than_floats)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
