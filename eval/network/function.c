#include "function.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

static const double pi = 3.14159265358979323846;

static const struct {
    const char *text;
    asx_function_sign sign;
} known[] = {
#define ASX_TEXT(name, text) [name] = {text, ASX_SIGN_ANY},
    ASX_FUNCTION_LIST(ASX_TEXT)
#undef ASX_TEXT
};

const char *asx_function_text(asx_function function)
{
    return (unsigned)function < ASX_N_FUNCTIONS ? known[function].text : "?";
}

asx_function_sign asx_function_sign_of(asx_function function)
{
    switch (function) {
    case ASX_FUNCTION_ABS:
    case ASX_FUNCTION_EXP:
    case ASX_FUNCTION_HARD_SIGMOID:
    case ASX_FUNCTION_SOFTPLUS:
    case ASX_FUNCTION_SQRT:
        return ASX_SIGN_NON_NEGATIVE;
    case ASX_FUNCTION_CEIL:
    case ASX_FUNCTION_ELU:
    case ASX_FUNCTION_CELU:
    case ASX_FUNCTION_ERF:
    case ASX_FUNCTION_FLOOR:
    case ASX_FUNCTION_GELU:
    case ASX_FUNCTION_HARD_SWISH:
    case ASX_FUNCTION_LEAKY_RELU:
    case ASX_FUNCTION_MISH:
    case ASX_FUNCTION_RECIPROCAL:
    case ASX_FUNCTION_ROUND:
    case ASX_FUNCTION_SIGN:
    case ASX_FUNCTION_SOFTSIGN:
    case ASX_FUNCTION_SWISH:
    case ASX_FUNCTION_TANH:
        return ASX_SIGN_OF_INPUT;
    default:
        return ASX_SIGN_ANY;
    }
}

asx_function asx_function_find(const char *name)
{
    size_t f = 0;
    while (f < ASX_N_FUNCTIONS && strcmp(known[f].text, name) != 0)
        f++;
    return (asx_function)f;
}

static float sigmoid(float x)
{
    return 1 / (1 + expf(-x));
}

/* log(1 + exp(x)), which exp(x) alone would overflow. */
static float softplus(float x)
{
    return fmaxf(x, 0) + log1pf(expf(-fabsf(x)));
}

static float gelu(float x, float by_tanh)
{
    const float c = 0.7978845608F; /* sqrt(2 / pi) */
    return by_tanh != 0 ? 0.5F * x * (1 + tanhf(c * (x + 0.044715F * x * x * x)))
                        : 0.5F * x * (1 + erff(x * 0.70710678118F));
}

/* The functions of the C library. */
static float plain(asx_function f, float x)
{
    switch (f) {
    case ASX_FUNCTION_ABS:
        return fabsf(x);
    case ASX_FUNCTION_ACOS:
        return acosf(x);
    case ASX_FUNCTION_ACOSH:
        return acoshf(x);
    case ASX_FUNCTION_ASIN:
        return asinf(x);
    case ASX_FUNCTION_ASINH:
        return asinhf(x);
    case ASX_FUNCTION_ATAN:
        return atanf(x);
    case ASX_FUNCTION_ATANH:
        return atanhf(x);
    case ASX_FUNCTION_CEIL:
        return ceilf(x);
    case ASX_FUNCTION_COS:
        return cosf(x);
    case ASX_FUNCTION_COSH:
        return coshf(x);
    case ASX_FUNCTION_ERF:
        return erff(x);
    case ASX_FUNCTION_EXP:
        return expf(x);
    case ASX_FUNCTION_FLOOR:
        return floorf(x);
    case ASX_FUNCTION_LOG:
        return logf(x);
    case ASX_FUNCTION_ROUND:
        return rintf(x);
    case ASX_FUNCTION_SIN:
        return sinf(x);
    case ASX_FUNCTION_SINH:
        return sinhf(x);
    case ASX_FUNCTION_SQRT:
        return sqrtf(x);
    case ASX_FUNCTION_TAN:
        return tanf(x);
    default:
        return tanhf(x);
    }
}

float asx_function_at(asx_function function, float x, float a, float b)
{
    switch (function) {
    case ASX_FUNCTION_CELU:
        return fmaxf(x, 0) + fminf(a * expm1f(x / a), 0);
    case ASX_FUNCTION_ELU:
        return x < 0 ? a * expm1f(x) : x;
    case ASX_FUNCTION_GELU:
        return gelu(x, a);
    case ASX_FUNCTION_HARD_SIGMOID:
        return fmaxf(0, fminf(a * x + b, 1));
    case ASX_FUNCTION_HARD_SWISH:
        return x * fmaxf(0, fminf(x / 6 + 0.5F, 1));
    case ASX_FUNCTION_LEAKY_RELU:
        return x < 0 ? a * x : x;
    case ASX_FUNCTION_MISH:
        return x * tanhf(softplus(x));
    case ASX_FUNCTION_NEG:
        return -x;
    case ASX_FUNCTION_POW:
        return a == 2 ? x * x : powf(x, a);
    case ASX_FUNCTION_RECIPROCAL:
        return 1 / x;
    case ASX_FUNCTION_SELU:
        return b * (x < 0 ? a * expm1f(x) : x);
    case ASX_FUNCTION_BIPOLAR:
        return x < 0 ? -a : a;
    case ASX_FUNCTION_SHRINK:
        return x < -a ? x + b : x > a ? x - b : 0;
    case ASX_FUNCTION_SIGN:
        return x > 0 ? 1 : x < 0 ? -1 : x;
    case ASX_FUNCTION_SOFTPLUS:
        return softplus(x);
    case ASX_FUNCTION_SOFTSIGN:
        return x / (1 + fabsf(x));
    case ASX_FUNCTION_SWISH:
        return x * sigmoid(a * x);
    case ASX_FUNCTION_THRESHOLDED_RELU:
        return x > a ? x : 0;
    default:
        return plain(function, x);
    }
}

static double gelu_slope(double x, bool by_tanh)
{
    if (!by_tanh)
        return 0.5 * (1 + erf(x / sqrt(2))) + x * exp(-x * x / 2) / sqrt(2 * pi);
    const double c = sqrt(2 / pi), t = tanh(c * (x + 0.044715 * x * x * x));
    return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * c * (1 + 3 * 0.044715 * x * x);
}

static double mish_slope(double x)
{
    const double t = tanh(log1p(exp(x)));
    return t + x * (1 - t * t) / (1 + exp(-x));
}

static double swish_slope(double x, double a)
{
    const double s = 1 / (1 + exp(-a * x));
    return s + a * x * s * (1 - s);
}

/* Of the functions with parameters, and of sums of others. */
static double slope_between(asx_function f, double x, double a, double b)
{
    switch (f) {
    case ASX_FUNCTION_CELU:
        return x < 0 ? exp(x / a) : 1;
    case ASX_FUNCTION_ELU:
        return x < 0 ? a * exp(x) : 1;
    case ASX_FUNCTION_GELU:
        return gelu_slope(x, a != 0);
    case ASX_FUNCTION_HARD_SIGMOID:
        return a * x + b > 0 && a * x + b < 1 ? a : 0;
    case ASX_FUNCTION_HARD_SWISH:
        return x <= -3 ? 0 : x >= 3 ? 1 : x / 3 + 0.5;
    case ASX_FUNCTION_LEAKY_RELU:
        return x < 0 ? a : 1;
    case ASX_FUNCTION_MISH:
        return mish_slope(x);
    case ASX_FUNCTION_POW:
        return a * pow(x, a - 1);
    case ASX_FUNCTION_SELU:
        return b * (x < 0 ? a * exp(x) : 1);
    case ASX_FUNCTION_SHRINK:
        return fabs(x) > a;
    case ASX_FUNCTION_SOFTPLUS:
        return 1 / (1 + exp(-x));
    case ASX_FUNCTION_SOFTSIGN:
        return 1 / ((1 + fabs(x)) * (1 + fabs(x)));
    case ASX_FUNCTION_SWISH:
        return swish_slope(x, a);
    case ASX_FUNCTION_THRESHOLDED_RELU:
        return x > a;
    default: /* Ceil, Floor, Round, Sign */
        return 0;
    }
}

float asx_function_slope(asx_function function, float at, float a, float b)
{
    const double x = (double)at;
    switch (function) {
    case ASX_FUNCTION_ABS:
        return at > 0 ? 1 : at < 0 ? -1 : 0;
    case ASX_FUNCTION_ACOS:
        return (float)(-1 / sqrt(1 - x * x));
    case ASX_FUNCTION_ACOSH:
        return (float)(1 / sqrt(x * x - 1));
    case ASX_FUNCTION_ASIN:
        return (float)(1 / sqrt(1 - x * x));
    case ASX_FUNCTION_ASINH:
        return (float)(1 / sqrt(x * x + 1));
    case ASX_FUNCTION_ATAN:
        return (float)(1 / (1 + x * x));
    case ASX_FUNCTION_ATANH:
        return (float)(1 / (1 - x * x));
    case ASX_FUNCTION_COS:
        return (float)-sin(x);
    case ASX_FUNCTION_COSH:
        return (float)sinh(x);
    case ASX_FUNCTION_ERF:
        return (float)(2 / sqrt(pi) * exp(-x * x));
    case ASX_FUNCTION_EXP:
        return (float)exp(x);
    case ASX_FUNCTION_LOG:
        return (float)(1 / x);
    case ASX_FUNCTION_NEG:
        return -1;
    case ASX_FUNCTION_RECIPROCAL:
        return (float)(-1 / (x * x));
    case ASX_FUNCTION_SIN:
        return (float)cos(x);
    case ASX_FUNCTION_SINH:
        return (float)cosh(x);
    case ASX_FUNCTION_SQRT:
        return (float)(0.5 / sqrt(x));
    case ASX_FUNCTION_TAN:
        return (float)(1 / (cos(x) * cos(x)));
    case ASX_FUNCTION_TANH:
        return (float)(1 - tanh(x) * tanh(x));
    default:
        return (float)slope_between(function, x, (double)a, (double)b);
    }
}
