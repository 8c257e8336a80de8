/* The operators that can be imported, and those that only pass something on. */
#include <string.h>

#include "onnx_ops.h"

/* Identity, and Dropout at inference. Of a constant it is another name for that constant. */
asx_status asx_onnx_identity(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    if (asx_onnx_is_constant(in, node, 0)) {
        if (node->n_output == 0 || !*node->output[0])
            return asx_fail(err, ASX_EPARSE, "it has no output");
        const asx_onnx_symbol *x = asx_onnx_find(in, node->input[0]);
        asx_onnx_symbol *y = asx_onnx_find(in, node->output[0]);
        y->tensor = x->tensor;
        y->constant = x->constant;
        return ASX_OK;
    }
    size_t value;
    asx_status status = asx_onnx_value(&value, in, node, 0, err);
    return status == ASX_OK ? asx_onnx_alias(in, node, value, err) : status;
}

/* {operator, import, evaluate, fewest and most inputs, attributes}, sorted by name. An attribute
 * without effect on the result of inference is listed and not read. */
static const asx_onnx_op ops[] = {
    {"Add", asx_onnx_add, asx_onnx_add_constants, 2, 2, ""},
    {"AveragePool", asx_onnx_average_pool, NULL, 1, 1,
     "auto_pad ceil_mode count_include_pad dilations kernel_shape pads strides"},
    {"BatchNormalization", asx_onnx_batch_norm, NULL, 5, 5,
     "epsilon momentum spatial training_mode"},
    {"Cast", asx_onnx_cast, asx_onnx_cast_constant, 1, 1, "to"},
    {"Clip", asx_onnx_clip, NULL, 1, 3, "min max"},
    {"Concat", asx_onnx_concat, asx_onnx_concat_constants, 1, 4096, "axis"},
    {"Constant", asx_onnx_constant_node, NULL, 0, 0,
     "value value_float value_floats value_int value_ints"},
    {"ConstantOfShape", NULL, asx_onnx_constant_of_shape, 1, 1, "value"},
    {"Conv", asx_onnx_conv, NULL, 2, 3, "auto_pad dilations group kernel_shape pads strides"},
    {"Div", asx_onnx_div, asx_onnx_div_constants, 2, 2, ""},
    {"Dropout", asx_onnx_identity, NULL, 1, 3, "ratio seed"},
    {"Flatten", asx_onnx_flatten, NULL, 1, 1, "axis"},
    {"Gather", NULL, asx_onnx_gather_constant, 2, 2, "axis"},
    {"Gemm", asx_onnx_gemm, NULL, 2, 3, "alpha beta transA transB"},
    {"GlobalAveragePool", asx_onnx_global_average_pool, NULL, 1, 1, ""},
    {"GlobalMaxPool", asx_onnx_global_max_pool, NULL, 1, 1, ""},
    {"Identity", asx_onnx_identity, NULL, 1, 1, ""},
    {"LogSoftmax", asx_onnx_log_softmax, NULL, 1, 1, "axis"},
    {"MatMul", asx_onnx_matmul, NULL, 2, 2, ""},
    {"MaxPool", asx_onnx_max_pool, NULL, 1, 1,
     "auto_pad ceil_mode dilations kernel_shape pads storage_order strides"},
    {"Mul", asx_onnx_mul, asx_onnx_mul_constants, 2, 2, ""},
    {"Pad", asx_onnx_pad, NULL, 1, 4, "mode pads value"},
    {"ReduceMean", asx_onnx_reduce_mean, NULL, 1, 2, "axes keepdims noop_with_empty_axes"},
    {"Relu", asx_onnx_relu, NULL, 1, 1, ""},
    {"Reshape", asx_onnx_reshape, asx_onnx_reshape_constant, 2, 2, "allowzero"},
    {"Shape", asx_onnx_shape, asx_onnx_shape_of_constant, 1, 1, "end start"},
    {"Sigmoid", asx_onnx_sigmoid, NULL, 1, 1, ""},
    {"Slice", asx_onnx_slice, asx_onnx_slice_constant, 1, 5, "axes ends starts"},
    {"Softmax", asx_onnx_softmax, NULL, 1, 1, "axis"},
    {"Split", asx_onnx_split, NULL, 1, 2, "axis num_outputs split"},
    {"Squeeze", asx_onnx_squeeze, asx_onnx_squeeze_constant, 1, 2, "axes"},
    {"Sub", asx_onnx_sub, asx_onnx_sub_constants, 2, 2, ""},
    {"Transpose", asx_onnx_transpose, asx_onnx_transpose_constant, 1, 1, "perm"},
    {"Unsqueeze", asx_onnx_unsqueeze, asx_onnx_unsqueeze_constant, 1, 2, "axes"},
};

const asx_onnx_op *asx_onnx_op_find(const char *name)
{
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++) {
        if (strcmp(ops[i].name, name) == 0)
            return &ops[i];
    }
    return NULL;
}
