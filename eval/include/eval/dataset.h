/* Labelled images (or feature vectors) from the formats data sets are published in. */
#ifndef ASX_EVAL_DATASET_H
#define ASX_EVAL_DATASET_H

#include <stddef.h>
#include <stdint.h>

#include "dse/error.h"

/* Formats: {enumerator, name, help}. .gz and .xz are read as they are. */
#define ASX_DATA_FORMAT_LIST(X)                                                                    \
    X(ASX_DATA_CIFAR10, "cifar10",                                                                 \
      "CIFAR-10 binary records: label byte, 3072 bytes of RGB planes")                             \
    X(ASX_DATA_IDX, "idx", "IDX (MNIST and kin), any element type; labels in a file of their own") \
    X(ASX_DATA_NPY, "npy", "NumPy .npy, C order, u8/i8/i16/i32/i64/f32/f64; labels likewise")      \
    X(ASX_DATA_CSV, "csv", "CSV with a header; features in order, the class in the last column")   \
    X(ASX_DATA_RAW, "raw", "raw bytes, int8; labels raw uint8")                                    \
    X(ASX_DATA_GLYPHS, "glyphs", "generated: ten drawn glyphs with distortion and noise")

typedef enum asx_data_format {
#define ASX_ENUM(name, text, help) name,
    ASX_DATA_FORMAT_LIST(ASX_ENUM)
#undef ASX_ENUM
        ASX_N_DATA_FORMATS
} asx_data_format;

const char *asx_data_format_text(asx_data_format format);

/** @return ASX_OK; ASX_EINVAL lists the formats there are */
ASX_NODISCARD asx_status asx_data_format_parse(asx_data_format *out, const char *text,
                                               asx_error *err);

/* Everything is borrowed for the call of asx_dataset_load.
 * real = (stored - offset) * scale, then (real - mean[c]) / std[c]. */
typedef struct asx_dataset_spec {
    asx_data_format format;
    const char *const *file; /* concatenated in order */
    size_t n_files;
    const char *const *label; /* idx, npy, raw: as many as files */
    size_t n_labels;
    size_t shape[3]; /* [c, h, w]; zeros: taken from the file */
    double offset, scale;
    const double *mean, *std; /* per channel; NULL: 0 and 1 */
    size_t n_mean, n_std;     /* 0, 1 or the number of channels */
    uint64_t seed;            /* glyphs */
    size_t n_generated;       /* glyphs */
} asx_dataset_spec;

/* Holds the stored bytes, not floats; images are converted when asked for. */
typedef struct asx_dataset asx_dataset;

/**
 * Files are recognised as compressed by their content; they may hold up to 4 GiB each.
 *
 * @return ASX_OK; ASX_ENOMEM; ASX_EIO; ASX_EPARSE (wrong magic, truncated, trailing bytes, CSV
 * cell, label outside 0 .. 65535, NaN) with file and place; ASX_EINVAL for contradictions (labels
 * and images differ in number, shape does not fit); ASX_EUNSUPPORTED for a .npy type, order or
 * version
 */
ASX_NODISCARD asx_status asx_dataset_load(asx_dataset **out, const asx_dataset_spec *spec,
                                          asx_error *err);
void asx_dataset_free(asx_dataset *data);

size_t asx_dataset_size(const asx_dataset *data);
const size_t *asx_dataset_shape(const asx_dataset *data); /* [c, h, w] */

/** Writes images first .. first + n - 1 as float [n][c][h][w]. Thread-safe. */
void asx_dataset_images(float *out, const asx_dataset *data, size_t first, size_t n);

/** Label of an image. */
unsigned asx_dataset_label(const asx_dataset *data, size_t index);

/** Largest label. */
unsigned asx_dataset_max_label(const asx_dataset *data);

/** Hash of stored images, labels, and conversion. */
uint64_t asx_dataset_hash(const asx_dataset *data);

/* Images first .. end - 1. */
typedef struct asx_range {
    size_t first, end;
} asx_range;

/**
 * Reads "A:B" (either may be missing: the start, the end) within 0 .. size.
 * @return ASX_OK; ASX_EPARSE if malformed; ASX_EINVAL if empty or beyond `size`
 */
ASX_NODISCARD asx_status asx_range_parse(asx_range *out, const char *text, size_t size,
                                         asx_error *err);

#endif
