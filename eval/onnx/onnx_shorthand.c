/* LRN, LpPool and GlobalLpPool, by the sums, powers and pools that they are short for. */
#include "onnx_shorthand.h"

#include <stdlib.h>
#include <string.h>

typedef enum shorthand { LRN, LP_POOL, GLOBAL_LP_POOL, N_SHORTHANDS } shorthand;

static const char *const NAMES[N_SHORTHANDS] = {"LRN", "LpPool", "GlobalLpPool"};

static shorthand find(const Onnx__NodeProto *node)
{
    int k = 0;
    const char *domain = node->domain ? node->domain : "";
    if (!node->op_type || (*domain && strcmp(domain, "ai.onnx") != 0))
        return N_SHORTHANDS;
    while (k < N_SHORTHANDS && strcmp(node->op_type, NAMES[k]) != 0)
        k++;
    return (shorthand)k;
}

const char *asx_onnx_shorthand_name(size_t i)
{
    return i < N_SHORTHANDS ? NAMES[i] : NULL;
}

bool asx_onnx_is_shorthand(const Onnx__NodeProto *node)
{
    return find(node) != N_SHORTHANDS;
}

static const Onnx__AttributeProto *attribute(const Onnx__NodeProto *node, const char *name)
{
    for (size_t i = 0; i < node->n_attribute; i++)
        if (node->attribute[i]->name && strcmp(node->attribute[i]->name, name) == 0)
            return node->attribute[i];
    return NULL;
}

static float number(const Onnx__NodeProto *node, const char *name, float absent)
{
    const Onnx__AttributeProto *a = attribute(node, name);
    return a ? a->f : absent;
}

static int64_t whole(const Onnx__NodeProto *node, const char *name, int64_t absent)
{
    const Onnx__AttributeProto *a = attribute(node, name);
    return a ? a->i : absent;
}

asx_status asx_onnx_check_shorthand(const Onnx__NodeProto *node, asx_error *err)
{
    enum { SIZE_LARGEST = 4096 };
    const shorthand kind = find(node);
    const int64_t n = kind == LRN ? whole(node, "size", 0) : whole(node, "p", 2);
    const Onnx__AttributeProto *kernel = attribute(node, "kernel_shape");
    asx_status status = ASX_OK;
    if (node->n_input != 1 || node->n_output != 1)
        status = asx_fail(err, ASX_EINVAL, "it has %zu inputs and %zu outputs", node->n_input,
                          node->n_output);
    else if (n < 1 || n > SIZE_LARGEST)
        status = asx_fail(err, ASX_EINVAL, "attribute '%s' is %lld (1 to %d)",
                          kind == LRN ? "size" : "p", (long long)n, SIZE_LARGEST);
    else if (kind == LP_POOL && (!kernel || kernel->n_ints < 1 || kernel->n_ints > 2))
        status = asx_fail(err, ASX_EINVAL, "attribute 'kernel_shape' has not one or two numbers");
    return status == ASX_OK ? ASX_OK
                            : asx_fail_context(err, status, "node '%s' (%s)",
                                               node->name ? node->name : "", node->op_type);
}

/* One step with one input, or with a number as the second; its output is "<node>/<what>", kept in `x`. */
static Onnx__NodeProto *step(asx_onnx_nodes *list, const Onnx__NodeProto *node,
                             char x[ASX_ONNX_NAME_MAX], const char *op, const char *what,
                             const float *second)
{
    char out[ASX_ONNX_NAME_MAX], constant[ASX_ONNX_NAME_MAX], name[16] = "number-";
    strncat(name, what, 8);
    if (second)
        asx_onnx_nodes_number(list, asx_onnx_derived(constant, node, name), *second);
    const char *input[] = {x, constant};
    Onnx__NodeProto *made = asx_onnx_nodes_add(list, op, node->name, input, second ? 2 : 1,
                                               asx_onnx_derived(out, node, what));
    memcpy(x, out, sizeof out);
    return made;
}

/* The last step of all. */
static void end(asx_onnx_nodes *list, const Onnx__NodeProto *node, const char *op, const char *a,
                const char *b)
{
    const char *input[] = {a, b};
    (void)asx_onnx_nodes_add(list, op, node->name, input, b ? 2 : 1, node->output[0]);
}

/* x / (bias + alpha / size * sum of x^2 over `size` channels)^beta: the sum is a pool along the channels, turned behind,
 * whose mean counts the zeros beyond the first and the last. */
static void expand_lrn(asx_onnx_nodes *list, const Onnx__NodeProto *node)
{
    const int64_t size = whole(node, "size", 1), low = (size - 1) / 2;
    const int64_t behind[] = {0, 2, 3, 1}, front[] = {0, 3, 1, 2}, kernel[] = {1, size};
    const int64_t pads[] = {0, low, 0, size - 1 - low};
    const float alpha = number(node, "alpha", 1e-4F), beta = number(node, "beta", 0.75F);
    const float bias = number(node, "bias", 1);
    char x[ASX_ONNX_NAME_MAX];
    const char *both[] = {node->input[0], node->input[0]};
    (void)asx_onnx_nodes_add(list, "Mul", node->name, both, 2, asx_onnx_derived(x, node, "square"));
    asx_onnx_nodes_ints(list, step(list, node, x, "Transpose", "behind", NULL), "perm", behind, 4);
    Onnx__NodeProto *pool = step(list, node, x, "AveragePool", "mean", NULL);
    asx_onnx_nodes_ints(list, pool, "kernel_shape", kernel, 2);
    asx_onnx_nodes_ints(list, pool, "pads", pads, 4);
    asx_onnx_nodes_int(list, pool, "count_include_pad", 1);
    asx_onnx_nodes_ints(list, step(list, node, x, "Transpose", "front", NULL), "perm", front, 4);
    (void)step(list, node, x, "Mul", "scaled", &alpha);
    (void)step(list, node, x, "Add", "shifted", &bias);
    (void)step(list, node, x, "Pow", "power", &beta);
    end(list, node, "Div", node->input[0], x);
}

/* |x|^p */
static void raise(asx_onnx_nodes *list, const Onnx__NodeProto *node, char x[ASX_ONNX_NAME_MAX],
                  int64_t p)
{
    const float exponent = (float)p;
    const char *both[] = {node->input[0], node->input[0]};
    if (p == 2) {
        (void)asx_onnx_nodes_add(list, "Mul", node->name, both, 2,
                                 asx_onnx_derived(x, node, "square"));
        return;
    }
    (void)asx_onnx_nodes_add(list, "Abs", node->name, both, 1, asx_onnx_derived(x, node, "abs"));
    if (p > 1)
        (void)step(list, node, x, "Pow", "power", &exponent);
}

/* The p-th root. */
static void lower(asx_onnx_nodes *list, const Onnx__NodeProto *node, const char *x, int64_t p)
{
    char name[ASX_ONNX_NAME_MAX];
    if (p <= 2) {
        end(list, node, p == 1 ? "Identity" : "Sqrt", x, NULL);
        return;
    }
    asx_onnx_nodes_number(list, asx_onnx_derived(name, node, "root"), 1 / (float)p);
    end(list, node, "Pow", x, name);
}

static void expand_pool(asx_onnx_nodes *list, Onnx__NodeProto *node)
{
    const int64_t p = whole(node, "p", 2);
    const Onnx__AttributeProto *kernel = attribute(node, "kernel_shape");
    float count = 1;
    char x[ASX_ONNX_NAME_MAX];
    for (size_t i = 0; i < kernel->n_ints; i++)
        count *= (float)kernel->ints[i];
    raise(list, node, x, p);
    Onnx__NodeProto *pool = step(list, node, x, "AveragePool", "mean", NULL);
    asx_onnx_nodes_int(list, pool, "count_include_pad", 1);
    for (size_t i = 0; pool && i < node->n_attribute; i++) {
        const Onnx__AttributeProto *a = node->attribute[i];
        if (a->name && strcmp(a->name, "p") != 0)
            asx_onnx_nodes_attribute(list, pool, a);
    }
    (void)step(list, node, x, "Mul", "sum", &count);
    lower(list, node, x, p);
}

/* Of feature maps: over their height and width. */
static void expand_global_pool(asx_onnx_nodes *list, const Onnx__NodeProto *node)
{
    const int64_t p = whole(node, "p", 2), axes[] = {2, 3};
    char x[ASX_ONNX_NAME_MAX], name[ASX_ONNX_NAME_MAX];
    raise(list, node, x, p);
    const char *input[] = {x};
    asx_onnx_nodes_ints(list,
                        asx_onnx_nodes_add(list, "ReduceL1", node->name, input, 1,
                                           asx_onnx_derived(name, node, "sum")),
                        "axes", axes, 2);
    lower(list, node, name, p);
}

void asx_onnx_expand_shorthand(asx_onnx_nodes *list, Onnx__NodeProto *node)
{
    switch (find(node)) {
    case LRN:
        expand_lrn(list, node);
        break;
    case LP_POOL:
        expand_pool(list, node);
        break;
    case GLOBAL_LP_POOL:
        expand_global_pool(list, node);
        break;
    case N_SHORTHANDS:
        break;
    }
}
