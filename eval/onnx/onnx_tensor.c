/* Constants: tensors of the file, decoded and checked. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "onnx_elements.h"

asx_status asx_onnx_spend(asx_onnx *in, size_t n, asx_error *err)
{
    if (n > in->budget)
        return asx_fail(err, ASX_EINVAL,
                        "the weights are used more often than the file's size allows");
    in->budget -= n;
    return ASX_OK;
}

asx_status asx_onnx_lacks(asx_onnx *in, const char *name, asx_error *err)
{
    asx_network *net = in->net;
    if (!net->lacks && !(net->lacks = asx_string_copy(name && *name ? name : "a constant")))
        return asx_fail(err, ASX_ENOMEM, "no memory for a name");
    return ASX_OK;
}

void asx_onnx_constant_fini(asx_onnx_constant *constant)
{
    if (!constant)
        return;
    free(constant->f);
    free(constant->i);
    free(constant->step);
    *constant = (asx_onnx_constant){0};
}

asx_status asx_onnx_constant_alloc(asx_onnx_constant *out, asx_onnx *in, bool integers,
                                   asx_error *err)
{
    out->n = 1;
    for (size_t i = 0; i < out->rank; i++) {
        if (out->n > 0 && out->dim[i] > ASX_ONNX_ELEMENTS_MAX / out->n)
            return asx_fail(err, ASX_EINVAL, "a constant has more than %zu elements",
                            ASX_ONNX_ELEMENTS_MAX);
        out->n *= out->dim[i];
    }
    asx_status status = asx_onnx_spend(in, out->n, err);
    if (status != ASX_OK)
        return status;
    if (out->type == 0)
        out->type =
            integers ? ONNX__TENSOR_PROTO__DATA_TYPE__INT64 : ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT;
    if (integers)
        out->i = asx_array_new(out->n, sizeof *out->i);
    else
        out->f = asx_array_new(out->n, sizeof *out->f);
    if (!out->i && !out->f)
        return asx_fail(err, ASX_ENOMEM, "no memory for a constant of %zu elements", out->n);
    return ASX_OK;
}

/* A number repeated is no weight of the file: such elements are bounded by themselves, and may be
 * used as often as the file's. */
asx_status asx_onnx_allow_fill(asx_onnx *in, const asx_onnx_constant *shape, asx_error *err)
{
    size_t n = 1;
    for (size_t i = 0; i < shape->rank; i++) {
        if (n > 0 && shape->dim[i] > (ASX_ONNX_FILLED_MAX - in->filled) / n)
            return asx_fail(err, ASX_EINVAL, "more than %zu elements made of one number",
                            ASX_ONNX_FILLED_MAX);
        n *= shape->dim[i];
    }
    in->filled += n;
    in->budget += 4 * n;
    return ASX_OK;
}

asx_status asx_onnx_unknown(asx_onnx_constant *out, asx_onnx *in, const char *name, asx_error *err)
{
    asx_status status = asx_onnx_lacks(in, name, err);
    if (status == ASX_OK)
        status = asx_onnx_allow_fill(in, out, err);
    if (status == ASX_OK)
        status = asx_onnx_constant_alloc(out, in, false, err);
    for (size_t i = 0; status == ASX_OK && out->rank <= 1 && i < out->n; i++)
        out->f[i] = 1;
    out->name = name;
    return status;
}

asx_status asx_onnx_keep(asx_onnx *in, const Onnx__NodeProto *node, asx_onnx_constant *constant,
                         asx_error *err)
{
    if (node->n_output == 0 || !*node->output[0])
        return asx_fail(err, ASX_EPARSE, "it has no output");
    return asx_onnx_keep_as(in, asx_onnx_find(in, node->output[0]), constant, err);
}

asx_status asx_onnx_keep_as(asx_onnx *in, asx_onnx_symbol *symbol, asx_onnx_constant *constant,
                            asx_error *err)
{
    asx_onnx_constant **grown = asx_array_grow(in->constant, &in->constant_capacity,
                                               in->n_constants + 1, sizeof(asx_onnx_constant *));
    if (grown)
        in->constant = grown;
    asx_onnx_constant *kept = grown ? asx_array_copy(constant, 1, sizeof *constant) : NULL;
    if (!kept)
        return asx_fail(err, ASX_ENOMEM, "no memory for a constant");
    in->constant[in->n_constants++] = kept;
    symbol->constant = kept;
    *constant = (asx_onnx_constant){0};
    return ASX_OK;
}

/* Rank, dimensions and number of elements. */
static asx_status read_shape(asx_onnx_constant *out, const Onnx__TensorProto *tensor,
                             asx_error *err)
{
    if (tensor->n_dims > ASX_ONNX_RANK_MAX)
        return asx_fail(err, ASX_EUNSUPPORTED, "it has %zu dimensions (at most %d)", tensor->n_dims,
                        ASX_ONNX_RANK_MAX);
    out->rank = tensor->n_dims;
    out->n = 1;
    for (size_t i = 0; i < out->rank; i++) {
        const int64_t dim = tensor->dims[i];
        if (dim < 0 || (out->n > 0 && (uint64_t)dim > ASX_ONNX_ELEMENTS_MAX / out->n))
            return asx_fail(err, ASX_EINVAL, "dimension %zu is %lld (at most %zu elements in all)",
                            i, (long long)dim, ASX_ONNX_ELEMENTS_MAX);
        out->dim[i] = (size_t)dim;
        out->n *= (size_t)dim;
    }
    return ASX_OK;
}

/* What is asked for; ANY: whatever is there. */
typedef enum kind { FLOATS, INTEGERS, ANY } kind;

static asx_status decode(asx_onnx_constant *out, asx_onnx *in, const Onnx__TensorProto *t,
                         kind wanted, asx_error *err)
{
    asx_onnx_elements e = {0};
    asx_status status = read_shape(out, t, err);
    if (status == ASX_OK)
        status = asx_onnx_elements_find(&e, in, t, out->n, err);
    if (status == ASX_OK && wanted == INTEGERS && !e.integers)
        status = asx_fail(err, ASX_EUNSUPPORTED, "it is of type %s, not int64 or int32",
                          asx_onnx_type_text(t->data_type));
    if (status == ASX_OK && wanted == FLOATS && e.integers)
        status = asx_fail(err, ASX_EUNSUPPORTED, "it is of type %s, not float",
                          asx_onnx_type_text(t->data_type));
    if (status == ASX_OK)
        status = e.absent ? asx_onnx_unknown(out, in, t->name, err)
                          : asx_onnx_constant_alloc(out, in, e.integers, err);
    for (size_t i = 0; status == ASX_OK && !e.absent && i < out->n; i++) {
        if (e.integers)
            status = asx_onnx_elements_integer(&out->i[i], &e, i, err);
        else
            out->f[i] = (float)asx_onnx_elements_float(&e, i);
    }
    out->name = t->name;
    out->type = t->data_type;
    asx_onnx_elements_fini(&e);
    return status;
}

asx_status asx_onnx_decode(asx_onnx_constant *out, asx_onnx *in, const Onnx__TensorProto *tensor,
                           asx_error *err)
{
    asx_onnx_constant constant = {0};
    asx_status status = decode(&constant, in, tensor, ANY, err);
    if (status == ASX_OK)
        *out = constant;
    else
        asx_onnx_constant_fini(&constant);
    return status;
}

asx_status asx_onnx_copy_steps(asx_onnx_constant *out, const asx_onnx_constant *c, asx_error *err)
{
    out->low = c->low;
    out->high = c->high;
    if (!c->step)
        return ASX_OK;
    free(out->step);
    out->step = asx_array_copy(c->step, c->n_steps, sizeof *c->step);
    out->n_steps = c->n_steps;
    return out->step ? ASX_OK : asx_fail(err, ASX_ENOMEM, "no memory for %zu steps", c->n_steps);
}

asx_status asx_onnx_copy(asx_onnx_constant *out, asx_onnx *in, const asx_onnx_constant *c,
                         asx_error *err)
{
    out->rank = c->rank;
    out->type = c->type;
    memcpy(out->dim, c->dim, sizeof out->dim);
    out->name = c->name;
    asx_status status = asx_onnx_constant_alloc(out, in, c->i != NULL, err);
    if (status == ASX_OK)
        status = asx_onnx_copy_steps(out, c, err);
    if (status != ASX_OK || c->n == 0)
        return status;
    if (c->i)
        memcpy(out->i, c->i, c->n * sizeof *c->i);
    else
        memcpy(out->f, c->f, c->n * sizeof *c->f);
    return ASX_OK;
}

/* A copy of what the import computed itself. */
static asx_status copy_computed(asx_onnx_constant *out, asx_onnx *in, const asx_onnx_constant *c,
                                kind wanted, asx_error *err)
{
    if ((wanted == FLOATS && c->i) || (wanted == INTEGERS && c->f))
        return asx_fail(err, ASX_EUNSUPPORTED, "it is of type %s, not %s",
                        asx_onnx_type_text(c->type), c->i ? "float" : "int64");
    return asx_onnx_copy(out, in, c, err);
}

static asx_status read_named(asx_onnx_constant *out, asx_onnx *in, const char *name, kind wanted,
                             asx_error *err)
{
    const asx_onnx_symbol *symbol = asx_onnx_find(in, name);
    if (symbol && symbol->computed)
        return asx_fail(err, ASX_EUNSUPPORTED, "input '%s' is not a constant", name);
    if (!asx_onnx_is_constant_symbol(symbol))
        return asx_fail(err, ASX_EINVAL, "input '%s' is not computed by any node before", name);
    asx_onnx_constant constant = {0};
    asx_status status = symbol->tensor
                            ? decode(&constant, in, symbol->tensor, wanted, err)
                            : copy_computed(&constant, in, symbol->constant, wanted, err);
    if (status != ASX_OK) {
        asx_onnx_constant_fini(&constant);
        return asx_fail_context(err, status, "constant '%s'", name);
    }
    *out = constant;
    return ASX_OK;
}

static asx_status read_constant(asx_onnx_constant *out, asx_onnx *in, const Onnx__NodeProto *node,
                                size_t i, kind wanted, asx_error *err)
{
    if (!asx_onnx_has_input(node, i))
        return asx_fail(err, ASX_EINVAL, "input %zu is missing", i);
    return read_named(out, in, node->input[i], wanted, err);
}

asx_status asx_onnx_named(asx_onnx_constant *out, asx_onnx *in, const char *name, asx_error *err)
{
    return read_named(out, in, name, ANY, err);
}

asx_status asx_onnx_floats(asx_onnx_constant *out, asx_onnx *in, const Onnx__NodeProto *node,
                           size_t i, asx_error *err)
{
    asx_onnx_constant constant = {0};
    asx_status status = read_constant(&constant, in, node, i, FLOATS, err);
    for (size_t k = 0; status == ASX_OK && k < constant.n; k++) {
        if (!isfinite(constant.f[k]))
            status = asx_fail(err, ASX_EINVAL, "constant '%s': element %zu is %g", node->input[i],
                              k, (double)constant.f[k]);
    }
    if (status == ASX_OK)
        *out = constant;
    else
        asx_onnx_constant_fini(&constant);
    return status;
}

asx_status asx_onnx_integers(asx_onnx_constant *out, asx_onnx *in, const Onnx__NodeProto *node,
                             size_t i, asx_error *err)
{
    asx_onnx_constant constant = {0};
    asx_status status = read_constant(&constant, in, node, i, INTEGERS, err);
    if (status == ASX_OK && constant.rank > 1) {
        status =
            asx_fail(err, ASX_EINVAL, "constant '%s': it has %zu dimensions where 1 is asked for",
                     node->input[i], constant.rank);
        asx_onnx_constant_fini(&constant);
    }
    if (status == ASX_OK)
        *out = constant;
    return status;
}

asx_status asx_onnx_any(asx_onnx_constant *out, asx_onnx *in, const Onnx__NodeProto *node, size_t i,
                        asx_error *err)
{
    return read_constant(out, in, node, i, ANY, err);
}

asx_status asx_onnx_scalar(float *out, asx_onnx *in, const Onnx__NodeProto *node, size_t i,
                           asx_error *err)
{
    asx_onnx_constant constant = {0};
    asx_status status = read_constant(&constant, in, node, i, FLOATS, err);
    if (status == ASX_OK && constant.n == 1 && isnan(constant.f[0]))
        status = asx_fail(err, ASX_EINVAL, "constant '%s' is not a number", node->input[i]);
    if (status == ASX_OK && constant.n != 1)
        status = asx_fail(err, ASX_EINVAL, "constant '%s' has %zu elements where 1 is asked for",
                          node->input[i], constant.n);
    if (status == ASX_OK)
        *out = constant.f[0];
    asx_onnx_constant_fini(&constant);
    return status;
}
