/* Linear interpolation along one dimension. Private to the importer. */
#ifndef ASX_EVAL_ONNX_LINEAR_H
#define ASX_EVAL_ONNX_LINEAR_H

#include "onnx_ops.h"

/** Whether this coordinate_transformation_mode is one of those that are computed. */
bool asx_onnx_linear_knows(const char *mode);

/**
 * Adds what brings dimension `axis` (1 or 2) of a feature map to `n_out` places.
 * @param scale  output by input, as the file says it
 */
ASX_NODISCARD asx_status asx_onnx_linear(size_t *value, asx_onnx *in, size_t axis, size_t n_out,
                                         double scale, const char *mode, asx_error *err);

#endif
