/* The operators that can be imported, and those that only pass something on. */
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "onnx_ops.h"

/* Identity, and Dropout at inference. Of a constant it is another name for that constant. */
asx_status asx_onnx_identity(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    if (asx_onnx_is_constant(in, node, 0)) {
        if (node->n_output == 0 || !*node->output[0])
            return asx_fail(err, ASX_EPARSE, "it has no output");
        asx_onnx_find(in, node->output[0])->tensor = asx_onnx_find(in, node->input[0])->tensor;
        return ASX_OK;
    }
    size_t value;
    asx_status status = asx_onnx_value(&value, in, node, 0, err);
    return status == ASX_OK ? asx_onnx_alias(in, node, value, err) : status;
}

/* A tensor whose data are the numbers of an attribute. */
static void fill_made(asx_onnx_made *made, Onnx__AttributeProto *attribute)
{
    Onnx__TensorProto *tensor = &made->tensor;
    const bool list = attribute->n_floats + attribute->n_ints > 0;
    onnx__tensor_proto__init(tensor);
    tensor->has_data_type = 1;
    made->dim = (int64_t)(attribute->n_floats + attribute->n_ints);
    if (list) {
        tensor->dims = &made->dim;
        tensor->n_dims = 1;
    }
    if (attribute->n_floats > 0 || (!list && attribute->has_f)) {
        tensor->data_type = ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT;
        tensor->float_data = list ? attribute->floats : &attribute->f;
        tensor->n_float_data = list ? attribute->n_floats : 1;
    } else {
        tensor->data_type = ONNX__TENSOR_PROTO__DATA_TYPE__INT64;
        tensor->int64_data = list ? attribute->ints : &attribute->i;
        tensor->n_int64_data = list ? attribute->n_ints : 1;
    }
}

asx_status asx_onnx_constant_node(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    if (node->n_attribute != 1 || node->n_output != 1 || !*node->output[0])
        return asx_fail(err, ASX_EPARSE, "it has %zu attributes and %zu outputs, not 1 and 1",
                        node->n_attribute, node->n_output);
    Onnx__AttributeProto *attribute = node->attribute[0];
    asx_onnx_symbol *symbol = asx_onnx_find(in, node->output[0]);
    if (attribute->t) {
        symbol->tensor = attribute->t;
        return ASX_OK;
    }
    asx_onnx_made **grown =
        asx_array_grow(in->made, &in->made_capacity, in->n_made + 1, sizeof(asx_onnx_made *));
    if (grown)
        in->made = grown;
    asx_onnx_made *made = grown ? asx_array_new(1, sizeof *made) : NULL;
    if (!made)
        return asx_fail(err, ASX_ENOMEM, "no memory for a constant");
    fill_made(made, attribute);
    in->made[in->n_made++] = made;
    symbol->tensor = &made->tensor;
    return ASX_OK;
}

/* {operator, import, fewest and most inputs, attributes}, sorted by name. An attribute without
 * effect on the result of inference is listed and not read. */
static const asx_onnx_op ops[] = {
    {"Add", asx_onnx_add, 2, 2, ""},
    {"AveragePool", asx_onnx_average_pool, 1, 1,
     "auto_pad ceil_mode count_include_pad dilations kernel_shape pads strides"},
    {"BatchNormalization", asx_onnx_batch_norm, 5, 5, "epsilon momentum spatial training_mode"},
    {"Clip", asx_onnx_clip, 1, 3, "min max"},
    {"Concat", asx_onnx_concat, 1, 4096, "axis"},
    {"Constant", asx_onnx_constant_node, 0, 0,
     "value value_float value_floats value_int value_ints"},
    {"Conv", asx_onnx_conv, 2, 3, "auto_pad dilations group kernel_shape pads strides"},
    {"Div", asx_onnx_div, 2, 2, ""},
    {"Dropout", asx_onnx_identity, 1, 3, "ratio seed"},
    {"Flatten", asx_onnx_flatten, 1, 1, "axis"},
    {"Gemm", asx_onnx_gemm, 2, 3, "alpha beta transA transB"},
    {"GlobalAveragePool", asx_onnx_global_average_pool, 1, 1, ""},
    {"Identity", asx_onnx_identity, 1, 1, ""},
    {"MatMul", asx_onnx_matmul, 2, 2, ""},
    {"MaxPool", asx_onnx_max_pool, 1, 1,
     "auto_pad ceil_mode dilations kernel_shape pads storage_order strides"},
    {"Mul", asx_onnx_mul, 2, 2, ""},
    {"Pad", asx_onnx_pad, 1, 4, "mode pads value"},
    {"ReduceMean", asx_onnx_reduce_mean, 1, 2, "axes keepdims noop_with_empty_axes"},
    {"Relu", asx_onnx_relu, 1, 1, ""},
    {"Reshape", asx_onnx_reshape, 2, 2, "allowzero"},
    {"Sigmoid", asx_onnx_sigmoid, 1, 1, ""},
    {"Slice", asx_onnx_slice, 1, 5, "axes ends starts"},
    {"Softmax", asx_onnx_softmax, 1, 1, "axis"},
    {"Sub", asx_onnx_sub, 2, 2, ""},
    {"Transpose", asx_onnx_transpose, 1, 1, "perm"},
};

const asx_onnx_op *asx_onnx_op_find(const char *name)
{
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++) {
        if (strcmp(ops[i].name, name) == 0)
            return &ops[i];
    }
    return NULL;
}
