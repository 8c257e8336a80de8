/* NumPy's .npz: a zip of .npy files, read by libzip. Images and classes are a pair of arrays with names that belong
 * together. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <zip.h>

#include "dataset_samples.h"
#include "dse/memory.h"
#include "dse/text.h"

#define ENTRY_MAX (SIZE_MAX / 4 < (UINT64_C(1) << 32) ? SIZE_MAX / 4 : (size_t)(UINT64_C(1) << 32))

enum { HEAD = 1 << 16 };

static const char *const PAIRS[][2] = {
    {"images", "labels"},
    {"x", "y"},
    {"X", "y"},
    {"data", "labels"},
    {"data", "target"},
    {"features", "labels"},
    {"test_images", "test_labels"},
    {"train_images", "train_labels"},
    {"x_test", "y_test"},
    {"x_train", "y_train"},
    {"X_test", "y_test"},
    {"X_train", "y_train"},
    {"arr_0", "arr_1"},
};

static bool has_array(zip_t *zip, const char *name)
{
    char entry[64];
    snprintf(entry, sizeof entry, "%s.npy", name);
    return zip_name_locate(zip, entry, 0) >= 0;
}

static asx_status list_arrays(zip_t *zip, const char *path, const char *what, asx_error *err)
{
    asx_text names = {0};
    for (zip_uint64_t i = 0; i < (zip_uint64_t)zip_get_num_entries(zip, 0) && i < 12; i++) {
        const char *name = zip_get_name(zip, i, 0);
        asx_text_add(&names, " %.64s", name ? name : "?");
    }
    const asx_status status =
        asx_fail(err, ASX_EINVAL, "'%s': %s; it holds%s: save numpy.savez(file, images=, labels=)",
                 path, what, names.s ? names.s : " nothing");
    asx_text_fini(&names);
    return status;
}

/* The pair that is there; of several the one whose classes are called `wanted`. */
static asx_status find_pair(size_t *out, zip_t *zip, const char *path, const char *wanted,
                            asx_error *err)
{
    size_t found = 0;
    *out = 0;
    for (size_t i = 0; i < sizeof PAIRS / sizeof *PAIRS; i++)
        if (has_array(zip, PAIRS[i][0]) && has_array(zip, PAIRS[i][1]) &&
            (!wanted || strcmp(wanted, PAIRS[i][1]) == 0)) {
            *out = i;
            found++;
        }
    if (found == 1)
        return ASX_OK;
    if (found == 0)
        return list_arrays(zip, path, "no arrays called as images and their classes are", err);
    return asx_fail(err, ASX_EINVAL,
                    "'%s' has %zu pairs of images and classes, as %s and %s: say which classes "
                    "(data.label)",
                    path, found, PAIRS[*out][0], PAIRS[*out][1]);
}

/* An entry holds what its header promises and no more: that is seen before more than HEAD bytes are unpacked. */
static asx_status unpack(unsigned char **out, size_t *n, zip_file_t *entry, size_t size,
                         const char *name, asx_error *err)
{
    size_t capacity = 0, got = 0, promised = ENTRY_MAX;
    unsigned char *bytes = NULL;
    asx_status status = ASX_OK;
    for (zip_int64_t more = 1; status == ASX_OK && more > 0 && got <= size;) {
        unsigned char *grown = asx_array_grow(bytes, &capacity, got + HEAD, 1);
        if (!grown) {
            status = asx_fail(err, ASX_ENOMEM, "no memory for '%s' after %zu bytes", name, got);
            break;
        }
        bytes = grown;
        more = zip_fread(entry, bytes + got, HEAD);
        if (more < 0)
            status = asx_fail(err, ASX_EPARSE, "'%s': damaged after %zu bytes: %s", name, got,
                              zip_file_strerror(entry));
        else
            got += (size_t)more;
        if (status == ASX_OK && promised == ENTRY_MAX && got >= HEAD)
            status = asx_npy_size(&promised, bytes, got, name, err);
        if (status == ASX_OK && got > promised)
            status = asx_fail(err, ASX_EINVAL, "'%s' holds more than the %zu bytes it promises",
                              name, promised);
    }
    if (status != ASX_OK) {
        free(bytes);
        return status;
    }
    *out = bytes;
    *n = got;
    return ASX_OK;
}

static asx_status read_array(asx_samples *out, zip_t *zip, const char *path, const char *array,
                             asx_error *err)
{
    asx_text name = {0}, where = {0};
    zip_stat_t is;
    unsigned char *bytes = NULL;
    size_t n;
    zip_file_t *entry = NULL;
    asx_status status = ASX_OK;
    asx_text_add(&name, "%s.npy", array);
    asx_text_add(&where, "%s:%s", path, array);
    if (name.failed || where.failed) {
        status = asx_fail(err, ASX_ENOMEM, "no memory to read '%s'", path);
    } else if (zip_stat(zip, name.s, 0, &is) != 0 || !(is.valid & ZIP_STAT_SIZE) ||
               !(entry = zip_fopen(zip, name.s, 0))) {
        status = asx_fail(err, ASX_EPARSE, "'%s': %s", where.s, zip_strerror(zip));
    } else if (is.size > ENTRY_MAX) {
        status = asx_fail(err, ASX_EINVAL, "'%s' holds more than the %zu bytes allowed", where.s,
                          ENTRY_MAX);
    }
    if (status == ASX_OK)
        status = unpack(&bytes, &n, entry, (size_t)is.size, where.s, err);
    if (status == ASX_OK)
        status = asx_npy_adopt(out, &bytes, n, where.s, err);
    if (entry)
        zip_fclose(entry);
    free(bytes);
    asx_text_fini(&name);
    asx_text_fini(&where);
    return status;
}

asx_status asx_samples_read_npz(asx_samples *images, asx_samples *labels,
                                const asx_dataset_spec *spec, size_t i, asx_error *err)
{
    const char *path = spec->file[i];
    int code = 0;
    size_t pair;
    zip_t *zip = zip_open(path, ZIP_RDONLY, &code);
    if (!zip) {
        zip_error_t why;
        zip_error_init_with_code(&why, code);
        const asx_status failed =
            code == ZIP_ER_NOENT || code == ZIP_ER_OPEN ? ASX_EIO : ASX_EPARSE;
        const asx_status status =
            asx_fail(err, failed, "cannot open '%s': %s", path, zip_error_strerror(&why));
        zip_error_fini(&why);
        return status;
    }
    asx_status status = find_pair(&pair, zip, path, spec->label_column, err);
    if (status == ASX_OK)
        status = read_array(images, zip, path, PAIRS[pair][0], err);
    if (status == ASX_OK)
        status = read_array(labels, zip, path, PAIRS[pair][1], err);
    zip_discard(zip);
    return status;
}
