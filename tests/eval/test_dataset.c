/* Data sets from small files: every format that is read. */
#include "dataset_fixture.h"

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

static const struct {
    int version;
    const char *header;
    size_t n;
    char bytes[32];
    size_t shape[3];
    float real[2];
} npy_cases[] = {
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

static void npy_in_many_spellings(void **state)
{
    (void)state;
    const char *label = write_npy(
        "b", 1, "{'descr': '<i8', 'fortran_order': False, 'shape': (1,), }", "\5\0\0\0\0\0\0\0", 8);
    for (size_t c = 0; c < sizeof npy_cases / sizeof *npy_cases; c++) {
        const char *file = write_npy("a", npy_cases[c].version, npy_cases[c].header,
                                     npy_cases[c].bytes, npy_cases[c].n);
        expect(load(ASX_DATA_NPY, &file, &label, 1), 1, npy_cases[c].shape, npy_cases[c].real,
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

static asx_status load_csv(asx_dataset **out, const char *text, asx_csv_header_rule header,
                           const char *label, asx_error *err)
{
    const char *file = scratch_write("a", text, strlen(text));
    asx_dataset_spec spec = {.format = ASX_DATA_CSV, .file = &file, .n_files = 1, .scale = 1};
    spec.header = header;
    spec.label_column = label;
    return asx_dataset_load(out, &spec, err);
}

/* Tables as users have them: the class anywhere, by whatever name, with or without a header. */
static void csv_of_every_kind(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        asx_csv_header_rule header;
        const char *label;
    } good[] = {
        {"label,x,y\n1,1.5,-2\n0,7,0.25\n", ASX_CSV_GUESS, NULL},
        {"x,Class,y\n1.5,1,-2\n7,0,0.25\n", ASX_CSV_GUESS, NULL},
        {"x,y,kind\n1.5,-2,1\n7,0.25,0\n", ASX_CSV_GUESS, NULL},
        {"kind,x,y\n1,1.5,-2\n0,7,0.25\n", ASX_CSV_GUESS, "kind"},
        {"kind,x,label\n1,1.5,-2\n0,7,0.25\n", ASX_CSV_GUESS, "1"},
        {"kind,x,label\n1,1.5,-2\n0,7,0.25\n", ASX_CSV_GUESS, "-3"},
        {"1.5,-2,1\n7,0.25,0\n", ASX_CSV_GUESS, NULL},
        {"1.5,-2,1\n7,0.25,0\n", ASX_CSV_NO_HEADER, "3"},
        {"1,1.5,-2\n0,7,0.25\n", ASX_CSV_NO_HEADER, "1"},
        {"0,1,2\n1.5,-2,1\n7,0.25,0\n", ASX_CSV_HEADER, NULL},
        {"x;y;class\n1.5;-2;1\n7;0.25;0\n", ASX_CSV_GUESS, NULL},
        {"x\ty\tclass\n1.5\t-2\t1\n7\t0.25\t0\n", ASX_CSV_GUESS, NULL},
        {"# written by numpy.savetxt\n1.5,-2,1\n7,0.25,0\n", ASX_CSV_GUESS, NULL},
        {"x,y,species\n1.5,-2,setosa\n7,0.25,\"a, quoted\"\n", ASX_CSV_GUESS, NULL},
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        asx_error err = {0};
        asx_dataset *data = NULL;
        CHECK_OK(load_csv(&data, good[i].text, good[i].header, good[i].label, &err), err);
        expect(data, 2, (size_t[]){2, 1, 1}, (float[]){1.5f, -2, 7, 0.25f}, (unsigned[]){1, 0});
    }
    static const struct {
        const char *text, *label, *message;
    } bad[] = {
        {"0,1,2\n1.5,-2,1\n7,0.25,0\n", NULL, "a header or an item? say which (data.header"},
        {"1,2,3,4\n1.5,-2,8,1\n", NULL, "a header or an item?"},
        {"1,1.5,-2\n0,7,0.25\n", NULL, "the first column looks like the class"},
        {"x,label,class\n1,0,0\n", NULL, "2 columns are called as a class is; name one"},
        {"x,y,class\n1,0,0\n", "kind", "label column: "},
        {"x,y,class\n1,0,0\n", "4", "no column '4'; there are x, y, class"},
        {"x,y,class\n1,0,0\n", "0", "no column '0'"},
        {"x,y,name\n1,0,a\n1,0,b\n1,0,c\n", NULL, "3 different words in 3 rows: no classes"},
        {"x,y,class\n1,0,a\n1,0,\n1,0,a\n", NULL, ":3: no class in column 'class'"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        asx_error err = {0};
        asx_dataset *data = NULL;
        assert_true(load_csv(&data, bad[i].text, ASX_CSV_GUESS, bad[i].label, &err) != ASX_OK);
        if (!strstr(err.message, bad[i].message))
            fail_msg("'%s' is not in '%s'", bad[i].message, err.message);
    }
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
    asx_dataset_spec spec = {.format = ASX_DATA_RAW,
                             .file = &file,
                             .n_files = 1,
                             .label = &label,
                             .n_labels = 1,
                             .shape = {1, 2, 1},
                             .offset = 83,
                             .scale = 0.5847029};
    CHECK_OK(asx_dataset_load(&data, &spec, &err), err);
    expect(data, 2, (size_t[]){1, 2, 1},
           (float[]){(float)((1 - 83.0) * 0.5847029), (float)((-1 - 83.0) * 0.5847029),
                     (float)((-128 - 83.0) * 0.5847029), (float)((127 - 83.0) * 0.5847029)},
           (unsigned[]){255, 0});
}

/* Of a list its lines, of other formats nothing: their files are what is named already. */
static void files_that_a_list_names(void **state)
{
    (void)state;
    static const char text[] = "# two\n/pictures/a.png 0\n/pictures/b.jpg,1\n";
    const char *list = scratch_write("a", text, sizeof text - 1);
    asx_kept kept = {0};
    asx_error err;
    CHECK_OK(asx_dataset_files(&kept, "pictures", ASX_DATA_IMAGES, ASX_LABEL_CLASS, list, &err),
             err);
    assert_int_equal(kept.n, 2);
    assert_string_equal(kept.file[1].path, "/pictures/b.jpg");
    CHECK_OK(asx_dataset_files(&kept, "tables", ASX_DATA_CSV, ASX_LABEL_CLASS, list, &err), err);
    CHECK_OK(asx_dataset_files(&kept, "sounds", ASX_DATA_WAV, ASX_LABEL_CLASS, "/nowhere", &err),
             err);
    assert_int_equal(kept.n, 2);
    asx_kept_fini(&kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(idx_in_all_types),        cmocka_unit_test(idx_files_are_concatenated),
        cmocka_unit_test(npy_in_many_spellings),   cmocka_unit_test(csv_with_the_class_last),
        cmocka_unit_test(csv_of_every_kind),       cmocka_unit_test(cifar10_records),
        cmocka_unit_test(files_that_a_list_names), cmocka_unit_test(raw_bytes_are_signed),
    };
    return cmocka_run_group_tests(tests, scratch_setup, teardown);
}
