/* Element types of tensors: what they are called, where they are stored, how they become numbers.
 * Narrow types lie in int32_data where they are not in raw_data, the halves of floats as their
 * bits; two 4-bit integers share a byte, the first in its lower half. */
#include "onnx_elements.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"

/* Numbers of the standard that the schema of Debian's onnx 1.12 does not name yet. */
enum { TYPE_UINT4 = 21, TYPE_INT4 = 22 };

/* Which field of the tensor holds elements that are not raw. */
typedef enum field { FIELD_FLOAT, FIELD_DOUBLE, FIELD_INT32, FIELD_INT64, FIELD_UINT64 } field;

typedef struct element_type {
    const char *name;
    unsigned bits; /* 0: no numbers, or none that are read */
    bool integers, has_sign;
    field field;
} element_type;

static const element_type types[] = {
    [0] = {"undefined", 0, false, false, FIELD_FLOAT},
    [ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT] = {"float", 32, false, true, FIELD_FLOAT},
    [ONNX__TENSOR_PROTO__DATA_TYPE__UINT8] = {"uint8", 8, true, false, FIELD_INT32},
    [ONNX__TENSOR_PROTO__DATA_TYPE__INT8] = {"int8", 8, true, true, FIELD_INT32},
    [ONNX__TENSOR_PROTO__DATA_TYPE__UINT16] = {"uint16", 16, true, false, FIELD_INT32},
    [ONNX__TENSOR_PROTO__DATA_TYPE__INT16] = {"int16", 16, true, true, FIELD_INT32},
    [ONNX__TENSOR_PROTO__DATA_TYPE__INT32] = {"int32", 32, true, true, FIELD_INT32},
    [ONNX__TENSOR_PROTO__DATA_TYPE__INT64] = {"int64", 64, true, true, FIELD_INT64},
    [ONNX__TENSOR_PROTO__DATA_TYPE__STRING] = {"string", 0, false, false, FIELD_FLOAT},
    [ONNX__TENSOR_PROTO__DATA_TYPE__BOOL] = {"bool", 8, true, false, FIELD_INT32},
    [ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT16] = {"float16", 16, false, true, FIELD_INT32},
    [ONNX__TENSOR_PROTO__DATA_TYPE__DOUBLE] = {"double", 64, false, true, FIELD_DOUBLE},
    [ONNX__TENSOR_PROTO__DATA_TYPE__UINT32] = {"uint32", 32, true, false, FIELD_UINT64},
    [ONNX__TENSOR_PROTO__DATA_TYPE__UINT64] = {"uint64", 64, true, false, FIELD_UINT64},
    [ONNX__TENSOR_PROTO__DATA_TYPE__COMPLEX64] = {"complex64", 0, false, false, FIELD_FLOAT},
    [ONNX__TENSOR_PROTO__DATA_TYPE__COMPLEX128] = {"complex128", 0, false, false, FIELD_FLOAT},
    [ONNX__TENSOR_PROTO__DATA_TYPE__BFLOAT16] = {"bfloat16", 16, false, true, FIELD_INT32},
    [17] = {"float8e4m3fn", 0, false, false, FIELD_INT32},
    [18] = {"float8e4m3fnuz", 0, false, false, FIELD_INT32},
    [19] = {"float8e5m2", 0, false, false, FIELD_INT32},
    [20] = {"float8e5m2fnuz", 0, false, false, FIELD_INT32},
    [TYPE_UINT4] = {"uint4", 4, true, false, FIELD_INT32},
    [TYPE_INT4] = {"int4", 4, true, true, FIELD_INT32},
    [23] = {"float4e2m1", 0, false, false, FIELD_INT32},
};

static const element_type *type_of(int type)
{
    const bool known = type >= 0 && (size_t)type < sizeof types / sizeof *types;
    return &types[known ? type : 0];
}

const char *asx_onnx_type_text(int type)
{
    return type_of(type)->name;
}

bool asx_onnx_type_is_number(int type)
{
    return type_of(type)->bits > 0;
}

bool asx_onnx_type_is_integer(int type)
{
    return type_of(type)->integers;
}

bool asx_onnx_type_holds(int type, int64_t value)
{
    const element_type *t = type_of(type);
    if (type == ONNX__TENSOR_PROTO__DATA_TYPE__BOOL)
        return value == 0 || value == 1;
    if (!t->has_sign)
        return value >= 0 && (t->bits == 64 || value >> t->bits == 0);
    return t->bits == 64 ||
           (value >= -((int64_t)1 << (t->bits - 1)) && value < (int64_t)1 << (t->bits - 1));
}

void asx_onnx_type_range(int64_t *low, int64_t *high, int type)
{
    const element_type *t = type_of(type);
    *low = *high = 0;
    if (!t->integers || t->bits > 32)
        return;
    *high = ((int64_t)1 << (t->has_sign ? t->bits - 1 : t->bits)) - 1;
    *low = t->has_sign ? -*high - 1 : 0;
}

float asx_onnx_round(float value, int type)
{
    const bool half = type == ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT16;
    if ((!half && type != ONNX__TENSOR_PROTO__DATA_TYPE__BFLOAT16) || !isfinite(value) ||
        value == 0)
        return value;
    const int lowest = half ? -14 : -126, fraction = half ? 10 : 7;
    const int exponent = ilogbf(value) < lowest ? lowest : ilogbf(value);
    const double unit = ldexp(1, exponent - fraction), rounded = rint((double)value / unit) * unit;
    const double largest = half ? 65504.0 : 0x1.fep127;
    return fabs(rounded) > largest ? copysignf(INFINITY, value) : (float)rounded;
}

void asx_onnx_elements_fini(asx_onnx_elements *elements)
{
    if (!elements)
        return;
    free(elements->owned);
    *elements = (asx_onnx_elements){0};
}

/* How many elements the field of their type holds. */
static size_t count_field(const Onnx__TensorProto *t, const element_type *type)
{
    switch (type->field) {
    case FIELD_FLOAT:
        return t->n_float_data;
    case FIELD_DOUBLE:
        return t->n_double_data;
    case FIELD_INT64:
        return t->n_int64_data;
    case FIELD_UINT64:
        return t->n_uint64_data;
    case FIELD_INT32:
        break;
    }
    return type->bits == 4 ? 2 * t->n_int32_data : t->n_int32_data;
}

static asx_status check_count(const asx_onnx_elements *e, const element_type *type, size_t n,
                              asx_error *err)
{
    const Onnx__TensorProto *t = e->tensor;
    const size_t wanted = type->bits == 4 ? n + n % 2 : n; /* a last half byte may be idle */
    size_t stored = count_field(t, type);
    if (e->raw) {
        if (t->raw_data.len * 8 % type->bits != 0)
            return asx_fail(err, ASX_EPARSE, "its %zu bytes are no whole number of elements",
                            t->raw_data.len);
        stored = t->raw_data.len * 8 / type->bits;
    }
    if (stored != wanted)
        return asx_fail(err, ASX_EPARSE, "it holds %zu elements where its shape asks for %zu",
                        stored, n);
    return ASX_OK;
}

static bool is_external(const Onnx__TensorProto *t)
{
    return t->n_external_data > 0 ||
           (t->has_data_location &&
            t->data_location == ONNX__TENSOR_PROTO__DATA_LOCATION__EXTERNAL);
}

asx_status asx_onnx_elements_find(asx_onnx_elements *out, asx_onnx *in,
                                  const Onnx__TensorProto *tensor, size_t n, asx_error *err)
{
    const element_type *type = type_of(tensor->data_type);
    asx_onnx_elements e = {.tensor = tensor, .integers = type->integers};
    if (type->bits == 0)
        return asx_fail(err, ASX_EUNSUPPORTED, "it is of type %s, which is not read", type->name);
    if (tensor->segment)
        return asx_fail(err, ASX_EUNSUPPORTED, "it is stored in segments");
    if (is_external(tensor)) {
        const size_t bytes = (n * type->bits + 7) / 8;
        asx_status status = asx_onnx_external_read(&e.owned, in, tensor, bytes, err);
        if (status != ASX_OK)
            return status;
        e.raw = e.owned;
        e.absent = !e.owned && n > 0;
    } else if (tensor->has_raw_data && tensor->raw_data.len > 0) {
        e.raw = tensor->raw_data.data;
    } else {
        e.absent = n > 0 && count_field(tensor, type) == 0;
    }
    asx_status status = ASX_OK;
    if (e.absent && e.integers)
        status = asx_fail(err, ASX_EUNSUPPORTED,
                          "no file holds its numbers: they are not weights, they are needed");
    else if (!e.absent && !e.owned)
        status = check_count(&e, type, n, err);
    if (status != ASX_OK) {
        asx_onnx_elements_fini(&e);
        return status;
    }
    *out = e;
    return ASX_OK;
}

/* Little-endian bytes, as raw data are stored. */
static uint64_t load(const uint8_t *bytes, size_t size)
{
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++)
        value |= (uint64_t)bytes[i] << (8 * i);
    return value;
}

static double float_of_bits(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return (double)value;
}

/* IEEE 754 binary16: 5 bits of exponent, 10 of fraction. */
static double half_of_bits(unsigned bits)
{
    const int exponent = (int)(bits >> 10 & 31), fraction = (int)(bits & 1023);
    const double magnitude = exponent == 31  ? (fraction ? (double)NAN : (double)INFINITY)
                             : exponent == 0 ? ldexp(fraction, -24)
                                             : ldexp(fraction + 1024, exponent - 25);
    return bits >> 15 & 1 ? -magnitude : magnitude;
}

double asx_onnx_elements_float(const asx_onnx_elements *elements, size_t i)
{
    const Onnx__TensorProto *t = elements->tensor;
    const uint8_t *raw = elements->raw;
    switch (t->data_type) {
    case ONNX__TENSOR_PROTO__DATA_TYPE__DOUBLE: {
        double value = raw ? 0 : t->double_data[i];
        const uint64_t bits = raw ? load(raw + 8 * i, 8) : 0;
        if (raw)
            memcpy(&value, &bits, sizeof value);
        return value;
    }
    case ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT16:
        return half_of_bits(raw ? (unsigned)load(raw + 2 * i, 2)
                                : (unsigned)t->int32_data[i] & 0xffff);
    case ONNX__TENSOR_PROTO__DATA_TYPE__BFLOAT16:
        return float_of_bits(
            (raw ? (uint32_t)load(raw + 2 * i, 2) : (uint32_t)t->int32_data[i] & 0xffff) << 16);
    default:
        return raw ? float_of_bits((uint32_t)load(raw + 4 * i, 4)) : (double)t->float_data[i];
    }
}

asx_status asx_onnx_elements_integer(int64_t *out, const asx_onnx_elements *elements, size_t i,
                                     asx_error *err)
{
    const Onnx__TensorProto *t = elements->tensor;
    const element_type *type = type_of(t->data_type);
    const size_t size = type->bits / 8;
    uint64_t bits;
    if (type->bits == 4)
        bits = (elements->raw ? elements->raw[i / 2] : (uint64_t)(uint32_t)t->int32_data[i / 2]) >>
               (i % 2 ? 4 : 0);
    else if (elements->raw)
        bits = load(elements->raw + size * i, size);
    else
        bits = type->field == FIELD_INT64    ? (uint64_t)t->int64_data[i]
               : type->field == FIELD_UINT64 ? t->uint64_data[i]
                                             : (uint64_t)(int64_t)t->int32_data[i];
    if (type->bits < 64) {
        const uint64_t top = (uint64_t)1 << (type->bits - 1);
        bits &= 2 * top - 1;
        if (type->has_sign && bits & top)
            bits |= ~(2 * top - 1);
    } else if (!type->has_sign && bits > INT64_MAX) {
        return asx_fail(err, ASX_EUNSUPPORTED, "element %zu is %llu, beyond int64", i,
                        (unsigned long long)bits);
    }
    *out = (int64_t)bits;
    return ASX_OK;
}
