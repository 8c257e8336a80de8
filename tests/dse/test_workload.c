/* Workloads: counts of known layers, copies, look-ups, and every refusal. */
#include "dse/workload.h"

#include <string.h>

#include "check.h"

static char conv_name[] = "layer1.0/conv[1]:a-b_c";

static asx_layer conv(void)
{
    return (asx_layer){.name = conv_name,
                       .kind = ASX_LAYER_CONV,
                       .in_c = 16,
                       .in_h = 32,
                       .in_w = 30,
                       .out_c = 32,
                       .out_h = 16,
                       .out_w = 15,
                       .kernel_h = 3,
                       .kernel_w = 5,
                       .stride_h = 2,
                       .stride_w = 2,
                       .groups = 4};
}

/* Multiply-accumulates counted by walking the loops of the convolution. */
static size_t count_macs(const asx_layer *l)
{
    size_t n = 0;
    const size_t per_group = l->in_c / l->groups;
    for (size_t o = 0; o < l->out_c * l->out_h * l->out_w; o++)
        for (size_t i = 0; i < per_group; i++)
            for (size_t k = 0; k < l->kernel_h * l->kernel_w; k++)
                n++;
    return n;
}

static void test_counts(void **state)
{
    (void)state;
    const asx_layer l = conv();
    assert_int_equal(asx_layer_depth(&l), 60);
    assert_int_equal(asx_layer_n_weights(&l), 1920);
    assert_int_equal(asx_layer_n_inputs(&l), 15360);
    assert_int_equal(asx_layer_n_outputs(&l), 7680);
    assert_int_equal(asx_layer_n_macs(&l), count_macs(&l));
    assert_string_equal(asx_layer_kind_text(ASX_LAYER_CONV), "conv");
    assert_string_equal(asx_layer_kind_text(ASX_LAYER_DENSE), "dense");
}

/* Three products of [5][7] by [7][2]: what is multiplied is counted, nothing of it is learned. */
static void test_product(void **state)
{
    (void)state;
    asx_error err = {0};
    asx_layer_kind kind = ASX_LAYER_CONV;
    const asx_layer l = {.kind = ASX_LAYER_PRODUCT,
                         .in_c = 3 * 7,
                         .in_h = 5,
                         .in_w = 1,
                         .out_c = 3 * 2,
                         .out_h = 5,
                         .out_w = 1,
                         .kernel_h = 1,
                         .kernel_w = 1,
                         .stride_h = 1,
                         .stride_w = 1,
                         .groups = 3};
    assert_int_equal(asx_layer_n_macs(&l), 3 * 5 * 7 * 2);
    assert_int_equal(asx_layer_n_weights(&l), 3 * 7 * 2);
    assert_int_equal(asx_layer_n_learned(&l), 0);
    CHECK_OK(asx_layer_kind_parse(&kind, asx_layer_kind_text(ASX_LAYER_PRODUCT), &err), err);
    assert_int_equal(kind, ASX_LAYER_PRODUCT);
    CHECK_FAIL(asx_layer_kind_parse(&kind, "pool", &err), ASX_ENOTFOUND, err);
}

/* The first layer of AlexNet has 105,415,200 MACs and 34,848 weights (Krizhevsky et al., 2012:
 * 96 kernels of 11 x 11 x 3 on 55 x 55 positions). */
static void test_alexnet(void **state)
{
    (void)state;
    char name[] = "conv1";
    const asx_layer l = {
        name, ASX_LAYER_CONV,      3,   227, 227, 96, 55, 55, 11, 11, 4, 4, 1, true, 0,
        0,    {.weight_sigma = 0}, {0}, 1};
    assert_int_equal(asx_layer_n_macs(&l), 105415200);
    assert_int_equal(asx_layer_n_weights(&l), 34848);
}

static void add(asx_workload *work, const char *name)
{
    asx_error err;
    asx_layer l = conv();
    char copy[64];
    snprintf(copy, sizeof copy, "%s", name);
    l.name = copy;
    CHECK_OK(asx_workload_add(work, &l, &err), err);
}

static void test_copy_and_find(void **state)
{
    (void)state;
    asx_error err;
    asx_workload work, copy;
    CHECK_OK(asx_workload_init(&work, "net", &err), err);
    for (int i = 0; i < 20; i++) {
        char name[16];
        snprintf(name, sizeof name, "c%d", i);
        add(&work, name);
    }
    CHECK_OK(asx_workload_copy(&copy, &work, &err), err);
    asx_workload_fini(&work);
    assert_string_equal(copy.name, "net");
    assert_int_equal(copy.n_layers, 20);
    size_t index = 99;
    CHECK_OK(asx_workload_find(&index, &copy, "c13=w8a8", 3, &err), err);
    assert_int_equal(index, 13);
    CHECK_OK(asx_workload_find(&index, &copy, "c13=w8a8", 2, &err), err);
    assert_int_equal(index, 1);
    CHECK_FAIL(asx_workload_find(&index, &copy, "c20", 3, &err), ASX_ENOTFOUND, err);
    assert_int_equal(index, 1);
    assert_string_equal(err.message, "workload 'net' has no layer 'c20'; there are: c0 c1 c2 c3 c4 "
                                     "c5 c6 c7 ... (20 in all)");
    CHECK_FAIL(asx_workload_find(&index, &copy, "", 0, &err), ASX_ENOTFOUND, err);
    asx_workload_fini(&copy);
    asx_workload_fini(&copy);
    asx_workload_fini(NULL);
}

static void refuse(asx_workload *work, const asx_layer *layer, const char *message)
{
    asx_error err;
    const size_t n = work->n_layers;
    CHECK_FAIL(asx_workload_add(work, layer, &err), ASX_EINVAL, err);
    assert_string_equal(err.message, message);
    assert_int_equal(work->n_layers, n);
    assert_int_equal(asx_workload_add(work, layer, NULL), ASX_EINVAL);
}

static void test_bad_names(void **state)
{
    (void)state;
    asx_error err;
    asx_workload work;
    CHECK_OK(asx_workload_init(&work, "net", &err), err);
    add(&work, "a");
    static const struct {
        const char *name, *message;
    } row[] = {
        {NULL, "workload 'net': layer 1 has no name"},
        {"", "workload 'net': layer 1 has no name"},
        {"a", "workload 'net' has two layers named 'a'"},
        {"a b", "layer 'a b': ' ' is not allowed in a name (letters, digits, ._-/:[])"},
        {"a=b", "layer 'a=b': '=' is not allowed in a name (letters, digits, ._-/:[])"},
        {"w4{1}", "layer 'w4{1}': '{' is not allowed in a name (letters, digits, ._-/:[])"},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        asx_layer l = conv();
        char name[16];
        snprintf(name, sizeof name, "%s", row[i].name ? row[i].name : "");
        l.name = row[i].name ? name : NULL;
        refuse(&work, &l, row[i].message);
    }
    asx_workload_fini(&work);
}

static void test_bad_sizes(void **state)
{
    (void)state;
    asx_error err;
    asx_workload work;
    CHECK_OK(asx_workload_init(&work, "net", &err), err);
    asx_layer l = conv();
    size_t *const size[] = {&l.in_c,     &l.in_h,     &l.in_w,     &l.out_c,    &l.out_h, &l.out_w,
                            &l.kernel_h, &l.kernel_w, &l.stride_h, &l.stride_w, &l.groups};
    static const char *const name[] = {"in_c",     "in_h",     "in_w",     "out_c",
                                       "out_h",    "out_w",    "kernel_h", "kernel_w",
                                       "stride_h", "stride_w", "groups"};
    for (size_t i = 0; i < sizeof size / sizeof *size; i++) {
        char message[80];
        const size_t saved = *size[i];
        snprintf(message, sizeof message, "layer '%s': %s is 0", conv_name, name[i]);
        *size[i] = 0;
        refuse(&work, &l, message);
        *size[i] = saved;
    }
    l.groups = 3;
    refuse(&work, &l,
           "layer 'layer1.0/conv[1]:a-b_c': 3 groups divide not both of 16 and 32 channels");
    l.in_c = 18;
    refuse(&work, &l,
           "layer 'layer1.0/conv[1]:a-b_c': 3 groups divide not both of 18 and 32 channels");
    l = conv();
    l.out_h = SIZE_MAX / 4;
    refuse(&work, &l, "layer 'layer1.0/conv[1]:a-b_c' is too large to count its operations");
    l = conv();
    l.in_h = SIZE_MAX / 100;
    refuse(&work, &l, "layer 'layer1.0/conv[1]:a-b_c' is too large to count its operations");
    l = conv();
    CHECK_OK(asx_workload_add(&work, &l, &err), err);
    asx_workload_fini(&work);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts),    cmocka_unit_test(test_product),
        cmocka_unit_test(test_alexnet),   cmocka_unit_test(test_copy_and_find),
        cmocka_unit_test(test_bad_names), cmocka_unit_test(test_bad_sizes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
