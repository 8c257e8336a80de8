/* Constants: tensors of the file, decoded and checked. */
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "onnx.h"

asx_status asx_onnx_spend(asx_onnx *in, size_t n, asx_error *err)
{
    if (n > in->budget)
        return asx_fail(err, ASX_EINVAL,
                        "the weights are used more often than the file's size allows");
    in->budget -= n;
    return ASX_OK;
}

void asx_onnx_constant_fini(asx_onnx_constant *constant)
{
    free(constant->f);
    free(constant->i);
    *constant = (asx_onnx_constant){0};
}

asx_status asx_onnx_constant_alloc(asx_onnx_constant *out, asx_onnx *in, bool integers,
                                   asx_error *err)
{
    out->n = 1;
    for (size_t i = 0; i < out->rank; i++) {
        if (out->n > 0 && out->dim[i] > ASX_ONNX_ELEMENTS_MAX / out->n)
            return asx_fail(err, ASX_EINVAL, "a constant has more than %zu elements",
                            ASX_ONNX_ELEMENTS_MAX);
        out->n *= out->dim[i];
    }
    asx_status status = asx_onnx_spend(in, out->n, err);
    if (status != ASX_OK)
        return status;
    if (integers)
        out->i = asx_array_new(out->n, sizeof *out->i);
    else
        out->f = asx_array_new(out->n, sizeof *out->f);
    if (!out->i && !out->f)
        return asx_fail(err, ASX_ENOMEM, "no memory for a constant of %zu elements", out->n);
    return ASX_OK;
}

asx_status asx_onnx_keep(asx_onnx *in, const Onnx__NodeProto *node, asx_onnx_constant *constant,
                         asx_error *err)
{
    if (node->n_output == 0 || !*node->output[0])
        return asx_fail(err, ASX_EPARSE, "it has no output");
    asx_onnx_constant **grown = asx_array_grow(in->constant, &in->constant_capacity,
                                               in->n_constants + 1, sizeof(asx_onnx_constant *));
    if (grown)
        in->constant = grown;
    asx_onnx_constant *kept = grown ? asx_array_copy(constant, 1, sizeof *constant) : NULL;
    if (!kept)
        return asx_fail(err, ASX_ENOMEM, "no memory for a constant");
    in->constant[in->n_constants++] = kept;
    asx_onnx_find(in, node->output[0])->constant = kept;
    *constant = (asx_onnx_constant){0};
    return ASX_OK;
}

/* Rank, dimensions and number of elements. */
static asx_status read_shape(asx_onnx_constant *out, const Onnx__TensorProto *tensor,
                             asx_error *err)
{
    if (tensor->n_dims > ASX_ONNX_RANK_MAX)
        return asx_fail(err, ASX_EUNSUPPORTED, "it has %zu dimensions (at most %d)", tensor->n_dims,
                        ASX_ONNX_RANK_MAX);
    out->rank = tensor->n_dims;
    out->n = 1;
    for (size_t i = 0; i < out->rank; i++) {
        const int64_t dim = tensor->dims[i];
        if (dim < 0 || (out->n > 0 && (uint64_t)dim > ASX_ONNX_ELEMENTS_MAX / out->n))
            return asx_fail(err, ASX_EINVAL, "dimension %zu is %lld (at most %zu elements in all)",
                            i, (long long)dim, ASX_ONNX_ELEMENTS_MAX);
        out->dim[i] = (size_t)dim;
        out->n *= (size_t)dim;
    }
    return ASX_OK;
}

/* Little-endian bytes, as raw_data stores them. */
static uint64_t load(const uint8_t *bytes, size_t size)
{
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++)
        value |= (uint64_t)bytes[i] << (8 * i);
    return value;
}

static double load_float(const uint8_t *bytes)
{
    const uint32_t bits = (uint32_t)load(bytes, sizeof bits);
    float value;
    memcpy(&value, &bits, sizeof value);
    return (double)value;
}

static double load_double(const uint8_t *bytes)
{
    const uint64_t bits = load(bytes, sizeof bits);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Where the elements are: in raw_data, or in the field of their type. */
static asx_status check_count(const Onnx__TensorProto *tensor, size_t n, size_t size, size_t stored,
                              asx_error *err)
{
    if (tensor->has_raw_data && tensor->raw_data.len > 0)
        stored = tensor->raw_data.len % size == 0 ? tensor->raw_data.len / size : SIZE_MAX;
    if (stored == SIZE_MAX)
        return asx_fail(err, ASX_EPARSE, "its %zu bytes are no whole number of elements",
                        tensor->raw_data.len);
    if (stored != n)
        return asx_fail(err, ASX_EPARSE, "it holds %zu elements where its shape asks for %zu",
                        stored, n);
    return ASX_OK;
}

static const char *type_text(int type)
{
    static const char *const text[] = {"undefined",  "float",   "uint8",  "int8",   "uint16",
                                       "int16",      "int32",   "int64",  "string", "bool",
                                       "float16",    "double",  "uint32", "uint64", "complex64",
                                       "complex128", "bfloat16"};
    return type >= 0 && (size_t)type < sizeof text / sizeof *text ? text[type] : "unknown";
}

static asx_status decode_floats(asx_onnx_constant *out, asx_onnx *in, const Onnx__TensorProto *t,
                                asx_error *err)
{
    const bool raw = t->has_raw_data && t->raw_data.len > 0;
    const bool wide = t->data_type == ONNX__TENSOR_PROTO__DATA_TYPE__DOUBLE;
    if (!wide && t->data_type != ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT)
        return asx_fail(err, ASX_EUNSUPPORTED, "it is of type %s, not float",
                        type_text(t->data_type));
    const size_t size = wide ? sizeof(double) : sizeof(float);
    asx_status status =
        check_count(t, out->n, size, wide ? t->n_double_data : t->n_float_data, err);
    if (status == ASX_OK)
        status = asx_onnx_spend(in, out->n, err);
    if (status != ASX_OK)
        return status;
    if (!(out->f = asx_array_new(out->n, sizeof *out->f)))
        return asx_fail(err, ASX_ENOMEM, "no memory for its %zu elements", out->n);
    for (size_t i = 0; i < out->n; i++) {
        double value;
        if (raw)
            value = wide ? load_double(t->raw_data.data + size * i)
                         : load_float(t->raw_data.data + size * i);
        else
            value = wide ? t->double_data[i] : (double)t->float_data[i];
        out->f[i] = (float)value;
        if (!isfinite(out->f[i]))
            return asx_fail(err, ASX_EINVAL, "element %zu is %g", i, value);
    }
    return ASX_OK;
}

static asx_status decode_integers(asx_onnx_constant *out, asx_onnx *in, const Onnx__TensorProto *t,
                                  asx_error *err)
{
    const bool raw = t->has_raw_data && t->raw_data.len > 0;
    const bool wide = t->data_type == ONNX__TENSOR_PROTO__DATA_TYPE__INT64;
    if (!wide && t->data_type != ONNX__TENSOR_PROTO__DATA_TYPE__INT32)
        return asx_fail(err, ASX_EUNSUPPORTED, "it is of type %s, not int64 or int32",
                        type_text(t->data_type));
    const size_t size = wide ? sizeof(int64_t) : sizeof(int32_t);
    asx_status status = check_count(t, out->n, size, wide ? t->n_int64_data : t->n_int32_data, err);
    if (status == ASX_OK)
        status = asx_onnx_spend(in, out->n, err);
    if (status != ASX_OK)
        return status;
    if (!(out->i = asx_array_new(out->n, sizeof *out->i)))
        return asx_fail(err, ASX_ENOMEM, "no memory for its %zu elements", out->n);
    for (size_t i = 0; i < out->n; i++) {
        if (raw) {
            const uint64_t bits = load(t->raw_data.data + size * i, size);
            out->i[i] = wide ? (int64_t)bits : (int64_t)(int32_t)(uint32_t)bits;
        } else {
            out->i[i] = wide ? t->int64_data[i] : t->int32_data[i];
        }
    }
    return ASX_OK;
}

/* What is asked for; ANY: whatever is there. */
typedef enum kind { FLOATS, INTEGERS, ANY } kind;

static asx_status decode(asx_onnx_constant *out, asx_onnx *in, const Onnx__TensorProto *t,
                         kind wanted, asx_error *err)
{
    if (t->n_external_data > 0 ||
        (t->has_data_location && t->data_location == ONNX__TENSOR_PROTO__DATA_LOCATION__EXTERNAL))
        return asx_fail(err, ASX_EUNSUPPORTED, "it is stored in another file");
    if (t->segment)
        return asx_fail(err, ASX_EUNSUPPORTED, "it is stored in segments");
    asx_status status = read_shape(out, t, err);
    if (status != ASX_OK)
        return status;
    const bool integers = t->data_type == ONNX__TENSOR_PROTO__DATA_TYPE__INT64 ||
                          t->data_type == ONNX__TENSOR_PROTO__DATA_TYPE__INT32;
    out->name = t->name;
    return wanted == INTEGERS || (wanted == ANY && integers) ? decode_integers(out, in, t, err)
                                                             : decode_floats(out, in, t, err);
}

asx_status asx_onnx_decode(asx_onnx_constant *out, asx_onnx *in, const Onnx__TensorProto *tensor,
                           asx_error *err)
{
    asx_onnx_constant constant = {0};
    asx_status status = decode(&constant, in, tensor, ANY, err);
    if (status == ASX_OK)
        *out = constant;
    else
        asx_onnx_constant_fini(&constant);
    return status;
}

/* A copy of what the import computed itself. */
static asx_status copy(asx_onnx_constant *out, asx_onnx *in, const asx_onnx_constant *c,
                       kind wanted, asx_error *err)
{
    if ((wanted == FLOATS && c->i) || (wanted == INTEGERS && c->f))
        return asx_fail(err, ASX_EUNSUPPORTED, "it is of type %s, not %s", c->i ? "int64" : "float",
                        c->i ? "float" : "int64");
    out->rank = c->rank;
    memcpy(out->dim, c->dim, sizeof out->dim);
    out->name = c->name;
    asx_status status = asx_onnx_constant_alloc(out, in, c->i != NULL, err);
    if (status != ASX_OK || c->n == 0)
        return status;
    if (c->i)
        memcpy(out->i, c->i, c->n * sizeof *c->i);
    else
        memcpy(out->f, c->f, c->n * sizeof *c->f);
    return ASX_OK;
}

static asx_status read_constant(asx_onnx_constant *out, asx_onnx *in, const Onnx__NodeProto *node,
                                size_t i, kind wanted, asx_error *err)
{
    if (!asx_onnx_has_input(node, i))
        return asx_fail(err, ASX_EINVAL, "input %zu is missing", i);
    const char *name = node->input[i];
    const asx_onnx_symbol *symbol = asx_onnx_find(in, name);
    if (symbol && symbol->computed)
        return asx_fail(err, ASX_EUNSUPPORTED, "input '%s' is not a constant", name);
    if (!asx_onnx_is_constant_symbol(symbol))
        return asx_fail(err, ASX_EINVAL, "input '%s' is not computed by any node before", name);
    asx_onnx_constant constant = {0};
    asx_status status = symbol->tensor ? decode(&constant, in, symbol->tensor, wanted, err)
                                       : copy(&constant, in, symbol->constant, wanted, err);
    if (status != ASX_OK) {
        asx_onnx_constant_fini(&constant);
        return asx_fail_context(err, status, "constant '%s'", name);
    }
    *out = constant;
    return ASX_OK;
}

asx_status asx_onnx_floats(asx_onnx_constant *out, asx_onnx *in, const Onnx__NodeProto *node,
                           size_t i, asx_error *err)
{
    return read_constant(out, in, node, i, FLOATS, err);
}

asx_status asx_onnx_integers(asx_onnx_constant *out, asx_onnx *in, const Onnx__NodeProto *node,
                             size_t i, asx_error *err)
{
    asx_onnx_constant constant = {0};
    asx_status status = read_constant(&constant, in, node, i, INTEGERS, err);
    if (status == ASX_OK && constant.rank > 1) {
        status =
            asx_fail(err, ASX_EINVAL, "constant '%s': it has %zu dimensions where 1 is asked for",
                     node->input[i], constant.rank);
        asx_onnx_constant_fini(&constant);
    }
    if (status == ASX_OK)
        *out = constant;
    return status;
}

asx_status asx_onnx_any(asx_onnx_constant *out, asx_onnx *in, const Onnx__NodeProto *node, size_t i,
                        asx_error *err)
{
    return read_constant(out, in, node, i, ANY, err);
}

asx_status asx_onnx_scalar(float *out, asx_onnx *in, const Onnx__NodeProto *node, size_t i,
                           asx_error *err)
{
    asx_onnx_constant constant = {0};
    asx_status status = asx_onnx_floats(&constant, in, node, i, err);
    if (status == ASX_OK && constant.n != 1)
        status = asx_fail(err, ASX_EINVAL, "constant '%s' has %zu elements where 1 is asked for",
                          node->input[i], constant.n);
    if (status == ASX_OK)
        *out = constant.f[0];
    asx_onnx_constant_fini(&constant);
    return status;
}
