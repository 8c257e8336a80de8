/* Arrays as data set files store them, and the readers that fill them. Private to eval. */
#ifndef ASX_EVAL_DATASET_SAMPLES_H
#define ASX_EVAL_DATASET_SAMPLES_H

#include <stdbool.h>
#include <stddef.h>

#include "dse/error.h"
#include "eval/dataset.h"

typedef enum asx_sample_type {
    ASX_SAMPLE_U8,
    ASX_SAMPLE_I8,
    ASX_SAMPLE_I16,
    ASX_SAMPLE_I32,
    ASX_SAMPLE_I64,
    ASX_SAMPLE_F32,
    ASX_SAMPLE_F64
} asx_sample_type;

enum { ASX_SAMPLES_DIMS = 4 };

/* samples: [dim[0]][dim[1]]..., row-major, host byte order; dim[0] counts the items. Names are of the numbers of an item,
 * or of the values 0, 1, ... of labels, where a file says them. Zeroed = empty.
 */
typedef struct asx_samples {
    asx_sample_type type;
    size_t n_dims, dim[ASX_SAMPLES_DIMS];
    unsigned char *bytes; /* owned */
    char **name;          /* [n_names], owned */
    size_t n_names;
} asx_samples;

/* Layout of an array inside a file: `header` bytes, then the elements up to the file's end. */
typedef struct asx_samples_layout {
    asx_sample_type type;
    size_t n_dims, dim[ASX_SAMPLES_DIMS];
    size_t header;
    bool big_endian;
} asx_samples_layout;

size_t asx_sample_size(asx_sample_type type);
void asx_samples_fini(asx_samples *samples);

/** Elements of one item: the product of all dimensions but the first. */
size_t asx_samples_item(const asx_samples *samples);

/** Element `i` of the whole array. */
double asx_samples_value(const asx_samples *samples, size_t i);

/**
 * Makes an array of the bytes of a whole file.
 *
 * @param bytes  taken over and set to NULL on success
 * @param path   for messages
 * @return ASX_OK; ASX_EPARSE if the file is shorter or longer than the layout says, is empty of
 *         items, or holds NaN or infinity
 */
ASX_NODISCARD asx_status asx_samples_adopt(asx_samples *out, const asx_samples_layout *layout,
                                           unsigned char **bytes, size_t n_bytes, const char *path,
                                           asx_error *err);

/* Finds the layout of a file from its content; `path` for messages. */
typedef asx_status asx_samples_header(asx_samples_layout *out, const unsigned char *bytes, size_t n,
                                      const char *path, asx_error *err);

/** Reads a whole file whose header says what is in it. @param folder  of asx_stream_read @return as asx_stream_read_data, `header`
 * and asx_samples_adopt */
ASX_NODISCARD asx_status asx_samples_load(asx_samples *out, const char *path, const char *folder,
                                          asx_samples_header *header, asx_error *err);

/**
 * Appends the items of `more`, whose content is taken over; an empty `samples` becomes `more`.
 * @return ASX_OK; ASX_ENOMEM; ASX_EINVAL if type or item differ
 */
ASX_NODISCARD asx_status asx_samples_append(asx_samples *samples, asx_samples *more,
                                            const char *path, asx_error *err);

/** How many bytes a .npy file has whose first `n` bytes, or all, are these. @return ASX_EPARSE, ASX_EUNSUPPORTED */
ASX_NODISCARD asx_status asx_npy_size(size_t *out, const unsigned char *bytes, size_t n,
                                      const char *path, asx_error *err);

/** asx_samples_adopt of a whole .npy file. */
ASX_NODISCARD asx_status asx_npy_adopt(asx_samples *out, unsigned char **bytes, size_t n,
                                       const char *path, asx_error *err);

/** Bytes that a layout speaks of, header and elements. @return ASX_EPARSE if no memory holds them */
ASX_NODISCARD asx_status asx_samples_promised(size_t *out, const asx_samples_layout *layout,
                                              const char *path, asx_error *err);

/* The readers, one per format: file number `i` of `spec` and its labels (one integer per item).
 * Both outputs are released by the caller, also after failure. */
typedef asx_status asx_samples_reader(asx_samples *images, asx_samples *labels,
                                      const asx_dataset_spec *spec, size_t i, asx_error *err);

asx_samples_reader asx_samples_read_cifar10;
asx_samples_reader asx_samples_read_idx;
asx_samples_reader asx_samples_read_npy;
asx_samples_reader asx_samples_read_npz;
asx_samples_reader asx_samples_read_csv;
asx_samples_reader asx_samples_read_raw;
asx_samples_reader asx_samples_read_images;
asx_samples_reader asx_samples_read_wav;
asx_samples_reader asx_samples_read_glyphs;

#endif
