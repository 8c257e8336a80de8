/* onnx_written NETWORK DESIGN IMAGES STYLE: a network of the reference data, or glyphs, in a design: writes into the working folder
 * net.onnx, the first images as floats (images) and the integers of their logits (logits), and prints their shape, the number
 * of classes and the logits' scale. Exit code 77: its data is not there. What others make of net.onnx: onnx_peers.py. */
#include <stdio.h>
#include <stdlib.h>

#include "eval/calibration.h"
#include "eval/emit.h"
#include "reference.h"

static const char *const NAMES[] = {"resnet20", "resnet56", "resnet8", "lenet", "dscnn"};

static void load(asx_network **network, asx_dataset **data, const char *name)
{
    asx_error err;
    if (strcmp(name, "glyphs") == 0) {
        const asx_dataset_spec spec = {
            .format = ASX_DATA_GLYPHS, .n_generated = 512, .scale = 1.0 / 255, .seed = 1};
        CHECK_OK(asx_network_load(network, ASX_TEST_DATA "/../../eval/data/glyphs.onnx", &err),
                 err);
        CHECK_OK(asx_dataset_load(data, &spec, &err), err);
        return;
    }
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        if (strcmp(name, NAMES[i]) == 0) {
            check_data_or_skip(REFERENCE[i].model);
            check_data_or_skip(REFERENCE[i].images);
            reference_load(network, data, &REFERENCE[i]);
        }
}

static void put(const char *name, const void *bytes, size_t n)
{
    FILE *f = fopen(name, "wb");
    assert_true(f && fwrite(bytes, 1, n, f) == n && fclose(f) == 0);
}

static void write_images(const asx_program *p, const asx_dataset *data, size_t n)
{
    asx_error err;
    const size_t in = p->value[p->input].n, out = p->value[p->output].n;
    const size_t size = asx_program_trace_size(p), *shape = asx_dataset_shape(data);
    float *x = calloc(n * in, sizeof *x);
    int32_t *trace = calloc(n * size, sizeof *trace), *logits = calloc(n * out, sizeof *logits);
    size_t at = 0;
    assert_true(x && trace && logits);
    asx_dataset_images(x, data, 0, n);
    CHECK_OK(asx_program_trace(trace, p, x, n, &err), err);
    for (size_t v = 0; v < p->output; v++)
        at += p->value[v].n;
    for (size_t i = 0; i < n; i++)
        memcpy(logits + i * out, trace + i * size + at, out * sizeof *logits);
    put("images", x, n * in * sizeof *x);
    put("logits", logits, n * out * sizeof *logits);
    printf("%zu %zu %zu %zu %.17g\n", shape[0], shape[1], shape[2], out, p->value[p->output].scale);
    free(x);
    free(trace);
    free(logits);
}

int main(int argc, char **argv)
{
    asx_error err;
    asx_network *net = NULL;
    asx_dataset *data = NULL;
    asx_calibration *c = NULL;
    asx_program *p = NULL;
    asx_design design;
    if (argc != 5)
        return 2;
    load(&net, &data, argv[1]);
    CHECK_OK(asx_calibration_new(&c, net, data, (asx_range){0, 256}, NULL, &err), err);
    CHECK_OK(asx_design_parse(&design, argv[2], asx_network_workload(net), &err), err);
    CHECK_OK(asx_program_new(&p, c, &design, &err), err);
    const asx_emit what = {.program = p,
                           .network = argv[1],
                           .design = argv[2],
                           .data = asx_dataset_bytes(data, 0) ? data : NULL};
    size_t n_off = 0;
    CHECK_OK(asx_emit_onnx(&n_off, &what, strcmp(argv[4], "qonnx") == 0, "net.onnx", NULL, &err),
             err);
    write_images(p, data, strtoul(argv[3], NULL, 10));
    asx_design_fini(&design);
    asx_program_free(p);
    asx_calibration_free(c);
    asx_dataset_free(data);
    asx_network_free(net);
    return 0;
}
