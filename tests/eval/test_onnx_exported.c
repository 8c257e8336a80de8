/* Networks as PyTorch exports them, imported, run, and held against what PyTorch itself computes
 * (tests/data/onnx/make.py; its own numbers are in expected.txt). */
#include <math.h>
#include <string.h>

#include "check.h"
#include "onnx_case.h"

enum { N_IMAGES = 2, LINE_MAX_BYTES = 1024 };

static const char *folder = ASX_TEST_DATA "/onnx";

/* The images of make.py. */
static void fill_images(float *x, size_t n)
{
    uint32_t state = 1;
    for (size_t i = 0; i < n; i++) {
        state = 1664525U * state + 1013904223U;
        x[i] = (float)(state >> 8) / 8388608.0F - 1;
    }
}

/* The largest difference, relative to the largest output. */
static double compare(const asx_network *net, const char *numbers, size_t n)
{
    char *end;
    double largest = 0, difference = 0;
    const size_t n_inputs = N_IMAGES * asx_value_n_elements(&net->value[net->input]);
    float *x = calloc(n_inputs, sizeof *x);
    assert_non_null(x);
    fill_images(x, n_inputs);
    float *y = case_run(net, x, N_IMAGES);
    assert_int_equal(n, N_IMAGES * asx_network_n_classes(net));
    for (size_t i = 0; i < n; i++, numbers = end) {
        const double want = strtod(numbers, &end);
        assert_true(end != numbers);
        largest = fmax(largest, fabs(want));
        difference = fmax(difference, fabs(want - (double)y[i]));
    }
    free(x);
    free(y);
    return difference / largest;
}

/* One line of expected.txt: name, number of outputs, outputs. */
static bool check_line(const char *line)
{
    char name[64], path[1024];
    size_t n;
    int at;
    asx_error err = {0};
    asx_network *net = NULL;
    if (sscanf(line, "%63s %zu%n", name, &n, &at) != 2)
        fail_msg("expected.txt: '%s'", line);
    snprintf(path, sizeof path, "%s/%s.onnx", folder, name);
    if (asx_network_load(&net, path, &err) != ASX_OK) {
        print_error("%s\n", err.message);
        return false;
    }
    const double error = compare(net, line + at, n);
    print_message("%s: %.1e\n", name, error);
    asx_network_free(net);
    return error <= 1e-5;
}

static void exported_networks(void **state)
{
    (void)state;
    char line[LINE_MAX_BYTES];
    size_t n_good = 0, n = 0;
    snprintf(line, sizeof line, "%s/expected.txt", folder);
    FILE *f = fopen(line, "r");
    assert_non_null(f);
    while (fgets(line, sizeof line, f)) {
        n++;
        n_good += check_line(line);
    }
    fclose(f);
    assert_true(n > 0);
    assert_int_equal(n_good, n);
}

/* The argument, for development: another folder that make.py filled. */
int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(exported_networks)};
    if (argc > 1)
        folder = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
