/* A small vision transformer, written as PyTorch exports one. */
#ifndef ASX_TESTS_VIT_H
#define ASX_TESTS_VIT_H

#include "toy_data.h"
#undef SHAPE /* both helpers have one */
#include "onnx_case.h"

enum { IMAGES = 6, C = 3, SIZE = 8, PATCH = 4, D = 8, T = 5, HEADS = 2, H = D / HEADS, M = 16 };
enum { CLASSES = 3, PIXELS = C * SIZE * SIZE };

static struct {
    float patch[D * C * PATCH * PATCH], patch_bias[D], token[D], position[T * D];
    float norm[3][2][D], qkv[3][D * D], qkv_bias[3][D], out[D * D], out_bias[D];
    float up[D * M], up_bias[M], down[M * D], down_bias[D], head[D * CLASSES];
} p;

static inline void vit_make_numbers(void)
{
    float *all = (float *)&p;
    for (size_t i = 0; i < sizeof p / sizeof *all; i++)
        all[i] = ((float)asx_seed_below(5, 1, i, 2001) - 1000) / 3000;
}

/* ---- the file ---- */

/* x * scale + bias behind the normalisation, as LayerNormalization has it */
static inline void vit_put_norm(onnx_writer *w, size_t k, const char *in, const char *out)
{
    static const char *const names[3][2] = {{"g0", "b0"}, {"g1", "b1"}, {"g2", "b2"}};
    onnx_bytes a = {0};
    char inputs[64];
    for (size_t i = 0; i < 2; i++)
        onnx_floats(w, names[k][i], DIMS(D), p.norm[k][i]);
    snprintf(inputs, sizeof inputs, "%s %s %s", in, names[k][0], names[k][1]);
    onnx_attribute_int(&a, "axis", -1);
    onnx_node(w, "LayerNormalization", "", inputs, out, &a);
}

static inline void vit_put_dense(onnx_writer *w, const char *name, const char *in, const char *out,
                                 size_t n, size_t m, const float *weight, const float *bias)
{
    char matrix[32], vector[32], between[32], product[96], sum[96];
    snprintf(matrix, sizeof matrix, "%s.weight", name);
    snprintf(vector, sizeof vector, "%s.bias", name);
    snprintf(between, sizeof between, "%s/m", name);
    snprintf(product, sizeof product, "%s %s", in, matrix);
    snprintf(sum, sizeof sum, "%s %s", vector, between);
    onnx_floats(w, matrix, DIMS((int64_t)n, (int64_t)m), weight);
    onnx_floats(w, vector, DIMS((int64_t)m), bias);
    onnx_node(w, "MatMul", "", product, between, NULL);
    onnx_node(w, "Add", "", sum, out, NULL);
}

static inline void vit_put_attention(onnx_writer *w)
{
    static const char *const name[] = {"q", "k", "v"}, *const apart[] = {"q4", "k4", "v4"},
                             *const turned[] = {"qt", "kt", "vt"};
    onnx_int64s(w, "heads", 4, (int64_t[]){0, T, HEADS, H});
    onnx_int64s(w, "joined", 3, (int64_t[]){0, T, D});
    for (size_t i = 0; i < 3; i++) {
        onnx_bytes a = {0};
        char inputs[32];
        vit_put_dense(w, name[i], "n0",
                      i == 0   ? "q3"
                      : i == 1 ? "k3"
                               : "v3",
                      D, D, p.qkv[i], p.qkv_bias[i]);
        snprintf(inputs, sizeof inputs, "%s3 heads", name[i]);
        onnx_node(w, "Reshape", "", inputs, apart[i], NULL);
        onnx_attribute_ints(&a, "perm", 4,
                            i == 1 ? (int64_t[]){0, 2, 3, 1} : (int64_t[]){0, 2, 1, 3});
        onnx_node(w, "Transpose", "", apart[i], turned[i], &a);
    }
    onnx_bytes a = {0};
    onnx_floats(w, "scale", 0, NULL, (float[]){0.5F});
    onnx_node(w, "MatMul", "", "qt kt", "s0", NULL);
    onnx_node(w, "Mul", "", "s0 scale", "s1", NULL);
    onnx_attribute_int(&a, "axis", -1);
    onnx_node(w, "Softmax", "", "s1", "s2", &a);
    onnx_node(w, "MatMul", "", "s2 vt", "o0", NULL);
    onnx_attribute_ints(&a, "perm", 4, (int64_t[]){0, 2, 1, 3});
    onnx_node(w, "Transpose", "", "o0", "o1", &a);
    onnx_node(w, "Reshape", "", "o1 joined", "o2", NULL);
    vit_put_dense(w, "out", "o2", "o3", D, D, p.out, p.out_bias);
    onnx_node(w, "Add", "", "x3 o3", "x4", NULL);
}

static inline asx_network *vit_encoder(void)
{
    onnx_writer w = case_start(4, (int64_t[]){-1, C, SIZE, SIZE});
    onnx_bytes a = {0};
    w.opset = 20;
    onnx_floats(&w, "patch.weight", DIMS(D, C, PATCH, PATCH), p.patch);
    onnx_floats(&w, "patch.bias", DIMS(D), p.patch_bias);
    onnx_floats(&w, "token", DIMS(1, 1, D), p.token);
    onnx_floats(&w, "position", DIMS(1, T, D), p.position);
    onnx_int64s(&w, "rows", 3, (int64_t[]){0, D, T - 1});
    onnx_bytes zero = onnx_tensor("zero", 7, 0, NULL, (int64_t[]){0}, 8);
    onnx_put_message(&w.graph, 5, &zero);
    onnx_attribute_ints(&a, "strides", DIMS(PATCH, PATCH));
    onnx_node(&w, "Conv", "", "x patch.weight patch.bias", "x0", &a);
    onnx_node(&w, "Reshape", "", "x0 rows", "x1", NULL);
    onnx_attribute_ints(&a, "perm", 3, (int64_t[]){0, 2, 1});
    onnx_node(&w, "Transpose", "", "x1", "x2", &a);
    onnx_attribute_int(&a, "axis", 1);
    onnx_node(&w, "Concat", "", "token x2", "x2t", &a);
    onnx_node(&w, "Add", "", "x2t position", "x3", NULL);
    vit_put_norm(&w, 0, "x3", "n0");
    vit_put_attention(&w);
    vit_put_norm(&w, 1, "x4", "n1");
    vit_put_dense(&w, "up", "n1", "m0", D, M, p.up, p.up_bias);
    onnx_node(&w, "Gelu", "", "m0", "m1", NULL);
    vit_put_dense(&w, "down", "m1", "m2", M, D, p.down, p.down_bias);
    onnx_node(&w, "Add", "", "x4 m2", "x5", NULL);
    vit_put_norm(&w, 2, "x5", "n2");
    onnx_attribute_int(&a, "axis", 1);
    onnx_node(&w, "Gather", "", "n2 zero", "first", &a);
    onnx_floats(&w, "head.weight", DIMS(D, CLASSES), p.head);
    onnx_node(&w, "MatMul", "", "first head.weight", "z", NULL);
    onnx_output(&w, "z");
    onnx_bytes file = onnx_finish(&w);
    asx_error err = {0};
    asx_network *net = NULL;
    CHECK_OK(asx_network_parse(&net, "vit.onnx", file.data, file.n, &err), err);
    onnx_bytes_free(&file);
    return net;
}

#endif
