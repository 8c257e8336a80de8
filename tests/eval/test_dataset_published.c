/* Data sets as their authors distribute them; facts from their descriptions. */
#include <math.h>
#include <string.h>

#include "check.h"
#include "eval/dataset.h"

static asx_dataset *load(asx_data_format format, const char *image, const char *label,
                         asx_dataset_spec spec)
{
    char image_path[1024], label_path[1024];
    const char *file = check_data(image_path, sizeof image_path, image);
    const char *label_file = label ? check_data(label_path, sizeof label_path, label) : NULL;
    asx_error err;
    asx_dataset *data = NULL;
    spec.format = format;
    spec.file = &file;
    spec.n_files = 1;
    spec.label = &label_file;
    spec.n_labels = label != NULL;
    CHECK_OK(asx_dataset_load(&data, &spec, &err), err);
    return data;
}

static void check_size(const asx_dataset *data, size_t n, size_t c, size_t h, size_t w)
{
    assert_int_equal(asx_dataset_size(data), n);
    assert_int_equal(asx_dataset_shape(data)[0], c);
    assert_int_equal(asx_dataset_shape(data)[1], h);
    assert_int_equal(asx_dataset_shape(data)[2], w);
}

static void check_labels(const asx_dataset *data, const char *first)
{
    for (size_t i = 0; first[i]; i++)
        assert_int_equal(asx_dataset_label(data, i), first[i] - '0');
}

/* 1,000 images of each class; channel means 0.494 0.485 0.450 (test set, widely reported). */
static void cifar10(void **state)
{
    (void)state;
    static const double MEAN[] = {0.494, 0.485, 0.450};
    asx_dataset *data = load(ASX_DATA_CIFAR10, "cifar10/test_batch.bin.xz", NULL,
                             (asx_dataset_spec){.scale = 1.0 / 255});
    check_size(data, 10000, 3, 32, 32);
    check_labels(data, "3880661631"); /* cat, ship, ship, airplane, frog, frog, ... */
    size_t count[10] = {0};
    double sum[3] = {0};
    float *image = calloc(3 * 1024, sizeof *image);
    assert_non_null(image);
    for (size_t i = 0; i < 10000; i++) {
        count[asx_dataset_label(data, i)]++;
        asx_dataset_images(image, data, i, 1);
        for (size_t k = 0; k < 3 * 1024; k++)
            sum[k / 1024] += (double)image[k];
    }
    for (int c = 0; c < 10; c++)
        assert_int_equal(count[c], 1000);
    for (int c = 0; c < 3; c++)
        assert_true(fabs(sum[c] / (10000.0 * 1024) - MEAN[c]) < 0.001);
    free(image);
    asx_dataset_free(data);
}

/* Mean of the test set: 0.1325. */
static void mnist(void **state)
{
    (void)state;
    asx_dataset *data =
        load(ASX_DATA_IDX, "mnist/t10k-images-idx3-ubyte.gz", "mnist/t10k-labels-idx1-ubyte.gz",
             (asx_dataset_spec){.scale = 1.0 / 255});
    check_size(data, 10000, 1, 28, 28);
    check_labels(data, "7210414959");
    float *images = calloc(10000 * 784, sizeof *images);
    assert_non_null(images);
    asx_dataset_images(images, data, 0, 10000);
    double sum = 0;
    for (size_t i = 0; i < 10000 * 784; i++)
        sum += (double)images[i];
    assert_true(fabs(sum / (10000.0 * 784) - 0.1325) < 0.0005);
    free(images);
    asx_dataset_free(data);
}

/* 16-bit: pixels lie in -1 .. 1, stored times 2000. */
static void usps(void **state)
{
    (void)state;
    asx_dataset *data =
        load(ASX_DATA_IDX, "usps/test-images-idx3-short.gz", "usps/test-labels-idx1-ubyte.gz",
             (asx_dataset_spec){.scale = 1.0 / 2000});
    check_size(data, 2007, 1, 16, 16);
    check_labels(data, "9636600069");
    float low = 9, high = -9, image[256];
    for (size_t i = 0; i < 2007; i++) {
        asx_dataset_images(image, data, i, 1);
        for (int k = 0; k < 256; k++) {
            low = image[k] < low ? image[k] : low;
            high = image[k] > high ? image[k] : high;
        }
    }
    assert_true(fabs((double)(high - low) - 1) < 1e-3 || fabs((double)(high - low) - 2) < 1e-3);
    asx_dataset_free(data);
}

static void keyword_spotting(void **state)
{
    (void)state;
    asx_dataset_spec spec = {.shape = {1, 49, 10}, .offset = 83, .scale = 0.5847029};
    asx_dataset *data = load(ASX_DATA_RAW, "kws01/kws01_features_1000x49x10.i8",
                             "kws01/kws01_labels_1000.u8", spec);
    check_size(data, 1000, 1, 49, 10);
    assert_int_equal(asx_dataset_max_label(data), 11);
    char path[1024];
    FILE *f = fopen(check_data(path, sizeof path, "kws01/kws01_features_1000x49x10.i8"), "rb");
    assert_non_null(f);
    signed char stored[490];
    float image[490];
    assert_int_equal(fseek(f, 999 * 490, SEEK_SET), 0);
    assert_int_equal(fread(stored, 1, 490, f), 490);
    fclose(f);
    asx_dataset_images(image, data, 999, 1);
    for (int k = 0; k < 490; k++)
        assert_true(image[k] == (float)((stored[k] - 83) * 0.5847029));
    asx_dataset_free(data);
}

/* Sizes from the UCI repository's pages. */
static void uci_tables(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t rows, features;
        unsigned classes;
    } TABLES[] = {
        {"uci/pendigits-train.csv", 7494, 16, 10},
        {"uci/pendigits-test.csv", 3498, 16, 10},
        {"uci/iris.csv", 150, 4, 3},
        {"uci/wdbc.csv", 569, 30, 2},
        {"uci/cardiotocography-nsp3.csv", 2126, 21, 3},
    };
    for (size_t t = 0; t < sizeof TABLES / sizeof *TABLES; t++) {
        asx_dataset *data =
            load(ASX_DATA_CSV, TABLES[t].name, NULL, (asx_dataset_spec){.scale = 0.01});
        check_size(data, TABLES[t].rows, TABLES[t].features, 1, 1);
        assert_int_equal(asx_dataset_max_label(data), TABLES[t].classes - 1);
        asx_dataset_free(data);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cifar10),          cmocka_unit_test(mnist),      cmocka_unit_test(usps),
        cmocka_unit_test(keyword_spotting), cmocka_unit_test(uci_tables),
    };
    check_data_or_skip("cifar10/test_batch.bin.xz");
    check_data_or_skip("mnist/t10k-images-idx3-ubyte.gz");
    check_data_or_skip("usps/test-images-idx3-short.gz");
    check_data_or_skip("kws01/kws01_labels_1000.u8");
    check_data_or_skip("uci/iris.csv");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
