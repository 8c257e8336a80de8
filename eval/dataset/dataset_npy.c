/* NumPy's .npy (NEP 1; versions 1-3): magic, version, length of the header, and the header, a
 * Python dictionary such as {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }. */
#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dataset_samples.h"
#include "dataset_stream.h"

static const struct {
    char code[3];
    asx_sample_type type;
} NPY_TYPES[] = {
    {"u1", ASX_SAMPLE_U8},  {"b1", ASX_SAMPLE_U8},  {"i1", ASX_SAMPLE_I8},  {"i2", ASX_SAMPLE_I16},
    {"i4", ASX_SAMPLE_I32}, {"i8", ASX_SAMPLE_I64}, {"f4", ASX_SAMPLE_F32}, {"f8", ASX_SAMPLE_F64},
};

/* The dictionary, read from left to right. */
typedef struct reader {
    const char *at, *end;
    const char *path;
} reader;

static asx_status fail_header(const reader *r, const char *want, asx_error *err)
{
    return asx_fail(err, ASX_EPARSE, "'%s': malformed .npy header: %s expected", r->path, want);
}

static bool take(reader *r, const char *token)
{
    while (r->at < r->end && isspace((unsigned char)*r->at))
        r->at++;
    size_t n = strlen(token);
    if ((size_t)(r->end - r->at) < n || memcmp(r->at, token, n) != 0)
        return false;
    r->at += n;
    return true;
}

static asx_status parse_descr(asx_samples_layout *out, reader *r, asx_error *err)
{
    char quote[2] = {0};
    if (take(r, "'"))
        quote[0] = '\'';
    else if (take(r, "\""))
        quote[0] = '"';
    else
        return asx_fail(err, ASX_EUNSUPPORTED, "'%s': structured .npy types are not supported",
                        r->path);
    const char *close = memchr(r->at, quote[0], (size_t)(r->end - r->at));
    if (!close)
        return fail_header(r, "a closing quote", err);
    size_t n = (size_t)(close - r->at), n_types = sizeof NPY_TYPES / sizeof *NPY_TYPES, t = 0;
    if (n == 3 && strchr("<>|=", r->at[0]))
        while (t < n_types && memcmp(r->at + 1, NPY_TYPES[t].code, 2) != 0)
            t++;
    else
        t = n_types;
    if (t == n_types)
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "'%s': .npy type '%.*s' is not one of u1 b1 i1 i2 i4 i8 f4 f8", r->path,
                        n < 32 ? (int)n : 32, r->at);
    out->type = NPY_TYPES[t].type;
    out->big_endian = r->at[0] == '>';
    r->at = close + 1;
    return ASX_OK;
}

static asx_status parse_order(reader *r, asx_error *err)
{
    if (take(r, "False"))
        return ASX_OK;
    if (take(r, "True"))
        return asx_fail(err, ASX_EUNSUPPORTED,
                        "'%s' is in Fortran order: save numpy.ascontiguousarray(x)", r->path);
    return fail_header(r, "True or False", err);
}

static asx_status parse_shape(asx_samples_layout *out, reader *r, asx_error *err)
{
    if (!take(r, "("))
        return fail_header(r, "'('", err);
    out->n_dims = 0;
    while (!take(r, ")")) {
        size_t dim = 0;
        const char *first = r->at;
        for (; r->at < r->end && isdigit((unsigned char)*r->at); r->at++) {
            if (dim > SIZE_MAX / 10 - 1)
                return fail_header(r, "a dimension that fits in memory", err);
            dim = dim * 10 + (size_t)(*r->at - '0');
        }
        if (r->at == first)
            return fail_header(r, "a dimension", err);
        if (out->n_dims == ASX_SAMPLES_DIMS)
            return asx_fail(err, ASX_EINVAL, "'%s' has more than %d dimensions", r->path,
                            ASX_SAMPLES_DIMS);
        out->dim[out->n_dims++] = dim;
        if (!take(r, ",")) {
            if (!take(r, ")"))
                return fail_header(r, "',' or ')'", err);
            break;
        }
        take(r, ""); /* blanks before the next dimension */
    }
    if (out->n_dims == 0)
        return asx_fail(err, ASX_EINVAL, "'%s' holds a single number, not an array", r->path);
    return ASX_OK;
}

static asx_status parse_dictionary(asx_samples_layout *out, reader *r, asx_error *err)
{
    bool descr = false, order = false, shape = false;
    if (!take(r, "{"))
        return fail_header(r, "'{'", err);
    while (!take(r, "}")) {
        asx_status status;
        if (!descr && (take(r, "'descr':") || take(r, "\"descr\":"))) {
            descr = true;
            status = parse_descr(out, r, err);
        } else if (!order && (take(r, "'fortran_order':") || take(r, "\"fortran_order\":"))) {
            order = true;
            status = parse_order(r, err);
        } else if (!shape && (take(r, "'shape':") || take(r, "\"shape\":"))) {
            shape = true;
            status = parse_shape(out, r, err);
        } else {
            status = fail_header(r, "one each of 'descr', 'fortran_order', 'shape'", err);
        }
        if (status != ASX_OK)
            return status;
        if (!take(r, ",")) {
            if (!take(r, "}"))
                return fail_header(r, "',' or '}'", err);
            break;
        }
    }
    return descr && order && shape ? ASX_OK
                                   : fail_header(r, "'descr', 'fortran_order' and 'shape'", err);
}

static asx_status parse_header(asx_samples_layout *out, const unsigned char *bytes, size_t n,
                               const char *path, asx_error *err)
{
    if (n < 10 || memcmp(bytes, "\x93NUMPY", 6) != 0)
        return asx_fail(err, ASX_EPARSE, "'%s' is not a .npy file: its magic is wrong", path);
    unsigned version = bytes[6];
    if (version < 1 || version > 3)
        return asx_fail(err, ASX_EUNSUPPORTED, "'%s': .npy version %u is not 1 .. 3", path,
                        version);
    size_t start = version == 1 ? 10 : 12;
    if (n < start)
        return asx_fail(err, ASX_EPARSE, "'%s' is cut inside its header", path);
    size_t length = (size_t)bytes[8] | (size_t)bytes[9] << 8;
    if (version > 1)
        length |= (size_t)bytes[10] << 16 | (size_t)bytes[11] << 24;
    if (n - start < length)
        return asx_fail(err, ASX_EPARSE, "'%s' is cut inside its header", path);
    const char *text = (const char *)bytes + start;
    reader r = {text, text + length, path};
    asx_samples_layout layout = {.header = start + length};
    asx_status status = parse_dictionary(&layout, &r, err);
    if (status != ASX_OK)
        return status;
    *out = layout;
    return ASX_OK;
}

asx_status asx_npy_size(size_t *out, const unsigned char *bytes, size_t n, const char *path,
                        asx_error *err)
{
    asx_samples_layout layout;
    const asx_status status = parse_header(&layout, bytes, n, path, err);
    return status ? status : asx_samples_promised(out, &layout, path, err);
}

asx_status asx_npy_adopt(asx_samples *out, unsigned char **bytes, size_t n, const char *path,
                         asx_error *err)
{
    asx_samples_layout layout;
    const asx_status status = parse_header(&layout, *bytes, n, path, err);
    return status ? status : asx_samples_adopt(out, &layout, bytes, n, path, err);
}

asx_status asx_samples_read_npy(asx_samples *images, asx_samples *labels,
                                const asx_dataset_spec *spec, size_t i, asx_error *err)
{
    asx_status status = asx_samples_load(images, spec->file[i], spec->unpacked, parse_header, err);
    return status ? status
                  : asx_samples_load(labels, spec->label[i], spec->unpacked, parse_header, err);
}
