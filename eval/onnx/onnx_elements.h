/* The elements of a tensor of a file, wherever they are stored. Private to the importer. */
#ifndef ASX_EVAL_ONNX_ELEMENTS_H
#define ASX_EVAL_ONNX_ELEMENTS_H

#include "onnx.h"

/* Zeroed = none. */
typedef struct asx_onnx_elements {
    const Onnx__TensorProto *tensor; /* borrowed */
    const uint8_t *raw;              /* little-endian; NULL: in the tensor's typed field */
    uint8_t *owned;                  /* raw bytes from a file beside the model */
    bool integers;                   /* bool and all integer types; else a type of float */
    bool absent;                     /* the tensor has a shape, but no file holds its numbers */
} asx_onnx_elements;

/** The name of an element type, as the standard has it. */
const char *asx_onnx_type_text(int type);

/** Whether tensors of the type are read; whether they are integers (truth values too); whether a
 *  number is one of the integer type. */
bool asx_onnx_type_is_number(int type);
bool asx_onnx_type_is_integer(int type);
bool asx_onnx_type_holds(int type, int64_t value);

/** The ends of an integer type of at most 32 bits; 0, 0 of others. */
void asx_onnx_type_range(int64_t *low, int64_t *high, int type);

/** The nearest number of a type of float: of float16 and bfloat16, others are kept as float. */
float asx_onnx_round(float value, int type);

/**
 * Finds the `n` elements of a tensor: in raw_data, in the field of their type, or in another file
 * of the model's folder, which is read here and hashed. Floats whose file is missing are `absent`.
 *
 * @return ASX_OK; ASX_EPARSE where there are more or fewer than n; ASX_EUNSUPPORTED for types that
 * are not numbers, segments, a path that leaves the folder; ASX_EIO; ASX_ENOMEM
 */
ASX_NODISCARD asx_status asx_onnx_elements_find(asx_onnx_elements *out, asx_onnx *in,
                                                const Onnx__TensorProto *tensor, size_t n,
                                                asx_error *err);
void asx_onnx_elements_fini(asx_onnx_elements *elements);

/** Element `i` of floats. */
double asx_onnx_elements_float(const asx_onnx_elements *elements, size_t i);

/** Element `i` of integers. @return ASX_OK; ASX_EUNSUPPORTED for a uint64 beyond int64 */
ASX_NODISCARD asx_status asx_onnx_elements_integer(int64_t *out, const asx_onnx_elements *elements,
                                                   size_t i, asx_error *err);

/* onnx_external.c */

/**
 * Reads the bytes of a tensor that is stored beside the model.
 *
 * @param out    owned by the caller; NULL, with ASX_OK, where the file is not there
 * @param bytes  that the tensor's shape and type ask for
 */
ASX_NODISCARD asx_status asx_onnx_external_read(uint8_t **out, asx_onnx *in,
                                                const Onnx__TensorProto *tensor, size_t bytes,
                                                asx_error *err);

#endif
