/* Every way a data set can be wrong: the status, a message that names the file, outputs untouched.
 */
#include <math.h>

#include "eval/dataset.h"
#include "scratch.h"

static const char *const NAMES[] = {"images", "labels", NULL};

#define BYTES(s)    s, sizeof(s) - 1
#define IDX_IMAGES  BYTES("\0\0\x08\3\0\0\0\2\0\0\0\1\0\0\0\1\x02\xfe")
#define IDX_LABELS  BYTES("\0\0\x08\1\0\0\0\2\7\3")
#define NPY_HEAD(t) "{'descr': '" t "', 'fortran_order': False, 'shape': (2,)}\n"

typedef struct malformed {
    const char *what;
    asx_data_format format;
    asx_status status;
    const char *image;
    size_t n_image;
    const char *label; /* NULL: no label file */
    size_t n_label;
    const char *says; /* part of the message */
} malformed;

static const malformed CASES[] = {
    {"cifar10: empty", ASX_DATA_CIFAR10, ASX_EPARSE, BYTES(""), NULL, 0, "images"},
    {"cifar10: not whole records", ASX_DATA_CIFAR10, ASX_EPARSE, BYTES("\0\0\0"), NULL, 0,
     "images"},
    {"idx: empty", ASX_DATA_IDX, ASX_EPARSE, BYTES(""), IDX_LABELS, "images"},
    {"idx: magic", ASX_DATA_IDX, ASX_EPARSE, BYTES("\1\0\x08\1\0\0\0\1\0"), IDX_LABELS, "IDX"},
    {"idx: type", ASX_DATA_IDX, ASX_EPARSE, BYTES("\0\0\x0a\1\0\0\0\1\0"), IDX_LABELS, "0x0a"},
    {"idx: no dimensions", ASX_DATA_IDX, ASX_EPARSE, BYTES("\0\0\x08\0\0\0\0\1\0"), IDX_LABELS,
     "dimensions"},
    {"idx: five dimensions", ASX_DATA_IDX, ASX_EPARSE,
     BYTES("\0\0\x08\5\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1\0"), IDX_LABELS, "dimensions"},
    {"idx: header cut", ASX_DATA_IDX, ASX_EPARSE, BYTES("\0\0\x08\3\0\0\0\2\0\0"), IDX_LABELS,
     "cut"},
    {"idx: data cut", ASX_DATA_IDX, ASX_EPARSE, BYTES("\0\0\x08\3\0\0\0\2\0\0\0\1\0\0\0\1\x02"),
     IDX_LABELS, "cut"},
    {"idx: trailing", ASX_DATA_IDX, ASX_EPARSE,
     BYTES("\0\0\x08\3\0\0\0\2\0\0\0\1\0\0\0\1\x02\x03\x04"), IDX_LABELS, "trailing"},
    {"idx: no items", ASX_DATA_IDX, ASX_EPARSE, BYTES("\0\0\x08\3\0\0\0\0\0\0\0\1\0\0\0\1"),
     IDX_LABELS, "empty"},
    {"idx: more than memory", ASX_DATA_IDX, ASX_EPARSE,
     BYTES("\0\0\x08\3\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"), IDX_LABELS, "memory"},
    {"idx: i16 cut to half", ASX_DATA_IDX, ASX_EPARSE,
     BYTES("\0\0\x0b\3\0\0\0\2\0\0\0\1\0\0\0\1\x02\x03"), IDX_LABELS, "cut"},
    {"idx: NaN", ASX_DATA_IDX, ASX_EPARSE, BYTES("\0\0\x0d\2\0\0\0\1\0\0\0\1\x7f\xc0\0\0"),
     IDX_LABELS, "finite"},
    {"idx: fewer labels", ASX_DATA_IDX, ASX_EINVAL, IDX_IMAGES, BYTES("\0\0\x08\1\0\0\0\1\7"),
     "1 labels for 2 images"},
    {"idx: labels are images", ASX_DATA_IDX, ASX_EINVAL, IDX_IMAGES,
     BYTES("\0\0\x08\2\0\0\0\2\0\0\0\2\7\1\7\1"), "labels"},
    {"idx: label cut", ASX_DATA_IDX, ASX_EPARSE, IDX_IMAGES, BYTES("\0\0\x08\1\0\0\0\2\7"),
     "labels"},
    {"idx: negative label", ASX_DATA_IDX, ASX_EPARSE, IDX_IMAGES, BYTES("\0\0\x09\1\0\0\0\2\7\xff"),
     "-1"},
    {"idx: large label", ASX_DATA_IDX, ASX_EPARSE, IDX_IMAGES,
     BYTES("\0\0\x0c\1\0\0\0\2\0\1\0\0\0\0\0\1"), "65536"},
    {"idx: fractional labels", ASX_DATA_IDX, ASX_EPARSE, IDX_IMAGES,
     BYTES("\0\0\x0d\1\0\0\0\2\x3f\x80\0\0\0\0\0\0"), "integers"},
    {"npy: magic", ASX_DATA_NPY, ASX_EPARSE, BYTES("\x93NUMPX\1\0\0\0"), IDX_LABELS, "magic"},
    {"npy: version", ASX_DATA_NPY, ASX_EUNSUPPORTED, BYTES("\x93NUMPY\4\0\0\0\0\0"), IDX_LABELS,
     "version 4"},
    {"npy: version 2 cut", ASX_DATA_NPY, ASX_EPARSE, BYTES("\x93NUMPY\2\0\0\0"), IDX_LABELS, "cut"},
    {"npy: header cut", ASX_DATA_NPY, ASX_EPARSE, BYTES("\x93NUMPY\1\0\x46\0{'descr'"), IDX_LABELS,
     "cut"},
    {"npy: type", ASX_DATA_NPY, ASX_EUNSUPPORTED, BYTES(NPY_HEAD("<c8") "12"), IDX_LABELS, "c8"},
    {"npy: structured", ASX_DATA_NPY, ASX_EUNSUPPORTED,
     BYTES("{'descr': [('a', '<f4'), ('b', '<f4')], 'fortran_order': False}\n"), IDX_LABELS,
     "structured"},
    {"npy: Fortran order", ASX_DATA_NPY, ASX_EUNSUPPORTED,
     BYTES("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 2)}\n12"), IDX_LABELS, "Fortran"},
    {"npy: neither True nor False", ASX_DATA_NPY, ASX_EPARSE,
     BYTES("{'descr': '|u1', 'fortran_order': None, 'shape': (2, 2)}\n12"), IDX_LABELS,
     "True or False"},
    {"npy: scalar", ASX_DATA_NPY, ASX_EINVAL,
     BYTES("{'descr': '|u1', 'fortran_order': False, 'shape': ()}\n1"), IDX_LABELS,
     "single number"},
    {"npy: five dimensions", ASX_DATA_NPY, ASX_EINVAL,
     BYTES("{'descr': '|u1', 'fortran_order': False, 'shape': (1,1,1,1,1)}\n1"), IDX_LABELS,
     "dimensions"},
    {"npy: huge dimension", ASX_DATA_NPY, ASX_EPARSE,
     BYTES("{'descr': '|u1', 'fortran_order': False, 'shape': (999999999999999999999,)}\n1"),
     IDX_LABELS, "memory"},
    {"npy: huge product", ASX_DATA_NPY, ASX_EPARSE,
     BYTES("{'descr': '|u1', 'fortran_order': False, "
           "'shape': (9999999999,9999999999,9999999999,)}\n1"),
     IDX_LABELS, "memory"},
    {"npy: key twice", ASX_DATA_NPY, ASX_EPARSE,
     BYTES("{'descr': '|u1', 'descr': '|u1', 'shape': (2, 2)}\n12"), IDX_LABELS, "descr"},
    {"npy: unknown key", ASX_DATA_NPY, ASX_EPARSE,
     BYTES("{'descr': '|u1', 'order': False, 'shape': (2, 2)}\n12"), IDX_LABELS, "fortran_order"},
    {"npy: key missing", ASX_DATA_NPY, ASX_EPARSE, BYTES("{'descr': '|u1', 'shape': (2, 2)}\n12"),
     IDX_LABELS, "fortran_order"},
    {"npy: brace missing", ASX_DATA_NPY, ASX_EPARSE,
     BYTES("{'descr': '|u1', 'fortran_order': False, 'shape': (2, 2)\n12"), IDX_LABELS, "'}'"},
    {"npy: quote missing", ASX_DATA_NPY, ASX_EPARSE, BYTES("{'descr': '|u1\n12"), IDX_LABELS,
     "quote"},
    {"npy: data cut", ASX_DATA_NPY, ASX_EPARSE, BYTES(NPY_HEAD("|u1") "1"), IDX_LABELS, "cut"},
    {"npy: trailing", ASX_DATA_NPY, ASX_EPARSE, BYTES(NPY_HEAD("|u1") "123"), IDX_LABELS,
     "trailing"},
    {"npy: IDX labels", ASX_DATA_NPY, ASX_EPARSE, BYTES(NPY_HEAD("|u1") "12"), IDX_LABELS,
     "labels"},
    {"csv: empty", ASX_DATA_CSV, ASX_EPARSE, BYTES(""), NULL, 0, "images"},
    {"csv: no rows", ASX_DATA_CSV, ASX_EPARSE, BYTES("a,b\n"), NULL, 0, "no rows"},
    {"csv: one column", ASX_DATA_CSV, ASX_EPARSE, BYTES("a\n1\n"), NULL, 0, "column"},
    {"csv: a cell missing", ASX_DATA_CSV, ASX_EPARSE, BYTES("a,b,c\n1,2,0\n1,2\n"), NULL, 0, ":3"},
    {"csv: NaN", ASX_DATA_CSV, ASX_EPARSE, BYTES("a,b,c\n1,nan,0\n"), NULL, 0, "nan"},
    {"csv: words", ASX_DATA_CSV, ASX_EPARSE, BYTES("a,b,c\n1,two,0\n"), NULL, 0, "two"},
    {"csv: fractional class", ASX_DATA_CSV, ASX_EPARSE, BYTES("a,b\n1,0.5\n"), NULL, 0, "0.5"},
    {"csv: open quote", ASX_DATA_CSV, ASX_EPARSE, BYTES("a,b\n1,\"2\n"), NULL, 0, "images"},
    {"raw: not whole items", ASX_DATA_RAW, ASX_EPARSE, BYTES("123"), BYTES("1"), "images"},
    {"raw: empty", ASX_DATA_RAW, ASX_EPARSE, BYTES(""), BYTES("1"), "images"},
    {"raw: more labels", ASX_DATA_RAW, ASX_EINVAL, BYTES("12"), BYTES("123"), "3 labels"},
    {"raw: no labels", ASX_DATA_RAW, ASX_EPARSE, BYTES("12"), BYTES(""), "labels"},
    {"gzip: cut", ASX_DATA_RAW, ASX_EPARSE, BYTES("\x1f\x8b\x08\0\0\0\0\0"), BYTES("1"), "gzip"},
    {"xz: cut", ASX_DATA_RAW, ASX_EPARSE,
     BYTES("\xfd"
           "7zXZ\0\0\4"),
     BYTES("1"), "xz"},
};

/* Writes the images; "{...}\n..." gets the magic and length of a .npy file in front. */
static const char *write_images(const malformed *m)
{
    char bytes[512] = "\x93NUMPY\1";
    if (m->image[0] != '{')
        return scratch_write("images", m->image, m->n_image);
    bytes[8] = (char)(strchr(m->image, '\n') + 1 - m->image);
    memcpy(bytes + 10, m->image, m->n_image);
    return scratch_write("images", bytes, 10 + m->n_image);
}

static void malformed_files(void **state)
{
    (void)state;
    asx_dataset *const untouched = (asx_dataset *)(uintptr_t)64;
    for (size_t c = 0; c < sizeof CASES / sizeof *CASES; c++) {
        const malformed *m = &CASES[c];
        const char *file = write_images(m);
        const char *label = m->label ? scratch_write("labels", m->label, m->n_label) : NULL;
        asx_error err = {0};
        asx_dataset *data = untouched;
        asx_dataset_spec spec = {.format = m->format,
                                 .file = &file,
                                 .n_files = 1,
                                 .label = &label,
                                 .n_labels = m->label != NULL,
                                 .scale = 1};
        if (m->format == ASX_DATA_RAW)
            spec.shape[0] = spec.shape[1] = spec.shape[2] = m->n_label == 1 ? 2 : 1;
        asx_status status = asx_dataset_load(&data, &spec, &err);
        if (status != m->status || !strstr(err.message, m->says) ||
            !strstr(err.message, scratch_folder) || strchr(err.message, '\n'))
            fail_msg("%s: status %d, '%s'", m->what, status, err.message);
        assert_ptr_equal(data, untouched);
        assert_int_equal(asx_dataset_load(&data, &spec, NULL), m->status);
    }
}

static void cifar10_label_out_of_range(void **state)
{
    (void)state;
    static char bytes[2 * 3073];
    bytes[3073] = 10;
    asx_error err;
    asx_dataset *data = NULL;
    const char *file = scratch_write("images", bytes, sizeof bytes);
    asx_dataset_spec spec = {.format = ASX_DATA_CIFAR10, .file = &file, .n_files = 1, .scale = 1};
    CHECK_FAIL(asx_dataset_load(&data, &spec, &err), ASX_EPARSE, err);
    assert_non_null(strstr(err.message, "label 10 of record 1"));
    assert_null(data);
}

static void missing_files(void **state)
{
    (void)state;
    const char *file = scratch_path("nowhere");
    for (int f = 0; f < ASX_DATA_GLYPHS; f++) {
        asx_error err;
        asx_dataset *data = NULL;
        asx_dataset_spec spec = {.format = (asx_data_format)f,
                                 .file = &file,
                                 .n_files = 1,
                                 .label = &file,
                                 .shape = {1, 1, 1},
                                 .scale = 1};
        spec.n_labels = f == ASX_DATA_IDX || f == ASX_DATA_NPY || f == ASX_DATA_RAW;
        CHECK_FAIL(asx_dataset_load(&data, &spec, &err), ASX_EIO, err);
        assert_non_null(strstr(err.message, file));
        assert_null(data);
    }
}

/* A good CSV file of four features, and specs that contradict it or themselves. */
static void contradictory_specs(void **state)
{
    (void)state;
    static const char TEXT[] = "a,b,c,d,class\n1,2,3,4,0\n";
    const char *file[] = {scratch_write("images", TEXT, sizeof TEXT - 1), NULL};
    const double numbers[] = {1, 1, 0, NAN}, *one = numbers, *zero = numbers + 2,
                 *nan = numbers + 3;
    const asx_dataset_spec good = {.format = ASX_DATA_CSV, .file = file, .n_files = 1, .scale = 1};
    asx_dataset_spec bad[16];
    size_t n = 0;
    for (size_t i = 0; i < 16; i++)
        bad[i] = good;
    bad[n++].format = ASX_N_DATA_FORMATS;
    bad[n++].n_files = 0;
    bad[n].label = file, bad[n++].n_labels = 1;
    bad[n++].format = ASX_DATA_IDX; /* no label files */
    bad[n++].format = ASX_DATA_GLYPHS;
    bad[n].format = ASX_DATA_GLYPHS, bad[n++].n_files = 0; /* none to generate */
    bad[n++].shape[0] = 4;                                 /* [4, 0, 0] */
    bad[n].shape[0] = 3, bad[n].shape[1] = 1, bad[n++].shape[2] = 1;
    bad[n].shape[0] = 1, bad[n].shape[1] = SIZE_MAX, bad[n++].shape[2] = 1;
    bad[n++].scale = 0;
    bad[n++].offset = HUGE_VAL;
    bad[n].mean = one, bad[n++].n_mean = 2;
    bad[n].std = one, bad[n++].n_std = 3;
    bad[n].std = zero, bad[n++].n_std = 1;
    bad[n].mean = nan, bad[n++].n_mean = 1;
    bad[n].std = nan, bad[n++].n_std = 1;
    assert_int_equal(n, 16);
    asx_error err;
    asx_dataset *data = NULL;
    for (size_t i = 0; i < n; i++) {
        CHECK_FAIL(asx_dataset_load(&data, &bad[i], &err), ASX_EINVAL, err);
        assert_null(data);
    }
    CHECK_OK(asx_dataset_load(&data, &good, &err), err);
    asx_dataset_free(data);
}

static void files_that_do_not_go_together(void **state)
{
    (void)state;
    const char *file[] = {scratch_write("images", BYTES("a,b,c\n1,2,0\n")),
                          scratch_write("labels", BYTES("a,b\n1,0\n"))};
    asx_error err;
    asx_dataset *data = NULL;
    asx_dataset_spec spec = {.format = ASX_DATA_CSV, .file = file, .n_files = 2, .scale = 1};
    CHECK_FAIL(asx_dataset_load(&data, &spec, &err), ASX_EINVAL, err);
    assert_non_null(strstr(err.message, file[1]));
    assert_null(data);
}

static int teardown(void **state)
{
    (void)state;
    return scratch_remove(NAMES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(malformed_files),
        cmocka_unit_test(cifar10_label_out_of_range),
        cmocka_unit_test(missing_files),
        cmocka_unit_test(contradictory_specs),
        cmocka_unit_test(files_that_do_not_go_together),
    };
    return cmocka_run_group_tests(tests, scratch_setup, teardown);
}
