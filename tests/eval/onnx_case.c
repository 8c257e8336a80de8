#include "onnx_case.h"

#include <string.h>

#include "check.h"

const float zeros[4096];

onnx_writer case_start(size_t rank, const int64_t *dim)
{
    onnx_writer w = {.opset = 13};
    onnx_input(&w, "x", rank, dim);
    return w;
}

/* Appends Flatten and a MatMul of `n` to 2, and imports. */
static asx_status import(asx_network **net, onnx_writer *w, int64_t n, asx_error *err)
{
    onnx_node(w, "Flatten", "", "y", "flat", NULL);
    onnx_node(w, "MatMul", "", "flat last.weight", "logits", NULL);
    onnx_floats(w, "last.weight", DIMS(n, 2), zeros);
    onnx_output(w, "logits");
    onnx_bytes file = onnx_finish(w);
    asx_status status = asx_network_parse(net, "test.onnx", file.data, file.n, err);
    onnx_bytes_free(&file);
    return status;
}

asx_network *case_import(onnx_writer *w, int64_t n)
{
    asx_error err = {0};
    asx_network *net = NULL;
    CHECK_OK(import(&net, w, n, &err), err);
    return net;
}

void case_fails(onnx_writer *w, int64_t n, asx_status want, const char *part)
{
    asx_error err = {0};
    asx_network *net = NULL;
    CHECK_FAIL(import(&net, w, n, &err), want, err);
    assert_null(net);
    if (!strstr(err.message, part))
        fail_msg("'%s' is not in '%s'", part, err.message);
    assert_null(strchr(err.message, '\n'));
}

void case_check_shape(const asx_network *net, size_t node, size_t rank, const size_t *dim)
{
    const asx_value *y = &net->value[net->node[node].output];
    assert_int_equal(y->rank, rank);
    for (size_t i = 0; i < rank; i++)
        assert_int_equal(y->dim[i], dim[i]);
}
