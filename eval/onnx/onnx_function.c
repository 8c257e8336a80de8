/* Functions of one element: LeakyRelu, HardSwish, Tanh and all others of function.h; Pow with a
 * constant exponent, PRelu, Swish. */
#include <math.h>
#include <string.h>

#include "onnx_elements.h"
#include "onnx_ops.h"

/* The parameters of functions that have any: attributes and what they are where they are absent. */
static const struct {
    asx_function function;
    const char *a, *b;
    float a_absent, b_absent;
} parameters[] = {
    {ASX_FUNCTION_CELU, "alpha", NULL, 1, 0},
    {ASX_FUNCTION_ELU, "alpha", NULL, 1, 0},
    {ASX_FUNCTION_HARD_SIGMOID, "alpha", "beta", 0.2F, 0.5F},
    {ASX_FUNCTION_LEAKY_RELU, "alpha", NULL, 0.01F, 0},
    {ASX_FUNCTION_SELU, "alpha", "gamma", 1.67326319217681884765625F, 1.05070102214813232421875F},
    {ASX_FUNCTION_SHRINK, "lambd", "bias", 0.5F, 0},
    {ASX_FUNCTION_SWISH, "alpha", NULL, 1, 0},
    {ASX_FUNCTION_THRESHOLDED_RELU, "alpha", NULL, 1, 0},
};

static asx_status read_parameters(float *a, float *b, const Onnx__NodeProto *node,
                                  asx_function function, asx_error *err)
{
    char mode[8];
    asx_status status = ASX_OK;
    *a = *b = 0;
    for (size_t i = 0; i < sizeof parameters / sizeof *parameters; i++) {
        if (parameters[i].function != function)
            continue;
        status = asx_onnx_float(a, node, parameters[i].a, parameters[i].a_absent, err);
        if (status == ASX_OK && parameters[i].b)
            status = asx_onnx_float(b, node, parameters[i].b, parameters[i].b_absent, err);
    }
    if (status == ASX_OK && function == ASX_FUNCTION_CELU && *a == 0)
        status = asx_fail(err, ASX_EINVAL, "attribute 'alpha' is 0");
    if (function != ASX_FUNCTION_GELU)
        return status;
    asx_onnx_string(mode, sizeof mode, node, "approximate", "none");
    *a = strcmp(mode, "tanh") == 0;
    return strcmp(mode, "tanh") == 0 || strcmp(mode, "none") == 0
               ? status
               : asx_fail(err, ASX_EUNSUPPORTED, "attribute 'approximate' is '%s'", mode);
}

/* Which bounds the values have that the function is defined for is not known here: a logarithm of a
 * negative number is what it is in the framework, no number. */
static asx_status emit(asx_onnx *in, const Onnx__NodeProto *node, asx_function function, float a,
                       float b, asx_error *err)
{
    size_t input;
    bool lifted;
    asx_status status = asx_onnx_value_as_is(&input, &lifted, in, node, 0, err);
    if (status != ASX_OK)
        return status;
    const asx_function_sign sign = asx_function_sign_of(function);
    asx_node made = {
        .op = ASX_OP_FUNCTION, .layer = ASX_NO_LAYER, .function = function, .alpha = a, .beta = b};
    asx_value y = in->net->value[input];
    y.non_negative = sign == ASX_SIGN_NON_NEGATIVE || (sign == ASX_SIGN_OF_INPUT && y.non_negative);
    if (function == ASX_FUNCTION_POW)
        y.non_negative = y.non_negative || a == 2;
    status = asx_onnx_emit_unary(in, node, &made, input, &y, err);
    if (status == ASX_OK)
        asx_onnx_set_lifted(in, node, lifted);
    return status;
}

asx_status asx_onnx_function(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    float a, b;
    const asx_function function = asx_function_find(node->op_type);
    asx_status status = read_parameters(&a, &b, node, function, err);
    return status == ASX_OK ? emit(in, node, function, a, b, err) : status;
}

asx_status asx_onnx_pow(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    asx_onnx_constant exponent = {0};
    asx_status status = asx_onnx_any(&exponent, in, node, 1, err);
    if (status == ASX_OK && exponent.n != 1)
        status = asx_fail(err, ASX_EUNSUPPORTED, "its exponent is not one number");
    float a = 0;
    if (status == ASX_OK)
        a = exponent.f ? exponent.f[0] : (float)exponent.i[0];
    asx_onnx_constant_fini(&exponent);
    return status == ASX_OK ? emit(in, node, ASX_FUNCTION_POW, a, 0, err) : status;
}

/* One slope for all channels is a LeakyRelu. */
asx_status asx_onnx_prelu(asx_onnx *in, const Onnx__NodeProto *node, asx_error *err)
{
    asx_onnx_constant slope = {0};
    asx_status status = asx_onnx_floats(&slope, in, node, 1, err);
    for (size_t i = 1; status == ASX_OK && i < slope.n; i++)
        if (slope.f[i] != slope.f[0])
            status = asx_fail(err, ASX_EUNSUPPORTED,
                              "its slopes differ between channels (one slope is read)");
    if (status == ASX_OK && slope.n == 0)
        status = asx_fail(err, ASX_EINVAL, "it has no slope");
    const float a = status == ASX_OK ? slope.f[0] : 0;
    asx_onnx_constant_fini(&slope);
    return status == ASX_OK ? emit(in, node, ASX_FUNCTION_LEAKY_RELU, a, 0, err) : status;
}

static asx_status apply(asx_onnx_constant *out, asx_onnx *in, const asx_onnx_constant *x,
                        float (*at)(float x, const void *state), const void *state, asx_error *err)
{
    out->rank = x->rank;
    out->type = x->type;
    memcpy(out->dim, x->dim, sizeof out->dim);
    asx_status status = asx_onnx_constant_alloc(out, in, x->i != NULL, err);
    for (size_t i = 0; status == ASX_OK && i < out->n; i++) {
        if (x->f)
            out->f[i] = asx_onnx_round(at(x->f[i], state), out->type);
        else if (x->i[i] > 1 << 24 || x->i[i] < -(1 << 24))
            status = asx_fail(err, ASX_EUNSUPPORTED, "of the integer %lld", (long long)x->i[i]);
        else
            out->i[i] = (int64_t)at((float)x->i[i], state);
        if (status == ASX_OK && x->i && !asx_onnx_type_holds(out->type, out->i[i]))
            status = asx_fail(err, ASX_EUNSUPPORTED, "%lld as %s", (long long)out->i[i],
                              asx_onnx_type_text(out->type));
    }
    return status;
}

typedef struct function_state {
    asx_function function;
    float a, b;
} function_state;

static float at_function(float x, const void *state)
{
    const function_state *s = state;
    return asx_function_at(s->function, x, s->a, s->b);
}

asx_status asx_onnx_function_constant(asx_onnx_constant *out, asx_onnx *in,
                                      const Onnx__NodeProto *node, const asx_onnx_constant *x,
                                      asx_error *err)
{
    function_state s = {.function = asx_function_find(node->op_type)};
    asx_status status = read_parameters(&s.a, &s.b, node, s.function, err);
    return status == ASX_OK ? apply(out, in, x, at_function, &s, err) : status;
}

static float at_relu(float x, const void *state)
{
    (void)state;
    return x > 0 ? x : 0;
}

static float at_sigmoid(float x, const void *state)
{
    (void)state;
    return 1 / (1 + expf(-x));
}

asx_status asx_onnx_relu_constant(asx_onnx_constant *out, asx_onnx *in, const Onnx__NodeProto *node,
                                  const asx_onnx_constant *x, asx_error *err)
{
    return apply(out, in, x, strcmp(node->op_type, "Relu") == 0 ? at_relu : at_sigmoid, NULL, err);
}
