/* One operator at a time: input "x" -> nodes under test -> "y" -> Flatten -> MatMul "last.weight".
 */
#ifndef ASX_TESTS_ONNX_CASE_H
#define ASX_TESTS_ONNX_CASE_H

#include <stddef.h>
#include <stdint.h>

#include "eval/network.h"
#include "graph.h"
#include "onnx_writer.h"

#define DIMS(...)                                                                                  \
    (sizeof((int64_t[]){__VA_ARGS__}) / sizeof(int64_t)), (const int64_t[])                        \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
#define SHAPE(...)                                                                                 \
    (sizeof((size_t[]){__VA_ARGS__}) / sizeof(size_t)), (const size_t[])                           \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }

extern const float zeros[4096];

/** A file of opset 13 whose input has these dimensions. */
onnx_writer case_start(size_t rank, const int64_t *dim);

/** Appends Flatten and a MatMul of `n` to 2, and imports; the test fails if that does. */
asx_network *case_import(onnx_writer *w, int64_t n);

/** The same, but it must fail with a status and a message of one line that has `part` in it. */
void case_fails(onnx_writer *w, int64_t n, asx_status want, const char *part);

/** Checks the shape of what node number `node` computes. */
void case_check_shape(const asx_network *net, size_t node, size_t rank, const size_t *dim);

/** A good file with every kind of constant and attribute: input -> Conv -> BatchNormalization ->
 *  Relu -> Slice -> Pad -> Add -> AveragePool -> Reshape -> Gemm. */
onnx_bytes case_sample(void);

/** Another good file, that computes shapes as PyTorch lets them be computed: a channel shuffle,
 * then Split, Pad, GlobalMaxPool, Squeeze and a transposed weight. */
onnx_bytes case_shapes(void);

/** A third, that is quantised: QLinearConv, Quant, Trunc, a weight behind a Clip. */
onnx_bytes case_quantised(void);

/** A fourth, that can be read for costs only: a Conv of 4 channels on [3][8][8] whose outputs choose
 *  among each other. */
onnx_bytes case_detector(void);

/** What our engine computes for images x: [n][the network's input]; free() it. */
float *case_run(const asx_network *net, const float *x, size_t n);

#endif
