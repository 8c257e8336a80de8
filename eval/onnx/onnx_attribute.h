/* Attributes of ONNX nodes, with their defaults and ranges. Private to the importer. */
#ifndef ASX_EVAL_ONNX_ATTRIBUTE_H
#define ASX_EVAL_ONNX_ATTRIBUTE_H

#include "onnx.h"

const Onnx__AttributeProto *asx_onnx_attribute(const Onnx__NodeProto *node, const char *name);

/** An integer attribute in low .. high, `absent` if there is none. */
ASX_NODISCARD asx_status asx_onnx_int(int64_t *out, const Onnx__NodeProto *node, const char *name,
                                      int64_t absent, int64_t low, int64_t high, asx_error *err);
ASX_NODISCARD asx_status asx_onnx_float(float *out, const Onnx__NodeProto *node, const char *name,
                                        float absent, asx_error *err);

/** Copies a string attribute, cut to the room. */
void asx_onnx_string(char *out, size_t room, const Onnx__NodeProto *node, const char *name,
                     const char *absent);

/** The integers of input `i`, or, in older operator sets, of an attribute; `*list` is NULL if there
 *  are none. Lives as long as `*owner`, to be released with asx_onnx_constant_fini. */
ASX_NODISCARD asx_status asx_onnx_list(const int64_t **list, size_t *n, asx_onnx_constant *owner,
                                       asx_onnx *in, const Onnx__NodeProto *node, size_t i,
                                       const char *name, asx_error *err);

/** An axis counted from 0 at the batch or from -1 at the end, as a dimension of one image. */
ASX_NODISCARD asx_status asx_onnx_axis(size_t *out, int64_t axis, const asx_value *value,
                                       asx_error *err);

#endif
