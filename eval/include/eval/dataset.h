/* Labelled images (or feature vectors) from the formats data sets are published in. */
#ifndef ASX_EVAL_DATASET_H
#define ASX_EVAL_DATASET_H

#include <stddef.h>
#include <stdint.h>

#include "dse/api.h"
#include "dse/csv.h"
#include "dse/error.h"
#include "dse/output.h"
#include "dse/score.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Formats: {enumerator, name, help}. .gz and .xz are read as they are. */
#define ASX_DATA_FORMAT_LIST(X)                                                                        \
    X(ASX_DATA_CIFAR10, "cifar10",                                                                     \
      "CIFAR-10 binary records: label byte, 3072 bytes of RGB planes")                                 \
    X(ASX_DATA_IDX, "idx", "IDX (MNIST and kin), any element type; labels in a file of their own")     \
    X(ASX_DATA_NPY, "npy", "NumPy .npy, C order, u8/i8/i16/i32/i64/f32/f64; labels likewise")          \
    X(ASX_DATA_NPZ, "npz",                                                                             \
      "NumPy .npz, arrays as of npy: images and labels, x and y, x_test and y_test and their like")    \
    X(ASX_DATA_CSV, "csv",                                                                             \
      "CSV; features in order, the class in the column called label or class, or the last")            \
    X(ASX_DATA_RAW, "raw", "raw bytes, int8; labels raw uint8")                                        \
    X(ASX_DATA_IMAGES, "images",                                                                       \
      "PNG and JPEG: a folder with a folder for each class, or a list of files with classes or masks") \
    X(ASX_DATA_WAV, "wav",                                                                             \
      "recordings of 16 kHz, as 10 MFCC of 49 windows: folders or a list, as of images")               \
    X(ASX_DATA_GLYPHS, "glyphs", "generated: ten drawn glyphs with distortion and noise")

typedef enum asx_data_format {
#define ASX_ENUM(name, text, help) name,
    ASX_DATA_FORMAT_LIST(ASX_ENUM)
#undef ASX_ENUM
        ASX_N_DATA_FORMATS
} asx_data_format;

ASX_API const char *asx_data_format_text(asx_data_format format);

/** @return ASX_OK; ASX_EINVAL lists the formats there are */
ASX_API ASX_NODISCARD asx_status asx_data_format_parse(asx_data_format *out, const char *text,
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
    const double *mean, *std;   /* per channel; NULL: 0 and 1 */
    size_t n_mean, n_std;       /* 0, 1 or the number of channels */
    uint64_t seed;              /* glyphs */
    size_t n_generated;         /* glyphs */
    asx_csv_header_rule header; /* csv; ASX_CSV_GUESS where nothing is known */
    const char *label_column;   /* csv: its name, or its position (1: the first, -1: the last);
                                   NULL: label, class or target, else the last;
                                   npz: the array with the classes, of several */
    asx_label_kind labels;      /* what they are: a class, numbers, a map */
    const char
        *unpacked;       /* folder where what compressed files (.gz, .xz) hold is kept unpacked, and
                                   read from while they stay as they are; it may be deleted at any time;
                                   NULL: nowhere */
    size_t resize, crop; /* images: the shorter side in pixels, the square in the middle;
                                   0: as they are */
} asx_dataset_spec;

/* Images first .. end - 1. */
typedef struct asx_range {
    size_t first, end;
} asx_range;

/* Holds the stored bytes, not floats; images are converted when asked for. */
typedef struct asx_dataset asx_dataset;

/**
 * Files are recognised as compressed by their content; they may hold up to 4 GiB each (CSV: 256 MiB), and no more
 * than their header promises: more is not unpacked. Pictures are read one by one (up to 64 M pixels) and kept as bytes of
 * their final size, up to 4 GiB in all.
 *
 * @return ASX_OK; ASX_ENOMEM; ASX_EIO; ASX_EPARSE (wrong magic, truncated, trailing bytes, CSV
 * cell, label outside 0 .. 65535, NaN) with file and place; ASX_EINVAL for contradictions (labels
 * and images differ in number, shape does not fit); ASX_EUNSUPPORTED for a .npy type, order or
 * version
 */
ASX_API ASX_NODISCARD asx_status asx_dataset_load(asx_dataset **out, const asx_dataset_spec *spec,
                                                  asx_error *err);
ASX_API void asx_dataset_free(asx_dataset *data);

/**
 * A data set of numbers in memory: vectors of bytes and their classes, which are copied.
 *
 * @param bytes  [n][features]; real = byte * scale
 * @param label  [n]: the class of each
 * @param scale  finite, not 0
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL without items, features or such a scale
 */
ASX_API ASX_NODISCARD asx_status asx_dataset_new(asx_dataset **out, const unsigned char *bytes,
                                                 const uint16_t *label, size_t n, size_t features,
                                                 double scale, asx_error *err);

/* What a table calls its columns and its classes; nothing of other data. */
typedef struct asx_dataset_names {
    const char *const *feature; /* [n_features]; 1, 2, ... by column where it has no row of names */
    size_t n_features;
    const char *const *word; /* [n_words]: class k is word k; none: classes are numbers */
    size_t n_words;
} asx_dataset_names;

/** Of the first file of ASX_DATA_CSV; borrowed. */
ASX_API asx_dataset_names asx_dataset_names_of(const asx_dataset *data);

/**
 * Adds the pictures or recordings that are in a folder, or named by a list; of the other formats nothing: their files are
 * what is named already. What cannot be read names none.
 * @param what  of asx_kept_add
 * @param labels  of the spec: with maps, of pictures, their masks too
 * @param path  one of the spec's files
 * @return ASX_OK; ASX_ENOMEM. Cost: one look at each file
 */
ASX_API ASX_NODISCARD asx_status asx_dataset_files(asx_kept *out, const char *what,
                                                   asx_data_format format, asx_label_kind labels,
                                                   const char *path, asx_error *err);

/**
 * Gives loaded data another conversion, as if they had been loaded with it.
 * @param spec  of it offset, scale, mean and std are looked at
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL as asx_dataset_load, with `data` as it was
 */
ASX_API ASX_NODISCARD asx_status asx_dataset_convert(asx_dataset *data,
                                                     const asx_dataset_spec *spec, asx_error *err);

ASX_API size_t asx_dataset_size(const asx_dataset *data);
ASX_API const size_t *asx_dataset_shape(const asx_dataset *data); /* [c, h, w] */

/** Writes images first .. first + n - 1 as float [n][c][h][w]. Thread-safe. */
ASX_API void asx_dataset_images(float *out, const asx_dataset *data, size_t first, size_t n);

/** What the 256 bytes of a channel stand for, borrowed; NULL for data of longer elements. */
ASX_API const float *asx_dataset_of_bytes(const asx_dataset *data, size_t channel);

/** The stored bytes of an image, [c][h][w], borrowed; NULL likewise. */
ASX_API const unsigned char *asx_dataset_bytes(const asx_dataset *data, size_t index);

/** Label of an image: its class. Only where labels are classes. */
ASX_API unsigned asx_dataset_label(const asx_dataset *data, size_t index);

/** How many classes have an image among these; 0 where labels are no classes. */
ASX_API size_t asx_dataset_n_classes(const asx_dataset *data, asx_range images);

/** Largest label. */
ASX_API unsigned asx_dataset_max_label(const asx_dataset *data);

/** Numbers of an image's label: 1 where it is a class. */
ASX_API size_t asx_dataset_target_size(const asx_dataset *data);

/** Number `i` of an image's label, in the order of the file; a map's are classes. */
ASX_API double asx_dataset_target(const asx_dataset *data, size_t index, size_t i);

/**
 * What answers are measured by (as loaded: top1). Top-k: an image is right where its label is among the k largest outputs;
 * of equal outputs the first is the larger.
 *
 * Where `score->point` is NAN it becomes a hundredth of the labels' mean squared distance from their mean (mse), or mean
 * distance from their median (mae), of all images, rounded to two digits; of several outputs the mean.
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL if labels of another kind were loaded, or are all the same number
 */
ASX_API ASX_NODISCARD asx_status asx_dataset_set_score(asx_dataset *data, const asx_score *score,
                                                       asx_error *err);

/** What they are measured by. Borrowed from the data set. */
ASX_API const asx_score *asx_dataset_score(const asx_dataset *data);

/**
 * Takes other classes than those that were read, of the same images.
 * @param label  [n] below 65536, of all images
 * @return ASX_OK; ASX_EINVAL if labels are no classes, or a class is beyond
 */
ASX_API ASX_NODISCARD asx_status asx_dataset_set_classes(asx_dataset *data, const unsigned *label,
                                                         asx_error *err);

/** The largest label less the smallest: what psnr calls peak. Numbers only. */
ASX_API double asx_dataset_peak(const asx_dataset *data);

/** Hash of stored images, labels, conversion, and of what counts as right. */
ASX_API uint64_t asx_dataset_hash(const asx_dataset *data);

/**
 * Reads "A:B" (either may be missing: the start, the end) within 0 .. size.
 * @return ASX_OK; ASX_EPARSE if malformed; ASX_EINVAL if empty or beyond `size`
 */
ASX_API ASX_NODISCARD asx_status asx_range_parse(asx_range *out, const char *text, size_t size,
                                                 asx_error *err);

#ifdef __cplusplus
}
#endif

#endif
