/* Shapes as the file has them, and their elements. */
#include <string.h>

#include "onnx_skip.h"

static bool shape_of_info(size_t *rank, size_t *dim, const Onnx__ValueInfoProto *info)
{
    const Onnx__TypeProto__Tensor *type =
        info->type && info->type->value_case == ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE
            ? info->type->tensor_type
            : NULL;
    if (!type || !type->shape || type->shape->n_dim > ASX_ONNX_RANK_MAX)
        return false;
    *rank = type->shape->n_dim;
    for (size_t i = 0; i < *rank; i++) {
        const Onnx__TensorShapeProto__Dimension *d = type->shape->dim[i];
        const bool fixed = d->value_case == ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE;
        dim[i] = fixed && d->dim_value > 0 ? (size_t)d->dim_value : 0;
    }
    return true;
}

bool asx_onnx_file_shape(size_t *rank, size_t *dim, const asx_onnx *in, const char *name)
{
    const asx_onnx_symbol *s = asx_onnx_find(in, name);
    if (s && s->tensor && s->tensor->n_dims <= ASX_ONNX_RANK_MAX) {
        *rank = s->tensor->n_dims;
        for (size_t i = 0; i < *rank; i++)
            dim[i] = (size_t)s->tensor->dims[i];
        return true;
    }
    if (s && s->constant) {
        *rank = s->constant->rank;
        memcpy(dim, s->constant->dim, *rank * sizeof *dim);
        return true;
    }
    if (s && s->computed && !s->lifted && !in->channels_last) {
        const asx_value *v = &in->net->value[s->value];
        *rank = v->rank + 1;
        dim[0] = (size_t)in->batch;
        memcpy(dim + 1, v->dim, v->rank * sizeof *dim);
        return true;
    }
    return s && s->info && shape_of_info(rank, dim, s->info);
}

size_t asx_onnx_times(size_t a, size_t b)
{
    return b > 0 && a <= ASX_ONNX_MACS_MAX / b ? a * b : 0;
}

size_t asx_onnx_elements(size_t rank, const size_t *dim, size_t first)
{
    size_t n = 1;
    for (size_t i = first; i < rank; i++)
        n = asx_onnx_times(n, dim[i]);
    return n;
}
