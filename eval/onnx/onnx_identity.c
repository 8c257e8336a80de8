/* Identity, and Dropout at inference. */
#include "onnx_ops.h"

/* Of a constant it is another name for that constant. */
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
    bool lifted;
    asx_status status = asx_onnx_value_as_is(&value, &lifted, in, node, 0, err);
    if (status == ASX_OK)
        status = asx_onnx_alias(in, node, value, err);
    if (status == ASX_OK)
        asx_onnx_set_lifted(in, node, lifted);
    return status;
}

/* At inference, nothing; the flag that asks for training is an input since operator set 12. */
asx_status asx_onnx_dropout(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    asx_onnx_constant training = {0};
    float ratio = 0.5F;
    asx_status status = ASX_OK;
    if (asx_onnx_has_input(node, 2))
        status = asx_onnx_any(&training, in, node, 2, err);
    if (status == ASX_OK && asx_onnx_has_input(node, 1))
        status = asx_onnx_scalar(&ratio, in, node, 1, err);
    int64_t tests = 1;
    if (status == ASX_OK && in->opset < 7)
        status = asx_onnx_int(&tests, node, "is_test", 0, 0, 1, err);
    if (status == ASX_OK && !tests)
        status = asx_fail(err, ASX_EUNSUPPORTED,
                          "it is exported in training mode: export the network for inference");
    if (status == ASX_OK && training.n > 0 && training.i && training.i[0] != 0 && ratio > 0)
        status = asx_fail(err, ASX_EUNSUPPORTED,
                          "it is exported in training mode, with ratio %g: export the network for "
                          "inference (net.eval() in PyTorch)",
                          (double)ratio);
    asx_onnx_constant_fini(&training);
    return status == ASX_OK ? asx_onnx_identity(in, node, err) : status;
}
