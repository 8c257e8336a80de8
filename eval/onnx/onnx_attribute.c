#include "onnx_attribute.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const Onnx__AttributeProto *asx_onnx_attribute(const Onnx__NodeProto *node, const char *name)
{
    for (size_t i = 0; i < node->n_attribute; i++) {
        if (node->attribute[i]->name && strcmp(node->attribute[i]->name, name) == 0)
            return node->attribute[i];
    }
    return NULL;
}

/* Writers of proto3 leave out zeros; the type then tells that the attribute is there. */
static bool is_of_type(const Onnx__AttributeProto *attribute, int has_value,
                       Onnx__AttributeProto__AttributeType type)
{
    return has_value || (attribute->has_type && attribute->type == type);
}

asx_status asx_onnx_int(int64_t *out, const Onnx__NodeProto *node, const char *name, int64_t absent,
                        int64_t low, int64_t high, asx_error *err)
{
    const Onnx__AttributeProto *attribute = asx_onnx_attribute(node, name);
    if (attribute &&
        !is_of_type(attribute, attribute->has_i, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT))
        return asx_fail(err, ASX_EPARSE, "attribute '%s' is not an integer", name);
    const int64_t value = attribute ? attribute->i : absent;
    if (value < low || value > high)
        return asx_fail(err, ASX_EUNSUPPORTED, "attribute '%s' is %lld (allowed: %lld to %lld)",
                        name, (long long)value, (long long)low, (long long)high);
    *out = value;
    return ASX_OK;
}

asx_status asx_onnx_float(float *out, const Onnx__NodeProto *node, const char *name, float absent,
                          asx_error *err)
{
    const Onnx__AttributeProto *attribute = asx_onnx_attribute(node, name);
    if (attribute &&
        !is_of_type(attribute, attribute->has_f, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT))
        return asx_fail(err, ASX_EPARSE, "attribute '%s' is not a number", name);
    if (attribute && !isfinite(attribute->f))
        return asx_fail(err, ASX_EINVAL, "attribute '%s' is %g", name, (double)attribute->f);
    *out = attribute ? attribute->f : absent;
    return ASX_OK;
}

void asx_onnx_string(char *out, size_t room, const Onnx__NodeProto *node, const char *name,
                     const char *absent)
{
    const Onnx__AttributeProto *attribute = asx_onnx_attribute(node, name);
    if (!attribute) {
        snprintf(out, room, "%s", absent);
        return;
    }
    const size_t n = attribute->s.len < room ? attribute->s.len : room - 1;
    if (n > 0)
        memcpy(out, attribute->s.data, n);
    out[n] = '\0';
}

asx_status asx_onnx_list(const int64_t **list, size_t *n, asx_onnx_constant *owner, asx_onnx *in,
                         const Onnx__NodeProto *node, size_t i, const char *name, asx_error *err)
{
    const Onnx__AttributeProto *attribute = asx_onnx_attribute(node, name);
    *list = NULL;
    *n = 0;
    if (asx_onnx_has_input(node, i)) {
        asx_status status = asx_onnx_integers(owner, in, node, i, err);
        if (status != ASX_OK)
            return status;
        *list = owner->i;
        *n = owner->n;
    } else if (attribute) {
        *list = attribute->ints;
        *n = attribute->n_ints;
    }
    return ASX_OK;
}

asx_status asx_onnx_axis(size_t *out, int64_t axis, const asx_value *value, asx_error *err)
{
    const int64_t rank = (int64_t)value->rank + 1; /* with the batch */
    if (axis < -rank || axis >= rank)
        return asx_fail(err, ASX_EINVAL, "axis %lld of a tensor with %lld dimensions",
                        (long long)axis, (long long)rank);
    const int64_t positive = axis < 0 ? axis + rank : axis;
    if (positive == 0)
        return asx_fail(err, ASX_EUNSUPPORTED, "axis %lld is the batch", (long long)axis);
    *out = (size_t)(positive - 1);
    return ASX_OK;
}
