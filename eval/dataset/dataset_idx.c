/* IDX, the format of MNIST (LeCun, Cortes, Burges): 00 00, type, number of dimensions, the
 * dimensions as big-endian 32-bit words, the elements big-endian. */
#include <stdint.h>
#include <stdlib.h>

#include "dataset_samples.h"
#include "dataset_stream.h"

static const struct {
    unsigned char code;
    asx_sample_type type;
} IDX_TYPES[] = {
    {0x08, ASX_SAMPLE_U8},  {0x09, ASX_SAMPLE_I8},  {0x0b, ASX_SAMPLE_I16},
    {0x0c, ASX_SAMPLE_I32}, {0x0d, ASX_SAMPLE_F32}, {0x0e, ASX_SAMPLE_F64},
};

static asx_status parse_header(asx_samples_layout *out, const unsigned char *bytes, size_t n,
                               const char *path, asx_error *err)
{
    size_t t = 0, n_types = sizeof IDX_TYPES / sizeof *IDX_TYPES;
    if (n < 4 || bytes[0] || bytes[1])
        return asx_fail(err, ASX_EPARSE, "'%s' is not an IDX file: it does not start with 00 00",
                        path);
    while (t < n_types && IDX_TYPES[t].code != bytes[2])
        t++;
    if (t == n_types)
        return asx_fail(err, ASX_EPARSE, "'%s': IDX type 0x%02x is unknown", path, bytes[2]);
    asx_samples_layout layout = {.type = IDX_TYPES[t].type, .n_dims = bytes[3], .big_endian = true};
    if (layout.n_dims < 1 || layout.n_dims > ASX_SAMPLES_DIMS)
        return asx_fail(err, ASX_EPARSE, "'%s' has %zu dimensions, not 1 .. %d", path,
                        layout.n_dims, ASX_SAMPLES_DIMS);
    layout.header = 4 + 4 * layout.n_dims;
    if (n < layout.header)
        return asx_fail(err, ASX_EPARSE, "'%s' is cut inside its header: %zu bytes of %zu", path, n,
                        layout.header);
    for (size_t d = 0; d < layout.n_dims; d++) {
        const unsigned char *at = bytes + 4 + 4 * d;
        layout.dim[d] =
            (size_t)at[0] << 24 | (size_t)at[1] << 16 | (size_t)at[2] << 8 | (size_t)at[3];
    }
    *out = layout;
    return ASX_OK;
}

asx_status asx_samples_read_idx(asx_samples *images, asx_samples *labels,
                                const asx_dataset_spec *spec, size_t i, asx_error *err)
{
    asx_status status = asx_samples_load(images, spec->file[i], spec->unpacked, parse_header, err);
    return status ? status
                  : asx_samples_load(labels, spec->label[i], spec->unpacked, parse_header, err);
}
