/* One network of two layers, quantised, as QDQ, as QLinear operators and as QONNX. */
#ifndef ASX_TESTS_QUANTISED_FILES_H
#define ASX_TESTS_QUANTISED_FILES_H

#include "onnx_case.h"
#include "toy_data.h"

enum { IMAGES = 24, C = 2, H = 5, OUT_C = 3, OUT_H = 3, CLASSES = 4, FLAT = OUT_C * OUT_H * OUT_H };
enum { UINT8 = 2, INT8 = 3, INT32 = 6 };

/* What all files hold: words, scales, zero points. The second layer's weights have four bits. */
static struct {
    int8_t conv[OUT_C * C * 9], dense[FLAT * CLASSES];
    int32_t bias[OUT_C];
    float x_step, conv_step[OUT_C], y_step, dense_step, z_step;
    uint8_t x_zero, z_zero;
} q;

static inline void make_words(void)
{
    for (size_t i = 0; i < sizeof q.conv; i++)
        q.conv[i] = (int8_t)((int)asx_seed_below(1, 1, i, 255) - 127);
    for (size_t i = 0; i < sizeof q.dense; i++)
        q.dense[i] = (int8_t)((int)asx_seed_below(1, 2, i, 16) - 8);
    for (size_t i = 0; i < OUT_C; i++) {
        q.bias[i] = (int32_t)asx_seed_below(1, 3, i, 8000) - 2000;
        q.conv_step[i] = 0.0031F + 0.0007F * (float)i;
    }
    q.x_step = 0.0173F;
    q.x_zero = 9;
    q.y_step = 0.0291F;
    q.dense_step = 0.0463F;
    q.z_step = 0.251F;
    q.z_zero = 131;
}

static inline void put_tensor(onnx_writer *w, const char *name, int64_t type, size_t rank,
                              const int64_t *dim, const void *raw, size_t n)
{
    onnx_bytes t = onnx_tensor(name, type, rank, dim, raw, n);
    onnx_put_message(&w->graph, 5, &t);
}

static inline void put_grids(onnx_writer *w)
{
    onnx_floats(w, "sx", 0, NULL, &q.x_step);
    onnx_floats(w, "sw", DIMS(OUT_C), q.conv_step);
    onnx_floats(w, "sy", 0, NULL, &q.y_step);
    onnx_floats(w, "sv", 0, NULL, &q.dense_step);
    onnx_floats(w, "sz", 0, NULL, &q.z_step);
    put_tensor(w, "zx", UINT8, 0, NULL, &q.x_zero, 1);
    put_tensor(w, "zy", UINT8, 0, NULL, &(uint8_t){0}, 1);
    put_tensor(w, "zz", UINT8, 0, NULL, &q.z_zero, 1);
    put_tensor(w, "zw", INT8, 1, (int64_t[]){OUT_C}, (int8_t[OUT_C]){0}, OUT_C);
    put_tensor(w, "zv", INT8, 0, NULL, &(int8_t){0}, 1);
    put_tensor(w, "low", INT8, 0, NULL, &(int8_t){-8}, 1);
    put_tensor(w, "high", INT8, 0, NULL, &(int8_t){7}, 1);
    put_tensor(w, "w", INT8, 4, (int64_t[]){OUT_C, C, 3, 3}, q.conv, sizeof q.conv);
    put_tensor(w, "v", INT8, 2, (int64_t[]){FLAT, CLASSES}, q.dense, sizeof q.dense);
    put_tensor(w, "b", INT32, 1, (int64_t[]){OUT_C}, q.bias, sizeof q.bias);
}

static inline asx_network *import(onnx_writer *w)
{
    asx_error err = {0};
    asx_network *net = NULL;
    onnx_output(w, "z");
    onnx_bytes file = onnx_finish(w);
    CHECK_OK(asx_network_parse(&net, "q.onnx", file.data, file.n, &err), err);
    onnx_bytes_free(&file);
    return net;
}

/* As PyTorch and onnxruntime export it, with Brevitas' Clip between. */
static inline asx_network *qdq(void)
{
    onnx_writer w = case_start(4, (int64_t[]){-1, C, H, H});
    onnx_bytes a = {0};
    float bias_step[OUT_C];
    put_grids(&w);
    for (size_t i = 0; i < OUT_C; i++)
        bias_step[i] = q.x_step * q.conv_step[i];
    onnx_floats(&w, "sb", DIMS(OUT_C), bias_step);
    onnx_node(&w, "QuantizeLinear", "", "x sx zx", "x1", NULL);
    onnx_node(&w, "DequantizeLinear", "", "x1 sx zx", "x2", NULL);
    onnx_attribute_int(&a, "axis", 0);
    onnx_node(&w, "DequantizeLinear", "", "w sw zw", "w2", &a);
    onnx_attribute_int(&a, "axis", 0);
    onnx_node(&w, "DequantizeLinear", "", "b sb", "b2", &a);
    onnx_node(&w, "Conv", "", "x2 w2 b2", "y", NULL);
    onnx_node(&w, "Relu", "", "y", "y1", NULL);
    onnx_node(&w, "QuantizeLinear", "", "y1 sy zy", "y2", NULL);
    onnx_node(&w, "DequantizeLinear", "", "y2 sy zy", "y3", NULL);
    onnx_node(&w, "Flatten", "", "y3", "y4", NULL);
    onnx_node(&w, "Clip", "", "v low high", "v1", NULL);
    onnx_node(&w, "DequantizeLinear", "", "v1 sv zv", "v2", NULL);
    onnx_node(&w, "MatMul", "", "y4 v2", "z1", NULL);
    onnx_node(&w, "QuantizeLinear", "", "z1 sz zz", "z2", NULL);
    onnx_node(&w, "DequantizeLinear", "", "z2 sz zz", "z", NULL);
    return import(&w);
}

/* The same in one operator a layer. */
static inline asx_network *qlinear(void)
{
    onnx_writer w = case_start(4, (int64_t[]){-1, C, H, H});
    put_grids(&w);
    onnx_node(&w, "QuantizeLinear", "", "x sx zx", "x1", NULL);
    onnx_node(&w, "QLinearConv", "", "x1 sx zx w sw zw sy zy b", "y", NULL);
    onnx_node(&w, "Flatten", "", "y", "y1", NULL);
    onnx_node(&w, "QLinearMatMul", "", "y1 sy zy v sv zv sz zz", "z1", NULL);
    onnx_node(&w, "DequantizeLinear", "", "z1 sz zz", "z", NULL);
    return import(&w);
}

static inline void qonnx_node(onnx_writer *w, const char *op, const char *inputs,
                              const char *output, bool has_sign, bool narrow)
{
    onnx_bytes a = {0};
    onnx_put_text(&a, 7, "qonnx.custom_op.general");
    if (strcmp(op, "Quant") == 0) {
        onnx_attribute_int(&a, "signed", has_sign);
        onnx_attribute_int(&a, "narrow", narrow);
        onnx_attribute_text(&a, "rounding_mode", "ROUND");
    }
    onnx_node(w, op, "", inputs, output, &a);
}

/* The same as Brevitas has it: weights as reals on their grids, a Quant for each. */
static inline asx_network *qonnx(void)
{
    onnx_writer w = case_start(4, (int64_t[]){-1, C, H, H});
    float conv[sizeof q.conv], dense[sizeof q.dense], bias[OUT_C];
    for (size_t i = 0; i < sizeof q.conv; i++)
        conv[i] = (float)q.conv[i] * q.conv_step[i / (C * 9)];
    for (size_t i = 0; i < sizeof q.dense; i++)
        dense[i] = (float)q.dense[i] * q.dense_step;
    for (size_t i = 0; i < OUT_C; i++)
        bias[i] = (float)q.bias[i] * (q.x_step * q.conv_step[i]);
    put_grids(&w);
    onnx_floats(&w, "rw", DIMS(OUT_C, C, 3, 3), conv);
    onnx_floats(&w, "rv", DIMS(FLAT, CLASSES), dense);
    onnx_floats(&w, "rb", DIMS(OUT_C), bias);
    onnx_floats(&w, "steps", DIMS(OUT_C, 1, 1, 1), q.conv_step);
    onnx_floats(&w, "none", 0, NULL, &(float){0});
    onnx_floats(&w, "fzx", 0, NULL, &(float){q.x_zero});
    onnx_floats(&w, "fzz", 0, NULL, &(float){q.z_zero});
    onnx_floats(&w, "eight", 0, NULL, &(float){8});
    onnx_floats(&w, "four", 0, NULL, &(float){4});
    qonnx_node(&w, "Quant", "x sx fzx eight", "x1", false, false);
    qonnx_node(&w, "Quant", "rw steps none eight", "w1", true, true);
    onnx_node(&w, "Conv", "", "x1 w1 rb", "y", NULL);
    onnx_node(&w, "Relu", "", "y", "y1", NULL);
    qonnx_node(&w, "Quant", "y1 sy none eight", "y2", false, false);
    onnx_node(&w, "Flatten", "", "y2", "y3", NULL);
    qonnx_node(&w, "Quant", "rv sv none four", "v1", true, false);
    onnx_node(&w, "MatMul", "", "y3 v1", "z1", NULL);
    qonnx_node(&w, "Quant", "z1 sz fzz eight", "z", false, false);
    return import(&w);
}

#endif
