/* What a data set makes of what is stored: conversion, shapes, hashes, ranges; and generated ones. */
#include "dataset_fixture.h"
#include "eval/glyphs.h"

/* Both ways to convert, by table and by arithmetic, against the documented formula. */
static void conversion_per_channel(void **state)
{
    (void)state;
    static const double MEAN[] = {0.485, 0.456}, STD[] = {0.229, 0.224};
    static const struct {
        const char *descr, *bytes;
        size_t n;
        double stored[4];
    } CASES[] = {
        {"|u1", "\0\x7f\xc8\xff", 4, {0, 127, 200, 255}},
        {"|i1", "\0\x7f\xc8\xff", 4, {0, 127, -56, -1}},
        {"<i2", "\0\0\x7f\0\xc8\0\xff\xff", 8, {0, 127, 200, -1}},
    };
    const char *label =
        write_npy("b", 1, "{'descr': '|u1', 'fortran_order': False, 'shape': (1, 1)}", "\1", 1);
    for (size_t c = 0; c < sizeof CASES / sizeof *CASES; c++)
        for (size_t n_mean = 0; n_mean <= 2; n_mean++)
            for (size_t n_std = 0; n_std <= 2; n_std++) {
                char header[128];
                snprintf(header, sizeof header,
                         "{'descr': '%s', 'fortran_order': False, 'shape': (1, 2, 1, 2)}",
                         CASES[c].descr);
                const char *file = write_npy("a", 1, header, CASES[c].bytes, CASES[c].n);
                asx_dataset_spec spec = {.format = ASX_DATA_NPY,
                                         .file = &file,
                                         .n_files = 1,
                                         .label = &label,
                                         .n_labels = 1,
                                         .offset = 3,
                                         .scale = 1.0 / 255,
                                         .mean = MEAN,
                                         .n_mean = n_mean,
                                         .std = STD,
                                         .n_std = n_std};
                asx_error err;
                asx_dataset *data = NULL;
                CHECK_OK(asx_dataset_load(&data, &spec, &err), err);
                float want[4];
                for (size_t i = 0; i < 4; i++) {
                    double mean = n_mean == 0 ? 0 : n_mean == 1 ? MEAN[0] : MEAN[i / 2];
                    double std = n_std == 0 ? 1 : n_std == 1 ? STD[0] : STD[i / 2];
                    want[i] = (float)(((CASES[c].stored[i] - 3) / 255 - mean) / std);
                }
                float got[4];
                asx_dataset_images(got, data, 0, 1);
                for (size_t i = 0; i < 4; i++)
                    assert_true(fabs((double)(got[i] - want[i])) <= 1e-6 * fabs((double)want[i]));
                asx_dataset_free(data);
            }
}

static void shapes_may_be_given(void **state)
{
    (void)state;
    asx_error err;
    asx_dataset *data = NULL;
    static const char TEXT[] = "a,b,c,d,class\n1,2,3,4,0\n";
    const char *file = scratch_write("a", TEXT, sizeof TEXT - 1);
    asx_dataset_spec spec = {
        .format = ASX_DATA_CSV, .file = &file, .n_files = 1, .shape = {1, 2, 2}, .scale = 1};
    CHECK_OK(asx_dataset_load(&data, &spec, &err), err);
    expect(data, 1, (size_t[]){1, 2, 2}, (float[]){1, 2, 3, 4}, (unsigned[]){0});
}

static uint64_t hash_of(const char *text, double scale, const double *mean, const size_t shape[3])
{
    asx_error err;
    asx_dataset *data = NULL;
    const char *file = scratch_write("a", text, strlen(text));
    asx_dataset_spec spec = {.format = ASX_DATA_CSV, .file = &file, .n_files = 1, .scale = scale};
    spec.mean = mean;
    spec.n_mean = mean ? 1 : 0;
    memcpy(spec.shape, shape, sizeof spec.shape);
    CHECK_OK(asx_dataset_load(&data, &spec, &err), err);
    uint64_t hash = asx_dataset_hash(data);
    asx_dataset_free(data);
    return hash;
}

static void the_hash_sees_everything(void **state)
{
    (void)state;
    const size_t any[3] = {0}, square[3] = {1, 1, 2};
    const double mean = 0.5;
    const uint64_t hash[] = {
        hash_of("a,b,class\n1,2,0\n3,4,1\n", 1, NULL, any),
        hash_of("a,b,class\n1,2,0\n3,5,1\n", 1, NULL, any),   /* an element */
        hash_of("a,b,class\n1,2,0\n3,4,0\n", 1, NULL, any),   /* a label */
        hash_of("a,b,class\n1,2,0\n", 1, NULL, any),          /* fewer */
        hash_of("a,b,class\n1,2,0\n3,4,1\n", 2, NULL, any),   /* conversion */
        hash_of("a,b,class\n1,2,0\n3,4,1\n", 1, &mean, any),  /* conversion */
        hash_of("a,b,class\n1,2,0\n3,4,1\n", 1, NULL, square) /* shape */
    };
    size_t n = sizeof hash / sizeof *hash;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            assert_true(hash[i] != hash[j]);
    assert_true(hash_of("x,y,class\n1,2,0\n3,4,1\n", 1, NULL, any) == hash[0]);
}

static void glyphs_are_generated(void **state)
{
    (void)state;
    asx_error err;
    asx_dataset *data = NULL;
    asx_dataset_spec spec = {.format = ASX_DATA_GLYPHS, .scale = 1, .seed = 5, .n_generated = 12};
    CHECK_OK(asx_dataset_load(&data, &spec, &err), err);
    assert_int_equal(asx_dataset_size(data), 12);
    for (size_t i = 0; i < 12; i++) {
        uint8_t pixels[ASX_GLYPH_PIXELS];
        float got[ASX_GLYPH_PIXELS];
        assert_int_equal(asx_dataset_label(data, i), asx_glyph_draw(pixels, 5, i));
        asx_dataset_images(got, data, i, 1);
        for (int k = 0; k < ASX_GLYPH_PIXELS; k++)
            assert_true(got[k] == pixels[k]);
    }
    asx_dataset_free(data);
}

static void format_names(void **state)
{
    (void)state;
    asx_error err;
    asx_data_format format;
    for (int f = 0; f < ASX_N_DATA_FORMATS; f++) {
        CHECK_OK(asx_data_format_parse(&format, asx_data_format_text((asx_data_format)f), &err),
                 err);
        assert_int_equal(format, f);
    }
    CHECK_FAIL(asx_data_format_parse(&format, "CIFAR10", &err), ASX_EINVAL, err);
    assert_non_null(strstr(err.message, "cifar10 idx npy npz csv raw images wav glyphs"));
    assert_int_equal(format, ASX_N_DATA_FORMATS - 1);
}

static void ranges(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        asx_status status;
        size_t first, end;
    } CASES[] = {
        {"0:100", ASX_OK, 0, 100},
        {"5:7", ASX_OK, 5, 7},
        {":7", ASX_OK, 0, 7},
        {"99:", ASX_OK, 99, 100},
        {":", ASX_OK, 0, 100},
        {"", ASX_EPARSE, 0, 0},
        {"5", ASX_EPARSE, 0, 0},
        {"a:7", ASX_EPARSE, 0, 0},
        {"1:2:3", ASX_EPARSE, 0, 0},
        {"1: x", ASX_EPARSE, 0, 0},
        {"5:5", ASX_EINVAL, 0, 0},
        {"7:5", ASX_EINVAL, 0, 0},
        {"0:101", ASX_EINVAL, 0, 0},
        {"-1:5", ASX_EINVAL, 0, 0},
        {"100:", ASX_EINVAL, 0, 0},
        {"0:99999999999999999999", ASX_EINVAL, 0, 0},
        {"0:1.5", ASX_EPARSE, 0, 0},
        {"0:1111111111111111111111111111111111111111", ASX_EPARSE, 0, 0},
    };
    for (size_t c = 0; c < sizeof CASES / sizeof *CASES; c++) {
        asx_error err;
        asx_range range = {77, 78};
        asx_status status = asx_range_parse(&range, CASES[c].text, 100, &err);
        if (status != CASES[c].status)
            fail_msg("range '%s': status %d", CASES[c].text, status);
        assert_int_equal(range.first, status ? 77 : CASES[c].first);
        assert_int_equal(range.end, status ? 78 : CASES[c].end);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conversion_per_channel),
        cmocka_unit_test(shapes_may_be_given),
        cmocka_unit_test(the_hash_sees_everything),
        cmocka_unit_test(glyphs_are_generated),
        cmocka_unit_test(format_names),
        cmocka_unit_test(ranges),
    };
    asx_dataset_free(NULL);
    return cmocka_run_group_tests(tests, scratch_setup, teardown);
}
