/* Data sets from small files whose bytes are written out by hand. */
#include <math.h>

#include "eval/dataset.h"
#include "eval/glyphs.h"
#include "scratch.h"

static const char *const NAMES[] = {"a", "b", "c", "d", NULL};

/* A data set of one or two files, conversion left as stored. */
static asx_dataset *load(asx_data_format format, const char *const *file, const char *const *label,
                         size_t n_files)
{
    asx_error err;
    asx_dataset *data = NULL;
    asx_dataset_spec spec = {
        .format = format, .file = file, .n_files = n_files, .label = label, .scale = 1};
    spec.n_labels = label ? n_files : 0;
    CHECK_OK(asx_dataset_load(&data, &spec, &err), err);
    return data;
}

static void expect(asx_dataset *data, size_t n, const size_t shape[3], const float *real,
                   const unsigned *label)
{
    size_t item = shape[0] * shape[1] * shape[2];
    float *got = calloc(n * item, sizeof *got);
    assert_non_null(got);
    assert_int_equal(asx_dataset_size(data), n);
    assert_memory_equal(asx_dataset_shape(data), shape, 3 * sizeof *shape);
    asx_dataset_images(got, data, 0, n);
    unsigned most = 0;
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(asx_dataset_label(data, i), label[i]);
        most = label[i] > most ? label[i] : most;
    }
    assert_int_equal(asx_dataset_max_label(data), most);
    for (size_t i = 0; i < n * item; i++)
        assert_true(got[i] == real[i]);
    free(got);
    asx_dataset_free(data);
}

static void idx_in_all_types(void **state)
{
    (void)state;
    static const struct {
        size_t n;
        char bytes[64];
        float real[2];
    } CASES[] = {
        {18, "\0\0\x08\3\0\0\0\2\0\0\0\1\0\0\0\1\x02\xfe", {2, 254}},
        {18, "\0\0\x09\3\0\0\0\2\0\0\0\1\0\0\0\1\x02\xfe", {2, -2}},
        {20, "\0\0\x0b\3\0\0\0\2\0\0\0\1\0\0\0\1\x01\x02\xff\xfe", {258, -2}},
        {24, "\0\0\x0c\3\0\0\0\2\0\0\0\1\0\0\0\1\0\1\0\2\xff\xff\xff\xfe", {65538, -2}},
        {24, "\0\0\x0d\3\0\0\0\2\0\0\0\1\0\0\0\1\x3f\xc0\0\0\xc0\0\0\0", {1.5f, -2}},
        {32,
         "\0\0\x0e\3\0\0\0\2\0\0\0\1\0\0\0\1\x3f\xf8\0\0\0\0\0\0\xc0\0\0\0\0\0\0\0",
         {1.5f, -2}},
    };
    const char *label = scratch_write("b", "\0\0\x08\1\0\0\0\2\7\3", 10);
    for (size_t c = 0; c < sizeof CASES / sizeof *CASES; c++) {
        const char *file = scratch_write("a", CASES[c].bytes, CASES[c].n);
        expect(load(ASX_DATA_IDX, &file, &label, 1), 2, (size_t[]){1, 1, 1}, CASES[c].real,
               (unsigned[]){7, 3});
    }
}

static void idx_files_are_concatenated(void **state)
{
    (void)state;
    const char *file[] = {scratch_write("a", "\0\0\x08\3\0\0\0\1\0\0\0\2\0\0\0\1\1\2", 18),
                          scratch_write("b", "\0\0\x08\3\0\0\0\2\0\0\0\2\0\0\0\1\3\4\5\6", 20)};
    const char *label[] = {scratch_write("c", "\0\0\x08\1\0\0\0\1\4", 9),
                           scratch_write("d", "\0\0\x08\1\0\0\0\2\5\0", 10)};
    asx_dataset *data = load(ASX_DATA_IDX, file, label, 2);
    float last[2];
    asx_dataset_images(last, data, 2, 1);
    assert_true(last[0] == 5 && last[1] == 6);
    expect(data, 3, (size_t[]){1, 2, 1}, (float[]){1, 2, 3, 4, 5, 6}, (unsigned[]){4, 5, 0});
}

/* Writes a .npy file of the given version around a header and data. */
static const char *write_npy(const char *name, int version, const char *header, const void *data,
                             size_t n)
{
    char bytes[512] = "\x93NUMPY";
    size_t length = strlen(header), start = version == 1 ? 10 : 12;
    bytes[6] = (char)version;
    bytes[8] = (char)length;
    memcpy(bytes + start, header, length);
    memcpy(bytes + start + length, data, n);
    return scratch_write(name, bytes, start + length + n);
}

static void npy_in_many_spellings(void **state)
{
    (void)state;
    static const struct {
        int version;
        const char *header;
        size_t n;
        char bytes[32];
        size_t shape[3];
        float real[2];
    } CASES[] = {
        {1,
         "{'descr': '|u1', 'fortran_order': False, 'shape': (1, 2), }  \n",
         2,
         "\x01\xff",
         {2, 1, 1},
         {1, 255}},
        {2,
         "{'shape': (1, 2), 'descr': '|i1', 'fortran_order': False}",
         2,
         "\x01\xff",
         {2, 1, 1},
         {1, -1}},
        {3,
         "{\"descr\": \"<i2\", 'fortran_order':False,'shape':(1,1,2,)}\n",
         4,
         "\1\2\xff\xff",
         {1, 1, 2},
         {513, -1}},
        {1,
         "{'descr': '>i2', 'fortran_order': False, 'shape': (1, 1, 2)}",
         4,
         "\1\2\xff\xff",
         {1, 1, 2},
         {258, -1}},
        {1,
         "{'descr': '<i4', 'fortran_order': False, 'shape': (1, 2, 1, 1)}",
         8,
         "\1\0\1\0\xfe\xff\xff\xff",
         {2, 1, 1},
         {65537, -2}},
        {1,
         "{'descr': '<i8', 'fortran_order': False, 'shape': (1, 1, 1, 2)}",
         16,
         "\1\0\0\0\1\0\0\0\xfe\xff\xff\xff\xff\xff\xff\xff",
         {1, 1, 2},
         {4294967297.0f, -2}},
        {1,
         "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2)}",
         8,
         "\0\0\xc0\x3f\0\0\0\xc0",
         {2, 1, 1},
         {1.5f, -2}},
        {1,
         "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2)}",
         16,
         "\0\0\0\0\0\0\xf8\x3f\0\0\0\0\0\0\0\xc0",
         {2, 1, 1},
         {1.5f, -2}},
    };
    const char *label = write_npy(
        "b", 1, "{'descr': '<i8', 'fortran_order': False, 'shape': (1,), }", "\5\0\0\0\0\0\0\0", 8);
    for (size_t c = 0; c < sizeof CASES / sizeof *CASES; c++) {
        const char *file =
            write_npy("a", CASES[c].version, CASES[c].header, CASES[c].bytes, CASES[c].n);
        expect(load(ASX_DATA_NPY, &file, &label, 1), 1, CASES[c].shape, CASES[c].real,
               (unsigned[]){5});
    }
}

static void csv_with_the_class_last(void **state)
{
    (void)state;
    static const char TEXT[] = "x,y,class\n1.5,-2,3\n# a comment\n1e3,0.25,0\n";
    const char *file = scratch_write("a", TEXT, sizeof TEXT - 1);
    expect(load(ASX_DATA_CSV, &file, NULL, 1), 2, (size_t[]){2, 1, 1},
           (float[]){1.5f, -2, 1000, 0.25f}, (unsigned[]){3, 0});
}

static void cifar10_records(void **state)
{
    (void)state;
    static unsigned char bytes[2 * 3073];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(i * 7);
    bytes[0] = 9;
    bytes[3073] = 4;
    float *real = calloc(2 * 3072, sizeof *real);
    assert_non_null(real);
    for (size_t i = 0; i < 2 * 3072; i++)
        real[i] = bytes[i + 1 + i / 3072];
    const char *file = scratch_write("a", bytes, sizeof bytes);
    expect(load(ASX_DATA_CIFAR10, &file, NULL, 1), 2, (size_t[]){3, 32, 32}, real,
           (unsigned[]){9, 4});
    free(real);
}

static void raw_bytes_are_signed(void **state)
{
    (void)state;
    asx_error err;
    asx_dataset *data = NULL;
    const char *file = scratch_write("a", "\x01\xff\x80\x7f", 4);
    const char *label = scratch_write("b", "\xff\0", 2);
    asx_dataset_spec spec = {ASX_DATA_RAW, &file, 1,    &label, 1, {1, 2, 1}, 83,
                             0.5847029,    NULL,  NULL, 0,      0, 0,         0};
    CHECK_OK(asx_dataset_load(&data, &spec, &err), err);
    expect(data, 2, (size_t[]){1, 2, 1},
           (float[]){(float)((1 - 83.0) * 0.5847029), (float)((-1 - 83.0) * 0.5847029),
                     (float)((-128 - 83.0) * 0.5847029), (float)((127 - 83.0) * 0.5847029)},
           (unsigned[]){255, 0});
}

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
    assert_non_null(strstr(err.message, "cifar10 idx npy csv raw glyphs"));
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

static int teardown(void **state)
{
    (void)state;
    return scratch_remove(NAMES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(idx_in_all_types),
        cmocka_unit_test(idx_files_are_concatenated),
        cmocka_unit_test(npy_in_many_spellings),
        cmocka_unit_test(csv_with_the_class_last),
        cmocka_unit_test(cifar10_records),
        cmocka_unit_test(raw_bytes_are_signed),
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
