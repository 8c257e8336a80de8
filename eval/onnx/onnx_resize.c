/* Resize and Upsample by whole factors to the nearest neighbour: every row and every column is
 * repeated, by a dimension of one that is expanded. To any size by linear interpolation (onnx_linear.c). */
#include <math.h>
#include <string.h>

#include "onnx_linear.h"

enum { FACTOR_MAX = 256 };

/* Repeats each element of dimension `axis` of [c][h][w] `factor` times. */
static asx_status repeat(size_t *value, asx_onnx *in, size_t axis, size_t factor, asx_error *err)
{
    if (factor == 1)
        return ASX_OK;
    const asx_value x = in->net->value[*value];
    asx_node reshape = {.op = ASX_OP_RESHAPE, .layer = ASX_NO_LAYER}, back = reshape;
    asx_value apart = {.rank = 4, .non_negative = x.non_negative}, whole = x;
    for (size_t i = 0, k = 0; i < 3; i++) {
        apart.dim[k++] = x.dim[i];
        if (i == axis)
            apart.dim[k++] = 1;
    }
    whole.dim[axis] *= factor;
    asx_status status = asx_onnx_insert(value, in, &reshape, *value, &apart, 1, err);
    apart.dim[axis + 1] = factor;
    if (status == ASX_OK)
        status = asx_onnx_expand_to(value, in, *value, 4, apart.dim, err);
    return status == ASX_OK ? asx_onnx_insert(value, in, &back, *value, &whole, 1, err) : status;
}

/* Whether element i of the output is element i / factor of the input, whatever the factor. */
static asx_status check_rounding(const Onnx__NodeProto *node, size_t factor, asx_error *err)
{
    char mode[16], position[32], nearest[24];
    asx_onnx_string(mode, sizeof mode, node, "mode", "nearest");
    asx_onnx_string(position, sizeof position, node, "coordinate_transformation_mode",
                    "half_pixel");
    asx_onnx_string(nearest, sizeof nearest, node, "nearest_mode", "round_prefer_floor");
    if (strcmp(mode, "nearest") != 0)
        return asx_fail(err, ASX_EUNSUPPORTED, "attribute 'mode' is '%s' (nearest is read)", mode);
    const bool old = strcmp(node->op_type, "Upsample") == 0; /* which knows no other */
    const bool half = strcmp(position, "half_pixel") == 0 ||
                      strcmp(position, "pytorch_half_pixel") == 0 ||
                      strcmp(position, "half_pixel_symmetric") == 0;
    const bool rounds = strcmp(nearest, "round_prefer_floor") == 0;
    if (old || factor == 1 || (half && (rounds || strcmp(nearest, "round_prefer_ceil") == 0)) ||
        (strcmp(position, "asymmetric") == 0 &&
         (strcmp(nearest, "floor") == 0 || (rounds && factor == 2))))
        return ASX_OK;
    return asx_fail(err, ASX_EUNSUPPORTED, "positions '%s', rounded by '%s'", position, nearest);
}

/* Factors of channels, height and width: from scales, batch first, or sizes. */
static asx_status read_scales(double scale[3], asx_onnx *in, const Onnx__NodeProto *node,
                              const asx_value *x, asx_error *err)
{
    const bool old = strcmp(node->op_type, "Upsample") == 0;
    const size_t at = old || in->opset < 11 ? 1 : 2;
    const Onnx__AttributeProto *attribute = asx_onnx_attribute(node, "scales");
    asx_onnx_constant given = {0};
    asx_status status = ASX_OK;
    if (!attribute && asx_onnx_has_input(node, at))
        status = asx_onnx_any(&given, in, node, at, err);
    if (status == ASX_OK && !attribute && given.n == 0)
        asx_onnx_constant_fini(&given);
    if (status == ASX_OK && !attribute && given.n == 0 && asx_onnx_has_input(node, 3))
        status = asx_onnx_any(&given, in, node, 3, err);
    const size_t n = attribute ? attribute->n_floats : given.n;
    if (status == ASX_OK && n != 4)
        status = asx_fail(err, ASX_EUNSUPPORTED, "%zu scales or sizes, not 4", n);
    for (size_t i = 0; status == ASX_OK && i < 3; i++)
        scale[i] = given.i     ? (double)given.i[i + 1] / (double)x->dim[i]
                   : attribute ? (double)attribute->floats[i + 1]
                               : (double)given.f[i + 1];
    asx_onnx_constant_fini(&given);
    return status;
}

static asx_status to_nearest(size_t *value, asx_onnx *in, const Onnx__NodeProto *node,
                             const double scale[3], asx_error *err)
{
    asx_status status = ASX_OK;
    for (size_t i = 0; status == ASX_OK && i < 3; i++)
        if (!(scale[i] >= 1 && scale[i] <= FACTOR_MAX) || scale[i] != floor(scale[i]) ||
            (i == 0 && scale[i] != 1))
            status = asx_fail(err, ASX_EUNSUPPORTED,
                              "by a factor of %g (whole factors of height and width are read)",
                              scale[i]);
    for (size_t i = 1; status == ASX_OK && i < 3; i++)
        status = check_rounding(node, (size_t)scale[i], err);
    for (size_t i = 1; status == ASX_OK && i < 3; i++)
        status = repeat(value, in, i, (size_t)scale[i], err);
    return status;
}

static asx_status by_lines(size_t *value, asx_onnx *in, const Onnx__NodeProto *node,
                           const double scale[3], asx_error *err)
{
    char position[32];
    int64_t antialias;
    const bool old = strcmp(node->op_type, "Upsample") == 0 || in->opset < 11;
    asx_onnx_string(position, sizeof position, node, "coordinate_transformation_mode",
                    old ? "asymmetric" : "half_pixel");
    asx_status status = asx_onnx_int(&antialias, node, "antialias", 0, 0, 1, err);
    if (status == ASX_OK && (antialias || !asx_onnx_linear_knows(position)))
        status = asx_fail(err, ASX_EUNSUPPORTED, "linear, %s",
                          antialias ? "with antialiasing" : position);
    if (status == ASX_OK && (scale[0] < 1 || scale[0] > 1))
        status = asx_fail(err, ASX_EUNSUPPORTED, "channels by a factor of %g", scale[0]);
    for (size_t i = 1; status == ASX_OK && i < 3; i++) {
        const double size = floor((double)in->net->value[*value].dim[i] * scale[i] + 1e-9);
        if (!(size >= 1 && size <= (double)ASX_ONNX_VALUE_MAX))
            status = asx_fail(err, ASX_EINVAL, "by a factor of %g", scale[i]);
        else
            status = asx_onnx_linear(value, in, i, (size_t)size, scale[i], position, err);
    }
    return status;
}

asx_status asx_onnx_resize(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    size_t value;
    double scale[3];
    char mode[16];
    bool lifted;
    char policy[16];
    asx_onnx_string(policy, sizeof policy, node, "keep_aspect_ratio_policy", "stretch");
    asx_status status = asx_onnx_map(&value, &lifted, in, node, 0, err);
    if (status == ASX_OK && strcmp(policy, "stretch") != 0)
        status =
            asx_fail(err, ASX_EUNSUPPORTED, "attribute 'keep_aspect_ratio_policy' is '%s'", policy);
    if (status == ASX_OK && lifted)
        status = asx_fail(err, ASX_EUNSUPPORTED, "of [channels, length]");
    if (status == ASX_OK && asx_onnx_attribute(node, "axes"))
        status = asx_fail(err, ASX_EUNSUPPORTED, "attribute 'axes'");
    if (status == ASX_OK)
        status = read_scales(scale, in, node, &in->net->value[value], err);
    if (status != ASX_OK)
        return status;
    asx_onnx_string(mode, sizeof mode, node, "mode", "nearest");
    status = strcmp(mode, "linear") == 0 ? by_lines(&value, in, node, scale, err)
                                         : to_nearest(&value, in, node, scale, err);
    return status == ASX_OK ? asx_onnx_alias(in, node, value, err) : status;
}
