/* Programs of trained networks, on images that no toy has: as C, compiled by every compiler there is with all warnings as
 * errors, and as ONNX that is read back, both hold the engine's logits on a thousand images. */
#include <unistd.h>

#include "eval/calibration.h"
#include "eval/emit.h"
#include "reference.h"

enum { IMAGES = 1000, BATCH = 100 };

static const struct {
    size_t network; /* of REFERENCE */
    const char *design;
} CASES[] = {{2, "near: w4{1,3}a8"}, {3, "in: w4{1}a8"}, {4, "near: w6{1,3}a8{1,3}"}};
enum { N_CASES = sizeof CASES / sizeof *CASES, RESNET8 = 0, LENET = 1, DSCNN = 2 };

static const char MAIN[] = "#include <stdio.h>\n"
                           "#include \"net.c\"\n"
                           "int main(void)\n{\n"
                           "    static uint8_t image[SIZE];\n"
                           "    int32_t logits[CLASSES];\n"
                           "    while (fread(image, 1, SIZE, stdin) == SIZE) {\n"
                           "        int32_t best = asx_net(image, logits);\n"
                           "        fwrite(logits, sizeof *logits, CLASSES, stdout);\n"
                           "        fwrite(&best, sizeof best, 1, stdout);\n"
                           "    }\n"
                           "    return 0;\n}\n";

static char folder[32];

typedef struct made {
    asx_network *net;
    asx_dataset *data;
    asx_calibration *calibration;
    asx_program *program;
} made;

static made make(asx_network *net, asx_dataset *data, const char *text)
{
    asx_error err;
    asx_design design;
    made m = {.net = net, .data = data};
    CHECK_OK(asx_calibration_new(&m.calibration, net, data, (asx_range){0, 256}, NULL, &err), err);
    CHECK_OK(asx_design_parse(&design, text, asx_network_workload(net), &err), err);
    CHECK_OK(asx_program_new(&m.program, m.calibration, &design, &err), err);
    asx_design_fini(&design);
    return m;
}

static made make_case(size_t i)
{
    asx_network *net = NULL;
    asx_dataset *data = NULL;
    reference_load(&net, &data, &REFERENCE[CASES[i].network]);
    return make(net, data, CASES[i].design);
}

static void unmake(made *m)
{
    asx_program_free(m->program);
    asx_calibration_free(m->calibration);
    asx_network_free(m->net);
}

/* The engine's, [IMAGES][classes]. */
static int32_t *logits_of(const made *m)
{
    asx_error err;
    const asx_program *p = m->program;
    const size_t size = asx_program_trace_size(p), n = p->value[p->output].n;
    const size_t pixels = p->value[p->input].n;
    int32_t *trace = calloc(BATCH * size, sizeof *trace), *out = calloc(IMAGES * n, sizeof *out);
    float *x = calloc(BATCH * pixels, sizeof *x);
    size_t at = 0;
    assert_true(trace && out && x);
    for (size_t v = 0; v < p->output; v++)
        at += p->value[v].n;
    for (size_t i = 0; i < IMAGES; i += BATCH) {
        asx_dataset_images(x, m->data, i, BATCH);
        CHECK_OK(asx_program_trace(trace, p, x, BATCH, &err), err);
        for (size_t k = 0; k < BATCH; k++)
            memcpy(out + (i + k) * n, trace + k * size + at, n * sizeof *out);
    }
    free(trace);
    free(x);
    return out;
}

static const char *path_of(char *path, const char *name)
{
    snprintf(path, 64, "%s/%s", folder, name);
    return path;
}

static FILE *open_file(const char *name, const char *mode)
{
    char path[64];
    FILE *f = fopen(path_of(path, name), mode);
    assert_non_null(f);
    return f;
}

static int shell(const char *command)
{
    char line[1024];
    snprintf(line, sizeof line, "cd %s && %s", folder, command);
    return system(line);
}

static void put_images(const made *m)
{
    FILE *f = open_file("images", "wb");
    for (size_t i = 0; i < IMAGES; i++) {
        const size_t n = m->program->value[m->program->input].n;
        assert_int_equal(fwrite(asx_dataset_bytes(m->data, i), 1, n, f), n);
    }
    fclose(f);
}

static int32_t largest(const int32_t *logits, size_t n)
{
    size_t best = 0;
    for (size_t k = 1; k < n; k++)
        best = logits[k] > logits[best] ? k : best;
    return (int32_t)best;
}

/* One compiler: logits and classes of all images. @return how many are right */
static size_t compare(const made *m, const int32_t *want, const char *compiler)
{
    const size_t n = m->program->value[m->program->output].n;
    size_t right = 0;
    char command[512];
    snprintf(
        command, sizeof command,
        "%s -std=c99 -Wall -Wextra -Wpedantic -Werror -O2 -DSIZE=%zu -DCLASSES=%zu main.c -o net && "
        "./net <images >logits",
        compiler, m->program->value[m->program->input].n, n);
    if (shell(command) != 0)
        fail_msg("%s refuses the file, or it fails", compiler);
    FILE *f = open_file("logits", "rb");
    for (size_t i = 0; i < IMAGES; i++) {
        int32_t got[16];
        assert_true(n < 16 && fread(got, sizeof *got, n + 1, f) == n + 1);
        for (size_t k = 0; k < n; k++)
            if (got[k] != want[i * n + k])
                fail_msg("%s, image %zu, logit %zu: %d, not %d", compiler, i, k, (int)got[k],
                         (int)want[i * n + k]);
        assert_int_equal(got[n], largest(want + i * n, n));
        right += (size_t)got[n] == asx_dataset_label(m->data, i);
    }
    assert_int_equal(fgetc(f), EOF);
    fclose(f);
    return right;
}

static void as_c(size_t number)
{
    static const char *const COMPILERS[] = {"gcc", "clang"};
    asx_error err;
    char path[64], test[64];
    made m = make_case(number);
    int32_t *want = logits_of(&m);
    const asx_emit what = {
        .program = m.program, .network = "net", .design = CASES[number].design, .data = m.data};
    CHECK_OK(asx_emit_c(&what, path_of(path, "net.c"), NULL, &err), err);
    FILE *f = open_file("main.c", "w");
    assert_true(fputs(MAIN, f) >= 0 && fclose(f) == 0);
    put_images(&m);
    for (size_t i = 0; i < 2; i++) {
        snprintf(test, sizeof test, "command -v %s >/dev/null", COMPILERS[i]);
        if (shell(test) == 0)
            print_message("%s in %s, by %s: %d images equal, %zu right\n",
                          REFERENCE[CASES[number].network].model, CASES[number].design,
                          COMPILERS[i], IMAGES, compare(&m, want, COMPILERS[i]));
        else
            print_message("%s is missing: not compiled by it\n", COMPILERS[i]);
    }
    free(want);
    asx_dataset_free(m.data);
    unmake(&m);
}

static void resnet8_as_c(void **state)
{
    (void)state;
    as_c(RESNET8);
}

static void lenet_as_c(void **state)
{
    (void)state;
    as_c(LENET);
}

static void dscnn_as_c(void **state)
{
    (void)state;
    as_c(DSCNN);
}

/* Read by asx, the file's formats are the design. */
static void as_onnx(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        asx_error err;
        char path[64];
        asx_network *net = NULL;
        size_t n_off = 0;
        made m = make_case(i);
        const asx_emit what = {
            .program = m.program, .network = "net", .design = CASES[i].design, .data = m.data};
        CHECK_OK(asx_emit_onnx(&n_off, &what, false, path_of(path, "net.onnx"), NULL, &err), err);
        CHECK_OK(asx_network_load(&net, path, &err), err);
        made back = make(net, m.data, "near: file");
        int32_t *want = logits_of(&m), *got = logits_of(&back);
        const size_t n = m.program->value[m.program->output].n;
        for (size_t k = 0; k < IMAGES * n; k++)
            if (want[k] != got[k])
                fail_msg("%s, image %zu: %d, not %d", CASES[i].design, k / n, (int)got[k],
                         (int)want[k]);
        free(want);
        free(got);
        asx_dataset_free(m.data);
        unmake(&m);
        unmake(&back);
    }
}

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/asx-real-XXXXXX");
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
    for (size_t i = 0; i < N_CASES; i++) {
        check_data_or_skip(REFERENCE[CASES[i].network].model);
        check_data_or_skip(REFERENCE[CASES[i].network].images);
    }
    const struct CMUnitTest tests[] = {cmocka_unit_test(resnet8_as_c), cmocka_unit_test(lenet_as_c),
                                       cmocka_unit_test(dscnn_as_c), cmocka_unit_test(as_onnx)};
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
