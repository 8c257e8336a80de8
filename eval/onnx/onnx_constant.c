/* Constants that nodes state or that follow from shapes (Constant, ConstantOfShape, Shape), and the
 * evaluation of operators on constants: it is with these that exporters compute the shapes of
 * Reshape, the positions of Slice and the padding of Pad. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dse/memory.h"
#include "onnx_elements.h"
#include "onnx_ops.h"

/* The numbers of value_int, value_float, value_ints or value_floats. */
static asx_status read_attribute(asx_onnx_constant *out, asx_onnx *in,
                                 const Onnx__AttributeProto *a, asx_error *err)
{
    const bool floats = strncmp(a->name, "value_float", strlen("value_float")) == 0;
    const bool list = a->name[strlen(a->name) - 1] == 's';
    if (strcmp(a->name, "value") == 0)
        return asx_fail(err, ASX_EPARSE, "attribute 'value' is no tensor");
    out->rank = list ? 1 : 0;
    out->dim[0] = floats ? a->n_floats : a->n_ints;
    asx_status status = asx_onnx_constant_alloc(out, in, !floats, err);
    for (size_t i = 0; status == ASX_OK && i < out->n; i++) {
        if (floats)
            out->f[i] = list ? a->floats[i] : a->f;
        else
            out->i[i] = list ? a->ints[i] : a->i;
    }
    return status;
}

asx_status asx_onnx_constant_node(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    if (node->n_attribute != 1 || node->n_output != 1 || !*node->output[0])
        return asx_fail(err, ASX_EPARSE, "it has %zu attributes and %zu outputs, not 1 and 1",
                        node->n_attribute, node->n_output);
    const Onnx__AttributeProto *attribute = node->attribute[0];
    if (attribute->t) {
        asx_onnx_find(in, node->output[0])->tensor = attribute->t;
        return ASX_OK;
    }
    asx_onnx_constant constant = {0};
    asx_status status = read_attribute(&constant, in, attribute, err);
    if (status == ASX_OK)
        status = asx_onnx_keep(in, node, &constant, err);
    asx_onnx_constant_fini(&constant);
    return status;
}

/* The shape of a value as the file sees it; a symbolic batch counts as one image. */
asx_status asx_onnx_shape(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    size_t input;
    int64_t start, end;
    asx_status status = asx_onnx_value(&input, in, node, 0, err);
    if (status == ASX_OK)
        status = asx_onnx_int(&start, node, "start", 0, INT32_MIN, INT32_MAX, err);
    if (status == ASX_OK)
        status = asx_onnx_int(&end, node, "end", INT32_MAX, INT32_MIN, INT32_MAX, err);
    if (status != ASX_OK)
        return status;
    const asx_value *x = &in->net->value[input];
    asx_onnx_constant shape = {.rank = 1};
    shape.dim[0] = asx_onnx_count_steps(&start, end, 1, (int64_t)x->rank + 1);
    status = asx_onnx_constant_alloc(&shape, in, true, err);
    for (size_t i = 0; status == ASX_OK && i < shape.n; i++) {
        const size_t at = (size_t)start + i;
        shape.i[i] = at > 0 ? (int64_t)x->dim[at - 1] : in->batch > 0 ? in->batch : 1;
    }
    if (status == ASX_OK)
        status = asx_onnx_keep(in, node, &shape, err);
    asx_onnx_constant_fini(&shape);
    return status;
}

asx_status asx_onnx_shape_of_constant(asx_onnx_constant *out, asx_onnx *in,
                                      const Onnx__NodeProto *node, const asx_onnx_constant *x,
                                      asx_error *err)
{
    if (node->n_attribute > 0)
        return asx_fail(err, ASX_EUNSUPPORTED, "a part of the shape of a constant");
    out->rank = 1;
    out->dim[0] = x->rank;
    asx_status status = asx_onnx_constant_alloc(out, in, true, err);
    for (size_t i = 0; status == ASX_OK && i < x->rank; i++)
        out->i[i] = (int64_t)x->dim[i];
    return status;
}

asx_status asx_onnx_constant_of_shape(asx_onnx_constant *out, asx_onnx *in,
                                      const Onnx__NodeProto *node, const asx_onnx_constant *x,
                                      asx_error *err)
{
    const Onnx__AttributeProto *attribute = asx_onnx_attribute(node, "value");
    asx_onnx_constant fill = {0};
    if (!x->i || x->rank != 1 || x->n > ASX_ONNX_RANK_MAX)
        return asx_fail(err, ASX_EUNSUPPORTED, "its input is no list of at most %d integers",
                        ASX_ONNX_RANK_MAX);
    out->rank = x->n;
    for (size_t i = 0; i < x->n; i++) {
        if (x->i[i] < 0)
            return asx_fail(err, ASX_EINVAL, "dimension %zu is %lld", i, (long long)x->i[i]);
        out->dim[i] = (size_t)x->i[i];
    }
    asx_status status = asx_onnx_allow_fill(in, out, err);
    if (status == ASX_OK && attribute && attribute->t)
        status = asx_onnx_decode(&fill, in, attribute->t, err);
    if (status == ASX_OK && attribute && fill.n != 1)
        status = asx_fail(err, ASX_EINVAL, "attribute 'value' is not one number");
    out->type = fill.type;
    if (status == ASX_OK)
        status = asx_onnx_constant_alloc(out, in, fill.i != NULL, err);
    for (size_t i = 0; status == ASX_OK && i < out->n; i++) {
        if (out->i)
            out->i[i] = fill.i[0];
        else
            out->f[i] = fill.f ? fill.f[0] : 0;
    }
    asx_onnx_constant_fini(&fill);
    return status;
}

/* max(0, ceil((limit - start) / delta)) numbers from `start` on. */
asx_status asx_onnx_range_constant(asx_onnx_constant *out, asx_onnx *in,
                                   const Onnx__NodeProto *node, const asx_onnx_constant *x,
                                   asx_error *err)
{
    double at[3];
    (void)node;
    for (size_t i = 0; i < 3; i++) {
        if (x[i].n != 1 || !x[i].i != !x[0].i)
            return asx_fail(err, ASX_EINVAL, "input %zu is not one number of the type of the first",
                            i);
        at[i] = x[i].i ? (double)x[i].i[0] : (double)x[i].f[0];
    }
    const double n = ceil((at[1] - at[0]) / at[2]);
    if (!(fabs(n) <= (double)ASX_ONNX_FILLED_MAX))
        return asx_fail(err, ASX_EINVAL, "from %g to %g by %g is no range, or too long", at[0],
                        at[1], at[2]);
    out->rank = 1;
    out->dim[0] = n > 0 ? (size_t)n : 0;
    out->type = x[0].type;
    asx_status status = asx_onnx_allow_fill(in, out, err);
    if (status == ASX_OK)
        status = asx_onnx_constant_alloc(out, in, x[0].i != NULL, err);
    for (size_t i = 0; status == ASX_OK && i < out->n; i++) {
        if (out->i)
            out->i[i] = x[0].i[0] + (int64_t)i * x[2].i[0];
        else
            out->f[i] = asx_onnx_round((float)(at[0] + (double)i * at[2]), out->type);
    }
    return status;
}

bool asx_onnx_all_constant(const asx_onnx *in, const Onnx__NodeProto *node)
{
    for (size_t i = 0; i < node->n_input; i++) {
        if (asx_onnx_has_input(node, i) && !asx_onnx_is_constant(in, node, i))
            return false;
    }
    return node->n_input > 0;
}

asx_status asx_onnx_evaluate(asx_onnx *in, const Onnx__NodeProto *node,
                             asx_onnx_evaluator *evaluate, asx_error *err)
{
    const size_t n = node->n_input > ASX_ONNX_INPUTS_MIN ? node->n_input : ASX_ONNX_INPUTS_MIN;
    asx_onnx_constant out = {0}, *x = asx_array_new(n, sizeof *x);
    asx_status status = ASX_OK;
    if (!x)
        return asx_fail(err, ASX_ENOMEM, "no memory for %zu constants", n);
    for (size_t i = 0; status == ASX_OK && i < node->n_input; i++) {
        if (asx_onnx_has_input(node, i))
            status = asx_onnx_any(&x[i], in, node, i, err);
    }
    if (status == ASX_OK && !x[0].f && !x[0].i)
        status = asx_fail(err, ASX_EINVAL, "input 0 is missing");
    if (status == ASX_OK)
        status = evaluate(&out, in, node, x, err);
    /* whoever uses steps looks whether they hold */
    if (status == ASX_OK && !out.step && out.low == out.high && out.n == x[0].n)
        status = asx_onnx_copy_steps(&out, &x[0], err);
    if (status == ASX_OK && !out.name)
        out.name = x[0].name;
    if (status == ASX_OK)
        status = asx_onnx_keep(in, node, &out, err);
    asx_onnx_constant_fini(&out);
    for (size_t i = 0; i < n; i++)
        asx_onnx_constant_fini(&x[i]);
    free(x);
    return status;
}
