/* Sparse initializers: the numbers that are not 0, and where they stand. */
#include <string.h>

#include "onnx_elements.h"

static asx_status read_dims(asx_onnx_constant *out, const Onnx__SparseTensorProto *s,
                            asx_error *err)
{
    if (s->n_dims < 1 || s->n_dims > ASX_ONNX_RANK_MAX)
        return asx_fail(err, ASX_EUNSUPPORTED, "it has %zu dimensions (1 to %d)", s->n_dims,
                        ASX_ONNX_RANK_MAX);
    out->rank = s->n_dims;
    for (size_t i = 0; i < out->rank; i++) {
        if (s->dims[i] < 0)
            return asx_fail(err, ASX_EINVAL, "dimension %zu is %lld", i, (long long)s->dims[i]);
        out->dim[i] = (size_t)s->dims[i];
    }
    return ASX_OK;
}

/* Where number k stands, from one index or one a dimension. */
static asx_status read_place(size_t *out, const asx_onnx_constant *to, const asx_onnx_elements *at,
                             size_t per, size_t k, asx_error *err)
{
    size_t place = 0;
    for (size_t i = 0; i < per; i++) {
        const size_t size = per == 1 ? to->n : to->dim[i];
        int64_t index;
        const asx_status status = asx_onnx_elements_integer(&index, at, k * per + i, err);
        if (status != ASX_OK)
            return status;
        if (index < 0 || (uint64_t)index >= size)
            return asx_fail(err, ASX_EINVAL, "index %lld of number %zu is not in 0 .. %zu",
                            (long long)index, k, size - 1);
        place = place * size + (size_t)index;
    }
    *out = place;
    return ASX_OK;
}

static asx_status fill(asx_onnx_constant *out, const asx_onnx_elements *value,
                       const asx_onnx_elements *at, size_t n, size_t per, asx_error *err)
{
    asx_status status = ASX_OK;
    size_t place = 0, before = 0;
    for (size_t k = 0; status == ASX_OK && k < n; k++, before = place) {
        status = read_place(&place, out, at, per, k, err);
        if (status == ASX_OK && k > 0 && place <= before)
            status = asx_fail(err, ASX_EPARSE, "the index of number %zu is not behind the last", k);
        if (status == ASX_OK && out->i)
            status = asx_onnx_elements_integer(&out->i[place], value, k, err);
        else if (status == ASX_OK)
            out->f[place] = (float)asx_onnx_elements_float(value, k);
    }
    return status;
}

static asx_status read_one(asx_onnx_constant *out, asx_onnx *in, const Onnx__SparseTensorProto *s,
                           asx_error *err)
{
    const size_t n =
        s->values->n_dims == 1 && s->values->dims[0] > 0 ? (size_t)s->values->dims[0] : 0;
    const bool flat = s->indices && s->indices->n_dims == 1;
    const size_t per = flat ? 1 : s->n_dims;
    asx_onnx_elements value = {0}, at = {0};
    asx_status status = read_dims(out, s, err);
    if (status == ASX_OK && n > 0 &&
        (!s->indices || s->indices->n_dims < 1 || s->indices->n_dims > 2 ||
         s->indices->dims[0] != s->values->dims[0] ||
         (!flat && s->indices->dims[1] != (int64_t)s->n_dims) ||
         s->indices->data_type != ONNX__TENSOR_PROTO__DATA_TYPE__INT64))
        status = asx_fail(err, ASX_EPARSE,
                          "its indices are not one, or %zu, for each of %zu numbers", s->n_dims, n);
    if (status == ASX_OK)
        status = asx_onnx_elements_find(&value, in, s->values, n, err);
    if (status == ASX_OK && n > 0)
        status = asx_onnx_elements_find(&at, in, s->indices, n * per, err);
    if (status == ASX_OK && (value.absent || at.absent))
        status = asx_fail(err, ASX_EUNSUPPORTED, "its numbers are in no file");
    if (status == ASX_OK)
        status = asx_onnx_allow_fill(in, out, err);
    out->type = s->values->data_type;
    out->name = s->values->name;
    if (status == ASX_OK)
        status = asx_onnx_constant_alloc(out, in, value.integers, err);
    if (status == ASX_OK)
        status = fill(out, &value, &at, n, per, err);
    asx_onnx_elements_fini(&value);
    asx_onnx_elements_fini(&at);
    return status;
}

asx_status asx_onnx_read_sparse(asx_onnx *in, asx_error *err)
{
    for (size_t i = 0; i < in->graph->n_sparse_initializer; i++) {
        const Onnx__SparseTensorProto *sparse = in->graph->sparse_initializer[i];
        asx_onnx_symbol *symbol = asx_onnx_find(in, sparse->values->name);
        asx_onnx_constant constant = {0};
        asx_status status = symbol->uses > 0 ? read_one(&constant, in, sparse, err) : ASX_OK;
        if (status == ASX_OK && symbol->uses > 0)
            status = asx_onnx_keep_as(in, symbol, &constant, err);
        asx_onnx_constant_fini(&constant);
        if (status != ASX_OK)
            return asx_fail_context(err, status, "%s: sparse initializer '%s'", in->file,
                                    sparse->values->name);
    }
    return ASX_OK;
}
