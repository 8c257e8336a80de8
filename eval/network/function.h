/* Functions of one number that networks apply to every element of a value. Private to eval. */
#ifndef ASX_EVAL_FUNCTION_H
#define ASX_EVAL_FUNCTION_H

/* {enumerator, ONNX operator}; a and b are the function's parameters. */
#define ASX_FUNCTION_LIST(X)                                                                       \
    X(ASX_FUNCTION_ABS, "Abs")                                                                     \
    X(ASX_FUNCTION_ACOS, "Acos")                                                                   \
    X(ASX_FUNCTION_ACOSH, "Acosh")                                                                 \
    X(ASX_FUNCTION_ASIN, "Asin")                                                                   \
    X(ASX_FUNCTION_ASINH, "Asinh")                                                                 \
    X(ASX_FUNCTION_ATAN, "Atan")                                                                   \
    X(ASX_FUNCTION_ATANH, "Atanh")                                                                 \
    X(ASX_FUNCTION_BIPOLAR, "BipolarQuant") /* a from 0 on, else -a */                             \
    X(ASX_FUNCTION_CEIL, "Ceil")                                                                   \
    X(ASX_FUNCTION_CELU, "Celu") /* max(x, 0) + min(a (exp(x / a) - 1), 0) */                      \
    X(ASX_FUNCTION_COS, "Cos")                                                                     \
    X(ASX_FUNCTION_COSH, "Cosh")                                                                   \
    X(ASX_FUNCTION_ELU, "Elu") /* x, a (exp(x) - 1) below 0 */                                     \
    X(ASX_FUNCTION_ERF, "Erf")                                                                     \
    X(ASX_FUNCTION_EXP, "Exp")                                                                     \
    X(ASX_FUNCTION_FLOOR, "Floor")                                                                 \
    X(ASX_FUNCTION_GELU, "Gelu")                /* x / 2 (1 + erf(x / sqrt 2)); a: by tanh */      \
    X(ASX_FUNCTION_HARD_SIGMOID, "HardSigmoid") /* a x + b within 0 .. 1 */                        \
    X(ASX_FUNCTION_HARD_SWISH, "HardSwish")     /* x times (x / 6 + 1 / 2 within 0 .. 1) */        \
    X(ASX_FUNCTION_LEAKY_RELU, "LeakyRelu")     /* x, a x below 0 */                               \
    X(ASX_FUNCTION_LOG, "Log")                                                                     \
    X(ASX_FUNCTION_MISH, "Mish") /* x tanh(log(1 + exp(x))) */                                     \
    X(ASX_FUNCTION_NEG, "Neg")                                                                     \
    X(ASX_FUNCTION_POW, "Pow") /* x to the a */                                                    \
    X(ASX_FUNCTION_RECIPROCAL, "Reciprocal")                                                       \
    X(ASX_FUNCTION_ROUND, "Round")   /* halves to the even neighbour */                            \
    X(ASX_FUNCTION_SELU, "Selu")     /* b x, b a (exp(x) - 1) below 0 */                           \
    X(ASX_FUNCTION_SHRINK, "Shrink") /* x - b above a, x + b below -a, else 0 */                   \
    X(ASX_FUNCTION_SIGN, "Sign")                                                                   \
    X(ASX_FUNCTION_SIN, "Sin")                                                                     \
    X(ASX_FUNCTION_SINH, "Sinh")                                                                   \
    X(ASX_FUNCTION_SOFTPLUS, "Softplus") /* log(1 + exp(x)) */                                     \
    X(ASX_FUNCTION_SOFTSIGN, "Softsign") /* x / (1 + |x|) */                                       \
    X(ASX_FUNCTION_SQRT, "Sqrt")                                                                   \
    X(ASX_FUNCTION_SWISH, "Swish") /* x / (1 + exp(-a x)) */                                       \
    X(ASX_FUNCTION_TAN, "Tan")                                                                     \
    X(ASX_FUNCTION_TANH, "Tanh")                                                                   \
    X(ASX_FUNCTION_THRESHOLDED_RELU, "ThresholdedRelu") /* x above a, else 0 */

typedef enum asx_function {
#define ASX_ENUM(name, text) name,
    ASX_FUNCTION_LIST(ASX_ENUM)
#undef ASX_ENUM
        ASX_N_FUNCTIONS
} asx_function;

/* What is known of the sign of a function's value. */
typedef enum asx_function_sign {
    ASX_SIGN_ANY,
    ASX_SIGN_OF_INPUT,    /* not negative where x is not */
    ASX_SIGN_NON_NEGATIVE /* of all x */
} asx_function_sign;

const char *asx_function_text(asx_function function);
asx_function_sign asx_function_sign_of(asx_function function);

/** The function of a name in ONNX; ASX_N_FUNCTIONS if there is none. */
asx_function asx_function_find(const char *name);

/** Its value at x, and its slope: 0 where it has none. */
float asx_function_at(asx_function function, float x, float a, float b);
float asx_function_slope(asx_function function, float at, float a, float b);

#endif
