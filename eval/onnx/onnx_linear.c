/* Resize by linear interpolation, along height and then width: each is the sum of two neighbours of every place, picked from
 * the input, times how near they are. */
#include "onnx_linear.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"

/* The two neighbours of output place i along one dimension, and the weight of the second. */
typedef struct neighbours {
    size_t first, second;
    float nearness;
} neighbours;

/* As the standard defines coordinate_transformation_mode. */
static double place_of(size_t i, size_t n_in, size_t n_out, double scale, const char *mode)
{
    const double x = (double)i;
    if (strcmp(mode, "asymmetric") == 0)
        return x / scale;
    if (strcmp(mode, "align_corners") == 0)
        /* the standard's own models take the size before it is cut to a whole one */
        return n_out > 1 ? x * (double)(n_in - 1) / (scale * (double)n_in - 1) : 0;
    if (strcmp(mode, "pytorch_half_pixel") == 0 && n_out == 1)
        return 0;
    if (strcmp(mode, "half_pixel_symmetric") == 0) {
        const double center = (double)n_in / 2, adjust = (double)n_out / (scale * (double)n_in);
        return center * (1 - adjust) + (x + 0.5) / scale - 0.5;
    }
    return (x + 0.5) / scale - 0.5;
}

bool asx_onnx_linear_knows(const char *mode)
{
    static const char *const known[] = {"half_pixel", "half_pixel_symmetric", "pytorch_half_pixel",
                                        "align_corners", "asymmetric"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(mode, known[i]) == 0)
            return true;
    return false;
}

static neighbours find(size_t i, size_t n_in, size_t n_out, double scale, const char *mode)
{
    double x = place_of(i, n_in, n_out, scale, mode);
    x = x < 0 ? 0 : x > (double)(n_in - 1) ? (double)(n_in - 1) : x; /* edges are repeated */
    const size_t first = (size_t)x;
    return (neighbours){first, first + 1 < n_in ? first + 1 : first, (float)(x - (double)first)};
}

/* All neighbours of one side times their weights; w: [1][1][n_out] or [1][n_out][1]. */
static asx_status add_side(size_t *out, asx_onnx *in, size_t value, const asx_value *y, size_t axis,
                           const neighbours *n, bool second, asx_error *err)
{
    const asx_value x = in->net->value[value];
    asx_value shape = *y;
    asx_node pick = {.op = ASX_OP_PICK, .layer = ASX_NO_LAYER, .n_picks = asx_value_n_elements(y)};
    asx_onnx_constant w = {.rank = 3, .dim = {1, 1, 1}};
    size_t pair[2];
    if (!(pick.pick = asx_array_new(pick.n_picks, sizeof *pick.pick)))
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu places", pick.n_picks);
    for (size_t i = 0; i < pick.n_picks; i++) {
        size_t at[3] = {i / (y->dim[1] * y->dim[2]), i / y->dim[2] % y->dim[1], i % y->dim[2]};
        at[axis] = second ? n[at[axis]].second : n[at[axis]].first;
        pick.pick[i] = (uint32_t)((at[0] * x.dim[1] + at[1]) * x.dim[2] + at[2] + 1);
    }
    w.dim[axis] = y->dim[axis];
    asx_status status = asx_onnx_insert(&pair[0], in, &pick, value, &shape, 1, err);
    if (status == ASX_OK)
        status = asx_onnx_allow_fill(in, &w, err);
    if (status == ASX_OK)
        status = asx_onnx_constant_alloc(&w, in, false, err);
    for (size_t i = 0; status == ASX_OK && i < w.n; i++)
        w.f[i] = second ? n[i].nearness : 1 - n[i].nearness;
    if (status == ASX_OK)
        status = asx_onnx_number(&pair[1], in, &w, 3, second ? "second" : "first", err);
    asx_onnx_constant_fini(&w);
    if (status == ASX_OK)
        status = asx_onnx_expand_pair(pair, in, err);
    shape = in->net->value[pair[0]];
    asx_node product = {.op = ASX_OP_MUL, .layer = ASX_NO_LAYER};
    return status == ASX_OK ? asx_onnx_insert_many(out, in, &product, pair, 2, &shape, 1, err)
                            : status;
}

asx_status asx_onnx_linear(size_t *value, asx_onnx *in, size_t axis, size_t n_out, double scale,
                           const char *mode, asx_error *err)
{
    asx_value y = in->net->value[*value];
    const size_t n_in = y.dim[axis];
    size_t side[2] = {0};
    neighbours *n = n_out <= ASX_ONNX_VALUE_MAX ? asx_array_new(n_out, sizeof *n) : NULL;
    if (!n)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu places", n_out);
    bool moved = n_in != n_out;
    for (size_t i = 0; i < n_out; i++) {
        n[i] = find(i, n_in, n_out, scale, mode);
        moved = moved || n[i].first != i || n[i].nearness > 0;
    }
    y.dim[axis] = n_out;
    y.name = NULL;
    asx_status status = moved ? asx_onnx_check_shape(&y, err) : ASX_OK;
    for (size_t i = 0; moved && status == ASX_OK && i < 2; i++)
        status = add_side(&side[i], in, *value, &y, axis, n, i == 1, err);
    free(n);
    asx_node sum = {.op = ASX_OP_ADD, .layer = ASX_NO_LAYER};
    return moved && status == ASX_OK ? asx_onnx_insert_many(value, in, &sum, side, 2, &y, 1, err)
                                     : status;
}
