/* A program written as C, compiled by every compiler there is with all warnings as errors, and run:
 * its logits are the engine's integers. */
#include <unistd.h>

#include "asm_reference.h"
#include "eval/emit.h"
#include "eval/glyphs.h"
#include "toy_movers.h"

enum { IMAGES = 6, MANY = 1000 };

/* Reads images, prints logits; BYTES: images as the data set stores them. */
static const char MAIN[] = "#include <stdio.h>\n"
                           "#include \"net.c\"\n"
                           "int main(void)\n{\n"
                           "    static IMAGE image[SIZE];\n"
                           "    int32_t logits[CLASSES];\n"
                           "    for (;;) {\n"
                           "        for (int i = 0; i < SIZE; i++) {\n"
                           "            int v = 0;\n"
                           "            if (scanf(\"%d\", &v) != 1)\n"
                           "                return 0;\n"
                           "            image[i] = (IMAGE)v;\n"
                           "        }\n"
                           "        NET(image, logits);\n"
                           "        for (int i = 0; i < CLASSES; i++)\n"
                           "            printf(\"%d\\n\", (int)logits[i]);\n"
                           "    }\n}\n";

static char folder[32];

static void put(const char *name, const char *text)
{
    char path[64];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0 && fclose(f) == 0);
}

static int shell(const char *command)
{
    char line[1024];
    snprintf(line, sizeof line, "cd %s && %s", folder, command);
    return system(line);
}

/* Writes the images' numbers where the compiled program reads them. */
static void put_images(const asx_program *p, const asx_dataset *data, const int32_t *trace,
                       size_t n_images, size_t input_at, bool bytes)
{
    asx_text t = {0};
    const size_t n = p->value[p->input].n, size = asx_program_trace_size(p);
    for (size_t i = 0; i < n_images; i++)
        for (size_t k = 0; k < n; k++)
            asx_text_add(&t, "%d\n",
                         bytes ? asx_dataset_bytes(data, i)[k]
                               : (int)trace[i * size + input_at + k]);
    put("images", t.s);
    asx_text_fini(&t);
}

static size_t trace_place(const asx_program *p, size_t value)
{
    size_t at = 0;
    for (size_t v = 0; v < value; v++)
        at += p->value[v].n;
    return at;
}

/* One compiler, one kind of images: logits as in the trace. */
static void run(const char *compiler, const asx_program *p, const int32_t *trace, size_t n_images,
                bool bytes)
{
    char command[512], path[64];
    const size_t n = p->value[p->output].n;
    snprintf(
        command, sizeof command,
        "%s -std=c99 -Wall -Wextra -Wpedantic -Werror -O1 -c net.c -o net.o && %s -std=c99 -O1 "
        "-DSIZE=%zu -DCLASSES=%zu -DIMAGE=%s -DNET=%s main.c -o net && ./net <images >logits",
        compiler, compiler, p->value[p->input].n, n, bytes ? "uint8_t" : "asx_value",
        bytes ? "asx_net" : "asx_net_integers");
    if (shell(command) != 0)
        fail_msg("%s refuses the file, or it fails", compiler);
    snprintf(path, sizeof path, "%s/logits", folder);
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    for (size_t i = 0; i < n_images; i++)
        for (size_t k = 0; k < n; k++) {
            int got = 0;
            const int32_t want =
                trace[i * asx_program_trace_size(p) + trace_place(p, p->output) + k];
            assert_int_equal(fscanf(f, "%d", &got), 1);
            if (got != want)
                fail_msg("%s, image %zu, logit %zu: %d, not %d", compiler, i, k, got, (int)want);
        }
    fclose(f);
}

static void check(const asx_network *net, const asx_dataset *data, const char *text, unsigned bits)
{
    static const char *const COMPILERS[] = {"gcc", "clang"};
    const size_t n_images = asx_dataset_size(data);
    asx_error err;
    asx_calibration *c = NULL;
    asx_program *p = NULL;
    asx_design design;
    char path[64], test[64];
    asx_calibration_options o = asx_calibration_options_default();
    o.batch = 4;
    o.multiplier_bits = bits;
    CHECK_OK(asx_design_parse(&design, text, asx_network_workload(net), &err), err);
    CHECK_OK(asx_calibration_new(&c, net, data, (asx_range){0, IMAGES}, &o, &err), err);
    CHECK_OK(asx_program_new(&p, c, &design, &err), err);
    int32_t *trace = calloc(n_images * asx_program_trace_size(p), sizeof *trace);
    float *x = toy_array(n_images * p->value[p->input].n);
    asx_dataset_images(x, data, 0, n_images);
    CHECK_OK(asx_program_trace(trace, p, x, n_images, &err), err);
    const asx_emit what = {.program = p,
                           .network = "network",
                           .design = text,
                           .data = asx_dataset_bytes(data, 0) ? data : NULL};
    snprintf(path, sizeof path, "%s/net.c", folder);
    CHECK_OK(asx_emit_c(&what, path, NULL, &err), err);
    put("main.c", MAIN);
    for (int bytes = 0; bytes <= (what.data != NULL); bytes++) {
        put_images(p, data, trace, n_images, trace_place(p, p->input), bytes);
        for (size_t i = 0; i < 2; i++) {
            snprintf(test, sizeof test, "command -v %s >/dev/null", COMPILERS[i]);
            if (shell(test) == 0)
                run(COMPILERS[i], p, trace, n_images, bytes);
            else
                print_message("%s is missing: not compiled by it\n", COMPILERS[i]);
        }
    }
    free(trace);
    free(x);
    asx_program_free(p);
    asx_calibration_free(c);
    asx_design_fini(&design);
}

static void residual(void **state)
{
    static const char *const DESIGNS[] = {"near: w8a8", "near: w4{1,3}a8",
                                          "vn: w8s{1,3}a6q6{1,33} layer1=w12a12", "near: w5{1}a16"};
    const unsigned char label[IMAGES] = {0};
    (void)state;
    for (size_t i = 0; i < sizeof DESIGNS / sizeof *DESIGNS; i++) {
        asx_network *net = toy_residual();
        asx_dataset *data = toy_data(IMAGES, net->input_shape, label);
        check(net, data, DESIGNS[i], (unsigned[]){16, 8, 12, 16}[i]);
        asx_dataset_free(data);
        asx_network_free(net);
    }
}

static void moved(void **state)
{
    const unsigned char label[IMAGES] = {0};
    (void)state;
    asx_network *net = toy_movers();
    asx_dataset *data = toy_data(IMAGES, net->input_shape, label);
    check(net, data, "near: w6{1,3}a8", 16);
    check(net, data, "near: w8a8{1,3}", 24);
    asx_dataset_free(data);
    asx_network_free(net);
}

/* As many as show what few do not: sums at the ends of their ranges, ties. */
static void many_images(void **state)
{
    static const unsigned char label[MANY];
    (void)state;
    for (int i = 0; i < 2; i++) {
        asx_network *net = i ? toy_movers() : toy_residual();
        asx_dataset *data = toy_data(MANY, net->input_shape, label);
        check(net, data, i ? "in: w4{1}a8" : "near: w4{1,3}a8", 16);
        asx_dataset_free(data);
        asx_network_free(net);
    }
}

/* What cannot be written is refused by name. */
static void refusals(void **state)
{
    asx_error err;
    asx_calibration *c = NULL;
    asx_program *p = NULL;
    asx_design design;
    const unsigned char label[IMAGES] = {0};
    (void)state;
    asx_network *net = toy_residual();
    toy_node(net, (asx_node){.op = ASX_OP_SOFTMAX}, 1, net->output, 0, SHAPE(5));
    asx_dataset *data = toy_data(IMAGES, net->input_shape, label);
    CHECK_OK(asx_design_parse(&design, "near: w8a8", asx_network_workload(net), &err), err);
    CHECK_OK(asx_calibration_new(&c, net, data, (asx_range){0, IMAGES}, NULL, &err), err);
    assert_int_equal(asx_program_new(&p, c, &design, &err), ASX_EUNSUPPORTED);
    assert_non_null(strstr(err.message, "Softmax"));
    asx_design_fini(&design);
    asx_calibration_free(c);
    asx_dataset_free(data);
    asx_network_free(net);
}

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/asx-emit-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    char command[64];
    (void)state;
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(residual), cmocka_unit_test(moved),
                                       cmocka_unit_test(many_images), cmocka_unit_test(refusals)};
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
